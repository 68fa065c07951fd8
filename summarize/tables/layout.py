"""A CSV as it stands, for what is put into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarize.records import Entry
from summarize.tables import columns, csv
from summarize.tables.csv import Record
from summarize.tables.rows import entry, of_cells
from summarize.tables.table import Given


@dataclass(frozen=True)
class Layout:
    """How a CSV is laid out: its text is that of `lines`, joined.

    `meanings` says by index what the header's columns mean. `rows` are all rows below the header,
    also blank ones and those that can't be used, each with its entry, if it is one.
    """

    lines: Sequence[str]
    delimiter: str
    header: Record
    meanings: dict[int, str]
    rows: tuple[tuple[Record, Entry | None], ...]


def layout(data: bytes, name: str) -> Layout:
    """Read how a CSV is laid out. Raises `InputError` as `csv.read` does; it may have no rows."""
    given = Given(data, name)
    lines, delimiter, header, records = csv.opened(given)
    found = columns.find(header.cells)
    if not columns.usable(found):
        raise given.no_list(*csv.NO_LIST)

    def made(record: Record) -> Entry | None:
        if record.problem or not any(cell.strip() for cell in record.cells):
            return None
        row = entry(of_cells(columns.pick(found, record.cells), f"{name}:{record.line}"), given)
        return None if isinstance(row, str) else row

    return Layout(lines, delimiter, header, found, tuple((r, made(r)) for r in records))
