"""A picture of the part of a page on which a passage stands, by pdfium. For a worker process."""

import base64
import struct
import zlib

from summarize.engines.opening import opened
from summarize.records import Picture

SCALE = 1.4  # pixels per point: an A4 page is 830 pixels wide
MARGIN = 24  # points above and below the passage
MOST_HEIGHT = 1_400  # pixels
PIECE = 4  # words by which a passage's beginning and end are looked for
MOST_SKIPPED = 12  # words at its beginning that may not be found
# Eight shades of each colour are enough to read by, and take a third of the room.
_LEVELS = bytes(min(255, round(shade / 36.43) * 36 + 3 * (shade > 240)) for shade in range(256))
MARK = (255, 236, 150)  # what is white behind the passage


def picture(pdf: bytes, page: int, passage: str, password: str = "") -> Picture:
    """Return the part of a page (counted from 1) around a passage, the passage marked, as a PNG.

    Where the passage isn't found among the page's letters the upper part of the page is shown.
    Raises `ExtractError` for a file that can't be opened.
    """
    document = opened(pdf, password)
    try:
        sheet = document[min(page, len(document)) - 1]
        width, height = sheet.get_size()
        boxes = _boxes(sheet, passage)
        top = max((box[3] for box in boxes), default=height) + MARGIN
        bottom = min((box[1] for box in boxes), default=height * 0.6) - MARGIN
        scale = min(SCALE, MOST_HEIGHT / max(top - bottom, 1.0), 4_000 / max(width, 1.0))
        crop = (0, max(bottom, 0), 0, max(height - top, 0))
        bitmap = sheet.render(scale=scale, crop=crop, rev_byteorder=True)
        pixels = bytearray(bitmap.buffer)
        edge = height - crop[3]
        for left, low, right, high in boxes:
            area = (left * scale, (edge - high) * scale, right * scale, (edge - low) * scale)
            _mark(pixels, bitmap, area)
        return Picture(
            png=base64.b64encode(_png(pixels, bitmap)).decode(),
            width=bitmap.width,
            height=bitmap.height,
            found=bool(boxes),
        )
    finally:
        document.close()


def _boxes(sheet: object, passage: str) -> list[tuple[float, float, float, float]]:
    """Return the boxes of a passage's lines, by its first and its last words."""
    text = sheet.get_textpage()  # type: ignore[attr-defined]
    words = passage.split()
    # A word that is broken at a line's end is not found: the next words may be.
    for first in range(max(min(len(words) - PIECE, MOST_SKIPPED), 0) + 1):
        start = _found(text, " ".join(words[first : first + PIECE]), 0)
        if start is None:
            continue
        ends = (_found(text, " ".join(words[-PIECE - i :][:PIECE]), start[0]) for i in range(PIECE))
        near = 2 * len(passage)
        end = next((e for e in ends if e and e[0] - start[0] < near), start)
        count = end[0] + end[1] - start[0]
        return [text.get_rect(i) for i in range(text.count_rects(start[0], count))]
    return []


def _found(text: object, words: str, start: int) -> tuple[int, int] | None:
    searcher = text.search(words, index=start)  # type: ignore[attr-defined]
    found: tuple[int, int] | None = searcher.get_next()
    searcher.close()
    return found


def _mark(pixels: bytearray, bitmap: object, area: tuple[float, float, float, float]) -> None:
    """Colour what is white in a part of the picture."""
    wide, high = bitmap.width, bitmap.height  # type: ignore[attr-defined]
    stride, size = bitmap.stride, bitmap.n_channels  # type: ignore[attr-defined]
    left, top, right, bottom = (int(x) for x in area)
    left, right = max(left - 1, 0), min(right + 1, wide)
    for y in range(max(top - 1, 0), min(bottom + 1, high)):
        for x in range(left, right):
            at = y * stride + x * size
            for channel, most in enumerate(MARK):
                pixels[at + channel] = pixels[at + channel] * most // 255


def _png(pixels: bytearray, bitmap: object) -> bytes:
    """Write pixels as a PNG (ISO/IEC 15948): no library is needed for one."""
    wide, high = bitmap.width, bitmap.height  # type: ignore[attr-defined]
    stride, size = bitmap.stride, bitmap.n_channels  # type: ignore[attr-defined]
    rows = []
    for y in range(high):
        row = pixels[y * stride : y * stride + wide * size]
        if size == 4:
            del row[3::4]
        rows.append(b"\0" + row.translate(_LEVELS))
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
