"""Tesseract, for pages that are pictures of text: slow, and it makes mistakes.

It is asked only where the other engines find no text, or none that reads as language. Pages are
drawn by pdfium and read in order until the time is up, since a page takes seconds.
"""

import itertools
import math
import os
import time
from collections.abc import Collection, Sequence
from statistics import fmean
from typing import Any

from summarize.engines.extracted import Extracted
from summarize.engines.opening import opened
from summarize.errors import ExtractError
from summarize.text.lines import Line, Page

HINT = (
    "install Tesseract (Debian: apt install tesseract-ocr) and "
    "`pip install 'paper-roundup[ocr]'` to read it"
)
SECONDS = 14.0  # for a whole file, whatever it holds: about four pages full of text
PAGE_SECONDS = 12.0  # for each but the last; one full of text takes 3 to 7 s on an idle machine
DPI = 200  # as many words are right as at 300 (96 of 100 of six papers), in five sixths of the time
MAX_PIXELS = 12_000_000  # a page of A4 has 3.9 million at 200 dpi
MAX_SIDE = 16_000  # pixels; Tesseract takes up to 32,767

# The mean of what Tesseract says of its words, in per cent. It is 91 and more for scans of printed
# pages, 30 to 48 for handwriting, 28 and 34 for Korean and Arabic read as if they were English.
_SURE = 60

_LEAST = 1.0  # seconds: in less no page is read
_AS_IT_IS, _UPRIGHT = 3, 1  # Tesseract's numbers for finding columns, without and with the rotation
_CONTRAST = 40  # of 255 greys, between paper and ink: less is a blank page
_WORTH = 10  # words: what is made of fewer is not worth turning

# Scripts, as Tesseract calls them, and the languages written in them that may be installed.
_SCRIPTS = {
    "Cyrillic": "rus ukr bul srp bel",
    "Greek": "ell",
    "Arabic": "ara fas urd",
    "Hebrew": "heb",
    "Devanagari": "hin mar nep",
    "Thai": "tha",
    "Japanese": "jpn",
    "Hangul": "kor",
    "Korean": "kor",
    "Han": "chi_sim chi_tra jpn",
}
_OTHER = frozenset(" ".join(_SCRIPTS.values()).split())
_NO_LANGUAGE = frozenset({"osd", "equ", "snum"})
_FEW = 3  # languages that a person chose to install; who has them all has not chosen


def version() -> str:
    """Return Tesseract's version, or nothing where it, its binding or any language is missing."""
    try:
        import pytesseract

        found = str(pytesseract.get_tesseract_version())
    except (ImportError, OSError, SystemExit):  # SystemExit: a version that it does not know
        return ""
    return found if _installed() - _NO_LANGUAGE else ""


def warning(found: str) -> str:
    """Return what to tell a reader of a text that version `found` of Tesseract has read."""
    return f"OCR (Tesseract {found}), which makes mistakes"


def extract(
    pdf: bytes, max_pages: int, password: str = "", *, seconds: float | None = None
) -> Extracted:
    """Read the first pages, at most `max_pages`, as many as `SECONDS` allow or those given."""
    seconds = SECONDS if seconds is None else seconds
    found = version()
    if not found:
        raise ExtractError("Tesseract is missing", HINT)
    document = opened(pdf, password)
    try:
        count = len(document)
        pages = _read(document, range(min(count, max_pages)), seconds)
    finally:
        document.close()
    if not pages:
        raise ExtractError(f"OCR took too long: not one page was read within {seconds:.0f} s")
    last = max(pages) + 1
    return Extracted(
        tuple(pages.get(index, Page()) for index in range(last)),
        unread=(f"only {len(pages)} of {count} pages were read by OCR",)
        if len(pages) < count
        else (),
        warnings=(f"read by {warning(found)}",),
        unfinished=len(pages) < count,
    )


def read_pages(
    pdf: bytes, wanted: Sequence[int], password: str = "", *, seconds: float
) -> dict[int, Page]:
    """Read single pages, counted from 0, as many as the time allows."""
    document = opened(pdf, password)
    try:
        return _read(document, wanted, seconds)
    finally:
        document.close()


def _read(document: Any, wanted: Sequence[int], seconds: float) -> dict[int, Page]:
    """Return the pages that were read in time. One that is no text is a page without lines."""
    reader = _Reader(time.monotonic() + seconds)
    pages: dict[int, Page] = {}
    for index in wanted:
        if reader.left < _LEAST:
            break
        if index == wanted[-1]:
            reader.limit = seconds
        drawn = _drawn(document, index)
        page = reader.page(*drawn) if drawn else None
        if page is not None:
            pages[index] = page
    return pages


def _drawn(document: Any, index: int) -> tuple[Any, float] | None:
    """Draw a page in greys; return it with how many pixels a point is, or nothing if it can't be.

    Whatever a page says of its size, its picture has no more than so many pixels.
    """
    import pypdfium2

    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(
            DPI / 72, math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / max(width, height)
        )
        image = page.render(scale=scale, grayscale=True).to_pil()
        page.close()
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError, OverflowError):
        return None
    image.format = "PPM"  # how it is handed over: nothing is packed, which takes as long as a page
    return image, scale


class _Word:
    """A row of Tesseract's table: a word, which line it belongs to, and how sure it is."""

    def __init__(self, row: str) -> None:
        fields = row.split("\t")
        self.line = fields[2:5]  # block, paragraph, line
        self.sure = float(fields[10])
        self.text = fields[11].strip() if len(fields) > 11 else ""


class _Reader:
    """Reads pictures of pages until its time is up, and keeps what it learns of the first ones."""

    def __init__(self, end: float) -> None:
        self._end = end
        self.limit = PAGE_SECONDS
        self._languages = ""
        self._layouts = [_AS_IT_IS, _UPRIGHT] if "osd" in _installed() else [_AS_IT_IS]

    @property
    def left(self) -> float:
        """How many seconds are left for a page."""
        return min(self.limit, self._end - time.monotonic())

    def page(self, image: Any, scale: float) -> Page | None:
        """Return what stands on a page; nothing if it takes too long.

        A page of words that Tesseract itself does not trust is tried once more, turned upright,
        which costs a quarter more and is seldom needed. If that is no better, it has no lines.
        """
        darkest, lightest = image.getextrema()
        if lightest - darkest < _CONTRAST:
            return Page()
        self._languages = self._languages or self._told(image)
        config = f"--dpi {max(round(scale * 72), 70)}"
        for layout in self._layouts:
            words = self._words(image, f"--psm {layout} {config}") if self.left > _LEAST else None
            if words is None:
                return None
            if words and fmean(word.sure for word in words) >= _SURE:
                if layout != self._layouts[0]:
                    self._layouts.reverse()  # the next page is like this one
                lines = itertools.groupby(words, key=lambda word: word.line)
                return Page(tuple(Line(" ".join(word.text for word in line)) for _, line in lines))
            if len(words) < _WORTH:
                break
        return Page()

    def _words(self, image: Any, config: str) -> list[_Word] | None:
        import pytesseract

        os.environ["OMP_THREAD_LIMIT"] = "1"  # its threads wait for each other more than they work
        try:
            table = pytesseract.image_to_data(
                image, lang=self._languages, config=config, timeout=self.left
            )
        except (RuntimeError, OSError):  # RuntimeError: it took too long, or failed
            return None
        words = [_Word(row) for row in table.splitlines() if row.startswith("5\t")]
        return [word for word in words if word.text]

    def _told(self, image: Any) -> str:
        """Return which of the installed languages to read with, told by the page's script."""
        import pytesseract

        installed, script = _installed(), ""
        if installed & _OTHER and "osd" in installed:
            try:
                found = pytesseract.image_to_osd(image, output_type="dict", timeout=self.left)
                script = str(found.get("script", ""))
            except (RuntimeError, OSError):  # too few characters to tell, as a rule
                script = ""
        return chosen(installed, script)


def chosen(installed: Collection[str], script: str) -> str:
    """Return the languages to read with: those of the page's script, else English and its like."""
    fitting = [code for code in _SCRIPTS.get(script, "").split() if code in installed][:1]
    latin = sorted(set(installed) - _OTHER - _NO_LANGUAGE - {"eng"})
    english = ["eng"] if "eng" in installed else []
    few = latin if len(latin) < _FEW else latin[: not english and not fitting]
    return "+".join((*fitting, *english, *([] if fitting else few))) or "eng"


def _installed() -> frozenset[str]:
    import pytesseract

    try:
        return frozenset(pytesseract.get_languages(cached=True))
    except OSError:
        return frozenset()
