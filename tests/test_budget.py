"""The budget: what is spent never passes it."""

import asyncio
import json
import math
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarize.budget import AROUND, Budget
from summarize.errors import OverBudget, ReplyError, Transient
from summarize.prices import Price, Rate
from summarize.records import Message, Reply, Request
from tests.conftest import Roundup, StubServer
from tests.test_draft import ABSTRACT, icml_list, items, write

PRICE = Price("someone", (Rate(0, 1e-06, 4e-06, 1e-06, 4e-06),))
LIMIT = 1_000  # tokens of an answer


def request(text: str = "x" * 1_000, **params: float) -> Request:
    """Return a request whose message is this text."""
    messages = (Message(role="user", content=text),)
    return Request(model="m", messages=messages, params=params, reply_tokens=LIMIT)


@dataclass(frozen=True)
class Step:
    """How one request goes: its length, when it is sent, how long it takes, what comes of it."""

    letters: int
    begins: int
    lasts: int
    ends: str  # "cost", "tokens", "silent", "refused", "lost" or "cancelled"
    share: float  # of the most that it could have cost


STEPS = st.builds(
    Step,
    st.integers(0, 60_000),
    st.integers(0, 20),
    st.integers(0, 9),
    st.sampled_from(["cost", "tokens", "silent", "refused", "lost", "cancelled"]),
    st.floats(0.01, 1),
)


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 2), st.lists(STEPS, max_size=40))
@example(0.03, [Step(1_000, 0, 3, "cost", 1.0)] * 40)
def test_what_is_spent_never_passes_the_budget(dollars: float, steps: list[Step]) -> None:
    """Whatever is asked at once and in whatever order replies come, the charges stay below it."""
    budget = Budget(dollars, PRICE)
    charged: list[float] = []
    refused: list[float] = []

    async def one(step: Step) -> None:
        asked = request("x" * step.letters)
        worst = budget.worst(asked)

        async def server(_: Request) -> Reply:
            for _turn in range(step.lasts):
                await asyncio.sleep(0)
            if step.ends == "refused":
                error = ReplyError("no")
                error.free = True
                raise error
            if step.ends in {"lost", "silent", "cancelled"}:  # nobody knows what was charged
                charged.append(worst)
                if step.ends == "silent":
                    return Reply(text="")
                raise Transient("gone") if step.ends == "lost" else asyncio.CancelledError
            if step.ends == "cost":
                charged.append(worst * step.share)
                return Reply(text="", cost=worst * step.share)
            read, written = int(step.letters * step.share), int(LIMIT * step.share)
            charged.append(PRICE.of(read, written))
            return Reply(text="", tokens_read=read, tokens_written=written)

        for _turn in range(step.begins):
            await asyncio.sleep(0)
        try:
            await budget.guard(server)(asked)
        except OverBudget:
            refused.append(worst)
            assert budget.spent + worst > dollars * (1 - 1e-9)  # it could not have been sent
        except (ReplyError, Transient, asyncio.CancelledError):
            pass
        assert math.fsum(charged) <= dollars

    async def all_at_once() -> None:
        async with asyncio.timeout(60):  # that nobody waits for ever
            await asyncio.gather(*(one(step) for step in steps))

    asyncio.run(all_at_once())
    assert budget.spent == pytest.approx(math.fsum(charged), abs=1e-9)
    assert math.fsum(charged) <= dollars
    assert budget.refused == len(refused)


def test_the_worst_is_reserved_and_the_rest_given_back() -> None:
    """Two requests that fit one after another, and not together, are both answered."""
    dollars = Budget(1, PRICE).worst(request()) * 1.5
    budget = Budget(dollars, PRICE)
    under_way = most = 0

    async def server(_: Request) -> Reply:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return Reply(text="", tokens_read=250, tokens_written=10)

    async def both() -> None:
        ask = budget.guard(server)
        await asyncio.gather(ask(request()), ask(request()))

    asyncio.run(both())
    assert most == 1
    assert budget.spent == pytest.approx(2 * (250e-6 + 40e-6))
    assert budget.refused == 0


def test_a_request_is_counted_high() -> None:
    """Each byte counts as a token, with room for the schema, and the answer as long as allowed."""
    budget = Budget(1, PRICE)
    assert budget.worst(request("é" * 10)) == pytest.approx((20 + AROUND) * 1e-6 + LIMIT * 4e-6)
    longer = budget.worst(request("x", max_tokens=3_000, max_completion_tokens=5_000))
    assert longer == pytest.approx((1 + AROUND) * 1e-6 + 5_000 * 4e-6)
    assert budget.worst(request("x", max_tokens=-1)) == budget.worst(request("x"))


def test_why_nothing_is_sent_is_said_as_it_is() -> None:
    """A budget that was too small from the start is not said to be spent."""

    async def server(_: Request) -> Reply:
        return Reply(text="", cost=0.009)

    async def asked(budget: Budget, times: int) -> None:
        for _ in range(times):
            await budget.guard(server)(request())

    small = Budget(0.001, PRICE)
    with pytest.raises(OverBudget, match=r"the budget of \$0\.00 is less than one request"):
        asyncio.run(asked(small, 1))
    spent = Budget(0.01, PRICE)
    with pytest.raises(OverBudget, match=r"the budget of \$0\.01 is spent"):
        asyncio.run(asked(spent, 2))
    assert spent.advice().startswith("$0.01 of $0.01 were spent, and the next request may cost up")


def test_what_was_free_is_not_counted() -> None:
    """A service that refuses charges nothing; one that breaks off may have."""
    budget = Budget(1, PRICE)

    async def fails(error: Exception) -> None:
        async def server(_: Request) -> Reply:
            raise error

        with pytest.raises(type(error)):
            await budget.guard(server)(request())

    refusal = Transient("over quota")
    refusal.free = True
    asyncio.run(fails(refusal))
    assert budget.spent == 0
    asyncio.run(fails(Transient("broke off")))
    assert budget.spent == pytest.approx(budget.worst(request()))


# --- draft --budget -------------------------------------------------------------------------------


def charged(body: dict[str, object], read: float, written: float) -> float:
    """Return what a request to the stub costs: it counts four letters as a token, in and out."""
    messages = body["messages"]
    assert isinstance(messages, list)
    letters = sum(len(message["content"]) for message in messages) + len(messages) - 1
    return letters // 4 * read + 100 * written  # its replies are shorter than that


@pytest.mark.slow
def test_a_run_never_passes_its_budget(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """With repairs, dropped connections and many at once, and litellm's prices, it stops in time.

    What is beyond the budget stays in the post with its reason, and a new one goes on from there.
    """
    rates = "invalid=0.2,drop=0.1,429=0.1"
    server = stub("--latency", "0.05", "--retry-after", "0", "--rate", rates, "--seed", "5")
    papers = icml_list(icml, tmp_path / "l.csv", count=24)
    options = (
        "--model", "openai/gpt-4o", "--jobs", 12,
        "--pdf-dir", icml / "pdfs", "--cache-dir", "c", "-o", "p.md", "--ask-above", 0,
    )  # fmt: skip
    faulty = ("--api-base", server.url + "/v1", "--budget", "0.40")
    ran = roundup("draft", papers, *options, *faulty, "--json")
    assert ran.returncode == 3, ran.stderr
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    end = next(event for event in events if event["event"] == "end")
    skipped = [event for event in events if event["event"] == "skipped"]
    assert 0 < end["done"] < 24
    assert 0.1 < end["cost"] <= 0.40
    # Whatever was sent, if every bit of it was charged.
    asked = [json.loads(r["body"]) if isinstance(r["body"], str) else r["body"]
             for r in server.requests()]  # fmt: skip
    assert sum(charged(body, 2.5e-6, 1e-5) for body in asked) <= 0.40
    # Which requests the faults hit hangs on their order: a paper may have had three broken replies.
    assert {event["stage"] for event in skipped} == {"ask"}
    broken = [event for event in skipped if "replies in a row were no summary" in event["reason"]]
    beyond = [event for event in skipped if event["reason"] == "the budget of $0.40 is spent"]
    assert beyond
    assert len(skipped) == len(beyond) + len(broken) == 24 - end["done"]
    post = items(tmp_path / "p.md")
    assert sum("*Not summarized: the budget of" in item for item in post) == len(beyond)
    assert sum("*Not summarized: " in item for item in post) == len(skipped)
    assert "run the same command with a new --budget: what is paid for is kept" in ran.stderr
    sound = ("--api-base", stub().url + "/v1", "--budget", "5")
    again = roundup("draft", papers, *options, *sound)
    assert again.returncode == 0, again.stderr
    assert f"24 of 24 papers done, {end['done']} from the cache" in again.stderr


@pytest.mark.slow
def test_regenerating_says_what_it_costs_and_keeps_to_a_budget(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """New summaries are paid for as first ones are; where the budget ends, the old ones stay."""
    papers = icml_list(icml, tmp_path / "l.csv", count=12)
    kept = ("--cache-dir", "c", "--pdf-dir", icml / "pdfs")
    assert roundup("draft", papers, *kept, "-o", "p.md").returncode == 0
    before = items(tmp_path / "p.md")
    server = stub("--latency", "0.05")
    ran = roundup(
        "regenerate", "p.md", *kept, "--model", "openai/gpt-4o",
        "--api-base", server.url + "/v1", "--budget", "0.20",
    )  # fmt: skip
    assert ran.returncode == 3, ran.stderr
    assert "Asking openai/gpt-4o about 12 papers: about $" in ran.stderr
    assert "--budget holds it to $0.20" in ran.stderr
    asked = [json.loads(r["body"]) if isinstance(r["body"], str) else r["body"]
             for r in server.requests()]  # fmt: skip
    assert 0 < sum(charged(body, 2.5e-6, 1e-5) for body in asked) <= 0.20
    after = items(tmp_path / "p.md")
    same = sum(old == new for old, new in zip(before, after, strict=True))
    assert 0 < same < 12


def test_what_nobody_knows_the_price_of_has_no_budget(roundup: Roundup, tmp_path: Path) -> None:
    """With a model, or a service tier, whose price is unknown, --budget is refused at once."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("draft", papers, "--model", "openai/of-tomorrow", "--budget", "2", "--yes")
    assert ran.returncode == 2
    assert "--budget can't be held: what openai/of-tomorrow costs is not known" in ran.stderr
    (tmp_path / "p.toml").write_text(
        'version = "1"\nsystem = "s"\nuser = "$text"\n[params]\nservice_tier = "priority"\n'
    )
    options = ("--model", "gpt-4o", "--prompt", "./p.toml", "--budget", "2", "--yes")
    ran = roundup("draft", papers, *options)
    assert ran.returncode == 2
    assert "--budget can't be held" in ran.stderr
    ran = roundup("draft", papers, "--model", "gpt-4o", "--budget", "inf", "--yes")
    assert ran.returncode == 2
    assert "--budget inf is no sum" in ran.stderr
    assert not (tmp_path / "l.md").exists()


def test_what_costs_nothing_needs_no_budget(roundup: Roundup, tmp_path: Path) -> None:
    """With the embedded summarizer even a budget of nothing is enough, and nothing is estimated."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("draft", papers, "--budget", "0")
    assert ran.returncode == 0, ran.stderr
    assert "Asking" not in ran.stderr


@pytest.mark.parametrize("answer", [b"n\n", b"y\n"])
def test_a_person_is_asked_before_much_is_spent(answer: bytes, tmp_path: Path) -> None:
    """Above the sum that they set, who sits at the terminal is asked; a no spends nothing."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "summarize", "draft", papers, "--abstract-only", "--model",
         "openai/gpt-4o", "--api-base", "http://127.0.0.1:9", "--ask-above", "0.001"],
        cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while b"[y/N]" not in said:
            assert select.select([ours], [], [], 60)[0], said
            said += os.read(ours, 1000)
        os.write(ours, answer)
        assert process.wait(timeout=60) == (2 if answer == b"n\n" else 1)
        said = os.read(ours, 10_000)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    expected = b"nothing was spent" if answer == b"n\n" else b"nothing listens at"
    assert expected in said
    assert not (tmp_path / "l.md").exists()
