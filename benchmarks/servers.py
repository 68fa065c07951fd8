"""Watch one draft over three servers of a model, of which one is killed and started again.

    python benchmarks/servers.py [--shared PATH] [--papers N] [--jobs N] [--latency S]

Stub servers answer after `--latency` seconds. The second is killed after a third of the papers and
started again, at its old port, after two thirds. Prints how many requests each has answered, second
by second, and what the run came to.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from arguments import arguments, missing
from cluster import draft, papers_list
from machine import described

LIBRARIES = ["paper-roundup", "aiohttp"]
SERVERS = 3


class Stub:
    """A stub server at a port of its own, that can be killed and started again."""

    def __init__(self, shared: Path, latency: float) -> None:
        script = shared / "tools" / "stub_model_server.py"
        self._command = [sys.executable, str(script), "--latency", str(latency)]
        self._before = 0  # requests of its earlier lives
        self._now = 0
        self._start()

    def _start(self, *flags: str) -> None:
        self.process = subprocess.Popen([*self._command, *flags], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.url = self.process.stdout.readline().split()[1]

    def asked(self) -> int:
        """Return how many requests it has been sent, over all of its lives."""
        try:
            with urllib.request.urlopen(f"{self.url}/__stats", timeout=2) as answer:
                paths = json.loads(answer.read())["paths"]
                self._now = sum(n for path, n in paths.items() if path.endswith("completions"))
        except OSError:
            pass
        return self._before + self._now

    def kill(self) -> None:
        """Kill it outright."""
        self.asked()
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Start it again where it was."""
        self._before, self._now = self._before + self._now, 0
        self._start("--port", self.url.rpartition(":")[2])


def main() -> int:
    """Run it, and print what happened."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=300, metavar="N")
    parser.add_argument("--jobs", type=int, default=12, metavar="N")
    parser.add_argument("--latency", type=float, default=1.0, metavar="S")
    options = parser.parse_args()
    if missing(options.shared):
        return 2
    print(described(LIBRARIES), "\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        table = papers_list(options.shared, folder / "list.csv", options.papers)
        each_once = papers_list(options.shared, folder / "texts.csv", 0)
        draft(each_once, folder, "read.md", "--model", "extractive").wait()
        stubs = [Stub(options.shared, options.latency) for _ in range(SERVERS)]
        bases = [part for stub in stubs for part in ("--api-base", f"{stub.url}/v1")]
        run = draft(table, folder, "post.md", "--model", "local/stub", "--jobs",
                    str(options.jobs), *bases)  # fmt: skip
        code = _watched(run, stubs, options.papers)
        for stub in stubs:
            stub.process.kill()
        again = sum(stub.asked() for stub in stubs) - options.papers
        entries = (folder / "post.md").read_text("utf-8").count("\n1. ") or "?"
        print(f"\nexit code {code}; requests beyond one a paper: {again} (quotes that are asked "
              f"for again among them); entries in the post: {entries}")  # fmt: skip
    return code


def _watched(run: subprocess.Popen[bytes], stubs: list[Stub], papers: int) -> int:
    """Print what the servers are asked while it runs; kill one, and start it again."""
    started, last, second = time.monotonic(), [0] * SERVERS, stubs[1]
    killed = restarted = False
    print("| s | " + " | ".join(f"server {n + 1}" for n in range(SERVERS)) + " | |")
    print("|---:|" + "---:|" * SERVERS + "---|")
    while run.poll() is None:
        time.sleep(2.0)
        asked, remark = [stub.asked() for stub in stubs], ""
        new = [now - before for now, before in zip(asked, last, strict=True)]
        last = asked
        if not killed and sum(asked) > papers / 3:
            second.kill()
            killed, remark = True, "server 2 is killed"
        elif killed and not restarted and sum(asked) > 2 * papers / 3:
            second.restart()
            restarted, remark = True, "server 2 is back"
        counts = " | ".join(f"+{n}" for n in new)
        print(f"| {time.monotonic() - started:.0f} | {counts} | {remark} |", flush=True)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
