"""Papers -> the topics that they share, and a place for each on a map (pure).

Words are weighed by tf-idf (Salton and Buckley, 1988), papers grouped by spherical k-means (Dhillon
and Modha, 2001) from starts that lie far apart, groups named by the words that set them off. All
of it is deterministic: the same papers give the same map.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Vector = dict[str, float]

_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]{2,})*")
MOST_PAPERS = 400  # that are grouped; more are no map any more
LEAST, MOST = 2, 6  # topics
PAPERS = 9  # of a topic, about
ROUNDS = 12
NAMES = 2  # words of a topic's name
# What papers say of themselves, and what all of a conference are about.
_COMMON = frozenset(
    "the and for with that this from are our can which these those than more have has been not"
    " but its their they such also into over under between while when where how what why each both"
    " all any some most many other using use used uses based via towards toward through show shows"
    " shown propose proposes proposed present presents presented paper papers approach approaches"
    " method methods model models modeling modelling learning learn learned learns deep neural"
    " network networks data dataset datasets training trained train results result performance new"
    " novel problem problems task tasks work study two one three first state art state-of-the-art"
    " large small high low better best well only across without within however thus then there"
    " here algorithm algorithms analysis general several different existing previous recent"
    " provide provides achieve achieves improve improves improved demonstrate demonstrates"
    " introduce introduces experiments experimental empirical empirically theoretical set sets"
    " number time given make makes may allow allows enable enables compared outperforms outperform"
    " effective efficient efficiently simple important known often able function functions about"
    " against among does doing done even every few further get good less like much need needs non"
    " per rather same second should since still them very way ways were will would you your we was"
    " who whose own real world real-world machine framework technique techniques standard consider"
    " called common case cases class example examples find finds found fast faster main key idea"
    " open introduction address question questions".split()
)


@dataclass(frozen=True)
class Topic:
    """A topic: the words that name it, and the places in the list of its papers."""

    words: tuple[str, ...]
    members: tuple[int, ...]


def topics(texts: Sequence[str]) -> list[Topic]:
    """Group papers by what they say, the largest topic first."""
    texts = texts[:MOST_PAPERS]
    vectors = _weighed([_words(text) for text in texts])
    filled = [i for i, vector in enumerate(vectors) if vector]
    if not filled:
        return []
    count = max(LEAST, min(MOST, round(len(filled) / PAPERS))) if len(filled) >= 2 * LEAST else 1
    groups = _grouped({i: vectors[i] for i in filled}, count)
    mean = _mean([vectors[i] for i in filled])
    # In their order: a larger topic has the first choice of words.
    taken: set[str] = set()
    found: list[Topic] = []
    for members in sorted(groups, key=lambda group: (-len(group), group)):
        named = _name([vectors[i] for i in members], mean, taken)
        taken |= {*named}
        found.append(Topic(named, tuple(members)))
    return found


def _words(text: str) -> Counter[str]:
    words = (found[0].casefold() for found in _WORD.finditer(text))
    return Counter(_singular(word) for word in words if word not in _COMMON)


def _singular(word: str) -> str:
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 4
    return word[:-1] if is_plural else word


def _is_kin(word: str, other: str) -> bool:
    """Tell whether two words are forms of one."""
    return word.startswith(other[:5]) or other.startswith(word[:5])


def _weighed(papers: Sequence[Counter[str]]) -> list[Vector]:
    """Return each paper's words with their weights; words of one paper alone tie nothing."""
    spread = Counter(word for paper in papers for word in paper)
    least = 2 if len(papers) > 3 else 1
    weighed = []
    for paper in papers:
        vector = {
            word: (1 + math.log(times)) * math.log(1 + len(papers) / spread[word])
            for word, times in paper.items()
            if spread[word] >= least and word not in _COMMON
        }
        weighed.append(_unit(vector))
    return weighed


def _unit(vector: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _mean(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for word, weight in vector.items():
            total[word] = total.get(word, 0.0) + weight
    return {word: weight / len(vectors) for word, weight in total.items()}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of length one."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _grouped(vectors: Mapping[int, Vector], count: int) -> list[list[int]]:
    """Group papers around as many centres, none of which is left with a paper or two."""
    centres = _starts(vectors, count)
    groups: list[list[int]] = []
    for _ in range(ROUNDS):
        groups = [[] for _ in centres]
        for i, vector in vectors.items():
            alike = [likeness(vector, centre) for centre in centres]
            groups[max(range(len(centres)), key=lambda c: (alike[c], -c))].append(i)
        kept = [group for group in groups if len(group) > 1] or groups
        moved = [_unit(_mean([vectors[i] for i in group])) for group in kept]
        if moved == centres:
            break
        centres = moved
    return [group for group in groups if group]


def _starts(vectors: Mapping[int, Vector], count: int) -> list[Vector]:
    """Return papers that lie far apart: each the least like any before it, and typical of some."""
    mean = _mean(list(vectors.values()))
    typical = {i: likeness(vector, mean) for i, vector in vectors.items()}
    first = max(typical, key=lambda i: (typical[i], -i))
    starts = [vectors[first]]
    nearest = {i: likeness(vector, starts[0]) for i, vector in vectors.items()}
    while len(starts) < min(count, len(vectors)):
        far = max(vectors, key=lambda i: (typical[i] * (1 - nearest[i]) ** 2, -i))
        starts.append(vectors[far])
        for i, vector in vectors.items():
            nearest[i] = max(nearest[i], likeness(vector, vectors[far]))
    return starts


def _name(vectors: Sequence[Vector], mean: Vector, taken: set[str]) -> tuple[str, ...]:
    """Return the words that set a topic off from all papers, and that several of it say."""
    own = _mean(vectors)
    said = Counter(word for vector in vectors for word in vector)
    least = 2 if len(vectors) > 3 else 1
    wanted = sorted(
        (word for word in own if said[word] >= least),
        key=lambda word: (-own[word] * said[word] * math.log(own[word] / mean[word] + 1), word),
    )
    chosen: list[str] = []
    for word in wanted:
        if not any(_is_kin(word, other) for other in (*taken, *chosen)):
            chosen.append(word)
        if len(chosen) == NAMES:
            break
    return tuple(chosen)
