"""Entries of a post that are given what is new: a summary, a figure, a place. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from summarize.merge import identity
from summarize.posts import Format, item
from summarize.posts.written import Block, Heading, Item, Text, Written
from summarize.revise.versions import Now, Result
from summarize.state import Known

_FAILED = re.compile(r"(?:\*|<em>)Not summarized: ")


def rendered(result: Result, now: Now) -> Item:
    """Return a result as the entry that it becomes."""
    return now.form.parse(now.form.item(item(result, strict=now.asked.strict))).items[0]


def is_summarized(entry: Item | None, known: Known | None) -> bool:
    """Tell whether an entry says something that a failure must not replace."""
    if entry is None or known is None:
        return entry is not None
    return known.made is not None


def has_failed(entry: Item) -> bool:
    """Tell whether an entry says that its paper could not be summarized, or nothing of it."""
    return bool(_FAILED.search(entry.field("line"))) or not (entry.field("line") or entry.notes)


def with_figure(entry: Item, had: Item | None, now: Now) -> Item:
    """Let an entry keep the figure that it had, where one is wanted and can't be had anew."""
    if had is None or not now.asked.figures or entry.part("figure"):
        return entry
    return entry.having("figure", had.part("figure"))


def summary(entry: Item | None, new: Item, *, is_ours: bool) -> Item:
    """Return an entry with another's summary: a generated one whole, of the person's only that.

    An entry without a base says nothing but its address and its summary, so that all the rest
    is known to be the person's.
    """
    if entry is None:
        return new
    folded = bool(entry.notes)
    if not is_ours:
        entry = entry.bare()
    for name in ("line", "notes", "check"):  # what is to be checked is said of that summary
        entry = entry.having(name, new.part(name))
    todo = entry.part("todo")
    # Where it stands is its format's business, and changes only with what it stands behind.
    if todo and bool(entry.notes) != folded and not todo.startswith("\n\n"):
        entry = entry.having("todo", ("\n    " if entry.notes else " ") + todo.lstrip())
    return entry


def put(base: Written, items: Mapping[str, tuple[str, Item]], form: Format) -> Written:
    """Put entries into a post: in the place of those they are, else at the end of their section."""
    left = dict(items)
    blocks: list[Block] = []
    for block in base.blocks:
        found = left.pop(identity(block), None) if isinstance(block, Item) else None
        blocks.append(block if found is None else replace(found[1], gap=block.gap))
    for section, entry in left.values():
        at, needs_heading = _end_of(_words(form.heading(section)) if section else "", blocks)
        heading: list[Block] = [Heading(form.heading(section))] if needs_heading else []
        blocks[at:at] = [*heading, replace(entry, gap="\n\n")]
        if at and isinstance(blocks[at - 1], Item):
            blocks[at - 1] = replace(blocks[at - 1], gap="\n\n")
    return Written(base.front, tuple(blocks))


def _words(heading: str) -> str:
    return heading.lstrip("#").strip()


def _end_of(section: str, blocks: Sequence[Block]) -> tuple[int, bool]:
    """Return where the entries of a section end, and whether it has no heading yet."""
    current, last_item, end = "", -1, None
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            current = _words(block.text)
            end = at + 1 if current == section else end
        elif isinstance(block, Item):
            last_item = at
            end = at + 1 if current == section else end
    if end is not None:
        return end, False
    rules = (at for at, b in enumerate(blocks) if isinstance(b, Text) and b.text == "---")
    frame = next(rules, None)
    at = last_item + 1 if last_item >= 0 or frame is None else frame
    return at, bool(section)
