"""pypdf, the second engine: slow, and it opens some files that pdfium does not."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

from summarize.engines.extracted import Extracted, gaps
from summarize.engines.opening import locked, unopened
from summarize.errors import ExtractError
from summarize.text.lines import Page

BLIND = "was read by pypdf, which can't tell hidden text from what a reader sees"
SECONDS = 10.0  # for a file: about a hundred pages


class _TimeIsUp(BaseException):
    """Not an `Exception`, of which pypdf catches many."""


def extract(pdf: bytes, max_pages: int, password: str = "") -> Extracted:
    """Read at most `max_pages` pages, and no longer than `SECONDS`."""
    import io
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says a great deal about bad files
    unread: list[int] = []
    pages: list[Page] = []
    count = 0
    try:
        with _limited(SECONDS):
            reader = pypdf.PdfReader(io.BytesIO(pdf))
            if reader.is_encrypted and not (reader.decrypt("") or reader.decrypt(password)):
                raise locked(password)
            count = len(reader.pages)
            for index in range(min(count, max_pages)):
                try:
                    pages.append(Page.of(reader.pages[index].extract_text()))
                except Exception:  # noqa: BLE001 - a page may be broken in any way
                    pages.append(Page())
                    unread.append(index + 1)
    except ExtractError:
        raise
    except _TimeIsUp as error:
        if not pages:
            said = "the PDF is damaged, and it takes too long to repair it"
            raise ExtractError(said) from error
    except Exception as error:
        raise unopened(pdf) from error
    return Extracted(
        tuple(pages),
        unread=gaps(unread, count, len(pages)),
        failed=len(unread),
        warnings=(BLIND,),
    )


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `_TimeIsUp` where the context takes longer, where the system can.

    What pypdf does to repair a file takes a time that grows with the square of its size.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return
    began, former = time.monotonic(), signal.signal(signal.SIGALRM, stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        # Another's alarm goes off when it would have.
        left = max(left - (time.monotonic() - began), 0.01) if left else 0.0
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, former)
