"""How fast a service is asked."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from summarize.backends.pace import MINUTE, Pace
from summarize.settings import Clock


def ticking() -> Clock:
    """Return a clock that moves only when somebody sleeps on it."""
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        due = now + seconds
        await asyncio.sleep(0)
        now = max(now, due)

    return Clock(monotonic=lambda: now, sleep=sleep)


async def passed(pace: Pace, clock: Clock, tokens: list[int]) -> list[float]:
    """Send requests all at once; return when each was let through."""
    times = []

    async def send(size: int) -> None:
        async with pace.turn(size):
            times.append(clock.monotonic())
            await asyncio.sleep(0)

    await asyncio.gather(*map(send, tokens))
    return times


@given(st.integers(1, 20), st.lists(st.integers(1, 500), max_size=60))
def test_no_minute_holds_more_than_the_limits(rpm: int, tokens: list[int]) -> None:
    """However requests come, no minute holds more of them, or more tokens, than is allowed."""
    clock, tpm = ticking(), 1_000
    times = asyncio.run(passed(Pace(clock, 1, rpm=rpm, tpm=tpm), clock, tokens))
    assert len(times) == len(tokens)
    for start in times:
        held = [i for i, at in enumerate(times) if start <= at < start + MINUTE]
        assert len(held) <= rpm
        assert sum(tokens[i] for i in held) <= tpm


def test_a_busy_service_is_asked_less_and_then_more() -> None:
    """A refusal halves what is asked at once, those beside it do not; answers restore it."""
    clock = ticking()
    pace = Pace(clock, 16)
    for _ in range(5):  # sent together, refused together
        pace.refused(2.0)
    assert pace.at_once == 8
    for _ in range(500):
        pace.answered()
    assert pace.at_once == 16


def test_a_pause_is_kept_by_all() -> None:
    """What a service asks for in seconds holds for every request that waits."""
    clock = ticking()
    pace = Pace(clock, 4)
    pace.refused(30.0)
    assert min(asyncio.run(passed(pace, clock, [1, 1, 1]))) >= 30.0


def test_no_more_at_once_than_allowed() -> None:
    """At no moment are more requests under way than the limit."""
    clock, running, most = ticking(), 0, 0
    pace = Pace(clock, 3)

    async def send() -> None:
        nonlocal running, most
        async with pace.turn(1):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*(send() for _ in range(20)))

    asyncio.run(all_of_them())
    assert most == 3
