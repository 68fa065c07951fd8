"""Walks each entry from its row to its outcome, on one event loop.

A paper's walk: its text, from the library; its summary, from the cache or a backend.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from summarize import grounding, log, prompts, sources
from summarize.ask import TRIES, ask, no_summary
from summarize.backends import Backend, Slots
from summarize.budget import Budget
from summarize.desks import Desks
from summarize.errors import Awaited, CutOff, PaperError, TooLong
from summarize.fitting import LEAST, Fit, around
from summarize.library import Library
from summarize.once import Once
from summarize.progress import Progress
from summarize.records import (
    Document,
    Done,
    Entry,
    Event,
    Grounded,
    Outcome,
    Paper,
    Past,
    Prompt,
    Receipt,
    Reply,
    Request,
    Skipped,
    Waiting,
)
from summarize.report import Tally
from summarize.settings import Clock, Settings
from summarize.store import Store
from summarize.text.sentences import passages
from summarize.web import Services, Web
from summarize.workers import Pool, Readers

if TYPE_CHECKING:
    from summarize.batching import Batching

EVERYTHING = 10**9  # tokens: more than any paper has
READ_KINDS = frozenset({"abstract", "introduction", "body", "conclusion"})


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
        self._fit = Fit.first(settings, prompt)
        self._asked_for = replace(self._fit)  # what a reply is kept under
        self._counts = False
        self._at_first = self._fit.paper  # before anything was learnt from a reply
        self._readiness = asyncio.Lock()
        self._is_ready = False

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
            self._once = Once(self._store, self._clock, self._jobs, self._desks.away)
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
            grounded, cached = await self._grounded(paper, document)
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

    # --- its summary ---

    async def _ready(self) -> None:
        """See, once, that the model will answer: before anything is fetched or asked."""
        async with self._readiness:
            if not self._is_ready:
                self._fit.within(await self._model.ready(), around(self._prompt))
                self._at_first = self._fit.paper
                self._is_ready = True

    def request(
        self, paper: Paper, document: Document, fit: Fit | None = None
    ) -> tuple[Request, float]:
        """Render the request with what fits of the paper; return what share that is.

        Without a `fit` it holds all that is asked for: the request that a reply is kept under.
        """
        fit = fit or self._asked_for
        settings, endpoint = self._settings, self._backend.endpoint(self._settings)
        if self._backend.picks:
            sentences = list(passages(document, READ_KINDS))
            title = paper.title or document.title
            return prompts.for_passages(
                sentences, title, model=settings.model, endpoint=endpoint
            ), 1.0
        return prompts.for_model(
            self._prompt, paper, document, tokens=fit.paper, reply_tokens=fit.reply,
            model=settings.model, endpoint=endpoint,
        )  # fmt: skip

    async def _grounded(self, paper: Paper, document: Document) -> tuple[Grounded, bool]:
        """Return the summary, and whether it was there already.

        It is kept under the request that holds all that was asked for, also when the model's
        context turned out to be smaller than that.
        """
        paid = not self._backend.picks
        whole = self._settings.whole and paid
        asked_for = replace(self._asked_for, paper=EVERYTHING) if whole else self._asked_for
        rendered = self.request(paper, document, asked_for)
        key = f"whole {rendered[0].key}" if whole else rendered[0].key
        # Once the model is ready, the ledger need not be looked into before the summary is claimed.
        if found := await self._store.reply(key, Grounded, paid=paid, look=not self._is_ready):
            log.tell("summary kept", "ask", level="debug", request=key[-64:][:12])
            return found, True
        await self._ready()

        async def make() -> tuple[Grounded, Past]:
            self._progress.stage(paper, "ask")
            if whole:
                grounded = await self._whole(paper, document)
            else:
                grounded = await self._fitting(paper, document, rendered)
            return grounded, self._past(key, document)

        if paid:
            return await self._once.kept(paper, key, make)
        async with self._jobs:
            grounded, past = await make()
        await self._store.keep_summary(paper.key, past, grounded)
        return grounded, False

    def _past(self, key: str, document: Document) -> Past:
        """Return what is remembered of a summary that has just been made."""
        return Past(
            key=key,
            model=self._settings.model,
            prompt=f"{self._prompt.name} {self._prompt.version}",
            when=datetime.fromtimestamp(self._clock.now(), UTC).isoformat(timespec="seconds"),
            basis="paper" if document.marks else "abstract",
            paid=not self._backend.picks,
        )

    async def _fitting(
        self, paper: Paper, document: Document, rendered: tuple[Request, float]
    ) -> Grounded:
        """Ask about as much of a paper as the model takes, and say where that was learnt.

        `rendered` is the request with all that was asked for, nearly always the one that is sent.
        """
        learnt, asked_for = self._learnt(), self._asked_for
        fit, warnings, tries = learnt, list[str](), TRIES
        while True:
            sent = fit.paper
            as_asked = (fit.paper, fit.reply) == (asked_for.paper, asked_for.reply)
            request, share = rendered if as_asked else self.request(paper, document, fit)
            try:
                grounded = await self._asked(paper, request, document, fit, tries)
                break
            except CutOff as error:
                tries -= error.tries
                log.tell("no summary", "ask", level="warning", cause=error.message)
                if tries <= 0:
                    raise no_summary(error.message) from error
                fit = replace(fit, paper=max(LEAST, sent // 2))
                warnings.append(f"{error.message}: asked again with less of the paper")
            except TooLong as error:
                log.tell("less of it", "ask", level="warning", cause=error.message)
                learnt.shrink(request, sent, error)
                fit.paper = min(fit.paper, learnt.paper)
                if error.kept:
                    warnings.append(f"{error.message}: asked again with less of the paper")
        return grounded.model_copy(
            update={
                "share": share,
                "requests": grounded.requests + TRIES - tries,
                "warnings": tuple(dict.fromkeys(warnings)),
            }
        )

    async def _whole(self, paper: Paper, document: Document) -> Grounded:
        """Ask about all of a paper, section by section where it is longer than the window."""
        from summarize.whole import Whole

        fit, settings = self._learnt(), self._settings

        def render(basis: str, text: str) -> Request:
            return prompts.render(
                self._prompt, paper, document, basis=basis, text=text, reply_tokens=fit.reply,
                model=settings.model, endpoint=self._backend.endpoint(settings),
            )  # fmt: skip

        whole = Whole(
            document,
            self._store,
            render=render,
            asked=lambda request: self._asked(paper, request, document, fit),
            learn=fit.shrink,
            # Where the server counts, what is too long is known without being thought of.
            room=lambda: EVERYTHING if self.batching or self._counts else fit.paper,
        )
        return await whole.read(self._at_first, prompts.basis(document))

    def _learnt(self) -> Fit:
        """Return what is known of how much fits.

        In a batch no paper's request may hang on another's reply: it must be the same in each run.
        """
        return replace(self._asked_for) if self.batching else self._fit

    async def _asked(
        self, paper: Paper, request: Request, document: Document, fit: Fit, tries: int = TRIES
    ) -> Grounded:
        """Ask one request, unless it is known to be too long; say how many tokens were sent."""
        count = await self._model.count(request)
        self._counts = count is not None
        if count and fit.window and count + fit.reply > fit.window:
            raise TooLong("counted", tokens=count, window=fit.window)
        sent = 0

        async def send(turn: Request) -> Reply:
            nonlocal sent
            again = count if turn is request else await self._model.count(turn)
            reply = await self._counted(turn, paper)
            sent += fit.counted(turn, again)
            return reply

        language = self._prompt.language
        grounded = await ask(request, document, send, counted=count, tries=tries, language=language)
        return grounded.model_copy(update={"tokens_sent": sent if request.messages else None})

    async def _counted(self, request: Request, paper: Paper) -> Reply:
        """Return a reply: one that has arrived before, else a new one, which is counted."""
        if self.batching or self._backend.picks:
            reply, asked = await self._model.ask(request), True
        else:
            reply, asked = await self._once.ask(self._model.ask, request, paper)
        if asked:
            self.tally.add(reply)
        if not self._backend.picks:
            log.tell(
                "reply" if asked else "arrived before",
                "ask",
                request=request.key[:12],
                tokens_read=reply.tokens_read,
                tokens_written=reply.tokens_written,
                cost=reply.cost,
                finish=reply.finish,
            )
        self._fit.learn(request, reply)
        return reply
