"""What people call their columns, and what they write in them."""

import re
from collections.abc import Sequence

from summarize.tables.addresses import spelled_out

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
    "star": ("star", "starred", "favourite", "favorite", "fav", "toread", "mustread"),
    "todo": ("todo", "action", "nextstep", "followup"),
    "take": ("take", "mytake", "note", "notes", "mynotes", "comment", "comments", "reaction",
             "thoughts", "remarks"),
}  # fmt: skip
# Headers that say either of two things: the cells decide.
_EITHER: dict[str, tuple[str, str]] = {"paper": ("url", "title"), "abs": ("url", "abstract")}

_MEANINGS = {alias: meaning for meaning, aliases in ALIASES.items() for alias in aliases}
# What a person may write in two columns, and what stands between when it is put together.
_TOGETHER = {"take": "\n", "todo": "; "}
# An address that is cut or broken is still no title; nor is a number.
_MEANT = re.compile(r"\s*(?:https?://|doi:|arxiv:|\d{4}\.\d+(?:v\d+)?\s*$)", re.I)
EVENT = re.compile(
    r"\b(?:event|talk|workshop|social|tutorial|keynote|panel|session|meetup|meeting|party|"
    r"break|competition|demo|discussion|lunch|dinner|reception|ceremony|expo|other)s?\b",
    re.I,
)
_PAPER = re.compile(r"\b(?:paper|article|preprint)s?\b", re.I)
SHOWN = re.compile(r"\b(?:poster|oral|spotlight)s?\b", re.I)  # of a paper, or a time of many
_FALSE = set("0 0.0 - no n nope not never low false f none nan off ☆ ☐ [] ✗ ✘ ❌".split()) | {""}


def find(header: Sequence[str]) -> dict[int, str]:
    """Return the meaning of each column that has one, by index."""
    found: dict[int, str] = {}
    for index, cell in enumerate(header):
        name = re.sub(r"[\W_]+", "", cell.casefold())
        meaning = name if name in _EITHER else _MEANINGS.get(name)
        if meaning:
            found[index] = meaning
    return found


def usable(found: dict[int, str]) -> bool:
    """Tell whether these columns can name a paper."""
    return bool({"title", "url", "openreview", "arxiv", "doi", "pdf", "paper"} & {*found.values()})


def unused(found: dict[int, str], header: Sequence[str]) -> list[str]:
    """Return the headers that mean nothing here."""
    names = (cell.strip() for i, cell in enumerate(header) if i not in found)
    return [name for name in names if name]


def pick(found: dict[int, str], cells: Sequence[str]) -> dict[str, str]:
    """Return a row's cells by meaning, leaving out the empty ones.

    Of columns with one meaning the first cell that holds something counts, but what a person
    wrote in several is kept, each text once.
    """
    texts: dict[str, list[str]] = {}
    for index, meaning in found.items():
        text = cells[index].strip() if index < len(cells) else ""
        if text:
            texts.setdefault(_meant(meaning, text), []).append(text)
    return {
        meaning: _TOGETHER[meaning].join(dict.fromkeys(said)) if meaning in _TOGETHER else said[0]
        for meaning, said in texts.items()
    }


def _meant(meaning: str, text: str) -> str:
    """Return which of its two meanings a cell has, if its column has two."""
    address, words = _EITHER.get(meaning, (meaning, meaning))
    if address == words:
        return meaning
    return address if _MEANT.match(text) or spelled_out(text) else words


def section(cells: dict[str, str]) -> str:
    """Return the heading that a row stands under: its day, its date, its session."""
    parts = (" ".join(cells.get(meaning, "").split()) for meaning in ("day", "date", "session"))
    return " - ".join(dict.fromkeys(part for part in parts if part))


def truth(text: str) -> bool:
    """Tell whether a cell of a column such as `star` says yes: anything but a clear no does."""
    # "[ ]" is an empty box, and an emoji may carry a mark that says how to draw it.
    return re.sub(r"[\s\ufe0e\ufe0f]", "", text).casefold() not in _FALSE


def is_event(kind: str, *, readable: bool) -> bool:
    """Tell whether a row of this kind is an event rather than a paper.

    "Poster session" may be either: it is a paper's if the row has something to read.
    """
    if not EVENT.search(kind) or _PAPER.search(kind):
        return False
    return not (readable and SHOWN.search(kind))


def names(text: str) -> tuple[str, ...]:
    """Split a cell of authors: by semicolons, else by commas and "and"."""
    parts = re.split(r";" if ";" in text else r",\s*(?:and\s+)?|\s+and\s+", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())
