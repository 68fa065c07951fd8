"""Downloads: paced, tried again, resumed, and never larger than allowed.

A host is treated as one thing. It is asked alone until it has answered once; one that is down,
or wants a longer wait than `Settings.patience`, is left alone for the rest of the run, so that
67 papers of a dead host cost seconds and not 67 time-outs.
"""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from summarize import __version__
from summarize.errors import FetchError, Transient
from summarize.log import Fact
from summarize.partial import Download, Partial
from summarize.settings import Clock, Settings
from summarize.web import addresses
from summarize.web.asked import asked
from summarize.web.client import connector
from summarize.web.hosts import Host, HostDown, is_loopback, mirrored, pace
from summarize.web.retries import patiently, retry_after

if TYPE_CHECKING:
    import aiohttp

MAX_REDIRECTS = 10
CHUNK = 64 * 1024


class Web:
    """An HTTP client that is polite to hosts. Use it as an async context manager."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._sessions: dict[
            bool, aiohttp.ClientSession
        ] = {}  # by whether only the public is asked

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self._sessions.values():
            await session.close()

    def host(self, url: str) -> Host:
        """Return what is known of the address's host."""
        try:
            name = (urlsplit(url).hostname or "").lower()
        except ValueError as error:
            raise FetchError("the address is not a valid one") from error
        if name not in self._hosts:
            slots = asyncio.Semaphore(self._settings.per_host)
            self._hosts[name] = Host(name, slots, pace(name, self._settings.mirrors))
        return self._hosts[name]

    async def download(
        self, url: str, into: Path, started: Callable[[], None] = lambda: None
    ) -> Download:
        """Fetch `url` into a file, resuming what an earlier, interrupted call left there.

        `started` is called when it is this download's turn at its host.

        Raises `FetchError` with what is wrong, in words for the post; `HostDown` when the
        host has been given up.
        """
        settings, host = self._settings, self.host(url)
        try:
            # A paper keeps its place at the host until it is had or given up: papers that wait
            # to ask again do not let others pile up behind a host in trouble.
            async with host.slots:
                started()
                async for attempt in patiently(
                    settings.fetch_attempts, settings.patience, self._clock, stage="fetch"
                ):
                    with attempt:
                        got = await self._follow(url, into)
        except HostDown:
            raise
        except FetchError as error:
            if isinstance(error, Transient):
                raise host.failed(FetchError(error.message, error.hint)) from error
            raise
        host.failures = 0
        return got

    async def pause(self, url: str) -> None:
        """Give a host that has taken offence a little time."""
        host = urlsplit(mirrored(url, self._settings.mirrors)).hostname or ""
        pause = 0.0 if is_loopback(host) else 5.0
        await self._clock.sleep(pause + random.uniform(0, 0.5))

    async def _follow(self, url: str, into: Path) -> Download:
        """Send one request and follow its redirects, each checked like the first address."""
        mirror = ""  # that redirected here
        for _ in range(MAX_REDIRECTS):
            public = self._check(url, mirror)
            host = self.host(url)
            async with host.turn(self._clock):
                with asked(host.name, "fetch", self._clock, url) as facts:
                    got = await self._once(url, into, public=public)
                    facts.update(_told(got))
            if isinstance(got, Download):
                return got
            try:
                where = mirrored(url, self._settings.mirrors)
                mirror = "" if where == url else addresses.origin(where)
                url = urljoin(url, got)
            except ValueError as error:
                raise FetchError(f"{urlsplit(url).hostname} redirects to no address") from error
        raise FetchError(f"{urlsplit(url).hostname} redirects in a circle")

    def _check(self, url: str, mirror: str) -> bool:
        """Return whether an address may lead to public hosts alone. Raises for what is not asked.

        A mirror is the person's choice, and may redirect within itself, wherever it is.
        """
        parsed = addresses.parsed(url)
        where = mirrored(url, self._settings.mirrors)
        chosen = where != url or addresses.origin(url) == mirror
        public = not (self._settings.allow_private or chosen)
        if public:
            addresses.see_that_it_is_public(parsed)
        host = urlsplit(where).hostname or ""
        if self._settings.offline and not is_loopback(host):
            raise HostDown(f"{host} was not asked (--offline)")
        return public

    async def _once(self, url: str, into: Path, *, public: bool) -> Download | str:
        """Send one request. Return the download, or where it redirects to."""
        session = await self._open(public=public)
        import aiohttp

        host = self.host(url)
        partial = Partial(into)
        try:
            async with session.get(
                mirrored(url, self._settings.mirrors),
                headers=partial.headers(url),
                allow_redirects=False,
            ) as response:
                host.proven = True
                if response.status in {301, 302, 303, 307, 308}:
                    return response.headers.get("Location", "")
                if response.status == 416:
                    partial.forget()  # the rest of something that is no longer there
                self._refuse(response.status, response.headers.get("Retry-After"), host)
                partial.begin(url, response.status, response.headers)
                await self._stream(response, partial)
                return Download(
                    path=into,
                    url=url,
                    content_type=response.headers.get("Content-Type", ""),
                    content_encoding=response.headers.get("Content-Encoding", ""),
                )
        except aiohttp.ClientSSLError as error:
            raise host.give_up(f"{host.name} shows no valid certificate") from error
        except aiohttp.ClientConnectorError as error:
            if host.proven:
                raise Transient(f"{host.name} can't be reached") from error
            raise host.give_up(f"{host.name} can't be reached") from error
        except aiohttp.ConnectionTimeoutError as error:
            if host.proven:
                raise Transient(f"{host.name} does not answer") from error
            raise host.give_up(f"{host.name} does not answer") from error
        except (aiohttp.InvalidURL, ValueError) as error:  # a label of 64 letters, a double dot
            raise FetchError("the address is not a valid one") from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Transient(f"the download from {host.name} broke off") from error

    def _refuse(self, status: int, stated: str | None, host: Host) -> None:
        """Raise what an unusable status means."""
        if status in {200, 206}:
            return
        if status in {429, 503}:
            seconds = retry_after(stated, self._clock.now())
            raise host.busy(status, seconds, self._settings.patience, self._clock.monotonic())
        if status in {408, 416, 425, 500, 502, 504}:
            raise Transient(f"{host.name} answered {status}")
        meaning = {401: "wants a login", 403: "refuses", 404: "has no such page", 410: "removed it"}
        raise FetchError(f"{host.name} {meaning.get(status, 'answered')} ({status})")

    async def _stream(self, response: "aiohttp.ClientResponse", partial: "Partial") -> None:
        limit = self._settings.max_pdf
        with partial.appending():
            async for chunk in response.content.iter_chunked(CHUNK):
                partial.write(chunk)
                if partial.size > limit:
                    break
        if partial.size > limit:
            partial.forget()
            raise FetchError(f"it is larger than {limit // 2**20} MB")
        partial.finish()

    async def _open(self, *, public: bool) -> "aiohttp.ClientSession":
        if public not in self._sessions:
            pool = connector(tls=True, public=public)
            import aiohttp

            settings = self._settings
            agent = f"roundup/{__version__} (reading-list tool; python-aiohttp"
            self._sessions[public] = aiohttp.ClientSession(
                connector=pool,
                auto_decompress=False,  # a bomb would unfold before its size could be checked
                headers={
                    "User-Agent": agent + (f"; +{settings.contact})" if settings.contact else ")"),
                    "Accept": "application/pdf, */*;q=0.5",
                    "Accept-Encoding": "identity",
                },
                timeout=aiohttp.ClientTimeout(
                    total=settings.download_timeout,
                    sock_connect=settings.connect_timeout,
                    sock_read=settings.stall_timeout,
                ),
                trust_env=not settings.offline,
            )
        return self._sessions[public]


def _told(got: Download | str) -> dict[str, Fact]:
    """Return what there is to log of an answer: a file, or a redirect."""
    if isinstance(got, str):
        return {"redirects": True}
    return {"bytes": got.path.stat().st_size, "type": got.content_type}
