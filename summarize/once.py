"""Exactly once for money: what a model has answered is never asked again.

A reply is on the disk before it is looked at, so that a run that is killed between an answer and
the summary that is made of it (an invalid one is asked about again, as are quotes that the paper
does not hold) goes on from where it was. What one run is at, no other begins: it waits, and finds
it done.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from summarize.backends import Ask, Slots
from summarize.errors import ReplyError, RoundupError
from summarize.records import Grounded, Paper, Past, Reply, Request
from summarize.settings import Clock
from summarize.store import Store

LAST_CALL = 5.0  # seconds that a run which stops waits for answers that are under way
LOOK_AGAIN = 0.1  # seconds between looks at what another run is at


class Once:
    """Asks a model for one run, in its `slots`. Safe beside other runs on the same store.

    Who waits for another run is `away`.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        slots: Slots,
        away: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._slots = slots
        self._away = away
        self._had: dict[str, list[str]] = defaultdict(list)  # requests answered, by paper

    async def kept(
        self, paper: Paper, key: str, make: Callable[[], Awaitable[tuple[Grounded, Past]]]
    ) -> tuple[Grounded, bool]:
        """Return what is kept under a key, and whether it was there; make it where it is not.

        It is made by one run at a time, and `make` also says what to remember of it.
        """
        while True:
            with self._store.arrivals.claim(key) as ours:
                if ours:
                    if found := await self._store.reply(key, Grounded):
                        return found, True
                    return await self._made(paper, make), False
            async with self._away():
                await self._clock.sleep(LOOK_AGAIN)

    async def ask(self, send: Ask, request: Request, paper: Paper) -> tuple[Reply, bool]:
        """Return what a request was answered with, and whether it was asked now."""
        # The same may be asked more than once of a paper, where the first reply was cut off: so a
        # reply is told by its number as well.
        before = sum(key.partition(" ")[0] == request.key for key in self._had[paper.key])
        key = f"{request.key} {before}" if before else request.key
        if reply := await self._store.arrivals.found(key):
            self._had[paper.key].append(key)
            return reply, False
        async with self._slots:  # until the reply is on the disk: what a kill can lose is counted
            self._store.arrivals.sent(key, paper.name)
            asking = asyncio.ensure_future(self._asked(send, request, key))
            try:
                reply = await asyncio.shield(asking)
            except asyncio.CancelledError:
                # The run stops. What is under way is paid for: what still comes of it is kept.
                await asyncio.wait({asking}, timeout=LAST_CALL)
                asking.cancel()
                with contextlib.suppress(asyncio.CancelledError, RoundupError):
                    await asking
                raise
        self._had[paper.key].append(key)
        return reply, True

    async def _asked(self, send: Ask, request: Request, key: str) -> Reply:
        """Send a request, and write down what comes of it."""
        try:
            reply = await send(request)
        except Exception:
            self._store.arrivals.unanswered(key)
            raise
        await self._store.arrivals.keep(key, reply)
        return reply

    async def _made(
        self, paper: Paper, make: Callable[[], Awaitable[tuple[Grounded, Past]]]
    ) -> Grounded:
        try:
            grounded, past = await make()
        except ReplyError:
            # No summary came of what has arrived: the next run asks anew.
            await self._store.arrivals.settle(self._had.pop(paper.key, ()))
            raise
        arrived = self._had.pop(paper.key, ())
        await self._store.keep_summary(paper.key, past, grounded, arrived)
        return grounded
