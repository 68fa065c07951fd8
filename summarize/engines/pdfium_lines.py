"""A page of pdfium -> its lines, and where they stand.

pdfium gives a page's text in one call; where a line stands is asked of its first and last letter,
and not of every one, since a call costs about a microsecond and a page has thousands of letters.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from heapq import nlargest
from itertools import islice, pairwise
from statistics import median
from string import ascii_letters

from summarize.engines.calls import Box
from summarize.engines.pdfium_text import Fonts, Text
from summarize.text.lines import BROKEN, Line

_BREAK = re.compile(f"(?<={BROKEN})")
_ACCENTS = {
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c",
    "˘": "\u0306", "¯": "\u0304", "˚": "\u030a", "¸": "\u0327", "˙": "\u0307", "˝": "\u030b",
}  # fmt: skip
_ACCENT = re.compile(f"[{''.join(_ACCENTS)}]")
HEAD = 20  # lines of the first page among which its title stands
MAX_HEAD = 60  # characters of such a line that are looked at

Span = tuple[int, int]  # `[start, end)` of a line in the page's text


def lines(text: Text, fonts: Fonts, width: float, *, first: bool = False) -> list[Line]:
    """Return the lines of a page of this width in the order of the file.

    What ends in a broken word is a line too. At the head of the `first` page, where sizes tell
    the title, every letter is measured.
    """
    spans = _spans(text.text)
    found = _lines(text, fonts, spans)
    least = ACROSS * width
    wide = [at for at, line in enumerate(found) if line.right - line.left > least]
    gutter = _gutter(text, [(*spans[at], found[at]) for at in wide])
    if gutter is not None:
        spans = [
            part
            for (start, end), line in zip(spans, found, strict=True)
            for part in _parted(text, start, end, line, width, gutter)
        ]
        found = _lines(text, fonts, spans)
    if first:
        head = [at for at, line in enumerate(found) if not line.text.isdigit()][:HEAD]
        for at in head:
            found[at] = replace(found[at], size=_height(text, *spans[at]) or found[at].size)
    return found


def _lines(text: Text, fonts: Fonts, spans: Sequence[Span]) -> list[Line]:
    """Measure lines by their first and last letters."""
    said = text.text
    lasts = [
        end - 2 if said[end - 1] == BROKEN and end - start > 1 else end - 1 for start, end in spans
    ]
    boxes = text.boxes([*(start for start, _ in spans), *lasts])
    firsts, ends = boxes[: len(spans)], boxes[len(spans) :]
    _widen(text, spans, lasts, ends)
    sizes = _sizes(text, spans, firsts, ends)
    bold = _bold(text, fonts, spans, lasts)
    return [
        Line(
            words,
            left if left < left2 else left2,  # twice as fast as min()
            bottom if bottom < bottom2 else bottom2,
            right if right > right2 else right2,
            top if top > top2 else top2,
            size,
            is_bold,
        )
        for words, (left, bottom, right, top), (left2, bottom2, right2, top2), size, is_bold
        in zip(_words(text, spans), firsts, ends, sizes, bold, strict=True)
    ]  # fmt: skip


def _widen(text: Text, spans: Sequence[Span], lasts: Sequence[int], ends: list[Box]) -> None:
    """Have lines that end in TeX's accents end with their last letters, if those lie further on.

    Accents come last, wherever the letters stand above which they are printed.
    """
    said = text.text
    accented = [i for i, at in enumerate(lasts) if said[at] in _ACCENTS]
    letters = [_before_accents(said, spans[i][0], lasts[i]) for i in accented]
    for i, (_, _, right, _) in zip(accented, text.boxes(letters), strict=True):
        ends[i] = (*ends[i][:2], max(ends[i][2], right), ends[i][3])


def _before_accents(text: str, first: int, at: int) -> int:
    """Return the index of the last character up to `at` that is no accent; `first` if all are."""
    while first < at and (text[at] in _ACCENTS or text[at].isspace()):
        at -= 1
    return at


def _bold(text: Text, fonts: Fonts, spans: Sequence[Span], lasts: Sequence[int]) -> list[bool]:
    """Tell which lines are bold, by the fonts of their last letters.

    A line that begins with a small letter begins no heading: it is asked where it goes on with one.
    """
    small = [text.text[start].islower() for start, _ in spans]
    asked = [at for at, is_small in enumerate(small) if not is_small]
    found = [False] * len(spans)
    for at, is_bold in zip(asked, fonts.bold(text.fonts([lasts[at] for at in asked])), strict=True):
        found[at] = is_bold
    for at, is_small in enumerate(small):
        if is_small and at and found[at - 1]:
            found[at] = fonts.bold(text.fonts([lasts[at]]))[0]
    return found


def _sizes(
    text: Text, spans: Sequence[Span], firsts: Sequence[Box], lasts: Sequence[Box]
) -> list[float]:
    """Return the height of each line's letters; where its first and last differ, a third decides.

    One of them may be a raised letter, or of a font that gives some letters no height.
    """
    heights = [top - bottom for _, bottom, _, top in firsts]
    others = [top - bottom for _, bottom, _, top in lasts]
    odd = [
        i
        for i, (one, two) in enumerate(zip(heights, others, strict=True))
        if one <= 0 or abs(two - one) > 0.02 * one
    ]
    thirds = text.boxes([_letter(text.text, sum(spans[i]) // 2, spans[i][1] - 1) for i in odd])
    for i, (_, bottom, _, top) in zip(odd, thirds, strict=True):
        one, two = heights[i], others[i]
        heights[i] = sorted((one, two, top - bottom))[1] or max(one, two)
    return heights


# --- columns drawn across each other --------------------------------------------------------------

ACROSS = 0.6  # of a page's width: a line as wide as this stands in no column, or in two
SAMPLE = 8  # lines in which a gutter is looked for
WHOLE = 2  # of them at most that may be one line in truth
GUTTER = 8.0  # points: no space between words is so wide in running text


def _parted(
    text: Text, start: int, end: int, line: Line, width: float, gutter: float
) -> Sequence[Span]:
    """Return the one or two lines that a line is made of."""
    cut = _cut(text, start, end, gutter) if line.width > ACROSS * width else None
    return ((start, end),) if cut is None else ((start, cut), (cut + 1, end))


def _gutter(text: Text, wide: Sequence[tuple[int, int, Line]]) -> float | None:
    """Return where the columns part, on a page whose file draws both columns' lines in one go.

    pdfium makes one line of two that stand on one height then. Nearly all of such lines have
    a wide space at the same place; of lines in one column none has.
    """
    if len(wide) < SAMPLE:
        return None
    middle = median((line.left + line.right) / 2 for _, _, line in wide)
    step = len(wide) // SAMPLE
    whole = 0
    for start, end, _ in wide[::step][:SAMPLE]:
        whole += _cut(text, start, end, middle) is None
        if whole > WHOLE:  # on nearly every page, after the first few
            return None
    return middle


def _cut(text: Text, start: int, end: int, x: float) -> int | None:
    """Return the index of the space between two columns in a line, near `x` if there is one."""
    spaces = [at for at in range(start + 1, end - 1) if text.text[at] == " "]
    befores = text.boxes([at - 1 for at in spaces])
    afters = text.boxes([at + 1 for at in spaces])
    for at, (_, _, right, _), (left, _, _, _) in zip(spaces, befores, afters, strict=True):
        if left - right > GUTTER and right - GUTTER < x < left + GUTTER:
            return at
    return None


# --- what a line says -----------------------------------------------------------------------------


def _spans(text: str) -> list[Span]:
    """Return the `[start, end)` of each line, without the space around it."""
    found: list[Span] = []
    start = 0
    for whole in text.split("\r\n"):
        for piece in _BREAK.split(whole) if BROKEN in whole else (whole,):
            end = start + len(piece)
            bare = len(piece.strip())
            if bare == end - start > 0:  # nearly every one
                found.append((start, end))
            elif bare:
                first = end - len(piece.lstrip())
                found.append((first, first + bare))
            start = end
        start += 2
    return found


def _height(text: Text, start: int, end: int) -> float:
    """Return the height of the third largest letter.

    A title in small capitals has that many capitals, and a large initial stands alone.
    """
    letters = [at for at in range(start, min(end, start + MAX_HEAD)) if text.text[at].isalpha()]
    heights = [top - bottom for _, bottom, _, top in text.boxes(letters)]
    return round(nlargest(3, heights)[-1], 1) if heights else 0.0


def _words(text: Text, spans: Sequence[Span]) -> list[str]:
    """Return the lines' characters, small capitals lowered and accents on their letters."""
    words = [text.text[start:end] for start, end in spans]
    for at, said in enumerate(words):
        if said.isupper() and len(said) > 1:
            words[at] = _lowered(text, spans[at][0], said)
    starts = [start for start, _ in spans]
    accented = {bisect(starts, found.start()) - 1 for found in _ACCENT.finditer(text.text)}
    for at, said in _accented(text, starts, words, accented).items() if accented else ():
        words[at] = said
    return words


def _letter(text: str, at: int, last: int) -> int:
    """Return the index of the first character from `at` on that is no space."""
    while at < last and text[at].isspace():
        at += 1
    return at


def _lowered(text: Text, start: int, words: str) -> str:
    """Lower the small ones of a line's capitals: "INTRODUCTION" was set "Introduction".

    Their size tells: small capitals are set at about four fifths of the capitals beside them.
    """
    sizes = text.sizes(range(start, start + len(words)))
    if min(sizes) >= 0.9 * max(sizes):  # nearly every line
        return words
    large = max((size for size, c in zip(sizes, words, strict=True) if c.isalpha()), default=0.0)
    mixed = any(0.65 * a < b < 0.9 * a for a, b in pairwise(sizes))
    if not mixed:
        return words  # whole words in two sizes are no small capitals
    return "".join(
        c.lower() if 0.65 * large < size < 0.9 * large else c
        for c, size in zip(words, sizes, strict=True)
    )


def _accented(
    text: Text, starts: Sequence[int], words: Sequence[str], lines: Collection[int]
) -> dict[int, str]:
    """Return lines with accents that stand alone on the letters that they are printed above.

    TeX's older fonts print "ö" as two characters, which pdfium gives as "o", the rest of the
    line, and "¨".
    """
    accents = [
        (line, found.start(), _bearing(found[0]))
        for line in lines
        for found in _ACCENT.finditer(words[line])
    ]
    others = [
        [i for i, letter in enumerate(words[line]) if letter in bearing]
        for line, _, bearing in accents
    ]
    asked = [
        starts[line] + i
        for (line, at, _), under in zip(accents, others, strict=True)
        for i in (at, *under)
    ]
    boxes = iter(text.boxes(asked))
    letters = {line: list(words[line]) for line in lines}
    for (line, at, bearing), under in zip(accents, others, strict=True):
        left, _, right, _ = next(boxes)
        middle = (left + right) / 2
        laid = zip(under, list(islice(boxes, len(under))), strict=True)
        base = next((i for i, box in laid if box[0] <= middle <= box[2]), None)
        if base is None:
            continue
        letters[line][base] = bearing[words[line][base]]
        letters[line][at] = ""
        if at and words[line][at - 1] == " ":  # pdfium's, since the accent stands apart
            letters[line][at - 1] = ""
    return {line: "".join(each).strip() for line, each in letters.items()}


@cache
def _bearing(accent: str) -> dict[str, str]:
    """Return the letters that may bear an accent, each with what the two make."""
    letters = {letter: letter for letter in ascii_letters} | {"ı": "i", "ȷ": "j"}
    made = {
        letter: unicodedata.normalize("NFC", plain + _ACCENTS[accent])
        for letter, plain in letters.items()
    }
    return {letter: one for letter, one in made.items() if len(one) == 1}
