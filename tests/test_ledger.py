"""The ledger: what was paid for is in writing, and what was in flight is told."""

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import seal
from summarize.arrivals import RESERVE, lost
from summarize.backends import Slots
from summarize.errors import BackendError, ReplyError, StoreError
from summarize.ledger import ARRIVED, MOST_FILES, Ledger
from summarize.locks import claim
from summarize.once import Once
from summarize.records import Grounded, Paper, Past, Reply, Request, Summary
from summarize.seal import Line
from summarize.settings import Clock, Settings
from summarize.store import Store

PAPER = Paper(key="k", title="A Paper")
GROUNDED = Grounded(summary=Summary(tldr="It is so.", notes=()), claims=())
PAST = Past(key="key", model="m", prompt="default 1", when="2024-05-07T00:00:00+00:00")


@given(st.text(), st.text(), st.text())
def test_a_line_is_read_as_it_was_written(verb: str, key: str, value: str) -> None:
    """Whatever it says comes back, and stands on one line."""
    line = Line(verb, key, value)
    data = seal.written(line)
    assert data.count(b"\n") == 1
    assert seal.read(data.rstrip(b"\n")) == line


@given(st.text(), st.text(min_size=1), st.integers(0), st.integers(1, 255))
def test_damage_is_never_taken_for_what_was_kept(key: str, text: str, at: int, by: int) -> None:
    """A byte that changed is noticed, in a line as in a sealed text."""
    data = bytearray(seal.written(Line("set", key, text)).rstrip(b"\n"))
    data[at % len(data)] ^= by
    found = seal.read(bytes(data))
    assert found is None or found == Line("set", key, text)  # "A" is as good a digit as "a"
    whole = seal.sealed(key, text)
    assert seal.unsealed(key, whole) == text
    assert seal.unsealed(f"{key}x", whole) is None


@given(st.binary())
def test_no_bytes_are_too_strange(data: bytes) -> None:
    """Any bytes are a line or none."""
    seal.read(data)
    seal.legible_key(data)


def test_what_may_not_be_on_the_disk_is_in_flight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply that the disk did not take for sure is told by the next run as one in flight."""

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    ledger = Ledger(tmp_path)
    ledger.write("sent", "key", "k")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            ledger.write("set", f"{ARRIVED}key", "text", durable=True)
    ledger.close()
    assert [*tmp_path.glob("*.open")]


def test_what_one_run_writes_another_finds(tmp_path: Path) -> None:
    """Runs at the same time have files of their own, and read each other's."""
    one, other = Ledger(tmp_path), Ledger(tmp_path)
    one.write("set", "a", "1", durable=True)
    other.write("set", "b", "2")
    assert (one.find("b"), other.find("a")) == ("2", "1")
    one.write("forget", "a")
    assert other.find("a") is None
    one.close()
    assert other.find("b") == "2"
    assert len([*tmp_path.glob("*.jsonl")]) == 1
    other.close()


KILLED = """
import os, sys
from pathlib import Path
from summarize.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.write("set", "kept", "text", durable=True)
for name in "abc":
    ledger.write("sent", name, f"Paper {name}")
ledger.write("back", "b")
ledger.write("set", "arrived c", "{}")
os.kill(os.getpid(), 9)
"""


def test_what_was_in_flight_at_a_kill_is_told_once(tmp_path: Path) -> None:
    """The next run says what an earlier one had asked and not been answered; the rest is there."""
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("*.open")
    with left.open("ab") as file:
        file.write(b'12345678 ["set","torn')  # as a kill may leave a line
    ledger = Ledger(tmp_path)
    assert ledger.left() == ["Paper a"]
    assert ledger.left() == []
    assert ledger.find("kept") == "text"
    assert ledger.damaged() == []
    assert "1 request in flight" in lost(["Paper a"])[0]


def test_a_run_that_is_under_way_is_left_alone(tmp_path: Path) -> None:
    """What another run has in flight now is no news."""
    one = Ledger(tmp_path)
    one.write("sent", "a", "Paper")
    assert Ledger(tmp_path).left() == []
    one.close()
    assert Ledger(tmp_path).left() == ["Paper"]


def test_many_files_are_made_one(tmp_path: Path) -> None:
    """Nothing is lost or comes back when the files of runs that ended are made one."""
    reader = Ledger(tmp_path)
    for number in range(MOST_FILES + 1):
        ledger = Ledger(tmp_path)
        ledger.write("set", f"k{number}", str(number))
        ledger.write("forget", f"k{number - 1}") if number % 2 else None
        ledger.close()
    expected = dict(reader.everything())
    Ledger(tmp_path).left()
    assert len([*tmp_path.glob("*.jsonl")]) == 1
    assert dict(reader.everything()) == dict(Ledger(tmp_path).everything()) == expected


def test_a_claim_ends_with_its_process(tmp_path: Path) -> None:
    """One holds a name at a time; that of a process that was killed is free."""
    with claim(tmp_path / "x") as ours:
        assert ours
        with claim(tmp_path / "x") as theirs:
            assert not theirs
    script = (
        "import os, sys; from pathlib import Path; from summarize.locks import claim\n"
        "with claim(Path(sys.argv[1])) as ours: os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "x")], check=False)
    assert (tmp_path / "x").exists()
    with claim(tmp_path / "x") as ours:
        assert ours


def test_a_reply_that_arrived_is_not_asked_for_again(tmp_path: Path, clock: Clock) -> None:
    """A run that stops between a reply and its summary leaves the reply to the next."""
    asked: list[str] = []
    request = Request(model="m")

    async def send(request: Request) -> Reply:
        asked.append(request.key)
        return Reply(text="said")

    async def work(*, stops: bool) -> None:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            once = Once(store, clock, Slots(1), contextlib.nullcontext)

            async def make() -> tuple[Grounded, Past]:
                reply, _ = await once.ask(send, request, PAPER)
                assert reply.text == "said"
                if stops:
                    raise BackendError("the run stops here")
                return GROUNDED, PAST

            await once.kept(PAPER, "key", make)

    with pytest.raises(BackendError):
        asyncio.run(work(stops=True))
    asyncio.run(work(stops=False))
    asyncio.run(work(stops=False))
    assert len(asked) == 1


def test_the_same_request_may_be_asked_again_for_one_summary(tmp_path: Path, clock: Clock) -> None:
    """A second try of one paper gets a second reply, and so it does when a later run repeats it."""
    asked: list[str] = []

    async def send(request: Request) -> Reply:
        asked.append(request.key)
        return Reply(text=f"reply {len(asked)}")

    async def work() -> list[str]:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            once = Once(store, clock, Slots(1), contextlib.nullcontext)
            return [(await once.ask(send, Request(model="m"), PAPER))[0].text for _ in range(2)]

    assert asyncio.run(work()) == asyncio.run(work()) == ["reply 1", "reply 2"]
    assert len(asked) == 2


def test_what_came_to_no_summary_is_asked_anew(tmp_path: Path, clock: Clock) -> None:
    """A reply of which nothing came is no answer for ever."""
    asked: list[str] = []

    async def send(request: Request) -> Reply:
        asked.append(request.key)
        return Reply(text="nonsense")

    async def work() -> None:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            once = Once(store, clock, Slots(1), contextlib.nullcontext)

            async def make() -> tuple[Grounded, Past]:
                await once.ask(send, Request(model="m"), PAPER)
                raise ReplyError("it is no summary")

            await once.kept(PAPER, "key", make)

    for _ in range(2):
        with pytest.raises(ReplyError):
            asyncio.run(work())
    assert len(asked) == 2


def test_nothing_is_asked_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a reply would have no room, its request is not sent."""

    class Full:
        free = RESERVE - 1

    async def work() -> None:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            store.arrivals.sent("k", "Paper")

    monkeypatch.setattr("summarize.arrivals.shutil.disk_usage", lambda _: Full)
    with pytest.raises(StoreError, match="is full: nothing more is asked"):
        asyncio.run(work())


def test_an_older_cache_is_written_down(tmp_path: Path) -> None:
    """What was paid for before there were ledgers is in the ledger after one run."""

    async def keep() -> None:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            store._set("replies", "k", GROUNDED.model_dump_json())

    async def find() -> Grounded | None:
        async with Store(Settings(cache_dir=tmp_path)) as store:
            return await store.reply("k", Grounded)

    asyncio.run(keep())
    (tmp_path / "ledger").rmdir()
    asyncio.run(find())
    (tmp_path / "replies" / "cache.db").write_bytes(b"\0" * 9000)
    for journal in (tmp_path / "replies").glob("cache.db-*"):
        journal.unlink()
    assert asyncio.run(find()) == GROUNDED
