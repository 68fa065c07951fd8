"""A plain list of addresses or identifiers (arXiv, DOI, ACL Anthology), one a line."""

import re
from collections.abc import Iterator

from summarize.records import ReadingList
from summarize.tables.addresses import spelled_out
from summarize.tables.rows import Row, listed
from summarize.tables.table import Given, Table

MOST = 0.6  # of the lines hold an address, where this is what the file is
_MARK = re.compile(r"^(?:[-*+•]\s+|\d{1,4}[.)]\s+)")
_HEADING = re.compile(r"#+\s*(.*)")
_EDGES = "<>()[]{},;\"'"


def _knows(given: Given) -> bool:
    lines = [line.strip() for line in given.head.splitlines()]
    said = [line for line in lines if line and not line.startswith("#")]
    return bool(said) and sum(_address(line) is not None for line in said) >= MOST * len(said)


def read(given: Given) -> ReadingList:
    """Read a list of addresses: what stands beside one is its title, a `#` line a heading."""
    empty = ("lists no papers", "write an address on each line")
    return listed(_rows(given), given, empty=empty)


def _rows(given: Given) -> Iterator[Row]:
    section = ""
    for number, text in enumerate(given.text.splitlines(), 1):
        line = text.strip()
        where = f"{given.name}:{number}"
        if not line:
            continue
        if heading := _HEADING.fullmatch(line):
            if _address(heading[1]) is None:  # else it is one that was commented out
                section = heading[1]
            continue
        found = _address(line)
        if found is None:
            yield Row(where, problem="no address or identifier of a paper")
            continue
        address, title = found
        yield Row(where, title=title, addresses=[address], section=section)


def _address(line: str) -> tuple[str, str] | None:
    """Return a line's address and the words beside it; None where it has no address."""
    words = _MARK.sub("", line).split()
    for at in (0, -1):
        word = words[at].strip(_EDGES) if words else ""
        if address := spelled_out(word):
            rest = words[1:] if at == 0 else words[:-1]
            return address, " ".join(rest).strip(" -–—:|,;\t")
    return None


TABLE = Table("a list of addresses", _knows, read)
