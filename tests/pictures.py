"""Images of one colour, as small as they can be made, or as large as they must be."""

import random
import struct
import zlib


def png(width: int = 60, height: int = 40, colour: tuple[int, int, int] = (40, 90, 160)) -> bytes:
    """Return a PNG of one colour."""
    return _png(width, height, b"".join(b"\0" + bytes(colour) * width for _ in range(height)))


def noise(width: int, height: int) -> bytes:
    """Return a PNG that can't be made small: as many bytes as it has."""
    chance = random.Random(7)
    rows = (b"\0" + chance.randbytes(3 * width) for _ in range(height))
    return _png(width, height, b"".join(rows))


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
