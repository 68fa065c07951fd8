"""Draft real papers with a real llama.cpp by every route that `roundup` has to a local model.

    python benchmarks/routes.py [--shared PATH] [--papers N]

A small model of random weights says nothing of use, but is served, asked, counted and held to the
schema as any other. Beside what the receipts say of tokens stands what the server itself reported,
as it passed by a proxy between the two. At last the stub server keeps the last 2,048 tokens of each
prompt without a word: papers of which that was noticed are counted.
"""

import json
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from arguments import arguments, missing
from machine import described
from overhead import papers_list, stub

LIBRARIES = ["paper-roundup", "litellm", "xllamacpp"]
WINDOWS = (4_096, 8_192)
KEPT = 2_048  # tokens that the stub keeps of a prompt
NEAR = 0.15  # of the server's count that an estimate may be off, where the server counts nothing


class Run(NamedTuple):
    """What a draft came to: its exit code, what it says of each paper, and its last words."""

    code: int
    done: list[dict[str, Any]]
    said: str

    def total(self, name: str) -> int:
        """Return the sum of a figure over all receipts."""
        return sum(event["receipt"][name] or 0 for event in self.done)


class Proxy:
    """Passes requests on to a server, and counts the tokens that its answers report."""

    def __init__(self, upstream: str) -> None:
        self.read = 0
        proxy, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))) or None
                kind = {"content-type": "application/json"}
                asked = urllib.request.Request(upstream + self.path, body, kind)
                try:
                    with urllib.request.urlopen(asked, timeout=900) as answer:
                        status, held = answer.status, answer.read()
                except urllib.error.HTTPError as error:
                    status, held = error.code, error.read()
                if status == 200 and self.path.endswith("/chat/completions"):
                    with lock:
                        proxy.read += json.loads(held)["usage"]["prompt_tokens"]
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(held)))
                self.end_headers()
                self.wfile.write(held)

            do_GET = do_POST = _pass  # noqa: N815 - as http.server wants them named

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


@contextmanager
def started(script: Path, *arguments: object) -> Iterator[str]:
    """Run a server of the shared tools; give the address that it says first."""
    command = [sys.executable, str(script), *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            yield next(word for word in process.stdout.readline().split() if "://" in word)
        finally:
            process.terminate()


def draft(table: Path, folder: Path, name: str, model: str, *options: str) -> Run:
    """Draft a post in a cache of its own, but for the papers' texts."""
    roundup, cache = [sys.executable, "-m", "summarize"], folder / "cache"
    clear = [*roundup, "cache", "clear", "--replies", "--yes", "--cache-dir", str(cache)]
    if cache.is_dir():
        subprocess.run(clear, check=True, capture_output=True)
    ran = subprocess.run(
        [*roundup, "draft", str(table), "--model", model, "--json", "--jobs", "2",
         "--cache-dir", str(cache), "-o", str(folder / f"{name}.md"), *options],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    return Run(ran.returncode, [e for e in events if e["event"] == "done"], ran.stderr)


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=20, metavar="N")
    options = parser.parse_args()
    corpus, tools = options.shared / "corpus" / "icml2015", options.shared / "tools"
    if missing(corpus) or missing(tools):
        return 2
    print(described(LIBRARIES), "\n")
    print("| route | context | valid | requests | counted | receipts | server | agree |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = papers_list(corpus, folder / "list.csv", options.papers)
        model = folder / "tiny.gguf"
        make = [sys.executable, str(tools / "make_tiny_gguf.py"), str(model)]
        subprocess.run(make, check=True, capture_output=True)
        for window in WINDOWS:
            for route in ("llamacpp", "ollama", "gguf", "litellm"):
                good &= _routed(route, window, table, folder, model, tools)
        good &= _cut(table, folder, options.shared)
    return 0 if good else 1


def _routed(route: str, window: int, table: Path, folder: Path, model: Path, tools: Path) -> bool:
    """Draft by one route; print its row, and tell whether all is as it should be."""
    papers = len(table.read_text("utf-8").splitlines()) - 1
    with ExitStack() as stack:
        context = ["--context", str(window)]
        proxy = None
        if route == "gguf":
            run = draft(table, folder, route, f"gguf:{model}", *context)
        else:
            served = started(tools / "serve_gguf.py", model, 0, window, 2)
            proxy = Proxy(stack.enter_context(served))
            base = f"{proxy.url}/v1"
            if route == "ollama":
                base = stack.enter_context(started(tools / "ollama_shim.py", base, 0))
            name = {"llamacpp": "llamacpp/tiny", "ollama": "ollama/tiny", "litellm": "openai/tiny"}
            run = draft(table, folder, route, name[route], "--api-base", base, "--yes", *context)
    counted, read = run.total("tokens_sent"), run.total("tokens_read")
    reported = proxy.read if proxy else None
    # llama.cpp counts for us; through other routes what was sent is an estimate.
    exact = route in {"llamacpp", "gguf"}
    agree = read == (read if reported is None else reported)
    agree &= counted == read if exact else abs(counted - read) <= NEAR * read
    valid = len(run.done)
    print(
        f"| {route} | {window:,} | {valid} of {papers} | {run.total('requests')} | {counted:,} "
        f"| {read:,} | {'-' if reported is None else f'{reported:,}'} "
        f"| {'yes' if agree else '**no**'} |",
        flush=True,
    )
    if valid < papers:
        print(run.said[-1_000:], file=sys.stderr)
    return agree and valid == papers


def _cut(table: Path, folder: Path, shared: Path) -> bool:
    """Draft over a server that cuts prompts unseen; say how many papers it was noticed of."""
    with stub(shared, 0.01, "--keep-tokens", str(KEPT)) as address:
        run = draft(table, folder, "cut", "local/stub", "--api-base", f"{address}/v1")
    papers = len(table.read_text("utf-8").splitlines()) - 1
    receipts = [event["receipt"] for event in run.done]
    # Who was sent less from the start was read to the end: fewer tokens than are kept.
    noticed = sum(bool(r["warnings"]) or r["tokens_read"] < KEPT * r["requests"] for r in receipts)
    said = sum(
        any("read only" in warning for warning in receipt["warnings"]) for receipt in receipts
    )
    whole = sum(receipt["share"] > 0.999 for receipt in receipts)
    print(
        f"\nA server that keeps the last {KEPT:,} tokens: {len(run.done)} of {papers} papers have "
        f"a summary; the cut was noticed of {noticed}, of which {said} met it themselves and the "
        f"others were sent less from then on; {whole} are said to be read whole."
    )
    return noticed == papers and not whole


if __name__ == "__main__":
    sys.exit(main())
