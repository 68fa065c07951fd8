"""One model on several servers: each request goes to the one with the least to do.

A server that gives no answer is taken out, its request goes to another at once, and it is back when
it says that it is ready. This is done over `Model`, so that it is the same for servers of one's own
and for hosted ones, also for those that litellm's Router does not know; and a request's key says
nothing of which server answers.
"""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from summarize.backends.backend import Backend, Guard, Model
from summarize.errors import BackendError, ReplyError, RoundupError, Transient
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings
from summarize.web import patiently

PROBING = 1.0  # seconds after which a server that is out is asked whether it is back
LONGEST = 3.0  # of them at most: each time twice as long
PROBED = 10.0  # seconds in which it must say so
WAITING = 5.0  # seconds that a request waits for any server before it counts as tried


def over(backend: Backend, settings: Settings) -> Backend:
    """Return a backend that asks at all addresses of the settings; the same where there is one."""
    if not settings.more_bases:
        return backend

    @asynccontextmanager
    async def connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
        count = 1 + len(settings.more_bases)
        alone = dataclasses.replace(
            settings,
            attempts=1,  # what one does not answer, another may
            rpm=settings.rpm and max(1, settings.rpm // count),
            tpm=settings.tpm and max(1, settings.tpm // count),
        )
        async with AsyncExitStack() as stack:
            servers = [
                Server(
                    one.api_base or "",
                    await stack.enter_async_context(backend.connect(one, clock)),
                    clock,
                )
                for one in _each(alone)
            ]
            for server in servers:
                stack.callback(server.close)
            balance = Balance(servers, settings, clock)
            yield Model(
                balance.ask, balance.ready, balance.count, balance.hold, notices=balance.notices
            )

    def located(settings: Settings, environment: Mapping[str, str]) -> Settings:
        first, *others = (backend.located(one, environment) for one in _each(settings))
        return dataclasses.replace(first, more_bases=tuple(one.api_base or "" for one in others))

    def service(settings: Settings) -> str | None:
        named = (backend.service(one) for one in _each(settings))
        return ", ".join(dict.fromkeys(filter(None, named))) or None

    return backend._replace(connect=connect, located=located, service=service)


def _each(settings: Settings) -> Iterable[Settings]:
    """Yield the settings of each server alone."""
    for base in (settings.api_base, *settings.more_bases):
        yield dataclasses.replace(settings, api_base=base, more_bases=())


class Server:
    """One of the servers: how much it has to do, and whether it is out."""

    def __init__(self, base: str, model: Model, clock: Clock) -> None:
        self.name = urlsplit(base).netloc
        self.model = model
        self.busy = 0
        self.sent = self.answered = self.failed = 0
        self.is_in = asyncio.Event()
        self.is_in.set()
        self._clock = clock
        self._reviving: asyncio.Task[None] | None = None

    def out(self, seconds: float | None) -> None:
        """Take it out, for so many seconds at least, until it says that it is ready."""
        self.is_in.clear()
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.create_task(self._revive(seconds or PROBING))

    def close(self) -> None:
        """Ask no more whether it is back."""
        if self._reviving is not None:
            self._reviving.cancel()

    async def _revive(self, pause: float) -> None:
        while True:
            await self._clock.sleep(pause)
            try:
                async with asyncio.timeout(PROBED):
                    await self.model.ready()
            except (TimeoutError, RoundupError):
                pause = min(2 * max(pause, PROBING), LONGEST)
            else:
                self.is_in.set()
                return


class Balance:
    """Asks one model of several servers."""

    def __init__(self, servers: list[Server], settings: Settings, clock: Clock) -> None:
        self._servers = servers
        self._settings = settings
        self._clock = clock
        self._problem = Transient("none of its servers answers")  # the last that was met

    def hold(self, guard: Guard) -> None:
        """Put a guard around each single try, at each server."""
        for server in self._servers:
            server.model.hold(guard)

    def notices(self) -> list[str]:
        """Say which servers gave no answer, and that others did."""
        return [
            f"the model's server at {server.name} gave no answer to {server.failed} of "
            f"{server.sent} requests, which went to the others"
            if server.sent
            else f"the model's server at {server.name} was not there"
            for server in self._servers
            if server.failed
        ]

    async def ready(self) -> int | None:
        """See that one will answer; return the smallest of their windows, where known.

        Raises `BackendError` where none will, or where one refuses.
        """
        asked = (server.model.ready() for server in self._servers)
        told = await asyncio.gather(*asked, return_exceptions=True)
        windows: list[int | None] = []
        met: list[BaseException] = []
        for server, found in zip(self._servers, told, strict=True):
            if isinstance(found, BaseException):
                if not isinstance(found.__cause__, Transient):
                    raise found
                met.append(found)
                server.failed += 1
                server.out(None)
            else:
                windows.append(found)
        if not windows:
            raise met[0]
        return min(filter(None, windows), default=None)

    async def count(self, request: Request) -> int | None:
        """Return how many tokens a request has, where the least busy server can tell."""
        server = self._next(())
        return await server.model.count(request) if server else None

    async def ask(self, request: Request) -> Reply:
        """Ask until there is a reply; raises what one server alone would."""
        settings = self._settings
        try:
            async for attempt in patiently(
                settings.attempts, settings.patience, self._clock, stage="ask"
            ):
                with attempt:
                    return await self._try(request)
        except Transient as error:
            if any(server.answered for server in self._servers):
                raise ReplyError(f"{error.message}, {settings.attempts} times") from error
            raise BackendError(
                f"{settings.model} gives no answer at any address: {error.message}",
                "see that its servers run and that --api-base is right, then run the same "
                "command again: what is done is kept",
            ) from error
        raise AssertionError("a loop of tries ends with a reply or an error")

    async def _try(self, request: Request) -> Reply:
        """Ask each server once, the least busy first, until one answers. Raises `Transient`."""
        tried: list[Server] = []
        while server := self._next(tried) or (None if tried else await self._any()):
            server.busy += 1
            server.sent += 1
            try:
                reply = await server.model.ask(request)
            except (ReplyError, BackendError) as error:
                if not isinstance(error.__cause__, Transient):
                    raise
                self._problem = error.__cause__
                server.failed += 1
                server.out(self._problem.retry_after)
                tried.append(server)
                continue
            finally:
                server.busy -= 1
            server.answered += 1
            return reply
        raise self._problem

    def _next(self, tried: Iterable[Server]) -> Server | None:
        """Return the server with the least to do of those that are in."""
        there = [s for s in self._servers if s.is_in.is_set() and s not in tried]
        return min(there, key=lambda server: (server.busy, server.sent), default=None)

    async def _any(self) -> Server | None:
        """Wait a while for any server to be back."""
        waits = [asyncio.ensure_future(server.is_in.wait()) for server in self._servers]
        enough = asyncio.ensure_future(self._clock.sleep(WAITING))
        try:
            await asyncio.wait([*waits, enough], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (*waits, enough):
                each.cancel()
        return self._next(())
