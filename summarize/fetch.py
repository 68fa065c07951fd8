"""Which bytes are really the paper's PDF: a file first, then each address in turn, checked."""

import hashlib
import html
import re
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from summarize import sources
from summarize.errors import FetchError, SourceError
from summarize.kinds import HEAD, challenges, is_whole, kind, named
from summarize.log import tell
from summarize.partial import Download, claimed
from summarize.records import Paper
from summarize.settings import Settings
from summarize.text.slug import slug
from summarize.web import Web

# The address of the PDF in a paper's page (https://scholar.google.com/intl/en/scholar/inclusion.html).
_META = re.compile(
    rb"<meta\s[^>]*?name=[\"']?citation_pdf_url[\"']?[^>]*?content=[\"']([^\"'>]+)"
    rb"|<meta\s[^>]*?content=[\"']([^\"'>]+)[\"'][^>]*?name=[\"']?citation_pdf_url",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    rb"<title>[^<]*(?:log ?in|sign ?in|single sign-on|shibboleth)|type=[\"']?password",
    re.IGNORECASE,
)


class Challenged(FetchError):
    """The site wants to see a browser; it may not the next time."""


class Cut(FetchError):
    """The file ends before its end. `data` is what came."""

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(message)
        self.data = data


class Page(FetchError):
    """A web page, and the address of the PDF that it names, if it does."""

    def __init__(self, message: str, pdf: str = "") -> None:
        super().__init__(message)
        self.pdf = pdf


class Got(NamedTuple):
    """A PDF, the candidate that led to it, and what was wrong with those before."""

    data: bytes
    candidate: str
    problems: tuple[str, ...] = ()


_GENERIC = frozenset(
    "paper pdf article download fulltext full document file main index view".split()
)


class Folder:
    """A folder of PDFs, in which the papers of a list are found by name."""

    def __init__(self, path: Path, papers: Iterable[Paper]) -> None:
        self._files: dict[str, Path] = {}
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() == ".pdf" and file.is_file():
                for name in (file.stem, file.stem.casefold(), slug(file.stem)):
                    self._files.setdefault(name, file)
        # "paper.pdf" ends the address of many a paper: a name that two share finds neither.
        self._ends = Counter(end for paper in papers for end in _ends(paper))

    def find(self, paper: Paper) -> Path | None:
        """Find a file by key, by the last part of the paper's address, or by its title's slug."""
        ends = (end for end in sorted(_ends(paper)) if self._ends[end] <= 1)
        names = (paper.key, *ends, slug(paper.title))
        tried = (form for name in names if name for form in (name, name.casefold(), slug(name)))
        return next((self._files[form] for form in tried if form in self._files), None)


def _ends(paper: Paper) -> set[str]:
    """Return the last parts of the paper's addresses that may name its file."""
    found = set()
    for address in (paper.pdf, paper.url):
        last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        end = re.sub(r"\.(?:pdf|html?)$", "", last, flags=re.IGNORECASE)
        if len(end) >= 3 and end.casefold() not in _GENERIC:
            found.add(end)
    return found


def local(paper: Paper, folder: Folder | None, settings: Settings) -> Path | None:
    """Return where the paper's PDF is on this machine, if the folder or the list says so."""
    path = folder.find(paper) if folder else None
    named = re.search(r"[/\\]|\.pdf$", paper.pdf, re.IGNORECASE)
    if path is None and named and not re.match(r"[a-z][a-z0-9+.-]+:", paper.pdf, re.IGNORECASE):
        path = settings.list_dir / _home(paper.pdf)
    return path


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~nobody
        return Path(text)


def identity(path: Path) -> str:
    """Return a name for a file as it is now: another one when it has changed.

    Raises `FetchError` for a file that can't be read.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        why = getattr(error, "strerror", None) or "it is no file name"
        raise FetchError(f"{path.name} can't be read: {why}") from error
    return f"file {path.absolute()} {found.st_size} {found.st_mtime_ns}"


def load(path: Path, limit: int) -> bytes:
    """Return the bytes of a PDF. Raises `FetchError` for a file that is none, or over `limit`."""
    try:
        if path.stat().st_size > limit:
            raise FetchError(f"{path.name} is larger than {limit // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise FetchError(f"{path.name} can't be read: {error.strerror}") from error
    if kind(data[:HEAD]) != "PDF":
        raise FetchError(f"{path.name} is {named(data[:HEAD])}")
    return data


def addresses(paper: Paper) -> Sequence[str]:
    """Return where on the web the PDF may be. Raises `SourceError` when the list names nowhere."""
    found = sources.candidates(paper)
    if not found:
        given = paper.url or paper.pdf
        raise SourceError(
            f"{given} is no address that can be fetched" if given else "the list gives no address"
        )
    return found


async def download(
    candidates: Sequence[str],
    web: Web,
    folder: Path,
    limit: int,
    started: Callable[[], None] = lambda: None,
) -> Got:
    """Fetch the first candidate that is a PDF, of at most `limit` bytes, by way of `folder`.

    `started` is called whenever it is this paper's turn at a host. Raises `FetchError` with why
    no candidate is a PDF.
    """
    get = partial(_one, web=web, folder=folder, limit=limit, started=started)
    problems: list[str] = []
    queue, tried = [(url, url) for url in candidates], set[str]()
    while queue:
        url, candidate = queue.pop(0)
        if url in tried:
            continue
        tried.add(url)
        try:
            return Got(await _patient(url, web, get), candidate, tuple(dict.fromkeys(problems)))
        except Page as page:
            problems.append(page.message)
            # One hop, before the next guess: a site may name pages of itself without an end.
            if page.pdf and url == candidate:
                queue.insert(0, (page.pdf, candidate))
            tell("no PDF there", "fetch", level="warning", cause=page.message, candidate=candidate)
        except FetchError as error:
            problems.append(error.message)
            tell("no PDF there", "fetch", level="warning", cause=error.message, candidate=candidate)
    raise FetchError("; ".join(dict.fromkeys(problems)))


async def _patient(url: str, web: Web, get: Callable[[str], Awaitable[bytes]]) -> bytes:
    """Fetch and check. What may be better the next time is asked for once more."""
    try:
        return await get(url)
    except (Challenged, Cut):
        await web.pause(url)
    try:
        return await get(url)
    except Cut as error:
        return error.data  # it was made so: a reader may still make something of it
    except Challenged as error:
        raise web.host(url).failed(FetchError(error.message)) from error


async def _one(
    url: str, *, web: Web, folder: Path, limit: int, started: Callable[[], None]
) -> bytes:
    name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    with claimed(folder / name) as path:
        got = await web.download(url, path, started)
        try:
            data = _unpacked(got, limit)
        finally:
            got.path.unlink(missing_ok=True)
    site = urlsplit(got.url).hostname or url
    try:
        check(data[:HEAD], site)
    except Page as page:
        # The link may stand far below the head of the file.
        raise Page(page.message, _named(data, got.url)) from page
    if not is_whole(data):
        raise Cut(f"{site} gave a PDF that is cut off", data)
    return data


def _unpacked(got: Download, limit: int) -> bytes:
    """Return the body, undoing a compression that the server declared; never more than `limit`."""
    data = got.path.read_bytes()
    if got.content_encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        return data
    unpack = zlib.decompressobj(wbits=47)  # gzip or zlib, told by its header
    try:
        data = unpack.decompress(data, limit)
    except zlib.error as error:
        raise FetchError("its compressed body is damaged") from error
    if unpack.unconsumed_tail:
        raise FetchError(f"it unpacks to more than {limit // 2**20} MB")
    return data


def check(head: bytes, name: str) -> None:
    """Raise `FetchError` with what a site gave, unless it is a PDF, by its first `HEAD` bytes."""
    what = kind(head)
    if what == "PDF":
        return
    if what == "a web page":
        if challenges(head):
            raise Challenged(f"{name} wants to verify a browser before it gives the PDF")
        if _LOGIN.search(head):
            raise FetchError(f"{name} wants a login")
        raise Page(f"{name} gave {named(head)}")
    if what == "JSON":
        raise FetchError(f"{name} answered with JSON{_said(head)}, not a PDF")
    raise FetchError(f"{name} gave {named(head)}")


def _said(head: bytes) -> str:
    found = re.search(rb'"(?:message|error|detail)"\s*:\s*"([^"]{1,120})"', head)
    return f" (“{found[1].decode('utf-8', 'replace')}”)" if found else ""


def _named(data: bytes, base: str) -> str:
    """Return the address of the PDF that a page names, if it does."""
    found = _META.search(data[: 1024 * 1024])
    if not found:
        return ""
    address = html.unescape((found[1] or found[2]).decode("utf-8", "replace")).strip()
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
