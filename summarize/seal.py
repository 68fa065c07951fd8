"""Checksums on what lies on disk, so that damage is never taken for what was kept (pure)."""

import json
import re
import zlib
from typing import NamedTuple

_SEALED = re.compile(r"[0-9a-f]{8} ")


class Line(NamedTuple):
    """A line of a ledger: what became of the thing of this key."""

    verb: str
    key: str
    value: str = ""


def sealed(key: str, text: str) -> str:
    """Return a text with the checksum of itself and of the key that it is kept under."""
    return f"{_sum(key, text):08x} {text}"


def unsealed(key: str, text: str) -> str | None:
    """Return what was sealed; None where it was damaged. What has no seal is returned as it is."""
    if not _SEALED.match(text):
        return text
    return text[9:] if int(text[:8], 16) == _sum(key, text[9:]) else None


def written(line: Line) -> bytes:
    """Return a line as it stands in a file: a checksum, and JSON in ASCII."""
    data = json.dumps(line, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(data), data)


def read(data: bytes) -> Line | None:
    """Return what a line says; None where it was damaged."""
    try:
        if int(data[:8], 16) != zlib.crc32(data[9:]):
            return None
        return Line(*json.loads(data[9:]))
    except (ValueError, TypeError, RecursionError):
        return None


def legible_key(data: bytes) -> str:
    """Return the key of a damaged line, if it can still be made out; else ""."""
    found = re.match(rb'[^\[]{0,20}\["set",("(?:[^"\\]|\\.)+"),"', data)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def _sum(key: str, text: str) -> int:
    start = zlib.crc32(key.encode("utf-8", "surrogatepass"))
    return zlib.crc32(text.encode("utf-8", "surrogatepass"), start)
