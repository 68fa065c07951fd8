"""Targets: what sites answer, byte by byte, and the addresses that strangers write."""

import asyncio
import contextlib
import gzip
from pathlib import Path

from summarize import fetch, sources
from summarize.cli import naming
from summarize.errors import FetchError
from summarize.figures import beside
from summarize.kinds import HEAD, is_cut, is_whole, kind
from summarize.matching import related, same
from summarize.partial import Download
from summarize.records import Figure, Paper
from summarize.settings import Clock, Settings
from summarize.web import Api, Services, Web, addresses
from summarize.web.retries import retry_after
from tests.faults import papers
from tests.faults.walking import quick
from tests.fuzz.target import Target, scratch, text_of

_SETTINGS = Settings(
    allow_private=True, fetch_attempts=2, connect_timeout=2.0, stall_timeout=2.0, max_pdf=200_000,
    download_timeout=5.0,
)  # fmt: skip


class _Wire:
    """A server that answers every request with the same bytes, and what asks it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._answer = b""
        server = self.loop.run_until_complete(asyncio.start_server(self._one, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _one(self, came: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await came.readuntil(b"\r\n\r\n")
            out.write(self._answer)
            await out.drain()
        with contextlib.suppress(OSError):
            out.close()
            await out.wait_closed()

    def ask(self, way: str, answer: bytes) -> None:
        """Ask this server, which gives such an answer."""
        self._answer = answer
        self.loop.run_until_complete(asyncio.wait_for(getattr(self, way)(quick()), 60))

    async def pdf(self, clock: Clock) -> None:
        """Ask as for a paper's PDF."""
        async with Web(_SETTINGS, clock) as web:
            await fetch.download([f"{self.url}/a.pdf"], web, scratch(), 100_000)

    async def model(self, clock: Clock) -> None:
        """Ask as a model's server is asked."""
        async with Api(self.url, clock, timeout=5.0) as api:
            answer = await api.get(f"{self.url}/v1/models")
            _ = answer.said, answer.is_page

    async def catalog(self, clock: Clock) -> None:
        """Ask as a catalog is asked."""
        async with Services(_SETTINGS, clock) as services:
            await services.ask(f"{self.url}/works", str)


def _wire() -> _Wire:
    if not _KEPT:
        _KEPT.append(_Wire())
    return _KEPT[0]


_KEPT: list[_Wire] = []


def stated(data: bytes) -> None:
    """Read how long a service wants to be left alone."""
    seconds = retry_after(text_of(data), 1.7e9)
    assert seconds is None or seconds >= 0


def landed(data: bytes) -> None:
    """See what a site gave, and where a page says that its PDF is."""
    fetch.check(data[:HEAD], "a.org") if kind(data[:HEAD]) != "a web page" else None
    fetch._named(data, "https://a.org/b")
    is_whole(data), is_cut(data)


def unpacked(data: bytes) -> None:
    """Unpack a body."""
    path = scratch() / "body"
    path.write_bytes(data)
    fetch._unpacked(Download(Path(path), "https://a.org", "application/pdf", "gzip"), 1_000_000)


def address(data: bytes) -> None:
    """Look at an address as the list gives it."""
    text = text_of(data)
    paper = Paper(key="k", title="A", url=text, pdf=text)
    sources.key([text]), sources.wants_copy(paper), sources.opens_at_pages(paper)
    for candidate in sources.candidates(paper):
        with contextlib.suppress(FetchError):
            url = addresses.parsed(candidate)
            addresses.origin(candidate)
            addresses.see_that_it_is_public(url)


def titled(data: bytes) -> None:
    """Name files after a title, and hold it against another."""
    one, _, other = text_of(data).partition("\n")
    naming.title(one)
    beside.name(one, Figure(page=1, label=other, width=1, height=1, sha256=""))
    assert same(one, other) == same(other, one)
    related(one, other)


def _seeds() -> dict[str, list[bytes]]:
    pdf = papers.pdf(1, 1)

    def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
        return head.encode() + b"\r\n\r\n" + body

    page = b'<html><meta name="citation_pdf_url" content="/b.pdf"><title>x</title></html>'
    packed = gzip.compress(pdf)
    answers = [
        answer("200 OK", "Content-Type: application/pdf", 'ETag: "x"', body=pdf),
        answer("200 OK", "Content-Encoding: gzip", body=packed),
        answer("206 Partial", "Content-Range: bytes 8-100/101", body=pdf[8:200]),
        answer("200 OK", "Content-Type: text/html", body=page),
        answer("302 Found", "Location: /c.pdf"), answer("301 x", "Location: //[::1]/x"),
        answer("429 x", "Retry-After: 3"), answer("503 x",
        "Retry-After: Mon, 01 Jan 2024 00:00:00 GMT"),
        answer("416 x"), answer("401 x", "WWW-Authenticate: Basic"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\n0\r\nX: y\r\n\r\n",
        answer("200 OK", "Set-Cookie: a=b; Domain=x",
        'Content-Disposition: attachment; filename="../x"',
               body=b'{"message": "no"}'),
        answer("400 x", body=b'{"error": {"message": {"detail": "x"}}}'),
    ]  # fmt: skip
    urls = [
        "https://openreview.net/forum?id=abc", "https://arxiv.org/abs/2310.13018v2",
        "http://[::1]:80/x",
        "https://doi.org/10.1038/x", "https://proceedings.mlr.press/v37/a15.html", "http://0x7f.1/",
        "https://user:pass@e.org:99999/a.pdf", "https://aclanthology.org/2020.acl-main.1/",
        "https://papers.nips.cc/paper/2020/hash/abc-Abstract.html",
        "https://xn--bcher-kva.de/é/%2e%2e/",
        "https://huggingface.co/papers/2310.13018", "https://jmlr.org/papers/v15/a14a.html",
    ]  # fmt: skip
    titles = ["On the Use of Things\nOn the use of things: a study", "CON\n../x", "A ⭐ — B\n中文"]
    return {
        "pdf": answers, "model": answers, "catalog": answers,
        "retry-after": [b"120", b"Fri, 31 Dec 1999 23:59:59 GMT", b"-1", b"1e9"],
        "page": [page, pdf, b'{"error": "x"}'], "packed": [packed, gzip.compress(b"x" * 1000)],
        "address": [url.encode() for url in urls], "title": [text.encode() for text in titles],
    }  # fmt: skip


TARGETS = {
    "headers": Target(
        {
            "pdf": lambda data: _wire().ask("pdf", data),
            "model": lambda data: _wire().ask("model", data),
            "catalog": lambda data: _wire().ask("catalog", data),
            "retry-after": stated,
        },
        lambda: {way: _seeds()[way] for way in ("pdf", "model", "catalog", "retry-after")},
        ("HTTP/1.1 ", "\r\n", "\r\n\r\n", "Location: ", "Retry-After: ", "Content-Range: bytes ",
         "Content-Length: ", "Transfer-Encoding: chunked", "Content-Encoding: ", "gzip",
         "deflate", "br",
         "Set-Cookie: ", "ETag: ", "Content-Type: ", "charset=", "http://", "//", "[::1]", "0\r\n",
         "302", "206", "429", "503", "416", "Connection: close", "Expires: "),
    ),
    "addresses": Target(
        {"page": landed, "packed": unpacked, "address": address, "title": titled},
        lambda: {way: _seeds()[way] for way in ("page", "packed", "address", "title")},
        ("http://", "https://", "@", ":", "//", "[", "]", "%00", "%2f", "?", "#", "127.0.0.1",
        "0x7f",
         "::ffff:", "。", "/pdf/", "/abs/", "?id=", "citation_pdf_url", "content=", "<meta name=",
         "startxref\n", "%%EOF", "xref\n", "%PDF-", "trailer", "\x1f\x8b"),
    ),
}  # fmt: skip
