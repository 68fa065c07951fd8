"""What is known of a host: whether it is this machine, whether it answers, when to ask it."""

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from summarize.errors import FetchError, Transient
from summarize.settings import Clock

# Seconds between two requests to a host that asks for them, or that is known to count.
PACE = {
    "arxiv.org": 3.0,  # https://info.arxiv.org/help/api/tou.html
    "export.arxiv.org": 3.0,
    "api.semanticscholar.org": 1.1,  # https://www.semanticscholar.org/product/api
    "huggingface.co": 0.7,  # 500 in five minutes
    "api.crossref.org": 0.3,
    "api.openreview.net": 1.0,
    "api2.openreview.net": 1.0,
}
# PDFs that a host has been seen to give in an hour; after them it answers 429.
QUOTA = {"openreview.net": 36}
FAILURES_IN_A_ROW = 3  # papers that a host fails for good before it is left alone


class HostDown(FetchError):
    """The host has been given up for this run.

    `refused` is whether it answered that it lets nobody in like this: a login may help.
    """

    refused = False


def is_loopback(host: str) -> bool:
    """Tell whether a host name means this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


def mirrored(url: str, mirrors: Mapping[str, str]) -> str:
    """Return where an address is really asked: at its host's mirror, if it has one."""
    if not mirrors:
        return url
    parts = urlsplit(url)
    mirror = mirrors.get((parts.hostname or "").lower())
    if mirror is None:
        return url
    return mirror.rstrip("/") + parts._replace(scheme="", netloc="").geturl()


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


def pace(name: str, mirrors: Mapping[str, str]) -> float:
    """Return the seconds between two requests to a host: none where this machine plays it."""
    mirror = urlsplit(mirrors.get(name, "")).hostname or ""
    return 0.0 if is_loopback(mirror) else PACE.get(name, 0.0)


@dataclass
class Host:
    """What this run knows of one host."""

    name: str
    slots: asyncio.Semaphore
    pace: float = 0.0  # seconds between two requests
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

    def busy(self, status: int, seconds: float | None, patience: float, now: float) -> FetchError:
        """Return what "too many requests" means here, and note it.

        `seconds` is how long the host wants to be left alone, where it said; `now` is by the
        monotonic clock.
        """
        if seconds is not None and seconds > patience:
            return self.give_up(f"{self.name} is over quota for another {seconds / 60:.0f} min")
        if seconds is not None:
            self.resume_at = max(self.resume_at, now + seconds)
        return Transient(f"{self.name} is over quota ({status})", retry_after=seconds)

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
            self.resume_at = max(self.resume_at, clock.monotonic()) + self.pace
            if pause > 0:
                await clock.sleep(pause)
            yield
