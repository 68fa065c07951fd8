"""What a check finds, and what it looks at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from summarize.posts import Format
from summarize.posts.written import Block, Written

_HIDDEN = re.compile(
    r"<!--.*?-->|^[ \t]*(?P<fence>`{3,}|~{3,}).*?^[ \t]*(?P=fence)[`~]*[ \t]*$"
    r"|(?<!`)(?P<tick>`+)(?!`)[^`]*?(?<!`)(?P=tick)(?!`)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Finding:
    """What is amiss on a line, counted from 1, and what to do about it."""

    line: int
    check: str
    says: str
    do: str


def _there(_address: str) -> bool:
    return True


@dataclass(frozen=True)
class Sheet:
    """A post as it stands, and what is known around it.

    `texts` are the papers' texts by the identities of their entries; `exists` tells whether a file
    that the post names is there; `keeps_html`, whether the site's renderer leaves HTML in;
    `sets_math` and `knows_footnotes`, whether it is told to read formulas and footnotes as such.
    """

    written: Written
    name: str
    form: Format
    texts: Mapping[str, str] = field(default_factory=dict)
    exists: Callable[[str], bool] = _there
    keeps_html: bool = True
    sets_math: bool = False
    knows_footnotes: bool = True

    @cached_property
    def text(self) -> str:
        """The post, every character of it."""
        return self.written.text

    @cached_property
    def shown(self) -> str:
        """The post with spaces for front matter, comments and code: what its readers see.

        Every character stands where it does in `text`.
        """
        front = sum(len(part.text) for part in self.written.front)
        body = _HIDDEN.sub(lambda found: _blanked(found[0]), self.text[front:])
        return _blanked(self.text[:front]) + body

    @cached_property
    def code(self) -> str:
        """The post with spaces for all that is no code, every character where it is in `text`."""
        kept = [_blanked(self.text[: (at := sum(len(part.text) for part in self.written.front))])]
        for found in _HIDDEN.finditer(self.text, at):
            is_code = found["fence"] or found["tick"]
            kept += [_blanked(self.text[at : found.start()])]
            kept += [found[0] if is_code else _blanked(found[0])]
            at = found.end()
        return "".join([*kept, _blanked(self.text[at:])])

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """Return the line, from 1, of a character."""
        import bisect

        return bisect.bisect_right(self._starts, offset)

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """Yield where each block begins, and the block."""
        at = sum(len(part.text) for part in self.written.front)
        for block in self.written.blocks:
            yield at, block
            at += len(block.text) + len(block.gap)


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
