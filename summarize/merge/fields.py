"""An entry, a heading, a field of the front matter, merged with what was and what is generated."""

from collections.abc import Sequence
from dataclasses import replace

from summarize.merge import claims
from summarize.posts import toml
from summarize.posts.items import INDENT, offer
from summarize.posts.written import Field, Heading, Item, Part, PartName

_LABELS: dict[PartName, str] = {
    "title": "title", "line": "TLDR", "notes": "extra notes", "todo": "TODO",
}  # fmt: skip
# A star and a figure are taken or left: nobody is offered another one.
_MERGED: tuple[PartName, ...] = ("star", "figure", *_LABELS)
_OFFERED_FIELD = "# roundup offers: "


def item(base: Item | None, mine: Item, new: Item) -> Item:
    """Merge an entry, field by field. Without a base, all that stands there is the person's."""
    merged = mine
    offers: list[str] = []
    standing = [part.text.strip() for part in mine.parts if part.name == "offer"]
    past: set[str] = set()
    for name in _MERGED:
        was, theirs, now = (it.field(name) if it else "" for it in (base, mine, new))
        label = _LABELS.get(name, "")
        offered = {
            words: offer(label, _words(it, name)) for it, words in _values(base, was, new, now)
        }
        past |= {*offered.values()} if label else set()
        if theirs == was:
            as_it_was = base is not None and mine.part(name) == base.part(name)
            if now != theirs or (as_it_was and now):
                merged = merged.having(name, new.part(name))
        elif theirs and now and theirs != now and label:
            changed = base is not None and now != was
            if changed or offered[now] in standing:
                offers.append(offered[now])
    merged = merged.having("check", claims.check(base, mine, new, merged))
    if _has_block(merged) and not _has_block(mine) and (todo := merged.part("todo").lstrip(" ")):
        merged = merged.having("todo", todo if todo[0] == "\n" else f"\n{INDENT}{todo}")
    merged = _with_offers(merged, offers, past)
    gap = new.gap if base is not None and mine.gap == base.gap else mine.gap
    return replace(merged, gap=gap)


def _has_block(of: Item) -> bool:
    """Tell whether an entry has lines of its own below its first."""
    return bool(of.notes or of.part("figure"))


def _values(base: Item | None, was: str, new: Item, now: str) -> list[tuple[Item, str]]:
    return [(new, now)] if base is None else [(base, was), (new, now)]


def _words(of: Item, name: PartName) -> str:
    """Return what is offered of a field: for the notes, the notes without what folds them."""
    return "<br> ".join(of.notes) if name == "notes" else of.field(name)


def _with_offers(merged: Item, offers: Sequence[str], past: set[str]) -> Item:
    """Put these offers behind the last field, if they don't stand there; leave out older ones."""
    stale = past - {*offers}
    parts = [
        part for part in merged.parts if part.name != "offer" or part.text.strip() not in stale
    ]
    standing = {part.text.strip() for part in parts if part.name == "offer"}
    at = max(i for i, part in enumerate(parts) if part.name not in {"", "offer"}) + 1
    parts[at:at] = [
        Part("offer", f"\n{INDENT}{words}") for words in offers if words not in standing
    ]
    return replace(merged, parts=tuple(parts))


def heading(base: Heading | None, mine: Heading, new: Heading) -> Heading:
    """Merge a heading: the person's words, if they gave it any."""
    untouched = base is not None and mine.text == base.text
    text = new.text if untouched else mine.text
    gap = new.gap if base is not None and mine.gap == base.gap else mine.gap
    return Heading(text, gap)


def front(base: Sequence[Field], mine: Sequence[Field], new: Sequence[Field]) -> tuple[Field, ...]:
    """Merge the front matter, field by field. A newer value is offered in a comment.

    Where theirs is TOML, ours is, too; tables stay at the end, since what follows one is in it.
    """
    if list(mine) == list(base):
        return tuple(new)
    if toml.is_toml(mine):
        base, new = toml.like(base, mine), toml.like(new, mine)
    if not (base and mine and new) or toml.is_toml(new) != toml.is_toml(mine):
        return tuple(mine)
    was, now = _by_name(base), _by_name(new)
    past = {offered for field in (*was.values(), *now.values()) for offered in _offered(field)}
    standing = {field.text for field in mine}
    merged: list[Field] = []
    for field in mine[:-1]:
        if not field.name:
            merged += [field] if field.text not in past else []
            continue
        before, after = was.get(field.name), now.get(field.name)
        if field == before:
            merged += [after] if after else []
            continue
        merged.append(field)
        if before and after and after != field:
            offers = _offered(after)
            if after != before or any(line in standing for line in offers):
                merged += [Field("", line) for line in offers]
    names = {field.name for field in mine}
    at = next((i for i, f in enumerate(merged) if f.name == toml.TABLES), len(merged))
    merged[at:at] = [f for f in new if f.name and f.name not in was and f.name not in names]
    merged.append(new[-1] if mine[-1] == base[-1] else mine[-1])
    return tuple(merged)


def _by_name(fields: Sequence[Field]) -> dict[str, Field]:
    return {field.name: field for field in fields if field.name}


def _offered(field: Field) -> list[str]:
    """Return the lines that offer a field."""
    return [f"{_OFFERED_FIELD}{line}\n" for line in field.text.rstrip("\n").split("\n")]
