"""Opening a PDF with pdfium, and the reasons why it can't be opened."""

from typing import Any

from summarize.errors import ExtractError
from summarize.kinds import is_cut


class NoPages(ExtractError):
    """The file was opened, and no page was found in it."""

    def __init__(self) -> None:
        super().__init__("the PDF has no pages")


def opened(pdf: bytes, password: str = "") -> Any:
    """Return a `pypdfium2.PdfDocument`, to be closed. Raises `ExtractError` with the reason.

    The empty password is tried first: a list has many files, and most take none.
    """
    for each in dict.fromkeys(("", password)):
        try:
            return _opened(pdf, each)
        except _Locked:
            continue
    raise locked(password)


class _Locked(Exception):
    """This password does not open the file."""


def _opened(pdf: bytes, password: str) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    # pdfium tells the last error that it met, which may be another file's: this is one to know.
    raw.FPDF_LoadMemDocument64(b"", 0, None)
    try:
        return pypdfium2.PdfDocument(pdf, password=password or None)
    except UnicodeEncodeError as error:
        raise _Locked from error
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise _Locked from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            said = "the PDF can't be opened: it uses a protection that pdfium does not know"
            raise ExtractError(said) from error
        if _is_empty(pdf, password):
            raise NoPages from error
        raise unopened(pdf) from error


def _is_empty(pdf: bytes, password: str) -> bool:
    """Tell whether pdfium opens a file that pypdfium2 refuses, since it has no pages."""
    from pypdfium2 import raw

    document = raw.FPDF_LoadMemDocument64(pdf, len(pdf), password.encode() + b"\0")
    if not document:
        return False
    raw.FPDF_CloseDocument(document)
    return True


def locked(password: str) -> ExtractError:
    """Return the reason for a file that `password` does not open."""
    if password:
        return ExtractError("the PDF is protected, and the password does not open it")
    return ExtractError("the PDF is protected by a password", "give it with --password")


def unopened(pdf: bytes) -> ExtractError:
    """Return the reason for a file that is no PDF that can be made sense of."""
    if is_cut(pdf):
        return ExtractError("the PDF is cut off: its end is missing", "fetch it again")
    return ExtractError("the PDF can't be opened: it is damaged")
