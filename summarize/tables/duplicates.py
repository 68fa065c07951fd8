"""The same paper twice in a list: one entry, with a notice, and nothing of either row lost."""

import hashlib
import itertools
import unicodedata
from collections.abc import Iterable, Sequence

from summarize.records import Entry, Paper
from summarize.text.slug import slug

MIN_TITLE = 20  # characters: "Introduction" may well be two papers
# What people write differently in one title. A slug loses more: "C++" and "C#" are both "c".
_INCIDENTAL = str.maketrans("", "", " :,.…?!'\"`‘’‚“”„«»‹›-‐‑‒–—―")  # of a title, which is one line

Name = tuple[str, ...]


def join(entries: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
    """Join the papers that are the same, and give each a key of its own.

    Papers come with the identifier in their addresses as the key, or with none. They are the
    same if they share it or a long title, or a short title and nothing speaks against it. Returns
    the entries and the notices.
    """
    joined, notices, named = _joined(entries)
    while named:  # a title that came late may be that of rows before it
        joined, more, named = _joined(joined)
        notices += more
    return _keyed(joined), notices


def _joined(entries: Iterable[Entry]) -> tuple[list[Entry], list[str], bool]:
    """Join what is seen to be the same at its turn.

    Returns the entries, the notices, and whether a paper got its title from a later row.
    """
    joined: list[Entry] = []
    named = False
    at: dict[Name, int] = {}
    notices: list[str] = []
    for entry in entries:
        if not isinstance(entry, Paper):
            joined.append(entry)
            continue
        title = _whole(entry.title)
        index = _find(entry, title, at, joined)
        if index is None:
            index = len(joined)
            joined.append(entry)
        else:
            first = joined[index]
            assert isinstance(first, Paper)
            joined[index] = _merge(first, entry)
            place = first.where.rpartition(":")[2]
            place = f"line {place}" if place.isdecimal() else place
            called = first.name or first.url
            named = named or bool(entry.title and not first.title)
            notices.append(f"{entry.where}: the same paper as {place}, joined: {called}")
        for name in (*_sure(entry, title), *_known_by(entry, title)):
            at.setdefault(name, index)
    return joined, notices, named


def is_made(paper: Paper) -> bool:
    """Tell whether a paper's key was made of its title or its address, rather than found there."""
    return paper.key in itertools.islice(_keys(paper), 3)


def _find(paper: Paper, title: Name, at: dict[Name, int], joined: Sequence[Entry]) -> int | None:
    """Return where the same paper is already, if it is."""
    index = next((at[name] for name in _sure(paper, title) if name in at), None)
    if index is not None:
        return index
    alike = (at[name] for name in _asked_for(paper, title) if name in at)
    return next((index for index in alike if _agree(joined[index], paper)), None)


def _whole(title: str) -> Name:
    """Return what titles must share to be one: their words, and all that is not incidental."""
    folded = unicodedata.normalize("NFC", title).casefold()
    return slug(title, None), folded.translate(_INCIDENTAL) or folded


def _sure(paper: Paper, title: Name) -> list[Name]:
    """Return the names that no two papers share."""
    names: list[Name] = [("key", paper.key)] if paper.key else []
    return [*names, ("title", *title)] if len(title[0]) >= MIN_TITLE else names


def _known_by(paper: Paper, title: Name) -> list[Name]:
    """Return the names under which a paper of the same short title may find this one."""
    names = [("at", *title, paper.url or paper.pdf), ("any", *title)]
    return names if paper.url else [*names, ("nowhere", *title)]


def _asked_for(paper: Paper, title: Name) -> list[Name]:
    """Return the names under which this paper looks for one of the same short title."""
    return [("at", *title, paper.url or paper.pdf), ("nowhere" if paper.url else "any", *title)]


def _agree(first: Entry, second: Paper) -> bool:
    """Tell whether papers of one title may be one by where they are."""
    assert isinstance(first, Paper)
    if first.url and second.url:
        return first.url == second.url
    return not (first.pdf and second.pdf) or first.pdf == second.pdf


def _merge(first: Paper, second: Paper) -> Paper:
    """Fill the first row's gaps from the second; keep both of what a person wrote."""
    filled = {
        name: getattr(first, name) or getattr(second, name)
        for name in ("key", "title", "url", "authors", "venue", "abstract", "section", "star")
    }
    other = next((u for u in (second.pdf, second.url) if u and u != first.url), "")
    return first.model_copy(
        update={
            **filled,
            "pdf": first.pdf or other,
            "todo": _both(first.todo, second.todo, "; "),
            "take": _both(first.take, second.take, "\n"),
        }
    )


def _both(first: str, second: str, between: str) -> str:
    return between.join(dict.fromkeys(text for text in (first, second) if text))


def _keyed(entries: Iterable[Entry]) -> list[Entry]:
    """Give a key to each paper without one: legible, and no other paper's."""
    entries = list(entries)
    taken = {entry.key for entry in entries if isinstance(entry, Paper)}
    keyed: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Paper) and not entry.key:
            key = next(key for key in _keys(entry) if key not in taken)
            taken.add(key)
            keyed.append(entry.model_copy(update={"key": key}))
        else:
            keyed.append(entry)
    return keyed


def _keys(paper: Paper) -> Iterable[str]:
    """Yield keys for a paper: its title or address, and then with a hash of both."""
    named = _named(paper.title or paper.url)
    yield named
    for again in itertools.count():
        # Papers of one title and place are joined: only a chance collision needs the count.
        text = f"{paper.url or paper.pdf}\n{paper.title}" + f"\n{again}" * bool(again)
        yield f"{named}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _named(text: str) -> str:
    """Make a key of a title or an address; where its slug is not all of it, with a hash."""
    words = slug(text)
    if words and words == slug(text, None):
        return words
    return f"{words}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".strip("-")
