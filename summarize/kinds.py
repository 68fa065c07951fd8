"""What a file is, and whether all of it is there, told by its bytes (pure)."""

import re

HEAD = 8_192  # bytes in which what a file is shows

_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<!--")
_MAGIC = (
    (b"\x1f\x8b", "gzip data"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"%!PS", "PostScript"),
    (b"AT&TFORM", "a DjVu file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
    (b"\\documentclass", "LaTeX source"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"version https://git-lfs", "a Git LFS pointer"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
NAMELESS = "no PDF"
_CHALLENGE = re.compile(
    rb"verifying your browser|just a moment\.\.\.|checking your browser|cf-challenge"
    rb"|enable javascript and cookies|are you a robot|captcha",
    re.IGNORECASE,
)


def challenges(head: bytes) -> bool:
    """Tell whether a web page wants to see a browser before it gives anything."""
    return bool(_CHALLENGE.search(head))


def kind(head: bytes) -> str:
    """Return what a file is, by its first `HEAD` bytes: "PDF", "a web page", "an empty file", ...

    A PDF's header may stand anywhere in the first 1,024 bytes (ISO 32000-1, Annex H).
    """
    if b"%PDF-" in head[:1024]:
        return "PDF"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512]
    if not start:
        return "an empty file"
    lower = start.lower()
    if lower.startswith(_WEB_PAGE) or b"<html" in lower:
        return "a web page"
    return next((what for magic, what in _MAGIC if start.startswith(magic)), NAMELESS)


def named(head: bytes) -> str:
    """Return what a file is that should be a PDF and is none: "a web page, not a PDF"."""
    what = kind(head)
    return what if what in {NAMELESS, "an empty file"} else f"{what}, not a PDF"


# --- whether all of it is there -------------------------------------------------------------------

_NEAR = 1_024  # bytes
_SLACK = 16  # bytes: the last line's end is no loss
_MOST_ENTRIES = 20_000  # of a table that are looked at
_START = re.compile(rb"startxref\s+(\d{1,18})(?!\d)")
_TABLE = re.compile(rb"\s{0,16}(?:xref\s|\d{1,10}\s+\d{1,5}\s+obj\b)")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_LENGTH = re.compile(rb"/L\s+(\d{1,18})(?!\d)")
# What a later version of the file begins with, appended to the end of the former one. A zero alone
# is what is left of a chunked answer that was kept as it came.
_MORE = re.compile(
    rb"\s*(?:xref|trailer|startxref|\d+\s+\d+\s+obj|(?:[1-9]\d*(?:\s+\d+(?:\s+ob?)?)?|xr?e?)\s*\Z)"
)


def is_whole(pdf: bytes) -> bool:
    """Tell whether a PDF has all its bytes, which a cut download has not.

    Its end must say where its table of objects is, the table must be there, and the objects in it
    must lie inside the file. What stands before its header or after its end is no matter.
    """
    header = max(pdf.find(b"%PDF-", 0, 1024), 0)
    last = pdf.rfind(b"startxref")
    said = _START.match(pdf, max(last, 0))
    end = pdf.find(b"%%EOF", said.end(), said.end() + _NEAR) if said else -1
    if said is None or end < 0 or _MORE.match(pdf, end + 5, end + 5 + _NEAR):
        return False
    if _promised(pdf, header) > len(pdf) + _SLACK:
        return False
    place = int(said[1])
    # Some files count from their first byte, some from their header.
    if bases := [base for base in {0, header} if _TABLE.match(pdf, base + place, last)]:
        return any(_are_there(pdf, base, base + place, last) for base in bases)
    # The table is elsewhere: nearer to the beginning where bytes are missing, farther from it where
    # some were added, as line ends are when a file is taken for text.
    return max(pdf.rfind(word, 0, last) for word in (b"\nxref", b"\rxref", b"/XRef")) >= place


def is_cut(pdf: bytes) -> bool:
    """Tell whether a PDF ends before its end, rather than being damaged in some other way."""
    header = max(pdf.find(b"%PDF-", 0, 1024), 0)
    return _promised(pdf, header) > len(pdf) + _SLACK or (
        # From the end, where nearly all have them.
        pdf.rfind(b"startxref") < 0 and pdf.rfind(b"trailer") < 0
    )


def _promised(pdf: bytes, header: int) -> int:
    """Return how long a file made for the web says it is; 0 where it says nothing."""
    head = pdf[header : header + _NEAR]
    found = _LENGTH.search(head) if b"/Linearized" in head else None
    return int(found[1]) if found else 0


def _are_there(pdf: bytes, base: int, start: int, end: int) -> bool:
    """Tell whether there is something at each place named in a table: no hole, and no end.

    A packed table tells nothing here.
    """
    end = min(end, start + 20 * _MOST_ENTRIES, max(pdf.find(b"trailer", start, end), start))
    places = (base + int(found[1]) for found in _ENTRY.finditer(pdf, start, end))
    return all(any(pdf[place : place + 16]) for place in places)
