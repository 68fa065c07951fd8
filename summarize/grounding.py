"""Each note's quote against the paper: found, with its page, or not. Pure."""

import re

from summarize.records import Claim, Document, Summary

MIN_QUOTE = 16  # letters and digits: a shorter one stands in many places

_LETTERS = re.compile(r"[^\W_]+")


def check(summary: Summary, document: Document) -> tuple[Claim, ...]:
    """Return a claim for each note, in order: where the paper says what its quote says.

    Line breaks, hyphens, punctuation and case do not count.
    """
    text = _folded(document.text)
    known = _squeezed(text)
    return tuple(_locate(_squeezed(_folded(n.quote)), known, text, document) for n in summary.notes)


def _locate(quote: str, known: str, text: str, document: Document) -> Claim:
    at = known.find(quote) if len(quote) >= MIN_QUOTE else -1
    if at < 0:
        return Claim(supported=False)
    start, last = _offset(text, at), _offset(text, at + len(quote) - 1)
    return Claim(supported=True, page=document.page_at(start), start=start, end=last + 1)


def _folded(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.replace("ς", "σ")  # which of the two it becomes depends on what follows


def _squeezed(text: str) -> str:
    return "".join(_LETTERS.findall(text))


def _offset(text: str, at: int) -> int:
    """Return where in the text its letter or digit number `at` stands."""
    for run in _LETTERS.finditer(text):
        length = run.end() - run.start()
        if at < length:
            return run.start() + at
        at -= length
    raise IndexError(at)
