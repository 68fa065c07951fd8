"""All of a paper that is worth reading, in stretches that fit: for one that is too long to send."""

from collections.abc import Iterator, Sequence

from summarize.records import Document, Section
from summarize.text.excerpt import CHARACTERS_PER_TOKEN, Excerpt, marked, readable

LEAST_CUT = 500  # characters: less of a section is not begun at the end of a stretch


def stretches(document: Document, tokens: int) -> list[Excerpt]:
    """Return all that is ever sent of a paper, in order, at most so many tokens at a time.

    A stretch ends with a section where it can, else at the end of a line.
    """
    return _cut(document, readable(document), tokens)


def halves(document: Document, stretch: Excerpt) -> list[Excerpt]:
    """Return a stretch in two parts, or three, for one that turned out not to fit."""
    size = sum(section.end - section.start for section in stretch.sections)
    return _cut(document, stretch.sections, int(0.55 * size / CHARACTERS_PER_TOKEN) + 1)


def _cut(document: Document, sections: Sequence[Section], tokens: int) -> list[Excerpt]:
    total = sum(section.end - section.start for section in sections)
    return [
        Excerpt(
            text=marked(document, chosen),
            share=sum(section.end - section.start for section in chosen) / total,
            sections=tuple(chosen),
        )
        for chosen in _packed(document, sections, max(1, int(tokens * CHARACTERS_PER_TOKEN)))
    ]


def _packed(document: Document, sections: Sequence[Section], room: int) -> Iterator[list[Section]]:
    """Yield lists of sections, or parts of them, of at most `room` characters each."""
    chosen, left = list[Section](), room
    for section in sections:
        rest = section
        while rest.end - rest.start > left:
            if left < min(LEAST_CUT, room) and chosen:
                yield chosen
                chosen, left = [], room
                continue
            end = document.text.rfind("\n", rest.start, rest.start + left) + 1
            end = end if end > rest.start else rest.start + left
            yield [*chosen, rest.model_copy(update={"end": end})]
            chosen, left = [], room
            rest = rest.model_copy(update={"start": end})
        if rest.end > rest.start:
            chosen.append(rest)
            left -= rest.end - rest.start
    if chosen:
        yield chosen
