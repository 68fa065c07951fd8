"""A local server that plays a paper site, with faults by script or at random.

`PaperSite(folder)` serves `/v37/NAME.pdf` from a folder of PDFs, and what `pages` adds. Before it
answers, it asks `faults(path, attempt)` for the name of a fault; `attempt` counts from 1. Every
request is recorded, so that a test can say what was asked, how often, and what was whole.
"""

import email.utils
import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.listening import Listening

CHALLENGE = b"<!DOCTYPE html><html><head><title>Verifying your browser</title></head></html>"
BODIES: dict[str, tuple[str, bytes]] = {
    "challenge": ("text/html", CHALLENGE),
    "login": ("text/html", b"<html><head><title>Sign in - Publisher</title></head></html>"),
    "json": ("application/json", b'{"status": 404, "message": "The Note was not found"}'),
    "lfs": ("text/plain", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"),
    "empty": ("application/pdf", b""),
    "page": ("text/html", b"<!doctype html><html><body>An abstract and no PDF.</body></html>"),
}

Faults = Callable[[str, int], str]


class PaperSite(Listening):
    """The server; a context manager. `url` is where it listens."""

    def __init__(
        self,
        folder: Path,
        *,
        faults: Faults = lambda _path, _attempt: "",
        pages: dict[str, tuple[str, bytes]] | None = None,
        retry_after: str = "0",
        ranges: bool = True,
    ) -> None:
        self.folder = folder
        self.faults = faults
        self.pages = pages or {}
        self.retry_after = retry_after
        self.ranges = ranges
        self.asked: Counter[str] = Counter()
        self.given: Counter[str] = Counter()  # whole, good answers
        self.seen: list[tuple[str, str]] = []  # path and fault, in order
        self.agents: set[str] = set()
        self.sent: list[bytes] = []  # bodies of POSTs, in order
        self.resumed = 0
        self.lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                site.sent.append(self.rfile.read(size))
                site.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing of clients that go away: some tests make them."""

        super().__init__(Handler, Server)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, well or badly."""
        path = request.path
        with self.lock:
            self.asked[path] += 1
            self.agents.add(request.headers.get("User-Agent", ""))
            fault = self.faults(path, self.asked[path])
            self.seen.append((path, fault))
        if fault in {"429", "429date", "503"}:
            after = self.retry_after
            if fault == "429date":
                after = email.utils.formatdate(time.time() + float(after), usegmt=True)
            return self._send(request, int(fault[:3]), b"slow down", {"Retry-After": after})
        if fault.isdigit():
            return self._send(request, int(fault), b"no")
        if fault.startswith("redirect:"):
            return self._send(request, 302, b"", {"Location": fault.partition(":")[2]})
        if fault == "drop":
            request.close_connection = True
            return None
        if fault in BODIES:
            kind, body = BODIES[fault]
            return self._send(request, 200, body, {"Content-Type": kind})
        return self._body(request, path, fault)

    def _body(self, request: BaseHTTPRequestHandler, path: str, fault: str) -> None:
        if path in self.pages:
            kind, body = self.pages[path]
        else:
            file = self.folder / Path(path).name
            if not file.is_file():
                return self._send(request, 404, b"not here")
            kind, body = "application/pdf", file.read_bytes()
        headers = {"Content-Type": kind, "ETag": f'"{len(body)}"'}
        if fault == "gzip":  # declared
            return self._send(
                request, 200, gzip.compress(body), headers | {"Content-Encoding": "gzip"}
            )
        if fault == "rawgzip":  # not declared
            return self._send(request, 200, gzip.compress(body), headers)
        if fault == "short":  # a whole answer that holds half a file
            return self._send(request, 200, body[: len(body) // 2], headers)
        start, status = 0, 200
        wanted = request.headers.get("Range", "")
        if self.ranges and wanted and request.headers.get("If-Range") == headers["ETag"]:
            start, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.resumed += 1
        part = body[start:]
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(part)))
        request.end_headers()
        if fault == "cut":
            request.wfile.write(part[: max(1, len(part) // 2)])
            request.wfile.flush()
            request.close_connection = True
            return None
        request.wfile.write(part)
        with self.lock:
            self.given[path] += 1
        return None

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
    ) -> None:
        request.send_response(status)
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
