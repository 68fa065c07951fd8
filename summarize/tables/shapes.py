"""Values of JSON that may be anything -> what was looked for, or nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

from summarize.tables.rows import Row, plain
from summarize.tables.table import Given

Object = dict[str, Any]
# Under which name an answer holds its list, where it is not the list itself.
_LISTS = ("papers", "notes", "results", "items", "data", "entries", "publications", "list", "rows")


def under(value: Any, *names: str) -> Any:
    """Return what lies under names, one in another; None where it is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def found(value: Any) -> tuple[str, list[Any]]:
    """Return the list that a value is or holds, and the name it has there."""
    if isinstance(value, list):
        return "", value
    for name in _LISTS:
        if isinstance(held := under(value, name), list):
            return name, held
    return "", []


def first(values: Iterable[Any]) -> Object:
    """Return the first object among values: what a list is told by."""
    return next((value for value in values if isinstance(value, dict)), {})


def places(given: Given, name: str, values: list[Any]) -> Iterator[tuple[str, Object]]:
    """Yield the objects of a list, each with its place in the file, and let go of each.

    So the list and what is made of it are never held at once.
    """
    given.release()
    for index, value in enumerate(values):
        if isinstance(value, dict):
            yield f"{given.name}:{name}[{index}]", value
            values[index] = {}


def strangers(given: Given, name: str, values: list[Any]) -> Iterator[Row]:
    """Yield a row for each value of a list that is no object: none can be used."""
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            yield Row(f"{given.name}:{name}[{index}]", problem="it is no object with a title")


def text(value: Any, *names: str) -> str:
    """Return the first text under any of these names, without its HTML; else nothing."""
    if isinstance(value, dict):
        for name in names:
            if said := plain(value.get(name)).strip():
                return said
    return ""


def texts(values: Any, *names: str) -> tuple[str, ...]:
    """Return the texts of a list, whose members are texts or hold one under a name."""
    if isinstance(values, str):
        values = [values]
    if isinstance(values, dict):
        values = [values]
    if not isinstance(values, list):
        return ()
    said = (text(v, *names) if isinstance(v, dict) else plain(v).strip() for v in values)
    return tuple(filter(None, said))
