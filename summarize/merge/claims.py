"""What is to be checked in an entry: of its claims, those whose text stands there."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from summarize.posts.written import Item

_CHECK = re.compile(r"\s*<!-- \*\*CHECK:\*\* (?P<said>.*) -->\Z", re.DOTALL)
_BEGINS = ("not in the paper: ", "does not read like a summary of it: ")  # as `compose` has them
_LABEL = re.compile(r"(?:<b>|\*\*|<strong>)(?P<label>[^:\n]*):(?:</b>|\*\*|</strong>)")
_TLDR = "TLDR"


class _Claim(NamedTuple):
    """What a CHECK says of one text: of which, what, and after which of its beginnings."""

    begins: str
    label: str
    said: str


def check(base: Item | None, mine: Item, new: Item, merged: Item) -> str:
    """Return the CHECK of an entry whose other fields are merged, as it is to stand there.

    It speaks of what we wrote and still stands. One that a person wrote or reworded stays, one
    that they took out stays out, and where nothing is new it is left as it is.
    """
    theirs = mine.part("check")
    if base is None and theirs:
        return theirs
    if base is not None and all(base.field(n) == new.field(n) for n in ("line", "notes", "check")):
        return theirs
    labels = {label for entry in (base, mine, new) if entry for label in _notes(entry)} | {_TLDR}
    had, now = _claims(mine, labels), _claims(new, labels)
    was = _claims(base, labels) if base else []
    if had is None or was is None or now is None:  # in words that are not ours
        return new.part("check") if base and mine.field("check") == base.field("check") else theirs
    due = [claim for claim in was if base and _stands(claim, base, mine)]
    if not had and due:
        return ""
    taken_out = {*due} - {*had}
    kept = [
        claim
        for claim in had
        if claim not in was
        or (base and _stands(claim, base, merged) and not _stands(claim, new, merged))
    ]
    fresh = [c for c in now if _stands(c, new, merged) and c not in kept and c not in taken_out]
    claims = [*kept, *fresh]
    as_it_was = base is not None and theirs == base.part("check")
    if claims == had and not as_it_was:
        return theirs
    return new.part("check") if claims == now else _written(claims, theirs or new.part("check"))


def _claims(entry: Item, labels: Iterable[str]) -> list[_Claim] | None:
    """Return what a CHECK says, claim by claim; None where it is not as we write one."""
    text = entry.part("check")
    if not text:
        return []
    found = _CHECK.match(text)
    of = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    begins = "|".join(map(re.escape, _BEGINS))
    pieces = re.split(rf"(?:\A|; )({begins})?({of}): ", found["said"]) if found else []
    if not pieces or pieces[0] or not pieces[1:] or not pieces[1]:
        return None
    claims, current = list[_Claim](), ""
    for begin, label, said in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        current = begin or current
        claims.append(_Claim(current, label, said))
    return claims if _written(claims, text) == text else None


def _stands(claim: _Claim, source: Item, entry: Item) -> bool:
    """Tell whether the text that a claim is of, as it was written, is in an entry."""
    notes = _notes(source).get(claim.label, set())
    if claim.label == _TLDR and not notes:
        return bool(source.field("line")) and source.field("line") == entry.field("line")
    return bool(notes & {*entry.notes})


def _notes(entry: Item) -> dict[str, set[str]]:
    """Return the notes by their labels."""
    found: dict[str, set[str]] = {}
    for note in entry.notes:
        if label := _LABEL.match(note):
            found.setdefault(label["label"], set()).add(note)
    return found


def _written(claims: Iterable[_Claim], like: str) -> str:
    """Write a CHECK, as far from what stands before it as another one."""
    said = [
        begins + "; ".join(f"{c.label}: {c.said}" for c in claims if c.begins == begins)
        for begins in _BEGINS
        if any(c.begins == begins for c in claims)
    ]
    space = like[: len(like) - len(like.lstrip())]
    return f"{space}<!-- **CHECK:** {'; '.join(said)} -->" if said else ""
