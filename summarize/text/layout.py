"""The lines of pages -> the paper's text in reading order, and what stands apart from it.

What is decided here is decided by where lines stand: what is a caption, a footnote or lettering
inside a figure rather than the text itself.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from summarize.text.lines import Line, Page
from summarize.text.margins import without_margins
from summarize.text.order import in_order, rows, sides

Role = Literal["text", "caption", "footnote", "figure"]


MOST = 2_000  # lines of a page of which it is asked where they stand


@dataclass(slots=True)
class Placed:
    """A line, the page it stands on (from 1), its role, and whether it begins a block.

    Like the line, it is not changed once it is made.
    """

    line: Line
    page: int
    role: Role = "text"
    begins: bool = False

    def saying(self, text: str) -> "Placed":
        """Return the line with another text, in its place."""
        return Placed(self.line.saying(text), self.page, self.role, self.begins)


@dataclass(frozen=True, slots=True)
class Measure:
    """What most of a paper's text is set in, in points: its height and the width of its lines."""

    size: float = 0.0
    width: float = 0.0


def layout(pages: Sequence[Page]) -> tuple[list[Placed], Measure]:
    """Return the lines of all pages in reading order, each with its role."""
    # So many lines are the points of a plot, or an attack: they are taken as they come.
    pages = [replace(page, width=0.0) if len(page.lines) > MOST else page for page in pages]
    ordered = [in_order(rows(page)) for page in without_margins(pages)]
    measure = _measure(ordered)
    placed: list[Placed] = []
    ended = False
    for number, page in enumerate(ordered, 1):
        ended = ended or _has_references(page)
        roles = _roles(page, measure, footnotes=not ended)
        placed += [
            Placed(line, number, role, begins)
            for line, (role, begins) in zip(page.lines, roles, strict=True)
        ]
    return placed, measure


NUMBER = r"(?:(?:\d{1,2}|[IVX]{1,5}|[A-H])(?:\.\d{1,2})*\.?[ \t]+)?"  # of a section
REFERENCES = (
    r"references(?: and notes)?|bibliography|literature cited|works cited|références"
    r"|bibliographie|literatur(?:verzeichnis)?"
)
_REFERENCES = re.compile(rf"{NUMBER}(?:{REFERENCES})[ \t]*[.:]?$", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:supplementary |extended data |appendix )?"
    r"(?:figure|fig\.?|table|tab\.|scheme|listing|algorithm|tableau|abbildung|tabelle)"
    r"[ \t]*[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?[a-z]?[ \t]*(?:[.:|–—]|(?-i:[A-Z]))",
    re.IGNORECASE,
)
_BEGINS = frozenset("abb alg app ext fig lis sch sup tab".split())  # what a caption begins with
_ABOVE = re.compile(r"(?:tab|alg|list)", re.IGNORECASE)  # what has its caption above it
_MARKER = re.compile(
    r"[∗*†‡§¶#]|\d{1,2}(?=\D)|proceedings|copyright|©|\(c\)|correspond|preprint|permission"
    r"|work (?:done|performed)|equal",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?\s+[^\W\d]{3}|abstract|introduction|references",
    re.IGNORECASE,
)
MAX_REFERENCES = 40  # characters in a heading of the references, with its number
MOST_FIGURES = 40  # of a page, whose lettering is looked for: what has more captions is an attack
SAMPLE = 3  # lines, of which one is measured
SMALL = 0.955  # of the text's size: a footnote's, at most
MAX_FOOTNOTES = 0.4  # of a page's height
_ENDS = re.compile(r"[.:!?)\]”\"]$")


def _measure(pages: Sequence[Page]) -> Measure:
    """Measure what most of the text is set in."""
    some = [line for page in pages for line in page.lines[::SAMPLE] if len(line.text) > 30]
    sizes = Counter(round(line.size * 2) / 2 for line in some)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    body = [line for line in some if abs(line.size - size) < 0.6]
    if not size or not body:
        return Measure()
    return Measure(median(line.size for line in body), median(line.width for line in body))


def _has_references(page: Page) -> bool:
    """Tell whether the references begin on a page."""
    few = [line.text for line in page.lines if len(line.text) < MAX_REFERENCES]
    return any(map(_REFERENCES.match, few))


def _roles(page: Page, measure: Measure, *, footnotes: bool) -> list[tuple[Role, bool]]:
    """Return each line's role, and whether it begins a caption or a footnote."""
    lines = page.lines
    roles: list[tuple[Role, bool]] = [("text", False)] * len(lines)
    if not page.width or not measure.size:
        return roles
    if footnotes:
        for i, begins in _footnotes(page, measure):
            roles[i] = ("footnote", begins)
    captions = list(_captions(lines, measure))
    for start, end in captions:
        for i in range(start, end):
            if roles[i][0] == "text":
                roles[i] = ("caption", i == start)
    for start, end in captions[:MOST_FIGURES]:
        for i in _lettering(lines, start, end, measure):
            if roles[i][0] == "text":
                roles[i] = ("figure", False)
    return roles


def _captions(lines: Sequence[Line], measure: Measure) -> Iterator[tuple[int, int]]:
    """Yield the `[start, end)` of each caption."""
    end = 0
    for i in [i for i, line in enumerate(lines) if line.text[:3].lower() in _BEGINS]:
        if (
            i < end
            or not _CAPTION.match(lines[i].text)
            or (i and _runs_on(lines[i - 1], lines[i], measure))
        ):
            continue
        end = i + 1
        while end < len(lines) and _same_block(lines[end - 1], lines[end], lines[i]):
            end += 1
        yield i, end


def _runs_on(before: Line, line: Line, measure: Measure) -> bool:
    """Tell whether a line goes on with the sentence of the line before it."""
    return (
        _below(before, line)
        and _is_prose(before, measure)
        and not _ENDS.search(before.text)
        and abs(before.size - line.size) < 0.06 * line.size
    )


def _same_block(before: Line, line: Line, first: Line) -> bool:
    """Tell whether a line belongs to the caption that ends, so far, with the line before it."""
    short = before.right < max(first.right, before.right) - 0.15 * first.width
    return (
        _below(before, line)
        and abs(line.size - first.size) < 0.07 * first.size
        and not _CAPTION.match(line.text)
        and not (short and before.text.endswith("."))
        and line.bold <= (before.bold or first.bold)
    )


def _below(before: Line, line: Line) -> bool:
    """Tell whether a line stands right below another, at the distance of lines of one paragraph."""
    gap = before.bottom - line.top
    return -0.6 * line.size < gap < 0.55 * line.size and (
        min(before.right, line.right) > max(before.left, line.left)
    )


def _is_prose(line: Line, measure: Measure) -> bool:
    """Tell whether a line is one of running text: as wide and as large, and made of words."""
    return (
        line.width > 0.7 * measure.width
        and line.size > SMALL * measure.size
        and sum(map(str.isalpha, line.text)) > 0.6 * len(line.text)
    )


def _lettering(lines: Sequence[Line], start: int, end: int, measure: Measure) -> Iterator[int]:
    """Yield the lines around a caption that belong to its figure, table or algorithm."""
    caption = lines[start]
    for i in range(start - 1, -1, -1):
        if not _inside(lines, i, measure) or lines[i].bottom < caption.bottom:
            break
        yield i
    if _ABOVE.match(caption.text):
        for i in range(end, len(lines)):
            if not _inside(lines, i, measure) or lines[i].top > caption.top:
                break
            yield i


def _inside(lines: Sequence[Line], i: int, measure: Measure) -> bool:
    """Tell lettering from text: from prose, from a paragraph's last line, and from a heading."""
    line = lines[i]
    if _is_prose(line, measure):
        return False
    if (line.bold or line.size > 1.03 * measure.size) and _HEADING.match(line.text):
        return False
    before = lines[i - 1] if i else None
    ends_paragraph = before and _is_prose(before, measure) and _below(before, line)
    return not ends_paragraph


def _footnotes(page: Page, measure: Measure) -> Iterator[tuple[int, bool]]:
    """Yield the lines at the foot of each column that are set smaller than the text."""
    lines = page.lines
    foot_of_page = MAX_FOOTNOTES * page.height
    small = SMALL * measure.size
    if not any(li.size < small and li.top <= foot_of_page for li in lines):
        return
    middle = page.width / 2
    at = sides(lines, middle)
    bottoms = [line.bottom for line in lines]
    for side in (-1, 0, 1):
        column = [i for i, own in enumerate(at) if own == side or not own]
        lowest = min(column, key=bottoms.__getitem__, default=None)
        if lowest is None or lines[lowest].size >= small:  # nearly every column
            continue
        column.sort(key=bottoms.__getitem__)
        foot: list[int] = []
        for i in column:
            if lines[i].size >= small or lines[i].top > foot_of_page:
                break
            foot.append(i)
        for position, i in enumerate(_from_its_first(lines, foot[::-1], column)):
            yield i, position == 0 or bool(_MARKER.match(lines[i].text))


def _from_its_first(
    lines: Sequence[Line], foot: Sequence[int], column: Sequence[int]
) -> Sequence[int]:
    """Return the foot of a column from its first footnote on: one that is marked, or set off.

    The column's lines come from the bottom up.
    """
    for position, i in enumerate(foot):
        first = bisect_left(column, lines[i].top - 1, key=lambda j: lines[j].bottom)
        if first == len(column):
            continue  # nothing stands above it
        if _MARKER.match(lines[i].text):
            return foot[position:]
        gap = lines[column[first]].bottom - lines[i].top
        if position == 0 and gap > lines[i].size and gap > 1.5 * _usual_gap(lines, column):
            return foot
    return []


def _usual_gap(lines: Sequence[Line], column: Sequence[int]) -> float:
    """Return the distance of a column's lines, as a rule, in points."""
    gaps = [lines[above].bottom - lines[i].top for i, above in pairwise(column)]
    return max(median(gaps), 0) if gaps else 0
