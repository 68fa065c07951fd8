"""A paper's summary: from the cache, or asked for with as much of the paper as the model takes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from summarize import log, prompts
from summarize.ask import TRIES, ask, no_summary, total
from summarize.backends import Backend, Model, Slots
from summarize.errors import CutOff, TooLong
from summarize.fitting import LEAST, Fit, around
from summarize.once import Once
from summarize.progress import Progress
from summarize.questions import EVERYTHING, Question, Questions
from summarize.records import Document, Grounded, Paper, Past, Reply, Request
from summarize.report import Tally
from summarize.settings import Clock, Settings
from summarize.store import Store

if TYPE_CHECKING:
    from summarize.batching import Batching


class Lost(NamedTuple):
    """What was answered and came to nothing: `requests` that nobody else counts, tokens sent."""

    requests: int
    sent: int
    replies: list[Reply]


class Summaries:
    """Gives the summaries of one run, which learns how much fits. What is open is handed in, open.

    A backend that only picks sentences is asked in `slots`; `batching` is there where a provider's
    batches are.
    """

    def __init__(
        self,
        questions: Questions,
        *,
        backend: Backend,
        settings: Settings,
        clock: Clock,
        progress: Progress,
        tally: Tally,
        store: Store,
        model: Model,
        once: Once,
        slots: Slots,
        batching: "Batching | None" = None,
    ) -> None:
        self._questions = questions
        self._backend = backend
        self._settings = settings
        self._clock = clock
        self._progress = progress
        self._tally = tally
        self._store = store
        self._model = model
        self._once = once
        self._slots = slots
        self._batching = batching
        self._fit = replace(questions.at_first)
        self._at_first = self._fit.paper  # before anything was learnt from a reply
        self._counts = False
        self._readiness = asyncio.Lock()
        self._is_ready = False

    async def ready(self) -> None:
        """See, once, that the model will answer: before anything is fetched or asked."""
        async with self._readiness:
            if not self._is_ready:
                window = await self._model.ready()
                self._fit.within(window, around(self._questions.prompt))
                self._at_first = self._fit.paper
                self._is_ready = True

    async def of(self, paper: Paper, document: Document) -> tuple[Grounded, bool]:
        """Return a paper's summary, and whether it was there already.

        It is kept under the request that holds all that was asked for, also when the model's
        context turned out to be smaller than that.
        """
        paid, question = not self._backend.picks, self._questions.about(paper, document)
        key = question.key
        # Once the model is ready, the ledger need not be looked into before the summary is claimed.
        if found := await self._store.reply(key, Grounded, paid=paid, look=not self._is_ready):
            return _kept(found, key), True
        await self.ready()

        async def make() -> tuple[Grounded, Past]:
            self._progress.stage(paper, "ask")
            if self._questions.whole:
                grounded = await self._whole(paper, document)
            else:
                grounded = await self._fitting(paper, document, question)
            return grounded, self._past(key, document)

        if paid:
            grounded, cached = await self._once.kept(paper, key, make)
            return (_kept(grounded, key) if cached else grounded), cached
        async with self._slots:
            grounded, past = await make()
        await self._store.keep_summary(paper.key, past, grounded)
        return grounded, False

    def _past(self, key: str, document: Document) -> Past:
        """Return what is remembered of a summary that has just been made."""
        return Past(
            key=key,
            model=self._settings.model,
            prompt=f"{self._questions.prompt.name} {self._questions.prompt.version}",
            when=datetime.fromtimestamp(self._clock.now(), UTC).isoformat(timespec="seconds"),
            basis="paper" if document.marks else "abstract",
            paid=not self._backend.picks,
        )

    async def _fitting(self, paper: Paper, document: Document, question: Question) -> Grounded:
        """Ask about as much of a paper as the model takes, and say where that was learnt.

        Nearly always the request with all that was asked for is the one that is sent.
        """
        learnt, asked_for = self._learnt(), self._questions.at_first
        fit, warnings, tries, lost = learnt, list[str](), TRIES, list[Lost]()
        while True:
            sent = fit.paper
            as_asked = (fit.paper, fit.reply) == (asked_for.paper, asked_for.reply)
            request, share = question.request, question.share
            if not as_asked:
                request, share = self._questions.request(paper, document, fit)
            try:
                grounded = await self._asked(paper, request, document, fit, lost, tries)
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
        update = {
            "share": share,
            "requests": grounded.requests + TRIES - tries,
            "warnings": tuple(dict.fromkeys(warnings)),
        }
        return _with_lost(grounded.model_copy(update=update), lost)

    async def _whole(self, paper: Paper, document: Document) -> Grounded:
        """Ask about all of a paper, section by section where it is longer than the window."""
        from summarize.whole import Whole

        fit, lost = self._learnt(), list[Lost]()

        def render(basis: str, text: str) -> Request:
            return self._questions.of(
                paper, document, basis=basis, text=text, reply_tokens=fit.reply
            )

        whole = Whole(
            document,
            self._store,
            render=render,
            asked=lambda request: self._asked(paper, request, document, fit, lost),
            learn=fit.shrink,
            # Where the server counts, what is too long is known without being thought of.
            room=lambda: EVERYTHING if self._batching or self._counts else fit.paper,
        )
        return _with_lost(await whole.read(self._at_first, prompts.basis(document)), lost)

    def _learnt(self) -> Fit:
        """Return what is known of how much fits.

        In a batch no paper's request may hang on another's reply: it must be the same in each run.
        """
        return replace(self._questions.at_first) if self._batching else self._fit

    async def _asked(
        self,
        paper: Paper,
        request: Request,
        document: Document,
        fit: Fit,
        lost: list[Lost],
        tries: int = TRIES,
    ) -> Grounded:
        """Ask one request, unless it is known to be too long; say how many tokens were sent.

        What was answered, and had to be asked again with less, is added to what is `lost`.
        """
        count = await self._model.count(request)
        self._counts = count is not None
        if count and fit.window and count + fit.reply > fit.window:
            raise TooLong("counted", tokens=count, window=fit.window)
        sent, replies = 0, list[Reply]()

        async def send(turn: Request) -> Reply:
            nonlocal sent
            again = count if turn is request else await self._model.count(turn)
            reply = await self._counted(turn, paper)
            sent += fit.counted(turn, again)
            replies.append(reply)
            return reply

        language = self._questions.prompt.language
        try:
            grounded = await ask(
                request, document, send, counted=count, tries=tries, language=language
            )
        except TooLong as error:
            counted = isinstance(error, CutOff)  # who cut it off says after how many tries
            lost.append(Lost(0 if counted else len(replies), sent, replies))
            raise
        return grounded.model_copy(update={"tokens_sent": sent if request.messages else None})

    async def _counted(self, request: Request, paper: Paper) -> Reply:
        """Return a reply: one that has arrived before, else a new one, which is counted."""
        if self._batching or self._backend.picks:
            reply, asked = await self._model.ask(request), True
        else:
            reply, asked = await self._once.ask(self._model.ask, request, paper)
        if asked:
            self._tally.add(reply)
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


def _kept(grounded: Grounded, key: str) -> Grounded:
    """Tell of a summary that was there already."""
    log.tell("summary kept", "ask", level="debug", request=key[-64:][:12])
    return grounded


def _with_lost(grounded: Grounded, lost: list[Lost]) -> Grounded:
    """Add to what a summary took what was answered before it, and paid for, to no use."""
    replies = [reply for each in lost for reply in each.replies]
    if not replies:
        return grounded
    return grounded.model_copy(
        update={
            "requests": grounded.requests + sum(each.requests for each in lost),
            "tokens_sent": total([grounded.tokens_sent, *(each.sent for each in lost)]),
            "tokens_read": total([grounded.tokens_read, *(r.tokens_read for r in replies)]),
            "tokens_written": total(
                [grounded.tokens_written, *(r.tokens_written for r in replies)]
            ),
            "cost": total([grounded.cost, *(r.cost for r in replies)]),
        }
    )
