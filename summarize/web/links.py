"""Whether addresses lead somewhere: asked politely, by HEAD, and by GET where a server wants that.

One request at a time and a second apart for each host; a host that says it is asked too much is
left alone, and its other addresses count as not asked.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from summarize import __version__
from summarize.settings import Clock, Settings
from summarize.web import addresses
from summarize.web.client import connector
from summarize.web.hosts import PACE, is_loopback

if TYPE_CHECKING:
    import aiohttp

HOSTS = 8  # at once
MAX_REDIRECTS = 10
GAP = 1.0  # seconds between two requests to one host
_GONE = {404: "has no such page", 410: "removed it"}
# A program is refused, or asked to wait, where a browser would be let in: that says nothing.
_MUTE = {401, 402, 403, 405, 406, 418, 429, 451, 501, 503, 999}


async def dead(urls: Iterable[str], settings: Settings, clock: Clock) -> dict[str, str]:
    """Return what is wrong with each address that leads nowhere, in a few words."""
    public = not settings.allow_private
    pool = connector(tls=True, public=public)
    import aiohttp

    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(url.partition("#")[0] for url in urls):
        by_host.setdefault((urlsplit(url).hostname or "").lower(), []).append(url)
    found: dict[str, str] = {}
    slots = asyncio.Semaphore(HOSTS)
    agent = f"roundup/{__version__} (link check; python-aiohttp"
    async with aiohttp.ClientSession(
        connector=pool,
        headers={"User-Agent": agent + (f"; +{settings.contact})" if settings.contact else ")")},
        timeout=aiohttp.ClientTimeout(total=20.0, sock_connect=settings.connect_timeout),
        trust_env=True,
    ) as session:

        async def ask(host: str) -> None:
            async with slots:
                for number, url in enumerate(by_host[host]):
                    gap = 0.0 if is_loopback(host) else max(GAP, PACE.get(host, 0.0))
                    await clock.sleep(gap if number else 0.0)
                    wrong = await _asked(url, session, public=public)
                    if wrong is None:
                        return  # the host does not want to be asked
                    if wrong:
                        found[url] = wrong

        await asyncio.gather(*(ask(host) for host in by_host))
    return found


async def _asked(url: str, session: "aiohttp.ClientSession", *, public: bool) -> str | None:
    """Return what is wrong with an address, empty for nothing; None to leave its host alone."""
    import aiohttp

    host = urlsplit(url).hostname
    try:
        status = 0
        for method in ("HEAD", "GET"):
            status = await _status(method, url, session, public=public)
            if 300 <= status < 400:
                return f"{host} redirects in a circle"
            if status < 400:
                return ""
            if status == 429:
                return None
    except addresses.Refused as error:
        return error.message
    except (aiohttp.InvalidURL, ValueError):
        return "no valid address"
    except aiohttp.ClientSSLError:
        return f"{host} shows no valid certificate"
    except aiohttp.ClientConnectorError:
        return f"{host} can't be reached"
    except (aiohttp.ClientError, TimeoutError, ConnectionError):
        return f"{host} does not answer"
    return "" if status in _MUTE else f"{host} {_GONE.get(status, 'answers')} ({status})"


async def _status(method: str, url: str, session: "aiohttp.ClientSession", *, public: bool) -> int:
    """Return what is answered where the redirects end, or a redirect's status where none do."""
    status = 0
    for _ in range(MAX_REDIRECTS):
        asked = addresses.parsed(url)
        if public:
            addresses.see_that_it_is_public(asked)
        async with session.request(method, asked, allow_redirects=False) as response:
            status, to = response.status, response.headers.get("Location", "")
        if status not in {301, 302, 303, 307, 308} or not to:
            return 200 if 300 <= status < 400 else status  # 304, or a page of choices
        url = urljoin(url, to)
    return status
