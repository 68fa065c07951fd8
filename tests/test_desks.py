"""How many papers are worked at at once."""

import asyncio

import pytest

from summarize.desks import Desks


def test_who_waits_elsewhere_leaves_the_desk_to_others() -> None:
    """With one desk, a second paper is worked at while the first one's PDF is awaited."""

    async def work() -> list[str]:
        desks, came, told = Desks(lambda: 1), asyncio.Event(), list[str]()

        async def first() -> None:
            async with desks.desk():
                async with desks.away():
                    told.append("first waits")
                    await came.wait()
                told.append("first goes on")

        async def second() -> None:
            async with desks.desk():
                told.append("second works")
                came.set()
                await asyncio.sleep(0)
                told.append("second is done")

        await asyncio.wait_for(asyncio.gather(first(), second()), 10)
        return told

    assert asyncio.run(work()) == [
        "first waits",
        "second works",
        "second is done",
        "first goes on",
    ]


def test_no_more_than_there_are_desks_are_worked_at() -> None:
    """Whoever comes back takes a desk again, also after an error; nobody sits on a knee."""

    async def work() -> int:
        desks, at_once, most = Desks(lambda: 3), 0, 0

        async def paper(number: int) -> None:
            nonlocal at_once, most
            async with desks.desk():
                try:
                    async with desks.away():
                        await asyncio.sleep(0)
                        if number % 2:
                            raise OSError
                except OSError:
                    pass
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0)
                at_once -= 1

        await asyncio.wait_for(asyncio.gather(*map(paper, range(20))), 10)
        return most

    assert asyncio.run(work()) == 3


def test_who_is_stopped_while_away_needs_no_desk() -> None:
    """A run that stops does not wait for desks, and no desk is freed twice."""

    async def work() -> None:
        desks, left = Desks(lambda: 1), asyncio.Event()

        async def first() -> None:
            async with desks.desk(), desks.away():
                left.set()
                await asyncio.Event().wait()

        async def second(sits: asyncio.Event) -> None:
            async with desks.desk():
                sits.set()
                await asyncio.Event().wait()

        stopped = asyncio.create_task(first())
        await left.wait()
        sits, too_many = asyncio.Event(), asyncio.Event()
        working = asyncio.create_task(second(sits))
        await sits.wait()
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(stopped, 10)
        waiting = asyncio.create_task(second(too_many))
        await asyncio.sleep(0)
        assert not too_many.is_set()
        working.cancel()
        await asyncio.wait_for(too_many.wait(), 10)
        waiting.cancel()

    asyncio.run(work())
