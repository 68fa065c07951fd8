"""What people call their columns, and what they write in them."""

import re
from collections.abc import Sequence

# Each meaning with the headers it goes by, compared without case, spaces and punctuation.
ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "papertitle", "name", "heading", "entry"),
    "url": ("url", "link", "href", "address", "website", "web", "page", "paperurl", "paperlink",
            "uri", "forumurl", "landingpage"),
    "openreview": ("openreview", "openreviewid", "openreviewurl", "openreviewlink", "forum",
                   "forumid"),
    "arxiv": ("arxiv", "arxivid", "arxivurl", "arxivlink", "eprint"),
    "doi": ("doi",),
    "pdf": ("pdf", "pdfurl", "pdflink", "file", "filename", "path"),
    "authors": ("authors", "author", "by", "creator"),
    "venue": ("venue", "conference", "journal", "booktitle"),
    "abstract": ("abstract", "abstractnote"),
    "day": ("day",),
    "date": ("date", "when"),
    "session": ("session", "section", "track", "topic", "group"),
    "kind": ("kind", "type", "itemtype"),
    "star": ("star", "starred", "favourite", "favorite", "fav", "toread", "interesting",
             "priority", "mustread"),
    "todo": ("todo", "action", "nextstep", "followup"),
    "take": ("take", "mytake", "note", "notes", "mynotes", "comment", "comments", "reaction",
             "thoughts", "remarks"),
}  # fmt: skip
# Headers that say either of two things: the cells decide.
_EITHER: dict[str, tuple[str, str]] = {"paper": ("url", "title"), "abs": ("url", "abstract")}

_MEANINGS = {alias: meaning for meaning, aliases in ALIASES.items() for alias in aliases}
_ADDRESS = re.compile(r"^\s*(?:https?://|www\.|doi:|arxiv:)|^\s*\d{4}\.\d{4,5}(?:v\d+)?\s*$", re.I)
_EVENT = re.compile(
    r"\b(?:event|talk|workshop|social|tutorial|keynote|panel|session|meetup|meeting|party|"
    r"break|competition|demo|discussion|lunch|dinner|reception|ceremony|expo|other)s?\b",
    re.I,
)
_PAPER = re.compile(r"\b(?:paper|article|preprint)s?\b", re.I)
_FALSE = {"", "0", "0.0", "-", "no", "n", "false", "f", "none", "nan", "off", "☆"}


def find(header: Sequence[str]) -> dict[int, str]:
    """Return the meaning of each column that has one, by index. The first of a kind wins."""
    found: dict[int, str] = {}
    for index, cell in enumerate(header):
        name = re.sub(r"[\W_]+", "", cell.casefold())
        meaning = name if name in _EITHER else _MEANINGS.get(name)
        if meaning and meaning not in found.values():
            found[index] = meaning
    return found


def usable(found: dict[int, str]) -> bool:
    """Tell whether these columns can name a paper."""
    return bool({"title", "url", "openreview", "arxiv", "doi", "pdf", "paper"} & {*found.values()})


def unused(found: dict[int, str], header: Sequence[str]) -> list[str]:
    """Return the headers that mean nothing here."""
    return [cell.strip() for i, cell in enumerate(header) if i not in found and cell.strip()]


def pick(found: dict[int, str], cells: Sequence[str]) -> dict[str, str]:
    """Return a row's cells by meaning, leaving out the empty ones."""
    row: dict[str, str] = {}
    for index, meaning in found.items():
        text = cells[index] if index < len(cells) else ""
        address, words = _EITHER.get(meaning, (meaning, meaning))
        if text.strip():
            row.setdefault(address if _ADDRESS.match(text) else words, text)
    return row


def section(cells: dict[str, str]) -> str:
    """Return the heading that a row stands under: its day, its date, its session."""
    parts = (" ".join(cells.get(meaning, "").split()) for meaning in ("day", "date", "session"))
    return " - ".join(dict.fromkeys(part for part in parts if part))


def truth(text: str) -> bool:
    """Tell whether a cell of a column such as `star` says yes: anything but a clear no does."""
    return text.strip().casefold() not in _FALSE


def is_event(kind: str) -> bool:
    """Tell whether a row of this kind is an event rather than a paper."""
    return bool(_EVENT.search(kind)) and not _PAPER.search(kind)


def names(text: str) -> tuple[str, ...]:
    """Split a cell of authors: by semicolons, else by commas and "and"."""
    parts = re.split(r";" if ";" in text else r",\s*(?:and\s+)?|\s+and\s+", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())
