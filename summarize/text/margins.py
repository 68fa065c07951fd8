"""A page without what is printed around its text: running headers, page and line numbers, stamps.

Where an engine tells where lines stand, that decides; else their order on the page does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from math import inf
from statistics import median

from summarize.text.lines import Line, Page

EDGE = 4  # lines at the top and the bottom of a page among which headers and footers stand
ZONE = 0.12  # of a page's height, at its top and bottom, in which they stand
MIN_NUMBERS = 8  # line numbers on a page; a table seldom counts so far down the margin
_NUMBER = re.compile(r"\d{1,4}$")
_NUMBERED = re.compile(r"(\d{1,4})\s+(?=\S)")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_COUNTING = 0.8  # of the steps from one number to the next: they count lines


Shape = tuple[str, int]  # what a line says, its digits alike, and the height at which it stands
Edges = dict[int, tuple[Shape, ...]]  # the shapes of the lines at a page's edges, by their places


def without_margins(pages: Sequence[Page]) -> list[Page]:
    """Return the pages' own lines."""
    pages = [_without_line_numbers(_upright(page)) for page in pages]
    edges = [{i: _shapes(page.lines[i]) for i in _edges(page)} for page in pages]
    running = _running(pages, edges)
    return [
        _within(page, at, running, first=i == 0)
        for i, (page, at) in enumerate(zip(pages, edges, strict=True))
    ]


def _upright(page: Page) -> Page:
    """Drop lines that are not level, such as arXiv's stamp and watermarks, unless most are not."""
    if not page.width or not page.lines:
        return page
    level = tuple(
        [
            line
            for line in page.lines
            if line.top - line.bottom <= 1.5 * line.size or _is_level(line)
        ]
    )
    if 2 * len(level) < len(page.lines):
        return Page.of(page.text)
    return page if len(level) == len(page.lines) else replace(page, lines=level)


def _is_level(line: Line) -> bool:
    height = line.top - line.bottom
    return len(line.text) < 4 or height <= min(2 * line.width, 2.5 * line.size)


# --- line numbers ---------------------------------------------------------------------------------


def _without_line_numbers(page: Page) -> Page:
    """Drop the numbers down the margin of a submission, whether lines of their own or not."""
    leading = [line for line in page.lines if line.text[0].isdigit()]
    if len(leading) < MIN_NUMBERS:
        return page
    numbers = [line for line in leading if _NUMBER.match(line.text)]
    if len(numbers) >= MIN_NUMBERS and _counting(numbers) and _beside(numbers, page):
        return _without(page, numbers)
    for margin in _margins(numbers, page):  # a figure's ticks are numbers too
        if len(margin) >= MIN_NUMBERS and _counting(margin):
            return _without(page, margin)
    inline = [line for line in leading if _NUMBERED.match(line.text)]
    if len(inline) >= max(MIN_NUMBERS, len(page.lines) // 2) and _counting(inline):
        return replace(page, lines=tuple(_unnumbered(page.lines, inline)))
    return page


def _without(page: Page, lines: Iterable[Line]) -> Page:
    dropped = set(map(id, lines))
    return replace(page, lines=tuple(line for line in page.lines if id(line) not in dropped))


def _counting(lines: Sequence[Line]) -> bool:
    """Tell whether lines begin with numbers that count up, nearly throughout.

    A step of two is a line whose number the file has drawn elsewhere.
    """
    values = sorted(map(_leading, lines))
    steps = [after - before for before, after in pairwise(values)]
    return sum(step in {1, 2} for step in steps) >= _COUNTING * len(steps)


def _beside(numbers: Sequence[Line], page: Page) -> bool:
    """Tell whether numbers stand to the left or right of the page's text."""
    if not page.width:
        return len(numbers) >= 2 * MIN_NUMBERS
    left, right = _edges_of_text(page)
    return median(n.right for n in numbers) <= left or median(n.left for n in numbers) >= right


def _margins(numbers: Sequence[Line], page: Page) -> Iterator[list[Line]]:
    """Yield the numbers that stand to the left of a page's text, and those to the right of it."""
    if page.width and len(numbers) >= MIN_NUMBERS:
        left, right = _edges_of_text(page)
        yield [number for number in numbers if number.right <= left]
        yield [number for number in numbers if number.left >= right]


def _edges_of_text(page: Page) -> tuple[float, float]:
    """Return where a page's text begins and ends, from left to right, but for a tenth of it."""
    others = [line for line in page.lines if not _NUMBER.match(line.text)]
    if not others:
        return inf, -inf
    lefts, rights = sorted(li.left for li in others), sorted(li.right for li in others)
    return lefts[len(others) // 10], rights[len(others) * 9 // 10]


def _leading(line: Line) -> int:
    found = re.match(r"\d{1,4}", line.text)
    return int(found[0]) if found else -1


def _unnumbered(lines: Iterable[Line], inline: Sequence[Line]) -> Iterator[Line]:
    """Take the number off each line that begins with one of those that count the page's lines."""
    middle = int(median(map(_leading, inline)))
    reach = range(middle - len(inline), middle + len(inline) + 1)
    due = 0
    for line in lines:
        found = _NUMBERED.match(line.text) or _NUMBER.match(line.text)
        if found and _leading(line) in reach:
            due = _leading(line) + 1
            if rest := line.text[found.end() :]:
                yield line.saying(rest)
        else:  # its number may stand within it
            yield line.saying(re.sub(rf"\s{due}(?=\s|$)", "", line.text, count=1))


# --- running lines --------------------------------------------------------------------------------


def _running(pages: Sequence[Page], edges: Sequence[Edges]) -> set[Shape]:
    """Find what repeats at the edges of pages; "page 3" and "page 4" are one."""
    seen = Counter(shape for page in edges for shape in set(chain.from_iterable(page.values())))
    if any(page.width for page in pages):  # the same words at the same height are no chance
        often = 3 if len(pages) > 4 else 2
    else:
        often = max(3, len(pages) // 3)
    return {shape for shape, times in seen.items() if times >= often}


def _within(page: Page, edges: Edges, running: set[Shape], *, first: bool) -> Page:
    """Drop a page's running lines; without heights, the top of the first is the title's."""
    kept = set(range(EDGE)) if first and not page.width else set()
    dropped = {i for i, shapes in edges.items() if i not in kept and not running.isdisjoint(shapes)}
    numbers = {i for i in edges.keys() - kept - dropped if _PAGE_NUMBER.match(page.lines[i].text)}
    dropped |= {i for i in numbers if not page.width or _is_alone(page, i, dropped)}
    if not dropped:
        return page
    return replace(page, lines=tuple(li for i, li in enumerate(page.lines) if i not in dropped))


def _is_alone(page: Page, number: int, dropped: set[int]) -> bool:
    """Tell whether a number stands on a row of its own, rather than in a formula."""
    line = page.lines[number]
    low, high = line.bottom - 0.6 * line.size, line.top + 0.6 * line.size
    others = (other for i, other in enumerate(page.lines) if i != number and i not in dropped)
    return not any(other.bottom < high and other.top > low for other in others)


def _edges(page: Page) -> Iterable[int]:
    """Return the indices of the lines at the top and the bottom of a page."""
    if not page.width:
        count = len(page.lines)
        return {*range(min(EDGE, count)), *range(max(0, count - EDGE), count)}
    low, high = ZONE * page.height, (1 - ZONE) * page.height
    return [i for i, line in enumerate(page.lines) if line.top > high or line.bottom < low]


def _shapes(line: Line) -> tuple[Shape, ...]:
    """Return the line's shape at its height, in steps of 8 points, and half a step off."""
    if len(line.text) <= 3:
        return ()
    said, height = _DIGITS.sub("#", line.text.casefold()), line.bottom / 8
    shape = said, round(height)
    return (shape, (said, 10_000 + round(height + 0.5))) if line.size else (shape,)
