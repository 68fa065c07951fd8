"""SciTLDR (Cachola et al., 2020), and how near a line is to the lines that people wrote."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rouge_score.rouge_scorer import _create_ngrams, _score_lcs, _score_ngrams
from rouge_score.tokenizers import DefaultTokenizer

from summarize.records import Document
from summarize.text.abstract import from_abstract

_TOKENIZER = DefaultTokenizer(use_stemmer=True)


@dataclass(frozen=True)
class Reference:
    """A paper's title and abstract, and the lines that people wrote of it."""

    title: str
    abstract: str
    lines: tuple[str, ...]

    @property
    def document(self) -> Document:
        """The abstract as `roundup` reads one from a list."""
        return from_abstract(self.abstract, self.title)


def scitldr(shared: Path, split: str) -> list[Reference]:
    """Return the papers of a split of SciTLDR-A: "train" or "dev"."""
    path = shared / "data" / "scitldr" / f"{split}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Reference(r["title"], " ".join(r["source"]), tuple(r["target"])) for r in rows]


@lru_cache(maxsize=200_000)
def tokens(text: str) -> tuple[str, ...]:
    """Return a text's words as ROUGE counts them, stemmed."""
    return tuple(_TOKENIZER.tokenize(text))


def rouge(line: str, references: Sequence[str]) -> tuple[float, float, float]:
    """Return a line's ROUGE-1, -2 and -L (F1, 0 to 1), each with the reference it is best with.

    The same figures as `RougeScorer(..., use_stemmer=True).score_multi`, which counts the words of
    every text anew.
    """
    own = tokens(line)
    scores = [(0.0, 0.0, 0.0)]
    for reference in references:
        other = tokens(reference)
        ones, twos = (
            _score_ngrams(_create_ngrams(other, n), _create_ngrams(own, n)).fmeasure for n in (1, 2)
        )
        scores.append((ones, twos, _score_lcs(other, own).fmeasure))
    one, two, longest = zip(*scores, strict=True)
    return max(one), max(two), max(longest)
