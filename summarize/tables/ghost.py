"""A post of notes as its text alone, as it is copied from a blog: headings are lines like others.

A heading is a short line that ends no sentence. Ghost's footnotes go with who refers to them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from summarize.records import ReadingList
from summarize.tables import outline
from summarize.tables.outline import Block
from summarize.tables.rows import Row, listed
from summarize.tables.table import Given, Table

MAX_HEADING = 130  # characters
_KIND = re.compile(
    r"(?:\w+ ){0,2}(?:talk|keynote|oral|poster|spotlight|workshop|tutorial|panel|social|session)s?"
    r"\b[^:.]{0,40}:",
    re.IGNORECASE,
)
_HOLDS_OTHERS = re.compile(r"\b(?:session|workshop|poster|oral)s?\b", re.IGNORECASE)
_END = re.compile(r"[.:;,!…\"”'↩\ufe0e\ufe0f]\s*(?:\[\d+\])?$|\[\d+\]$")
_NOTE = re.compile(r"(.*?)\s*↩\ufe0e?\ufe0f?$")
_FOOT = {"member discussion", "comments", "share this post", "sign up for more like this."}


def _knows(given: Given) -> bool:
    if given.head.startswith(("<", "{", "[", "---")):
        return False
    return any(_KIND.match(line) and _is_heading(line) for line in given.text.splitlines())


def read(given: Given) -> ReadingList:
    """Read the talks and papers of a post of notes, with the words below each."""
    notes: dict[int, str] = {}
    found = list(outline.rows(list(_blocks(given, notes))))
    rows = [_with_notes(row, notes) for row in found]
    return listed(rows, given, empty=("holds no entries", "give a list with titles or addresses"))


def _blocks(given: Given, notes: dict[int, str]) -> Iterator[Block]:
    is_inside, begun = False, False
    body: list[str] = []
    for number, text in enumerate(given.text.splitlines(), 1):
        line, where = text.strip(), f"{given.name}:{number}"
        if note := _NOTE.fullmatch(line):
            notes[len(notes) + 1] = note[1]
        elif line and line.casefold() not in _FOOT:
            kind = bool(_KIND.match(line))
            begun = begun or (kind and _is_heading(line))
            if not begun or not _is_heading(line):
                body.append(line)
                continue
            yield from _text(body, where)
            is_inside = bool(_HOLDS_OTHERS.search(line.partition(":")[0])) if kind else is_inside
            yield Block(2 if kind or not is_inside else 3, line, where)
    yield from _text(body, given.name)


def _text(body: list[str], where: str) -> Iterator[Block]:
    """Yield the lines that were gathered as one block: lists and tables stay together."""
    if body:
        yield Block(-1, "\n".join(_spaced(body)), where)
        body.clear()


def _spaced(lines: list[str]) -> Iterator[str]:
    """Yield lines with a blank one between paragraphs."""
    before = ""
    for line in lines:
        if before and not (before[0] == line[0] and line[0] in "-|"):
            yield ""
        yield line
        before = line


def _is_heading(line: str) -> bool:
    if not 8 <= len(line) <= MAX_HEADING or line[0] in "-*|>•":
        return False
    return _END.search(line) is None and not line[0].islower()


def _with_notes(row: Row, notes: dict[int, str]) -> Row:
    """Return a row whose take ends with the footnotes that it refers to."""
    numbers = dict.fromkeys(int(number) for number in re.findall(r"\[(\d{1,4})\]", row.take))
    said = [f"[{number}] {notes[number]}" for number in numbers if number in notes]
    return replace(row, take="\n\n".join([row.take, *said])) if said else row


TABLE = Table("text of a post", _knows, read)
