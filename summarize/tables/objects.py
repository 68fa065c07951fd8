"""JSON and JSON lines whose objects have a title or an address under any of a column's names."""

import json
import re
from collections.abc import Iterator
from typing import Any

from summarize.errors import InputError
from summarize.records import ReadingList
from summarize.tables import columns
from summarize.tables.rows import Row, listed, of_cells, plain
from summarize.tables.shapes import Object, found, text
from summarize.tables.table import Given, Table

_HINT = "a list of objects is wanted, each with a title or an url"
_LINE = re.compile(r"^.*$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]\n]*\]\(")  # of Markdown, which begins with a bracket, too
# Who rates papers with a model (gpt_paper_assistant) keeps the model's words as a comment.
_RATED = {"RELEVANCE", "NOVELTY"}


def _knows(given: Given) -> bool:
    return given.json is not None


def read(given: Given) -> ReadingList:
    """Read the objects of a list, also of a list of lists, or of one under a name."""
    unused: dict[str, None] = {}
    notices: list[str] = []
    rows = list(_rows(_flat(given), given, unused))
    if unused:
        notices.append(f"{given.name}: fields not used: {', '.join(unused)}")
    return listed(rows, given, notices, empty=("is JSON that lists no papers", _HINT))


def _flat(given: Given) -> Iterator[tuple[str, Any]]:
    """Yield the values of a list, or of lists in it, each with its place."""
    name, values = found(given.json)
    if not values and text(given.json, "title"):
        yield given.name, given.json
    for index, value in enumerate(values):
        if isinstance(value, list):
            for inner, member in enumerate(value):
                yield f"{given.name}:{name}[{index}][{inner}]", member
        else:
            yield f"{given.name}:{name}[{index}]", value


def _rows(
    values: Iterator[tuple[str, Any]], given: Given, unused: dict[str, None]
) -> Iterator[Row]:
    for where, value in values:
        if isinstance(value, dict):
            yield _row(value, where, unused)
        elif isinstance(value, str):
            yield of_cells({"url": value}, where)
        else:
            yield Row(where, problem="it is no object with a title")


def _row(fields: Object, where: str, unused: dict[str, None]) -> Row:
    if fields.keys() >= _RATED:
        fields = {name: value for name, value in fields.items() if name != "COMMENT"}
    names = list(fields)
    meant = columns.find(names)
    unused |= dict.fromkeys(columns.unused(meant, names))
    return of_cells(columns.pick(meant, [_cell(value) for value in fields.values()]), where)


def _cell(value: Any) -> str:
    """Return a value as a cell would hold it: lists of names with semicolons between."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        said = (
            text(v, "name", "fullname", "text") if isinstance(v, dict) else plain(v) for v in value
        )
        return "; ".join(filter(None, said)) + ";" * (len(value) == 1)
    return plain(value)


# --- one object a line ----------------------------------------------------------------------------


def _knows_lines(given: Given) -> bool:
    first, line_end, _ = given.head.partition("\n")
    if not re.match(r'\{\s*"', first):
        return False
    return first.rstrip().endswith("}") or not line_end


def _read_lines(given: Given) -> ReadingList:
    """Read an object from each line; a line that holds none is said, by its number."""
    unused: dict[str, None] = {}
    rows = [
        _line(line[0], f"{given.name}:{number}", unused)
        for number, line in enumerate(_LINE.finditer(given.text), 1)  # one at a time, not all
        if line[0].strip()
    ]
    if all(row.problem for row in rows):
        return _broken(given)
    given.release()
    notices = [f"{given.name}: fields not used: {', '.join(unused)}"] if unused else []
    return listed(rows, given, notices)


def _line(line: str, where: str, unused: dict[str, None]) -> Row:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Row(where, problem="it is not valid JSON")
    if not isinstance(value, dict):
        return Row(where, problem="it is no object with a title")
    return _row(value, where, unused)


# --- what should be JSON and is not ---------------------------------------------------------------


def _is_meant(given: Given) -> bool:
    """Tell whether a file that is no JSON was meant to be some."""
    start = "".join(given.head[:200].split())
    return start.startswith(("{", "[{", "[[", '["')) and not _LINK.match(given.head)


def _broken(given: Given) -> ReadingList:
    """Raise `InputError` with the place at which the JSON breaks."""
    try:
        json.loads(given.text)
    except json.JSONDecodeError as error:
        where = f"{given.name}:{error.lineno}"
        raise InputError(f"{where}: it is not valid JSON: {error.msg}", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise given.no_list("is JSON that can't be read", _HINT) from error
    raise given.no_list("is JSON that lists no papers", _HINT)


TABLE = Table("JSON", _knows, read)
LINES = Table("JSON lines", _knows_lines, _read_lines)
BROKEN = Table("broken JSON", _is_meant, _broken)
