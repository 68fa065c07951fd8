"""CSV as a person's spreadsheet writes it: any dialect, any order of columns, any header."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarize.errors import InputError
from summarize.records import Entry, Event, Paper, ReadingList
from summarize.sources import key
from summarize.tables import addresses, columns, duplicates
from summarize.tables.repair import LONE, Repairs

MAX_CELL = 1_000_000  # characters; the longest real abstract is a hundredth of it
MAX_LINES = 5_000  # that one quoted cell may span
_DELIMITERS = (",", ";", "\t", "|")
_EXAMPLE = "its first line must name a column `title` or `url` (see the README)"


@dataclass(frozen=True)
class Row:
    """A record of the file: its line, from 1, and its cells; or why it can't be used."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def read(data: bytes, name: str) -> ReadingList:
    """Read a CSV. Raises `InputError` when it has no column for a title or an address."""
    csv.field_size_limit(2**31 - 1)
    repairs = Repairs(name)
    lines = list(io.StringIO(repairs.decode(data), newline=""))
    first, delimiter = _dialect(lines)
    rows = _rows(lines, delimiter, first)
    header = next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
    found = columns.find(header.cells) if header else {}
    if not header or not columns.usable(found):
        raise InputError(f"{name} is not a reading list: it has no title or url column", _EXAMPLE)

    entries: list[Entry] = []
    rejected: list[str] = []
    for row in rows:
        if not row.problem and not any(cell.strip() for cell in row.cells):
            continue
        where = f"{name}:{row.line}"
        entry = row.problem or _entry(columns.pick(found, row.cells), where, repairs)
        if isinstance(entry, str):
            rejected.append(f"{where}: {entry}")
        else:
            entries.append(entry)
    if not entries and not rejected:
        raise InputError(f"{name} has a header but no rows", "add a row for each paper")

    joined, notices = duplicates.join(entries)
    unused = columns.unused(found, header.cells)
    if unused:
        notices.append(f"{name}: columns not used: {', '.join(unused)}")
    return ReadingList(
        entries=tuple(joined), notices=(*repairs.notices(), *notices), rejected=tuple(rejected)
    )


def _dialect(lines: list[str]) -> tuple[int, str]:
    """Return the index of the header's line and the delimiter that splits it best."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    head = lines[first].rstrip("\r\n") if lines else ""
    if re.fullmatch(r'sep=[^"\0\ud800-\udfff]', head, re.IGNORECASE):
        return first + 1, head[4]  # Excel's own hint

    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return len(columns.find(tuple(cells))), len(cells)

    return first, max(_DELIMITERS, key=known)


def _rows(lines: list[str], delimiter: str, start: int) -> Iterator[Row]:
    """Yield the records from line `start` on.

    A stray quote makes a reader swallow every line up to the next one. Each record is
    therefore read by itself: one that does not close, or closes with too many cells, is
    given up at its first line, and reading goes on at the second.
    """
    width, at = 0, start
    while at < len(lines):
        cells, taken = _record(lines, at, delimiter, width)
        line, problem = at + 1, ""
        if cells is None:
            problem = "a quote is opened and not closed, or text follows a closed one"
        elif any("\0" in cell for cell in cells):
            problem = "a cell holds binary data"
        elif any(map(LONE.search, cells)):
            problem = "a cell holds bytes that are no text"
        elif (longest := max(map(len, cells), default=0)) > MAX_CELL:
            problem = f"a cell holds {longest / 1e6:.1f} million characters"
        elif width and len(cells) > width and any(cell.strip() for cell in cells[width:]):
            problem = f"it has {len(cells)} cells, the header has {width}"
        yield Row(line, tuple(cells or ()), problem)
        width = width or len(cells or ())
        at += taken


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """Read the record that begins at `lines[at]`: its cells and how many lines it took.

    Returns None for the cells of a line that is no record on its own.
    """
    ahead = iter(lines[at : at + MAX_LINES])
    reader = csv.reader(ahead, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        cells = None
    if cells is not None and (reader.line_num == 1 or not width or len(cells) <= width):
        return cells, reader.line_num
    if '"' not in lines[at]:
        return cells, 1
    alone = next(csv.reader([lines[at]], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    plain = [cell.strip('"') for cell in alone]
    return (plain if len(alone) == width else None), 1


def _entry(cells: dict[str, str], where: str, repairs: Repairs) -> Entry | str:
    """Make an entry of one row's cells, by their meaning; or say why it can't be one."""
    cells = {meaning: repairs.mend(text, where) for meaning, text in cells.items()}
    urls, pdf = addresses.of_row(cells), addresses.of_pdf(cells.get("pdf", ""))
    title = " ".join(cells.get("title", "").split())
    common = {
        "title": title,
        "url": urls[0] if urls else "",
        "section": columns.section(cells),
        "star": columns.truth(cells.get("star", "")),
        "todo": " ".join(cells.get("todo", "").split()),
        "take": cells.get("take", "").strip(),
        "where": where,
    }
    readable = bool(urls or pdf or cells.get("abstract", "").strip())
    if columns.is_event(cells.get("kind", ""), readable=readable):
        return Event(**common) if title else "an event without a title"
    if not title and not urls:
        return "neither a title nor an address"
    return Paper(
        **common,
        key=key((*urls, pdf)) or "",  # `duplicates.join` names those that have no identifier
        authors=columns.names(cells.get("authors", "")),
        venue=cells.get("venue", "").strip(),
        abstract=" ".join(cells.get("abstract", "").split()),
        pdf=pdf or next(iter(urls[1:]), ""),
    )


@dataclass(frozen=True)
class Layout:
    """A CSV as it stands, for what is put into it: its text is that of `lines`, joined.

    `meanings` says by index what the header's columns mean. `rows` are all rows below the header,
    also blank ones and those that can't be used, each with its entry, if it is one.
    """

    lines: tuple[str, ...]
    delimiter: str
    header: Row
    meanings: dict[int, str]
    rows: tuple[tuple[Row, Entry | None], ...]


def layout(data: bytes, name: str) -> Layout:
    """Read how a CSV is laid out. Raises `InputError` as `read` does; a list may have no rows."""
    csv.field_size_limit(2**31 - 1)
    repairs = Repairs(name)
    lines = list(io.StringIO(repairs.decode(data), newline=""))
    first, delimiter = _dialect(lines)
    rows = _rows(lines, delimiter, first)
    header = next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
    found = columns.find(header.cells) if header else {}
    if not header or not columns.usable(found):
        raise InputError(f"{name} is not a reading list: it has no title or url column", _EXAMPLE)

    def entry(row: Row) -> Entry | None:
        if row.problem or not any(cell.strip() for cell in row.cells):
            return None
        made = _entry(columns.pick(found, row.cells), f"{name}:{row.line}", repairs)
        return None if isinstance(made, str) else made

    return Layout(tuple(lines), delimiter, header, found, tuple((row, entry(row)) for row in rows))
