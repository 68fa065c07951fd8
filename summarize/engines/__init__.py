"""PDF bytes -> the raw text of its pages.

To add an engine: one file with `extract(pdf, max_pages, password) -> Extracted`, and one line in
`ENGINES`. An engine raises `ExtractError` for a file that it can't read. The empty password opens
a file that needs none.
"""

from collections.abc import Callable

from summarize.engines import ocr, pdfium, pypdf
from summarize.engines.extracted import Extracted

Extract = Callable[[bytes, int, str], Extracted]

# In the order in which they are tried: the last one only where the others find no text.
ENGINES: dict[str, Extract] = {
    "pdfium": pdfium.extract,
    "pypdf": pypdf.extract,
    "ocr": ocr.extract,
}

__all__ = ["ENGINES", "Extract", "Extracted"]
