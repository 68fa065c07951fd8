"""Requests to a person's own site, signed with what it gave them to sign with.

What signs is sent to the one host that was named, over a connection that nobody reads: never by
plain HTTP unless that host is this machine or it is said to be wanted, and never after a redirect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from summarize import __version__
from summarize.errors import InputError, SiteError, Transient
from summarize.settings import Clock
from summarize.web.api import CONNECT, capped, parsed
from summarize.web.hosts import is_loopback
from summarize.web.retries import patiently, retry_after

if TYPE_CHECKING:
    import aiohttp

TIMEOUT = 120.0  # seconds for one request; an image may go up slowly
ATTEMPTS = 4
PATIENCE = 60.0  # seconds, the longest Retry-After that is waited for
_AGAIN = {429, 503}  # with these the site says that it did nothing
_BROKEN = {500, 502, 504}


@dataclass(frozen=True)
class Upload:
    """A file on its way to a site, and the fields that go with it."""

    name: str
    type: str
    data: bytes = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SiteAnswer:
    """What a site answered: `data` is its JSON, or its text where that is none.

    `location` is where it redirects to.
    """

    status: int
    data: Any
    location: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, where JSON was asked for."""
        return isinstance(self.data, str) and self.data.lstrip()[:1] == "<"


class SiteClient:
    """A client of one site. Use it as an async context manager."""

    def __init__(
        self,
        base: str,
        clock: Clock,
        *,
        sign: Callable[[], Mapping[str, str]],
        allow_http: bool = False,
    ) -> None:
        """Take a site's address, and what makes the headers that sign a request.

        Raises `InputError` for an address that nothing may be sent to.
        """
        self.base = checked(base, allow_http=allow_http)
        self.host = urlsplit(self.base).hostname or ""
        self._clock = clock
        self._sign = sign
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
        signed: bool = True,
    ) -> SiteAnswer:
        """Send a request to a path of the site, and return whatever it answers.

        What breaks off is sent again if sending it twice does no more than sending it once.
        Raises `SiteError` where no answer is to be had.
        """
        harmless = method in {"GET", "PUT"}
        try:
            async for attempt in patiently(ATTEMPTS, PATIENCE, self._clock, stage="publish"):
                with attempt:
                    return await self._once(
                        method, path, query, body, upload, signed=signed, harmless=harmless
                    )
        except Transient as error:
            raise SiteError(
                f"{self.host}: {error.message}",
                "run the same command again later: what is there already is not sent twice",
            ) from error
        raise AssertionError("the loop returns or raises")

    async def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        upload: Upload | None,
        *,
        signed: bool,
        harmless: bool,
    ) -> SiteAnswer:
        import aiohttp

        headers = {"Accept": "application/json", **(self._sign() if signed else {})}
        try:
            async with self._open().request(
                method,
                self.base + path,
                params=query,
                json=body,
                data=_form(upload) if upload else None,
                headers=headers,
                allow_redirects=False,
            ) as response:
                held = await capped(response)
                if response.status in _AGAIN or (harmless and response.status in _BROKEN):
                    wait = retry_after(response.headers.get("Retry-After"), self._clock.now())
                    if wait is None or wait <= PATIENCE:
                        raise Transient(f"it answers {response.status}", retry_after=wait)
                return SiteAnswer(
                    response.status, parsed(held), response.headers.get("Location", "")
                )
        except aiohttp.ClientSSLError as error:
            raise SiteError(f"{self.host} shows no valid certificate") from error
        except aiohttp.ClientConnectorError as error:
            raise SiteError(
                f"{self.host} can't be reached", "see the address, and whether you are online"
            ) from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise InputError(f"{self.base} is not a valid address") from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            if harmless:
                raise Transient("the connection broke off") from error
            raise SiteError(
                f"{self.host}: the connection broke off while it was told something new",
                "run the same command again: it looks first whether that has arrived",
            ) from error

    def _open(self) -> "aiohttp.ClientSession":
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                headers={"User-Agent": f"roundup/{__version__}"},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT),
                trust_env=not is_loopback(self.host),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def checked(base: str, *, allow_http: bool) -> str:
    """Return a site's address without a slash at its end.

    Raises `InputError` for what is none, holds a password, or would be read by others on its way.
    """
    try:
        parts = urlsplit(base.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.username or parts.password:
        raise InputError(
            "the site's address holds a name or a password",
            "leave them out: the README says which variables they go into",
        )
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise InputError(
            f"{base} is not an address of a site", "write it as https://blog.example.org"
        )
    if parts.scheme == "http" and not (allow_http or is_loopback(host)):
        raise InputError(
            f"{base} is plain http: what you sign in with could be read on its way",
            "write https://, or say --allow-http if nobody can listen there",
        )
    return base.strip().rstrip("/")


def _form(upload: Upload) -> "aiohttp.FormData":
    import aiohttp

    form = aiohttp.FormData()
    for name, value in upload.fields.items():
        form.add_field(name, value)
    form.add_field("file", upload.data, filename=upload.name, content_type=upload.type)
    return form
