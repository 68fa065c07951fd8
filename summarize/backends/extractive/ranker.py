"""Ranks clauses by how much they resemble the lines that people write of papers.

A linear model over `features`, fitted by `benchmarks/train_extractive.py` to the ROUGE-1 that each
clause has with the reference lines of SciTLDR's training papers; `ranker.json` is what it learned.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from summarize.backends.extractive.candidates import Candidate, candidates
from summarize.backends.extractive.features import CONTRIBUTION, Lexicon, Text, vectors
from summarize.backends.extractive.standing import leans

LEANING = 0.1  # of ROUGE, that a line which points at what was said before must be better by
MOST = 4.0  # standard deviations that a feature may be from its mean


class Ranker(NamedTuple):
    """What was learned: of words, and for each feature its mean, its deviation and its weight."""

    lexicon: Lexicon
    features: tuple[tuple[float, float, float], ...]

    def scores(self, text: Text, given: Sequence[Candidate]) -> list[float]:
        """Return a score for each candidate: the higher, the better."""
        return [
            sum(
                weight * max(-MOST, min(MOST, (value - mean) / deviation))
                for value, (mean, deviation, weight) in zip(values, self.features, strict=True)
            )
            for values in vectors(text, given)
        ]


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


def announces(text: str) -> bool:
    """Tell whether a line says what the authors did, rather than what is known."""
    return CONTRIBUTION.search(text.lower()) is not None


def ranked(title: str, sentences: Sequence[str]) -> list[Candidate]:
    """Return what can be cut out of the sentences, the best first."""
    given = candidates(sentences)
    if not given:
        return []
    model = load()
    scores = model.scores(Text(title, sentences, model.lexicon), given)
    scores = [score - LEANING * leans(c.text) for score, c in zip(scores, given, strict=True)]
    order = sorted(range(len(given)), key=lambda i: (-scores[i], i))
    return [given[i] for i in order]
