"""Whether two titles are one paper's (pure). A wrong match is worse than none.

The rule. Titles are compared as words, without case, accents, punctuation and LaTeX. They are one
paper's where

1. their letters and digits are the same, in order; or
2. their words are the same, in order, but for typos in long words (one letter, two in a word of
   nine; never a word's first letter, and never in one that has a digit) and small words that one
   of them lacks ("the", "of"); or,
3. where authors agree, too, one lacks one word more (but nothing is put before or after all of
   the other, as "On the Limits of" is), or is what the other says before its colon.

Never where the one has a word that makes another paper of it ("revisited", "beyond", "not", "2"),
or a word where the other has another ("images", "videos"): titles that follow a fashion differ in
just that. Authors agree by two names, with their initials, or by the one that there is: "Y. Wang"
alone is many. Where the authors of both are known and share not even a surname, no title is
enough. Among several candidates, two that would do (of different titles) are none.

The figures are measured by `benchmarks/matching.py`, on titles of which half were never looked at.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

LEAST = 10  # letters and digits: "Introduction" may be anyone's
ENOUGH = 3  # words of weight that must agree where one other is missing
MOST_ALONE = 3  # words by which two titles may differ in length
TYPO = 5  # letters of a word in which one may be wrong

_SMALL = frozenset(
    "a an the of for in on to by with and or via from at as is are be its their using through into "
    "under between over".split()
)
# Whose presence in one title alone makes another paper of it.
_SEQUEL = frozenset(
    "revisited revisiting rethinking reconsidering beyond towards toward against not no non never "
    "without improved improving better faster stronger deeper extended extension comment comments "
    "reply response correction corrigendum erratum supplementary appendix survey review tutorial "
    "benchmark workshop challenge revised part ii iii iv v vi new multi semi un anti de".split()
)
_COMMAND = re.compile(r"\\(?:text\w*|math\w*|emph|rm|bf|it|em|cal|boldsymbol|operatorname)\b")
_ACCENT = re.compile(r"\\[\"'`^~=.cuvHkbdr]\s*(?=[{a-zA-Z])")
_SPELLED = re.compile(r"\\([a-zA-Z]+)")
_WORD = re.compile(r"[^\W_]+")

T = TypeVar("T")


class Candidate(NamedTuple):
    """A title and the authors that are known of it."""

    title: str
    authors: Sequence[str] = ()


def words(title: str) -> list[str]:
    """Return a title's words: no case, accents, LaTeX or punctuation; a hyphen parts two."""
    text = _SPELLED.sub(r"\1 ", _ACCENT.sub("", _COMMAND.sub(" ", title)))
    text = re.sub(r"(?<=\w)[{}$^_]+(?=\w)|[{}$]", "", text).replace("’", "'")
    text = re.sub(r"(?<=\w)'(?=\w)", "", text)
    folded = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))


def same(one: str, other: str, *, by_them: bool = False) -> bool:
    """Tell whether two titles are one paper's; `by_them` says that their authors agree."""
    first, second = words(one), words(other)
    joined = "".join(first)
    if len(joined) < LEAST or len("".join(second)) < LEAST:
        return joined == "".join(second) and min(len(first), len(second)) > 1
    if joined == "".join(second):
        return True
    if 2 * len({*first} & {*second}) < min(len(first), len(second)):
        return False  # told at once, as most are
    if _nearly(first, second, lacking=by_them):
        return True
    return by_them and (_cut(one, second) or _cut(other, first))


def agree(one: Sequence[str], other: Sequence[str]) -> bool | None:
    """Tell whether two lists of authors are the same people's; None where that can't be told."""
    first, second = _names(one), _names(other)
    if not first or not second:
        return None
    if len(first & second) >= min(2, len(first), len(second)):
        return True
    surnames = {name for _, name in first} & {name for _, name in second}
    return None if surnames else False


def choose(wanted: Candidate, candidates: Iterable[tuple[Candidate, T]]) -> T | None:
    """Return what goes with the one candidate that is the wanted paper, if just one title is."""
    alike = []
    for candidate, found in candidates:
        agreed = agree(wanted.authors, candidate.authors)
        if agreed is not False and same(wanted.title, candidate.title, by_them=bool(agreed)):
            alike.append((candidate.title, found))
    exact = [pair for pair in alike if words(pair[0]) == words(wanted.title)]
    alike = exact or alike
    if not alike or any(words(title) != words(alike[0][0]) for title, _ in alike):
        return None
    return alike[0][1]


def related(one: str, other: str) -> bool:
    """Tell whether titles may be one paper's that is known by its identifier.

    A title may change much until it is printed, but hardly in every word.
    """
    first, second = ({w for w in words(t) if w not in _SMALL} for t in (one, other))
    return not first or not second or 3 * len(first & second) >= min(len(first), len(second))


def _names(names: Sequence[str]) -> set[tuple[str, str]]:
    """Return the initial and the surname of each name; "Turing, Alan" begins with the latter."""
    turned = (" ".join(reversed(name.split(",", 1))) for name in names)
    split = (words(name) for name in turned)
    return {(parts[0][0], parts[-1]) for parts in split if parts}


def _nearly(first: Sequence[str], second: Sequence[str], *, lacking: bool) -> bool:
    """Tell whether words are the same but for typos, small words and, if `lacking`, one more."""
    if abs(len(first) - len(second)) > MOST_ALONE:
        return False
    matched, gaps = _aligned(first, second)
    alone = [word for one, other in gaps for word in (*one, *other)]
    if any(word in _SEQUEL or any(map(str.isdigit, word)) for word in alone):
        return False
    if any(one and other for one, other in gaps):
        return False  # a word that stands where another stood was not left out, but replaced
    weight = sum(word not in _SMALL for word in matched)
    missing = [word for word in alone if word not in _SMALL]
    if not missing:
        return weight >= 2
    return lacking and len(missing) == 1 and not _ends(first, second) and weight >= ENOUGH


def _ends(first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell whether one list of words begins or ends with all of the other."""
    short, long = sorted((list(first), list(second)), key=len)
    return short in (long[: len(short)], long[len(long) - len(short) :])


Gap = tuple[list[str], list[str]]


def _aligned(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[Gap]]:
    """Return the words that both have in the same order, and those that each has between them."""
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, one in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            both = rows[i - 1][j - 1] + 1 if _one_word(one, other) else 0
            rows[i][j] = max(rows[i - 1][j], rows[i][j - 1], both)
    matched: list[str] = []
    gaps: list[Gap] = [([], [])]
    i, j = len(first), len(second)
    while i or j:
        if i and rows[i][j] == rows[i - 1][j]:
            i -= 1
            gaps[-1][0].append(first[i])
        elif j and rows[i][j] == rows[i][j - 1]:
            j -= 1
            gaps[-1][1].append(second[j])
        else:
            i, j = i - 1, j - 1
            matched.append(first[i])
            gaps.append(([], []))
    return matched, gaps


def _one_word(one: str, other: str) -> bool:
    """Tell whether two words are one, but for a slip of the keyboard."""
    if one == other:
        return True
    least = min(len(one), len(other))
    if least < TYPO or one[0] != other[0] or any(map(str.isdigit, one + other)):
        return False
    return _edits(one, other) <= (1 if least < 9 else 2)


def _edits(one: str, other: str) -> int:
    """Return how many letters are to be put in, left out, replaced or swapped (Damerau 1964)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row_before = row, before
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, row_before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]


def _cut(long: str, short: Sequence[str]) -> bool:
    """Tell whether some words are what a title says before its colon."""
    head, colon, _ = long.partition(": ")
    return bool(colon) and words(head) == list(short)
