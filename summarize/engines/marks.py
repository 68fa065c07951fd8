"""The marks that parts of a page bear: layers, and words that are read in place of those shown."""

import ctypes
from collections.abc import Sequence
from itertools import repeat
from math import hypot

from summarize.engines.calls import Handle, call, edges, font_sizes, matrices, numbers

Marked = dict[Handle, list[Handle]]
"""Marks, each with the texts that bear it."""

MARKS = 8  # of a text at most
CROWDED = 0.06  # of a square of the font's size, for each letter said: less shows no letters

_ADDRESS = ctypes.c_void_p


def marks(texts: Sequence[Handle]) -> Marked:
    """Return the marks that texts bear, each with its texts."""
    counts = numbers("FPDFPageObj_CountMarks", texts)
    if not any(counts):
        return {}
    marked = [text for text, count in zip(texts, counts, strict=True) if count > 0]
    get = call("FPDFPageObj_GetMark", _ADDRESS, _ADDRESS, ctypes.c_int)
    found: Marked = {}
    for index in range(min(max(counts, default=0), MARKS)):
        for text, mark in zip(marked, map(get, marked, repeat(index)), strict=True):
            if mark:
                found.setdefault(mark, []).append(text)
    return found


def layered(marked: Marked) -> dict[Handle, str]:
    """Return the texts that belong to a layer, which may not be shown."""
    return {
        text: "in a hidden layer"
        for mark, texts in marked.items()
        if _name(mark) == "OC"
        for text in texts
    }


def replaced(marked: Marked) -> dict[Handle, str]:
    """Return the texts that are read as other words than those they show, and as many more."""
    found: dict[Handle, str] = {}
    for mark, texts in marked.items():
        letters = _said(mark)
        if letters > 3:
            (size,), ((a, b, c, d),) = font_sizes(texts[:1]), matrices(texts[:1])
            square = size * hypot(a, b) * size * hypot(c, d)
            laid = zip(*edges(texts), strict=True)
            room = sum((right - left) * (top - bottom) for left, bottom, right, top in laid)
            if room < CROWDED * letters * square:
                found |= dict.fromkeys(texts, "said in place of what is shown")
    return found


def _name(mark: Handle) -> str:
    """Return the name of a mark, or its beginning."""
    get = call(
        "FPDFPageObjMark_GetName", ctypes.c_int, _ADDRESS, _ADDRESS, ctypes.c_ulong, _ADDRESS
    )
    held, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
    get(mark, held, len(held), ctypes.byref(size))
    return held.raw[: size.value].decode("utf-16-le", "ignore").rstrip("\0")


def _said(mark: Handle) -> int:
    """Return how many letters stand in a mark for those that are shown; 0 for none."""
    get = call(
        "FPDFPageObjMark_GetParamStringValue", ctypes.c_int, _ADDRESS, ctypes.c_char_p, _ADDRESS,
        ctypes.c_ulong, _ADDRESS,
    )  # fmt: skip
    size = ctypes.c_ulong()
    get(mark, b"ActualText", None, 0, ctypes.byref(size))
    return int(size.value // 2)
