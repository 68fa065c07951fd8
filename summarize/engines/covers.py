"""What lies over and under the text of a page: shapes, pictures, forms and notes."""

import ctypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarize.engines.calls import (
    Box,
    Handle,
    Numbers,
    call,
    colours,
    drawn,
    each,
    handle,
    numbers,
    widths,
)
from summarize.engines.suspects import PATTERN, Reasons, Texts

COVER = 2.5  # points: what is smaller covers no letters
COVERS = 400  # of a page at most: the largest
NEAR = 40  # of 255: colours less apart may not be told from each other
NOTES = 200  # of a page at most
BAND = 16.0  # points
BANDS = 100  # above and below a page's origin; what lies farther is in the last one

WHITE: Numbers = (255, 255, 255, 255)
_PATH, _IMAGE = 2, 3
_PLAIN = frozenset({2, 16})  # the kinds of notes that show nothing themselves: links, pop-ups
_ABOVE = 1 << 40  # where notes lie: above all that the page itself draws


@dataclass(slots=True)
class Ground:
    """Something that covers part of a page: in which turn it is drawn, and in one colour or not."""

    turn: int
    box: Box
    colour: Numbers | None = None
    image: bool = False


def grounds(page: Any, others: Iterable[tuple[Handle, int, Box]]) -> list[Ground]:
    """Return what covers part of a page, largest first.

    The objects that are not text are given, with the turn in which each is drawn and where.
    """
    large = [
        (thing, turn, (left, bottom, right, top))
        for thing, turn, (left, bottom, right, top) in others
        if right - left > COVER and top - bottom > COVER
    ]
    kinds = numbers("FPDFPageObj_GetType", [thing for thing, _, _ in large])
    found = [*_notes(page)]
    paths = []
    for kind, (thing, turn, box) in zip(kinds, large, strict=True):
        if kind == _PATH:
            paths.append((thing, turn, box))
        else:
            found.append(Ground(turn, box, image=kind == _IMAGE))
    found += _painted(paths)
    return sorted(found, key=lambda ground: -area(ground.box))[:COVERS]


def _painted(paths: Sequence[tuple[Handle, int, Box]]) -> Iterator[Ground]:
    """Yield the paths that are filled, or drawn with a broad stroke."""
    things = [thing for thing, _, _ in paths]
    asked = zip(
        paths, drawn(things), colours(things), colours(things, stroke=True), widths(things),
        strict=True,
    )  # fmt: skip
    for (_, turn, box), (filled, stroked), inside, outside, width in asked:
        if filled and inside[3]:
            yield Ground(turn, box, None if inside[:3] == PATTERN else inside)
        if stroked and width > COVER and outside[3]:
            yield Ground(turn, box, outside)


def _notes(page: Any) -> Iterator[Ground]:
    """Yield a page's notes that may lie over its text; links and pop-ups do not."""
    owner = handle(page)
    number = call("FPDFPage_GetAnnotCount", ctypes.c_int, ctypes.c_void_p)(owner)
    if not number:
        return
    links = _links(owner, min(number, NOTES))
    others = [at for at in range(min(number, NOTES)) if at not in links]
    notes = [note for note in each("FPDFPage_GetAnnot", owner, others) if note]
    edges = (ctypes.c_float * 4)()  # left, top, right, bottom
    get = call("FPDFAnnot_GetRect", ctypes.c_int, *[ctypes.c_void_p] * 2)
    for note, kind in zip(notes, numbers("FPDFAnnot_GetSubtype", notes), strict=True):
        if kind not in _PLAIN and get(note, ctypes.addressof(edges)):
            left, top, right, bottom = edges
            yield Ground(_ABOVE, (left, bottom, right, top))
    numbers("FPDFPage_CloseAnnot", notes)


def _links(page: Handle, most: int) -> set[int]:
    """Return which of a page's first notes are links, as nearly all are: cheaper than to open them.

    pdfium says of each where to go on after it.
    """
    following, link = ctypes.c_int(), ctypes.c_void_p()
    ask, found = call("FPDFLink_Enumerate", ctypes.c_int, *[ctypes.c_void_p] * 3), set[int]()
    places = ctypes.byref(following), ctypes.byref(link)
    while following.value < most and ask(page, *places):
        found.add(following.value - 1)
    return found


def overlaid(
    texts: Texts,
    inks: Sequence[Numbers],
    turns: Mapping[Handle, int],
    held: Sequence[Ground],
) -> Reasons:
    """Return the texts that something covers, or that may be in the colour of what they lie on.

    Each text has an ink, and a turn in which it is drawn. There is something `held` against them.
    """
    bands = _bands(held)
    left, right = min(g.box[0] for g in held), max(g.box[2] for g in held)
    bottom, top = min(g.box[1] for g in held), max(g.box[3] for g in held)
    near = [
        (text, box, turns[text], ink)
        for (text, box), ink in zip(texts.boxes.items(), inks, strict=True)
        if box[0] < right and box[2] > left and box[1] < top and box[3] > bottom
    ]
    hows = (
        (text, _overlaid(turn, box, ink, bands.get(_band((box[1] + box[3]) / 2), [])))
        for text, box, turn, ink in near
    )
    return {text: how for text, how in hows if how}


def _bands(held: Sequence[Ground]) -> dict[int, list[Ground]]:
    """Part a page into bands across it, so that a text is held against few grounds."""
    found: dict[int, list[Ground]] = {}
    for ground in held:
        for band in range(_band(ground.box[1]), _band(ground.box[3]) + 1):
            found.setdefault(band, []).append(ground)
    return found


def _band(height: float) -> int:
    return int(max(-BANDS, min(BANDS, height / BAND)))


def _overlaid(turn: int, box: Box, ink: Numbers, held: Sequence[Ground]) -> str:
    left, right, middle = box[0], box[2], (box[1] + box[3]) / 2
    for ground in held:
        at = ground.box
        if at[0] < right and at[2] > left and at[1] < middle < at[3]:
            if ground.turn > turn:
                return "covered"
            if ground.colour is None or _near(ground.colour, ink):
                return "in the colour of what it lies on"
    return ""


def _near(first: Numbers, second: Numbers) -> bool:
    return all(abs(a - b) < NEAR for a, b in zip(first[:3], second[:3], strict=True))


def area(box: Box) -> float:
    """Return the area of a box; 0 for one that is turned inside out."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def share(box: Box, page: Box) -> float:
    """Return the share of a page that a box covers."""
    common = (
        max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3])
    )  # fmt: skip
    return area(common) / area(page) if area(page) else 0.0
