"""A summary against its paper: where each line is said, what of it is not said. Pure.

A note stands on its quote: found exactly, or nearly (dropped words, other marks, small slips), it
gives the page. Where the quote is not in the paper, a sentence that says most of the note's own
words will do; where there is none either, the note is dropped and counted. Numbers, names,
comparisons and negations of the TLDR and the notes are looked up as well (`text.claims`), and
whether they read like a summary at all (`text.doubts`).
"""

from typing import TYPE_CHECKING

from summarize.records import Claim, Grounded, Note, Summary
from summarize.text import claims
from summarize.text.evidence import Evidence
from summarize.text.stems import squeezed

if TYPE_CHECKING:
    from summarize.text.doubts import Asked

VERSION = "4"
"""Raised when the same summary and document are grounded otherwise."""

ENOUGH = 0.6  # of what a note says, by weight, that must stand in one sentence to do for a quote
SAID = 0.35  # likewise of a TLDR, which may draw on several
COPIED = 0.6  # likewise, from which on a TLDR may be a sentence of the paper's, nearly as it stands


def ground(summary: Summary, evidence: Evidence, asked: "Asked | None" = None) -> Grounded:
    """Return what of a summary the paper holds, with a claim for its TLDR and for each note.

    Notes without support in the paper are left out, and counted. `asked` says how the summary was
    asked for.
    """
    # Its patterns take a while to compile, and a run that asks nothing has no use for them.
    from summarize.text.doubts import AS_USUAL, doubts, of_place, too_short

    def looked_at(claim: Claim, text: str, *more: str) -> Claim:
        place = of_place(claim.start, claim.end, evidence)
        found = (*doubts(text, evidence, asked or AS_USUAL), *place, *more)
        return claim.model_copy(update={"doubts": found}) if found else claim

    pairs = [(note, _of_note(note, evidence)) for note in summary.notes]
    kept = [(note, claim) for note, claim in pairs if claim]
    return Grounded(
        summary=summary.model_copy(update={"notes": tuple(note for note, _ in kept)}),
        claims=tuple(looked_at(claim, note.text) for note, claim in kept),
        tldr=looked_at(_of_line(summary.tldr, evidence), summary.tldr, *too_short(summary.tldr)),
        dropped=len(pairs) - len(kept),
        checked=VERSION,
    )


def missing(summary: Summary, evidence: Evidence) -> list[str]:
    """Return the quotes that are not in the paper, to be asked for again."""
    return [note.quote for note in summary.notes if evidence.find(note.quote) is None]


def support(grounded: Grounded) -> float | None:
    """Return the share of the claims that the paper bears out (0 to 1), where they were checked."""
    made = [*grounded.claims, *([grounded.tldr] if grounded.tldr else [])]
    total = len(made) + grounded.dropped
    return sum(c.supported and not c.flags for c in made) / total if total else None


def doubted(grounded: Grounded) -> tuple[str, ...]:
    """Return which lines of a summary do not read like one, and why."""
    labels = [note.kind.capitalize() for note in grounded.summary.notes]
    pairs = list(zip(labels, grounded.claims, strict=False))
    pairs = [("TLDR", grounded.tldr), *pairs] if grounded.tldr else pairs
    return tuple(f"{label}: {why}" for label, claim in pairs for why in claim.doubts)


def _of_note(note: Note, evidence: Evidence) -> Claim | None:
    """Return where the paper says what a note says; None where it does not."""
    if claim := _of_quote(note, evidence):
        return claim
    said = evidence.said(note.text)
    if not said or said[0].share < ENOUGH:
        return None
    return _claim(note.text, *said[0].span, evidence, repaired=True)


def _of_quote(note: Note, evidence: Evidence) -> Claim | None:
    found = evidence.find(note.quote)
    if found is None:
        return None
    verbatim = squeezed(note.text.lower()) == squeezed(note.quote.lower())
    if found.exact and verbatim:  # an extractive note says nothing else
        return _placed(found.start, found.end, evidence)
    return _claim(note.text, found.start, found.end, evidence, repaired=not found.exact)


def _of_line(text: str, evidence: Evidence) -> Claim:
    """Return where the paper says what a TLDR says, as far as one place does."""
    said = evidence.said(text)
    for sentence in said:
        if sentence.share >= COPIED and (found := evidence.within(text, *sentence.span)):
            return _claim(text, found.start, found.end, evidence, repaired=False)
    flags = tuple(dict.fromkeys(claims.flags(text, evidence)))
    if not said or said[0].share < SAID:
        return Claim(supported=False, flags=flags)
    return _placed(*said[0].span, evidence).model_copy(update={"flags": flags})


def _claim(text: str, start: int, end: int, evidence: Evidence, *, repaired: bool) -> Claim:
    """Return a claim at a place, with what its words say beyond the sentences there."""
    flags = tuple(dict.fromkeys(claims.flags(text, evidence, evidence.around(start, end))))
    claim = _placed(start, end, evidence)
    return claim.model_copy(update={"flags": flags, "repaired": repaired})


def _placed(start: int, end: int, evidence: Evidence) -> Claim:
    return Claim(supported=True, page=evidence.document.page_at(start), start=start, end=end)
