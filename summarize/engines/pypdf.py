"""pypdf, the second engine: slow, and it opens some files that pdfium does not."""

from summarize.engines.extracted import Extracted
from summarize.errors import ExtractError


def extract(pdf: bytes, max_pages: int) -> Extracted:
    """Read at most `max_pages` pages."""
    import io
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says a great deal about bad files
    try:
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError("the PDF can't be opened: it is protected by a password")
        count = len(reader.pages)
    except ExtractError:
        raise
    except Exception as error:
        raise ExtractError(f"the PDF can't be opened: {type(error).__name__}") from error
    unread: list[int] = []
    pages: list[str] = []
    for index in range(min(count, max_pages)):
        try:
            pages.append(reader.pages[index].extract_text())
        except Exception:  # noqa: BLE001 - likewise, for one page
            pages.append("")
            unread.append(index + 1)
    warnings = [f"{len(unread)} of {count} pages can't be read"] if unread else []
    if count > max_pages:
        warnings.append(f"only the first {max_pages} of {count} pages were read")
    return Extracted(tuple(pages), warnings=tuple(warnings))
