"""A reading list -> the CSV that reads back to the same entries."""

import csv
import io
from collections.abc import Iterable

from summarize.records import Entry, Event, Paper
from summarize.sources import key
from summarize.tables import duplicates
from summarize.tables.addresses import spelled_out

_COLUMNS = (
    "title url authors venue abstract pdf section star todo take kind arxiv doi openreview".split()
)


def as_csv(entries: Iterable[Entry]) -> bytes:
    """Return a CSV of entries in UTF-8: a header, and a row for each.

    Columns that all leave empty are left out, but for the title and the address.
    """
    entries = [*entries]
    used = {name for entry in entries for name, cell in _row(entry).items() if cell}
    names = [name for name in _COLUMNS if name in used | {"title", "url"}]
    held = io.BytesIO()  # gives what it holds without a copy; `StringIO` takes four times as much
    file = io.TextIOWrapper(held, "utf-8", newline="")
    sheet = csv.writer(file, lineterminator="\n")
    sheet.writerow(names)
    for entry in entries:  # made again, rather than held: they are as large as the file
        row = _row(entry)
        sheet.writerow([row.get(name, "") for name in names])
    file.detach()
    return held.getvalue()


def _row(entry: Entry) -> dict[str, str]:
    common = {
        "title": entry.title,
        "url": entry.url,
        "section": entry.section,
        "star": "yes" if entry.star else "",
        "todo": entry.todo,
        "take": entry.take,
    }
    if isinstance(entry, Event):
        return {**common, "kind": entry.kind or "event"}
    return {
        **common,
        "authors": _authors(entry.authors),
        "venue": entry.venue,
        "abstract": entry.abstract,
        "pdf": entry.pdf,
        **_identifier(entry),
    }


def _authors(names: tuple[str, ...]) -> str:
    """Return names with semicolons between; one behind a name alone that could be taken for two."""
    joined = "; ".join(names)
    return joined + ";" if len(names) == 1 and ("," in joined or " and " in joined) else joined


def _identifier(paper: Paper) -> dict[str, str]:
    """Return the identifier of a paper that its two addresses do not tell, in its column."""
    if key((paper.url, paper.pdf)) == paper.key or duplicates.is_made(paper):
        return {}
    address = spelled_out(paper.key) or ""
    if key([address]) == paper.key:
        return {"doi" if "doi.org" in address else "arxiv": address}
    return {"openreview": paper.key}
