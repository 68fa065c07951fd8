"""The captions of a paper's figures, with what says that a figure is worth showing (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from summarize.text.layout import Placed
from summarize.text.lines import Line
from summarize.text.tidy import Words, one_line

_NAMED = re.compile(
    r"(?P<label>(?:(?:supplementary|extended data|appendix)\s+)?"
    r"(?P<kind>figure|fig\.?|scheme|abbildung|abb\.?)"
    r"\s*(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?))(?P<part>[a-z]?)\b[ \t.:|–—]*",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"(?:the )?(?:pseudo-?code|algorithm|listing|code for)", re.IGNORECASE)
_ALONE = re.compile(r"(?:figure|fig\.?)\s*\d{1,3}\.?$", re.IGNORECASE)


@dataclass(frozen=True)
class Caption:
    """A caption: what it names ("Figure 3"; empty for a table's), what it says, and its lines.

    `order` counts the paper's figures from 1 on; the page is counted from 1, too.
    """

    label: str
    text: str
    page: int
    lines: tuple[Line, ...]
    order: int = 0


def captions(placed: Sequence[Placed]) -> list[Caption]:
    """Return all captions of a paper, those of tables and listings too, in reading order."""
    words = Words("\n".join(each.line.text for each in placed if each.role == "text"))
    found: list[Caption] = []
    numbers: set[str] = set()
    for lines in _runs(placed):
        text = one_line(" ".join(words.joined([each.line.text for each in lines])))
        named = _NAMED.match(text)
        if named and _WRITTEN.match(text, named.end()):
            named = None
        if named:
            numbers.add(named["number"])
        found.append(
            Caption(
                label=one_line(named["label"]) if named else "",
                text=text[named.end() :] if named else text,
                page=lines[0].page,
                lines=tuple(each.line for each in lines),
                order=len(numbers) if named else 0,
            )
        )
    return found


def _runs(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Yield the lines of each caption; a line that is no more than "Figure 3" is one, too."""
    count = 0

    def which(each: Placed) -> tuple[int, str]:
        nonlocal count
        is_alone = each.role in {"text", "figure"} and bool(_ALONE.match(each.line.text))
        count += (each.role == "caption" and each.begins) or is_alone
        return count, "caption" if is_alone else each.role

    for (_, role), lines in groupby(placed, which):
        if role == "caption":
            yield list(lines)
