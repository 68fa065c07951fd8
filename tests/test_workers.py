"""The pool of killable processes: one bad call costs one item."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from summarize import read, workers
from summarize.errors import ExtractError
from summarize.records import Document, Paper
from summarize.settings import MB, Settings
from summarize.workers import Pool
from tests.processes import descendants, gone


def echo(data: bytes, text: str = "") -> Document:
    """Return what was sent, from a process of its own."""
    sys.stdout.write("a library that prints")
    sys.stdout.flush()
    return Document(text=f"{len(data)} {text} {os.getpid()}", engine="test")


def hang(data: bytes) -> Document:
    """Never return."""
    while True:
        time.sleep(1)


def crash(data: bytes) -> Document:
    """End the process at once."""
    os._exit(1)


def gorge(data: bytes) -> Document:
    """Ask for more memory than there may be."""
    return Document(text=str(len(bytearray(8 * 1024**3))), engine="test")


def refuse(data: bytes) -> Document:
    """Raise what a reader raises for a file that it can't read."""
    raise ExtractError("it is damaged", "get another copy")


def stumble(data: bytes) -> Document:
    """Fail as a library does that was not made for such a file."""
    raise KeyError("/Root")


def fill(data: bytes) -> Document:
    """Hold much memory for a while, though not more than there may be."""
    return Document(text=f"{len(b'x' * 700 * MB)} {os.getpid()}", engine="test")


def settle(data: bytes) -> Document:
    """Start a process and write a file, say where they are, and never return."""
    child = subprocess.Popen(["sleep", "100"])
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x")
    Path(data.decode()).write_text(f"{child.pid} {file.name}", "utf-8")
    return hang(data)


def lie(data: bytes) -> Document:
    """Return something that is not what was promised."""
    return ExtractError  # type: ignore[return-value]


def mistake(data: bytes) -> Paper:
    """Return a record of another kind."""
    return Paper(key="a paper")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings for one worker, which finds this module."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    return Settings(workers=1, read_timeout=20, read_memory=1000 * MB)


def test_a_call_comes_back(settings: Settings) -> None:
    """Bytes and arguments reach the other process, the record comes back, prints go nowhere."""

    async def work() -> list[Document]:
        async with Pool(settings) as pool:
            return [await pool.run(echo, Document, b"x" * n, text="ü\n") for n in (0, 10**7)]

    small, large = asyncio.run(work())
    assert small.text.startswith("0 ü\n ")
    assert large.text.startswith("10000000 ü\n ")
    assert not small.text.endswith(f" {os.getpid()}")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (hang, "took longer than 1 s"),
        (crash, "crashed its reader"),
        (gorge, "too much memory"),
        (refuse, "it is damaged"),
        (stumble, r"reading the PDF failed \(KeyError\)"),
        (lie, r"reading the PDF failed \(AttributeError\)"),
        (mistake, "gave nonsense"),
    ],
)
def test_a_bad_call_costs_one_item(bad: object, reason: str, settings: Settings) -> None:
    """A call that hangs, crashes or gorges fails with its reason, and the next one is served."""

    async def work() -> Document:
        async with Pool(settings) as pool:
            await pool.run(echo, Document, b"")  # a worker is up: only the call is timed
            pool._settings = Settings(workers=1, read_timeout=1, read_memory=1000 * MB)
            with pytest.raises(ExtractError, match=reason):
                await pool.run(bad, Document, b"")  # type: ignore[arg-type]
            pool._settings = settings
            return await pool.run(echo, Document, b"")

    assert asyncio.run(work()).text.startswith("0 ")


def test_workers_are_recycled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many calls a worker is replaced by a new process."""
    monkeypatch.setattr(workers, "RECYCLE", 2)

    async def work() -> list[str]:
        async with Pool(settings) as pool:
            return [(await pool.run(echo, Document, b"")).text for _ in range(4)]

    first, second, third, fourth = asyncio.run(work())
    assert first == second != third == fourth


@pytest.mark.skipif(sys.platform == "win32", reason="needs rlimits")
def test_a_worker_that_held_much_is_replaced(settings: Settings) -> None:
    """After a call that took most of the memory there may be, the next one finds a new process."""

    async def work() -> list[str]:
        async with Pool(settings) as pool:
            calls = (echo, fill, echo)
            return [(await pool.run(call, Document, b"")).text.split()[-1] for call in calls]

    first, second, third = asyncio.run(work())
    assert first == second != third


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_what_the_run_holds_is_not_its_workers(settings: Settings) -> None:
    """A worker of a run that itself holds much is not taken for one that did: it stays."""
    held = bytearray(700 * MB)
    held[::4096] = b"x" * len(held[::4096])  # or the system would lend none of it

    async def work() -> list[str]:
        async with Pool(settings) as pool:
            return [(await pool.run(echo, Document, b"")).text.split()[-1] for _ in range(2)]

    first, second = asyncio.run(work())
    del held
    assert first == second


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_a_killed_worker_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a worker end the processes that it has started, and the files that they wrote go."""
    folder, note = tmp_path / "tmp", tmp_path / "note"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    async def work() -> None:
        async with Pool(settings) as pool:
            task = asyncio.create_task(pool.run(settle, Document, str(note).encode()))
            for _ in range(1000):
                if note.exists() and " " in note.read_text("utf-8"):
                    break
                await asyncio.sleep(0.02)
            child, file = note.read_text("utf-8").split()
            assert Path(file).parent.parent == folder
            assert int(child) in descendants(os.getpid())
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert gone(int(child))
            assert list(folder.iterdir()) == []

    asyncio.run(work())


def test_leaving_ends_every_process(settings: Settings) -> None:
    """When the pool is left, also in the middle of a call, no process stays."""

    async def work() -> int:
        async with Pool(settings) as pool:
            pid = int((await pool.run(echo, Document, b"")).text.split()[-1])
            task = asyncio.create_task(pool.run(hang, Document, b""))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return pid

    with pytest.raises(ProcessLookupError):
        os.kill(asyncio.run(work()), 0)


def test_a_paper_is_read_in_a_worker(settings: Settings, icml: Path) -> None:
    """A real PDF read by the pool gives the same document as one read here."""
    data = (icml / "pdfs" / "an15.pdf").read_bytes()

    async def work() -> Document:
        async with Pool(settings) as pool:
            return await pool.run(read.read, Document, data, engine="auto", max_pages=500)

    assert asyncio.run(work()) == read.read(data)
