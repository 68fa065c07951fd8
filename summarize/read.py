"""Stage: PDF bytes -> Document. Picklable and without a store: it runs in a worker process."""

import gc
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby

from summarize.engines import ENGINES, Extracted, ocr
from summarize.engines.opening import NoPages
from summarize.errors import ExtractError
from summarize.kinds import HEAD, is_cut, kind, named
from summarize.records import Document
from summarize.report import counted
from summarize.text.addressed import addressed
from summarize.text.gibberish import gibberish
from summarize.text.lines import Page
from summarize.text.sections import document
from summarize.text.tidy import one_line

MIN_TEXT = 400  # characters: less is a scan, a poster's cover or an error page
MAX_TEXT = 5_000_000  # characters: fifty long papers
MANY = 200_000  # things made, and not yet let go, after which the garbage collector looks at them
SECONDS = 15.0  # for one file, whatever it holds: what OCR may take is what the others have left
SAMPLE, SAMPLED = 2_000, 5  # characters of a page, and pages, that show whether a text is language
MAX_SAID = 5  # hidden texts, and sentences that speak to a model, of which each is said
MAX_QUOTE = 120  # characters of them
PICTURE = 0.5  # of a page: where an image covers that much and text is missing, the page is a scan
CAPTION = 20  # characters that are no text yet: a page's number, a library's stamp
FEW = 5  # scanned pages that are read among others; of more, only where most of the file is scanned


class _NoText(ExtractError):
    """The file was opened, but what it holds is not text."""

    def __init__(self, message: str, extracted: Extracted, hint: str = "") -> None:
        super().__init__(message, hint)
        self.extracted = extracted


def read(pdf: bytes, engine: str = "auto", max_pages: int = 500, password: str = "") -> Document:
    """Read a paper. With `auto` the engines are tried in their order, OCR where there is no text.

    Raises `ExtractError` with the most telling reason when none can read it.
    """
    if engine not in {"auto", *ENGINES}:
        raise ExtractError(f"there is no engine {engine}; there are: {', '.join(ENGINES)}")
    if kind(pdf[:HEAD]) != "PDF":
        raise ExtractError(f"it is {named(pdf[:HEAD])}")
    with _seldom_collected():
        return _read(pdf, engine, max_pages, password)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have the garbage collector look seldom: a paper is many small things, hardly one a cycle."""
    usual = gc.get_threshold()
    gc.set_threshold(MANY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read(pdf: bytes, engine: str, max_pages: int, password: str) -> Document:
    if engine == "auto":
        extracted, engine = _any(pdf, max_pages, password, time.monotonic() + SECONDS)
    else:
        found = _checked(ENGINES[engine](pdf, max_pages, password))
        extracted = _with_scans(found, pdf, password, 0.0)
    if is_cut(pdf):
        missing = "the PDF is cut off: what stood at its end is missing"
        extracted = replace(extracted, unread=(*extracted.unread, missing))
    made = document(
        extracted.pages,
        engine=engine,
        sha256=hashlib.sha256(pdf).hexdigest(),
        title=extracted.title,
        outline=extracted.outline,
    )
    spoken = tuple(addressed(made.text))
    return made.model_copy(
        update={
            "unseen": extracted.unseen,
            "unread": extracted.unread,
            "unfinished": extracted.unfinished,
            "warnings": (*extracted.warnings, *_hidden(extracted), *_said(made, spoken)),
            "addressed": spoken,
        }
    )


def _hidden(extracted: Extracted) -> Iterator[str]:
    """Say what text of the file nobody sees, and that it was left out."""
    for hidden in extracted.unseen[:MAX_SAID]:
        where = f"on page {hidden.page}" if hidden.page else "in its metadata"
        yield f"holds hidden text {where} ({hidden.how}), left out: “{_short(hidden.text)}”"
    if (more := len(extracted.unseen) - MAX_SAID) > 0:
        yield f"holds hidden text in {more} more places, left out"


def _said(document: Document, spoken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Say which sentences of a paper speak to a model rather than to a reader."""
    for start, end in spoken[:MAX_SAID]:
        said = _short(document.text[start:end])
        yield f"speaks to a language model on page {document.page_at(start)}: “{said}”"


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rsplit(" ", 1)[0] + " …"


def _any(pdf: bytes, max_pages: int, password: str, end: float) -> tuple[Extracted, str]:
    """Return what the first engine gives that finds text, and its name."""
    problems: list[ExtractError] = []
    for name in ENGINES:
        if name == "ocr":
            continue
        try:
            extracted = _checked(ENGINES[name](pdf, max_pages, password))
            return _with_scans(extracted, pdf, password, end), name
        except ExtractError as problem:
            problems.append(problem)
            if isinstance(problem, _NoText) and problem.hint:
                break  # pictures or fonts are at fault, and the next engine would ask the same
    if isinstance(problems[0], _NoText):
        return _by_ocr(pdf, problems[0], max_pages, password, end), "ocr"
    # Where the engines differ on whether there are pages, the file is damaged.
    raise next((problem for problem in problems if not isinstance(problem, NoPages)), problems[0])


def _checked(extracted: Extracted) -> Extracted:
    """Return what was extracted, no more than so much. Raises where it is not a paper's text."""
    letters = sum([len(line.text) for page in extracted.pages for line in page.lines])
    if letters > MAX_TEXT:
        extracted = _bounded(extracted)
    count = len(extracted.pages)
    if not count:
        raise NoPages
    if extracted.failed == count:
        said = f"none of its {count} pages can be" if count > 1 else "its only page can't be"
        raise ExtractError(f"the PDF is damaged: {said} read")
    if letters < MIN_TEXT and extracted.failed:
        said = f"{extracted.unread[0]}, and there is no text on the others"
        raise ExtractError(f"the PDF is damaged: {said}")
    if letters < MIN_TEXT and any(page.picture >= PICTURE for page in extracted.pages):
        said = "the PDF holds images without text: it may be a scan"
        raise _NoText(said, extracted, ocr.HINT)
    if letters < MIN_TEXT and not extracted.unseen:  # what was hidden in a short one is to be told
        said = f"the PDF holds too little text ({letters} characters on {counted(count, 'page')})"
        raise _NoText(said, extracted)
    if gibberish(_sample(extracted.pages)):
        said = "the PDF's text is gibberish: its fonts don't say which letters they draw"
        raise _NoText(said, extracted, ocr.HINT)
    return extracted


def _sample(pages: Sequence[Page]) -> str:
    """Return the beginnings of pages throughout a paper: enough to tell whether it is language."""
    return "\n".join(page.text[:SAMPLE] for page in pages[:: 1 + len(pages) // SAMPLED])


# --- pages that are pictures ----------------------------------------------------------------------


def _by_ocr(pdf: bytes, problem: _NoText, max_pages: int, password: str, end: float) -> Extracted:
    """Read the pictures of a file's pages. Raises `problem`, where there is no text on them."""
    if not ocr.version():
        raise problem
    try:
        found = _checked(ocr.extract(pdf, max_pages, password, seconds=_left(end)))
    except _NoText as none:
        raise ExtractError(f"{problem.message}; OCR finds no more on its pages") from none
    except ExtractError as error:
        raise ExtractError(f"{problem.message}; {error.message}", error.hint) from error
    return replace(found, title=problem.extracted.title, outline=problem.extracted.outline)


def _with_scans(extracted: Extracted, pdf: bytes, password: str, end: float) -> Extracted:
    """Read the pages that are pictures among others that are text, or say that they are.

    `end` is when to be done with it; 0 says that no engine but the given one is wanted.
    """
    pages = list(extracted.pages)
    scans = [i for i, page in enumerate(pages) if page.picture >= PICTURE and _bare(page)]
    if not scans:
        return extracted
    read: dict[int, Page] = {}
    warnings, unread, version = extracted.warnings, extracted.unread, ocr.version()
    if version and end and (len(scans) <= FEW or len(scans) > len(pages) / 2):
        read = ocr.read_pages(pdf, scans, password, seconds=_left(end))
        for index in read:
            pages[index] = replace(pages[index], lines=read[index].lines)
        if said := _named([i for i in scans if i in read and not _bare(read[i])]):
            warnings = (*warnings, f"{said} read by {ocr.warning(version)}")
    if said := _named([index for index in scans if index not in read]):
        unread = (*unread, f"{said} images without text")
    return replace(
        extracted,
        pages=tuple(pages),
        warnings=warnings,
        unread=unread,
        unfinished=extracted.unfinished or bool(said),
    )


def _left(end: float) -> float:
    return min(ocr.SECONDS, end - time.monotonic())


def _bare(page: Page) -> bool:
    return len(page.text) < CAPTION


def _named(indices: Sequence[int]) -> str:
    """Name pages, which are given from 0 on, as a sentence begins: "pages 3-5, 9 are"."""
    if not indices:
        return ""
    runs = [list(run) for _, run in groupby(enumerate(indices, 1), lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1] + 1, run[-1][1] + 1) for run in runs]
    said = ", ".join(f"{first}-{last}" if first < last else f"{first}" for first, last in ends)
    return f"pages {said} are" if indices[1:] else f"page {said} is"


def _bounded(extracted: Extracted) -> Extracted:
    """Cut off what is more than so much text."""
    kept, left = list[Page](), MAX_TEXT
    for page in extracted.pages:
        lines = []
        for line in page.lines:
            lines.append(line.saying(line.text[:left]))
            left -= len(line.text)
            if left <= 0:
                said = f"the PDF holds more than {MAX_TEXT:,} characters: the rest was not read"
                last = replace(page, lines=tuple(lines))
                return replace(extracted, pages=(*kept, last), unread=(*extracted.unread, said))
        kept.append(page)
    return extracted
