"""What is known of a host: whether it is this machine, whether it answers, when to ask it."""

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from summarize.errors import FetchError
from summarize.settings import Clock

# Seconds between two requests to a host that asks for them (https://info.arxiv.org/help/api/tou.html).
PACE = {"arxiv.org": 3.0, "export.arxiv.org": 3.0}
# PDFs that a host has been seen to give in an hour; after them it answers 429.
QUOTA = {"openreview.net": 36}
FAILURES_IN_A_ROW = 3  # papers that a host fails for good before it is left alone


class HostDown(FetchError):
    """The host has been given up for this run."""


def is_loopback(host: str) -> bool:
    """Tell whether a host name means this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


async def listens(url: str, timeout: float) -> bool:
    """Tell whether a connection to the address's host and port can be opened."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except OSError:  # a time-out is one too
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


@dataclass
class Host:
    """What this run knows of one host."""

    name: str
    slots: asyncio.Semaphore
    first: asyncio.Lock = field(default_factory=asyncio.Lock)
    proven: bool = False  # it has answered something
    resume_at: float = 0.0  # by the monotonic clock
    failures: int = 0  # papers in a row
    down: str = ""

    def give_up(self, why: str) -> HostDown:
        """Leave the host alone from now on."""
        self.down = self.down or why
        return HostDown(self.down)

    def failed(self, error: FetchError) -> FetchError:
        """Count a paper that this host failed for good; too many in a row and it is given up."""
        self.failures += 1
        if self.failures < FAILURES_IN_A_ROW:
            return error
        return self.give_up(f"{self.name} kept failing ({error.message})")

    @contextlib.asynccontextmanager
    async def turn(self, clock: Clock) -> AsyncIterator[None]:
        """Wait for this host's leave to send one request."""
        async with contextlib.AsyncExitStack() as stack:
            if not self.proven:
                await stack.enter_async_context(self.first)
                if self.proven:
                    await stack.aclose()
            if self.down:
                raise HostDown(self.down)
            pause = self.resume_at - clock.monotonic()
            self.resume_at = max(self.resume_at, clock.monotonic()) + PACE.get(self.name, 0.0)
            if pause > 0:
                await clock.sleep(pause)
            yield
