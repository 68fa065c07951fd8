"""Ranks clauses by how much they resemble the lines that people write of papers.

A linear model over `features`, fitted by `benchmarks/train_extractive.py` to the ROUGE-1 that each
clause has with the reference lines of SciTLDR's training papers; `ranker.json` is what it learned.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from summarize.backends.extractive.candidates import Candidate, candidates
from summarize.backends.extractive.cues import announces
from summarize.backends.extractive.features import vectors
from summarize.backends.extractive.standing import leans
from summarize.backends.extractive.words import Lexicon, Text

# Of ROUGE, that a line must be better by which has a fault that its words do not show.
LEANING = 0.08  # it points at what was said before
BACKGROUND = 0.02  # it does not say what the authors did or found
THIN = 0.02  # it names a problem and nothing else
MOST = 4.0  # standard deviations that a feature may be from its mean


class Ranker(NamedTuple):
    """What was learned: of words, and for each feature its mean, its deviation and its weight."""

    lexicon: Lexicon
    features: tuple[tuple[float, float, float], ...]

    def scores(self, text: Text, given: Sequence[Candidate]) -> list[float]:
        """Return a score for each candidate: the higher, the better."""
        bounded = [
            (mean - MOST * deviation, mean + MOST * deviation, weight / deviation)
            for mean, deviation, weight in self.features
        ]
        scores = []
        for values in vectors(text, given):
            score = 0.0
            for value, (low, high, weight) in zip(values, bounded, strict=True):
                score += weight * (low if value < low else high if value > high else value)
            scores.append(score)
        return scores


@lru_cache(maxsize=1)
def load() -> Ranker:
    """Return the ranker that is shipped."""
    found = json.loads(files(__package__).joinpath("ranker.json").read_text("utf-8"))
    return Ranker(
        Lexicon(
            rarity=found["rarity"],
            pull=found["pull"],
            rarest=found["rarest"],
            word=tuple(found["word"]),
            pair=tuple(found["pair"]),
        ),
        tuple(tuple(row) for row in found["features"].values()),
    )


_THIN = re.compile(
    r"^(?:We|This (?:paper|work|article|study)) (?:\w+ly )?(?:aim to |aims to )?(?:stud(?:y|ies)|"
    r"considers?|address(?:es)?|tackles?|explores?|investigates?|examines?|focus(?:es)? on|"
    r"discuss(?:es)?)\b(?!.*(?:\b(?:and|by|using|via|through|that|which|with)\b|[:;]))"
)


def finds(candidate: Candidate) -> bool:
    """Tell whether a line says what the authors did, or what they found."""
    return "that" in candidate.clause.front or announces(candidate.text)


def _cost(candidate: Candidate) -> float:
    text = candidate.text
    return (
        LEANING * leans(text)
        + BACKGROUND * (not finds(candidate))
        + THIN * (_THIN.match(text) is not None)
    )


def ranked(title: str, sentences: Sequence[str]) -> list[Candidate]:
    """Return what can be cut out of the sentences, the best first."""
    given = candidates(sentences)
    if not given:
        return []
    model = load()
    scores = [
        score - _cost(candidate)
        for candidate, score in zip(
            given, model.scores(Text(title, sentences, model.lexicon), given), strict=True
        )
    ]
    order = sorted(range(len(given)), key=lambda i: (-scores[i], i))
    return [given[i] for i in order]
