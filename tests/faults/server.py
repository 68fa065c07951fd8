"""One local server that plays paper sites and model servers, and answers badly when it is told to.

What goes wrong goes wrong below the sockets' surface, byte by byte: see `MISDEEDS`.
"""

import asyncio
import contextlib
import email.utils
import gzip
import hashlib
import json
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

Writer = asyncio.StreamWriter
Misdeed = Callable[["Server", Writer, str, bytes], Awaitable[None]]
Content = Callable[[str, bytes], tuple[str, bytes] | None]
PLAN = Callable[[str, int], str]
SILENCE = 6.0  # seconds

HTML = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"


def head(status: int, *headers: str) -> bytes:
    """Return the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status} X", *headers]).encode() + b"\r\n\r\n"


def whole(kind: str, data: bytes, *headers: str, status: int = 200) -> bytes:
    """Return an answer as it should be."""
    return head(status, f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers) + data


def simply(status: int, *headers: str) -> Misdeed:
    """Answer with a status and nothing of use."""

    async def answer(server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
        date = email.utils.formatdate(time.time() + 1, usegmt=True)
        stated = [h.format(date=date, url=server.url) for h in headers]
        out.write(
            whole("application/json", b'{"error": {"message": "no"}}', *stated, status=status)
        )

    return answer


def instead(kind: str, body: bytes, *headers: str) -> Misdeed:
    """Answer something else, whole and with status 200."""

    async def answer(_server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
        out.write(whole(kind, body, *headers))

    return answer


async def reset(_server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
    """Reset the connection instead of answering."""
    sock: socket.socket = out.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    out.transport.abort()


async def drop(_server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
    """Close the connection instead of answering."""
    out.close()


async def half(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send half of a body, and close."""
    out.write(whole(kind, data)[: -max(1, len(data) // 2)])
    await out.drain()
    out.close()


async def half_reset(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send half of a body, and reset the connection."""
    out.write(whole(kind, data)[: -max(1, len(data) // 2)])
    await out.drain()
    await asyncio.sleep(0.01)
    await reset(_server, out, kind, data)


async def head_only(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send half of the head, and close."""
    out.write(whole(kind, data)[:20])
    await out.drain()
    out.close()


async def too_long(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Promise more bytes than are sent."""
    out.write(head(200, f"Content-Type: {kind}", f"Content-Length: {len(data) + 1000}") + data)
    await out.drain()
    out.close()


async def too_short(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Promise fewer bytes than there are: the answer ends early, and looks whole."""
    out.write(whole(kind, data[: len(data) // 2]))


async def unended(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send chunks, and no last one."""
    out.write(head(200, f"Content-Type: {kind}", "Transfer-Encoding: chunked"))
    out.write(b"%x\r\n%s\r\n" % (len(data) // 2 or 1, data[: len(data) // 2 or 1]))
    await out.drain()
    out.close()


async def bad_chunk(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send chunks whose size is no number."""
    out.write(head(200, f"Content-Type: {kind}", "Transfer-Encoding: chunked") + b"zz\r\n" + data)
    await out.drain()
    out.close()


async def drip(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send a whole answer, in small pieces with waits between."""
    answer = whole(kind, data)
    size = max(1, len(answer) // 10)
    for at in range(0, len(answer), size):
        out.write(answer[at : at + size])
        await out.drain()
        await asyncio.sleep(0.01)


async def silence(_server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
    """Say nothing for longer than anybody waits."""
    await asyncio.sleep(SILENCE)
    out.close()


async def stall(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send half of a body, then nothing."""
    out.write(whole(kind, data)[: -max(1, len(data) // 2)])
    await out.drain()
    await asyncio.sleep(SILENCE)
    out.close()


async def declared_gzip(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send the body packed, and say so, though nobody asked for it."""
    out.write(whole(kind, gzip.compress(data), "Content-Encoding: gzip"))


async def broken_gzip(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Say that the body is packed; it is not."""
    out.write(whole(kind, data, "Content-Encoding: gzip"))


async def other_type(_server: "Server", out: Writer, _kind: str, data: bytes) -> None:
    """Send the right body under a wrong type."""
    out.write(whole("text/plain; charset=utf-16", data))


async def no_http(_server: "Server", out: Writer, _kind: str, _data: bytes) -> None:
    """Speak something that is not HTTP."""
    out.write(b"220 mail.example.org ESMTP\r\n")
    await out.drain()
    out.close()


async def huge_head(_server: "Server", out: Writer, kind: str, data: bytes) -> None:
    """Send a header of 200 kB."""
    out.write(whole(kind, data, f"X-Long: {'x' * 200_000}"))


def bomb(size: int = 300_000_000) -> bytes:
    """Return zeros, packed: a thousandth of what they unfold to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = bytes(1_000_000)
    return b"".join(packer.compress(part) for _ in range(size // len(part))) + packer.flush()


BOMB = bomb()
_DEEP = b"[" * 100_000 + b"]" * 100_000

MISDEEDS: dict[str, Misdeed] = {
    "429 with seconds": simply(429, "Retry-After: 1"),
    "429 with a date": simply(429, "Retry-After: {date}"),
    "429 without a time": simply(429),
    "429 with nonsense": simply(429, "Retry-After: soon"),
    "500": simply(500),
    "502": simply(502),
    "503 with seconds": simply(503, "Retry-After: 1"),
    "504": simply(504),
    "reset instead of an answer": reset,
    "closed instead of an answer": drop,
    "half a head": head_only,
    "half a body": half,
    "half a body, then a reset": half_reset,
    "a length that is too long": too_long,
    "a length that is too short": too_short,
    "chunks without an end": unended,
    "a chunk that is none": bad_chunk,
    "a slow drip": drip,
    "silence": silence,
    "half a body, then silence": stall,
    "packed unasked": declared_gzip,
    "said to be packed": broken_gzip,
    "a gzip bomb": instead("application/pdf", BOMB, "Content-Encoding: gzip"),
    "a gzip bomb, not declared": instead("application/pdf", BOMB),
    "a wrong type": other_type,
    "HTML": instead("text/html", HTML),
    "HTML said to be a PDF": instead("application/pdf", HTML),
    "an empty body": instead("application/pdf", b""),
    "JSON of another kind": instead("application/json", b'{"status": "ok", "data": []}'),
    "bytes that are no text": instead("application/json", b"\xff\xfe\x00" * 50),
    "JSON 100,000 deep": instead("application/json", _DEEP),
    "a redirect loop": simply(302, "Location: {url}/loop"),
    "a redirect to nowhere": simply(302),
    "not HTTP": no_http,
    "a header of 200 kB": huge_head,
    "404": simply(404),
    "401": simply(401),
}


class Server:
    """Serves while the context lasts, in a thread of its own.

    `content(path, body)` gives what is right; `plan(key, attempt)` names what goes wrong ("" for
    nothing), where the key is the path, or the sum of the body of a question.
    """

    def __init__(
        self,
        content: Content,
        plan: PLAN = lambda _key, _attempt: "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.content = content
        self.plan = plan
        self.asked: Counter[str] = Counter()
        self.given: Counter[str] = Counter()  # whole, good answers
        self.injected: Counter[str] = Counter()
        self.latency = 0.0
        self.most_at_once = self._now = 0
        self._tls = tls
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda *_: None)  # clients that go away are its business
        server = await asyncio.start_server(
            self._connection, "127.0.0.1", 0, limit=2**26, backlog=1024, ssl=self._tls
        )
        port = server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
        self._ready.set()
        await self._end.wait()
        server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is gone on the loop's next turn

    async def _connection(self, came: asyncio.StreamReader, out: Writer) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                while await self._one(came, out):
                    await out.drain()
        finally:
            out.close()

    async def _one(self, came: asyncio.StreamReader, out: Writer) -> bool:
        lines = (await came.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        body = await came.readexactly(int(headers.get("content-length") or 0))
        found = self.content(path, body)
        if path == "/loop":
            out.write(whole("text/plain", b"", f"Location: {self.url}/loop", status=302))
            return True
        if found is None:
            out.write(whole("application/json", b'{"error": {"message": "not here"}}', status=404))
            return True
        if path.endswith("/models"):
            out.write(whole(*found))
            return True
        key = _key(body) if method == "POST" else path
        self.asked[key] += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            fault = self.plan(key, self.asked[key])
            await asyncio.sleep(self.latency)
            if fault:
                self.injected[fault] += 1
                await MISDEEDS[fault](self, out, *found)
                return not out.is_closing()
            out.write(whole(*found))
            await out.drain()
            self.given[key] += 1
            return True
        finally:
            self._now -= 1


def _key(body: bytes) -> str:
    """Return what tells one question from another, whatever schema goes along with it."""
    try:
        messages = json.dumps(json.loads(body)["messages"])
    except (ValueError, KeyError, TypeError):
        messages = repr(body)
    return hashlib.sha256(messages.encode()).hexdigest()[:16]


def model(path: str, body: bytes) -> tuple[str, bytes] | None:
    """Answer as a model server does, with a summary that tells its question from others."""
    if path.endswith("/models"):
        return "application/json", b'{"object": "list", "data": [{"id": "fake"}]}'
    if not path.endswith("/chat/completions"):
        return None
    tldr = f"What was done was found to be done well, as was said in {_key(body)}."
    reply, read = json.dumps({"tldr": tldr, "notes": []}), len(body) // 4
    # As many as were sent: a server that read fewer is told from one that cut the prompt off.
    return "application/json", completion(
        reply, prompt_tokens=read, completion_tokens=100, total_tokens=read + 100
    )


def completion(text: Any, finish: str = "stop", **usage: int) -> bytes:
    """Return a chat completion of a text."""
    message = {"role": "assistant", "content": text}
    used = usage or {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps({"id": "x", "model": "fake", "choices": [choice], "usage": used}).encode()
