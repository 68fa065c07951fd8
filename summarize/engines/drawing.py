"""Parts of a page as pdfium draws them, in pixels: with all that is on it, or without some."""

import ctypes
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from summarize.engines.calls import Box, Handle, call

PIXELS = 4_000_000  # of a picture at most, whatever the page's size
INK = 48  # of 255: between the lightest and the darkest point of something drawn

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
