"""What happens in a run, told line by line to whoever listens. Nothing is kept here.

Which paper a line is about is known to the task that walks it, and asyncio hands it on to each task
that one starts: so the client of a site, which knows of no papers, need not be told. Where nobody
listens, telling costs a look.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, TypeVar

Level = Literal["debug", "info", "warning", "error"]
Fact = str | int | float | bool | None
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, at which stage of a run, to the paper of which key, if to one.

    `facts` go with it by name: `seconds`, `bytes`, `tokens_read`, `cost` (US dollars), `host`, ...
    """

    what: str
    stage: str
    level: Level = "info"
    key: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


Listener = Callable[[Line], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_key: ContextVar[str] = ContextVar("key", default="")


def tell(what: str, stage: str, *, level: Level = "info", **facts: Fact) -> None:
    """Tell of something that happened, in a few words that say the same whenever it happens."""
    if listener := _listener.get():
        listener(Line(what, stage, level, _key.get(), facts))


def about(key: str) -> AbstractContextManager[None]:
    """Say which paper all is about that is told within, by whichever task."""
    return _set(_key, key)


def heard(listener: Listener) -> AbstractContextManager[None]:
    """Have a listener told of all that happens within."""
    return _set(_listener, listener)


@contextmanager
def _set(variable: ContextVar[Value], value: Value) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
