"""Summaries of the same papers by several prompts or models, side by side. Pure."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from summarize.records import Done, Outcome, Paper

_WORD = re.compile(r"\s+|[^\s]+")
ALIKE = 0.25  # of the words: where two texts share less, each word would be marked
_FOLDED = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Column:
    """What one prompt and model made of each paper, in the papers' order."""

    name: str
    outcomes: Sequence[Outcome]

    @property
    def done(self) -> list[Done]:
        """The papers with a summary."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Done)]

    @property
    def tokens(self) -> int:
        """How many tokens its summaries took, read and written, whenever they were paid for."""
        receipts = [outcome.receipt for outcome in self.done]
        return sum((r.tokens_read or 0) + (r.tokens_written or 0) for r in receipts)

    @property
    def cost(self) -> float | None:
        """What they cost in US dollars, where that is known."""
        costs = [o.receipt.cost for o in self.done if o.receipt.cost is not None]
        return sum(costs) if costs else None

    @property
    def supported(self) -> tuple[int, int]:
        """How many of its notes rest on words found in the paper, and how many there are."""
        claims = [claim for outcome in self.done for claim in outcome.grounded.claims]
        return sum(claim.supported for claim in claims), len(claims)


def sample(papers: Sequence[Paper], count: int, seed: int) -> list[Paper]:
    """Choose some papers at random, always the same for a seed, in the list's order."""
    if count >= len(papers):
        return list(papers)
    chosen = sorted(random.Random(seed).sample(range(len(papers)), count))
    return [papers[index] for index in chosen]


def marked(text: str, other: str) -> list[tuple[bool, str]]:
    """Cut a text into stretches, each with whether the other text lacks it, word by word.

    Texts that have next to nothing in common are left whole: marks would say nothing there.
    """
    words, others = _WORD.findall(text), _WORD.findall(other)
    folded = [_FOLDED.sub("", word).casefold() for word in words]
    other_folded = [_FOLDED.sub("", word).casefold() for word in others]
    matcher = SequenceMatcher(None, folded, other_folded, autojunk=False)
    same = {b.a + i for b in matcher.get_matching_blocks() for i in range(b.size)}
    if matcher.ratio() < ALIKE or not any(folded[at] for at in same):
        return [(False, text)]
    stretches: list[tuple[bool, str]] = []
    for at, word in enumerate(words):
        differs = at not in same and not word.isspace()
        if word.isspace() and stretches:  # white space goes with what is before it
            differs = stretches[-1][0] and at + 1 < len(words) and at + 1 not in same
        if stretches and stretches[-1][0] == differs:
            stretches[-1] = (differs, stretches[-1][1] + word)
        else:
            stretches.append((differs, word))
    return stretches


def totals(column: Column) -> str:
    """Say in a line what a column came to: how much is supported, tokens, cost."""
    found, claims = column.supported
    parts = [f"{len(column.done)} of {len(column.outcomes)} done"]
    if claims:
        parts.append(f"{found} of {claims} notes found in the paper")
    if column.tokens:
        parts.append(f"{column.tokens:,} tokens")
    if column.cost is not None:
        parts.append(f"${column.cost:.4f}")
    return ", ".join(parts)
