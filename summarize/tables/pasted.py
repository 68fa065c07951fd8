"""Text pasted from Hugging Face Papers: titles and abstracts by turns, a line each."""

import re
from collections.abc import Iterator

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed
from summarize.tables.table import Given, Table

MAX_TITLE = 250  # characters
MIN_ABSTRACT = 250
_FRAME = re.compile(
    r"Get trending papers in your email inbox|Upvote\b|Submitted by\b", re.IGNORECASE
)
_BUTTON = re.compile(r"^Subscribe(?=\S)")  # stands before the first title without a space
# What a page shows between papers: counts, dates, dots.
_CRUMB = re.compile(r"[\W\d_]*(?:\w+ \d{1,2}(?:, \d{4})?|authors?|[km])?[\W\d_]*", re.IGNORECASE)


def _knows(given: Given) -> bool:
    """Tell whether a text's lines are short and long by turns."""
    lines = [line for _, line in _lines(given.head.rpartition("\n")[0] or given.head)]
    titles, abstracts = lines[::2], lines[1::2]
    if not abstracts or given.head.startswith(("---", "<", "{", "[", "#")):
        return False
    fitting = sum(
        len(title) <= MAX_TITLE and len(abstract) >= MIN_ABSTRACT
        for title, abstract in zip(titles, abstracts, strict=False)
    )
    return fitting > 0.8 * len(abstracts) and not any(
        line.startswith(("- ", "* ")) for line in titles
    )


def read(given: Given) -> ReadingList:
    """Read the papers. A title without an abstract is a paper all the same."""
    return listed(_rows(given), given)


def _rows(given: Given) -> Iterator[Row]:
    title, at = "", 0
    for number, line in _lines(given.text):
        if title and len(line) >= MIN_ABSTRACT:
            yield Row(f"{given.name}:{at}", title=title, abstract=line)
            title = ""
        elif len(line) > MAX_TITLE:
            yield Row(f"{given.name}:{number}", problem="an abstract without a title above it")
        else:
            if title:
                yield Row(f"{given.name}:{at}", title=title)
            title, at = line, number
    if title:
        yield Row(f"{given.name}:{at}", title=title)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something of a paper, with their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if words and not _FRAME.match(words) and not _CRUMB.fullmatch(words):
            yield number, _BUTTON.sub("", words)


TABLE = Table("text of Hugging Face Papers", _knows, read)
