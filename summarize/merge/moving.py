"""A post on its way into another format: its title and its excerpt, where that has them. Pure.

Only what we put there moves, with what a person made of it; all else is merged as it stands.
"""

from collections.abc import Sequence
from dataclasses import replace

from summarize.posts import escape, front, toml
from summarize.posts.written import Block, Field, Heading, Item, Text, Written

_EXCERPTS = ("excerpt", "summary", "description")  # as one format or another calls it


def moved(base: Written, mine: Written, new: Written) -> tuple[Written, Written]:
    """Return what was generated, and what a person made of it, as they stand in a new format.

    `new` is generated in that format, which has the title as a heading or in its front matter.
    """
    there, here = _title(base, new), _title(new, base)
    if here and not there:
        base, mine = _headed(base, here), _headed(mine, _renamed(here, base, mine))
    elif there and not here:
        base, mine = _unheaded(base, mine, there)
    return _with_excerpt(base, mine, new)


def _title(written: Written, other: Written) -> Heading | None:
    """Return the heading that is the post's title: above all else, and no section's."""
    blocks = [block for block in written.blocks if not _is_blank(block)][:2]
    if not blocks or not isinstance(blocks[0], Heading) or not blocks[0].text.startswith("# "):
        return None
    sections = {_words(b) for b in other.blocks if isinstance(b, Heading)}
    holds_entries = len(blocks) == 1 or isinstance(blocks[1], Item)
    return None if holds_entries or _words(blocks[0]) in sections else blocks[0]


def _renamed(heading: Heading, base: Written, mine: Written) -> Heading:
    """Return the title's heading, with the title that they gave the post in its front matter."""
    theirs = front.title(mine) if mine.front else ""
    if not theirs or theirs == front.title(base):
        return heading
    return replace(heading, text=f"# {escape.portable(theirs)}")


def _headed(written: Written, heading: Heading) -> Written:
    return replace(written, blocks=(replace(heading, gap="\n\n"), *written.blocks))


def _unheaded(base: Written, mine: Written, title: Heading) -> tuple[Written, Written]:
    """Take the title's heading out; one that they reworded becomes a field, if there are any."""
    theirs = next((block for block in mine.blocks if not _is_blank(block)), None)
    without = replace(base, blocks=_without(base.blocks, title))
    if not isinstance(theirs, Heading) or not theirs.text.startswith("# "):
        return without, mine
    if theirs.text != title.text:
        if not mine.front or "title" in front.values(mine):
            return without, mine
        base_front, mine_front = _fielded(base.front, title), _fielded(mine.front, theirs)
        without, mine = replace(without, front=base_front), replace(mine, front=mine_front)
    return without, replace(mine, blocks=_without(mine.blocks, theirs))


def _without(blocks: Sequence[Block], heading: Heading) -> tuple[Block, ...]:
    at = next(i for i, block in enumerate(blocks) if block == heading)
    return (*blocks[:at], *blocks[at + 1 :])


def _fielded(fields: Sequence[Field], heading: Heading) -> tuple[Field, ...]:
    """Return front matter with a heading's words as its title."""
    words = escape.yaml(front.title(Written(blocks=(heading,))))
    sign = " =" if toml.is_toml(fields) else ":"
    return (*fields[:1], Field("title", f"title{sign} {words}\n"), *fields[1:])


def _with_excerpt(base: Written, mine: Written, new: Written) -> tuple[Written, Written]:
    """Let the excerpt be called what the new format calls it."""
    was, now = (_called(written.front) for written in (base, new))
    if not was or not now or was == now or any(field.name == now for field in mine.front):
        return base, mine

    def called(fields: Sequence[Field]) -> tuple[Field, ...]:
        named = (f.name == was and f.text.startswith(was) for f in fields)
        return tuple(
            Field(now, now + field.text[len(was) :]) if is_it else field
            for field, is_it in zip(fields, named, strict=True)
        )

    return replace(base, front=called(base.front)), replace(mine, front=called(mine.front))


def _called(fields: Sequence[Field]) -> str:
    return next((field.name for field in fields if field.name in _EXCERPTS), "")


def _is_blank(block: Block) -> bool:
    return isinstance(block, Text) and not block.text.strip()


def _words(heading: Heading) -> str:
    return heading.text.strip("# \t")
