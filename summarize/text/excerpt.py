"""What of a paper fits a model's context: chosen by what it is, in the paper's order."""

from dataclasses import dataclass
from itertools import pairwise

from summarize.records import Document, Section, SectionKind

CHARACTERS_PER_TOKEN = 3.6  # of English papers under common tokenizers; low, to be safe

# What is read first when not all fits. References and appendices are never sent.
_ORDER: tuple[SectionKind, ...] = ("abstract", "introduction", "conclusion", "body", "front")


@dataclass(frozen=True)
class Excerpt:
    """The chosen text, with `[p. N]` where a page begins, and its share of the paper's text."""

    text: str
    share: float


def excerpt(document: Document, tokens: int) -> Excerpt:
    """Choose what to send of a paper, at most `tokens` of it by estimate.

    Whole sections are taken in the order of `_ORDER`; the first that does not fit is cut at
    the end of a line. Of a document with any text, some is always sent.
    """
    readable = _readable(document)
    left = max(1, int(tokens * CHARACTERS_PER_TOKEN))
    chosen: list[Section] = []
    for section in sorted(readable, key=lambda s: _ORDER.index(s.kind)):
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
    total = sum(s.end - s.start for s in readable)
    sent = sum(s.end - s.start for s in chosen)
    text = "\n\n".join(_marked(document, section) for section in chosen)
    return Excerpt(text=text.strip(), share=sent / total if total else 1.0)


def _readable(document: Document) -> list[Section]:
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
    text = document.text[section.start : section.end]
    return section.model_copy(update={"start": section.end - len(text.lstrip())})


def _marked(document: Document, section: Section) -> str:
    """Return a section's heading and text, each page's beginning marked."""
    cuts = [at for at in document.page_starts if section.start < at < section.end]
    bounds = [section.start, *cuts, section.end]
    page = document.page_at(section.start)
    parts = [f"## {section.heading}" if section.heading else ""]
    parts += [f"[p. {page}]"] if page else []
    for i, (start, end) in enumerate(pairwise(bounds)):
        if i and page:
            parts.append(f"[p. {page + i}]")
        parts.append(document.text[start:end].strip())
    return "\n".join(part for part in parts if part)
