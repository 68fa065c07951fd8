"""Walks each entry from its row to its outcome, on one event loop.

A paper's walk: its text, from the library; its summary, from the cache or a model (summaries).
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

from summarize import grounding, log, sources
from summarize.backends import Backend, Slots
from summarize.budget import Budget
from summarize.desks import Desks
from summarize.errors import Awaited, PaperError
from summarize.library import Library
from summarize.once import Once
from summarize.progress import Progress
from summarize.questions import Questions
from summarize.records import (
    Done,
    Entry,
    Event,
    Outcome,
    Paper,
    Prompt,
    Receipt,
    Skipped,
    Waiting,
)
from summarize.report import Tally
from summarize.settings import Clock, Settings
from summarize.store import Store
from summarize.summaries import Summaries
from summarize.web import Services, Web
from summarize.workers import Pool, Readers

if TYPE_CHECKING:
    from summarize.batching import Batching


class Run:
    """One run over a list. `outcomes` walks it; `tally` says what was asked for.

    `batching` says what is waited for, in a run that asks by batch.
    """

    def __init__(
        self,
        *,
        prompt: Prompt,
        backend: Backend,
        settings: Settings,
        clock: Clock,
        progress: Progress,
        budget: Budget | None = None,
        readers: Callable[[Settings], AbstractAsyncContextManager[Readers]] = Pool,
    ) -> None:
        """Take what a run is made of; `readers` opens what reads PDFs."""
        self.tally = Tally()
        self.batching: Batching | None = None
        self._budget = budget
        self._prompt = prompt
        self._backend = backend
        self._settings = settings
        self._clock = clock
        self._progress = progress
        self._readers = readers
        self._jobs = Slots(settings.jobs)
        # While so many requests are out, as many papers are made ready or finished.
        self._desks = Desks(lambda: 2 * max(settings.jobs, self._jobs.most))

    async def outcomes(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Yield what became of each entry, in the list's order.

        Raises `BackendError` or `StoreError` as soon as one is met anywhere: what is done by
        then is in the store.
        """
        async with AsyncExitStack() as stack:
            self._store = await stack.enter_async_context(Store(self._settings))
            for tiding in (tidings := await self._store.tidings()):
                self._progress.notice(tiding)
            if tidings:
                self._store.told()
            self._services = await stack.enter_async_context(Services(self._settings, self._clock))
            self._library = Library(
                self._settings,
                store=self._store,
                web=await stack.enter_async_context(Web(self._settings, self._clock)),
                pool=await stack.enter_async_context(self._readers(self._settings)),
                progress=self._progress,
                tally=self.tally,
                ready=self._ready,
                away=self._desks.away,
                elsewhere=self._elsewhere,
            )
            stack.push_async_callback(self._library.close)
            self._model = await stack.enter_async_context(
                self._backend.connect(self._settings, self._clock)
            )
            self._jobs = self._model.slots or self._jobs
            if self._budget:
                self._model.hold(self._budget.guard)
            if self._settings.batch and (
                offered := self._backend.batches(self._settings, self._clock)
            ):
                from summarize.batching import Batching

                stack.enter_context(self._store.alone("batches"))
                endpoint = self._backend.endpoint(self._settings)
                self.batching = Batching(
                    offered, self._store, self._clock, model=self._settings.model, endpoint=endpoint
                )
                self._model = self.batching.model(self._model)
            self._summaries = Summaries(
                Questions(self._prompt, self._backend, self._settings),
                backend=self._backend,
                settings=self._settings,
                clock=self._clock,
                progress=self._progress,
                tally=self.tally,
                store=self._store,
                model=self._model,
                once=Once(self._store, self._clock, self._jobs, self._desks.away),
                slots=self._jobs,
                batching=self.batching,
            )
            papers = (entry for entry in entries if isinstance(entry, Paper))
            self._library.look_in(self._settings.pdf_dir, papers)
            self.tally.papers = sum(isinstance(entry, Paper) for entry in entries)
            self._progress.begin(self.tally.papers)
            stack.callback(self._progress.end)
            async for result in self._in_order(entries):
                yield result
            for notice in self._model.notices():
                self._progress.notice(notice)
            if self.batching:
                await self.batching.finish()

    async def _ready(self) -> None:
        """See that the model will answer: before anything is fetched."""
        await self._summaries.ready()

    async def _elsewhere(self, paper: Paper) -> list[str]:
        """Ask arXiv where it has a copy of a paper. Raises `FetchError` where it can't be asked."""
        from summarize.lookup import Lookup  # the catalogs, of which few lists need one

        lookup = Lookup(self._settings, self._clock, store=self._store, services=self._services)
        return await lookup.copies(paper)

    async def _in_order(self, entries: Sequence[Entry]) -> AsyncGenerator[Outcome | Event]:
        """Walk ahead of what is yielded, but not far: memory must not grow with the list."""
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
                    # The first request goes out before the next paper is looked at.
                    await asyncio.sleep(0)
                while len(waiting) >= 4 * self._jobs.most + 32:
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
        with log.about(paper.key):
            async with self._desks.desk():
                return await self._walked(paper)

    async def _walked(self, paper: Paper) -> Outcome:
        started = self._clock.monotonic()
        outcome: Outcome
        try:
            document, because, address, copy = await self._library.document(paper)
            if not paper.title:
                paper = paper.model_copy(update={"title": document.title})
            grounded, cached = await self._summaries.of(paper, document)
            figure, without = None, ""
            if self._settings.figures:
                figure, without = await self._library.figure(paper, document)
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
                    tokens_sent=grounded.tokens_sent,
                    tokens_read=grounded.tokens_read,
                    tokens_written=grounded.tokens_written,
                    cost=grounded.cost,
                    seconds=self._clock.monotonic() - started,
                    cached=cached,
                    support=grounding.support(grounded),
                    # The pages that are quoted are those of the copy that was read.
                    pdf=address * sources.opens(address) if copy else sources.opens_at_pages(paper),
                    copy_read=copy,
                    doubts=grounding.doubted(grounded),
                    unread=document.unread,
                    warnings=(
                        *document.warnings,
                        *grounded.warnings,
                        *([f"no figure: {without}"] if without else []),
                    ),
                ),
                figure=figure,
            )
        except Awaited:
            outcome = Waiting(paper=paper)
        except PaperError as error:
            outcome = Skipped(paper=paper, stage=error.stage, reason=error.message)
        self.tally.done += isinstance(outcome, Done)
        self._progress.outcome(outcome)
        return outcome
