"""CSV as a person's spreadsheet writes it: any dialect, any order of columns, any header."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from summarize.records import ReadingList
from summarize.tables import columns
from summarize.tables.repair import is_no_text
from summarize.tables.rows import MAX_CELL, Row, listed, of_cells
from summarize.tables.table import Given, Table

MAX_LINES = 5_000  # that one quoted cell may span
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DELIMITERS = (",", ";", "\t", "|")
NO_LIST = (
    "is not a reading list: it has no title or url column",
    "its first line must name a column `title` or `url` (see the README)",
)


class Record(NamedTuple):
    """A record of the file: its line, from 1, and its cells; or why it can't be used."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def read(given: Given) -> ReadingList:
    """Read a CSV. Raises `InputError` when it has no column for a title or an address."""
    _, _, header, records = opened(given, keep=False)
    found = columns.find(header.cells)
    if not columns.usable(found):
        raise given.no_list(*NO_LIST)
    rows = (
        Row(f"{given.name}:{record.line}", problem=record.problem)
        if record.problem
        else of_cells(columns.pick(found, record.cells), f"{given.name}:{record.line}")
        for record in records
        if record.problem or any(cell.strip() for cell in record.cells)
    )
    unused = columns.unused(found, header.cells)
    notices = [f"{given.name}: columns not used: {', '.join(unused)}"] if unused else []
    return listed(
        rows, given, notices, empty=("has a header but no rows", "add a row for each paper")
    )


def opened(given: Given, *, keep: bool = True) -> tuple[list[str], str, Record, Iterator[Record]]:
    """Return a CSV's lines, what stands between its cells, its header, and what follows that.

    Unless they are to be kept, lines are let go of as they are read.
    """
    csv.field_size_limit(2**31 - 1)
    text = given.text
    given.release()
    lines = _LINE.findall(text)
    del text
    first, delimiter = _dialect(lines)
    records = _records(lines, delimiter, first, keep=keep)
    header = next((r for r in records if any(cell.strip() for cell in r.cells)), Record(1))
    return lines, delimiter, header, records


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


def _records(lines: list[str], delimiter: str, start: int, *, keep: bool) -> Iterator[Record]:
    """Yield the records from line `start` on.

    A stray quote makes a reader swallow every line up to the next one. Each record is
    therefore read by itself: one that does not close, or closes with too many cells, is
    given up at its first line, and reading goes on at the second.
    """
    width, at = 0, start
    while at < len(lines):
        cells, taken = _record(lines, at, delimiter, width)
        line, problem, said = at + 1, "", "".join(cells or ())
        if cells is None:
            problem = "a quote is opened and not closed, or text follows a closed one"
        elif "\0" in said:
            problem = "a cell holds binary data"
        elif is_no_text(said):
            problem = "a cell holds bytes that are no text"
        elif len(said) > MAX_CELL and (longest := max(map(len, cells))) > MAX_CELL:
            problem = f"a cell holds {longest / 1e6:.1f} million characters"
        elif width and len(cells) > width and any(cell.strip() for cell in cells[width:]):
            problem = f"it has {len(cells)} cells, the header has {width}"
        yield Record(line, tuple(cells or ()), problem)
        width = width or len(cells or ())
        if not keep:
            lines[at : at + taken] = [""] * taken
        at += taken


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """Read the record that begins at `lines[at]`: its cells and how many lines it took.

    Returns None for the cells of a line that is no record on its own.
    """
    ahead = map(lines.__getitem__, range(at, min(at + MAX_LINES, len(lines))))
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


def knows(given: Given) -> bool:
    """Tell whether a file's first line names columns that can name a paper."""
    if given.head.startswith(("#", "-", "*", "[", "{", "<", "@")):
        return False  # "# Papers" is a heading
    lines = given.head.splitlines(keepends=True)
    first, delimiter = _dialect(lines)
    if first >= len(lines):
        return False
    return columns.usable(columns.find(next(csv.reader([lines[first]], delimiter=delimiter), [])))


TABLE = Table("CSV", knows, read)
