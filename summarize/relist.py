"""A post that `roundup` drafted, as a list again: what the person wrote, and no more. Pure."""

from dataclasses import replace

from summarize.merge import identity, named
from summarize.posts.written import Item, Part, PartName, Written
from summarize.records import Entry, Event, Paper, ReadingList
from summarize.state import State

_GENERATED: tuple[PartName, ...] = ("line", "notes")
_BODY: tuple[PartName, ...] = ("line", "notes", "")
# What a list said of a paper that its post does not show.
_FACTS = ("authors", "venue", "abstract", "pdf")


def own(written: Written, base: Written, state: State) -> tuple[Written, frozenset[str]]:
    """Return a post without what was generated and nobody touched, and the entries left as drafted.

    `base` is what was generated. What is taken out leaves its line ends behind, so that places in
    the post stay what they are.
    """
    before = {identity(item): item for item in base.items}
    blocks, untouched = [], set()
    for block in written.blocks:
        name = identity(block) if isinstance(block, Item) else ""
        if not isinstance(block, Item) or name not in before or name not in state.papers:
            blocks.append(block)
        elif _body(block) == _body(before[name]):
            untouched.add(name)
            blocks.append(_without(block, set(_BODY)))
        else:
            blocks.append(_bare(block, before[name], state.papers[name].paper))
    return replace(written, blocks=tuple(blocks)), frozenset(untouched)


def _body(item: Item) -> str:
    return "".join(part.text for part in item.parts if part.name in _BODY).strip()


def _bare(item: Item, before: Item, paper: Paper) -> Item:
    """Return an entry that somebody changed without those of its parts that they did not."""
    gone: set[PartName] = {
        name
        for name in _GENERATED
        # A take that came with the list is the person's own, though we put it there.
        if not (name == "line" and paper.take)
        and item.field(name)
        and item.field(name) == before.field(name)
    }
    return _without(item, gone)


def _without(item: Item, names: set[PartName]) -> Item:
    return replace(item, parts=tuple(_blank(p) if p.name in names else p for p in item.parts))


def _blank(part: Part) -> Part:
    return Part("", "\n" * part.text.count("\n"))


def known(reading: ReadingList, state: State, untouched: frozenset[str]) -> ReadingList:
    """Return a list with what is remembered of its papers, where it does not say it itself.

    Entries that nobody touched have the take of their list again.
    """
    entries = (_filled(entry, state, untouched) for entry in reading.entries)
    return reading.model_copy(update={"entries": tuple(entries)})


def _filled(entry: Entry, state: State, untouched: frozenset[str]) -> Entry:
    name = named(entry.url, entry.title)
    if name not in state.papers:
        return entry
    paper = state.papers[name].paper
    if isinstance(entry, Event):  # its address says nothing of a paper, but its list did
        entry = Paper(key=paper.key, **entry.model_dump(exclude={"kind"}))
    said = {fact: getattr(entry, fact) or getattr(paper, fact) for fact in _FACTS}
    take = paper.take if name in untouched else entry.take
    return entry.model_copy(update={**said, "key": paper.key, "take": take})
