"""What announces what: the regular expressions of `cues.toml`, and how a text is asked for them."""

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
    needs: re.Pattern[str]
    never: re.Pattern[str]

    def is_surely(self, line: str) -> bool:
        """Tell whether a spaced line is of this kind rather than of another one."""
        return self.needs.search(line) is not None and self.never.search(line) is None


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))


@lru_cache(maxsize=4)
def of(name: str) -> dict[str, re.Pattern[str]]:
    """Return the cues of a table, by what they announce."""
    return {what: re.compile(pattern) for what, pattern in _table()[name].items()}


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of notes, in the order in which a post shows them."""
    return tuple(
        Kind(
            note["kind"],
            tuple((weight, re.compile(cue)) for weight, cue in note["cues"]),
            note["sections"],
            note["place"],
            re.compile(note["needs"]),
            re.compile(note["never"]),
        )
        for note in _table()["note"]
    )


_INNER = re.compile(r"(?<=[^\w\s])(?=[^\W\d_])")


@lru_cache(maxsize=1024)
def spaced(text: str) -> str:
    """Return a text as cues are looked for in it: in lower case, a space before each word.

    A search for " word" skips from space to space; one for a word's boundary tries every letter.
    Each of a paper's sentences is asked for several cues in turn.
    """
    return " " + _INNER.sub(" ", text.lower())


CONTRIBUTION = re.compile(
    r" (?:we|this (?:paper|work|article|study|note|letter)|the (?:paper|authors?))\s+"
    r"(?:\w+ly |also |then |here |further |first |instead |now |will |aim to |can |have |ve )*"
    r"(?:propose|present|introduce|develop|show|prove|demonstrate|describe|study|investigate|"
    r"provide|give|derive|design|establish|address|consider|analy[sz]e|find|report|measure|"
    r"explore|examine|argue|formulate|extend|devise|offer|suggest|apply|use|construct|build|"
    r"evaluate|compare|characteri[sz]e|obtain|initiate|reveal|observe|identify|learn|train|"
    r"tackle|focus|discuss|leverage|combine|employ|adopt|aim|create|generali[sz]e|"
    r"implement|perform|conduct|time|simplif(?:y|ie)|interpret|motivate|solve|experiment)"
    r"(?:e?s|d|ed)?\b",
)
"""What says that the authors did something, in a text that is spaced."""


_SUPPOSES = re.compile(
    r"^ (?:if|suppose|let|when|once|assume|recall|note|we (?:say|call|denote|write|recall|note))\b"
)


def announces(text: str) -> bool:
    """Tell whether a line says what the authors did, rather than what is known or supposed."""
    line = spaced(text)
    return CONTRIBUTION.search(line) is not None and not _SUPPOSES.match(line)
