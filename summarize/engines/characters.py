"""The characters of a page one by one, and whether what some of them say reads like sentences."""

import re
from collections.abc import Iterable
from ctypes import c_int, c_void_p
from functools import cached_property

from summarize.engines.calls import Box, Handle, call, char_boxes, characters, each, text_of

# Words of a sentence, on one line or over several; the labels of a figure are neither. In some
# scripts each sign counts, since they put no blanks between words.
_SIGN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
PROSE = re.compile(
    r"(?<![^\W\d_])(?:(?:[^\W\d_]++[,;:.]? ){6}|(?:[^\W\d_]++[,;:.]?\s+){12})"
    rf"|(?:[{_SIGN}][、。，！]?\s?){{14}}"
)
_WORD = re.compile(rf"[{_SIGN}]|[^\W\d_{_SIGN}]{{2,}}")


class Characters:
    """The characters of a page: what each says, where it stands and which text it belongs to."""

    def __init__(self, textpage: Handle) -> None:
        self.textpage = textpage
        count = call("FPDFText_CountChars", c_int, c_void_p)
        self.count: int = max(count(textpage), 0)

    @cached_property
    def owners(self) -> list[Handle]:
        """Return the text object of each character; none for one that pdfium made up."""
        return self.owners_at(range(self.count))

    def owners_at(self, places: Iterable[int]) -> list[Handle]:
        """Return the text objects of the characters in some places."""
        return each("FPDFText_GetTextObject", self.textpage, places)

    @cached_property
    def whole(self) -> str:
        """Return the page's text.

        The list of characters counts one beyond the basic plane twice, as UTF-16 does, and it also
        holds some that are not text.
        """
        return text_of(self.textpage, self.count)

    @cached_property
    def text(self) -> str:
        """Return the characters, each in its place."""
        whole = self.whole
        return whole if len(whole) == self.count else characters(self.textpage, range(self.count))

    def of(self, texts: Iterable[Handle]) -> dict[Handle, list[int]]:
        """Return the places of the characters of each of some texts, blanks aside."""
        found: dict[Handle, list[int]] = {text: [] for text in texts}
        for place, (owner, char) in enumerate(zip(self.owners, self.text, strict=True)):
            if owner in found and not char.isspace():
                found[owner].append(place)
        return found

    def boxes(self, places: list[int]) -> list[Box]:
        """Return where characters stand."""
        return char_boxes(self.textpage, places)


def prose(text: str) -> bool:
    """Tell whether a text reads like sentences."""
    return bool(PROSE.search(f"{text} "))


def words(text: str) -> set[str]:
    """Return the different words of a text."""
    return {word.casefold() for word in _WORD.findall(text)}
