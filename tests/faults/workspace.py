"""A workspace to do harm in: a list, servers, a command line, and what was asked and kept."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from summarize import seal
from tests.conftest import ROOT, SHARED

STUB = SHARED / "tools" / "stub_model_server.py"
ICML = SHARED / "corpus" / "icml2015"
_TAG = re.compile(r"\[([0-9a-f]{8})\]")


@contextmanager
def stub(record: Path, *flags: str) -> Iterator[str]:
    """Run the stub model server; yield its address. It writes what it is asked into `record`."""
    process = subprocess.Popen(
        [sys.executable, str(STUB), "--record", str(record), *flags],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready, _, url = process.stdout.readline().strip().partition(" ")
        assert ready == "READY"
        yield url
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def icml_list(path: Path, base: str, count: int = 67) -> Path:
    """Write a list of ICML papers whose PDFs are below `base`."""
    with (ICML / "icml2015.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:count]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        for row in rows:
            name = row["url"].rpartition("/")[2].replace(".html", ".pdf")
            writer.writerow({**row, "url": f"{base}/v37/{name}"})
    return path


def abstracts_list(path: Path, count: int, seed: str = "") -> Path:
    """Write a list of papers that have an abstract alone: nothing is to be fetched."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "abstract"])
        for n in range(count):
            one = hashlib.sha256(f"{seed}{n}".encode()).hexdigest()[:6]
            writer.writerow(
                [
                    f"On the Method {one} and Its {n} Uses",
                    f"We propose method {one}, which does one thing well. We show on three data "
                    f"sets that it needs {n + 2} times fewer steps than what was known before. "
                    "It is simple, and it does not need any labels at all.",
                ]
            )
    return path


def environment() -> dict[str, str]:
    """Return an environment without anybody's keys, settings and proxies."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (
            name.startswith("ROUNDUP_")
            or name.lower().endswith("_proxy")
            or "API_KEY" in name
            or name == "PYTEST_CURRENT_TEST"
        )
    } | {"PYTHONPATH": str(ROOT), "ROUNDUP_ALLOW_PRIVATE": "1"}


def roundup(*arguments: object) -> list[str]:
    """Return the command line of a run."""
    return [sys.executable, "-m", "summarize", *map(str, arguments)]


def started(folder: Path, *arguments: object, said: Path) -> subprocess.Popen[bytes]:
    """Start a run in a folder; what it says goes into a file."""
    with said.open("ab") as file:
        return subprocess.Popen(
            roundup(*arguments), cwd=folder, stdout=file, stderr=file, env=environment()
        )


class Record:
    """What a stub is asked, as it writes it into a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self.first: set[str] = set()  # those that begin a paper, and end in its summary
        self.asked: list[str] = []  # the questions, in order, by the tags that their answers have

    def more(self) -> list[str]:
        """Return what was asked since the last call.

        Those that send quotes back are other questions, and have tags of their own.
        """
        data = b""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self._at += len(data)
        lines = [json.loads(line) for line in data.splitlines()]
        posted = [line["body"] for line in lines if line["method"] == "POST"]
        self.first |= {_tag(body) for body in posted if len(body["messages"]) == 2}
        new = [_tag(line["body"]) for line in lines if line["method"] == "POST"]
        self.asked += new
        return new


def _tag(body: dict[str, Any]) -> str:
    text = " ".join(["", "", *(message["content"] for message in body["messages"])])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def committed(cache: Path) -> set[str]:
    """Return the tags of all replies that the ledger of a cache holds, or ever held."""
    found: set[str] = set()
    for path in sorted((cache / "ledger").glob("0*")):
        data = b""
        for each in (path, path.with_suffix(".jsonl")):  # its run may just be ending
            with suppress(FileNotFoundError):
                data = data or each.read_bytes()
        for raw in data.split(b"\n"):
            line = seal.read(raw)
            if line and line.verb == "set" and "history" not in line.key:
                found |= {*_TAG.findall(line.value)}
    return found


def written(cache: Path) -> int:
    """Return how many bytes the ledger of a cache has: what grows when something is committed."""
    total = 0
    for path in (cache / "ledger").glob("0*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total
