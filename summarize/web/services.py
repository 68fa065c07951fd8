"""Questions to the APIs of sites that know papers: paced, tried again, and never in vain.

Each host is treated as in `downloads`: one that is down, wants a longer wait than
`Settings.patience`, a login or a browser is left alone for the rest of the run.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from summarize import __version__
from summarize.errors import FetchError, Transient
from summarize.kinds import HEAD, challenges, kind
from summarize.settings import Clock, Settings
from summarize.web.api import Answer, capped, parsed
from summarize.web.asked import asked
from summarize.web.hosts import Host, HostDown, is_loopback, mirrored, pace
from summarize.web.retries import patiently, retry_after

if TYPE_CHECKING:
    import aiohttp

TIMEOUT = 60.0  # seconds: a search takes some, a hung server must not take a run

T = TypeVar("T")


class Services:
    """A client of many services. Use it as an async context manager."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    def host(self, url: str) -> Host:
        """Return what is known of the address's host, which is asked one thing at a time."""
        name = (urlsplit(url).hostname or "").lower()
        if name not in self._hosts:
            slots = asyncio.Semaphore(1)
            self._hosts[name] = Host(name, slots, pace(name, self._settings.mirrors))
        return self._hosts[name]

    async def ask(
        self,
        url: str,
        read: Callable[[Any], T],
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Ask one question: a GET, or with a `body` a POST; return what `read` makes of it.

        An answer that `read` refuses with `ValueError` is asked for again, as one that broke off.
        Raises `FetchError` with what is wrong; `HostDown` when the host has been given up.
        """
        settings, host = self._settings, self.host(url)
        try:
            async with host.slots:
                async for attempt in patiently(
                    settings.fetch_attempts, settings.patience, self._clock, stage="catalog"
                ):
                    with attempt:
                        self._check(url)
                        async with host.turn(self._clock):
                            with asked(host.name, "catalog", self._clock, url):
                                answer = await self._once(url, host, body, headers or {})
                        found = _read(read, answer, host)
        except Transient as error:
            raise host.failed(FetchError(error.message, error.hint)) from error
        host.failures = 0
        return found

    def _check(self, url: str) -> None:
        where = urlsplit(mirrored(url, self._settings.mirrors)).hostname or ""
        if self._settings.offline and not is_loopback(where):
            raise HostDown(f"{urlsplit(url).hostname} was not asked (--offline)")

    async def _once(
        self, url: str, host: Host, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Answer:
        import aiohttp

        where = mirrored(url, self._settings.mirrors)
        try:
            async with self._open().request(
                "GET" if body is None else "POST",
                where,
                json=body,
                headers=dict(headers),
                allow_redirects=False,
            ) as response:
                held = await capped(response)
                host.proven = True
                stated = retry_after(response.headers.get("Retry-After"), self._clock.now())
                status = response.status
        except aiohttp.ClientConnectorError as error:
            raise host.give_up(f"{host.name} can't be reached") from error
        except TimeoutError as error:
            raise Transient(f"{host.name} did not answer within {TIMEOUT:.0f} s") from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise FetchError(f"{host.name}: the address is not a valid one") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(f"{host.name} dropped the connection") from error
        self._refuse(status, stated, held, host)
        return Answer(status, parsed(held), stated)

    def _refuse(self, status: int, seconds: float | None, held: bytes, host: Host) -> None:
        """Raise what an unusable answer means. A 404 is an answer: there is no such paper."""
        head = held[:HEAD]
        if kind(head) == "a web page" and challenges(head):
            raise _refused(host, "wants to verify a browser before it answers")
        if status in {200, 404}:
            return
        if status in {429, 503}:
            patience, now = self._settings.patience, self._clock.monotonic()
            raise host.busy(status, seconds, patience, now)
        if status in {408, 425, 500, 502, 504}:
            raise Transient(f"{host.name} answered {status}")
        said = Answer(status, parsed(held)).said if kind(head) == "JSON" else ""
        if status in {401, 403}:
            why = f"wants a login ({status})" if status == 401 else f"refuses ({status})"
            raise _refused(host, why)
        raise FetchError(f"{host.name} answered {status}" + (f": {said[:120]}" if said else ""))

    def _open(self) -> "aiohttp.ClientSession":
        if self._session is None:
            import aiohttp

            settings = self._settings
            agent = f"roundup/{__version__} (reading-list tool; python-aiohttp"
            contact = settings.contact  # Crossref is kinder to those that give an e-mail address
            bare = contact.removeprefix("mailto:")
            contact = f"mailto:{bare}" if "@" in bare else f"+{bare}" * bool(bare)
            self._session = aiohttp.ClientSession(
                headers={
                    "User-Agent": agent + (f"; {contact})" if contact else ")"),
                    "Accept": "application/json, application/atom+xml;q=0.9, */*;q=0.5",
                },
                json_serialize=json.dumps,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=settings.connect_timeout),
                trust_env=not settings.offline,
            )
        return self._session


def _refused(host: Host, why: str) -> HostDown:
    error = host.give_up(f"{host.name} {why}")
    error.refused = True
    return error


def _read(read: Callable[[Any], T], answer: Answer, host: Host) -> T:
    try:
        return read(answer.data)
    except ValueError as error:
        if answer.status == 404:
            raise FetchError(f"{host.name} has no such page (404)") from error
        raise Transient(f"{host.name} gave an answer that can't be read ({error})") from error
