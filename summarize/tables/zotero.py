"""Zotero's CSV: its columns mean other things than a person's (a year, tags, paths of files)."""

import re

from summarize.records import ReadingList
from summarize.sources import arxiv
from summarize.tables import csv
from summarize.tables.addresses import spelled_out
from summarize.tables.rows import Row, first_last, listed, plain
from summarize.tables.table import Given, Table

_ARXIV = re.compile(r"\barxiv:\s*(\S+)", re.IGNORECASE)
_NOT_ENTRIES = {"attachment", "note", "annotation"}


def _knows(given: Given) -> bool:
    first = given.head.partition("\n")[0].replace('"', "")
    return first.startswith("Key,Item Type,") or ("Item Type" in first and "Abstract Note" in first)


def read(given: Given) -> ReadingList:
    """Read a library's export. Zotero's notes are the person's take."""
    _, _, header, records = csv.opened(given, keep=False)
    names = [name.strip().casefold() for name in header.cells]
    rows = (
        Row(f"{given.name}:{record.line}", problem=record.problem)
        if record.problem
        else _row(dict(zip(names, record.cells, strict=False)), f"{given.name}:{record.line}")
        for record in records
        if record.problem or any(cell.strip() for cell in record.cells)
    )
    return listed(
        (row for row in rows if row.kind not in _NOT_ENTRIES),
        given,
        empty=("has a header but no rows", "export the library once more"),
    )


def _row(cells: dict[str, str], where: str) -> Row:
    def said(*names: str) -> str:
        return next((cell for name in names if (cell := cells.get(name, "").strip())), "")

    extra = _ARXIV.search(said("extra"))
    found = [
        spelled_out(said("url")) or said("url"),
        spelled_out(said("doi")) or "",
        arxiv.address_of(extra[1]) or "" if extra else "",
    ]
    files = (path.strip() for path in said("file attachments").split(";"))
    return Row(
        where=where,
        title=plain(said("title")),
        addresses=list(dict.fromkeys(filter(None, found))),
        pdf=next((path for path in files if path.casefold().endswith(".pdf")), ""),
        authors=[first_last(name.strip()) for name in said("author").split(";")],
        venue=said("publication title", "proceedings title", "conference name", "publisher"),
        abstract=plain(said("abstract note")),
        take=plain(said("notes")),
        kind=said("item type"),
        talk=said("item type") == "presentation",
    )


TABLE = Table("Zotero's CSV", _knows, read)
