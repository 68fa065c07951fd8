"""A paper's abstract, and whether what a list gives as one is one."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from summarize.records import Document, Section
from summarize.text.lines import Line
from summarize.text.tidy import one_line, unmarked

if TYPE_CHECKING:  # a run that reads no PDF needs no more than `from_abstract`
    from summarize.text.layout import Measure

MIN_GIVEN = 60  # characters: two short sentences
MIN_ABSTRACT = 150
MAX_ABSTRACT = 3_500
FRONT = 60  # lines of a paper among which an abstract begins
_NONE = re.compile(
    r"\b(?:not (?:yet )?available|no abstract|unavailable|to be (?:announced|added)|coming soon|"
    r"n/?a|tbd|tba|none|withheld|see (?:the )?(?:paper|pdf))\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\n(?:key ?words|index terms|ccs concepts)\b", re.IGNORECASE)


def is_abstract(text: str) -> bool:
    """Tell an abstract from a placeholder ("N/A", "not available at this time") or a stray word."""
    text = one_line(text)
    if len(text) < MIN_GIVEN:
        return False
    return len(text) > 3 * MIN_GIVEN or not _NONE.search(text)


def from_abstract(abstract: str, title: str = "") -> Document:
    """Build the document of a paper of which the abstract is all that can be had."""
    text = unmarked(abstract)
    return Document(
        title=title,
        abstract=text,
        text=text,
        sections=(Section(heading="Abstract", kind="abstract", start=0, end=len(text)),),
        engine="abstract",
    )


def find_abstract(
    text: str, sections: Sequence[Section], lines: Sequence[tuple[int, Line]], measure: "Measure"
) -> tuple[int, int] | None:
    """Return the `[start, end)` of a paper's abstract in its text, if it has one.

    `lines` are those of the running text, each with the offset at which it starts.
    """
    for section in sections:
        if section.kind == "abstract":
            return section.start, section.end
    if block := _block(lines[:FRONT], measure):
        return block
    # Not set apart either: the stretch before the introduction, less the title and the authors.
    for before, after in pairwise(sections):
        if after.kind == "introduction" and before.kind == "front":
            return prose_from(text, before.start, before.end), before.end
    return None


def abstract_of(text: str) -> str:
    """Return a stretch of a paper as its abstract, on one line and without keywords below it.

    Of a stretch too short for one nothing is left, of one too long its first sentences.
    """
    whole = one_line(_AFTER.split(text)[0])
    if len(whole) <= MAX_ABSTRACT:
        return whole if len(whole) >= MIN_ABSTRACT else ""
    cut = whole[:MAX_ABSTRACT]
    return cut[: cut.rfind(". ") + 1] or cut


def prose_from(text: str, start: int, end: int) -> int:
    """Return where in a stretch the first run of three long lines begins; else its end."""
    lines = text[start:end].split("\n")
    for i in range(len(lines) - 2):
        if all(len(line) > 40 and "@" not in line for line in lines[i : i + 3]):
            return start
        start += len(lines[i]) + 1
    return end


def _block(lines: Sequence[tuple[int, Line]], measure: "Measure") -> tuple[int, int] | None:
    """Return the first paragraph that is set in another size than the text, if there is one."""
    block: list[tuple[int, Line]] = []
    for start, line in lines:
        if block and not _goes_on(block[-1][1], line):
            set_apart = abs(line.size - measure.size) < abs(block[0][1].size - measure.size)
            different = abs(block[0][1].size - measure.size) > 0.04 * measure.size
            if set_apart and different and start - block[0][0] > MIN_ABSTRACT:
                return block[0][0], start
            block = []
        block.append((start, line))
    return None


def _goes_on(before: Line, line: Line) -> bool:
    """Tell whether two lines are of one paragraph."""
    return (
        line.size > 0
        and abs(line.size - before.size) < 0.03 * line.size
        and line.bold == before.bold
        and abs(line.left - before.left) < 4 * line.size
        and -0.5 * line.size < before.bottom - line.top < line.size
    )
