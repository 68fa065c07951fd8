"""How many papers are worked at at once. Who waits for a site leaves the desk to others.

So a list of thousands is not taken from the cache before the first of it is asked about, and a
slow site holds nobody up.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Desks:
    """As many desks as `many` says by then, which may grow; a task sits at one at most."""

    def __init__(self, many: Callable[[], int]) -> None:
        self._many = many
        self._seated: set[asyncio.Task[object]] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[None]:
        """Sit at a desk, once one is free, while the context lasts."""
        await self._sit()
        try:
            yield
        finally:
            self._rise()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Leave the desk, if there is one, while the context lasts, and come back to another."""
        if not self._rise():
            yield
            return
        try:
            yield
        except Exception:  # who is cancelled never comes back
            await self._sit()
            raise
        await self._sit()

    async def _sit(self) -> None:
        while len(self._seated) >= self._many():
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._call()  # whoever was called, and can't come, sends the next
                raise
        self._seated.add(_task())

    def _rise(self) -> bool:
        seated = _task() in self._seated
        if seated:
            self._seated.remove(_task())
            self._call()
        return seated

    def _call(self) -> None:
        """Call as many of those who wait, the first first, as there are desks free."""
        free = self._many() - len(self._seated)
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1


def _task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task, "only a task sits at a desk"
    return task
