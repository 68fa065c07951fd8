"""`roundup draft --batch`: submitted once, collected when it is ready, lost never."""

import asyncio
import csv
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from summarize.backends import Model, choose, litellm_batches
from summarize.batching import Batching
from summarize.errors import (
    Awaited,
    BackendError,
    Garbled,
    Refused,
    ReplyError,
    StoreError,
    Transient,
)
from summarize.records import Message, Reply, Request
from summarize.settings import Clock, Settings
from summarize.store import Store
from tests.batch_service import BatchService, failed, good, replied
from tests.conftest import Roundup, StubServer

# litellm leaves the clients of its batch functions, one a call, to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
COUNT = 4
ABSTRACT = "We propose method {} that does one thing well, and we show it on three data sets."


@pytest.fixture
def service() -> Iterator[BatchService]:
    """Return a service with batches."""
    with BatchService() as running:
        yield running


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Return a list of papers with abstracts."""
    path = tmp_path / "l.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "abstract"])
        writer.writerows([f"Paper {n}", ABSTRACT.format(n)] for n in range(COUNT))
    return path


def command(papers: Path, url: str, *more: object) -> tuple[object, ...]:
    """Return the command that drafts by batch."""
    return (
        "draft", papers, "--batch", "--abstract-only", "--cache-dir", "c",
        "--model", "openai/stub", "--api-base", url, *more,
    )  # fmt: skip


@pytest.mark.slow
def test_submit_collect_and_write(
    service: BatchService, papers: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """Submitted in one batch, waited for, collected; an invalid reply is asked again in another."""

    def badly_at_first(line: dict[str, Any], _: int) -> dict[str, Any]:
        text, turns = json.dumps(line), len(line["body"]["messages"])
        return replied('{"unexpected": 1}') if "Paper 1" in text and turns == 2 else good(line, 1)

    service.answer = badly_at_first
    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 4, ran.stderr
    assert f"0 of {COUNT} papers done; {COUNT} requests in a batch" in ran.stderr
    assert "Run the same command again later" in ran.stderr
    (lines,) = service.made.values()
    assert len({line["custom_id"] for line in lines}) == COUNT
    assert all(line["body"]["response_format"]["type"] == "json_schema" for line in lines)
    assert all(line["body"]["max_tokens"] == 2000 for line in lines)

    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 4
    assert f"batch-0: in_progress, 0 of {COUNT} answered" in ran.stderr
    assert len(service.made) == 1, "what is in flight is not submitted again"

    service.end()
    ran = roundup(*command(papers, service.url, "--json"))
    assert ran.returncode == 4
    assert "3 of 4 papers done; 1 request in a batch" in ran.stderr
    events = [json.loads(line)["event"] for line in ran.stdout.splitlines()]
    assert (events.count("done"), events.count("waiting"), events.count("end")) == (3, 1, 0)
    assert not (tmp_path / "l.md").exists()
    (again,) = service.made["batch-1"]
    assert [m["role"] for m in again["body"]["messages"]] == ["system", "user", "assistant", "user"]

    service.end()
    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 0, ran.stderr
    assert "4 of 4 papers done, 3 from the cache" in ran.stderr
    assert "2 requests, 2,200 tokens" in ran.stderr
    post = (tmp_path / "l.md").read_text("utf-8")
    assert len(set(re.findall(r"What was done and found, (\w+)", post))) == COUNT
    assert max(service.asked.values()) == 1, "nothing was paid for twice"


@pytest.mark.slow
def test_a_batch_that_ends_early(
    service: BatchService, papers: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """What an expired batch had answered is kept; the rest is skipped, and may be asked anew."""
    roundup(*command(papers, service.url))
    service.end("expired", answered=2)
    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 3, ran.stderr
    assert "2 of 4 papers done, 2 from the abstract alone, 2 skipped" in ran.stderr
    assert "2 × skipped (ask): its batch expired" in ran.stderr
    assert (tmp_path / "l.md").read_text("utf-8").count("Not summarized: its batch expired") == 2
    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 4, ran.stderr
    assert len(service.made["batch-1"]) == 2, "only what was not answered is submitted anew"


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["/files", "/batches"])
def test_a_kill_at_the_worst_moment(
    moment: str, service: BatchService, papers: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """Killed after the service did it and before it said so: the batch is found, not doubled."""
    words = [sys.executable, "-m", "summarize", *map(str, command(papers, service.url))]
    reached: list[str] = []

    def hold(method: str, path: str) -> bool:
        if method == "POST" and path == moment and not reached:
            reached.append(path)
            process.send_signal(signal.SIGKILL)
            process.wait()
        return False

    service.lose = hold
    process = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL)
    process.wait(timeout=60)
    for _ in range(500):  # the service ends its answer a moment after
        if reached:
            break
        time.sleep(0.01)
    assert reached == [moment]
    ran = roundup(*command(papers, service.url))
    assert ran.returncode == 4, ran.stderr
    assert sorted(service.asked.values()) == [1] * COUNT
    service.end()
    assert roundup(*command(papers, service.url)).returncode == 0
    assert sorted(service.asked.values()) == [1] * COUNT


@pytest.mark.slow
def test_over_the_stub(
    icml: Path, roundup: Roundup, stub: StubServer, papers: Path, tmp_path: Path
) -> None:
    """Real papers, over the stub's files and batches, one reply invalid and one lost to a 500."""
    server = stub("--latency", "0.01", "--script", "ok,invalid,ok,500")
    words = (
        "draft", icml / "icml2015.csv", "--limit", "6", "--pdf-dir", icml / "pdfs", "--batch",
        "--model", "openai/stub", "--api-base", f"{server.url}/v1", "-o", "p.md",
    )  # fmt: skip
    assert [roundup(*words).returncode for _ in range(4)] == [4, 4, 0, 0]
    sent = [r for r in server.requests() if (r["method"], r["target"]) == ("POST", "/v1/batches")]
    assert len(sent) == 2
    assert "Not summarized" not in (tmp_path / "p.md").read_text("utf-8")


@pytest.mark.parametrize("model", ["extractive", "anthropic/claude-x", "ollama/x", "replay:x"])
def test_who_has_no_batches(model: str, papers: Path, roundup: Roundup) -> None:
    """A model whose provider has no batches is refused with one message, before all else."""
    ran = roundup("draft", papers, "--batch", "--model", model)
    assert ran.returncode == 2
    assert f"--batch: roundup knows of no batches for {model}" in ran.stderr


# --- without a process ---

REQUEST = Request(model="m", messages=(Message(role="user", content="x"),))


def run(service: BatchService, folder: Path, clock: Clock, *requests: Request) -> list[Reply | str]:
    """Ask for these by batch, in a run; return the replies, or what came instead."""
    settings = Settings(
        model="openai/x", api_base=service.url, cache_dir=folder, attempts=3, batch=True
    )

    async def walk() -> list[Reply | str]:
        offered = choose(settings.model).batches(settings, clock)
        assert offered is not None
        async with Store(settings) as store:
            with store.alone("batches"):
                batching = Batching(offered, store, clock, model="openai/x", endpoint="local")
                model = batching.model(Model(_never))
                await model.ready()
                had: list[Reply | str] = []
                for request in requests:
                    try:
                        had.append(await model.ask(request))
                    except (Awaited, ReplyError) as error:
                        had.append(type(error).__name__)
                await batching.finish()
        return had

    return asyncio.run(walk())


async def _never(_: Request) -> Reply:
    raise AssertionError("a model is not asked directly in a batch")


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (failed(500), "Garbled"),
        (failed(429), "Garbled"),
        (failed(400, code="context_length_exceeded"), "TooLong"),
        (failed(400, message="no"), "ReplyError"),
        ({"error": {"code": "batch_expired", "message": "too late"}}, "ReplyError"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, "Garbled"),
        ({"response": "nonsense"}, "ReplyError"),
    ],
)
def test_what_each_answer_means(
    answer: dict[str, Any], came: str, service: BatchService, tmp_path: Path, clock: Clock
) -> None:
    """What may pass is asked again, what is too long made shorter, and a refusal is a reason."""
    service.answer = lambda _line, _times: answer
    assert run(service, tmp_path, clock, REQUEST) == ["Awaited"]
    service.end()
    assert run(service, tmp_path, clock, REQUEST) == [came]


def test_an_answer_that_is_missing(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """A batch that came to its end without an answer lets its request be asked again."""
    run(service, tmp_path, clock, REQUEST)
    service.end(answered=0)
    assert run(service, tmp_path, clock, REQUEST) == [Garbled.__name__]


def test_why_a_batch_failed(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """What the service says of a failed batch is the reason for each of its papers."""
    run(service, tmp_path, clock, REQUEST)
    service.end("failed", answered=0, problem="Enqueued token limit reached")
    run(service, tmp_path, clock, REQUEST)
    assert run(service, tmp_path, clock, REQUEST) == ["Awaited"], "it is submitted anew"
    assert service.asked[REQUEST.key] == 2


def test_an_answer_lost_on_its_way(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """A batch that was made, though its answer was lost, is found and not made again."""
    lost: list[str] = []

    def lose(method: str, path: str) -> bool:
        first = (method, path) == ("POST", "/batches") and not lost
        lost.extend([path] * first)
        return first

    service.lose = lose
    assert run(service, tmp_path, clock, REQUEST) == ["Awaited"]
    assert lost
    assert len(service.made) == 1
    service.end()
    (reply,) = run(service, tmp_path, clock, REQUEST)
    assert isinstance(reply, Reply)
    assert (reply.tokens_read, reply.tokens_written) == (1000, 100)


def test_no_list_is_no_leave_to_make_a_batch_again(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a batch may have been made, a server that lists none then is not asked for another."""
    asked: list[str] = []

    async def once(function: str, **_: object) -> object:
        asked.append(function)
        if function == "acreate_batch":
            raise Transient("its server gives no answer")
        if len(asked) == 1:
            return SimpleNamespace(data=[])
        raise Refused("no list") from TypeError("'NoneType' object is not iterable")

    batches = litellm_batches.offered(Settings(model="openai/x"), clock)
    assert batches
    monkeypatch.setattr(batches, "_once", once)
    with pytest.raises(Refused, match="no list"):
        asyncio.run(batches.start("file-1"))
    assert asked.count("acreate_batch") == 1


def test_a_refused_batch_is_forgotten(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """What the service would not make is said once, and does not stand in the next run's way."""
    service.refuse = lambda method, path: 400 * ((method, path) == ("POST", "/batches"))
    with pytest.raises(BackendError, match="refuses the batch"):
        run(service, tmp_path, clock, REQUEST)
    service.refuse = lambda *_: 0
    assert run(service, tmp_path, clock, REQUEST) == ["Awaited"]
    assert len(service.made) == 1


def test_another_accounts_key(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """A batch that the service does not know is not given up before a month has passed."""
    run(service, tmp_path, clock, REQUEST)
    service.refuse = lambda method, _: 404 * (method == "GET")
    with pytest.raises(BackendError, match="knows no batch batch-0, which holds 1 request"):
        run(service, tmp_path, clock, REQUEST)
    later = Clock(now=lambda: time.time() + 40 * 24 * 3600, sleep=clock.sleep)
    assert run(service, tmp_path, later, REQUEST) == ["ReplyError"]


def test_one_run_at_a_time(service: BatchService, tmp_path: Path, clock: Clock) -> None:
    """While one run is at the batches, another one says so, and submits nothing."""
    pytest.importorskip("fcntl")
    settings = Settings(cache_dir=tmp_path)
    store = Store(settings)
    store.open()
    with store.alone("batches"), pytest.raises(StoreError, match="another run is at the batches"):
        run(service, tmp_path, clock, REQUEST)
    store.close()
    assert service.made == {}


# What stands in a line of answers, each where it belongs or anywhere else.
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from([200, 429, 400, "context_length_exceeded", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(
            ["response", "error", "status_code", "body", "choices", "message", "content", "code",
             "usage", "prompt_tokens", "completion_tokens", "finish_reason"]
        ),
        inner,
    ),
    max_leaves=12,
)  # fmt: skip
_BODIES = st.fixed_dictionaries(
    {},
    optional={
        "choices": st.lists(
            st.fixed_dictionaries(
                {"message": st.fixed_dictionaries({"content": _VALUES})},
                optional={"finish_reason": _VALUES},
            )
            | _VALUES,
            max_size=2,
        ),
        "error": _VALUES,
        "usage": st.fixed_dictionaries(
            {}, optional={"prompt_tokens": _VALUES, "completion_tokens": _VALUES}
        ),
    },
)
_ANSWERS = _VALUES | st.fixed_dictionaries(
    {"custom_id": st.just("k")},
    optional={
        "response": st.fixed_dictionaries(
            {"status_code": st.sampled_from([200, 200, 200, 429, 400]) | _VALUES, "body": _BODIES}
        ),
        "error": _VALUES,
    },
)


@hypothesis.settings(max_examples=300)
@hypothesis.given(
    st.lists(_ANSWERS, max_size=3).map(lambda lines: "\n".join(map(json.dumps, lines)))
)
def test_any_file_of_answers_is_read(told: str) -> None:
    """Whatever a service writes into its lines is a reply, or the reason why there is none."""

    async def content(**_: object) -> SimpleNamespace:
        return SimpleNamespace(content=told.encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(litellm_batches, "load", lambda: SimpleNamespace(afile_content=content))
        batches = litellm_batches.offered(Settings(model="openai/x"), Clock())
        assert batches is not None
        had = asyncio.run(batches.read("f"))
    assert all(isinstance(reply, Reply | ReplyError) for reply in had.values())
