"""One program reading papers in a process of its own: `python readers.py NAME OUT < paths`.

What is imported is imported, and the first paper read once, before the clock starts; a paper's
bytes are in memory before its own time is taken. OUT gets a line of JSON for each paper, and one
for the process.
"""

import asyncio
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from machine import peak_memory, peak_of_children

Read = Callable[[bytes], Any]
Told = dict[str, Any]


def roundup() -> Read:
    """Read into a whole `Document`, as the workers do."""
    from summarize.read import read

    return read


def pypdfium2() -> Read:
    """Read as pypdfium2's own documentation does."""
    import pypdfium2

    def read(pdf: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(pdf)
        return [page.get_textpage().get_text_bounded() for page in document]

    return read


def pypdf() -> Read:
    """Read as pypdf's own documentation does."""
    import pypdf

    def read(pdf: bytes) -> list[str]:
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]

    return read


def pymupdf() -> Read:
    """Read as PyMuPDF's own documentation does."""
    import pymupdf

    def read(pdf: bytes) -> list[str]:
        return [page.get_text() for page in pymupdf.open(stream=pdf, filetype="pdf")]

    return read


READERS: dict[str, Callable[[], Read]] = {
    "roundup": roundup,
    "pypdfium2": pypdfium2,
    "pypdf": pypdf,
    "PyMuPDF": pymupdf,
}
POOLS = {"1 worker": 1, "2 workers": 2}


def alone(name: str, paths: list[Path]) -> Iterator[Told]:
    """Read papers one after the other, and tell of each; then of the process."""
    read = READERS[name]()
    _timed(read, paths[0].read_bytes())
    for path in paths:
        found, took = _timed(read, path.read_bytes())
        yield {"paper": path.stem} | took | _told(found)
    yield {"peak": peak_memory()}


def _timed(read: Read, pdf: bytes) -> tuple[Any, Told]:
    """Return what was read, or the error met, and the time that it took: all, and processor's."""
    start, worked = time.perf_counter(), time.process_time()
    try:
        found = read(pdf)
    except Exception as error:  # noqa: BLE001 - whatever a library raises, it did not read it
        found = error
    return found, {
        "seconds": time.perf_counter() - start,
        "worked": time.process_time() - worked,
    }


def _told(found: Any) -> Told:
    """Return what is said of a paper: of a document its parts, of a list of pages their text."""
    if isinstance(found, Exception):
        return {"error": f"{type(found).__name__}: {found}"}
    if isinstance(found, list):
        return {"text": "\n".join(found)}
    return {
        "title": found.title,
        "abstract": found.abstract,
        "text": found.text,
        "sections": [[s.kind, s.start, s.end] for s in found.sections],
        "warnings": list(found.warnings),
    }


async def pooled(workers: int, paths: list[Path]) -> Told:
    """Read papers in `roundup`'s own pool, and tell how long all of them took."""
    from summarize.errors import ExtractError
    from summarize.read import read
    from summarize.records import Document
    from summarize.settings import Settings
    from summarize.workers import Pool

    papers = [path.read_bytes() for path in paths]
    async with Pool(Settings(workers=workers)) as pool:

        async def run(pdf: bytes) -> str:
            try:
                await pool.run(read, Document, pdf)
            except ExtractError as error:
                return error.message
            return ""

        await asyncio.gather(*(run(papers[0]) for _ in range(workers)))  # all have started
        start = time.perf_counter()
        errors = await asyncio.gather(*map(run, papers))
        seconds = time.perf_counter() - start
        peak = peak_of_children()
    return {"seconds": seconds, "peak": peak, "errors": [error for error in errors if error]}


def main() -> None:
    """Read the papers named on the standard input."""
    name, out = sys.argv[1], Path(sys.argv[2])
    paths = [Path(path) for path in json.load(sys.stdin)]
    told = [asyncio.run(pooled(POOLS[name], paths))] if name in POOLS else alone(name, paths)
    with out.open("w", encoding="utf-8", errors="replace") as file:
        for line in told:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
