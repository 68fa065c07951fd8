"""Stage: PDF bytes -> Document. Picklable and without a store: it runs in a worker process."""

import hashlib

from summarize.engines import ENGINES, Extracted
from summarize.errors import ExtractError
from summarize.records import Document
from summarize.text.sections import document
from summarize.text.tidy import one_line, tidy

VERSION = "3"
"""Raised when the same PDF gives another Document, so that cached ones are read again."""

MAX_TITLE = 300  # characters
MIN_TEXT = 400  # characters: less is a scan, a poster's cover or an error page


def read(pdf: bytes, engine: str = "auto", max_pages: int = 500) -> Document:
    """Read a paper. With `auto` the engines are tried in their order.

    Raises `ExtractError` with the first engine's reason when none can read it.
    """
    if engine not in {"auto", *ENGINES}:
        raise ExtractError(f"there is no engine {engine}; there are: {', '.join(ENGINES)}")
    names = list(ENGINES) if engine == "auto" else [engine]
    first: ExtractError | None = None
    for name in names:
        try:
            return _document(ENGINES[name](pdf, max_pages), name, pdf)
        except ExtractError as error:
            first = first or error
    raise first or ExtractError("no engine could read the PDF")


def _document(extracted: Extracted, engine: str, pdf: bytes) -> Document:
    pages = tidy(extracted.pages)
    letters = sum(len(page) for page in pages)
    if letters < MIN_TEXT:
        raise ExtractError(
            f"the PDF holds too little text ({letters} characters on {len(pages)} pages): "
            "it may be a scan"
        )
    made = document(
        pages,
        engine=engine,
        sha256=hashlib.sha256(pdf).hexdigest(),
        title=_plausible(extracted.title, pages[0] if pages else "")
        or one_line(tidy([extracted.headline])[0])[:MAX_TITLE],
    )
    return made.model_copy(update={"warnings": extracted.warnings})


def _plausible(title: str, first_page: str) -> str:
    """Return the title in the metadata if the first page says it too."""
    title = one_line(title)
    squeezed = "".join(filter(str.isalnum, first_page)).casefold()
    known = "".join(filter(str.isalnum, title)).casefold()
    return title if len(known) > 8 and known in squeezed else ""
