"""What announces what: the regular expressions of `cues.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from summarize.records import NoteKind, SectionKind


@dataclass(frozen=True)
class Kind:
    """What announces a kind of note, how strongly, and in which sections it is looked for."""

    name: NoteKind
    cues: tuple[tuple[float, re.Pattern[str]], ...]
    sections: Mapping[SectionKind, float]
    place: float


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))


def of(name: str) -> dict[str, re.Pattern[str]]:
    """Return the cues of a table, by what they announce."""
    return {what: re.compile(pattern) for what, pattern in _table()[name].items()}


def kinds() -> tuple[Kind, ...]:
    """Return the kinds of notes, in the order in which a post shows them."""
    return tuple(
        Kind(
            note["kind"],
            tuple((weight, re.compile(cue, re.IGNORECASE)) for weight, cue in note["cues"]),
            note["sections"],
            note["place"],
        )
        for note in _table()["note"]
    )
