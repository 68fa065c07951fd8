"""Walks each entry from its row to its outcome, on one event loop.

The only room that touches both the store and the progress. A paper's walk: its PDF (from a file,
the cache or the web), its text, its summary. Where the paper can't be had or read and the list
holds an abstract, the abstract is summarized, and the receipt says so.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from summarize import fetch, prompts, read
from summarize.ask import ask
from summarize.backends import Ask, Backend
from summarize.errors import ExtractError, FetchError, PaperError, SourceError, TooLong
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
from summarize.text.abstract import is_abstract
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
    ) -> None:
        self.tally = Tally()
        self._prompt = prompt
        self._backend = backend
        self._settings = settings
        self._clock = clock
        self._progress = progress
        self._jobs = asyncio.Semaphore(settings.jobs)
        self._fits = settings.context_tokens  # of a paper, as far as this run knows
        self._folder: fetch.Folder | None = None
        self._downloads: dict[str, asyncio.Task[bytes]] = {}

    async def outcomes(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Yield what became of each entry, in the list's order.

        Raises `BackendError` or `StoreError` as soon as one is met anywhere: what is done by
        then is in the store.
        """
        async with AsyncExitStack() as stack:
            self._store = await stack.enter_async_context(Store(self._settings))
            self._web = await stack.enter_async_context(Web(self._settings, self._clock))
            self._pool = await stack.enter_async_context(Pool(self._settings))
            self._send: Ask = await stack.enter_async_context(
                self._backend.connect(self._settings, self._clock)
            )
            papers = [entry for entry in entries if isinstance(entry, Paper)]
            if self._settings.pdf_dir:
                self._folder = fetch.Folder(self._settings.pdf_dir, papers)
            self.tally.papers = len(papers)
            self._progress.begin(len(papers))
            stack.callback(self._progress.end)
            stack.push_async_callback(self._abandon)
            async for result in self._in_order(entries):
                yield result

    async def _abandon(self) -> None:
        """End the downloads that nobody waits for any more."""
        for task in self._downloads.values():
            task.cancel()
        await asyncio.gather(*self._downloads.values(), return_exceptions=True)

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
        given = is_abstract(paper.abstract)
        abstract = from_abstract(paper.abstract, paper.title) if given else None
        if self._settings.abstract_only:
            if abstract is None:
                raise SourceError("the list gives no abstract")
            return abstract, ""
        try:
            return await self._paper(paper), ""
        except (SourceError, FetchError, ExtractError) as error:
            if abstract is None:
                raise
            return abstract, error.message

    async def _paper(self, paper: Paper) -> Document:
        """Return the text of the paper's PDF: a file on this machine, else what an address gives.

        A file that the list names and that is not there does not hide a good address.
        """
        path = fetch.local(paper, self._folder, self._settings)
        try:
            if path:
                return await self._file(paper, path)
        except FetchError as error:
            try:
                addresses = fetch.addresses(paper)
            except SourceError:
                raise error from None
            return await self._page(paper, addresses)
        return await self._page(paper, fetch.addresses(paper))

    async def _file(self, paper: Paper, path: Path) -> Document:
        name = fetch.identity(path)
        if (sha256 := await self._store.pdf_at(name)) and (known := await self._known(sha256)):
            return known
        data = await asyncio.to_thread(fetch.load, path, self._settings.max_pdf)
        # It stays where it is: only what it holds is remembered.
        return await self._read(paper, await self._store.keep_pdf(name, data, copy=False), data)

    async def _page(self, paper: Paper, addresses: Sequence[str]) -> Document:
        for address in addresses:
            if sha256 := await self._store.pdf_at(address):
                if document := await self._known(sha256):
                    return document
                if data := await self._store.pdf(sha256):
                    return await self._read(paper, sha256, data)
        data = await self._download(paper, addresses)
        # What ends before its end may be whole the next time: it is not kept.
        if fetch.is_whole(data):
            sha256 = await self._store.keep_pdf(addresses[0], data)
        else:
            sha256 = hashlib.sha256(data).hexdigest()
        return await self._read(paper, sha256, data)

    async def _download(self, paper: Paper, addresses: Sequence[str]) -> bytes:
        """Fetch a PDF; papers that share an address share the download."""
        if addresses[0] not in self._downloads:
            fetched = fetch.download(
                addresses,
                self._web,
                self._store.partial,
                self._settings.max_pdf,
                started=partial(self._progress.stage, paper, "fetch"),
            )
            self._downloads[addresses[0]] = asyncio.create_task(fetched)
        task = self._downloads[addresses[0]]
        try:
            data = await asyncio.shield(task)
        finally:
            # The first to hear of it counts it.
            first = task.done() and self._downloads.pop(addresses[0], None) is task
        self.tally.downloads += first
        self._progress.stage(paper, "wait")
        return data

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
