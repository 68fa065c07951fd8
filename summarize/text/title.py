"""A paper's title, as its first page shows it."""

import re
from collections.abc import Sequence
from itertools import takewhile
from statistics import median

from summarize.text.lines import Line
from summarize.text.tidy import Words, one_line

MAX_TITLE = 300  # characters
HEAD = 30  # lines among which a title stands
MIN_RATIO = 1.08  # of a title's height to that of most lines
SAME = 0.93  # of the largest height: still the title
_AUTHORS = re.compile(r"[@∗†‡§¶]|\d,\d|^(?:abstract|anonymous)\b|\buniversity\b", re.IGNORECASE)
_ABOVE = re.compile(r"published|under review|arxiv:|preprint|proceedings", re.IGNORECASE)
_HEADING = re.compile(r"(?:1\.?\s+)?(?:abstract|introduction|contents)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"[-:–,]$| (?:of|for|and|the|in|with|to|a|on|via)$")


def title(lines: Sequence[Line], given: str = "") -> str:
    """Return the title on a first page.

    It is what the file says that it is, if the page says it too; else what is set largest; else
    what is set bold; else the first lines, up to what looks like authors.
    """
    given = one_line(given)
    if _is_said(given, lines):
        return given
    if any(line.size for line in lines):
        head = sorted(lines, key=lambda line: -line.top)[:HEAD]
        found = _largest(head) or _bold(head) or _first(head)
    else:
        found = _first(lines[:HEAD])
    return found[:MAX_TITLE].strip()


def _is_said(given: str, lines: Sequence[Line]) -> bool:
    if not given:
        return False
    page = "".join(filter(str.isalnum, "".join(line.text for line in lines))).casefold()
    known = "".join(filter(str.isalnum, given)).casefold()
    return len(known) > (4 if " " in given else 8) and known in page


def _largest(lines: Sequence[Line]) -> str:
    lines = [line for line in lines if not _HEADING.match(line.text)]
    heights = [line.size for line in lines if sum(map(str.isalpha, line.text)) >= 4]
    largest = max(heights, default=0.0)
    if largest <= 0 or largest < MIN_RATIO * median(heights):
        return ""
    first = next(i for i, line in enumerate(lines) if line.size > SAME * largest)
    return _together(list(takewhile(lambda line: line.size > SAME * largest, lines[first:])))


def _bold(lines: Sequence[Line]) -> str:
    """Return the first bold lines, if there are any above what is not."""
    start = next((i for i, line in enumerate(lines) if line.bold and len(line.text) > 8), None)
    if start is None or _HEADING.match(lines[start].text):
        return ""
    return _together(list(takewhile(lambda line: line.bold, lines[start:])))


def _first(lines: Sequence[Line]) -> str:
    found: list[Line] = []
    for line in [line for line in lines if not _ABOVE.match(line.text)][:4]:
        if found and (_AUTHORS.search(line.text) or not _GOES_ON.search(found[-1].text)):
            break
        found.append(line)
    return _together(found)


def _together(lines: Sequence[Line]) -> str:
    texts = [line.text for line in lines]
    return one_line(" ".join(Words(" ".join(texts)).joined(texts)))
