"""What is known of a clause before it is ranked: its place, its cues, its words. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from summarize.backends.extractive import cues
from summarize.backends.extractive.clauses import Clause
from summarize.backends.extractive.standing import leans

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
        lower = [s.lower() for s in sentences]
        self.announced = [bool(CONTRIBUTION.search(s)) for s in lower]
        self.opens = [
            {name: float(cue.search(s) is not None) for name, cue in OPENINGS.items()}
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

    def rarity(self, word: str) -> float:
        """Return a word's inverse document frequency, over the papers learned from."""
        return self.lexicon.rarity.get(word, self.lexicon.rarest)

    def vector_of(self, words: Sequence[str]) -> dict[str, float]:
        """Return the tf-idf vector of a text's words, of length 1."""
        counts = Counter(w for w in words if w not in _STOPPED)
        vector = {w: n * self.rarity(w) for w, n in counts.items()}
        norm = math.hypot(*vector.values())
        return {w: x / norm for w, x in vector.items()} if norm else {}

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
        one, other = self.chance(pair[0]), self.chance(pair[1])
        titled = float(pair in self.title_pairs)
        low, high, name = min(one, other), max(one, other), " ".join(pair)
        stopped = (pair[0] in _STOPPED) + (pair[1] in _STOPPED)
        return (
            1.0, low, high, low * high, titled, math.log(1 + self.pairs[pair]), float(stopped == 1),
            float(stopped == 2), titled * low, math.log(low + 1e-3), math.log(high + 1e-3),
            titled * float(stopped == 0),
            float(pair[0] in self.in_title and pair[1] in self.in_title),
            self.lexicon.pull.get(name, 0.0), float(name in self.lexicon.pull),
            float(pair in self.main_pairs), float(pair in self.main_pairs) * titled,
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
    total = sum(w * x for w, x in zip(weights, values, strict=True)) if weights else 0.0
    return 1 / (1 + math.exp(-total)) if total > -50 else 0.0


# --- cues -----------------------------------------------------------------------------------------

# Searched, like all cues, in lower case: a search that ignores case takes three times as long.
CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|note|letter)|the (?:paper|authors?))\s+"
    r"(?:\w+ly |also |then |here |further |first |instead |now |will |aim to |can )*"
    r"(?:propose|present|introduce|develop|show|prove|demonstrate|describe|study|investigate|"
    r"provide|give|derive|design|establish|address|consider|analy[sz]e|find|report|measure|"
    r"explore|examine|argue|formulate|extend|devise|offer|suggest|apply|use|construct|build|"
    r"evaluate|compare|characteri[sz]e|obtain|initiate|reveal|observe|identify|learn|train|"
    r"tackle|focus|discuss|leverage|combine|employ|adopt|aim|present|create|generali[sz]e|"
    r"implement|investigate|perform|conduct|proposes)(?:e?s|d|ed)?\b",
)


CUES = cues.of("line")
OPENINGS = cues.of("opening")

_NUMBER = re.compile(r"\d")
_JOIN = re.compile("; |, and ")
_NAME = re.compile(r"(?<=\s)[A-Z][\w-]*|\b\w+[A-Z]\w*")
USUAL = 19  # words of a line that a person writes
FRONTS = ("lead", "that", "aside", "what")
BACKS = ("stop", "and", "also", "which", "ing", "such", "bare")


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Return the F1 of two texts' words, as ROUGE-1 has it."""
    total = one.total() + other.total()
    both = sum(min(n, other[word]) for word, n in one.items() if word in other)
    return 2 * both / total if total else 0.0


def vector(text: Text, index: int, clause: Clause) -> dict[str, float]:
    """Return the features of a clause of the sentence at `index`, by name."""
    words = stems(clause.text)
    found = {
        **_shape(text, index, clause, len(words)),
        **_cues(text, index, clause.text.lower()),
        **_titled(text, words),
        **_likeness(text, index, words),
        **_chances(text, words),
        "leans": leans(clause.text),
        "names": len(_NAME.findall(clause.text)),
        "numbers": len(_NUMBER.findall(clause.text)),
    }
    return {name: float(value) for name, value in found.items()}


def _shape(text: Text, index: int, clause: Clause, length: int) -> dict[str, float]:
    """Return where a clause stands and how it was cut."""
    size, joined = text.size, clause.front.startswith("join")
    first = _JOIN.split(clause.text, maxsplit=1)[0]
    return {
        "index": index,
        "from the end": size - 1 - index,
        "place": index / size,
        "sentences": size,
        "first": index == 0,
        "last": index == size - 1,
        "words": length,
        "off length": abs(length - 20),
        "share of sentence": length / max(len(text.sentences[index]), 1),
        "whole": not clause.front and not clause.back,
        "joined": joined,
        "joined after": clause.front.count("+"),
        "words before the join": len(first.split()) if joined else 0,
        **{f"front {front}": front in clause.front for front in FRONTS},
        **{f"back {back}": clause.back == back for back in BACKS},
    }


def _cues(text: Text, index: int, lower: str) -> dict[str, float]:
    """Return what a clause, its sentence and those around it announce."""
    announced = text.announced
    return {
        **{name: cue.search(lower) is not None for name, cue in CUES.items()},
        **text.opens[index],
        "announced": CONTRIBUTION.search(lower) is not None,
        "announced before": sum(announced[:index]),
        "announced in all": sum(announced),
        "first announced": announced[index] and not any(announced[:index]),
        "after however": index > 0 and text.opens[index - 1]["opens with however"],
    }


def _titled(text: Text, words: Sequence[str]) -> dict[str, float]:
    """Return what a clause shares with the title."""
    own = content(words)
    shared = own & text.title_content
    rare = sum(text.rarity(w) for w in shared)
    pairs = sum(pair in text.title_pairs for pair in pairwise(words))
    return {
        "title covered": len(shared) / max(len(text.title_content), 1),
        "told by title": len(shared) / max(len(own), 1),
        "title shared": len(shared),
        "title covered, rare": rare / max(sum(map(text.rarity, text.title_content)), 1e-9),
        "title rarity": rare,
        "title pairs": pairs,
        "title size": len(text.title),
        "like title": alike(Counter(words), text.title_bag),
        "title pairs F1": 2 * pairs / max(len(words) + len(text.title) - 2, 1),
    }


def _likeness(text: Text, index: int, words: Sequence[str]) -> dict[str, float]:
    """Return how much of the other sentences a clause says."""
    bag, own = Counter(words), text.vector_of(words)
    others = [i for i in range(text.size) if i != index]
    likes = [alike(bag, text.bags[i]) for i in others]
    told = [like for like, i in zip(likes, others, strict=True) if text.announced[i]]
    near = [_dot(own, text.vectors[i]) for i in others]
    return {
        "like others": sum(likes) / max(len(likes), 1),
        "like another": max(likes, default=0.0),
        "like announced": sum(told) / max(len(told), 1),
        "centrality": _dot(own, text.centre) / text.size,
        "nearest": max(near, default=0.0),
        "near": sum(near) / max(len(near), 1),
    }


def _chances(text: Text, words: Sequence[str]) -> dict[str, float]:
    """Return how many of a clause's words and pairs a summary may be expected to take."""
    length, own = max(len(words), 1), content(words)
    chances = [text.chance(w) for w in words]
    expected = sum(text.chance(w) for w in set(words))
    weighty = sum(text.chance(w) for w in own)
    pairs = [text.pair_chance(pair) for pair in set(pairwise(words))]
    return {
        "chance": expected,
        "chance a word": sum(chances) / length,
        "expected rouge 1": 2 * expected / (length + USUAL),
        "content chance": weighty / max(len(own), 1),
        "content expected": weighty,
        "expected rouge 2": 2 * sum(pairs) / (length + USUAL - 2),
        "pair chance": sum(pairs) / max(len(pairs), 1),
        "last chance": sum(chances[-3:]) / 3,
        "first chance": sum(chances[:4]) / 4,
        "rarity": sum(map(text.rarity, own)) / max(len(own), 1),
        "content share": len(own) / length,
        "pull": sum(text.lexicon.pull.get(w, 0.0) for w in words) / length,
    }


RELATIVE = (
    "expected rouge 1", "expected rouge 2", "title covered", "centrality", "chance a word",
    "pair chance", "title covered, rare",
)  # fmt: skip


def vectors(text: Text, given: Sequence[tuple[int, Clause]]) -> list[list[float]]:
    """Return the features of all clauses, with how the best of them compare."""
    found = [vector(text, index, clause) for index, clause in given]
    for name in RELATIVE:
        best = max((f[name] for f in found), default=0.0)
        mean = sum(f[name] for f in found) / max(len(found), 1)
        for f in found:
            f[name + ", to the best"] = f[name] - best
            f[name + ", to the mean"] = f[name] - mean
    return [list(f.values()) for f in found]


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(x * other.get(w, 0.0) for w, x in one.items())
