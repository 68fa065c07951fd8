"""OpenReview's notes, as its APIs 1 and 2 answer them, and the page it may answer instead.

https://docs.openreview.net/reference/api-v2/entities/note: in API 2 each field of a note's content
is an object with a `value`.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed
from summarize.tables.shapes import Object, first, found, places, strangers, text, texts
from summarize.tables.table import Given, Table

CHALLENGE = re.compile(r"<title>\s*Verifying your browser[^<]*OpenReview", re.IGNORECASE)
LOGIN = (
    "set OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD to an account of yours, and run "
    "`roundup import openreview:VENUE_ID`"
)


def _knows(given: Given) -> bool:
    note = first(found(given.json)[1])
    return isinstance(note.get("content"), dict) and ("forum" in note or "invitation" in note)


def read(given: Given) -> ReadingList:
    """Read notes; those that answer another (reviews, comments, decisions) are no papers."""
    name, notes = found(given.json)
    replies = sum(_is_reply(note) for note in notes)
    said = [f"{given.name}: {replies} of its notes are replies, and no papers"] if replies else []
    return listed(chain(_rows(given, name, notes), strangers(given, name, notes)), given, said)


def _rows(given: Given, name: str, notes: list[Any]) -> Iterator[Row]:
    for where, note in places(given, name, notes):
        if _is_reply(note):
            continue
        content = _values(note.get("content"))
        forum = text(note, "forum", "id")
        yield Row(
            where=where,
            title=text(content, "title"),
            addresses=[f"https://openreview.net/forum?id={forum}"] if forum else [],
            authors=texts(content.get("authors"), "fullname", "name"),
            venue=text(content, "venue"),
            abstract=text(content, "abstract"),
        )


def _is_reply(note: Any) -> bool:
    """Tell whether a note answers another."""
    if not isinstance(note, dict):
        return False
    return bool(note.get("replyto")) or note.get("forum", note.get("id")) != note.get("id")


def _values(content: Any) -> Object:
    """Return the fields of a note's content, in whichever API's form."""
    fields = content if isinstance(content, dict) else {}
    return {
        name: field["value"] if isinstance(field, dict) and "value" in field else field
        for name, field in fields.items()
    }


def _is_challenge(given: Given) -> bool:
    return given.head.startswith("<") and CHALLENGE.search(given.head) is not None


def _refuse(given: Given) -> ReadingList:
    """Raise `InputError`: this page is what OpenReview shows to whom it does not know."""
    raise given.no_list('is OpenReview\'s page "Verifying your browser", not its answer', LOGIN)


TABLE = Table("OpenReview notes", _knows, read)
CHALLENGED = Table("OpenReview's challenge", _is_challenge, _refuse)
