"""A quote's words beside those of a stretch of text: which stand there, in their order."""

from bisect import bisect_left
from typing import Any, NamedTuple

from summarize.text.stems import NEGATIONS, WORD, content, stem

NEAR = 0.72  # of a quote's words that must stand in order where it is found nearly


class Found(NamedTuple):
    """A stretch `[start, end)` of the document's text; `exact` where only its marks may differ."""

    start: int
    end: int
    exact: bool = True


def aligned(words: list[str], text: str, start: int, end: int) -> tuple[float, Found | None]:
    """Align a quote's words with a stretch of a text; return which share stands there, and where.

    Both are folded. It is found where most of the words stand there in their order, and no number
    or negation is there in one alone.
    """
    there = [(m[0], m.start() + start) for m in WORD.finditer(text[start:end])]
    pairs = _common([stem(w) for w in words], [stem(w) for w, _ in there])
    if not pairs:
        return 0.0, None
    pairs = _dense(pairs, len(words))
    share = len(pairs) / len(words)
    heavy = content(stem(w) for w in words)
    told = heavy & {stem(words[i]) for i, _ in pairs}
    if share < NEAR or len(told) < 0.7 * len(heavy):
        return share, None
    matched = {i for i, _ in pairs}
    first, last = pairs[0][1], pairs[-1][1]
    stretch = {w for w, _ in there[max(first - 2, 0) : last + 3]}
    for i, word in enumerate(words):
        weighty = word in NEGATIONS or any(c.isdigit() for c in word)
        if i not in matched and weighty and word not in stretch:
            return share, None
    theirs = {b for _, b in pairs}
    inner = [w for j, (w, _) in enumerate(there[first : last + 1], first) if j not in theirs]
    if any(w in NEGATIONS for w in inner) and not any(w in NEGATIONS for w in words):
        return share, None
    word, at = there[last]
    return share, Found(there[first][1], at + len(word), exact=False)


def _common(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Return the longest common subsequence of two lists of words, as pairs of places.

    After Hunt and Szymanski (1977): only pairs of equal words are looked at, and few are equal.
    """
    places = dict[str, list[int]]()
    for j, word in enumerate(other):
        places.setdefault(word, []).append(j)
    # For each length the end of the subsequence that ends first; each end knows what is before it.
    ends, chains = list[int](), list[tuple[int, int, Any]]()
    for i, word in enumerate(one):
        for j in reversed(places.get(word, ())):
            length = bisect_left(ends, j)
            chain = (i, j, chains[length - 1] if length else None)
            if length == len(ends):
                ends.append(j)
                chains.append(chain)
            else:
                ends[length], chains[length] = j, chain
    pairs, link = [], chains[-1] if chains else None
    while link:
        i, j, link = link
        pairs.append((i, j))
    return pairs[::-1]


def _dense(pairs: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Drop pairs at either end that stand far from the rest: a stray "the" is no quote."""
    while len(pairs) > 2 and pairs[1][1] - pairs[0][1] > 6 + 2 * (pairs[1][0] - pairs[0][0]):
        pairs = pairs[1:]
    while len(pairs) > 2 and pairs[-1][1] - pairs[-2][1] > 6 + 2 * (pairs[-1][0] - pairs[-2][0]):
        pairs = pairs[:-1]
    return pairs
