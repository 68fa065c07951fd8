"""Each note's quote against the paper: found, with its page, or not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarize.records import Claim, Document, Summary

MIN_QUOTE = 16  # letters and digits: a shorter one stands in many places


@dataclass(frozen=True)
class Index:
    """A document's letters and digits, and where in its text each of them stands."""

    letters: str
    offsets: Sequence[int]


def index(document: Document) -> Index:
    """Prepare a document for looking quotes up: line breaks, hyphens and case do not count."""
    kept = [(c, i) for i, char in enumerate(document.text) for c in char.casefold() if c.isalnum()]
    return Index("".join(c for c, _ in kept), [i for _, i in kept])


def check(summary: Summary, document: Document) -> tuple[Claim, ...]:
    """Return a claim for each note, in order: where the paper says what its quote says."""
    if not any(note.quote for note in summary.notes):
        return tuple(Claim(supported=False) for _ in summary.notes)
    known = index(document)
    return tuple(_locate(note.quote, known, document) for note in summary.notes)


def _locate(quote: str, known: Index, document: Document) -> Claim:
    letters = "".join(c for c in quote.casefold() if c.isalnum())
    at = known.letters.find(letters) if len(letters) >= MIN_QUOTE else -1
    if at < 0:
        return Claim(supported=False)
    start, end = known.offsets[at], known.offsets[at + len(letters) - 1] + 1
    return Claim(supported=True, page=document.page_at(start), start=start, end=end)
