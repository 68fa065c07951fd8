"""The words of a title and its sentences, and what was learned of words. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import mul

from summarize.backends.extractive import cues

_TOKEN = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "the a an of and or to in on for with by from as at is are was were be been being this that "
    "these those it its we our us they their them which who whom whose such than then thus can "
    "could may might will would not no nor only also both each other more most some any all many "
    "into over under between through during has have had do does did when where while how what "
    "if so but however there here very much well using via based e g i s t al et".split()
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without its inflection, roughly: what a comparison of words should see."""
    if len(word) > 4:
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)] + instead
                break
        if len(word) > 4 and word[-1] == "e":
            word = word[:-1]
        if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
            word = word[:-1]
    elif len(word) == 4 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    return word


_ENDINGS = (
    ("ically", "ic"), ("ization", "iz"), ("isation", "iz"), ("ational", "at"), ("ations", "at"),
    ("ation", "at"), ("iveness", "iv"), ("ingly", ""), ("edly", ""), ("ities", "ity"),
    ("ments", "ment"),
    ("ies", "y"), ("ings", ""), ("sses", "ss"), ("ing", ""), ("ied", "y"), ("ely", ""), ("ed", ""),
    ("ly", ""), ("ions", "ion"), ("ors", "or"), ("ers", "er"), ("ss", "ss"), ("us", "us"),
    ("s", ""),
)  # fmt: skip


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, as ROUGE would see them: no punctuation, no case."""
    return [stem(word) for word in _TOKEN.findall(text.lower())]


@dataclass(frozen=True)
class Lexicon:
    """What was learned of words: how rare each is, and how readily it comes into a summary.

    `rarity` is the inverse document frequency, `pull` the log-odds of being taken over.
    """

    rarity: Mapping[str, float]
    pull: Mapping[str, float]
    rarest: float
    word: Sequence[float]
    pair: Sequence[float]


class Text:
    """A title and the sentences to pick from, with all that is counted over them."""

    def __init__(self, title: str, sentences: Sequence[str], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.title = stems(title)
        self.in_title = set(self.title)
        self.title_content = {w for w in self.title if w not in _STOPPED}
        self.title_pairs = set(pairwise(self.title))
        self.sentences = [stems(sentence) for sentence in sentences]
        self.bags = [Counter(s) for s in self.sentences]
        self.title_bag = Counter(self.title)
        self.tf = Counter(w for s in self.sentences for w in s)
        self.df = Counter(w for s in self.sentences for w in set(s))
        self.pairs = Counter(p for s in self.sentences for p in pairwise(s))
        self.size = max(len(self.sentences), 1)
        lower = [cues.spaced(s) for s in sentences]
        self.announced = [cues.CONTRIBUTION.search(s) is not None for s in lower]
        self.opens = [
            {name: float(cue.search(s) is not None) for name, cue in cues.of("opening").items()}
            for s in lower
        ]
        self._first: dict[str, int] = {}
        for i, s in enumerate(self.sentences):
            for w in s:
                self._first.setdefault(w, i)
        cued = {w for s, a in zip(self.sentences, self.announced, strict=True) if a for w in s}
        first = next((i for i, a in enumerate(self.announced) if a), -1)
        self.cued, self.main = cued, set(self.sentences[first]) if first >= 0 else set()
        main = self.sentences[first] if first >= 0 else []
        self.main_pairs = set(pairwise(main))
        self.start = set(self.sentences[0]) if self.sentences else set()
        self.end = set(self.sentences[-1]) if self.sentences else set()
        self._chance: dict[str, float] = {}
        self._pair_chance: dict[tuple[str, str], float] = {}
        self.vectors = [self.vector_of(s) for s in self.sentences]
        total: Counter[str] = Counter()
        for vector in self.vectors:
            total.update(vector)
        self.centre = dict(total)
        # Where each word stands, how often and with what weight: a clause is compared with all
        # sentences at once, at the price of the words that they share.
        self._places: dict[str, list[tuple[int, int]]] = {}
        for i, bag in enumerate(self.bags):
            for word, n in bag.items():
                self._places.setdefault(word, []).append((i, n))
        self._sizes = [len(s) for s in self.sentences]

    def rarity(self, word: str) -> float:
        """Return a word's inverse document frequency, over the papers learned from."""
        return self.lexicon.rarity.get(word, self.lexicon.rarest)

    def vector_of(self, words: Sequence[str]) -> dict[str, float]:
        """Return the tf-idf vector of a text's words, of length 1."""
        counts = Counter(w for w in words if w not in _STOPPED)
        vector = {w: n * self.rarity(w) for w, n in counts.items()}
        norm = math.hypot(*vector.values())
        return {w: x / norm for w, x in vector.items()} if norm else {}

    def alike(self, words: Sequence[str]) -> list[float]:
        """Return the F1 of a text's words with each sentence's, as ROUGE-1 has it."""
        both, length = [0] * len(self._sizes), len(words)
        for word, n in Counter(words).items():
            for i, m in self._places.get(word, ()):
                both[i] += min(n, m)
        return [2 * n / (length + size) for n, size in zip(both, self._sizes, strict=True)]

    def near(self, vector: Mapping[str, float]) -> list[float]:
        """Return the cosine of a tf-idf vector with each sentence's."""
        found = [0.0] * len(self._sizes)
        for word, weight in vector.items():
            for i, _ in self._places.get(word, ()):
                found[i] += weight * self.vectors[i].get(word, 0.0)
        return found

    def of_word(self, word: str) -> tuple[float, ...]:
        """Return what is known of a word: what the chance that a summary takes it rests on."""
        titled, stopped = float(word in self.in_title), float(word in _STOPPED)
        tf, rare = math.log(1 + self.tf[word]), self.rarity(word) / self.lexicon.rarest
        pull = self.lexicon.pull.get(word, 0.0)
        return (
            1.0, titled, stopped, tf, self.df[word] / self.size, rare, pull,
            self._first.get(word, self.size) / self.size,
            float(word in self.cued), float(word in self.main), float(word in self.start),
            float(word in self.end), titled * tf, titled * rare, tf * rare, titled * pull,
            titled * stopped, float(word in self.main) * titled, rare * float(word in self.main),
            float(word.isdigit()), titled / math.sqrt(1 + len(self.title)), stopped * tf,
            stopped * float(word in self.main),
        )  # fmt: skip

    def chance(self, word: str) -> float:
        """Return the chance that a summary takes over a word."""
        if word not in self._chance:
            self._chance[word] = _logistic(self.lexicon.word, self.of_word(word))
        return self._chance[word]

    def of_pair(self, pair: tuple[str, str]) -> tuple[float, ...]:
        """Return what is known of two neighbours: as for a word."""
        first, second = pair
        one, other = self.chance(first), self.chance(second)
        low, high = (one, other) if one < other else (other, one)
        titled, main = pair in self.title_pairs, pair in self.main_pairs
        pull = self.lexicon.pull.get(f"{first} {second}")
        stopped = (first in _STOPPED) + (second in _STOPPED)
        return (
            1.0, low, high, low * high, titled, math.log(1 + self.pairs[pair]), stopped == 1,
            stopped == 2, titled * low, math.log(low + 1e-3), math.log(high + 1e-3),
            titled and stopped == 0, first in self.in_title and second in self.in_title,
            pull or 0.0, pull is not None, main, main and titled,
        )  # fmt: skip

    def pair_chance(self, pair: tuple[str, str]) -> float:
        """Return the chance that a summary takes over two neighbours."""
        if pair not in self._pair_chance:
            self._pair_chance[pair] = _logistic(self.lexicon.pair, self.of_pair(pair))
        return self._pair_chance[pair]


_STOPPED = frozenset(stem(word) for word in _STOP)


def content(words: Sequence[str]) -> set[str]:
    """Return those of the words that say something."""
    return {word for word in words if word not in _STOPPED}


def _logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    total = sum(map(mul, weights, values))
    return 1 / (1 + math.exp(-total)) if total > -50 else 0.0
