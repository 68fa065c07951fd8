"""What a format of reading lists is, and a list as it was given."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from summarize.errors import InputError
from summarize.records import ReadingList
from summarize.tables.repair import Repairs

HEAD = 8_192  # bytes in which most formats show themselves


class Given:
    """A list as it was given: its bytes and, made when first asked for, its text and its JSON.

    `name` is what to call it; `repairs` remembers what had to be mended in it.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        self.repairs = Repairs(name)

    @cached_property
    def head(self) -> str:
        """The beginning, as far as it is text: what formats are told by."""
        encoding = "utf-16" if self.data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
        return self.data[:HEAD].decode(encoding, "replace").lstrip("\ufeff").lstrip()

    @cached_property
    def text(self) -> str:
        """All of its text. Raises `InputError` for bytes that are none."""
        return self.repairs.decode(self.data)

    @cached_property
    def json(self) -> Any:
        """What its JSON holds; None where it is none."""
        if not self.head.startswith(("{", "[")):
            return None
        try:
            return json.loads(self.repairs.decode(self.data))
        except (ValueError, RecursionError):
            return None

    def release(self) -> None:
        """Let go of the bytes and the text, when what is made of them takes their place."""
        self.data = b""
        self.__dict__.pop("text", None)

    def no_list(self, why: str, hint: str) -> InputError:
        """Return the error that says why this is no reading list."""
        return InputError(f"{self.name} {why}", hint)


class Table(NamedTuple):
    """A format of reading lists, told by its content.

    `knows` says whether a list is of this format; `read` returns its entries, and raises
    `InputError` where nothing of it can be used.
    """

    what: str  # "BibTeX", as it is called when it is spoken of
    knows: Callable[[Given], bool]
    read: Callable[[Given], ReadingList]
