"""Questions in JSON to the server of a model, and its answers as they are."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

from summarize.errors import Transient
from summarize.settings import Clock
from summarize.web.client import connector
from summarize.web.hosts import is_loopback
from summarize.web.retries import retry_after

if TYPE_CHECKING:
    import aiohttp

MAX_ANSWER = 8_000_000  # bytes; a summary takes a few thousand, a list of token numbers 100,000
CONNECT = 10.0  # seconds


class Unreachable(Transient):
    """Nothing listens at the address."""


class Answer(NamedTuple):
    """What a server answered: `data` is its JSON, or its text where that is none.

    `retry_after` is in seconds, where the server said.
    """

    status: int
    data: Any
    retry_after: float | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, as other servers than models' send."""
        return isinstance(self.data, str) and self.data.lstrip()[:1] == "<"

    @property
    def said(self) -> str:
        """The words of an error, on one line, wherever this kind of server puts them."""
        found = self.data
        while isinstance(found, dict):
            found = found.get("error") or found.get("message") or found.get("detail") or ""
        return " ".join(str(found).split())[:500]


class Api:
    """A client of one server. Use it as an async context manager.

    A server on this machine is never asked by way of a proxy, which would read the text.
    """

    def __init__(self, base: str, clock: Clock, *, key: str = "", timeout: float) -> None:
        """Take the address that all paths are relative to; times are in seconds."""
        self.base = base.rstrip("/")
        self._clock = clock
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._key = key.encode()
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def root(self) -> str:
        """The server's address without the path that OpenAI's routes begin with."""
        return self.base.removesuffix("/v1")

    async def get(self, url: str) -> Answer:
        """Ask for what lies at a whole address."""
        return await self._ask("GET", url, None)

    async def post(self, url: str, body: dict[str, Any]) -> Answer:
        """Send a JSON object to a whole address."""
        return await self._ask("POST", url, body)

    async def _ask(self, method: str, url: str, body: dict[str, Any] | None) -> Answer:
        """Send one request.

        Raises `Unreachable` where nothing listens, `Transient` where the connection broke.
        """
        session = self._open()
        import aiohttp

        host = urlsplit(url).netloc
        try:
            async with session.request(
                method, url, json=body, headers=self._headers, allow_redirects=False
            ) as response:
                held = await capped(response)
                if self._key:  # a server may repeat it, and what it says is shown and kept
                    held = held.replace(self._key, b"(key)")
                stated = retry_after(response.headers.get("Retry-After"), self._clock.now())
                return Answer(response.status, parsed(held), stated)
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(f"nothing listens at {host}") from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise Unreachable(f"{url} is not a valid address") from error
        except TimeoutError as error:
            raise Transient(f"{host} did not answer within {self._timeout:.0f} s") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(f"{host} dropped the connection") from error

    def _open(self) -> "aiohttp.ClientSession":
        if self._session is None:
            parts = urlsplit(self.base)
            # How many at once is the caller's choice.
            pool = connector(tls=parts.scheme == "https", limit=0)
            import aiohttp

            self._session = aiohttp.ClientSession(
                connector=pool,
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=CONNECT),
                trust_env=not is_loopback(parts.hostname or ""),
            )
        return self._session


async def capped(response: "aiohttp.ClientResponse") -> bytes:
    """Read an answer, up to a size that no answer here has."""
    held = b""
    while len(held) < MAX_ANSWER and not response.content.at_eof():
        held += await response.content.read(MAX_ANSWER - len(held))
    return held


def parsed(held: bytes) -> Any:
    """Return the JSON of an answer, or its text where that is none."""
    try:
        return json.loads(held)
    except (ValueError, RecursionError):
        return held.decode("utf-8", "replace")
