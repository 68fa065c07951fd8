"""RIS, as reference managers and publishers export it."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from summarize.records import ReadingList
from summarize.tables.addresses import spelled_out
from summarize.tables.rows import Row, first_last, listed, plain
from summarize.tables.shapes import texts
from summarize.tables.table import Given, Table

_TYPE = re.compile(r"TY  ?- ?\w")
_END = re.compile(r"ER  ?-")
_ENDED = re.compile(r"^ER  -.*\n?", re.MULTILINE)  # as the library has it
_BATCH = 500  # references that are parsed at once: they take several times the room of their text


def _knows(given: Given) -> bool:
    return any(_TYPE.match(line) for line in given.head.splitlines()[:20])


def read(given: Given) -> ReadingList:
    """Read the references. Lines that belong to none are passed over, as others do."""
    return listed(_rows(given), given, empty=("is RIS without references", "export it once more"))


def _rows(given: Given) -> Iterator[Row]:
    import rispy

    broken = (rispy.parser.ParseError, OSError, ValueError, KeyError, IndexError, TypeError)
    text = given.text.replace("\r\n", "\n").replace("\r", "\n")
    given.release()
    for first, stretch in _batches(text):
        places = list(_places(stretch, first))
        try:
            found = rispy.loads(stretch, skip_unknown_tags=False)
        except broken as error:
            why = f"is RIS that can't be read: {error}"
            raise given.no_list(why, "export it once more") from error
        for index, reference in enumerate(found):
            line = places[index] if index < len(places) else first
            yield _row(reference, f"{given.name}:{line}")


def _batches(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches of some references, each with the line that it begins on."""
    ends = [found.end() for found in _ENDED.finditer(text)]
    line = 1
    for start, end in itertools.pairwise([0, *ends[_BATCH - 1 : -1 : _BATCH], len(text)]):
        yield line, text[start:end]
        line += text.count("\n", start, end)


def _places(text: str, first: int) -> Iterator[int]:
    """Yield the line on which each reference begins: its first type since the last end."""
    is_open = False
    for number, line in enumerate(text.split("\n"), first):
        if _TYPE.match(line) and not is_open:
            is_open = True
            yield number
        elif _END.match(line):
            is_open = False


def _row(reference: dict[str, Any], where: str) -> Row:
    def said(*names: str) -> str:
        values = (reference.get(name) for name in names)
        return next((value for value in values if isinstance(value, str) and value.strip()), "")

    people = [
        name
        for field in ("authors", "first_authors", "secondary_authors", "tertiary_authors")
        for name in texts(reference.get(field))
    ]
    return Row(
        where=where,
        title=plain(said("title", "primary_title", "short_title")),
        addresses=_addresses(reference, said("doi")),
        pdf=next((p for p in texts(reference.get("file_attachments1")) if p.endswith(".pdf")), ""),
        authors=[first_last(name) for name in dict.fromkeys(people)],
        venue=said("secondary_title", "journal_name", "alternate_title3", "tertiary_title",
                   "alternate_title2", "alternate_title1", "publisher"),
        abstract=plain(said("abstract", "notes_abstract")),
        take="\n".join(plain(note) for note in texts(reference.get("notes"))),
    )  # fmt: skip


def _addresses(reference: dict[str, Any], doi: str) -> list[str]:
    urls = [spelled_out(url) or url for url in texts(reference.get("urls"))]
    return list(dict.fromkeys([*urls, *([spelled_out(doi) or doi] if doi else [])]))


TABLE = Table("RIS", _knows, read)
