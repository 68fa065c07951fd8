"""The budget: what is spent never passes it."""

import asyncio
import math
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarize.budget import AROUND, Budget
from summarize.errors import OverBudget, ReplyError, Transient
from summarize.prices import Price, Rate
from summarize.records import Message, Reply, Request

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
