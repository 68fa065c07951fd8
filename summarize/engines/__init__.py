"""PDF bytes -> the raw text of its pages.

To add an engine: one file with `extract(pdf, max_pages) -> Extracted`, and one line in `ENGINES`.
An engine raises `ExtractError` for a file that it can't read.
"""

from collections.abc import Callable

from summarize.engines import pdfium, pypdf
from summarize.engines.extracted import Extracted

Extract = Callable[[bytes, int], Extracted]

# In the order in which they are tried.
ENGINES: dict[str, Extract] = {
    "pdfium": pdfium.extract,
    "pypdf": pypdf.extract,
}

__all__ = ["ENGINES", "Extract", "Extracted"]
