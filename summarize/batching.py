"""Asking by batch: what is asked is submitted at a run's end, and answered in a later run.

Every paper is walked in every run, with replies that a batch has brought taken from the store. What
asks for a reply that is not there (a first request, or another after an invalid reply) stops with
`Awaited`, and its request goes into the next batch, unless it is in flight already. So asking
again, making a prompt shorter and grounding are the same here as without batches.
"""

from collections.abc import Callable
from typing import Literal

from summarize.backends import Batches, Model
from summarize.errors import Awaited, BackendError, Garbled, Refused, ReplyError, TooLong
from summarize.records import Record, Reply, Request
from summarize.report import Tally, counted
from summarize.settings import Clock
from summarize.store import Store

MAX_LINES = 50_000  # requests in a batch, and bytes: what OpenAI takes, with some room
MAX_BYTES = 150_000_000
LOST_AFTER = 31 * 24 * 3600.0  # seconds after which a batch that nobody knows is given up

_ERRORS: dict[str, type[ReplyError]] = {
    kind.__name__: kind for kind in (ReplyError, TooLong, Garbled)
}


class Sent(Record):
    """A batch in flight: its file, its id once the provider has told it, its requests' keys."""

    file: str
    batch: str = ""
    keys: tuple[str, ...]
    at: float  # seconds since the epoch


class Log(Record):
    """The batches of one model that are in flight."""

    sent: tuple[Sent, ...] = ()


class Answer(Record):
    """What a batch has brought for one request: a reply, or the kind and message of an error."""

    reply: Reply | None = None
    kind: Literal["ReplyError", "TooLong", "Garbled"] = "ReplyError"
    problem: str = ""


class Batching:
    """One model, asked by batch. `waits` counts what this run has asked for and not had.

    `endpoint` names where the model is served. One run at a time may use the batches of a store.
    """

    def __init__(
        self, batches: Batches, store: Store, clock: Clock, *, model: str, endpoint: str
    ) -> None:
        self.waits = 0
        self._batches = batches
        self._store = store
        self._clock = clock
        self._name = f"batches {model} {endpoint}"
        self._model = model
        self._flying: dict[str, Sent] = {}  # by the keys of their requests
        self._asked: dict[str, Request] = {}  # what goes into the next batch
        self._used: list[str] = []
        self._standing: list[str] = []

    def model(self, model: Model) -> Model:
        """Return a model that answers from what batches have brought."""

        async def ready() -> int | None:
            window = await model.ready()
            await self._collect()
            return window

        return Model(self._ask, ready)

    async def finish(self) -> None:
        """Submit what was asked for. When nothing is waited for, forget what was had.

        A failure or an invalid reply is no answer for ever: the next run submits it anew.
        """
        if self._asked:
            await self._submit()
        if not self.waits:
            for key in self._used:
                await self._store.forget_reply(_name(key))

    def lines(self, tally: Tally) -> list[str]:
        """Say what is waited for, and how to go on."""
        return [
            f"{tally.done} of {counted(tally.papers, 'paper')} done; "
            f"{counted(self.waits, 'request')} in a batch, no post written yet",
            *(f"  {standing}" for standing in self._standing),
            "Run the same command again later: it collects what is ready.",
        ]

    async def _ask(self, request: Request) -> Reply:
        """Return what a batch has brought. Raises `Awaited`, or the error that came instead."""
        key = request.key
        answer = await self._store.reply(_name(key), Answer)
        if answer is None:
            self.waits += 1
            if key not in self._flying:
                self._asked[key] = request
            raise Awaited("its reply will come with a batch")
        self._used.append(key)
        if answer.reply is None:
            raise _ERRORS[answer.kind](answer.problem)
        return answer.reply

    # --- what is in flight ---

    async def _collect(self) -> None:
        """See how the batches in flight are getting on, and keep what has come."""
        for sent in (await self._log()).sent:
            whole = sent
            if not sent.batch:
                try:
                    whole = await self._start(sent)
                except Refused:
                    continue  # no batch was made of it: its requests are asked anew
            flight = await self._batches.look(whole.batch)
            if flight is None:
                if self._clock.now() - sent.at < LOST_AFTER:
                    raise BackendError(
                        f"{self._model}: the service knows no batch {whole.batch}, which holds "
                        f"{counted(len(sent.keys), 'request')}",
                        "use the key that it was submitted with; after a month it is given up",
                    )
                await self._land(whole, (), "its batch is no longer known to the service")
            elif flight.ended:
                await self._land(whole, flight.files, flight.problem)
            else:
                self._flying |= dict.fromkeys(sent.keys, whole)
                self._standing.append(
                    f"{whole.batch}: {flight.status}, "
                    f"{flight.answered} of {len(sent.keys)} answered"
                )

    async def _land(self, sent: Sent, files: tuple[str, ...], problem: str) -> None:
        """Keep an answer for every request of a batch that has ended, and then cross it out.

        Where the provider says why a request has none, that is its answer; else it may be
        asked again.
        """
        found: dict[str, Answer] = {}
        for file in files:
            for key, had in (await self._batches.read(file)).items():
                found[key] = _answer(had)
        rest = (
            Answer(problem=problem)
            if problem
            else Answer(kind="Garbled", problem="the batch ended without an answer")
        )
        for key in sent.keys:
            await self._store.keep_reply(_name(key), found.get(key, rest))
        await self._note(lambda log: [s for s in log if s.file != sent.file])

    # --- what is submitted ---

    async def _submit(self) -> None:
        """Submit what was asked for, in as few batches as a provider takes."""
        lines, keys, size = list[bytes](), list[str](), 0
        for key, request in self._asked.items():
            line = await self._batches.line(request)
            if lines and (len(lines) >= MAX_LINES or size + len(line) > MAX_BYTES):
                await self._send(lines, keys)
                lines, keys, size = [], [], 0
            lines.append(line)
            keys.append(key)
            size += len(line)
        await self._send(lines, keys)

    async def _send(self, lines: list[bytes], keys: list[str]) -> None:
        """Submit one batch.

        Its file, which costs nothing, is noted before the batch is made: a run that is killed
        in between finds by its file whether there is a batch.
        """
        file = await self._batches.upload(b"".join(lines))
        sent = Sent(file=file, keys=tuple(keys), at=self._clock.now())
        await self._note(lambda log: [*log, sent])
        started = await self._start(sent)
        self._standing.append(f"{started.batch}: submitted, {counted(len(keys), 'request')}")

    async def _start(self, sent: Sent) -> Sent:
        """Make the batch of a file, or find it where it was made; note its id."""
        try:
            started = sent.model_copy(update={"batch": await self._batches.start(sent.file)})
        except Refused:
            await self._note(lambda log: [s for s in log if s.file != sent.file])
            raise
        await self._note(lambda log: [started if s.file == sent.file else s for s in log])
        return started

    async def _log(self) -> Log:
        return await self._store.reply(self._name, Log) or Log()

    async def _note(self, change: Callable[[tuple[Sent, ...]], list[Sent]]) -> None:
        log = await self._log()
        await self._store.keep_reply(self._name, Log(sent=tuple(change(log.sent))))


def _answer(had: Reply | ReplyError) -> Answer:
    if isinstance(had, Reply):
        return Answer(reply=had)
    kind = next(name for name, error in reversed(_ERRORS.items()) if isinstance(had, error))
    return Answer.model_validate({"kind": kind, "problem": had.message})


def _name(key: str) -> str:
    return f"batched {key}"
