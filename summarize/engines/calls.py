"""pdfium's functions, called fast.

A call through pypdfium2's own prototypes costs several times what it costs here, and a page has
thousands of things to ask about. Handles are plain addresses; many objects are asked in one go.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Any

Handle = int
Box = tuple[float, float, float, float]  # left, bottom, right, top
Numbers = tuple[float, ...]

_ADDRESS, _NUMBER = ctypes.c_void_p, ctypes.c_int


@cache
def call(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return one of pdfium's functions, with these types of result and arguments."""
    from pypdfium2 import raw

    address = ctypes.cast(getattr(raw, name), _ADDRESS).value
    assert address
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


def handle(thing: Any) -> Handle:
    """Return the address of a page or a textpage of pypdfium2."""
    address = ctypes.cast(thing.raw, _ADDRESS).value
    assert address
    return address


def numbers(name: str, things: Sequence[Handle]) -> list[int]:
    """Ask each thing a question that a whole number answers."""
    return list(map(call(name, _NUMBER, _ADDRESS), things))


def addresses(name: str, things: Sequence[Handle]) -> list[Handle]:
    """Ask each thing for what belongs to it; nothing where there is none."""
    return list(map(call(name, _ADDRESS, _ADDRESS), things))


def each(name: str, owner: Handle, places: Iterable[int]) -> list[Handle]:
    """Return what an owner has at these places; nothing where there is none."""
    get = call(name, _ADDRESS, _ADDRESS, _NUMBER)
    return list(map(get, repeat(owner), places))


def characters(textpage: Handle, places: Iterable[int]) -> str:
    """Return the characters in some places of a page, one for each."""
    get = call("FPDFText_GetUnicode", ctypes.c_uint, _ADDRESS, _NUMBER)
    codes = list(map(get, repeat(textpage), places))
    if codes and max(codes) >= 0x110000:
        codes = [code if code < 0x110000 else 0 for code in codes]
    return "".join(map(chr, codes))


def words_of(textpage: Handle, text: Handle) -> str:
    """Return the characters of a text object, blanks between them included."""
    get = call("FPDFTextObj_GetText", ctypes.c_ulong, *[_ADDRESS] * 3, ctypes.c_ulong)
    size = get(text, textpage, None, 0)
    held = ctypes.create_string_buffer(size)
    get(text, textpage, held, size)
    return held.raw.decode("utf-16-le", "ignore").rstrip("\0")


def edges(objects: Sequence[Handle]) -> list[list[float]]:
    """Return the left, bottom, right and top edges of objects, in the space of their owner."""
    flat = _filled("FPDFPageObj_GetBounds", objects, ctypes.c_float, 4)
    return [flat[edge::4] for edge in range(4)]


def colours(objects: Sequence[Handle], *, stroke: bool = False) -> list[Numbers]:
    """Return the red, green, blue and opacity that objects are drawn with, of 255 each."""
    name = "FPDFPageObj_GetStrokeColor" if stroke else "FPDFPageObj_GetFillColor"
    return list(zip(*[iter(_filled(name, objects, ctypes.c_uint, 4))] * 4, strict=True))


def char_boxes(textpage: Handle, chars: Sequence[int]) -> list[Box]:
    """Return where the glyphs of characters lie on the page."""
    flat = _filled("FPDFText_GetCharBox", chars, ctypes.c_double, 4, textpage)
    return list(zip(flat[0::4], flat[2::4], flat[1::4], flat[3::4], strict=True))


def loose_boxes(textpage: Handle, chars: Sequence[int]) -> list[Box]:
    """Return the room that characters take, as high as their font is."""
    made = (ctypes.c_float * (4 * len(chars)))()
    at = ctypes.addressof(made)
    get = call("FPDFText_GetLooseCharBox", _NUMBER, _ADDRESS, _NUMBER, _ADDRESS)
    _all(map(get, repeat(textpage), chars, range(at, at + 16 * len(chars), 16)))
    flat = made[:]
    return list(zip(flat[0::4], flat[3::4], flat[2::4], flat[1::4], strict=True))


def matrices(objects: Sequence[Handle]) -> list[Numbers]:
    """Return how objects are stretched and turned: the first four numbers of their matrices."""
    made = (ctypes.c_float * (6 * len(objects)))()
    at = ctypes.addressof(made)
    get = call("FPDFPageObj_GetMatrix", _NUMBER, _ADDRESS, _ADDRESS)
    _all(map(get, objects, range(at, at + 24 * len(objects), 24)))
    flat = made[:]
    return list(zip(*(flat[i::6] for i in range(4)), strict=True))


def font_sizes(texts: Sequence[Handle]) -> list[float]:
    """Return the sizes of the fonts of texts, before their matrices."""
    return _filled("FPDFTextObj_GetFontSize", texts, ctypes.c_float, 1)


def widths(paths: Sequence[Handle]) -> list[float]:
    """Return how broad the strokes of paths are."""
    return _filled("FPDFPageObj_GetStrokeWidth", paths, ctypes.c_float, 1)


def drawn(paths: Sequence[Handle]) -> list[Numbers]:
    """Return how paths are filled, and whether they are stroked; 0 for no."""
    flat = _filled("FPDFPath_GetDrawMode", paths, _NUMBER, 2)
    return list(zip(flat[0::2], flat[1::2], strict=True))


def _filled(
    name: str, things: Sequence[int], kind: Any, count: int, owner: Handle | None = None
) -> list[Any]:
    """Ask each thing a question that is answered in `count` numbers; return all in one list."""
    size = ctypes.sizeof(kind)
    made = (kind * (count * len(things)))()
    at, step = ctypes.addressof(made), count * size
    places = [range(at + i * size, at + i * size + step * len(things), step) for i in range(count)]
    if owner is None:
        _all(map(call(name, _NUMBER, *[_ADDRESS] * (count + 1)), things, *places))
    else:
        get = call(name, _NUMBER, _ADDRESS, _NUMBER, *[_ADDRESS] * count)
        _all(map(get, repeat(owner), things, *places))
    flat: list[Any] = made[:]
    return flat


def _all(calls: Iterable[object]) -> None:
    deque(calls, maxlen=0)
