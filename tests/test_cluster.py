"""A cluster: what goes to workers, and that a run ends well whoever dies meanwhile."""

import asyncio
import contextlib
import csv
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import AsyncMock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.cluster import Address, parsed, wire
from summarize.cluster.link import Link
from summarize.cluster.wire import Asking
from summarize.errors import BackendError, InputError, TooLong, Transient
from summarize.records import Message, Reply, Request
from summarize.settings import Clock, Settings
from tests.conftest import Roundup, StubServer
from tests.processes import descendants

ABSTRACT = (
    "We study how the papers of list number {} are read by machines that come and go. "
    "A worker that dies gives back what it had in hand, and another one takes it up. "
    "In experiments on many machines, no paper is lost and none is asked about twice. "
)
REQUEST = Request(model="local/m", messages=(Message(role="user", content="Of what?"),))


@pytest.mark.parametrize("text", ["tcp://10.0.0.1:8786", "tls://gpu.example.org:8786", "local:4"])
def test_an_address_is_a_schedulers_or_says_how_many_workers(text: str) -> None:
    """A scheduler elsewhere is not taken for one on this machine."""
    address = parsed(text)
    assert address.is_here == text.startswith("local")
    assert address.scheduler == ("" if address.is_here else text)


@given(st.text())
def test_what_is_no_address_is_refused(text: str) -> None:
    """Whatever is given, it is an address or an `InputError`."""
    with contextlib.suppress(InputError):
        parsed(text)


def test_neither_key_nor_address_is_in_an_order() -> None:
    """A worker is told the name of the variable that holds its own server's address."""
    settings = Settings(
        model="local/m", api_base="http://10.1.2.3:8000", api_key="SECRET", password="SECRET"
    )
    order = wire.order(Asking.of(settings, "GPU_SERVER", 1), REQUEST)
    assert "SECRET" not in order
    assert "10.1.2.3" not in order
    asking, request = wire.ordered(order)
    assert (asking.base, request) == ("GPU_SERVER", REQUEST)
    assert asking.applied().model == "local/m"


def test_a_reply_comes_back_as_it_was_given() -> None:
    """With its tokens and its cost."""
    reply = Reply(text="{}", tokens_read=3, tokens_written=4, finish="length", cost=0.5)
    assert wire.replied(wire.answer(reply)) == reply


def test_an_error_comes_back_as_it_was_met() -> None:
    """With what it says beside its message, and with the worker's name where that says where."""
    busy = Transient("it is busy", retry_after=3.0, busy=True)
    busy.free = True
    with pytest.raises(Transient, match="worker tcp://w:1: it is busy") as met:
        wire.answered(wire.refusal(busy, "tcp://w:1"))
    assert (met.value.retry_after, met.value.busy, met.value.free) == (3.0, True, True)
    with pytest.raises(TooLong, match=r"^too long") as long:
        wire.answered(wire.refusal(TooLong("too long", tokens=9, window=8), "tcp://w:1"))
    assert (long.value.tokens, long.value.window) == (9, 8)
    with pytest.raises(BackendError, match="worker tcp://w:1: needs an address"):
        wire.answered(wire.refusal(InputError("needs an address"), "tcp://w:1"))


def test_a_worker_of_another_version_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order of another version is refused before anything is asked."""
    order = wire.order(Asking.of(Settings(model="local/m"), "X", 1), REQUEST)
    monkeypatch.setattr(wire, "__version__", "99.0")
    with pytest.raises(BackendError, match="a worker has roundup 99"):
        wire.ordered(order)


def test_an_address_of_a_server_is_not_sent_to_workers(roundup: Roundup, tmp_path: Path) -> None:
    """It would be each worker's own machine: the variable is to be named."""
    (tmp_path / "l.csv").write_text("title,abstract\nA,B\n", "utf-8")
    done = roundup(
        "draft", "l.csv", "--model", "local/m", "--api-base", "http://127.0.0.1:1",
        "--cluster", "tcp://10.0.0.1:8786",
    )  # fmt: skip
    assert done.returncode == 2
    assert "ROUNDUP_API_BASE" in done.stderr


@pytest.mark.parametrize(("most", "at_once"), [(None, 6 + 2), (5, 5), (6, 6 + 2)])
def test_each_worker_has_a_request_in_hand_beyond_its_slots(most: int | None, at_once: int) -> None:
    """So that a slot that is free need not wait for us, but never more than the person wants."""
    told = {
        "a": {"resources": {"model": 4, "pdf": 2}, "nthreads": 8},
        "b": {"resources": {"model": 4}, "nthreads": 2},  # as many as it has threads
        "c": {"resources": {"pdf": 1}, "nthreads": 1},
    }

    async def looked() -> Link:
        link = Link(Address("tcp://a:1", "a"), Clock(), {}, most)
        scheduler = SimpleNamespace(identity=AsyncMock(return_value={"workers": told}))
        link._client = SimpleNamespace(status="running", scheduler=scheduler)
        await link._look()
        return link

    slots = asyncio.run(looked()).slots
    assert (slots["model"].most, slots["pdf"].most) == (at_once, 3)


def test_text_goes_to_another_machines_workers_only_where_the_person_agrees(
    roundup: Roundup, tmp_path: Path
) -> None:
    """Who would read it is named."""
    (tmp_path / "l.csv").write_text("title,abstract\nA,B\n", "utf-8")
    done = roundup("draft", "l.csv", "--cluster", "tcp://gpu.example.org:8786")
    assert done.returncode == 2
    assert "the workers of gpu.example.org would be given the papers' text" in done.stderr


def test_without_a_scheduler_a_run_says_so(roundup: Roundup, tmp_path: Path) -> None:
    """One message, with what to do; no post is written."""
    pytest.importorskip("distributed")
    _list(tmp_path / "l.csv", 2)
    done = roundup(
        "draft", "l.csv", "--abstract-only", "--cluster", f"tcp://127.0.0.1:{_port()}",
        "--model", "local/m", "-o", "p.md",
    )  # fmt: skip
    assert done.returncode == 1
    assert "no scheduler answers at tcp://127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "p.md").exists()


def test_what_is_cached_needs_no_cluster(roundup: Roundup, tmp_path: Path) -> None:
    """A run that finds all in the cache connects to nobody."""
    _list(tmp_path / "l.csv", 2)
    assert roundup("draft", "l.csv", "--abstract-only", "-o", "p.md").returncode == 0
    again = roundup(
        "draft", "l.csv", "--abstract-only", "--cluster", "tcp://127.0.0.1:9", "-o", "q.md"
    )
    assert again.returncode == 0
    assert (tmp_path / "p.md").read_bytes() == (tmp_path / "q.md").read_bytes()


@pytest.mark.slow
def test_a_cluster_writes_the_same_post_whoever_dies_meanwhile(
    roundup: Roundup, stub: StubServer, tmp_path: Path, cluster: "Machines", icml: Path
) -> None:
    """A worker and the scheduler are killed; nothing but what was in flight is asked again."""
    model = stub("--latency", "0.3")
    table = _list(tmp_path / "l.csv", 20, icml)
    common = ("draft", table, "--model", "local/stub", "--quiet")
    alone = roundup(*common, "-o", "alone.md", "--cache-dir", "one", "--api-base", model.url)
    assert alone.returncode == 0, alone.stderr
    before = len(model.requests())
    cluster.start(2, {"ROUNDUP_API_BASE": model.url})

    def kill() -> None:
        _until(lambda: len(model.requests()) >= before + 8)
        cluster.kill_worker()
        _until(lambda: len(model.requests()) >= before + 16)
        cluster.restart_scheduler()

    killing = threading.Thread(target=kill)
    killing.start()
    done = roundup(*common, "-o", "many.md", "--cache-dir", "two", "--cluster", cluster.address)
    killing.join()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "many.md").read_bytes() == (tmp_path / "alone.md").read_bytes()
    asked = Counter(str(r["body"]) for r in model.requests()[before:] if "messages" in r["body"])
    again = sum(asked.values()) - len(asked)
    assert again <= 2 + 4, "more than was in flight at the two kills"


async def _dies_once(marker: str) -> str:
    """End the worker that this runs on, but for the second time."""
    if Path(marker).exists():
        return "alive"
    Path(marker).touch()
    os._exit(1)


@pytest.mark.slow
def test_a_worker_that_dies_while_it_is_asked_is_not_waited_for(tmp_path: Path) -> None:
    """Who comes in its place has another address: it is asked instead, or the question is over."""
    pytest.importorskip("distributed")
    start = {
        "n_workers": 1, "threads_per_worker": 2, "resources": {"model": 1, "pdf": 1}, "env": {},
    }  # fmt: skip

    async def work() -> None:
        async with asyncio.timeout(60), Link(parsed("local:1"), Clock(), start) as link:
            await link.open("model")
            told = await link.everywhere(_dies_once, str(tmp_path / "all"), resource="model")
            assert told == ["alive"]
            with pytest.raises(Transient, match="died"):
                await link.run(_dies_once, str(tmp_path / "one"), workers=link.workers("model"))

    asyncio.run(work())


# --- a scheduler and its workers ------------------------------------------------------------------


class Machines:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.address = f"tcp://127.0.0.1:{_port()}"
        self._folder = folder
        self._scheduler = self._run("scheduler", "--port", self.address.rpartition(":")[2])
        self._workers: list[subprocess.Popen[bytes]] = []
        self._variables: dict[str, str] = {}

    def start(self, workers: int, variables: dict[str, str]) -> None:
        """Start workers, each with two slots of a model and a reader of PDFs."""
        self._variables = variables
        for number in range(workers):
            self._workers.append(
                self._run(
                    "worker", self.address, "--nthreads", "3", "--resources", "model=2,pdf=1",
                    "--local-directory", self._folder / f"w{number}", **variables,
                )
            )  # fmt: skip

    def kill_worker(self) -> None:
        """Kill a worker outright; its nanny starts another."""
        nanny = self._workers[0].pid
        _until(lambda: len(descendants(nanny)) > 1)
        for child in descendants(nanny) - {nanny}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def restart_scheduler(self) -> None:
        """Kill the scheduler, and start it again where it was, with as many workers."""
        self._scheduler.kill()
        self._scheduler.wait()
        self._scheduler = self._run("scheduler", "--port", self.address.rpartition(":")[2])
        workers = len(self._workers)
        self._end_workers()  # as who operates a cluster has them started again
        self.start(workers, self._variables)

    def close(self) -> None:
        """End all of it."""
        self._end_workers()
        self._scheduler.kill()
        self._scheduler.wait()

    def _end_workers(self) -> None:
        for worker in self._workers:
            for each in descendants(worker.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            worker.wait()
        self._workers.clear()

    def _run(self, what: str, *arguments: object, **variables: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, arguments),
             "--no-dashboard", "--host", "127.0.0.1"],
            env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Machines]:
    """Run a scheduler, whose workers the test starts."""
    pytest.importorskip("distributed")
    if sys.platform != "linux":
        pytest.skip("needs Linux (looks into /proc)")
    machines = Machines(tmp_path)
    yield machines
    machines.close()


def _list(path: Path, papers: int, icml: Path | None = None) -> Path:
    """Write a list: of abstracts, or of the corpus's PDFs."""
    rows = [{"title": f"Paper {n}", "abstract": ABSTRACT.format(n)} for n in range(papers)]
    if icml:  # one that is read on a worker
        smallest = min((icml / "pdfs").glob("*.pdf"), key=lambda pdf: pdf.stat().st_size)
        rows[0] = {"title": "Paper 0", "abstract": "", "pdf": str(smallest)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["title", "abstract", "pdf"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
