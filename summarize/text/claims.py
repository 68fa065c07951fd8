"""What a line claims that can be looked up: its numbers, names, comparisons and negations. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from summarize.text.evidence import Evidence
from summarize.text.stems import NEGATIONS, WORD, content, folded, squeezed, stem, stems

WHOLE = 0.8  # of a claim's words in one sentence, from which its numbers must be that sentence's
NEAREST = 0.9  # of the best sentence's share: these are as good
CLOSE = 0.5  # of the best sentence's share: others that may say it too
SURE = 0.6  # of a claim's words in one sentence, from which that sentence is what it rests on

_NUMBER = re.compile(
    r"(?<![\w.])[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s?(?:%|percent\b|×|x\b|times\b|-fold\b)|\s?(?:ms|s|seconds?|minutes?|hours?|days?|GB|MB|"
    r"kB|"
    r"billion|million|thousand|k|K|M|B)\b)?"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(
    r"\b(?=[\w-]*[A-Z0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9][\w+-]*(?:\.\d+)?(?:\s(?=[A-Z0-9])[A-Z0-9][\w-]*)*"
)
_COMMON_START = frozenset(
    "We The This In Our A An It These Using By For On With To From As At Results Experiments "
    "Experimental Empirical Empirically Here Based Given When While Although Both I Their Its New "
    "Novel Unlike Such Under Recent Many Most All Each Several Two Three One Deep Learning".split()
)
_SMALL = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(1, 13)),
        strict=True,
    )
)

# Words that say which way a comparison goes; those of one column can't stand for the other's.
_OPPOSITES = tuple(
    (one.split(), other.split())
    for one, _, other in (
        line.partition(" / ")
        for line in """
faster fast quicker quickly speedup accelerate accelerates / slower slow slowly slowdown
higher high highest larger greater more / lower low lowest smaller less fewer
increase increases increased increasing / decrease decreases decreased decreasing reduce reduces
reduce reduces reduced reducing / increase increases increased increasing
better best superior outperform outperforms outperformed / worse worst inferior underperform
outperform outperforms surpass surpasses exceed exceeds beat beats / underperforms underperformed
improve improves improved improving / degrade degrades degraded worsen worsens worsened
stronger / weaker
cheaper / costlier dearer
longer / shorter
deeper / shallower
above / below
gain gains / loss
easier / harder
wider / narrower
always / never
with / without
upper / lower
positive / negative
maximum / minimum
before / after
""".strip().splitlines()
    )
)
_OPPOSITE: dict[str, frozenset[str]] = {}
for _one, _other in _OPPOSITES:
    for _a, _b in ((_one, _other), (_other, _one)):
        for _word in _a:
            _OPPOSITE[_word] = _OPPOSITE.get(_word, frozenset()) | frozenset(_b)
_TURNS = re.compile(
    r"\b(?:outperform\w*|underperform\w*|surpass\w*|exceed\w*|beat|beats|than|improv\w+ (?:on|upon|"
    r"over)|"
    r"superior to|inferior to|compared (?:to|with)|over)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:the first|first to|for the first time|the only|state[- ]of[- ]the[- ]art)\b", re.I
)


def flags(text: str, evidence: Evidence, place: tuple[int, int] | None = None) -> Iterator[str]:
    """Yield what a line claims and the paper does not say, in the line's words.

    `place` is the stretch of the paper that the line rests on, where that is known; else it is
    looked for, for each part of the line that stands for itself.
    """
    for part in re.split(r";\s", text):
        yield from _of_part(part, evidence, place)


def _of_part(text: str, evidence: Evidence, place: tuple[int, int] | None) -> Iterator[str]:
    numbers, names = list(_numbers(text)), list(_names(text))
    about = _About(text, evidence, place)
    digits = frozenset(stem(w) for n, _ in numbers for w in _words(n))
    times = Counter(values for _, values in numbers)
    for number, values in numbers:
        least = NEAREST if about.best(digits) >= WHOLE else CLOSE
        if not _has_number(values, times[values], about.stretches(least, digits)):
            yield number
    checked = frozenset(stem(w) for name in names for w in _words(name))
    yield from (n for n in names if not _has_name(n, lambda: about.stretches(SURE, checked)))
    if there := about.sure(digits):
        yield from _turned(text, there)
        yield from _negated(text, there)
    yield from (
        m[0]
        for m in _FIRST.finditer(text)
        if not any(_says_first(m[0], s) for s in about.stretches(CLOSE, digits))
    )


class _About(NamedTuple):
    """Where the paper may say what a line says: the place that is known first, the rest if asked.

    What is to be checked is left out (`without`) where the place is looked for.
    """

    text: str
    evidence: Evidence
    place: tuple[int, int] | None

    def best(self, without: frozenset[str]) -> float:
        """Return how much of the line the likeliest place says (0 to 1)."""
        if self.place:
            return 1.0
        said = self.evidence.said(self.text, without=without)
        return said[0].share if said else 0.0

    def stretches(self, least: float, without: frozenset[str]) -> Iterator[str]:
        """Yield the places that say at least such a share of what the likeliest says."""
        if self.place:
            yield self._there(self.place)
        least *= self.best(without)
        for said in self.evidence.said(self.text, without=without):
            if said.share >= least:
                yield self._there(said.span)

    def sure(self, without: frozenset[str]) -> str:
        """Return the place that the line rests on; empty where that is not plain."""
        if self.place:
            return self._there(self.place)
        said = self.evidence.said(self.text, without=without)
        return self._there(said[0].span) if said and said[0].share >= SURE else ""

    def _there(self, span: tuple[int, int]) -> str:
        return self.evidence.folded[slice(*span)]


def _words(text: str) -> list[str]:
    return [m[0] for m in WORD.finditer(text)]


# --- numbers --------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the numbers of a text as they stand there, each with the ways to write it."""
    for found in _NUMBER.finditer(text):
        digits = _DIGITS.search(found[0].replace(",", ""))
        if digits:
            yield found[0].strip(), _ways(digits[0])


@lru_cache(maxsize=1024)
def _ways(number: str) -> frozenset[str]:
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    ways = {number, plain}
    if "." not in plain and len(plain) > 3:
        ways.add(f"{int(plain):,}")
        if plain.endswith("000"):
            ways |= {plain[:-3] + "k", plain[:-3] + "K"}
    ways |= {word for word, digit in _SMALL.items() if digit == plain}
    return frozenset(ways)


def _has_number(values: frozenset[str], times: int, stretches: Iterable[str]) -> bool:
    """Tell whether a number stands in one of the stretches, as often as in the claim."""
    for stretch in stretches:
        there = any(value in stretch for value in values)  # else no pattern need be made
        if there and len(_pattern(values).findall(stretch)) >= times:
            return True
    return False


@lru_cache(maxsize=1024)
def _pattern(values: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a number in any of the ways to write it."""
    ways = "|".join(re.escape(value) for value in values)
    return re.compile(rf"(?<![\d.])(?:{ways})(?:\.0+)?(?!\d|[.,]\d)")


# --- names ----------------------------------------------------------------------------------------


def _names(text: str) -> Iterator[str]:
    """Yield what looks like a name: words with capitals or digits inside, and capitalised ones."""
    for found in _NAME.finditer(text):
        words = found[0].split()
        if found.start() == 0 or text[: found.start()].rstrip().endswith((".", ":", "?")):
            # A sentence begins with a capital whatever its first word is.
            while words and (words[0] in _COMMON_START or not _marked(words[0])):
                words = words[1:]
        words = [w for w in words if not w.isdigit() and w not in _COMMON_START]
        for word in words:
            if len(word) > 1 and any(c.isalpha() for c in word):
                yield word


def _marked(word: str) -> bool:
    return any(c.isupper() for c in word[1:]) or any(c.isdigit() for c in word)


def _has_name(name: str, near: Callable[[], Iterator[str]]) -> bool:
    wanted = squeezed(folded(name))
    stemmed = wanted[:-1] if wanted.endswith("s") else wanted
    if any(stemmed in squeezed(stretch) for stretch in near()):
        return True
    # A hyphenated compound, each part of which is there.
    parts = [p for p in re.split(r"[-/]", folded(name)) if len(p) > 1]
    return len(parts) > 1 and all(any(p in s for s in near()) for p in parts)


# --- comparisons and negations --------------------------------------------------------------------


def _turned(text: str, there: str) -> Iterator[str]:
    """Yield the words of a comparison that the paper makes the other way round."""
    own, theirs = [w.lower() for w in _words(text)], set(_words(there))
    stemmed = {stem(w) for w in theirs}
    for word in own:
        opposite = _OPPOSITE.get(word)
        if opposite and stem(word) not in stemmed and opposite & theirs:
            yield word
            return
    for turn in _TURNS.finditer(text):
        at = re.search(rf"\b{re.escape(turn[0].lower())}\b", there)
        if not at:
            continue
        before, after = _sides(text, turn.start(), turn.end())
        left, right = _sides(there, at.start(), at.end())
        straight = len(before & left) + len(after & right)
        crossed = len(before & right - left) + len(after & left - right)
        if crossed >= 2 and crossed > straight:
            yield turn[0]
            return


_HOW = re.compile(r"\b(?:by|on|in|at|for|with)\b")


def _sides(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    what = _HOW.split(text[end:], maxsplit=1)[0]  # by how much, and on what, is no side
    left, right = content(stems(text[:start])), content(stems(what))
    return left - right, right - left


def _negated(text: str, there: str) -> Iterator[str]:
    """Yield a negation that the paper does not make; or say that one of its own is gone."""
    own = [w.lower() for w in _words(text)]
    stretch = _words(there)
    stemmed = [stem(w) for w in own if w not in NEGATIONS]
    heavy = content(stemmed)
    places = [i for i, w in enumerate(stretch) if stem(w) in heavy]
    if not places:
        return
    within = stretch[max(places[0] - 2, 0) : places[-1] + 1]
    mine = [w for w in own if w in NEGATIONS]
    theirs = [w for w in within if w in NEGATIONS]
    if len(mine) > len(theirs) and not any(w in NEGATIONS for w in stretch):
        yield mine[0]
    elif len(theirs) > len(mine) and not mine:
        # It counts only where what it denies is in the claim.
        for i, word in enumerate(stretch):
            if word in NEGATIONS:
                following = [stem(w) for w in stretch[i + 1 : i + 4] if stem(w) not in _LIGHT]
                if following and following[0] in heavy:
                    yield f"without “{word}”"
                    return


_LIGHT = frozenset(map(stem, "the a an be been to only just necessarily always that have".split()))


def _says_first(claim: str, stretch: str) -> bool:
    key = "first" if "first" in claim.lower() else "only" if "only" in claim.lower() else "art"
    return re.search(rf"\b{key}\b|\bsota\b", stretch) is not None
