"""pdfium, the first engine: about twenty times as fast as pypdf, in half the memory."""

from summarize.engines.extracted import Extracted
from summarize.errors import ExtractError

_REASONS = {
    "password": "it is protected by a password",
    "security": "it uses a protection that pdfium does not know",
}


def extract(pdf: bytes, max_pages: int) -> Extracted:
    """Read at most `max_pages` pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        reason = next((r for word, r in _REASONS.items() if word in said), "it is damaged")
        raise ExtractError(f"the PDF can't be opened: {reason}") from error
    warnings: list[str] = []
    pages: list[str] = []
    try:
        count = len(document)
        for index in range(min(count, max_pages)):
            try:
                page = document[index]
                textpage = page.get_textpage()
                pages.append(textpage.get_text_bounded())
                textpage.close()
                page.close()
            except pypdfium2.PdfiumError:
                pages.append("")
                warnings.append(f"page {index + 1} can't be read")
        if count > max_pages:
            warnings.append(f"only the first {max_pages} of {count} pages were read")
        title = document.get_metadata_dict().get("Title", "")
    finally:
        document.close()
    return Extracted(tuple(pages), title, tuple(warnings))
