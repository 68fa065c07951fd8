"""What can be seen on a page: parts of it are drawn with and without some of its text.

Text that makes no difference to the picture can't be read, whatever hides it: its colour, a cover,
a clip, a mask, a layer.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from summarize.engines.calls import Box, Handle
from summarize.engines.drawing import Picture, Window, draw, window

PERCEPTIBLE = 20  # of 255: a smaller difference in red or green is not seen
BLUE = 72  # of 255: the eye hardly sees a difference in blue
GAP = 2.5  # times a line's height: a longer stretch of it without ink is looked at closely
SHARE = 0.6  # of a line's length that holds ink where it can be read

CELL = 4  # pixels: texts that share no square of this size do not overlap
LOOKS = 12  # at a page, at most
GROUPS = 3  # times that a part of a page is drawn without some of its text, at most


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
