"""Which text of a page a reader may be unable to see, told by how it is drawn.

Only what is cheap to ask is asked: it finds too much rather than too little, and what it finds is
then looked at (see `seen`). Most pages hold nothing suspect.
"""

import ctypes
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise
from math import hypot
from operator import sub
from typing import Any

from summarize.engines.calls import (
    Box,
    Handle,
    Numbers,
    addresses,
    call,
    font_sizes,
    matrices,
    numbers,
    words_of,
)

Reasons = dict[Handle, str]
"""How each of some texts may be hidden."""

PALE = 215  # of 255: the lightness from which a colour may not be seen on paper
TINY = 1.8  # points: the size of letters below which nobody reads them
FLAT = 0.15  # of letters' width to their height or the other way round: likewise
EDGE = 1.0  # points by which glyphs may stand over the edge of a page
HAIR = 0.01  # points: what is not higher than this has no height
SHORT = 0.6  # of a line's height: what is longer is not asked whether its letters are narrow
ROOM = 0.12  # of its height that a letter takes of a line's length, at least: "l" takes 0.2
LONG = 15.0  # points: higher than that is no letter of a line, but may be a line that is turned
TRIED = 3  # texts of a font made of drawings are drawn to see whether it draws anything

TOO_SMALL = "too small to read"
PAPER = "in the colour of the page"
CLEAR = "transparent"
PATTERN = (191, 191, 191)  # what pdfium gives for the colour of a pattern
_STROKED = frozenset({1, 2, 4, 5, 6})  # render modes in which strokes may hide what is filled
_INVISIBLE = frozenset({3, 7})  # render modes that leave no ink
_ADDRESS = ctypes.c_void_p


@dataclass(frozen=True)
class Texts:
    """Text objects of a page, with the edges of each."""

    handles: list[Handle]
    lefts: list[float]
    bottoms: list[float]
    rights: list[float]
    tops: list[float]

    @cached_property
    def boxes(self) -> dict[Handle, Box]:
        """Return where each lies."""
        edges = zip(self.lefts, self.bottoms, self.rights, self.tops, strict=True)
        return dict(zip(self.handles, edges, strict=True))

    @cached_property
    def widths(self) -> list[float]:
        """Return how wide each is."""
        return list(map(sub, self.rights, self.lefts))

    @cached_property
    def heights(self) -> list[float]:
        """Return how high each is."""
        return list(map(sub, self.tops, self.bottoms))

    @cached_property
    def thin(self) -> list[tuple[Handle, float, float]]:
        """Return those that are hardly wide or hardly high, with their widths and heights."""
        laid = zip(self.handles, self.widths, self.heights, strict=True)
        return [(text, wide, high) for text, wide, high in laid if high < TINY or wide < TINY]

    @cached_property
    def flat(self) -> list[Handle]:
        """Return those that have a length, and no height: no letter of them has an outline."""
        return [text for text, wide, high in self.thin if (high < HAIR) != (wide < HAIR)]


def odd(texts: Sequence[Handle], modes: Sequence[int], inks: Sequence[Numbers]) -> Reasons:
    """Return the texts that are drawn in an odd way, wherever they lie."""
    clips = numbers("FPDFClipPath_CountPaths", addresses("FPDFPageObj_GetClipPath", texts))
    masks = numbers("FPDFPageObj_HasTransparency", texts)
    pale = {ink for ink in set(inks) if _lightness(ink) >= PALE or ink[:3] == PATTERN}
    found: Reasons = {}
    if pale:
        found |= _where(texts, inks, pale.__contains__, PAPER)
    if max(clips, default=0) > 0:  # a clip that holds the whole of an object is not kept
        found |= _where(texts, clips, (0).__lt__, "clipped away")
    if any(masks):
        found |= _where(texts, masks, bool, CLEAR)
    if any(modes):  # strokes may cover what is filled, and have a colour of their own
        found |= _where(texts, modes, _STROKED.__contains__, PAPER)
        found |= _where(texts, modes, _INVISIBLE.__contains__, "in invisible ink")
    return found


def _where(
    texts: Sequence[Handle], answers: Iterable[Any], holds: Callable[[Any], object], how: str
) -> Reasons:
    return {text: how for text, answer in zip(texts, answers, strict=True) if holds(answer)}


def _lightness(ink: Numbers) -> float:
    return 0.3 * ink[0] + 0.59 * ink[1] + 0.11 * ink[2]


def beyond(texts: Texts, page: Box) -> Reasons:
    """Return the texts that lie beyond the visible part of a page, or reach over its edge."""
    left, bottom, right, top = page[0] - EDGE, page[1] - EDGE, page[2] + EDGE, page[3] + EDGE
    if (
        min(texts.lefts, default=left) >= left
        and min(texts.bottoms, default=bottom) >= bottom
        and max(texts.rights, default=right) <= right
        and max(texts.tops, default=top) <= top
    ):
        return {}
    return {
        text: "off the page"
        for text, box in texts.boxes.items()
        if box[0] < left or box[1] < bottom or box[2] > right or box[3] > top
    }


def unreadable(texts: Texts) -> Reasons:
    """Return the texts whose letters are too small, too narrow or too flat to be read."""
    laid = zip(texts.handles, texts.widths, texts.heights, strict=True)
    short = [text for text, wide, high in laid if wide < SHORT * high]
    shapes = matrices(short)
    odd = {shape for shape in set(shapes) if _flat(hypot(*shape[:2]), hypot(*shape[2:]))}
    found = [text for text, shape in zip(short, shapes, strict=True) if shape in odd] if odd else []
    low = [text for text, wide, high in texts.thin if high < TINY or high > LONG]
    found += [
        text
        for text, (wide, high) in zip(low, _sizes(low), strict=True)
        if max(wide, high) < TINY or _flat(wide, high)
    ]
    return dict.fromkeys(found, TOO_SMALL)


def crowded(textpage: Handle, texts: Texts, sample: Sequence[Handle], step: int) -> Reasons:
    """Return the texts that say more letters than there is room for where they stand.

    They are printed over one another, or a glyph stands for whole words. About how many letters a
    text has is told by the texts to which every so many of a page's characters belong.
    """
    steps = dict(Counter([one for one, other in pairwise(sample) if one == other]))
    least = 3 * ROOM * step  # of their height: the room that letters between two of them take
    some = [
        (text, hypot(wide, high))
        for text, wide, high in zip(texts.handles, texts.widths, texts.heights, strict=True)
        if wide <= (room := least * steps.get(text, 0)) * high and high <= room * wide
    ]
    heights = [max(size) for size in _sizes([text for text, _ in some])]
    return {
        text: "in less room than its letters take"
        for (text, length), height in zip(some, heights, strict=True)
        if length < ROOM * height * len(words_of(textpage, text))
    }


def _flat(wide: float, high: float) -> bool:
    return min(wide, high) < FLAT * max(wide, high)


def inkless(page: Any, texts: Texts) -> Reasons:
    """Return the texts whose font may draw nothing.

    Letters without outlines have no height. Those of a font that is made of drawings may have
    one, and what they draw is not known until some of them are drawn.
    """
    flat = [text for text, font in zip(texts.flat, _fonts(texts.flat), strict=True) if _own(font)]
    held = _fonts(texts.handles)
    drawings = {font for font in set(held) if font and not _file_size(font)}
    if drawings:
        fonts = list(zip(held, texts.widths, texts.handles, strict=True))
        for drawing in drawings:
            members = [(wide, text) for font, wide, text in fonts if font == drawing]
            if not any(_inked(page, text) for _, text in nlargest(TRIED, members)):
                flat += [text for _, text in members]
    return dict.fromkeys(flat, "in a font without ink")


def fontless(texts: Texts) -> set[Handle]:
    """Return the texts whose font is not in the file, nor on this machine: others may see them."""
    return {
        text for text, font in zip(texts.flat, _fonts(texts.flat), strict=True) if not _own(font)
    }


def _own(font: Handle) -> bool:
    """Tell whether a font is in the file."""
    return numbers("FPDFFont_GetIsEmbedded", [font]) == [1]


def _fonts(texts: Sequence[Handle]) -> list[Handle]:
    return addresses("FPDFTextObj_GetFont", texts)


def _file_size(font: Handle) -> int:
    """Return the size of a font's file; 0 for a font that is made of drawings."""
    get = call("FPDFFont_GetFontData", ctypes.c_int, _ADDRESS, _ADDRESS, ctypes.c_size_t, _ADDRESS)
    size = ctypes.c_size_t()
    get(font, None, 0, ctypes.byref(size))
    return size.value


def _inked(page: Any, text: Handle) -> bool:
    """Tell whether a text draws anything, by itself."""
    from pypdfium2 import raw

    bitmap = raw.FPDFTextObj_GetRenderedBitmap(
        page.pdf.raw, page.raw, ctypes.cast(text, raw.FPDF_PAGEOBJECT), 1.0
    )
    if not bitmap:
        return False
    size = raw.FPDFBitmap_GetStride(bitmap) * raw.FPDFBitmap_GetHeight(bitmap)
    held = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), size)
    raw.FPDFBitmap_Destroy(bitmap)
    return any(held)


def _sizes(texts: Sequence[Handle]) -> list[tuple[float, float]]:
    """Return how wide and how high texts' letters are, as parts of a square of the font's size."""
    return [
        (size * hypot(a, b), size * hypot(c, d))
        for size, (a, b, c, d) in zip(font_sizes(texts), matrices(texts), strict=True)
    ]
