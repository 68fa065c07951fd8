"""The raw text of pages -> text as a person reads it: no running headers, no broken words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    "\u00a0": " ", "\u2028": "\n", "\u2029": "\n", "\r": "\n", "\v": "\n", "\f": "\n",
    "\x02": "\ufffe",  # what some versions of pdfium give for a line-end hyphen
})  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Each begins where a word does and gives nothing back: a long run of letters is read once.
_BREAK = re.compile(
    r"(?<![^\W\d_])([^\W\d_]++(?:-[^\W\d_]++)*+)(?:\ufffe\s*|[-‐]\n)([a-zß-öø-ÿ][^\W\d_]*)"
)
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:-[^\W\d_]++)++")
_WORD = re.compile(r"[^\W\d_]{4,}")
# First halves after which a broken word was a compound all along, where nothing else tells.
_COMPOUNDING = frozenset("so real state well non high low large small self semi ill k top".split())
_MARGIN_NUMBER = re.compile(r"^\d{1,4}$")
_CITE = re.compile(r"\s*\\(?:no)?cite\w*\*?(?:\[[^\]]*\])*\{[^{}]*\}")
_COMMAND = re.compile(r"\\(?:emph|text\w*|mbox|underline)\s*\{([^{}]*)\}")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,120}?)(?<=\S)\1(?![\w*])")
_RUN_ON = re.compile(r"(?<=[a-z)])\.(?=[A-Z][a-z]+\s)")
EDGE = 4  # lines at the top and the bottom of a page among which headers and footers stand


def tidy(pages: Sequence[str]) -> list[str]:
    """Return the pages' texts, cleaned, in order."""
    lines = [[line.strip() for line in _characters(page).split("\n")] for page in pages]
    kept = _without_running_lines([[line for line in page if line] for page in lines])
    return _join_words(["\n".join(page) for page in kept])


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


def _characters(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_LIGATURES))
    return _CONTROL.sub("", text)


def _join_words(pages: Sequence[str]) -> list[str]:
    """Join the words that were broken at a line's end.

    A break does not say whether its hyphen belongs to the word: it does in "so-called", it does
    not in "algo-rithm". The rest of the paper tells, by writing the one or the other.
    """
    text = "\n".join(pages)
    compounds = {word.casefold() for word in _COMPOUND.findall(text)}
    words = {word.casefold() for word in _WORD.findall(text)}

    def join(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        if f"{before}-{after}".casefold() in compounds:
            return f"{before}-{after}"
        if (before + after).casefold() in words:
            return before + after
        keep = "-" in before or before.casefold() in _COMPOUNDING
        return f"{before}-{after}" if keep else before + after

    return [_BREAK.sub(join, page).replace("\ufffe", "-") for page in pages]


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Drop what repeats at the edges of pages, and bare page numbers there."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _edges(page)})
    often = max(3, len(pages) // 3)
    running = {shape for shape, times in seen.items() if times >= often and shape}
    return [_page_without(page, running, first=i == 0) for i, page in enumerate(pages)]


def _page_without(page: list[str], running: set[str], *, first: bool) -> list[str]:
    """Drop a page's running lines; the top of the first page is where the title itself stands."""
    top, bottom = 0 if first else EDGE, len(page) - EDGE
    return [
        line
        for i, line in enumerate(page)
        if not ((i < top or i >= bottom) and (_shape(line) in running or _number(line)))
    ]


def _number(line: str) -> bool:
    return bool(_MARGIN_NUMBER.match(line))


def _edges(page: list[str]) -> Iterable[str]:
    return {*page[:EDGE], *page[-EDGE:]}


def _shape(line: str) -> str:
    """Return the line with its digits alike, so that "page 3" and "page 4" are one."""
    return re.sub(r"\d+", "#", line.casefold()) if len(line) > 3 else ""
