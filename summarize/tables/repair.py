"""Bytes of unknown encoding -> text, with what had to be repaired said once."""

import codecs
import re

from summarize.errors import InputError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = 0.02  # of its bytes NUL: no list has that, even with a damaged cell or two
_CONTROL = re.compile(rb"[\0-\x08]")
_HINT = 'save it as "CSV UTF-8"'
# Mojibake turns one character into two or three, all beyond ASCII, and the first is one that an
# encoding of one byte a character has: none of them has what is here left out (CJK, emoji, signs).
# Not `{2}`: with a set of characters at its start, a pattern is found three times as fast.
SUSPECT = re.compile(r"[\x80-\u25ff\uf8ff\ufb01\ufb02\ufffd][^\x00-\x7f]")


class Repairs:
    """Decodes a list and mends its cells, and remembers what it did."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._mended: list[str] = []
        self._guessed = ""

    def decode(self, data: bytes) -> str:
        """Return the text of a file, without its byte-order mark.

        Bytes that are no text, in a few lines of a file that is UTF-8 otherwise, become lone
        surrogates: they stand for those lines to be rejected. Raises `InputError` when the
        bytes as a whole are no text, or when nobody can tell which.
        """
        for bom, encoding in _BOMS:
            if data.startswith(bom):
                return self._strictly(data, encoding)
        marked = data.startswith(codecs.BOM_UTF8)
        if not marked and data.count(b"\0") > _BINARY * len(data):
            raise InputError(f"{self._name} is a binary file, not a reading list", "give a CSV")
        bare = data.removeprefix(codecs.BOM_UTF8)
        try:
            return bare.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            text = bare.decode("utf-8", "surrogateescape")
        if marked or _evidently_utf8(data):
            return text.removeprefix("\ufeff")
        text = self._strictly(data, "cp1252")
        self._guessed = "windows-1252"
        return text

    def _strictly(self, data: bytes, encoding: str) -> str:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            known = encoding.startswith("utf")
            what = f"damaged {encoding.upper()}" if known else "in an encoding that is not known"
            raise InputError(f"{self._name} is {what}", _HINT) from error

    def mend(self, text: str, where: str) -> str:
        """Return the text with its mojibake undone, if it has any."""
        if text.isascii() or not SUSPECT.search(text):
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


def is_no_text(text: str) -> bool:
    """Tell whether a text holds a lone surrogate: what a byte that is no text is read as."""
    if text.isascii():
        return False
    try:
        text.encode()  # many times faster than to look for one
    except UnicodeEncodeError:
        return True
    return False


def printable(text: str) -> str:
    """Return a text with bytes that are no text, and halves of characters, as escapes."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # JSON can say any half of a character
        data = text.encode("utf-8", "backslashreplace")
    return data.decode("utf-8", "backslashreplace")


def _evidently_utf8(data: bytes) -> bool:
    """Tell whether a file that is not wholly UTF-8 is so but for some damage.

    Another encoding hardly ever makes a line beyond ASCII that is sound UTF-8, and text in
    none has control characters.
    """
    damaged = []
    for line in data.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                damaged.append(line)
            else:
                return True
    return all(map(_CONTROL.search, damaged))
