"""How many things may be under way at once, where that number may change meanwhile."""

import asyncio


class Slots:
    """So many at once as `most` says now: an async context manager, for any number of tasks.

    Who waits is let in in the order of coming. Where `most` becomes less, those who are in stay.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._change = asyncio.Condition()

    @property
    def most(self) -> int:
        """How many may be in at once."""
        return self._most

    async def resize(self, most: int) -> None:
        """Let so many in at once from now on."""
        if most != self._most:
            async with self._change:
                self._most = most
                self._change.notify_all()

    async def __aenter__(self) -> None:
        async with self._change:
            await self._change.wait_for(lambda: self._taken < self._most)
            self._taken += 1

    async def __aexit__(self, *_: object) -> None:
        self._taken -= 1
        async with self._change:
            self._change.notify()
