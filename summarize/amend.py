"""A CSV list, with cells filled in and rows added: all else stays as it is, byte for byte (pure).

A cell that holds anything is never written to. New columns come after the last one, new rows after
the last row, in the list's own dialect: its delimiter, quotes, line ends and encoding.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarize.errors import InputError, OutputError
from summarize.records import Entry, Paper
from summarize.tables.columns import ALIASES
from summarize.tables.csv import Record
from summarize.tables.layout import Layout, layout

# What may be put into a list beside what `tables` reads, with the headers it goes by.
MORE: dict[str, tuple[str, ...]] = {
    "published": ("published", "publicationdate", "publisheddate", "datepublished"),
    "code": ("code", "codelink", "codeurl", "github", "repository", "repo"),
    "author_tldr": ("authortldr", "authorstldr"),
}
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "cp1252"),
)
_FIRST = ("title", "url", "authors", "venue", "abstract", "published", "arxiv")  # of new columns
_FORMULA = re.compile(r"[=+\-@]")  # what a spreadsheet takes a cell for that begins so

Values = Mapping[str, str]


@dataclass(frozen=True)
class Amended:
    """A list as it is now; `notice` says what else was done to it."""

    data: bytes
    columns: tuple[str, ...] = ()
    notice: str = ""


class Sheet:
    """A list as its file has it. Raises `InputError` for a file that is no CSV list."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        try:
            self._layout = layout(data, name)
        except InputError as error:
            raise InputError(
                f"{name} is no CSV with a title or url column, and only such a list is written to",
                "make one of it with `roundup import`, or save it as CSV",
            ) from error
        self._bom, self._encoding = _encoding(data, "".join(self._layout.lines), name)
        self._columns = dict(_columns(self._layout))

    @property
    def papers(self) -> list[tuple[int, Paper]]:
        """The papers, each with the index of its row."""
        rows = enumerate(self._layout.rows)
        return [(index, entry) for index, (_, entry) in rows if isinstance(entry, Paper)]

    @property
    def entries(self) -> list[Entry]:
        """All entries, in order."""
        return [entry for _, entry in self._layout.rows if entry]

    def has(self, name: str) -> bool:
        """Tell whether there is a column for something."""
        return name in self._columns

    def cell(self, row: int, name: str) -> str:
        """Return what a row says of something; of several columns, the first that says it."""
        cells = self._layout.rows[row][0].cells
        held = (cells[i].strip() for i in self._columns.get(name, ()) if i < len(cells))
        return next(filter(None, held), "")

    def amended(
        self, fills: Mapping[int, Values], added: Sequence[Values] = (), *, recode: bool = False
    ) -> Amended:
        """Return the list with empty cells filled, by row and name, and rows added.

        With `recode`, an encoding that can't hold what is new becomes UTF-8. Raises `InputError`
        where it would have to and may not.
        """
        new = self._new_columns([*fills.values(), *added])
        lines, rows = list(self._layout.lines), [row for row, _ in self._layout.rows]
        starts = [self._layout.header.line, *(row.line for row in rows), len(lines) + 1]
        head = "".join(lines[: starts[0] - 1])
        raws = ["".join(lines[a - 1 : b - 1]) for a, b in itertools.pairwise(starts)]
        width = len(self._layout.header.cells)
        places = {name: indices[0] for name, indices in self._columns.items()}
        places |= {name: width + i for i, name in enumerate(new)}
        header = {places[name]: name for name in new}
        done = [self._put(raws[0], self._layout.header, header, width + len(new))]
        for index, (row, raw) in enumerate(zip(rows, raws[1:], strict=True)):
            values = {n: v for n, v in fills.get(index, {}).items() if not self.cell(index, n)}
            cells = {places[name]: value for name, value in values.items() if value}
            done.append(self._put(raw, row, cells, width + len(new) if new else 0))
        text = head + "".join(done) + self._added(added, places, width + len(new), "".join(done))
        data, notice = self._encoded(text, recode=recode)
        self._see_that_all_is_there(data)
        return Amended(data, tuple(new), notice)

    def _new_columns(self, values: Iterable[Values]) -> list[str]:
        used = {name for some in values for name, value in some.items() if value}
        order = [*_FIRST, *(name for name in (*ALIASES, *MORE) if name not in _FIRST)]
        return sorted(used - self._columns.keys(), key=order.index)

    def _put(self, raw: str, row: Record, cells: Mapping[int, str], width: int) -> str:
        """Return a row with some empty cells filled, and so many cells at least, if it has any."""
        if row.problem or not any(cell.strip() for cell in row.cells):
            return raw
        body = raw.rstrip("\r\n")
        spans = _spans(body, self._layout.delimiter)
        if not _reads_as(body, row.cells, self._layout.delimiter) or len(spans) != len(row.cells):
            # A row that was read with some indulgence is left alone, but for its length: by that
            # it is known.
            return body + self._layout.delimiter * (width - len(row.cells)) + raw[len(body) :]
        parts = [body[a:b] for a, b in spans]
        parts += [""] * (max([width, *(index + 1 for index in cells)]) - len(parts))
        for index, value in cells.items():
            if not parts[index].strip().strip('"').strip():
                parts[index] = self._quoted(value)
        return self._layout.delimiter.join(parts) + raw[len(body) :]

    def _added(
        self, added: Sequence[Values], places: Mapping[str, int], width: int, before: str
    ) -> str:
        """Return the rows that are added, each on its line."""
        if not added:
            return ""
        first = self._layout.lines[self._layout.header.line - 1]
        end = first[len(first.rstrip("\r\n")) :] or "\n"
        rows = []
        for values in added:
            parts = [""] * width
            for name, value in values.items():
                if value:
                    parts[places[name]] = self._quoted(value)
            rows.append(self._layout.delimiter.join(parts))
        if before.endswith(("\n", "\r")):
            return "".join(row + end for row in rows)
        return "".join(end + row for row in rows)

    def _quoted(self, value: str) -> str:
        """Return a cell as this list writes its cells."""
        if _FORMULA.match(value):
            value = f" {value}"  # a text: what a stranger wrote must not run in a spreadsheet
        all_quoted = self._layout.lines[self._layout.header.line - 1].startswith('"')
        if all_quoted or re.search(r'["\r\n]', value) or self._layout.delimiter in value:
            return '"' + value.replace('"', '""') + '"'
        return value

    def _encoded(self, text: str, *, recode: bool) -> tuple[bytes, str]:
        try:
            return self._bom + text.encode(self._encoding, _HANDLER[self._encoding]), ""
        except UnicodeEncodeError as error:
            if not recode:
                raise InputError(
                    f"{self._name} is in windows-1252, which has no {text[error.start]!r}",
                    "save it as UTF-8 first, or write elsewhere with -o (as UTF-8)",
                ) from error
        return text.encode("utf-8"), f"{self._name} is in windows-1252; written as UTF-8"

    def _see_that_all_is_there(self, data: bytes) -> None:
        """Raise `OutputError` unless each cell that held something is as it was."""
        now = layout(data, self._name)
        before = [self._layout.header, *(row for row, _ in self._layout.rows)]
        after = [now.header, *(row for row, _ in now.rows)]
        for old, new in zip(before, after, strict=False):
            kept = all(
                a == b for a, b in zip(old.cells, new.cells, strict=False) if a.strip()
            ) and len(new.cells) >= len(old.cells)
            if not kept or old.problem != new.problem:
                raise OutputError(
                    f"{self._name}:{old.line}: this row would not stay as it is; nothing is written"
                )
        if len(after) < len(before):
            raise OutputError(f"{self._name}: a row would be lost; nothing is written")


_HANDLER = {
    encoding: "surrogateescape" if encoding == "utf-8" else "strict" for _, encoding in _ENCODINGS
}


def _encoding(data: bytes, text: str, name: str) -> tuple[bytes, str]:
    """Return the mark and the encoding in which a text is just these bytes."""
    for bom, encoding in _ENCODINGS:
        try:
            if data == bom + text.encode(encoding, _HANDLER[encoding]):
                return bom, encoding
        except UnicodeEncodeError:
            continue
    raise InputError(f"{name} is in an encoding that can't be written back", "save it as UTF-8")


def _columns(found: Layout) -> Iterable[tuple[str, tuple[int, ...]]]:
    """Yield the columns of each meaning."""
    names = {re.sub(r"[\W_]+", "", c.casefold()): i for i, c in enumerate(found.header.cells)}
    for meaning in dict.fromkeys(found.meanings.values()):
        yield meaning, tuple(i for i, m in found.meanings.items() if m == meaning)
    for name, aliases in MORE.items():
        if indices := tuple(names[alias] for alias in aliases if alias in names):
            yield name, indices


def _spans(body: str, delimiter: str) -> list[tuple[int, int]]:
    """Return where the cells of a record begin and end (RFC 4180)."""
    spans, start, quoted = [], 0, False
    for found in re.finditer(f'["{re.escape(delimiter)}]', body):
        at = found.start()
        if found[0] == delimiter and not quoted:
            spans.append((start, at))
            start = at + 1
        elif found[0] == '"' and (quoted or not body[start:at].strip()):
            quoted = not quoted  # a doubled one closes and opens
    return [*spans, (start, len(body))]


def _reads_as(body: str, cells: Sequence[str], delimiter: str) -> bool:
    try:
        read = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return read == [list(cells)]


def empty(columns: Sequence[str]) -> bytes:
    """Return a list with these columns and no rows."""
    return (",".join(columns) + "\n").encode()
