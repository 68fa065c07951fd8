"""What is known of a clause before it is ranked: its place, its cues, its words. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from summarize.backends.extractive import cues
from summarize.backends.extractive.clauses import Clause
from summarize.backends.extractive.standing import leans
from summarize.backends.extractive.words import Text, content, stems

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
    return {
        **_shape(text, index, clause, len(words)),
        **_cues(text, index, cues.spaced(clause.text)),
        **_titled(text, words),
        **_likeness(text, index, words),
        **_chances(text, words),
        "leans": leans(clause.text),
        "names": len(_NAME.findall(clause.text)),
        "numbers": len(_NUMBER.findall(clause.text)),
    }


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
        **{name: cue.search(lower) is not None for name, cue in cues.of("line").items()},
        **text.opens[index],
        "announced": cues.CONTRIBUTION.search(lower) is not None,
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
    own = text.vector_of(words)
    likes, near = text.alike(words), text.near(own)
    told = [x for i, x in enumerate(likes) if text.announced[i] and i != index]
    del likes[index], near[index]
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
