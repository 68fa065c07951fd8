"""What a backend is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from summarize.backends.slots import Slots
from summarize.errors import ReplyError
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings

Ask = Callable[[Request], Awaitable[Reply]]
Guard = Callable[[Ask], Ask]


async def _unknown(_: Request | None = None) -> int | None:
    return None


def _charges_nothing(_: Guard) -> None:
    """Leave a model as it is: nothing that it is sent costs anything."""


@dataclass(frozen=True)
class Model:
    """A model that can be asked.

    `ask` asks one request; it raises `ReplyError` for one that will not be answered and
    `BackendError` when none will. `ready` sees that the model will answer, before anything else
    is spent, and returns its context window in tokens, where it is known; it raises
    `BackendError`. `count` returns how many tokens a request has, where the server can tell.
    `hold` puts a guard, such as a budget's, around whatever sends a request once: each of several
    tries may be charged. `slots` lets as many be asked at once as can be, where the model itself
    knows that. `notices` says what a person should know of the asking, once it is over.
    """

    ask: Ask
    ready: Callable[[], Awaitable[int | None]] = _unknown
    count: Callable[[Request], Awaitable[int | None]] = _unknown
    hold: Callable[[Guard], None] = _charges_nothing
    slots: Slots | None = None
    notices: Callable[[], Sequence[str]] = tuple


class Flight(NamedTuple):
    """How a batch is getting on: so many of its requests are `answered`.

    Once it has `ended` nothing more comes: its `files` hold what did, and `problem` says why the
    rest did not, if that is known.
    """

    status: str
    answered: int = 0
    ended: bool = False
    files: tuple[str, ...] = ()
    problem: str = ""


class Batches(Protocol):
    """A provider's batches: files of requests that are answered within a day, for less.

    Every method asks again after what passes, and raises `BackendError` for what does not.
    """

    async def line(self, request: Request) -> bytes:
        """Return a request as a line of a file; its key is the line's name."""
        ...

    async def upload(self, lines: bytes) -> str:
        """Hand in a file of requests, which costs nothing yet; return the file's id."""
        ...

    async def start(self, file: str) -> str:
        """Have a file answered, once however often this is called; return the batch's id.

        Raises `Refused` where there is no batch and will be none.
        """
        ...

    async def look(self, batch: str) -> Flight | None:
        """Return how a batch is getting on; None when the provider knows none of this id."""
        ...

    async def read(self, file: str) -> Mapping[str, Reply | ReplyError]:
        """Return what a file of answers holds, by the requests' keys."""
        ...


class Backend(NamedTuple):
    """A way to have requests answered.

    `connect` opens it, and asks nothing yet. `picks` is true for a summarizer that reads passages
    rather than messages.
    `service` names who would read the paper's text, or is None when it stays on this machine.
    `endpoint` names where a model is served, never by host and port. `located` fills in the
    address that the provider's own environment variable gives: who would read the text must be
    known before it is sent. `batches` gives the provider's batches, None where it has none.
    """

    connect: Callable[[Settings, Clock], AbstractAsyncContextManager[Model]]
    picks: bool = False
    service: Callable[[Settings], str | None] = lambda _: None
    endpoint: Callable[[Settings], str] = lambda _: ""
    located: Callable[[Settings, Mapping[str, str]], Settings] = lambda settings, _: settings
    batches: Callable[[Settings, Clock], Batches | None] = lambda *_: None
