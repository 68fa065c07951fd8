"""The pool of killable processes: one bad call costs one item."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from summarize import read, workers
from summarize.errors import ExtractError
from summarize.records import Document
from summarize.settings import MB, Settings
from summarize.workers import Pool


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


def lie(data: bytes) -> Document:
    """Return something that is not what was promised."""
    return ExtractError  # type: ignore[return-value]


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
        (lie, "crashed its reader"),
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


@pytest.mark.slow
def test_damaged_files_end_as_documents_or_reasons(settings: Settings, shared: Path) -> None:
    """Every broken or hostile PDF ends as a document or as a named reason, and no worker leaks."""
    files = sorted((shared / "corpus" / "damaged").glob("*.pdf"))
    assert len(files) == 54

    async def work() -> list[object]:
        async with Pool(Settings(workers=2, read_timeout=20)) as pool:
            calls = (pool.run(read.read, Document, file.read_bytes()) for file in files)
            return list(await asyncio.gather(*calls, return_exceptions=True))

    ended = asyncio.run(work())
    assert all(isinstance(end, Document | ExtractError) for end in ended)
    assert sum(isinstance(end, Document) for end in ended) >= 10
