"""What of a paper fits a model's context: chosen by what it is, in the paper's order."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarize.records import Document, Section, SectionKind

CHARACTERS_PER_TOKEN = 3.6  # of English papers under common tokenizers; low, to be safe

# What is read first when not all fits. References, appendices and what stands inside figures are
# never sent.
_ORDER: tuple[SectionKind, ...] = (
    "abstract",
    "introduction",
    "conclusion",
    "body",
    "caption",
    "front",
    "footnote",
)
# Of a paper's body, what was found comes before how, and what others did comes last.
_RESULTS = re.compile(
    r"\b(?:results?|experiments?|experimental|evaluations?|empirical|findings|comparisons?|ablations?"
    r"|applications?|case stud(?:y|ies)|résultats|ergebnisse)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:related|previous|prior|background|preliminar\w+|notations?|literature|state of the art"
    r"|acknowledge?ments?)\b",
    re.IGNORECASE,
)


class Excerpt(NamedTuple):
    """The chosen text, with `[p. N]` where a page begins, and its share of the paper's text.

    `sections` are those that it is made of; the last one chosen may be cut.
    """

    text: str
    share: float
    sections: tuple[Section, ...] = ()

    @property
    def tokens(self) -> int:
        """How many tokens it takes, by estimate."""
        return round(len(self.text) / CHARACTERS_PER_TOKEN)


def excerpt(document: Document, tokens: int) -> Excerpt:
    """Choose what to send of a paper, at most `tokens` of it by estimate.

    Whole sections are taken in the order of `_ORDER`, of the body results first; the first that
    does not fit is cut at the end of a line. Of a document with any text, some is always sent.
    """
    sections = readable(document)
    left = max(1, int(tokens * CHARACTERS_PER_TOKEN))
    chosen: list[Section] = []
    for section in sorted(sections, key=_worth(document)):
        size = section.end - section.start
        if size <= left:
            chosen.append(section)
        elif left > 500 or not chosen:
            end = document.text.rfind("\n", section.start, section.start + left)
            end = end if end > section.start else section.start + left
            chosen.append(section.model_copy(update={"end": end}))
        left -= size
        if left <= 0:
            break
    chosen.sort(key=lambda s: s.start)
    total = sum(s.end - s.start for s in sections)
    sent = sum(s.end - s.start for s in chosen)
    return Excerpt(
        text=marked(document, chosen),
        share=sent / total if total else 1.0,
        sections=tuple(chosen),
    )


def _worth(document: Document) -> Callable[[Section], tuple[int, int]]:
    """Return what to sort a document's sections by: what a summary needs first comes first.

    A part of a section goes where its whole does.
    """
    ranks, above = dict[int, int](), 0
    for section in document.sections:
        if section.level == 1 or section.kind != "body":
            above = _rank(section)
        if section.end > section.start:  # the heading of a whole has no text of its own
            ranks[section.end] = above or _rank(section)
    return lambda section: (_ORDER.index(section.kind), ranks.get(section.end, 0))


def _rank(section: Section) -> int:
    """Return where a section of the body comes among the others: before (-1), with or after (1)."""
    if _RESULTS.search(section.heading):
        return -1
    return 1 if _OTHERS.search(section.heading) else 0


def readable(document: Document) -> list[Section]:
    """Return the sections to choose from; where all is references or appendix, the whole text.

    Their headings were misread then: a paper is more than its references.
    """
    whole = Section(heading="", kind="body", start=0, end=len(document.text))
    found = [_trimmed(document, s) for s in document.sections if s.kind in _ORDER]
    found = [section for section in found if section.end > section.start]
    if not found and document.text.strip():
        return [_trimmed(document, whole)]
    return found


def _trimmed(document: Document, section: Section) -> Section:
    """Begin a section with its first letter, so that no part of it is blank."""
    if not document.text[section.start : min(section.start + 1, section.end)].isspace():
        return section
    start = section.end - len(document.text[section.start : section.end].lstrip())
    return section.model_copy(update={"start": start})


def marked(document: Document, sections: Sequence[Section]) -> str:
    """Return the sections with their headings, a mark wherever another page begins."""
    parts: list[str] = []
    page: int | None = None
    starts = [mark.start for mark in document.marks]
    for section in sections:
        if section.heading and section.kind != "caption":  # a caption names itself
            parts.append(f"\n{'#' * (section.level + 1)} {section.heading}")
        first = bisect_right(starts, section.start)
        cuts = starts[first : bisect_left(starts, section.end)]
        for start, end in pairwise([section.start, *cuts, section.end]):
            number = bisect_right(starts, start)
            at = document.marks[number - 1].page if number else None
            if at and at != page:
                parts.append(f"[p. {at}]")
                page = at
            parts.append(document.text[start:end].strip())
    return "\n".join(part for part in parts if part).strip()
