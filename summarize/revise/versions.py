"""The versions of a post: what was there, what is to be made of it now, and what it came to."""

from dataclasses import dataclass, field
from typing import NamedTuple

from summarize.merge import Merged
from summarize.posts import Format
from summarize.posts.compose import Colophon
from summarize.records import Event, Outcome
from summarize.state import State

Result = Outcome | Event


@dataclass(frozen=True)
class Before:
    """The post that was there, if one was, and what is remembered of it."""

    text: str | None = None
    state: State = field(default_factory=State)

    @property
    def is_touched(self) -> bool:
        """Whether a person made something else of what was generated, now or before."""
        return self.text != self.state.text or bool(self.state.dropped)


class Now(NamedTuple):
    """Who summarizes now, and how: `asked` is what a later run is to ask in the same way."""

    by: Colophon
    form: Format
    date: str
    asked: State


@dataclass(frozen=True)
class Revised:
    """A post as it should be now, and what to remember of it.

    `earlier` are the papers that could not be summarized this time and keep the summary they had.
    """

    merged: Merged
    state: State
    earlier: tuple[str, ...] = ()
    fresh: str = ""  # the post, where there was none to merge it into

    @property
    def text(self) -> str:
        """The post, every character of it."""
        return self.fresh or self.merged.written.text
