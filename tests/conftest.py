"""What every test stands on: no network beyond this machine, no waits, a cache of its own."""

import asyncio
import ipaddress
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from summarize.settings import Clock
from tests.forks import HEAVY, HOSTED, LIGHT, Forks, forkable

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

# How long an example takes, or takes to be made, says what else the machine has to do.
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What decides whether a change lands tries the same examples each time.
settings.register_profile("same", settings.get_profile("any"), derandomize=True)
settings.load_profile("any")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real papers and lists, or skip the test where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (real papers and lists)")
    return SHARED


@pytest.fixture(scope="session")
def icml(shared: Path) -> Path:
    """Return the folder of the 67 ICML 2015 papers."""
    return shared / "corpus" / "icml2015"


@pytest.fixture(autouse=True)
def _confined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test off the network, out of the user's folders and free of their settings."""
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not ipaddress.ip_address(address[0]).is_loopback:
            raise OSError(f"a test may not connect to {address[0]}")
        connect(self, address)

    def resolved(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in {"localhost", "127.0.0.1", "::1", None, b"127.0.0.1"}:
            raise socket.gaierror(socket.EAI_NONAME, f"a test may not look up {host}")
        return lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    for name in list(os.environ):
        if name.startswith("ROUNDUP_") or name.lower().endswith("_proxy") or "API_KEY" in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("ROUNDUP_ALLOW_PRIVATE", "1")  # tests play the web on this machine
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user-cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def clock() -> Clock:
    """Return a clock on which waiting takes no time."""
    start, elapsed = time.time(), 0.0

    async def sleep(seconds: float) -> None:
        nonlocal elapsed
        elapsed += seconds
        await asyncio.sleep(0)

    return Clock(now=lambda: start + elapsed, monotonic=lambda: elapsed, sleep=sleep)


Roundup = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def forks() -> Iterator[Callable[[str], Forks]]:
    """Return a function that gives the process to fork, started when it is first needed."""
    running: dict[str, Forks] = {}

    def get(preload: str) -> Forks:
        if preload not in running:
            running[preload] = Forks(preload)
        return running[preload]

    yield get
    for each in running.values():
        each.close()


@pytest.fixture
def roundup(tmp_path: Path, forks: Callable[[str], Forks]) -> Roundup:
    """Return a function that runs `roundup` in a process of its own, in a folder of its own."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        options.setdefault("cwd", tmp_path)
        options.setdefault("timeout", 150)
        words = [str(argument) for argument in arguments]
        if forkable(options):
            hosted = any(word.startswith(HOSTED) for word in words)
            return forks(HEAVY if hosted else LIGHT).run(words, **options)
        return subprocess.run(
            [sys.executable, "-m", "summarize", *words],
            capture_output=True,
            text=True,
            check=False,
            **options,
        )

    return run


@pytest.fixture(scope="session")
def stub_script(shared: Path) -> Path:
    """Return the stub model server's script."""
    return shared / "tools" / "stub_model_server.py"


class Stub:
    """A stub model server under way: where it listens, and what it was asked."""

    def __init__(self, url: str, record: Path) -> None:
        self.url = url
        self.record = record

    def requests(self) -> list[dict[str, Any]]:
        """Return the recorded requests, in order."""
        import json

        if not self.record.exists():
            return []
        return [json.loads(line) for line in self.record.read_text("utf-8").splitlines()]

    def questions(self) -> list[dict[str, Any]]:
        """Return the recorded requests but for those that send quotes back that are not there."""
        return [r for r in self.requests() if "These quotes are not in" not in str(r["body"])]


StubServer = Callable[..., Stub]


@pytest.fixture
def stub(stub_script: Path, tmp_path: Path) -> Iterator[StubServer]:
    """Return a function that starts a stub model server with the flags it is given."""
    processes: list[subprocess.Popen[str]] = []

    def start(*flags: str) -> Stub:
        record = tmp_path / f"stub-{len(processes)}.jsonl"
        process = subprocess.Popen(
            [sys.executable, str(stub_script), "--record", str(record), *flags],
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        ready, _, url = process.stdout.readline().strip().partition(" ")
        assert ready == "READY"
        return Stub(url, record)

    yield start
    for process in processes:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
