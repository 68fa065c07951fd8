"""Fits the ranker of the embedded summarizer to SciTLDR's training papers, and writes ranker.json.

    python benchmarks/train_extractive.py [--shared PATH] [--out FILE]

First what is learned of words: how rare each is, how readily it comes into a summary (`pull`), and
the chance of a word, and of two neighbours, to be in the reference line (two logistic regressions).
Then a ridge regression of each candidate's ROUGE on its features. What a paper's own reference says
must not leak into its features: `pull` is counted on the half of the papers that it is not in.
Everything is in closed form or converges; the same input gives the same file.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scitldr import Reference, rouge, scitldr

from summarize.backends.extractive import candidates as lines
from summarize.backends.extractive import ranker
from summarize.backends.extractive.features import vector, vectors
from summarize.backends.extractive.notes import whole
from summarize.backends.extractive.standing import leans
from summarize.backends.extractive.words import Lexicon, Text, stems
from summarize.text.sentences import passages

Matrix = NDArray[np.float64]

HALVES = 2
MOST_WORDS = 5_000  # of which it is known how rare they are
LEAST_PAPERS = {False: 8, True: 25}  # that a word, or a pair, must be in to have a pull
PRIOR = 10.0  # papers' worth of doubt about a pull
RIDGE = 300.0
GOAL = np.array([0.8, 0.1, 0.1])  # of ROUGE-1, -2 and -L


class Paper:
    """A reference paper with its sentences, its candidates and what each is worth."""

    def __init__(self, reference: Reference) -> None:
        self.title = reference.title
        self.sentences = [p.text for p in passages(reference.document) if whole(p.text)]
        self.lines = reference.lines
        self.references = [stems(line) for line in reference.lines]
        self.candidates = [c for c in lines.candidates(self.sentences) if not leans(c.text)]
        worth = [GOAL @ np.array(rouge(c.text, reference.lines)) for c in self.candidates]
        self.worth = np.array(worth)

    def taken(self, unit: str | tuple[str, str]) -> float:
        """Return the share of references that have a word, or two words side by side."""
        if isinstance(unit, str):
            return sum(unit in r for r in self.references) / len(self.references)
        pairs = [set(pairwise(r)) for r in self.references]
        return sum(unit in p for p in pairs) / len(pairs)


def rarity(papers: Sequence[Paper]) -> tuple[dict[str, float], float]:
    """Return the inverse document frequency of the commonest words, and of all others."""
    seen: Counter[str] = Counter()
    for paper in papers:
        seen.update({word for s in paper.sentences for word in stems(s)})
    common = [(word, n) for word, n in seen.most_common(MOST_WORDS) if n >= 3]
    size = len(papers)
    return {w: round(math.log(size / n), 2) for w, n in common}, round(math.log(size / 2), 2)


def pulls(papers: Iterable[Paper]) -> dict[str, float]:
    """Return the log-odds of words and of pairs to be taken over, against all words and pairs."""
    there: Counter[str] = Counter()
    taken: dict[str, float] = {}
    for paper in papers:
        told = [stems(s) for s in paper.sentences]
        units: set[str | tuple[str, str]] = {word for s in told for word in s}
        units |= {pair for s in told for pair in pairwise(s)}
        for unit in units:
            name = unit if isinstance(unit, str) else " ".join(unit)
            there[name] += 1
            taken[name] = taken.get(name, 0.0) + paper.taken(unit)
    found = {}
    for double in (False, True):
        names = [name for name in there if (" " in name) == double]
        general = sum(taken[n] for n in names) / sum(there[n] for n in names)
        for name in names:
            if there[name] >= LEAST_PAPERS[double]:
                share = (taken[name] + PRIOR * general) / (there[name] + PRIOR)
                found[name] = round(_odds(share) - _odds(general), 2)
    return dict(sorted(found.items()))


def _odds(share: float) -> float:
    return math.log(share / (1 - share))


def logistic(rows: list[tuple[float, ...]], shares: list[float]) -> tuple[float, ...]:
    """Fit a logistic regression by Newton's method, with a ridge of 1."""
    x, y = np.array(rows), np.array(shares)
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - chance) - weights
        curve = (x * (chance * (1 - chance))[:, None]).T @ x + np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return tuple(round(float(w), 4) for w in weights)


def learned(papers: Sequence[Paper]) -> tuple[Lexicon, Callable[[int], Lexicon]]:
    """Return what is learned of words; and for each paper the same without the paper's own half."""
    rare, rarest = rarity(papers)
    halves = [
        pulls(p for i, p in enumerate(papers) if i % HALVES != half) for half in range(HALVES)
    ]

    def lexicon(i: int, word: tuple[float, ...] = (), pair: tuple[float, ...] = ()) -> Lexicon:
        return Lexicon(rare, halves[i % HALVES], rarest, word, pair)

    rows, shares = [], []
    for i, paper in enumerate(papers):
        text = Text(paper.title, paper.sentences, lexicon(i))
        rows += [text.of_word(word) for word in text.tf]
        shares += [paper.taken(word) for word in text.tf]
    word = logistic(rows, shares)
    rows, shares = [], []
    for i, paper in enumerate(papers):
        text = Text(paper.title, paper.sentences, lexicon(i, word))
        rows += [text.of_pair(pair) for pair in text.pairs]
        shares += [paper.taken(pair) for pair in text.pairs]
    pair = logistic(rows, shares)
    return Lexicon(rare, pulls(papers), rarest, word, pair), lambda i: lexicon(i, word, pair)


def fitted(papers: Sequence[Paper]) -> tuple[Lexicon, list[tuple[float, float, float]]]:
    """Return the words' figures, and each feature's mean, deviation and weight."""
    lexicon, without = learned(papers)
    x, y = [], []
    for i, paper in enumerate(papers):
        if paper.candidates:
            text = Text(paper.title, paper.sentences, without(i))
            x.append(np.array(vectors(text, paper.candidates)))
            y.append(paper.worth - paper.worth.mean())
    rows, worth = np.vstack(x), np.concatenate(y)
    mean, deviation = rows.mean(0), np.maximum(rows.std(0), 1e-6)
    scaled: Matrix = np.clip((rows - mean) / deviation, -ranker.MOST, ranker.MOST)
    weights = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1]), scaled.T @ worth)
    return lexicon, [
        (float(f"{m:.5g}"), float(f"{d:.5g}"), float(f"{w:.4g}"))
        for m, d, w in zip(mean, deviation, weights, strict=True)
    ]


def main() -> None:
    """Train, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--out", type=Path, default=Path(ranker.__file__).with_name("ranker.json"))
    arguments = parser.parse_args()
    papers = [Paper(reference) for reference in scitldr(arguments.shared, "train")]
    lexicon, features = fitted(papers)
    one = next(p for p in papers if p.candidates)
    names = vectors_names(one, lexicon)
    written = {
        "features": dict(zip(names, features, strict=True)),
        "rarest": lexicon.rarest,
        "word": lexicon.word,
        "pair": lexicon.pair,
        "rarity": dict(sorted(lexicon.rarity.items())),
        "pull": lexicon.pull,
    }
    arguments.out.write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")
    print(
        f"{len(papers)} papers, {sum(len(p.candidates) for p in papers)} candidates, "
        f"{len(names)} features; {arguments.out.name}: {arguments.out.stat().st_size:,} bytes"
    )


def vectors_names(paper: Paper, lexicon: Lexicon) -> list[str]:
    """Return the names of the features, in the order of `vectors`."""
    from summarize.backends.extractive.features import RELATIVE

    text = Text(paper.title, paper.sentences, lexicon)
    own = list(vector(text, *paper.candidates[0]))
    return own + [f"{name}, to the {what}" for name in RELATIVE for what in ("best", "mean")]


if __name__ == "__main__":
    main()
