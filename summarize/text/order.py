"""The lines of a page in the order in which they are read: pieces as one line, columns apart.

Engines give lines in the order in which a file draws them, which is nearly always the order in
which they are read; where lines stand tells where it is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from summarize.text.lines import BROKEN, Line, Page

MIN_LINES = 12  # long ones, of a page of which it can be told whether it was drawn in order
LONG = 0.28  # of the page's width


def rows(page: Page) -> Page:
    """Join pieces of one line that the engine gave apart, as it does around a raised letter."""
    if not page.width:
        return page
    found: list[Line] = []
    end = inf  # of the last row
    for line in page.lines:
        # The first test is for speed: nearly every line begins far to the left of the last one.
        if line.left > end - 3 and _continues(found[-1], line):
            line = found[-1] = _joined(found[-1], line)  # noqa: PLW2901
        else:
            found.append(line)
        end = line.right
    return replace(page, lines=tuple(found))


def _continues(row: Line, line: Line) -> bool:
    if not -2 <= line.left - row.right < 1.1 * row.size or row.text.endswith(BROKEN):
        return False
    overlap = min(row.top, line.top) - max(row.bottom, line.bottom)
    smaller = min(row.top - row.bottom, line.top - line.bottom)
    return overlap > 0.4 * smaller


def _joined(row: Line, line: Line) -> Line:
    """Return both as one line. A page has dozens of such: without min() it takes half the time."""
    longer = row if len(row.text) >= len(line.text) else line
    space = " " if line.left - row.right > 0.12 * row.size else ""
    return Line(
        row.text + space + line.text,
        row.left,
        row.bottom if row.bottom <= line.bottom else line.bottom,
        row.right if row.right >= line.right else line.right,
        row.top if row.top >= line.top else line.top,
        longer.size,
        longer.bold,
    )


def in_order(page: Page) -> Page:
    """Sort a page whose file draws it out of order: across its columns, or not downwards."""
    lines = page.lines
    # Lettering may be drawn in any order: what is told by is running text.
    least = LONG * page.width
    long = [line for line in lines if line.right - line.left > least and len(line.text) > 25]
    if not page.width or len(long) < MIN_LINES:
        return page
    middle = (min(line.left for line in long) + max(line.right for line in long)) / 2
    at = sides(long, middle)
    crossings = sum([a * b < 0 for a, b in pairwise(at)])
    climbs = sum(
        [
            _side(before, middle) == _side(after, middle)
            for before, after in pairwise(long)
            if after.bottom > before.top
        ]
    )
    if crossings <= max(4, len(long) // 5) and climbs <= max(4, len(long) // 5):
        return page
    return replace(page, lines=tuple(_downwards(lines, middle)))


def _side(line: Line, middle: float) -> int:
    """Return -1 for a line of the left column, 1 of the right one, 0 for one across both."""
    return sides((line,), middle)[0]


def sides(lines: Sequence[Line], middle: float) -> list[int]:
    """Return -1 for each line of the left column, 1 for the right one's, 0 for the others."""
    left, right = middle - 2, middle + 2
    return [-1 if line.right <= right else 1 if line.left >= left else 0 for line in lines]


def _downwards(lines: Sequence[Line], middle: float) -> Iterator[Line]:
    """Yield lines from the top down, in each stretch between full lines column by column."""
    stretch: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if _side(line, middle) == 0:
            yield from sorted(stretch, key=lambda line: _side(line, middle))
            stretch = []
            yield line
        else:
            stretch.append(line)
    yield from sorted(stretch, key=lambda line: _side(line, middle))
