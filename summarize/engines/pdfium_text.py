"""The characters of a page as pdfium gives them: where they stand, and their fonts."""

import re
from collections.abc import Sequence
from ctypes import c_char_p, c_double, c_int, c_size_t, c_void_p, create_string_buffer
from functools import partial

from summarize.engines.calls import (
    Box,
    Handle,
    addresses,
    call,
    each,
    loose_boxes,
)
from summarize.engines.characters import Characters

_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # the basic plane
_BOLD = re.compile(
    r"bold|black|heavy|semibold|demi|-medi|cmbx|cmssbx|sfbx|sfxc|sfsx|\bb$|\.b$", re.IGNORECASE
)


class Text:
    """The characters of one page: pdfium's text, and where its characters stand."""

    def __init__(self, chars: Characters, unseen: frozenset[int] = frozenset()) -> None:
        """Take the page's text, without the characters at the `unseen` places of pdfium's list."""
        self._page = chars.textpage
        text, places = _characters(chars)
        if unseen:
            seen = [i for i, place in enumerate(places) if place not in unseen]
            text, places = "".join(text[i] for i in seen), [places[i] for i in seen]
        self.text = text
        self._places = places

    def boxes(self, at: Sequence[int]) -> list[Box]:
        """Return the boxes of characters, each as high as its font."""
        return loose_boxes(self._page, self._listed(at))

    def sizes(self, at: Sequence[int]) -> list[float]:
        """Return the sizes of characters' fonts, in the units of their own space."""
        return each("FPDFText_GetFontSize", self._page, self._listed(at), c_double)

    def fonts(self, at: Sequence[int]) -> list[Handle]:
        """Return the fonts of characters."""
        objects = each("FPDFText_GetTextObject", self._page, self._listed(at))
        return addresses("FPDFTextObj_GetFont", objects)

    def _listed(self, at: Sequence[int]) -> Sequence[int]:
        """Return the places of characters in pdfium's list."""
        places = self._places
        return at if isinstance(places, range) else [places[i] for i in at]


def _characters(chars: Characters) -> tuple[str, Sequence[int]]:
    """Return the page's text and, for each character of it, its place in pdfium's list."""
    text, count = chars.whole, chars.count
    if len(text) == count:
        return text, range(count)
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    starts = range(length) if length == len(text) else _starts(text)
    if length == count:
        return text, starts
    listed = _listed(chars.textpage, length, count)
    return text, listed if length == len(text) else [listed[start] for start in starts]


def _starts(text: str) -> list[int]:
    """Return where each character begins in UTF-16."""
    starts, done, more = list[int](), 0, 0
    for found in _BEYOND.finditer(text):
        starts += range(done + more, found.end() + more)
        done, more = found.end(), more + 1
    return [*starts, *range(done + more, len(text) + more)]


def _listed(page: Handle, length: int, count: int) -> list[int]:
    """Return the place in pdfium's list of each of the `length` units of a page's text."""
    ask = partial(call("FPDFText_GetCharIndexFromTextIndex", c_int, c_void_p, c_int), page)
    places, stretches = list[int](), [(0, length - 1)]
    while stretches:
        first, last = stretches.pop()
        low, high = ask(first), ask(last)
        if low >= 0 and high - low == last - first:  # nothing between them but text
            places += range(low, high + 1)
        elif first == last:
            places.append(min(max(low, 0), count - 1))
        else:
            middle = (first + last) // 2
            stretches += ((middle + 1, last), (first, middle))
    return places


class Fonts:
    """Which fonts are bold, by their names; looked up once for each font of a file."""

    def __init__(self) -> None:
        self._known: dict[Handle, bool] = {0: False}

    def bold(self, fonts: Sequence[Handle]) -> list[bool]:
        """Tell of each font whether it is a bold one."""
        for font in {font or 0 for font in fonts} - self._known.keys():
            name = create_string_buffer(128)
            get = call("FPDFFont_GetBaseFontName", c_size_t, c_void_p, c_char_p, c_size_t)
            get(font, name, len(name))
            self._known[font] = bool(_BOLD.search(name.value.decode("latin-1")))
        return [self._known[font or 0] for font in fonts]
