"""What stands between entries, merged paragraph by paragraph."""

from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher

from summarize.posts.items import offer
from summarize.posts.written import Text

Chunk = tuple[list[Text], list[Text], list[Text]]


def texts(
    base: Sequence[Text], mine: Sequence[Text], new: Sequence[Text], words: Set[str]
) -> list[Text]:
    """Merge paragraphs. Where both changed the same ones, theirs stay and the new are offered.

    `words` are all paragraphs of theirs, wherever they stand: what is among them is not offered.
    """
    stale = {_offer(t).text for t in base} - {_offer(t).text for t in new}
    stale |= {_offer(t).text for t in new if t.text in words}
    own = [text for text in mine if text.text not in stale]
    merged: list[Text] = []
    for was, theirs, now in _chunks(base, own, new):
        if _same(theirs, was):
            merged += _apart(was, theirs, now) if _same(was, now) else now
            continue
        merged += theirs
        if not theirs or _same(theirs, now):
            continue
        before = {text.text for text in was}
        offers = [_offer(t) for t in now if t.text not in before and _is_worth_offering(t, words)]
        merged += [offered for offered in offers if offered.text not in words]
    return merged


def _is_worth_offering(text: Text, words: Set[str]) -> bool:
    """Tell whether a person would miss it: it is not there already, and is no empty place."""
    says_something = any(c.isalnum() for c in text.text) and not text.text.startswith("<!--")
    return says_something and text.text not in words


def _apart(was: list[Text], theirs: list[Text], now: list[Text]) -> list[Text]:
    """Return paragraphs that nobody changed, as far apart as they are, if a person set them so."""
    three = zip(was, theirs, now, strict=True)
    return [new if mine.gap == base.gap else mine for base, mine, new in three]


def _offer(text: Text) -> Text:
    return Text(offer("text", text.text))


def _same(some: Sequence[Text], others: Sequence[Text]) -> bool:
    return [text.text for text in some] == [text.text for text in others]


def _chunks(base: Sequence[Text], mine: Sequence[Text], new: Sequence[Text]) -> Iterator[Chunk]:
    """Cut the three where they agree: what all have, and what lies between, in turn.

    The three-way comparison of `diff3` (Khanna, Kunal and Pierce, 2007).
    """
    in_mine, in_new = _matches(base, mine), _matches(base, new)
    b = m = n = 0
    for at in range(len(base)):
        if at in in_mine and at in in_new:
            to_mine, to_new = in_mine[at], in_new[at]
            yield from _cut(base[b:at], mine[m:to_mine], new[n:to_new])
            yield [base[at]], [mine[to_mine]], [new[to_new]]
            b, m, n = at + 1, to_mine + 1, to_new + 1
    yield from _cut(base[b:], mine[m:], new[n:])


def _cut(base: Sequence[Text], mine: Sequence[Text], new: Sequence[Text]) -> Iterator[Chunk]:
    """Cut where the three differ: what a person put in before and behind stands for itself.

    Paragraphs are taken one by one where there are as many of each: a reworded one is one still.
    """
    first = _position(base, mine)
    if first is not None:
        last = first + len(base)
        yield [], [*mine[:first]], []
        yield [*base], [*mine[first:last]], [*new]
        yield [], [*mine[last:]], []
    elif len(base) == len(mine) == len(new):
        for was, theirs, now in zip(base, mine, new, strict=True):
            yield [was], [theirs], [now]
    else:
        yield [*base], [*mine], [*new]


def _position(base: Sequence[Text], mine: Sequence[Text]) -> int | None:
    """Return where all of the base stands in what a person made of it, if it does."""
    if not base:
        return None
    starts = range(len(mine) - len(base) + 1)
    return next((at for at in starts if _same(mine[at : at + len(base)], base)), None)


def _matches(base: Sequence[Text], other: Sequence[Text]) -> dict[int, int]:
    """Return which of the base's is which of the other's."""
    before, after = [text.text for text in base], [text.text for text in other]
    if before == after:  # told in no time, where thousands that are alike take minutes to compare
        return {at: at for at in range(len(before))}
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}
