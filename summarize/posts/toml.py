"""Hugo's other front matter: TOML between plus signs, fields first and tables after them. Pure.

We write YAML, and a person may have it in TOML (`hugo convert toTOML`, their archetypes). To be
merged with theirs, ours is put in TOML, too, and what says the same as theirs is written as theirs.
"""

import datetime
import json
import re
import tomllib
from collections.abc import Sequence

from summarize.posts import front
from summarize.posts.written import Field, Written

FENCE = "+++"
TABLES = "[]"
"""The name of what begins with the first table: all that follows belongs to one."""
_FIELD = re.compile(r"(?P<name>[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*=")
_TABLE = re.compile(r"\[")


def cut(lines: Sequence[str]) -> list[Field]:
    """Cut the lines between the fences into fields, each with all its lines."""
    end = next((at for at, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    tables = "".join(f"{line}\n" for line in lines[end:])
    return [*front.cut(lines[:end], _FIELD), *([Field(TABLES, tables)] if tables else [])]


def is_toml(fields: Sequence[Field]) -> bool:
    """Tell whether these are fields of TOML, with their fences."""
    return bool(fields) and fields[0].text.startswith(FENCE)


def like(ours: Sequence[Field], theirs: Sequence[Field]) -> tuple[Field, ...]:
    """Return fields of YAML as fields of TOML, between their fences.

    One that has the value which theirs has is written as theirs is.
    """
    if is_toml(ours) or not ours:
        return tuple(ours)
    known, values = {field.name: field for field in theirs}, front.values(Written(tuple(ours)))
    made: list[Field] = []
    for name, value in values.items():
        line = Field(name, f"{name} = {_written(value)}\n")
        there = known.get(name)
        made.append(there if there and _says(there) == _plain(value) else line)
    return (theirs[0], *made, theirs[-1])


def _says(field: Field) -> object:
    """Return the value of a field alone; None for what is no TOML by itself."""
    try:
        return _plain(next(iter(tomllib.loads(field.text).values()), None))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _plain(value: object) -> object:
    """Return a value so that those which mean the same are equal: a day is its date."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime.date):  # and a time, which is one
        value = value.isoformat()
    day = re.fullmatch(r"(\d{4}-\d\d-\d\d)T00:00:00(?:Z|\+00:00)?", str(value))
    return day[1] if day else value


def _written(value: object) -> str:
    """Write a value of front matter in TOML: words, a day, a list of words."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    # The strings of JSON are those of TOML, but for a delete character.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
