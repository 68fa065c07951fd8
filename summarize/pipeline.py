"""Walks each entry from its row to its outcome, on one event loop.

The only room that touches both the store and the progress. A paper's walk: its PDF (from a file,
the cache or the web), its text, its summary. Where the paper can't be had or read and the list
holds an abstract, the abstract is summarized, and the receipt says so.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

from summarize import fetch, prompts, read
from summarize.ask import ask
from summarize.backends import Ask, Backend
from summarize.errors import ExtractError, FetchError, InputError, PaperError, SourceError, TooLong
from summarize.progress import Progress
from summarize.records import (
    Document,
    Done,
    Entry,
    Event,
    Grounded,
    Outcome,
    Paper,
    Prompt,
    Receipt,
    Reply,
    Request,
    Skipped,
)
from summarize.report import Tally
from summarize.settings import Clock, Settings
from summarize.store import Store
from summarize.text.sections import from_abstract
from summarize.text.sentences import passages
from summarize.web import Web
from summarize.workers import Pool

LEAST_TOKENS = 400  # of a paper: less than its abstract is not worth asking about
READ_KINDS = frozenset({"abstract", "introduction", "body", "conclusion"})


class Run:
    """One run over a list. `outcomes` walks it; `tally` says what was asked for."""

    def __init__(
        self,
        *,
        prompt: Prompt,
        backend: Backend,
        settings: Settings,
        clock: Clock,
        progress: Progress,
        consent: Callable[[str], bool],
    ) -> None:
        self.tally = Tally()
        self._prompt = prompt
        self._backend = backend
        self._settings = settings
        self._clock = clock
        self._progress = progress
        self._consent = consent
        self._jobs = asyncio.Semaphore(settings.jobs)
        self._fits = settings.context_tokens  # of a paper, as far as this run knows
        self._folder = fetch.Folder(settings.pdf_dir) if settings.pdf_dir else None

    async def outcomes(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Yield what became of each entry, in the list's order.

        Raises `BackendError` or `StoreError` as soon as one is met anywhere: what is done by
        then is in the store.
        """
        async with AsyncExitStack() as stack:
            self._store = await stack.enter_async_context(Store(self._settings))
            await self._agreed()
            self._web = await stack.enter_async_context(Web(self._settings, self._clock))
            self._pool = await stack.enter_async_context(Pool(self._settings))
            self._send: Ask = await stack.enter_async_context(
                self._backend.connect(self._settings, self._clock)
            )
            self.tally.papers = sum(isinstance(entry, Paper) for entry in entries)
            self._progress.begin(self.tally.papers)
            stack.callback(self._progress.end)
            async for result in self._in_order(entries):
                yield result

    async def _agreed(self) -> None:
        """See that the person knows who will read the papers' text."""
        service = self._backend.service(self._settings)
        if service is None or await self._store.agreed(service):
            return
        if not self._consent(service):
            raise InputError(
                f"nothing was sent: {service} would be given the papers' text",
                "say --yes to allow it, or use a local model or the default (extractive)",
            )
        await self._store.agree(service)

    async def _in_order(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Walk ahead of what is yielded, but not far: memory must not grow with the list."""
        ahead = 4 * self._settings.jobs + 32
        waiting: deque[asyncio.Task[Outcome] | Event] = deque()
        failed: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def watch(task: asyncio.Task[Outcome]) -> None:
            if not task.cancelled() and (error := task.exception()) and not failed.done():
                failed.set_exception(error)

        async def first() -> Outcome | Event:
            head = waiting[0]
            if isinstance(head, asyncio.Task):
                await asyncio.wait({head, failed}, return_when=asyncio.FIRST_COMPLETED)
                if failed.done():
                    failed.result()
            waiting.popleft()
            return head.result() if isinstance(head, asyncio.Task) else head

        try:
            for entry in entries:
                if isinstance(entry, Event):
                    waiting.append(entry)
                else:
                    task = asyncio.create_task(self._walk(entry))
                    task.add_done_callback(watch)
                    waiting.append(task)
                while len(waiting) >= ahead:
                    yield await first()
            while waiting:
                yield await first()
        finally:
            tasks = [task for task in waiting if isinstance(task, asyncio.Task)]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if failed.done():
                failed.exception()  # seen
            else:
                failed.cancel()

    async def _walk(self, paper: Paper) -> Outcome:
        started = self._clock.monotonic()
        outcome: Outcome
        try:
            document, because = await self._document(paper)
            if not paper.title:
                paper = paper.model_copy(update={"title": document.title})
            grounded, cached = await self._grounded(paper, document)
            outcome = Done(
                paper=paper,
                grounded=grounded,
                receipt=Receipt(
                    model=self._settings.model,
                    prompt=f"{self._prompt.name} {self._prompt.version}",
                    basis="paper" if document.page_starts else "abstract",
                    because=because,
                    share=grounded.share,
                    requests=0 if cached else grounded.requests,
                    tokens_read=grounded.tokens_read,
                    tokens_written=grounded.tokens_written,
                    cost=grounded.cost,
                    seconds=self._clock.monotonic() - started,
                    cached=cached,
                    warnings=document.warnings,
                ),
            )
        except PaperError as error:
            outcome = Skipped(paper=paper, stage=error.stage, reason=error.message)
        self.tally.done += isinstance(outcome, Done)
        self._progress.outcome(outcome)
        return outcome

    # --- the paper's text ---

    async def _document(self, paper: Paper) -> tuple[Document, str]:
        """Return the paper's text; or its abstract, and why it is not the paper's."""
        if self._settings.abstract_only:
            if not paper.abstract:
                raise SourceError("the list gives no abstract")
            return from_abstract(paper.abstract, paper.title), ""
        try:
            return await self._paper(paper), ""
        except (SourceError, FetchError, ExtractError) as error:
            if not paper.abstract:
                raise
            return from_abstract(paper.abstract, paper.title), error.message

    async def _paper(self, paper: Paper) -> Document:
        path = fetch.local(paper, self._folder, self._settings)
        names = [fetch.identity(path)] if path else fetch.addresses(paper)
        for name in names:
            if sha256 := await self._store.pdf_at(name):
                if document := await self._known(sha256):
                    return document
                if data := await self._store.pdf(sha256):
                    return await self._read(paper, sha256, data)
        limit = self._settings.max_pdf
        if path:  # it stays where it is: only what it holds is remembered
            data = await asyncio.to_thread(fetch.load, path, limit)
            sha256 = await self._store.keep_pdf(names[0], data, copy=False)
        else:
            data = await fetch.download(
                names,
                self._web,
                self._store.partial,
                limit,
                started=partial(self._progress.stage, paper, "fetch"),
            )
            self._progress.stage(paper, "wait")
            self.tally.downloads += 1
            sha256 = await self._store.keep_pdf(names[0], data)
        return await self._read(paper, sha256, data)

    async def _read(self, paper: Paper, sha256: str, data: bytes) -> Document:
        if document := await self._known(sha256):
            return document
        settings = self._settings
        document = await self._pool.run(
            read.read,
            Document,
            data,
            started=partial(self._progress.stage, paper, "extract"),
            engine=settings.engine,
            max_pages=settings.max_pages,
        )
        self._progress.stage(paper, "wait")
        await self._store.keep_document(self._document_key(sha256), document)
        return document

    async def _known(self, sha256: str) -> Document | None:
        return await self._store.document(self._document_key(sha256), Document)

    def _document_key(self, sha256: str) -> str:
        settings = self._settings
        return f"text {sha256} {settings.engine} {settings.max_pages} {read.VERSION}"

    # --- its summary ---

    def _request(self, paper: Paper, document: Document, tokens: int) -> tuple[Request, float]:
        """Render the request, with at most `tokens` of the paper; return what share that is."""
        settings, endpoint = self._settings, self._backend.endpoint(self._settings)
        if self._backend.picks:
            sentences = list(passages(document, READ_KINDS))
            title = paper.title or document.title
            return prompts.for_passages(
                sentences, title, model=settings.model, endpoint=endpoint
            ), 1.0
        return prompts.for_model(
            self._prompt, paper, document, tokens=tokens, model=settings.model, endpoint=endpoint
        )

    async def _grounded(self, paper: Paper, document: Document) -> tuple[Grounded, bool]:
        """Return the summary, and whether it was there already.

        It is kept under the request that holds all that was asked for, also when the model's
        context turned out to be smaller than that.
        """
        request, share = self._request(paper, document, self._settings.context_tokens)
        key, paid = request.key, not self._backend.picks
        if found := await self._store.reply(key, Grounded, paid=paid):
            return found, True
        async with self._jobs:
            self._progress.stage(paper, "ask")
            while True:
                tokens = self._fits
                if tokens < self._settings.context_tokens:
                    request, share = self._request(paper, document, tokens)
                try:
                    grounded = await ask(request, document, self._counted)
                    break
                except TooLong:
                    if tokens // 2 < LEAST_TOKENS:
                        raise
                    self._fits = min(self._fits, tokens // 2)
        grounded = grounded.model_copy(update={"share": share})
        await self._store.keep_reply(key, grounded, paid=paid)
        return grounded, False

    async def _counted(self, request: Request) -> Reply:
        reply = await self._send(request)
        self.tally.add(reply)
        return reply
