"""Excel's and OpenDocument's spreadsheets: the first sheet with a column for a title or an address.

python-calamine reads all of their formats, old and new, with one call, ten times faster than the
libraries of each.
"""

import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from summarize.records import ReadingList
from summarize.sources import split
from summarize.tables import columns
from summarize.tables.addresses import spelled_out
from summarize.tables.rows import Row, day, listed, of_cells
from summarize.tables.table import Given, Table

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_ADDRESSES = {"url", "openreview", "arxiv", "doi", "pdf"}
MAX_UNPACKED = 600 * 1024 * 1024  # bytes; 10,000 papers with abstracts take 20 MB
MAX_ABOVE = 20  # rows above the header
_HINT = "save it as CSV, with a column title or url"


def _knows(given: Given) -> bool:
    return given.data.startswith((_OLD, _ZIP))


def read(given: Given) -> ReadingList:
    """Read a workbook. Raises `InputError` where no sheet has a column that names papers."""
    _see_that_it_is_one(given)
    for name, cells in _sheets(given):
        head = next((i for i, row in enumerate(cells[:MAX_ABOVE]) if _names_papers(row)), None)
        if head is not None:
            return _listed(given, name, cells, head)
    raise given.no_list("is a spreadsheet without a title or url column", _HINT)


def _see_that_it_is_one(given: Given) -> None:
    """Raise `InputError` for an archive of something else, and for one that unfolds too far."""
    if given.data.startswith(_OLD):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(given.data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise given.no_list("is a damaged spreadsheet or zip archive", "save it again") from error
    if not _PARTS & {member.filename for member in members}:
        raise given.no_list("is a zip archive, not a reading list", "unpack it and name the list")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise given.no_list("unfolds to more than can be read", "split the list")


def _sheets(given: Given) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield each sheet's name and its cells."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(given.data))
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except GeneratorExit:
        raise
    except BaseException as error:
        # What calamine can't go on from is a panic, which Python shows beside all other errors.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise given.no_list(
            "is a damaged or locked spreadsheet", "save it again, or as CSV"
        ) from error


def _names_papers(row: Sequence[Any]) -> bool:
    return columns.usable(columns.find([_text(cell) for cell in row]))


def _listed(given: Given, name: str, cells: list[list[Any]], head: int) -> ReadingList:
    from summarize.tables import links

    header = [_text(cell) for cell in cells[head]]
    found = columns.find(header)
    linked = links.behind(given.data, name)
    rows = (
        _row(found, row, f"{given.name}:{at}", linked.get(at - 1, {}))
        for at, row in enumerate(cells[head + 1 :], head + 2)
    )
    unused = columns.unused(found, header)
    notices = [f"{given.name}: columns not used: {', '.join(unused)}"] if unused else []
    empty = (f'has a sheet "{name}" with a header but no rows', "add a row for each paper")
    return listed(filter(None, rows), given, notices, empty=empty)


def _row(
    found: dict[int, str], row: Sequence[Any], where: str, linked: dict[int, str]
) -> Row | None:
    """Make a row of cells; `linked` are the addresses behind them, by column."""
    cells = [_text(cell) for cell in row]
    title = ""
    for column, address in linked.items():
        meaning = found.get(column)
        if column >= len(cells) or not split(address):
            continue
        if meaning in {"title", "paper"}:
            title = address
        elif meaning in _ADDRESSES and not spelled_out(cells[column]):
            cells[column] = address  # "PDF", "link": the words that stand before it
    if not any(cells) and not title:
        return None
    picked = columns.pick(found, cells)
    if title and not _ADDRESSES & picked.keys() - {"pdf"}:
        picked["url"] = title
    return of_cells(picked, where)


def _text(cell: Any) -> str:
    """Return what a cell shows: a whole number without a point, a day as it is said."""
    if isinstance(cell, bool):
        return "yes" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date):
        return day(cell)
    return str(cell).strip()


TABLE = Table("a spreadsheet", _knows, read)
