"""Walks each entry from its row to its outcome, on one event loop.

A paper's walk: its text, from the library; its summary, from the cache or a backend.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack

from summarize import grounding, prompts, sources
from summarize.ask import ask
from summarize.backends import Ask, Backend
from summarize.errors import PaperError, TooLong
from summarize.library import Library
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

    async def outcomes(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Yield what became of each entry, in the list's order.

        Raises `BackendError` or `StoreError` as soon as one is met anywhere: what is done by
        then is in the store.
        """
        async with AsyncExitStack() as stack:
            self._store = await stack.enter_async_context(Store(self._settings))
            self._library = Library(
                self._settings,
                store=self._store,
                web=await stack.enter_async_context(Web(self._settings, self._clock)),
                pool=await stack.enter_async_context(Pool(self._settings)),
                progress=self._progress,
                tally=self.tally,
            )
            stack.push_async_callback(self._library.close)
            self._send: Ask = await stack.enter_async_context(
                self._backend.connect(self._settings, self._clock)
            )
            papers = [entry for entry in entries if isinstance(entry, Paper)]
            self._library.look_in(self._settings.pdf_dir, papers)
            self.tally.papers = len(papers)
            self._progress.begin(len(papers))
            stack.callback(self._progress.end)
            async for result in self._in_order(entries):
                yield result

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
            document, because = await self._library.document(paper)
            if not paper.title:
                paper = paper.model_copy(update={"title": document.title})
            grounded, cached = await self._grounded(paper, document)
            outcome = Done(
                paper=paper,
                grounded=grounded,
                receipt=Receipt(
                    model=self._settings.model,
                    prompt=f"{self._prompt.name} {self._prompt.version}",
                    basis="paper" if document.marks else "abstract",
                    because=because,
                    share=grounded.share,
                    requests=0 if cached else grounded.requests,
                    tokens_read=grounded.tokens_read,
                    tokens_written=grounded.tokens_written,
                    cost=grounded.cost,
                    seconds=self._clock.monotonic() - started,
                    cached=cached,
                    support=grounding.support(grounded),
                    pdf=sources.opens_at_pages(paper),
                    unread=document.unread,
                    warnings=document.warnings,
                ),
            )
        except PaperError as error:
            outcome = Skipped(paper=paper, stage=error.stage, reason=error.message)
        self.tally.done += isinstance(outcome, Done)
        self._progress.outcome(outcome)
        return outcome

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
