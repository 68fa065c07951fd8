"""Characters and words as a person reads them: no ligatures, no control characters, no breaks."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from summarize.text.lines import BROKEN, Page

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    "\u00a0": " ", "\u2028": " ", "\u2029": " ", "\r": " ", "\n": " ", "\v": " ", "\f": " ",
    "\t": " ",
    "\x02": BROKEN,  # what some versions of pdfium give for a line-end hyphen
})  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ODD = re.compile(f"[{''.join(map(chr, _LIGATURES))}]|{_CONTROL.pattern}")
# It gives nothing back, and reads the end of a line backwards: a long run of letters is read once.
_END = re.compile(r"[^\W\d_]++(?:-[^\W\d_]++)*+")
_INNER = re.compile(rf"{BROKEN}\s*")
_BEGIN = re.compile(r"[^\W\d_]+")
HYPHENS = ("-", "‐", BROKEN)
_AFTER = (",", ".", ")", ";", ":")  # what may follow a word
_PARTS = 4  # lines over which a word is broken, after the one that it begins on
# First halves after which a broken word was a compound all along, where nothing else tells.
_COMPOUNDING = frozenset("so real state well non high low large small self semi ill k top".split())
_CITE = re.compile(r"\s*\\(?:no)?cite\w*\*?(?:\[[^\]]*\])*\{[^{}]*\}")
_COMMAND = re.compile(r"\\(?:emph|text\w*|mbox|underline)\s*\{([^{}]*)\}")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,120}?)(?<=\S)\1(?![\w*])")
_RUN_ON = re.compile(r"(?<=[a-z)])\.(?=[A-Z][a-z]+\s)")


def tidy(page: Page) -> Page:
    """Return the page with its lines' characters as they should be, and without empty lines."""
    texts = [characters(line.text) for line in page.lines]
    return replace(
        page,
        lines=tuple(
            [
                line if text == line.text else line.saying(text)
                for line, text in zip(page.lines, texts, strict=True)
                if text
            ]
        ),
    )


def characters(text: str) -> str:
    """Return the text without ligatures, zero-width characters and control characters."""
    if text.isascii() and text.isprintable():  # nearly every line
        return text.strip()
    if not _ODD.search(text) and unicodedata.is_normalized("NFC", text):
        return text.strip()
    text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    return _CONTROL.sub("", text).strip()


def one_line(text: str) -> str:
    """Return the text on one line, single-spaced."""
    return " ".join(text.split())


def unmarked(text: str) -> str:
    """Take LaTeX and Markdown markup off an abstract as sites give it; maths stays as it is.

    Pasted abstracts also lose spaces: a full stop that runs into a capital gets its own back.
    """
    text = _CITE.sub("", text)
    for _ in range(3):  # \\emph{a \\textbf{b}}
        text = _COMMAND.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", text).replace("``", "“").replace("''", "”")
    return one_line(_RUN_ON.sub(". ", text))


class Words:
    """How a paper writes its words, which tells what a hyphen at a line's end was.

    A break does not say whether its hyphen belongs to the word: it does in "so-called", it does
    not in "algo-rithm". The rest of the paper tells, by writing the one or the other.
    """

    def __init__(self, text: str) -> None:
        self._words = set(text.casefold().split())

    def joined(self, lines: Sequence[str], last: Collection[int] = ()) -> list[str]:
        """Return the lines, as many, with each broken word whole on the line that it begins on.

        What follows the lines whose places are in `last` does not go on with them.
        """
        whole = list(lines)
        for i in [i for i, line in enumerate(lines[:-1]) if line.endswith(HYPHENS)]:
            # Nothing is left of a line that was a part of a word before it, and no more.
            for after in range(i + 1, min(i + 1 + _PARTS, len(whole))) if whole[i] else ():
                if after - 1 in last or not (whole[i].endswith(HYPHENS) and whole[after]):
                    break
                whole[i], whole[after] = self._join(whole[i], whole[after])
                if whole[after]:
                    break
        return [_INNER.sub("-", line) if BROKEN in line else line for line in whole]

    def _join(self, line: str, following: str) -> tuple[str, str]:
        last = line[:-1].rpartition(" ")[2]
        before, after = _END.match(last[::-1]), _BEGIN.match(following)
        if not before or not after:
            return line, following
        token, _, rest = following.partition(" ")
        hyphen = "-" if self._hyphened(before[0][::-1], after[0]) else ""
        return line[:-1] + hyphen + token, rest

    def _hyphened(self, first: str, second: str) -> bool:
        if not second[0].islower() or self._has(f"{first}-{second}"):
            return True
        if len(first + second) > 3 and self._has(first + second):
            return False
        return "-" in first or first.casefold() in _COMPOUNDING

    def _has(self, word: str) -> bool:
        """Tell whether the paper writes a word somewhere on one line."""
        word = word.casefold()
        return word in self._words or not self._words.isdisjoint([word + mark for mark in _AFTER])
