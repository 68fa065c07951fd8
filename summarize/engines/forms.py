"""The text in forms of a page: figures that were put in, and whatever else is drawn in one go."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby, islice
from typing import NamedTuple

from summarize.engines.calls import Box, Handle, colours, edges, loose_boxes, numbers
from summarize.engines.characters import PROSE, Characters
from summarize.engines.marks import layered, marks, replaced
from summarize.engines.suspects import TINY, TOO_SMALL, Reasons, Texts, crowded, odd

ASIDE = 3  # characters: every so many of a text are asked where they stand

_INK = re.compile(r"\S")


class Run(NamedTuple):
    """Characters in places that follow one another, of one text in a form."""

    text: Handle
    start: int
    stop: int


@dataclass(frozen=True)
class Forms:
    """The characters of a page whose texts lie in forms, in runs from the first one on."""

    chars: Characters
    runs: Sequence[Run]

    @cached_property
    def members(self) -> dict[Handle, list[Run]]:
        """Return the texts, each with its runs."""
        found: dict[Handle, list[Run]] = {}
        for run in self.runs:
            found.setdefault(run.text, []).append(run)
        return found

    def said(self, texts: Container[Handle]) -> str:
        """Return what some texts say, with a blank where something stands between them."""
        parts, at = list[str](), 0
        for text, start, stop in self.runs:
            if text in texts:
                parts += [" " if at and start > at else "", self.chars.text[start:stop]]
                at = stop
        return "".join(parts)

    def laid(self, texts: Container[Handle]) -> str:
        """Return what some texts say, each character as far from the first one as on the page.

        What others say is left out, but for its blanks.
        """
        whole, at = self.chars.text, self.runs[0].start
        parts: list[str] = []
        for text, start, stop in self.runs:
            if text in texts:
                parts += [_bare(whole[at:start]), whole[start:stop]]
                at = stop
        return "".join([*parts, _bare(whole[at : self.runs[-1].stop])])

    def boxes(self, texts: Sequence[Handle]) -> dict[Handle, Box]:
        """Return where texts lie on the page, by their first, last and every so many characters."""
        found = dict[Handle, Box]()
        places = {
            text: [
                place
                for _, start, stop in self.members[text]
                for place in (*range(start, stop - 1, ASIDE), stop - 1)
            ]
            for text in texts
        }
        boxes = iter(self.chars.boxes(list(chain.from_iterable(places.values()))))
        for text, its in places.items():
            left, bottom, right, top = zip(*islice(boxes, len(its)), strict=True)
            found[text] = min(left), min(bottom), max(right), max(top)
        return found


def forms(
    chars: Characters, outer: Container[Handle], sample: Sequence[Handle], step: int
) -> Forms | None:
    """Return the text in forms, if there is any.

    `outer` are the objects of the page itself, `sample` the texts to which every so many of its
    characters belong: they tell where to look.
    """
    near = [at for at, owner in enumerate(sample) if owner and owner not in outer]
    stretches = list[tuple[int, int]]()
    done = 0
    for at in near:
        start = max(done, (at - 1) * step + 1)
        first = stretches.pop()[0] if stretches and start == done else start
        done = min(chars.count, (at + 1) * step)
        stretches.append((first, done))
    runs = [run for stretch in stretches for run in _runs(chars, range(*stretch), outer)]
    return Forms(chars, runs) if runs else None


def _runs(chars: Characters, places: range, outer: Container[Handle]) -> Iterator[Run]:
    start = places.start
    for owner, group in groupby(chars.owners_at(places)):
        stop = start + len(list(group))
        if owner and owner not in outer:
            yield Run(owner, start, stop)
        start = stop


def survey_forms(held: Forms, sample: Sequence[Handle], step: int) -> tuple[Reasons, Reasons]:
    """Suspect the text in forms that is drawn in an odd way, and all that reads like sentences.

    A form may belong to a hidden layer, which pdfium does not tell. Returns which texts are
    suspect, and which nobody reads.
    """
    texts = list(held.members)
    marked = marks(texts)
    modes = numbers("FPDFTextObj_GetTextRenderMode", texts)
    sentences = _prose(held)
    suspects = sentences | odd(texts, modes, colours(texts)) | layered(marked)
    unread = (
        _tiny(held)
        | replaced(marked)
        | crowded(held.chars.textpage, Texts(texts, *edges(texts)), sample, step)
    )
    # Of what lies in forms, only what reads like sentences counts.
    if suspects and not sentences and not PROSE.search(held.laid(suspects)):
        suspects = {}
    return suspects, unread


def _prose(held: Forms) -> Reasons:
    """Return the texts in forms that read like sentences."""
    first, runs = held.runs[0].start, iter(held.runs)
    found: Reasons = {}
    run = next(runs, None)
    for match in PROSE.finditer(held.laid(held.members)):
        start, stop = first + match.start(), first + match.end()
        while run and run.start < stop:
            if run.stop > start:
                found[run.text] = "in a part of the page that is not shown"
            if run.stop > stop:
                break
            run = next(runs, None)
    return found


def _tiny(held: Forms) -> Reasons:
    """Return the texts in forms whose letters are too small to be read, told by their first."""
    firsts = [runs[0].start for runs in held.members.values()]
    boxes = loose_boxes(held.chars.textpage, firsts)
    return {
        text: TOO_SMALL
        for text, (left, bottom, right, top) in zip(held.members, boxes, strict=True)
        if max(right - left, top - bottom) < TINY
    }


def _bare(text: str) -> str:
    """Return a text's blanks, in their places."""
    return text if not text or text.isspace() else _INK.sub("\0", text)
