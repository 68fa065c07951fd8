"""pdfium's functions, called fast.

A call through pypdfium2's own prototypes costs several times what it costs here, and a page has
thousands of things to ask about. Handles are plain addresses; many objects are asked in one go.
What makes a call dear is turning its arguments from Python's into C's: so an owner is passed as a
reference that is made once for all of its members, and answers are written to places that are
made once for all.
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

ROOM = 4096  # answers of four bytes that are written before they are taken

_ADDRESS, _NUMBER = ctypes.c_void_p, ctypes.c_int
_written = ctypes.create_string_buffer(4 * ROOM)
_answers: Any = memoryview(_written).cast("B")
_places = [ctypes.byref(_written, at) for at in range(0, 4 * ROOM, 4)]


@cache
def call(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return one of pdfium's functions, with these types of result and arguments.

    Without types of arguments it takes whole numbers, `ctypes.c_void_p`s and references, as they
    are and in half the time; never give some of the types, since Apple's processors would then
    take the other arguments for variadic ones.
    """
    from pypdfium2 import raw

    address = ctypes.cast(getattr(raw, name), _ADDRESS).value
    assert address
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


def handle(thing: Any) -> Handle:
    """Return the address of a page or a textpage of pypdfium2."""
    return ctypes.addressof(thing.raw.contents)


def textpage_of(page: Handle) -> Handle:
    """Have pdfium list a page's characters; 0 where it fails. To be closed before the page is."""
    return call("FPDFText_LoadPage", _ADDRESS, _ADDRESS)(page) or 0


def close_textpage(textpage: Handle) -> None:
    """Let go of a list of characters."""
    call("FPDFText_ClosePage", None, _ADDRESS)(textpage)


def text_of(textpage: Handle, count: int) -> str:
    """Return what a page's characters, of which there are so many, say.

    Some may be no text. pdfium is not asked to begin or to end with one: it would read too far.
    """
    ask = call("FPDFText_GetTextIndexFromCharIndex", _NUMBER, _ADDRESS, _NUMBER)
    first = next((at for at in range(count) if ask(textpage, at) >= 0), count)
    if first == count:
        return ""
    last = next(at for at in reversed(range(count)) if ask(textpage, at) >= 0)
    held = ctypes.create_string_buffer(2 * (ask(textpage, last) + 2 - ask(textpage, first)))
    get = call("FPDFText_GetText", _NUMBER, _ADDRESS, _NUMBER, _NUMBER, _ADDRESS)
    written = get(textpage, first, last + 1 - first, held)  # with a zero behind it
    return held.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "ignore")


def numbers(name: str, things: Sequence[Handle]) -> list[int]:
    """Ask each thing a question that a whole number answers."""
    return list(map(call(name, _NUMBER, _ADDRESS), things))


def addresses(name: str, things: Sequence[Handle]) -> list[Handle]:
    """Ask each thing for what belongs to it; nothing where there is none."""
    return list(map(call(name, _ADDRESS, _ADDRESS), things))


def each(name: str, owner: Handle, places: Iterable[int], answer: Any = _ADDRESS) -> list[Any]:
    """Return what an owner has at these places; nothing where there is none."""
    return list(map(call(name, answer), repeat(_reference(owner)), places))


def characters(textpage: Handle, places: Iterable[int]) -> str:
    """Return the characters in some places of a page, one for each."""
    codes = each("FPDFText_GetUnicode", textpage, places, ctypes.c_uint)
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
    flat = _answered("FPDFPageObj_GetBounds", objects, "f", 4)
    return [flat[edge::4] for edge in range(4)]


def colours(objects: Sequence[Handle], *, stroke: bool = False) -> list[Numbers]:
    """Return the red, green, blue and opacity that objects are drawn with, of 255 each."""
    name = "FPDFPageObj_GetStrokeColor" if stroke else "FPDFPageObj_GetFillColor"
    return list(zip(*[iter(_answered(name, objects, "I", 4))] * 4, strict=True))


def char_boxes(textpage: Handle, chars: Sequence[int]) -> list[Box]:
    """Return where the glyphs of characters lie on the page."""
    flat = _answered("FPDFText_GetCharBox", chars, "d", 4, textpage)
    return list(zip(flat[0::4], flat[2::4], flat[1::4], flat[3::4], strict=True))


def loose_boxes(textpage: Handle, chars: Sequence[int]) -> list[Box]:
    """Return the room that characters take, as high as their font is."""
    flat = _answered("FPDFText_GetLooseCharBox", chars, "ffff", 1, textpage)
    return list(zip(flat[0::4], flat[3::4], flat[2::4], flat[1::4], strict=True))


def matrices(objects: Sequence[Handle]) -> list[Numbers]:
    """Return how objects are stretched and turned: the first four numbers of their matrices."""
    flat = _answered("FPDFPageObj_GetMatrix", objects, "ffffff", 1)
    return list(zip(*(flat[i::6] for i in range(4)), strict=True))


def font_sizes(texts: Sequence[Handle]) -> list[float]:
    """Return the sizes of the fonts of texts, before their matrices."""
    return _answered("FPDFTextObj_GetFontSize", texts, "f", 1)


def widths(paths: Sequence[Handle]) -> list[float]:
    """Return how broad the strokes of paths are."""
    return _answered("FPDFPageObj_GetStrokeWidth", paths, "f", 1)


def drawn(paths: Sequence[Handle]) -> list[Numbers]:
    """Return how paths are filled, and whether they are stroked; 0 for no."""
    flat = _answered("FPDFPath_GetDrawMode", paths, "i", 2)
    return list(zip(flat[0::2], flat[1::2], strict=True))


def _answered(
    name: str, things: Sequence[int], kind: str, count: int, owner: Handle | None = None
) -> list[Any]:
    """Ask each thing a question that is answered in `count` places; return all in one list.

    `kind` is what is written to a place, in the letters of `struct`. Things are objects, or where
    there is an `owner` the numbers of its members. What is not answered is 0.
    """
    ask = call(name, None)
    words = len(kind) * (2 if kind == "d" else 1)  # of four bytes, at each place
    step = words * count
    most = ROOM // step
    members = list(map(_ADDRESS, things)) if owner is None else things
    before = () if owner is None else (repeat(_reference(owner)),)
    flat: list[Any] = []
    for start in range(0, len(things), most):
        some = members[start : start + most]
        end = step * len(some)
        answers = _answers[: 4 * end]
        answers[:] = bytes(4 * end)
        places = [_places[at:end:step] for at in range(0, step, words)]
        deque(map(ask, *before, some, *places), maxlen=0)
        flat += answers.cast(kind[0]).tolist()
    return flat


def _reference(owner: Handle) -> Any:
    return ctypes.byref(ctypes.c_char.from_address(owner))
