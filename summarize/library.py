"""Where a paper's text comes from: the cache, else its PDF (a file, the web), else its abstract.

With the pipeline the only room that touches both the store and the progress.
"""

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from summarize import fetch, sources
from summarize.errors import ExtractError, FetchError, SourceError
from summarize.kinds import is_whole
from summarize.log import tell
from summarize.progress import Progress
from summarize.records import Document, Figure, Paper, TakenFigure
from summarize.report import Tally
from summarize.settings import Settings
from summarize.store import Store
from summarize.web import Web, is_loopback
from summarize.workers import Readers

READING = "5"
"""Raised when the same PDF gives another Document, so that cached ones are read again.

That is so, too, when other sentences are taken for words to a model (`text/addressed.py`): a
Document says which of its own are.
"""


DRAWING = "1"
"""Raised when the same PDF gives another figure, so that cached ones are drawn again."""


async def _at_once() -> None:
    """Wait for nothing."""


class Holding(NamedTuple):
    """What is here of a paper: its text, or its PDF, or else where the PDF would be fetched.

    `problem` says why its text can't be had.
    """

    document: Document | None = None
    pdf: bool = False
    address: str = ""
    problem: str = ""


class Text(NamedTuple):
    """A paper's text; `because` says why it is not the paper's but its abstract's.

    `address` is where the PDF came from, if it came from the web; `copy` says whose copy it is,
    where that is not its own site's, and why.
    """

    document: Document
    because: str = ""
    address: str = ""
    copy: str = ""


class Library:
    """Gives papers' Documents, each fetched and read once. What is open is handed in, open."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        web: Web,
        pool: Readers,
        progress: Progress,
        tally: Tally,
        ready: Callable[[], Awaitable[None]] = _at_once,
        away: Callable[[], AbstractAsyncContextManager[None]] = contextlib.nullcontext,
        elsewhere: Callable[[Paper], Awaitable[list[str]]] | None = None,
    ) -> None:
        """Take what is needed; `ready` is awaited before the first paper is fetched or read.

        Who waits for a site or a worker is `away`.

        `elsewhere` tells where a copy is of what OpenReview will not give; it may raise
        `FetchError`.
        """
        self._elsewhere = elsewhere
        self._ready = ready
        self._away = away
        self._settings = settings
        self._store = store
        self._web = web
        self._pool = pool
        self._progress = progress
        self._tally = tally
        self._folder: fetch.Folder | None = None
        self._downloads: dict[str, asyncio.Task[fetch.Got]] = {}

    def look_in(self, folder: Path | None, papers: Iterable[Paper]) -> None:
        """Look for these papers in a folder of PDFs first, if there is one."""
        self._folder = fetch.Folder(folder, papers) if folder else None

    async def close(self) -> None:
        """End the downloads that nobody waits for any more."""
        for task in self._downloads.values():
            task.cancel()
        await asyncio.gather(*self._downloads.values(), return_exceptions=True)

    async def document(self, paper: Paper) -> Text:
        """Return the paper's text; or its abstract, and why it is not the paper's.

        Raises `SourceError`, `FetchError` or `ExtractError` where the list has no abstract either.
        """
        if self._settings.abstract_only:
            if (abstract := _abstract(paper)) is None:
                raise SourceError(_no_abstract(paper))
            return Text(abstract)
        try:
            return await self._paper(paper)
        except (SourceError, FetchError, ExtractError) as error:
            if (abstract := _abstract(paper)) is None:
                raise
            tell("abstract taken", error.stage, level="warning", because=error.message)
            return Text(abstract, error.message)

    async def holding(self, paper: Paper) -> Holding:
        """Look what is here of a paper. Nothing is fetched or read for it."""
        abstract, problem = _abstract(paper), ""
        if self._settings.abstract_only:
            return Holding(abstract, problem="" if abstract else _no_abstract(paper))
        try:
            if path := fetch.local(paper, self._folder, self._settings):
                sha256 = await self._store.pdf_at(fetch.identity(path))
                return Holding(await self._known(sha256) if sha256 else None, pdf=True)
        except FetchError as error:
            problem = error.message
        try:
            addresses = await self._addresses(paper)
        except SourceError as error:
            return Holding(abstract, problem="" if abstract else problem or error.message)
        for address in addresses:
            if sha256 := await self._store.pdf_at(address):
                if document := await self._known(sha256):
                    return Holding(document, pdf=True)
                if await self._store.pdf(sha256):
                    return Holding(pdf=True)
        host = urlsplit(addresses[0]).hostname or ""
        if self._settings.offline and not is_loopback(host):
            return Holding(abstract, problem="" if abstract else f"{host} is not asked (--offline)")
        return Holding(address=addresses[0])

    async def figure(self, paper: Paper, document: Document) -> tuple[Figure | None, str]:
        """Return the figure that tells most of a paper that was read; else why there is none.

        Its picture is in the store. A document made of an abstract has none, and needs no reason.
        """
        if not document.sha256:
            return None, ""
        key = f"figure {document.sha256} {DRAWING}"
        known = await self._store.document(key, Figure)
        if known and await self._store.image(known.sha256):
            return known, ""
        pdf = await self.pdf(paper)
        if pdf is None:
            return None, "its PDF is not here any more"
        from summarize.figures import take

        try:
            async with self._away():
                taken = await self._pool.run(
                    take.take,
                    TakenFigure,
                    pdf,
                    started=partial(self._progress.stage, paper, "figure"),
                    title=paper.title,
                    password=self._settings.password,
                )
        except ExtractError as error:
            return None, error.message
        finally:
            self._progress.stage(paper, "wait")
        await self._store.keep_image(base64.b64decode(taken.webp))
        await self._store.keep_document(key, taken.figure)
        return taken.figure, ""

    async def pdf(self, paper: Paper) -> bytes | None:
        """Return the paper's PDF if it is on this machine: a file, or in the cache."""
        try:
            if path := fetch.local(paper, self._folder, self._settings):
                return await asyncio.to_thread(fetch.load, path, self._settings.max_pdf)
            for address in await self._addresses(paper):
                if sha256 := await self._store.pdf_at(address):
                    return await self._store.pdf(sha256)
        except (SourceError, FetchError):
            pass
        return None

    async def _addresses(self, paper: Paper) -> list[str]:
        """Return where the PDF may be: what the list says, and where a copy is known to be.

        Raises `SourceError` where the list names nowhere.
        """
        addresses = list(fetch.addresses(paper))
        if sources.wants_copy(paper):
            from summarize.lookup import kept_copies  # the catalogs, of which few lists need one

            addresses += await kept_copies(self._store, paper)
        return addresses

    async def _paper(self, paper: Paper) -> Text:
        """Return the text of the paper's PDF: a file on this machine, else what an address gives.

        A file that the list names and that is not there does not hide a good address.
        """
        path = fetch.local(paper, self._folder, self._settings)
        try:
            if path:
                return Text(await self._file(paper, path))
        except FetchError as error:
            try:
                addresses = await self._addresses(paper)
            except SourceError:
                raise error from None
            return await self._page(paper, addresses)
        return await self._page(paper, await self._addresses(paper))

    async def _file(self, paper: Paper, path: Path) -> Document:
        name = fetch.identity(path)
        if (sha256 := await self._store.pdf_at(name)) and (known := await self._known(sha256)):
            tell("text kept", "extract", level="debug", sha256=sha256[:12], file=path.name)
            return known
        await self._ready()
        data = await asyncio.to_thread(fetch.load, path, self._settings.max_pdf)
        # It stays where it is: only what it holds is remembered.
        return await self._read(paper, await self._store.keep_pdf(name, data, copy=False), data)

    async def _page(self, paper: Paper, addresses: Sequence[str]) -> Text:
        def text(document: Document, address: str, problems: Sequence[str] = ()) -> Text:
            return Text(document, "", address, _of_another(address, addresses[0], problems))

        for address in addresses:
            if sha256 := await self._store.pdf_at(address):
                if document := await self._known(sha256):
                    tell("text kept", "extract", level="debug", sha256=sha256[:12])
                    return text(document, address)
                if data := await self._store.pdf(sha256):
                    return text(await self._read(paper, sha256, data), address)
        await self._ready()
        async with self._away():
            got = await self._got(paper, addresses)
        # What ends before its end may be whole the next time: it is not kept.
        if is_whole(got.data):
            # Kept where it was found: a copy is not to be taken for the paper's own PDF.
            sha256 = await self._store.keep_pdf(got.candidate, got.data)
        else:
            sha256 = hashlib.sha256(got.data).hexdigest()
        document = await self._read(paper, sha256, got.data)
        return text(document, got.candidate, got.problems)

    async def _got(self, paper: Paper, addresses: Sequence[str]) -> fetch.Got:
        """Fetch a PDF; where OpenReview will not give it, arXiv's copy, if it surely has one."""
        try:
            return await self._download(paper, addresses)
        except FetchError as error:
            elsewhere = await self._copies(paper)
            if not elsewhere or {*elsewhere} <= {*addresses}:
                raise
            try:
                got = await self._download(paper, elsewhere)
            except FetchError as other:
                raise FetchError(f"{error.message}; {other.message}", error.hint) from other
            return got._replace(problems=(error.message, *got.problems))

    async def _copies(self, paper: Paper) -> list[str]:
        """Ask for a copy. Where nobody can be asked there is none."""
        if self._elsewhere is None or not sources.wants_copy(paper):
            return []
        try:
            return await self._elsewhere(paper)
        except FetchError:
            return []

    async def _download(self, paper: Paper, addresses: Sequence[str]) -> fetch.Got:
        """Fetch a PDF; papers that share an address share the download."""
        if addresses[0] not in self._downloads:
            fetched = fetch.download(
                addresses,
                self._web,
                self._store.partial,
                self._settings.max_pdf,
                started=partial(self._progress.stage, paper, "fetch"),
            )
            self._downloads[addresses[0]] = asyncio.create_task(fetched)
        task = self._downloads[addresses[0]]
        try:
            got = await asyncio.shield(task)
        finally:
            # The first to hear of it counts it.
            first = task.done() and self._downloads.pop(addresses[0], None) is task
        self._tally.downloads += first
        if first:
            tell("fetched", "fetch", bytes=len(got.data), candidate=got.candidate)
        self._progress.stage(paper, "wait")
        return got

    async def _read(self, paper: Paper, sha256: str, data: bytes) -> Document:
        if document := await self._known(sha256):
            return document
        from summarize import read  # with all its rooms: a run that reads nothing need not wait

        settings = self._settings
        async with self._away():
            document = await self._pool.run(
                read.read,
                Document,
                data,
                started=partial(self._progress.stage, paper, "extract"),
                engine=settings.engine,
                max_pages=settings.max_pages,
                password=settings.password,
            )
        pages = document.marks[-1].page if document.marks else 0
        tell(
            "read", "extract", engine=document.engine, pages=pages, characters=len(document.text),
            sha256=sha256[:12], unread="; ".join(document.unread),
        )  # fmt: skip
        self._progress.stage(paper, "wait")
        # What OCR did not come to, it may come to the next time.
        if not document.unfinished:
            await self._store.keep_document(self._document_key(sha256), document)
        return document

    async def _known(self, sha256: str) -> Document | None:
        return await self._store.document(self._document_key(sha256), Document)

    def _document_key(self, sha256: str) -> str:
        settings = self._settings
        return f"text {sha256} {settings.engine} {settings.max_pages} {READING}"


def _abstract(paper: Paper) -> Document | None:
    """Return a Document of the list's abstract, where it gives one."""
    if not paper.abstract:
        return None
    from summarize.text.abstract import from_abstract, is_abstract

    given = is_abstract(paper.abstract)
    return from_abstract(paper.abstract, paper.title) if given else None


def _no_abstract(paper: Paper) -> str:
    """Say why there is none."""
    if paper.abstract:
        return "the list's abstract is too short, or says that there is none"
    return "the list gives no abstract"


def _of_another(address: str, own: str, problems: Sequence[str]) -> str:
    """Say whose copy a PDF is, if it is not of the site where the paper was looked for first."""
    host, site = (urlsplit(url).hostname or "" for url in (address, own))
    if host == site:
        return ""
    return f"{host}'s copy" + (f": {'; '.join(problems)}" if problems else f", not {site}'s")
