"""The characters of a page one by one, and whether what some of them say reads like sentences."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from summarize.engines.calls import Box, Handle, char_boxes, characters, each, handle

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

    def __init__(self, textpage: Any) -> None:
        self.textpage = handle(textpage)
        self.count: int = textpage.count_chars()
        self._whole = textpage

    @cached_property
    def owners(self) -> list[Handle]:
        """Return the text object of each character; none for one that pdfium made up."""
        return self.owners_at(range(self.count))

    def owners_at(self, places: Iterable[int]) -> list[Handle]:
        """Return the text objects of the characters in some places."""
        return each("FPDFText_GetTextObject", self.textpage, places)

    @cached_property
    def text(self) -> str:
        """Return the characters, each in its place."""
        text: str = self._whole.get_text_range(0, self.count) if self.count > 0 else ""
        # The list of characters may hold some that are not text, and halves of characters.
        return text if len(text) == self.count else characters(self.textpage, range(self.count))

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
