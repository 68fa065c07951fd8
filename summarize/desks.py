"""How many papers are worked at at once. Who waits for a site leaves the desk to others.

So a list of thousands is not taken from the cache before the first of it is asked about, and a
slow site holds nobody up.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Desks:
    """So many desks; a task sits at one at most."""

    def __init__(self, many: int) -> None:
        self._free = asyncio.Semaphore(many)
        self._seated: set[asyncio.Task[object]] = set()

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
        await self._free.acquire()
        self._seated.add(_task())

    def _rise(self) -> bool:
        seated = _task() in self._seated
        if seated:
            self._seated.remove(_task())
            self._free.release()
        return seated


def _task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task, "only a task sits at a desk"
    return task
