"""What any format says of one entry -> an entry, or why it can't be one."""

import datetime
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarize.records import Entry, Event, Paper, ReadingList
from summarize.sources import key
from summarize.tables import addresses, columns, duplicates
from summarize.tables.repair import is_no_text, printable
from summarize.tables.table import Given

MAX_CELL = 1_000_000  # characters; the longest real abstract is a hundredth of it
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")


@dataclass(frozen=True, slots=True)
class Row:
    """What a list says of one entry, and where; or why that can't be used.

    `addresses` are as they are written, the one to link to first. `kind` is what the list calls
    it; `talk` says outright whether it is an event rather than a paper.
    """

    where: str
    title: str = ""
    addresses: Sequence[str] = ()
    pdf: str = ""
    authors: Sequence[str] = ()
    venue: str = ""
    abstract: str = ""
    section: str = ""
    star: bool = False
    todo: str = ""
    take: str = ""
    kind: str = ""
    talk: bool | None = None
    problem: str = ""


def of_cells(cells: dict[str, str], where: str) -> Row:
    """Make a row of cells by their meaning (see `columns`)."""
    return Row(
        where=where,
        title=cells.get("title", ""),
        addresses=addresses.of_row(cells),
        pdf=cells.get("pdf", ""),
        authors=columns.names(cells.get("authors", "")),
        venue=cells.get("venue", ""),
        abstract=cells.get("abstract", ""),
        section=columns.section(cells),
        star=columns.truth(cells.get("star", "")),
        todo=cells.get("todo", ""),
        take=cells.get("take", ""),
        kind=cells.get("kind", ""),
    )


def listed(
    rows: Iterable[Row],
    given: Given,
    notices: Sequence[str] = (),
    *,
    empty: tuple[str, str] = ("lists no papers", "name a list that holds at least one"),
) -> ReadingList:
    """Make a reading list of rows; those that can't be used are said, each by its place.

    `notices` may grow while the rows are made. Raises `InputError` where there is no row at all,
    with what `empty` says of that, and what to do.
    """
    entries: list[Entry] = []
    rejected: list[str] = []
    for row in rows:
        made = row.problem or entry(row, given)
        if isinstance(made, str):
            rejected.append(f"{row.where}: {made}")
        else:
            entries.append(made)
    if not entries and not rejected:
        raise given.no_list(*empty)
    joined, twice = duplicates.join(entries)
    return ReadingList(
        entries=tuple(joined),
        notices=tuple(map(printable, (*given.repairs.notices(), *twice, *notices))),
        rejected=tuple(map(printable, rejected)),
    )


def entry(row: Row, given: Given) -> Entry | str:
    """Make an entry of a row, or say why it can't be one."""
    texts = (row.title, *row.addresses, row.pdf, *row.authors, row.venue, row.abstract)
    texts = (*texts, row.section, row.todo, row.take)
    if why := _unusable("".join(texts), texts):
        return why

    def mend(text: str) -> str:
        return given.repairs.mend(text, row.where)

    urls, pdf = [mend(url) for url in row.addresses if url], addresses.of_pdf(mend(row.pdf))
    title = one_line(mend(row.title))
    common = {
        "title": title,
        "url": urls[0] if urls else "",
        "section": one_line(mend(row.section)),
        "star": row.star,
        "todo": one_line(mend(row.todo)),
        "take": mend(row.take).strip(),
        "where": row.where,
    }
    readable = bool(urls or pdf or row.abstract.strip())
    if row.talk if row.talk is not None else columns.is_event(row.kind, readable=readable):
        kind = one_line(mend(row.kind))
        told = kind.isprintable() and columns.is_event(kind, readable=bool(urls))
        if kind == "event" or not told:
            kind = ""
        return Event(**common, kind=kind) if title else "an event without a title"
    if not title and not urls:
        return "neither a title nor an address"
    return Paper(
        **common,
        key=key((*urls, pdf)) or "",  # `duplicates.join` names those that have no identifier
        authors=tuple(name for author in row.authors if (name := _name(mend(author)))),
        venue=one_line(mend(row.venue)),
        abstract=one_line(mend(row.abstract)),
        pdf=pdf or next(iter(urls[1:]), ""),
    )


def _unusable(said: str, texts: Sequence[str]) -> str:
    """Say why texts can't be used, if they can't."""
    if "\0" in said:
        return "a cell holds binary data"
    if is_no_text(said):
        return "a cell holds bytes that are no text"
    if len(said) > MAX_CELL and (longest := max(map(len, texts))) > MAX_CELL:
        return f"a cell holds {longest / 1e6:.1f} million characters"
    return ""


def _name(author: str) -> str:
    """Return a name on one line, without the semicolon that stands between names."""
    return one_line(author.replace(";", ","))


def one_line(text: str) -> str:
    """Return a text's words with one space between; the same text where that is what it is."""
    if text.isprintable() and "  " not in text and text == text.strip(" "):
        return text  # the only space that is printable is the blank: a third of the time
    joined = " ".join(text.split())
    return text if joined == text else joined  # two of each abstract would be held else


def day(date: datetime.date) -> str:
    """Return a day as a heading says it: "Tuesday, May 7, 2024"."""
    return f"{date:%A, %B} {date.day}, {date.year}"


def first_last(name: str) -> str:
    """Return "Ada Lovelace" for "Lovelace, Ada", as reference managers write names."""
    last, comma, first = name.partition(",")
    if not comma or not first.strip() or "," in first:
        return name.strip()
    return f"{first.strip()} {last.strip()}"


def plain(text: object) -> str:
    """Return the words of a text that may hold HTML; empty for what is no text.

    "a < b" stays: only what has the shape of a tag goes.
    """
    if not isinstance(text, str):
        is_number = isinstance(text, int | float) and not isinstance(text, bool)
        return str(text) if is_number else ""
    return html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text
