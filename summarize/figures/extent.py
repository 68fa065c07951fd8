"""Where the figure of a caption stands: the drawn space around the caption, up to the next text.

The idea is that of PDFFigures (Clark and Divvala, 2016): a figure fills a space beside its caption
which running text leaves free. Here that space is found among lines of text alone, and its ink says
how far the figure goes in it, so that bitmaps, drawings and lettering are all one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from summarize.figures.captions import Caption
from summarize.figures.sheet import Box, Sheet

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST = 36  # pixels: half an inch of a page, in either direction
EDGE = 6  # pixels of a page's edge in which nothing is looked for
GAP = 9  # pixels without ink between a figure and text that is not its own
FAR = 60  # pixels without ink: what is farther away is another thing
LINES = 3.0  # of lettering at a figure's edge: more is a table, a list or a paragraph
THIN = 4  # pixels: a rule, or the edge of a mark
STRAY = 40  # pixels: a word or two of the next column
PAD = 3  # pixels around a figure
REACH = 8  # pixels on both sides of a gutter: a row that is drawn all along them goes across it
WRITTEN = 0.08  # of its ink: with less of it drawn a "figure" is a formula, or a listing
MARK = (12, 6)  # pixels: what is drawn no wider and no higher is a rule or a fraction's bar


@dataclass(frozen=True)
class Extent:
    """A figure's box on its sheet, and what share of its ink is drawn rather than written.

    `above` is whether it stands above its caption, as nearly all do.
    """

    box: Box
    drawn: float
    above: bool

    @property
    def width(self) -> int:
        """How wide the figure is."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """How high the figure is."""
        return self.box[3] - self.box[1]


def extent(sheet: Sheet, caption: Caption) -> Extent | None:
    """Return where the figure of a caption stands: above it as a rule, else below it.

    A caption that is part of a picture has none.
    """
    box = next((box for each, box in sheet.captions if each is caption), None)
    if box is None:
        return None
    found = (_extent(sheet, box, above=above) for above in (True, False))
    return next((each for each in found if each), None)


def _extent(sheet: Sheet, caption: Box, *, above: bool) -> Extent | None:
    left, right = _bounds(sheet, caption)
    space = _space(sheet, caption, left, right, above=above)
    if space and sheet.gutter in {left, right} and not _has_neighbour(sheet, caption):
        wider = _across(sheet, space, left, right)
        if wider != (left, right):
            space = _space(sheet, caption, *wider, above=above) or space
    if space is None:
        return None
    if above:
        space = _below_table(sheet, space)
    box = _inked(sheet, space, above=above)
    if box is None or box[2] - box[0] < LEAST or box[3] - box[1] < LEAST:
        return None
    graphic, ink = sheet.graphic.crop(box), sheet.ink.crop(box)
    drawn = graphic.getbbox()
    if drawn is None or min(drawn[2] - drawn[0], drawn[3] - drawn[1]) < LEAST / 2:
        return None
    share = graphic.histogram()[-1] / max(ink.histogram()[-1], 1)
    if share < WRITTEN or (not above and _is_anothers(sheet, caption, box)):
        return None
    padded = (
        max(box[0] - PAD, space[0]),
        max(box[1] - PAD, space[1]),
        min(box[2] + PAD, space[2]),
        min(box[3] + PAD, space[3]),
    )
    return Extent(padded, share, above)


def _is_anothers(sheet: Sheet, caption: Box, found: Box) -> bool:
    """Tell whether what stands below a caption has a caption of its own below itself."""
    return any(
        each.label
        and box != caption
        and -PAD <= box[1] - found[3] < FAR
        and min(box[2], found[2]) > max(box[0], found[0])
        for each, box in sheet.captions
    )


def _bounds(sheet: Sheet, caption: Box) -> tuple[int, int]:
    """Return how far to the left and right a figure may go: to a gutter, or halfway to another."""
    left, right = EDGE, sheet.width - EDGE
    if sheet.gutter:
        if caption[2] <= sheet.gutter + 4:
            right = sheet.gutter
        elif caption[0] >= sheet.gutter - 4:
            left = sheet.gutter
    for _, other in sheet.captions:
        if other == caption or other[1] > caption[3] or other[3] < caption[1]:
            continue
        if sheet.gutter and (other[0] >= sheet.gutter - PAD) != (caption[0] >= sheet.gutter - PAD):
            continue  # the gutter is between them
        if other[0] >= caption[2] - 2:
            right = min(right, (caption[2] + other[0]) // 2)
        elif other[2] <= caption[0] + 2:
            left = max(left, (caption[0] + other[2]) // 2)
    return left, right


def _below_table(sheet: Sheet, space: Box) -> Box:
    """Return a space without the table at its top, whose caption ends it, if that can be told.

    A figure that is one bitmap or drawing begins where that does.
    """
    ends_in_table = any(
        not each.label and abs(box[3] - space[1]) <= 1 and box[2] > space[0] and box[0] < space[2]
        for each, box in sheet.captions
    )
    if not ends_in_table:
        return space
    tops = [
        unit[1]
        for unit in sheet.units
        if space[0] - GAP <= unit[0]
        and unit[2] <= space[2] + GAP
        and space[1] <= unit[1]
        and unit[3] <= space[3] + GAP
    ]
    return (space[0], min(tops), *space[2:]) if tops else space


def _has_neighbour(sheet: Sheet, caption: Box) -> bool:
    """Tell whether another caption stands beside this one: then each has a figure of its own."""
    others = (box for _, box in sheet.captions if box != caption)
    return any(abs(box[1] - caption[1]) < FAR for box in others)


def _space(sheet: Sheet, caption: Box, left: int, right: int, *, above: bool) -> Box | None:
    """Return the largest box beside a caption, within these bounds, in which no other text is."""
    best: Box | None = None
    for box in _spaces(sheet, caption, left, right, above=above):
        if best is None or _area(box) > _area(best):
            best = box
    return best


def _spaces(sheet: Sheet, caption: Box, left: int, right: int, *, above: bool) -> Iterator[Box]:
    """Yield the boxes that reach from a caption to each text beyond it, as wide as text allows."""
    near = caption[1] if above else caption[3]
    others = [*sheet.blockers, *(box for _, box in sheet.captions if box != caption)]
    side = [
        box
        for box in others
        if box[2] > left
        and box[0] < right
        and (box[1] + box[3] < 2 * near if above else box[1] + box[3] > 2 * near)
    ]
    side.sort(key=lambda box: -box[3] if above else box[1])
    slack = 0.15 * (caption[2] - caption[0])
    for box in [*side, None]:
        far = (box[3] if above else box[1]) if box else (EDGE if above else sheet.height - EDGE)
        if (near - far if above else far - near) >= LEAST:
            yield (left, far, right, near) if above else (left, near, right, far)
        if box is None:
            return
        if box[0] + box[2] > caption[0] + caption[2]:
            right = min(right, box[0])
        else:
            left = max(left, box[2])
        if left > caption[0] + slack or right < caption[2] - slack:
            return


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _across(sheet: Sheet, space: Box, left: int, right: int) -> tuple[int, int]:
    """Return the bounds of a figure that is drawn across the gutter at one of its bounds.

    A bitmap or drawing may go across it a little, and else goes over both columns.
    """
    gutter = sheet.gutter or 0
    whole = (EDGE, sheet.width - EDGE)
    strip = sheet.graphic.crop((gutter - REACH, space[1], gutter + REACH, space[3]))
    rows, wide = strip.tobytes(), strip.width
    if any(0 not in rows[start : start + wide] for start in range(0, len(rows), wide)):
        return whole
    for unit in sheet.units:
        inside = space[1] - 2 * GAP <= unit[1] and unit[3] <= space[3] + 2 * GAP
        if inside and unit[0] < gutter - PAD and unit[2] > gutter + PAD:
            beyond = gutter - unit[0] if left == gutter else unit[2] - gutter
            if beyond > FAR:
                return whole
            left, right = min(left, unit[0]), max(right, unit[2])
    return left, right


def _inked(sheet: Sheet, space: Box, *, above: bool) -> Box | None:
    """Return the box of the ink in a space, without text at its far end that is another's."""
    runs = list(_runs(sheet, space))
    if above:
        runs.reverse()  # the caption's side first
    kept: list[tuple[int, int]] = []
    for run in runs:
        if kept and _gap(kept[-1], run) > FAR:
            break
        kept.append(run)
    drawn = [at for at, run in enumerate(kept) if _is_drawn(sheet, space, run)]
    if not drawn:
        return None
    end = _with_words(kept, drawn[-1], LINES * sheet.text)
    del kept[end + 1 :]
    while drawn[0] and kept[0][1] - kept[0][0] <= THIN and _gap(kept[0], kept[1]) > GAP:
        del kept[0]
        drawn = [at - 1 for at in drawn]
    top, bottom = min(run[0] for run in kept), max(run[1] for run in kept)
    return _narrowed(sheet, (space[0], top, space[2], bottom))


def _with_words(runs: list[tuple[int, int]], last: int, most: float) -> int:
    """Return the last run of a figure with what is written at its edge, if that is no paragraph."""
    end = last
    while end + 1 < len(runs) and _gap(runs[end], runs[end + 1]) <= GAP:
        end += 1
    outer, inner = runs[end], runs[last]
    return end if max(inner[0] - outer[0], outer[1] - inner[1]) <= most else last


def _narrowed(sheet: Sheet, box: Box) -> Box | None:
    """Return the box as wide as its ink, without words at its sides that are the next column's."""
    left, top, _, bottom = box
    runs = [(left + start, left + end) for start, end in _filled(sheet.ink.crop(box), across=True)]

    def is_stray(run: tuple[int, int], following: tuple[int, int]) -> bool:
        narrow = run[1] - run[0] < STRAY and _gap(run, following) > GAP
        part = (run[0], top, run[1], bottom)
        found = sheet.ink.crop(part).getbbox()
        return bool(
            narrow
            and found
            and found[3] - found[1] < 1.5 * sheet.text
            and sheet.graphic.crop(part).getbbox() is None
        )

    while len(runs) > 1 and is_stray(runs[0], runs[1]):
        del runs[0]
    while len(runs) > 1 and is_stray(runs[-1], runs[-2]):
        del runs[-1]
    return (runs[0][0], top, runs[-1][1], bottom) if runs else None


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1])


def _runs(sheet: Sheet, space: Box) -> Iterator[tuple[int, int]]:
    """Yield the `[top, bottom)` of each run of rows that hold ink, from the top down."""
    for start, end in _filled(sheet.ink.crop(space), across=False):
        yield space[1] + start, space[1] + end


def _filled(image: "Image", *, across: bool) -> Iterator[tuple[int, int]]:
    """Yield the `[start, end)` of each run of columns, or of rows, that hold ink."""
    lines = [0, *image.getprojection()[0 if across else 1], 0]
    edges = [at for at, (one, two) in enumerate(pairwise(lines)) if one != two]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _is_drawn(sheet: Sheet, space: Box, run: tuple[int, int]) -> bool:
    """Tell whether a run of rows holds a drawing, rather than words, rules and formulas."""
    found = sheet.graphic.crop((space[0], run[0], space[2], run[1])).getbbox()
    return found is not None and (found[2] - found[0] > MARK[0] and found[3] - found[1] > MARK[1])
