"""pdfium, the first engine: about twenty times as fast as pypdf, in half the memory."""

import math
import re
from collections.abc import Iterator
from heapq import nlargest
from itertools import takewhile
from statistics import median
from typing import Any

from summarize.engines.extracted import Extracted
from summarize.errors import ExtractError

_REASONS = {
    "password": "it is protected by a password",
    "security": "it uses a protection that pdfium does not know",
}

HEAD = 2_000  # characters of the first page among which its title stands
MIN_RATIO = 1.08  # of a title's height to that of most lines
SAME = 0.93  # of the largest height: still the title
_ASIDE = re.compile(r"\s*(?:arxiv:|\W*$)", re.IGNORECASE)  # down the margin of the page


def extract(pdf: bytes, max_pages: int) -> Extracted:
    """Read at most `max_pages` pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        reason = next((r for word, r in _REASONS.items() if word in said), "it is damaged")
        raise ExtractError(f"the PDF can't be opened: {reason}") from error
    unread: list[int] = []
    pages: list[str] = []
    headline = ""
    try:
        count = len(document)
        for index in range(min(count, max_pages)):
            try:
                page = document[index]
                textpage = page.get_textpage()
                pages.append(textpage.get_text_bounded())
                headline = headline or (_headline(textpage) if index == 0 else "")
                textpage.close()
                page.close()
            except pypdfium2.PdfiumError:
                pages.append("")
                unread.append(index + 1)
        title = document.get_metadata_dict().get("Title", "")
    finally:
        document.close()
    warnings = [f"{len(unread)} of {count} pages can't be read"] if unread else []
    if count > max_pages:
        warnings.append(f"only the first {max_pages} of {count} pages were read")
    return Extracted(tuple(pages), title, headline, tuple(warnings))


def _headline(textpage: Any) -> str:
    """Return the lines set largest among the first ones of a page: its title, as a rule."""
    lines = [line for line in _lines(textpage) if line[0].strip() and not _ASIDE.match(line[0])]
    heights = [height for text, height in lines if sum(map(str.isalpha, text)) >= 4]
    if not heights or max(heights) < MIN_RATIO * median(heights):
        return ""
    largest = max(heights)
    start = next(i for i, (_, height) in enumerate(lines) if height == largest)
    run = takewhile(lambda line: line[1] > SAME * largest, lines[start:])
    return " ".join(text.strip() for text, _ in run)


def _lines(textpage: Any) -> Iterator[tuple[str, float]]:
    """Yield the first lines of a page, each with the height of its largest upright letters.

    The third largest is taken: a title in small capitals has that many capitals, and a large
    initial stands alone.
    """
    from pypdfium2 import raw

    text, heights = "", list[float]()
    for index in range(min(textpage.count_chars(), HEAD)):
        char = chr(raw.FPDFText_GetUnicode(textpage.raw, index))
        if char == "\n":
            yield text, nlargest(3, heights)[-1] if heights else 0.0
            text, heights = "", []
        elif char != "\r":
            text += char
            if char.isalpha() and not raw.FPDFText_GetCharAngle(textpage.raw, index) % math.pi:
                _, bottom, _, top = textpage.get_charbox(index, loose=True)
                heights.append(round(top - bottom, 1))
    yield text, nlargest(3, heights)[-1] if heights else 0.0
