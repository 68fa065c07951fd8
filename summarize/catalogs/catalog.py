"""What a catalog is to `roundup`, what it is asked, and what it says of a paper (pure)."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from summarize.records import Json, Record

IDENTIFIERS = ("openreview", "arxiv", "doi")


class Found(Record):
    """What a catalog says of one paper; empty where it says nothing.

    `arxiv` has no version, `doi` is in lower case, `published` is a date as ISO 8601 has it (or a
    month, or a year), and `tldr` is the authors' own: never a machine's.
    """

    catalog: str
    openreview: str = ""
    arxiv: str = ""
    doi: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    venue: str = ""
    published: str = ""
    code: str = ""
    tldr: str = ""


@dataclass(frozen=True)
class Identifier:
    """A paper's name in some catalog: its kind, one of `IDENTIFIERS`, and its value."""

    kind: str
    value: str


@dataclass(frozen=True)
class Query:
    """One question: a path below the catalog's address, and the JSON to send, if any."""

    path: str
    body: Json | None = None


@dataclass(frozen=True)
class Catalog:
    """A site that knows papers, and how it is asked.

    `knows` are the kinds of identifier that it can be asked for, best first, `at_once` of them in a
    request; `gives` are the fields that it may fill. Where two say something, the one of less
    `trust` gives way. It is asked `unless` another has the paper. `read` takes the JSON or the text
    of an answer and returns the papers in it; it raises `ValueError` for what is no answer.
    """

    name: str
    base: str
    trust: int
    gives: frozenset[str]
    knows: tuple[str, ...]
    at_once: int
    by_ids: Callable[[Sequence[Identifier]], Query]
    read: Callable[[Any], tuple[Found, ...]]
    by_title: Callable[[str], Query] | None = None
    unless: str = ""


# What is no text: control characters but for white space, halves of characters, byte-order marks.
_NOISE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")


def line(value: object) -> str:
    """Return a text on one line, whatever a catalog gave for it."""
    return " ".join(_NOISE.sub("", value).split()) if isinstance(value, str) else ""


def lines(values: object) -> tuple[str, ...]:
    """Return a list of texts; what is no text is left out."""
    found: Iterable[object] = values if isinstance(values, list) else ()
    return tuple(text for value in found if (text := line(value)))


def record(value: object) -> Json:
    """Return an object of JSON, empty where it is something else."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Json]:
    """Return the objects of a list. Raises `ValueError` for what is no list."""
    if not isinstance(value, list):
        raise ValueError("a list was expected")
    return [one for one in value if isinstance(one, dict)]


def plain(text: str) -> str:
    """Return the words of a text with tags and entities, such as an abstract in JATS."""
    text = re.sub(r"</?(?:jats:)?(?:i|b|em|su[bp]|italic|bold|scp?|tt)>", "", text)
    return line(html.unescape(re.sub(r"<[^<>]{0,200}>", " ", text)))


def address(text: object) -> str:
    """Return a web address that is all of a text; empty where it is none."""
    said = line(text)
    return said if re.fullmatch(r"https?://[^\s<>\"']{4,500}", said) else ""


# A page of its own on a site for code: what an abstract links to there is the paper's code.
_CODE = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/[\w.-]+/[\w.-]+")


def code_in(*texts: str) -> str:
    """Return the first address of a repository that a text names."""
    found = next(filter(None, map(_CODE.search, texts)), None)
    return found[0].rstrip(".") if found else ""
