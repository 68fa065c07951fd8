"""A site that answers what it is told to: for what a real one can't be brought to do in a test."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import Listening


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answered:
    """What is answered: JSON, or a text as it is."""

    status: int
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Drop(Exception):
    """Break the connection off without an answer."""


@dataclass
class Double:
    """A site on loopback: its address, and all that it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def count(self, method: str, begins: str) -> int:
        """Return how often something was asked."""
        return sum(a.method == method and a.path.startswith(begins) for a in self.asked)


@contextmanager
def answering(answer: Callable[[Asked], Answered]) -> Iterator[Double]:
    """Run a site whose answers are what a function makes of each request."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
            double.asked.append(asked)
            try:
                answered = answer(asked)
            except Drop:
                self.close_connection = True
                return
            is_text = isinstance(answered.body, str)
            data = (answered.body if is_text else json.dumps(answered.body)).encode()
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html" if is_text else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - the names that the server calls

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    site = Listening(Handler)
    double = Double(site.url)
    with site:
        yield double
