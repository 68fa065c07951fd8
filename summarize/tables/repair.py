"""Bytes of unknown encoding -> text, with what had to be repaired said once."""

import codecs
import re

from summarize.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = 0.02  # of its bytes NUL: no list has that, even with a damaged cell or two
# Mojibake turns one character into two or three, all beyond ASCII.
_SUSPECT = re.compile(r"[^\x00-\x7f]{2}")


class Repairs:
    """Decodes a list and mends its cells, and remembers what it did."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._mended: list[str] = []
        self._guessed = ""

    def decode(self, data: bytes) -> str:
        """Return the text of a file. Raises `InputError` when the bytes are no text."""
        for bom, encoding in _BOMS:
            if data.startswith(bom):
                return data.decode(encoding, "replace").removeprefix("\ufeff")
        if data.count(b"\0") > _BINARY * len(data):
            raise InputError(f"{self._name} is a binary file, not a reading list", "give a CSV")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self._guessed = "windows-1252"
            return data.decode("cp1252", "replace")

    def mend(self, text: str, where: str) -> str:
        """Return the text with its mojibake undone, if it has any."""
        if not _SUSPECT.search(text):
            return text
        import ftfy

        mended: str = ftfy.fix_encoding(text)
        if mended != text and (not self._mended or self._mended[-1] != where):
            self._mended.append(where)
        return mended

    def notices(self) -> list[str]:
        """Say what was done, in a line each."""
        said = []
        if self._guessed:
            said.append(f"{self._name} is not UTF-8: read as {self._guessed}")
        if self._mended:
            rows = "1 row" if len(self._mended) == 1 else f"{len(self._mended)} rows"
            said.append(f"{self._mended[0]}: mojibake repaired (in {rows})")
        return said
