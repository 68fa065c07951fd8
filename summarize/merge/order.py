"""Which entry of one version of a post is which of another, and in what order they stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from summarize.posts.written import Heading, Item, Text, Written
from summarize.sources import key
from summarize.text.slug import slug

START, END = "start", "end"


@dataclass
class Outline:
    """The headings and entries of a post by name, in order, and the texts that follow each.

    Texts before the first are at `START`, those after the last at `END`.
    """

    order: list[str] = field(default_factory=list)
    blocks: dict[str, Heading | Item] = field(default_factory=dict)
    section: dict[str, str] = field(default_factory=dict)
    texts: dict[str, list[Text]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.blocks

    def placed(self, among: Iterable[str]) -> list[tuple[str, str]]:
        """Return in order where each of these stands: its name, and its section's."""
        wanted = set(among)
        return [(name, self.section[name]) for name in self.order if name in wanted]


def identity(item: Item) -> str:
    """Return what tells an entry from all others: a paper's key, its address, or its title."""
    return named(item.url, item.title)


def named(url: str, title: str) -> str:
    """Return the identity of an entry with this address, as a post has it, and this title."""
    return _known(url) if url else slug(title, None)


@lru_cache(maxsize=16_384)
def _known(url: str) -> str:
    return key([url]) or url


def outline(written: Written, base: Outline | None = None) -> Outline:
    """Name the headings and entries of a post; those of the base by the base's names."""
    found = [block for block in written.blocks if not isinstance(block, Text)]
    names = list(_names(found))
    if base is not None:
        names = _aligned(names, found, base)
    made = Outline(texts={START: [], END: []})
    at, section, named = START, "", iter(names)
    for block in written.blocks:
        if isinstance(block, Text):
            made.texts[at].append(block)
            continue
        at = next(named)
        section = at if isinstance(block, Heading) else section
        made.order.append(at)
        made.blocks[at], made.section[at], made.texts[at] = block, section, []
    if made.order:
        made.texts[END], made.texts[at] = made.texts[at], []
    return made


def _names(blocks: Iterable[Heading | Item]) -> Iterator[str]:
    """Yield a name for each block; of two that are alike, the second has another."""
    seen: Counter[str] = Counter()
    for block in blocks:
        name = f"# {_plain(block)}" if isinstance(block, Heading) else f"1. {identity(block)}"
        seen[name] += 1
        yield f"{name} ({seen[name]})"


def _aligned(names: list[str], blocks: list[Heading | Item], base: Outline) -> list[str]:
    """Give back their names to headings that were reworded, and to entries with another title."""
    here = set(names)
    free = [name for name in base.order if name not in here]
    sections = _members(names, blocks)
    base_sections = _members(base.order, [base.blocks[name] for name in base.order])
    renamed: dict[str, str] = {}
    for name, block in zip(names, blocks, strict=True):
        if name in base:
            continue
        if isinstance(block, Heading):
            alike = {f: len(sections[name] & base_sections[f]) for f in free if f in base_sections}
        else:
            alike = {f: _alikeness(block, base.blocks[f]) for f in free}
        best = max(alike, key=lambda f: alike[f], default=None)
        if best is not None and alike[best]:
            renamed[name] = best
            free.remove(best)
    return [renamed.get(name, name) for name in names]


def _members(names: list[str], blocks: list[Heading | Item]) -> dict[str, set[str]]:
    """Return the entries below each heading."""
    members: dict[str, set[str]] = {}
    current: set[str] = set()
    for name, block in zip(names, blocks, strict=True):
        if isinstance(block, Heading):
            current = members[name] = set()
        else:
            current.add(name)
    return members


def _alikeness(item: Item, other: Heading | Item) -> int:
    """Tell whether two entries are one whose title changed: they say the same."""
    if isinstance(other, Heading):
        return 0
    line, notes = item.field("line"), item.field("notes")
    same_line = bool(line) and line == other.field("line")
    return same_line + (bool(notes) and notes == other.field("notes"))


def _plain(heading: Heading) -> str:
    return heading.text.lstrip("#").strip()


def arrange(base: Outline, mine: Outline, new: Outline, gone: set[str]) -> list[str]:
    """Return the names of what stands in the merged post, in order.

    The order is the person's if they touched it, by moving an entry or with a heading of their
    own, or if the new one is as it was; else it is the new one.
    """
    ours = [name for name in mine.order if name in base]
    touched = mine.placed(ours) != base.placed(ours) or any(
        name not in base and isinstance(mine.blocks[name], Heading) for name in mine.order
    )
    all_three = [name for name in ours if name in new]
    moved = new.placed(all_three) != base.placed(all_three)
    added = _added(base, mine, new)
    if moved and not touched:
        merged = [name for name in new.order if name in mine or name in added]
        own = [name for name in mine.order if name not in new and name not in gone]
        _put_behind(merged, [name for name in own if not _is_as_it_was(name, base, mine)], mine)
    else:
        merged = [name for name in mine.order if name not in gone]
        for name in new.order:
            if name in added:
                merged.insert(_place(name, merged, new, mine.blocks), name)
    return _without_empty(merged, base, mine, new)


def _added(base: Outline, mine: Outline, new: Outline) -> set[str]:
    """Return what is new: entries that are in neither, and headings that only now have any."""
    added = {name for name in new.order if name not in base and name not in mine}
    items = {name for name in added if isinstance(new.blocks[name], Item)}
    moved_in = {
        name
        for name in mine.order
        if name in new
        and base.section.get(name) != new.section[name]
        and isinstance(mine.blocks[name], Item)
        and name in base
    }
    used = {new.section[name] for name in items | moved_in}
    return items | (added & used)


def _put_behind(merged: list[str], own: list[str], mine: Outline) -> None:
    """Put what only the person has behind what it stands behind in their post."""
    for name in own:
        before = mine.order[: mine.order.index(name)]
        at = next((merged.index(b) for b in reversed(before) if b in merged), -1)
        merged.insert(at + 1, name)


def _place(name: str, merged: list[str], new: Outline, known: Mapping[str, Heading | Item]) -> int:
    """Return where a new heading or entry goes: behind what it follows, within its section."""
    before = new.order[: new.order.index(name)]
    sections = _sections(merged, new, known)
    if isinstance(new.blocks[name], Heading):
        earlier = next((b for b in reversed(before) if new.section[b] == b and b in sections), None)
        of = earlier or ""
        last = max((i for i, n in enumerate(merged) if sections[n] == of), default=None)
        if last is not None:
            return last + 1
    else:
        home = new.section[name]
        at_home = (
            b for b in reversed(before) if new.section[b] == home and sections.get(b) == home
        )
        if (found := next(at_home, None)) is not None:
            return merged.index(found) + 1
        if home == "" and "" not in sections.values() and not before:
            return 0
    found = next((b for b in reversed(before) if b in sections), None)
    return merged.index(found) + 1 if found is not None else 0


def _sections(
    merged: list[str], new: Outline, known: Mapping[str, Heading | Item]
) -> dict[str, str]:
    """Return the section of each name as it stands in the merged post."""
    sections, section = dict[str, str](), ""
    for name in merged:
        block = known[name] if name in known else new.blocks[name]
        section = name if isinstance(block, Heading) else section
        sections[name] = section
    return sections


def _is_as_it_was(name: str, base: Outline, mine: Outline) -> bool:
    both = name in base and name in mine
    return both and base.blocks[name].text == mine.blocks[name].text


def _without_empty(merged: list[str], base: Outline, mine: Outline, new: Outline) -> list[str]:
    """Leave out headings that are generated no more, are as they were, and have no entry left."""
    kept: list[str] = []
    for at, name in enumerate(merged):
        block = mine.blocks.get(name) or new.blocks[name]
        is_gone = isinstance(block, Heading) and name in base and name not in new
        untouched = is_gone and _is_as_it_was(name, base, mine)
        following = merged[at + 1] if at + 1 < len(merged) else None
        empty = following is None or isinstance(
            mine.blocks.get(following) or new.blocks[following], Heading
        )
        if not (untouched and empty):
            kept.append(name)
    return kept
