"""A service with batches on a loopback port: OpenAI's routes for files and batches, with moods.

A batch stands still until it is told to `end`. What is in it is answered by `answers`, which may
be told to answer badly; a batch is paid for when it is made.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import Listening

Answer = Callable[[dict[str, Any], int], dict[str, Any]]


def good(line: dict[str, Any], _: int) -> dict[str, Any]:
    """Answer a request well, with words that tell it from others."""
    said = line["custom_id"][:8]
    return replied(json.dumps({"tldr": f"What was done and found, {said}.", "notes": []}))


def replied(text: str, finish: str = "stop") -> dict[str, Any]:
    """Return a line's answer of this text."""
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {"response": {"status_code": 200, "body": {"choices": [choice], "usage": usage}}}


def failed(status: int, **error: str) -> dict[str, Any]:
    """Return the answer of a line that the service would not answer."""
    return {"response": {"status_code": status, "body": {"error": error}}}


class BatchService(Listening):
    """Serves while the context lasts. `made` holds each batch's lines, by its id."""

    def __init__(self, answer: Answer = good) -> None:
        self.answer = answer
        self.made: dict[str, list[dict[str, Any]]] = {}
        self.asked: Counter[str] = Counter()  # how often each request was in a batch
        self.refuse: Callable[[str, str], int] = lambda _method, _path: 0  # a status, or 0
        self.lose: Callable[[str, str], bool] = lambda _method, _path: False  # an answer, once done
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                service._handle(self, b"")

            def do_POST(self) -> None:
                service._handle(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(Handler)
        self.url += "/v1"

    def end(
        self, status: str = "completed", answered: int | None = None, problem: str = ""
    ) -> None:
        """End every batch that stands still; all its lines are answered, or so many of them."""
        with self._lock:
            for name, batch in self._batches.items():
                if batch["status"] != "in_progress":
                    continue
                lines = self.made[name][:answered]
                answers = [
                    {"custom_id": line["custom_id"], "error": None}
                    | self.answer(line, self.asked[line["custom_id"]])
                    for line in lines
                ]
                out = "".join(f"{json.dumps(one)}\n" for one in answers)
                self._files[f"out-{name}"] = out.encode()
                batch["status"] = status
                batch["output_file_id"] = f"out-{name}" if lines else None
                batch["request_counts"]["completed"] = len(lines)
                if problem:
                    data = [{"code": "x", "message": problem, "line": None, "param": None}]
                    batch["errors"] = {"object": "list", "data": data}

    # --- its routes ---

    def _handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        method, path = request.command, request.path.partition("?")[0].removeprefix("/v1")
        if status := self.refuse(method, path):
            return self._send(request, status, {"error": {"message": "no", "code": "no"}})
        with self._lock:
            status, found = self._answer(method, path, body)
        if self.lose(method, path):
            request.close_connection = True
            return None
        return self._send(request, status, found)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        name = path.split("/")[2] if path.count("/") > 1 else ""
        if (method, path) == ("POST", "/files"):
            name = f"file-{len(self._files)}"
            lines = re.findall(rb'^\{"custom_id".*\}\s*$', body, re.MULTILINE)
            self._files[name] = b"\n".join(line.strip() for line in lines)
            return 200, {
                "id": name, "object": "file", "bytes": len(body), "created_at": 1,
                "filename": "b.jsonl", "purpose": "batch", "status": "processed",
            }  # fmt: skip
        if path.endswith("/content"):
            return (200, self._files[name]) if name in self._files else (404, {})
        if (method, path) == ("POST", "/batches"):
            return 200, self._make(json.loads(body)["input_file_id"])
        if path == "/batches":
            listed = list(self._batches.values())[::-1]
            return 200, {"object": "list", "data": listed, "has_more": False}
        if name in self._batches:
            return 200, self._batches[name]
        return 404, {"error": {"message": f"no {name}"}}

    def _make(self, file: str) -> dict[str, Any]:
        name = f"batch-{len(self._batches)}"
        self.made[name] = [json.loads(line) for line in self._files[file].splitlines()]
        self.asked.update(line["custom_id"] for line in self.made[name])
        counts = {"total": len(self.made[name]), "completed": 0, "failed": 0}
        self._batches[name] = {
            "id": name, "object": "batch", "endpoint": "/v1/chat/completions",
            "input_file_id": file, "completion_window": "24h", "status": "in_progress",
            "created_at": 1, "request_counts": counts,
        }  # fmt: skip
        return self._batches[name]

    def _send(self, request: BaseHTTPRequestHandler, status: int, found: Any) -> None:
        data = found if isinstance(found, bytes) else json.dumps(found).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
