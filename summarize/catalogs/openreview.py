"""OpenReview: notes by id, of the API of today (v2) and of the one before (v1, until about 2023).

Their only difference here is that v2 wraps each value: `{"title": {"value": "..."}}`.
https://docs.openreview.net/reference/api-v2/openapi-definition
"""

import datetime
from collections.abc import Sequence
from typing import Any

from summarize.catalogs.catalog import (
    Catalog,
    Found,
    Identifier,
    Query,
    address,
    code_in,
    line,
    lines,
    record,
    records,
)

_TLDR = ("TLDR", "TL;DR", "one-sentence_summary")
_CODE = ("code", "code_link", "github", "software")


def _by_ids(wanted: Sequence[Identifier]) -> Query:
    # As the client that OpenReview keeps does it: a search by ids is a POST.
    return Query("/notes/search", {"ids": [one.value for one in wanted]})


def read(data: Any) -> tuple[Found, ...]:
    """Read the papers among the notes of an answer: reviews and comments have a `replyto`."""
    if not isinstance(data, dict):
        raise ValueError("no notes")
    notes = records(data.get("notes"))
    return tuple(_paper(note) for note in notes if line(note.get("id")) and not _reply(note))


def _reply(note: dict[str, Any]) -> bool:
    return bool(note.get("replyto")) or note.get("forum", note["id"]) != note["id"]


def _paper(note: dict[str, Any]) -> Found:
    content = {name: _value(value) for name, value in record(note.get("content")).items()}
    abstract = line(content.get("abstract"))
    named = (address(content.get(name)) for name in _CODE)
    return Found(
        catalog="OpenReview",
        openreview=line(note["id"]),
        title=line(content.get("title")),
        authors=tuple(
            name for name in lines(content.get("authors")) if not name.startswith("Anonymous")
        ),
        abstract=abstract,
        venue=line(content.get("venue")),
        published=_day(note.get("pdate") or note.get("odate") or note.get("cdate")),
        code=next(filter(None, named), "") or code_in(abstract),
        tldr=next(filter(None, (line(content.get(name)) for name in _TLDR)), ""),
    )


def _value(value: object) -> object:
    return value.get("value") if isinstance(value, dict) else value


def _day(milliseconds: object) -> str:
    """Return the date of a time since 1970, in milliseconds; empty for what is none."""
    try:
        at = datetime.datetime.fromtimestamp(float(str(milliseconds)) / 1000, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return at.date().isoformat()


_GIVES = frozenset({"title", "authors", "abstract", "venue", "published", "code", "tldr"})
CATALOG = Catalog(
    name="OpenReview",
    base="https://api2.openreview.net",
    trust=5,
    gives=_GIVES,
    knows=("openreview",),
    at_once=100,
    by_ids=_by_ids,
    read=read,
)
BEFORE = Catalog(
    name="OpenReview v1",
    base="https://api.openreview.net",
    trust=5,
    gives=_GIVES,
    knows=("openreview",),
    at_once=100,
    by_ids=_by_ids,
    read=read,
    unless="OpenReview",
)
