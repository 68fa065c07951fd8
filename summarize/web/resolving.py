"""A resolver that gives no address inside a private network, whatever a name says it resolves to.

What it returns is what is connected to, so that there is no second look-up that could differ.
"""

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from summarize.web.addresses import is_public, private


class PublicResolver(AbstractResolver):
    """Resolves names as aiohttp does, and leaves out what is not public.

    A proxy's name is the person's own, and is not looked at.
    """

    def __init__(self, behind: AbstractResolver | None = None) -> None:
        self._behind = behind or aiohttp.DefaultResolver()
        self._proxies = _proxies()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a name. Raises `Refused` where all are private."""
        found = await self._behind.resolve(host, port, family)
        if host.lower() in self._proxies:
            return found
        public = [each for each in found if is_public(ipaddress.ip_address(each["host"]))]
        if found and not public:
            raise private(host)
        return public

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._behind.close()


def _proxies() -> frozenset[str]:
    return frozenset(
        host.lower()
        for address in getproxies().values()
        if (host := urlsplit(address if "//" in address else f"//{address}").hostname)
    )
