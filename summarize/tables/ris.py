"""RIS, as reference managers and publishers export it."""

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


def _knows(given: Given) -> bool:
    return any(_TYPE.match(line) for line in given.head.splitlines()[:20])


def read(given: Given) -> ReadingList:
    """Read the references. Lines that belong to none are passed over, as others do."""
    return listed(_rows(given), given, empty=("is RIS without references", "export it once more"))


def _rows(given: Given) -> Iterator[Row]:
    import rispy

    text = given.text.replace("\r\n", "\n").replace("\r", "\n")
    places = list(_places(text))
    try:
        found = rispy.loads(text, skip_unknown_tags=False)
    except (rispy.parser.ParseError, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise given.no_list(f"is RIS that can't be read: {error}", "export it once more") from error
    for index, reference in enumerate(found):
        line = places[index] if index < len(places) else 1
        yield _row(reference, f"{given.name}:{line}")


def _places(text: str) -> Iterator[int]:
    """Yield the line on which each reference begins: its first type since the last end."""
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
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
