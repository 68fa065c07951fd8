"""A post that `roundup` drafted, as a list again: what the person wrote, and no more. Pure."""

from dataclasses import replace

from summarize.merge import identity, named
from summarize.posts.written import Item, Part, PartName, Written
from summarize.records import Entry, Event, Paper, ReadingList
from summarize.state import State

_GENERATED: tuple[PartName, ...] = ("line", "notes")
# What a list said of a paper that its post does not show.
_FACTS = ("authors", "venue", "abstract", "pdf")


def own(written: Written, base: Written, state: State) -> Written:
    """Return a post without the lines and notes that were generated and nobody touched.

    `base` is what was generated. What is taken out leaves its line ends behind, so that places in
    the post stay what they are.
    """
    before = {identity(item): item for item in base.items}
    return replace(
        written,
        blocks=tuple(
            _bare(block, before.get(identity(block)), state) if isinstance(block, Item) else block
            for block in written.blocks
        ),
    )


def _bare(item: Item, before: Item | None, state: State) -> Item:
    known = state.papers.get(identity(item))
    if before is None or known is None:
        return item
    gone = {
        name
        for name in _GENERATED
        # A take that came with the list is the person's own, though we put it there.
        if not (name == "line" and known.paper.take)
        and item.field(name)
        and item.field(name) == before.field(name)
    }
    return replace(item, parts=tuple(_blank(p) if p.name in gone else p for p in item.parts))


def _blank(part: Part) -> Part:
    return Part("", "\n" * part.text.count("\n"))


def known(reading: ReadingList, state: State) -> ReadingList:
    """Return a list with what is remembered of its papers, where it does not say it itself."""
    return reading.model_copy(
        update={"entries": tuple(_filled(entry, state) for entry in reading.entries)}
    )


def _filled(entry: Entry, state: State) -> Entry:
    remembered = state.papers.get(named(entry.url, entry.title))
    if remembered is None:
        return entry
    facts = {name: getattr(remembered.paper, name) for name in _FACTS}
    if isinstance(entry, Event):  # its address says nothing of a paper, but its list did
        entry = Paper(key=remembered.paper.key, **entry.model_dump())
    said = {name: getattr(entry, name) or fact for name, fact in facts.items()}
    return entry.model_copy(update={**said, "key": remembered.paper.key})
