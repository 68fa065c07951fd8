"""How fast a service is asked: fewer at once when it is too busy, more again when it keeps up."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator

from summarize.settings import Clock

MINUTE = 60.0


class Pace:
    """Lets requests pass: at most so many at once, and so many requests and tokens a minute.

    The number at once is halved when the service says that it is asked too much, and grows back by
    one for every round of answers, as TCP does (Jacobson, 1988).
    """

    def __init__(self, clock: Clock, most: int, rpm: int | None = None, tpm: int | None = None):
        """Begin with the most at once. `rpm` and `tpm` are the service's own limits."""
        self._clock = clock
        self._most = most
        self._rpm = rpm
        self._tpm = tpm
        self.at_once = float(most)
        self._running = 0
        self._passed: deque[tuple[float, int]] = deque()  # when, and with how many tokens
        self._resume_at = 0.0
        self._change = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[None]:
        """Wait for leave to send a request that takes so many tokens."""
        async with self._change:
            while self._running >= int(self.at_once):
                await self._change.wait()
            self._running += 1
        try:
            while (pause := self._pause(tokens)) > 0:
                await self._clock.sleep(pause)
            self._passed.append((self._clock.monotonic(), tokens))
            yield
        finally:
            async with self._change:
                self._running -= 1
                self._change.notify_all()

    def answered(self) -> None:
        """Note an answer: the service keeps up."""
        self.at_once = min(self._most, self.at_once + 1 / self.at_once)

    def refused(self, seconds: float | None) -> None:
        """Note that the service is asked too much, and for how long it wants to be left alone.

        Requests that were sent together are refused together: they count as one refusal.
        """
        now = self._clock.monotonic()
        if now >= self._resume_at:
            self.at_once = max(1.0, self.at_once / 2)
        self._resume_at = max(self._resume_at, now + (seconds or 1.0))

    def _pause(self, tokens: int) -> float:
        """Return the seconds until the service wants to be asked, with so many tokens."""
        now = self._clock.monotonic()
        while self._passed and self._passed[0][0] <= now - MINUTE:
            self._passed.popleft()
        due = self._resume_at - now
        if self._rpm and len(self._passed) >= self._rpm:
            due = max(due, self._passed[-self._rpm][0] + MINUTE - now)
        if not self._tpm:
            return due
        held = tokens + sum(count for _, count in self._passed)
        for when, count in self._passed:
            if held <= self._tpm:
                break
            held -= count
            due = max(due, when + MINUTE - now)
        return due
