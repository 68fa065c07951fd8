"""Puts a post together from its three versions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from summarize.merge import fields
from summarize.merge.merged import Merged
from summarize.merge.order import END, START, Outline, arrange, identity, outline
from summarize.merge.texts import texts
from summarize.posts.written import Block, Heading, Item, Text, Written


def merge(base: Written, mine: Written, new: Written, dropped: Iterable[str] = ()) -> Merged:
    """Merge what is generated now into what a person made of what was generated last.

    `dropped` are the identities of entries that they took out before.
    """
    was = outline(base)
    theirs, now = outline(mine, was), outline(_without(new, {*dropped}, mine), was)
    gone = {
        name for name in theirs.order if name in was and name not in now and _item(theirs, name)
    }
    untouched = {name for name in gone if theirs.blocks[name].text == was.blocks[name].text}
    order = arrange(was, theirs, now, untouched)
    is_ours = bool(base.front or was.texts[START] or was.texts[END])
    taken_out = [name for name in was.order if name not in theirs and _item(was, name)]
    identities = [identity(block) for n in taken_out if isinstance(block := was.blocks[n], Item)]
    return Merged(
        Written(
            fields.front(base.front, mine.front, new.front) if is_ours else mine.front,
            tuple(_spaced(_assembled(order, was, theirs, now, is_ours=is_ours), mine, new)),
        ),
        removed=tuple(_title(theirs, name) for name in theirs.order if name in untouched),
        kept=tuple(_title(theirs, name) for name in theirs.order if name in gone - untouched),
        dropped=tuple(dict.fromkeys([*dropped, *identities])),
    )


def _without(new: Written, dropped: set[str], mine: Written) -> Written:
    """Leave out of the new post what the person took out before, and has not put back."""
    dropped = dropped - {identity(item) for item in mine.items}
    kept = (b for b in new.blocks if not (isinstance(b, Item) and identity(b) in dropped))
    return replace(new, blocks=tuple(kept)) if dropped else new


def _item(outlined: Outline, name: str) -> bool:
    return isinstance(outlined.blocks[name], Item)


def _title(outlined: Outline, name: str) -> str:
    block = outlined.blocks[name]
    return block.title if isinstance(block, Item) else block.text


def _assembled(
    order: Sequence[str], was: Outline, theirs: Outline, now: Outline, *, is_ours: bool
) -> list[Block]:
    """Merge each block and the texts behind it, in order.

    No text of the person's is lost with an entry that is gone: it stands behind the one before.
    """
    here, stray = {*order}, dict[str, list[Text]]()
    before = START
    for name in theirs.order:
        if name in here:
            before = name
        else:
            known = {text.text for text in was.texts.get(name, [])}
            own = [text for text in theirs.texts[name] if text.text not in known]
            stray.setdefault(before, []).extend(own)

    words = {text.text for some in theirs.texts.values() for text in some}

    def behind(name: str) -> list[Text]:
        base, mine, new = (outlined.texts.get(name, []) for outlined in (was, theirs, now))
        is_frame = name in {START, END}
        merged = list(mine) if is_frame and not is_ours else texts(base, mine, new, words)
        return merged + stray.get(name, [])

    blocks: list[Block] = [*behind(START)]
    for name in order:
        blocks += [_merged(name, was, theirs, now), *behind(name)]
    return blocks + behind(END)


def _merged(name: str, was: Outline, theirs: Outline, now: Outline) -> Block:
    base, mine, new = (outlined.blocks.get(name) for outlined in (was, theirs, now))
    if mine is None or new is None:
        block = mine or new
        assert block is not None
        return block
    if isinstance(mine, Heading):
        assert isinstance(new, Heading)
        return fields.heading(base if isinstance(base, Heading) else None, mine, new)
    assert isinstance(new, Item)
    return fields.item(base if isinstance(base, Item) else None, mine, new)


def _spaced(blocks: list[Block], *sources: Written) -> list[Block]:
    """See that what came to stand together is apart, and that the end is one line end."""
    near = {
        (_start(first), _start(second), bool(first.gap))
        for written in sources
        for first, second in zip(written.blocks, written.blocks[1:], strict=False)
    }
    ends = {_start(written.blocks[-1]) for written in sources if written.blocks}
    spaced: list[Block] = []
    for at, block in enumerate(blocks):
        gap = block.gap
        if at + 1 == len(blocks):
            gap = gap if _start(block) in ends else "\n"
        elif (_start(block), _start(blocks[at + 1]), bool(gap)) not in near:
            least = 1 if isinstance(block, Heading) else 2
            gap = gap if gap.count("\n") >= least else "\n" * least
        spaced.append(block if gap == block.gap else replace(block, gap=gap))
    return spaced


def _start(block: Block) -> str:
    """Return what tells a block from its neighbours, also after it was merged."""
    return identity(block) if isinstance(block, Item) else block.text
