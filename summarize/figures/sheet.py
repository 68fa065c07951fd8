"""A page drawn small, and what on it is text that no figure holds.

All boxes here are in pixels of the drawn page, about one a point, from its upper left corner:
(left, top, right, bottom). The page is drawn as its reader sees it, turned where it is turned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from statistics import median
from typing import TYPE_CHECKING, Any

from summarize.engines.calls import each as ask_each
from summarize.engines.calls import edges, handle, numbers
from summarize.engines.drawing import Window, window
from summarize.figures.captions import Caption
from summarize.text.layout import Measure, Placed
from summarize.text.lines import Line

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[int, int, int, int]

MOST = 20_000  # objects of a page that are asked what they are
LONGEST = 1_100  # pixels of a page's longer side: a sheet of paper has one a point
WHITE = 250  # of 255: what is lighter is the page
PROSE = 0.7  # of the usual width of a line: what is as wide, and made of words, is running text
LONG = 0.5  # of that width: a line of a footnote, rather than lettering as small
NEAR = 0.09  # of the size of letters: lines of one size differ by less
ZONE = 0.12  # of a page's height, at its top and bottom, in which running heads stand
NUMBERS = 8  # of lines, one below the other
SIDE = 0.08  # of its width, at its sides, in which stamps stand
STAMP = 0.2  # of its height: a stamp is as long
HEAD = 24  # pixels above the rule in which the head's words stand
RULE = 0.6  # of a page's width: how far the rule goes below a running head
BOX_FILTER = 4  # Pillow's name for taking means
BELOW = 24  # pixels from the end of a picture to its caption, at most
LARGE = 1.25  # times the size of the text: a title
_HEADING = re.compile(
    r"(?:(?:\d{1,2}|[A-Z]|[IVX]{1,4})(?:\.\d{1,2})*\.?\s+[^\W\d]{3}|abstract|introduction"
    r"|references|acknowledge?ments)",
    re.IGNORECASE,
)


# The captions of a figure's parts, side by side on one line: "(a) Before    (b) After".
_PARTS = re.compile(r"\(?[a-h]\)(?:.*\([b-i]\)|.{0,40}$)")


@dataclass(frozen=True)
class Sheet:
    """A drawn page: its ink, the ink that is no text, and the boxes that no figure goes across.

    `ink` has running text and captions taken out of it, `graphic` all text that is written as such.
    `captions` are those of this page with their boxes. `units` are the bitmaps and the inserted
    drawings, each of which is one thing. `gutter` is where two columns part, or None.
    """

    part: Window
    ink: "Image"
    graphic: "Image"
    blockers: tuple[Box, ...]
    captions: tuple[tuple[Caption, Box], ...]
    units: tuple[Box, ...]
    gutter: int | None
    text: float  # the size of running text

    @property
    def width(self) -> int:
        """How wide the page is."""
        return self.part.width

    @property
    def height(self) -> int:
        """How high the page is."""
        return self.part.height


def sheet(
    page: Any,
    lines: Sequence[Line],
    placed: Sequence[Placed],
    captions: Sequence[Caption],
    measure: Measure,
) -> Sheet | None:
    """Draw a page of pypdfium2 small. `lines` are all of it, `placed` those that are its text's.

    There is none of a page that is too large to be drawn.
    """
    from PIL import ImageDraw

    wide, high = page.get_size()
    scale = min(1.0, LONGEST / max(wide, high, 1.0))
    part = window(page, [page.get_bbox()], scale)
    if part is None:
        return None
    # Without annotations: a frame around a link or a reader's marker is no part of a figure.
    grey = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False)
    ink = grey.to_pil().convert("L").point([255 * (shade < WHITE) for shade in range(256)])
    if ink.size != (part.width, part.height):  # rounded otherwise
        ink = ink.resize((part.width, part.height))
    blockers = [_box(part, line) for line in _running(placed, measure)]
    margins = [_box(part, line) for line in _margins(lines, placed, wide, high)]
    units = tuple(_units(page, part))
    with_boxes = [(one, _around(_box(part, line) for line in one.lines)) for one in captions]
    with_boxes = [each for each in with_boxes if not _is_shown(each[1], with_boxes, units)]
    head = _head(ink)
    margins += [(0, 0, part.width, head)] if head else []
    graphic = ink.copy()
    gutter = _gutter(blockers, part.width, measure.width * scale)
    margins += _ends_of_lines((_box(part, line) for line in lines), gutter, measure.size * scale)
    taken = [*blockers, *margins, *(box for _, box in with_boxes)]
    for image, boxes in ((ink, taken), (graphic, [*taken, *(_box(part, line) for line in lines)])):
        pen = ImageDraw.Draw(image)
        for left, top, right, bottom in boxes:
            if left <= right and top < bottom:
                pen.rectangle((left - 1, top, right, bottom - 1), fill=0)
    return Sheet(
        part=part,
        ink=ink,
        graphic=graphic,
        blockers=tuple(blockers),
        captions=tuple(with_boxes),
        units=units,
        gutter=gutter,
        text=measure.size * scale,
    )


def _box(part: Window, line: Line) -> Box:
    return part.pixels((line.left, line.bottom, line.right, line.top))


def _units(page: Any, part: Window) -> Iterator[Box]:
    """Yield the boxes of a page's bitmaps and inserted drawings, as far as they are on it."""
    from pypdfium2 import raw

    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    owner = handle(page)
    count = min(raw.FPDFPage_CountObjects(page.raw), MOST)
    objects = ask_each("FPDFPage_GetObject", owner, range(count))
    is_one = [kind in kinds for kind in numbers("FPDFPageObj_GetType", objects)]
    held = list(compress(objects, is_one))
    for box in zip(*edges(held), strict=True):
        pixels = part.pixels(box)
        if pixels[0] < pixels[2] and pixels[1] < pixels[3]:
            yield pixels


def _is_shown(box: Box, captions: Sequence[tuple[Caption, Box]], units: Sequence[Box]) -> bool:
    """Tell whether a caption is part of a picture, such as that of a page, with its own below."""
    return any(
        _holds(unit, box)
        and any(
            0 <= other[1] - unit[3] + BELOW <= 2 * BELOW
            and other[0] < unit[2]
            and unit[0] < other[2]
            for _, other in captions
        )
        for unit in units
    )


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _running(placed: Sequence[Placed], measure: Measure) -> list[Line]:
    """Return the lines of a page that are running text, headings and footnotes."""
    running: list[Line] = []
    before: Line | None = None
    for each in placed:
        line = each.line
        is_text = (each.role == "footnote" and line.width > LONG * measure.width) or (
            each.role == "text"
            and (
                _is_prose(line, measure)
                or _is_heading(line, measure)
                or (before is not None and _goes_on(before, line, measure))
            )
        )
        before = line if is_text else None
        if is_text:
            running.append(line)
    return running


def _is_prose(line: Line, measure: Measure) -> bool:
    letters = sum(map(str.isalpha, line.text))
    return not _PARTS.match(line.text) and (
        line.width > PROSE * measure.width
        and abs(line.size - measure.size) < NEAR * measure.size
        and letters > 0.6 * len(line.text)
    )


def _is_heading(line: Line, measure: Measure) -> bool:
    if line.size > LARGE * measure.size:
        return len(line.text) > 8
    if line.size < (1 - NEAR) * measure.size:
        return False  # lettering, such as the "1 Source" of an axis
    stands_out = line.bold or line.size > 1.03 * measure.size
    return stands_out and bool(_HEADING.match(line.text))


def _goes_on(before: Line, line: Line, measure: Measure) -> bool:
    """Tell whether a line goes on with the paragraph of the line before it."""
    gap = before.bottom - line.top
    return (
        -0.6 * line.size < gap < 0.6 * line.size
        and abs(line.size - measure.size) < NEAR * measure.size
        and abs(line.left - before.left) < 2.5 * line.size
    )


def _margins(
    lines: Sequence[Line], placed: Sequence[Placed], wide: float, high: float
) -> list[Line]:
    """Return what is printed around a page's text: on the page, and not in its text."""
    rows = [each.line for each in placed]
    counted = Counter(round(line.right / 4) for line in lines if line.text.isdigit())

    def is_number(line: Line) -> bool:
        outer = line.right < 2 * SIDE * wide or line.left > (1 - 2 * SIDE) * wide
        return outer and line.text.isdigit() and counted[round(line.right / 4)] >= NUMBERS

    def is_outside(line: Line) -> bool:
        if line.top - line.bottom > STAMP * high and line.width < 3 * line.size:
            return line.left < SIDE * wide or line.right > (1 - SIDE) * wide
        is_level = line.top - line.bottom < 1.5 * line.size
        return is_level and (line.bottom > (1 - ZONE) * high or line.top < ZONE * high)

    def is_in_text(line: Line) -> bool:
        return any(
            row.left - 1 <= line.left
            and line.right <= row.right + 1
            and row.bottom - 1 <= line.bottom
            and line.top <= row.top + 1
            for row in rows
        )

    return [
        line for line in lines if is_number(line) or (is_outside(line) and not is_in_text(line))
    ]


def _head(ink: "Image") -> int:
    """Return where the head of a page ends that a rule over its width sets off; 0 without one."""
    zone = ink.crop((0, 0, ink.width, round(ZONE * ink.height)))
    shares = zone.resize((1, zone.height), BOX_FILTER).tobytes()  # of 255, of each row's pixels
    rule = next((y for y, share in enumerate(shares) if share > RULE * 255), None)
    if rule is None or not any(shares[max(rule - HEAD, 0) : rule]):
        return 0
    end = next((y for y in range(rule, len(shares)) if shares[y] <= RULE * 255), len(shares))
    return end + 1 if end - rule < 4 and not any(shares[end + 1 : end + 4]) else 0


def _ends_of_lines(lines: Iterable[Box], gutter: int | None, size: float) -> Iterator[Box]:
    """Yield what of lines goes beyond their column by a letter at most: a formula's full stop."""
    if gutter is None:
        return
    for left, top, right, bottom in lines:
        if left < gutter < right <= gutter + size:
            yield gutter, top, right + 1, bottom + 1


def _gutter(blockers: Sequence[Box], width: int, usual: float) -> int | None:
    """Return where the two columns of a page part, if its text is set in two."""
    prose = [box for box in blockers if 0.8 * usual < box[2] - box[0] < 1.2 * usual]
    if not usual or usual > 0.5 * width:
        return None
    lefts = [box[2] for box in prose if box[2] < 0.55 * width]
    rights = [box[0] for box in prose if box[0] > 0.45 * width]
    if not lefts or not rights:
        return width // 2
    return round((median(lefts) + median(rights)) / 2)
