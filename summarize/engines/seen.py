"""What can be seen on a page: parts of it are drawn with and without some of its text.

Text that makes no difference to the picture can't be read, whatever hides it: its colour, a cover,
a clip, a mask, a layer.
"""

import ctypes
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from summarize.engines.calls import Box, Handle, call

PIXELS = 4_000_000  # of a picture at most, whatever the page's size
PERCEPTIBLE = 20  # of 255: a smaller difference in red or green is not seen
BLUE = 72  # of 255: the eye hardly sees a difference in blue
INK = 48  # of 255: between the lightest and the darkest point of something drawn
GAP = 2.5  # times a line's height: a longer stretch of it without ink is looked at closely
SHARE = 0.6  # of a line's length that holds ink where it can be read

CELL = 4  # pixels: texts that share no square of this size do not overlap
LOOKS = 12  # at a page, at most
GROUPS = 3  # times that a part of a page is drawn without some of its text, at most

_FAR = 1 << 29  # pixels: the size of the picture in which the places of a page are asked for


@dataclass(frozen=True)
class Window:
    """A part of a page that is drawn: its place and size in a picture of the whole page."""

    page: Any
    left: int
    top: int
    width: int
    height: int
    whole: tuple[int, int]
    matrix: tuple[float, ...]

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return the left, top, right and bottom of a box of the page, in pixels of the picture."""
        x, y, u, v = _placed(self.matrix, box)
        left, top = int(x) - self.left, int(y) - self.top
        right, bottom = int(u) + 1 - self.left, int(v) + 1 - self.top
        return (
            left if left > 0 else 0,
            top if top > 0 else 0,
            right if right < self.width else self.width,
            bottom if bottom < self.height else self.height,
        )


def window(page: Any, boxes: Collection[Box], scale: float) -> Window | None:
    """Return the part of a page in which all the boxes lie, as far as they lie on it.

    There is none where the picture of that part would be too large.
    """
    from pypdfium2 import raw

    wide, high = raw.FPDF_GetPageWidthF(page.raw), raw.FPDF_GetPageHeightF(page.raw)
    whole = max(1, round(min(wide * scale, _FAR))), max(1, round(min(high * scale, _FAR)))
    matrix = tuple(value * whole[i % 2] / _FAR for i, value in enumerate(_matrix(page)))
    placed = [_placed(matrix, box) for box in boxes]
    left = min(max(0, int(min(box[0] for box in placed)) - 2), whole[0] - 1)
    top = min(max(0, int(min(box[1] for box in placed)) - 2), whole[1] - 1)
    right = min(whole[0], max(left + 1, int(max(box[2] for box in placed)) + 3))
    bottom = min(whole[1], max(top + 1, int(max(box[3] for box in placed)) + 3))
    if (right - left) * (bottom - top) > PIXELS:
        return None
    return Window(page, left, top, right - left, bottom - top, whole, matrix)


def _matrix(page: Any) -> tuple[float, ...]:
    """Return what takes a point of a page to a picture of it of `_FAR` by `_FAR` pixels."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    wide, high = max(right - left, 1.0), max(top - bottom, 1.0)
    x, y = ctypes.c_int(), ctypes.c_int()
    found = []
    for point in ((left, bottom), (left + wide, bottom), (left, bottom + high)):
        raw.FPDF_PageToDevice(page.raw, 0, 0, _FAR, _FAR, 0, *point, x, y)
        found.append((x.value, y.value))
    (e, f), (a, b), (c, d) = found
    a, b, c, d = (a - e) / wide, (b - f) / wide, (c - e) / high, (d - f) / high
    return a, b, c, d, e - a * left - c * bottom, f - b * left - d * bottom


def _placed(matrix: Sequence[float], box: Box) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of a box in the picture of the whole page."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    if not -_FAR < left + bottom + right + top < _FAR:  # or no number at all
        left, bottom, right, top = (max(-_FAR, min(_FAR, edge)) for edge in box)
    if b or c:  # the page is turned by a quarter
        return _ordered(c * bottom + e, b * left + f, c * top + e, b * right + f)
    return _ordered(a * left + e, d * bottom + f, a * right + e, d * top + f)


def _ordered(x: float, y: float, u: float, v: float) -> tuple[float, float, float, float]:
    return x if x < u else u, y if y < v else v, u if x < u else x, v if y < v else y


@dataclass(frozen=True)
class Picture:
    """A part of a page as it is drawn: so many bytes a pixel, in so many bytes a row.

    A row may be longer than the picture is wide.
    """

    window: Window
    data: bytes
    depth: int
    stride: int

    def row(self, y: int, left: int, right: int) -> bytes:
        """Return some pixels of a row."""
        start = y * self.stride
        return self.data[start + self.depth * left : start + self.depth * right]

    def blank(self) -> bool:
        """Tell whether nothing stands out anywhere."""
        return max(self.data) - min(self.data) < INK

    def ink(self, box: Box) -> bool:
        """Tell whether anything is drawn in a box that stands out from what is around it."""
        left, top, right, bottom = self.window.pixels(box)
        if left >= right:
            return False
        pixels = b"".join([self.row(y, left, right) for y in range(top, bottom)])
        return bool(pixels) and max(pixels) - min(pixels) >= INK


def draw(part: Window, *, without: Iterable[Handle] = (), grey: bool = True) -> Picture:
    """Draw a part of a page in grey or in colours, without some of its objects."""
    from pypdfium2 import raw

    kind, depth = (raw.FPDFBitmap_Gray, 1) if grey else (raw.FPDFBitmap_BGRx, 4)
    flags = raw.FPDF_ANNOT | (raw.FPDF_GRAYSCALE if grey else 0)
    bitmap = raw.FPDFBitmap_CreateEx(part.width, part.height, kind, None, 0)
    if not bitmap:
        raise MemoryError("pdfium has no room for a picture of the page")
    try:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, part.width, part.height, 0xFFFFFFFF)
        with _inactive(without):
            raw.FPDF_RenderPageBitmap(
                bitmap, part.page.raw, -part.left, -part.top, *part.whole, 0, flags
            )
        stride = raw.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * part.height)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return Picture(part, data, depth, stride)


@contextmanager
def _inactive(objects: Iterable[Handle]) -> Iterator[None]:
    """Take objects off their page for as long as it is drawn."""
    switch = call("FPDFPageObj_SetIsActive", ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    held = list(objects)
    deque(map(switch, held, repeat(0)), maxlen=0)
    try:
        yield
    finally:
        deque(map(switch, held, repeat(1)), maxlen=0)


class Sight:
    """Where a part of a page changes when some of its text is taken off it.

    Texts that overlap are taken off one after the other, so that none stands in for another; the
    text that is not in question is put aside, since white letters leave marks on black ones.
    """

    def __init__(
        self, part: Window, texts: Mapping[Handle, Box], aside: Collection[Handle], *, grey: bool
    ) -> None:
        """Draw the part, and draw it without the texts."""
        self.part = part
        self._placed = {text: part.pixels(box) for text, box in texts.items()}
        self._changes: dict[Handle, bytes] = {}
        whole = draw(part, without=aside, grey=grey)
        for group in _apart(part, self._placed):
            bare = draw(part, without=[*aside, *group], grey=grey)
            self._changes |= dict.fromkeys(group, _changed(whole, bare))

    def legible(self, text: Handle) -> bool:
        """Tell whether a text can be seen over its whole length, blanks between words aside."""
        left, top, right, bottom = self._placed[text]
        long, thick = right - left, bottom - top
        if long <= 0 or thick <= 0:
            return False
        rows = self._rows(text, left, top, right, bottom)
        if thick > long:
            line = bytes([1 in row for row in rows])
            long, thick = thick, long
        else:
            columns = 0
            for row in rows:
                columns |= int.from_bytes(row, "little")
            line = columns.to_bytes(long, "little")
        blanks = max(map(len, line.split(b"\1")))
        return line.count(1) >= SHARE * long and blanks <= max(GAP * thick, 4)

    def shows(self, text: Handle, box: Box) -> bool:
        """Tell whether anything of a text can be seen in a box."""
        return any(1 in row for row in self._rows(text, *self.part.pixels(box)))

    def _rows(self, text: Handle, left: int, top: int, right: int, bottom: int) -> list[bytes]:
        """Return some rows of pixels, with a 1 for each that the text changes perceptibly."""
        changed = self._changes[text]
        wide = len(changed) // self.part.height
        starts = range(top * wide, bottom * wide, wide)
        return [changed[start + left : start + right] for start in starts]


def looks(
    page: Any, texts: Mapping[Handle, Box], aside: Collection[Handle], *, scale: float, grey: bool
) -> Iterator[tuple[Sight, Mapping[Handle, Box]]]:
    """Yield looks at parts of a page in which texts lie, few even where the page is large."""
    rest = [dict(texts)] if texts else []
    for _ in range(LOOKS):
        if not rest:
            break
        some = rest.pop()
        part = window(page, some.values(), scale)
        if part:
            yield Sight(part, some, aside, grey=grey), some
        elif len(some) == 1:
            scale /= 2
            rest.append(some)
        else:
            order = sorted(some, key=lambda text: some[text][1])
            half = len(order) // 2
            rest += [{text: some[text] for text in each} for each in (order[:half], order[half:])]


def _changed(whole: Picture, bare: Picture) -> bytes:
    """Return 1 for each pixel of two pictures that differs perceptibly, and 0 for the others.

    What fills up the rows is taken for pixels.
    """
    stride, wide = whole.stride, whole.stride // whole.depth
    starts = range(0, len(whole.data), stride)
    pairs = [(whole.data[at : at + stride], bare.data[at : at + stride]) for at in starts]
    differing = [at for at, (before, after) in enumerate(pairs) if before != after]
    rows = [bytes(wide)] * len(pairs)
    if differing:  # all of them at once
        before, after = (b"".join([pairs[at][i] for at in differing]) for i in (0, 1))
        changed = _differing(before, after, whole.depth)
        for place, at in enumerate(differing):
            rows[at] = changed[place * wide : (place + 1) * wide]
    return b"".join(rows)


def _differing(before: bytes, after: bytes, depth: int) -> bytes:
    """Return 1 for each of some pixels that differs perceptibly, and 0 for the others.

    All bytes are subtracted at once, as one large number with a guard bit before each byte.
    """
    size = len(before)
    low, guard = _masks(size)
    first = int.from_bytes(before, "little") >> 1 & low
    second = int.from_bytes(after, "little") >> 1 & low
    apart = ((first | guard) - second).to_bytes(size, "little")
    if depth == 1:
        return apart.translate(_table(PERCEPTIBLE))
    blue, green, red = (
        int.from_bytes(apart[i::depth].translate(_table(least)), "little")
        for i, least in enumerate((BLUE, PERCEPTIBLE, PERCEPTIBLE))
    )
    return (blue | green | red).to_bytes(size // depth, "little")


@lru_cache(maxsize=1)
def _masks(size: int) -> tuple[int, int]:
    return int.from_bytes(b"\x7f" * size, "little"), int.from_bytes(b"\x80" * size, "little")


@cache
def _table(least: int) -> bytes:
    """Return what turns a guarded difference of halves into 1 where it is large enough."""
    return bytes(2 * abs(value - 128) >= least for value in range(256))


def _apart(part: Window, texts: Mapping[Handle, tuple[int, int, int, int]]) -> list[list[Handle]]:
    """Part the texts into groups in which none overlaps another, as far as few groups suffice.

    Texts are given with the left, top, right and bottom of their places in the part, in pixels.
    """
    wide = part.width // CELL + 1
    blank = bytes(wide * (part.height // CELL + 1))
    groups = [(list[Handle](), bytearray(blank)) for _ in range(GROUPS)]
    for text, (left, top, right, bottom) in texts.items():
        inner = range(-(-left // CELL), right // CELL)  # squares that lie in the box as a whole
        rows = [y * wide for y in range(-(-top // CELL), bottom // CELL)] if inner else []
        cells = [slice(row + inner.start, row + inner.stop) for row in rows]
        members, taken = next(
            (group for group in groups if not any(1 in group[1][cell] for cell in cells)),
            groups[-1],
        )
        members.append(text)
        for cell in cells:
            taken[cell] = b"\1" * len(inner)
    return [members for members, _ in groups if members]
