"""Which addresses may be asked that a stranger wrote: in a list, a redirect or a page.

A list that names a router, a cloud's metadata or a server on this machine would have the program
ask it from within the network it runs in (server-side request forgery, CWE-918). So every address
is looked at as the client will read it, before each request; and every name is looked at by what
it resolves to, at the moment it is connected to, so that a name which resolves anew in between
(DNS rebinding) is of no use. What the person chose is not a stranger's: the model's server, a site
to publish at, a mirror, a proxy.
"""

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from summarize.errors import FetchError

if TYPE_CHECKING:
    from yarl import URL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-special-registry. They are
# named here, since what `ipaddress` holds private differs between the Pythons that are supported.
_CLOSED_4 = tuple(
    ipaddress.IPv4Network(net)
    for net in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32
    """.split()  # the last but one holds multicast and what is reserved; the last is Azure's own
)
_OPEN_6 = ipaddress.IPv6Network("2000::/3")  # all that was ever given out
_CLOSED_6 = tuple(
    ipaddress.IPv6Network(net)
    for net in "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split()
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_INNER = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375; ICANN 2024


class Refused(FetchError):
    """The address is not asked, whoever wrote it."""


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open Internet's.

    An IPv4 address within an IPv6 one is none (mapped, compatible, 6to4, Teredo): no site has such.
    NAT64's is as good as the address in it, as networks without IPv4 reach all sites by it.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _CLOSED_4)
    if address.scope_id:
        return False
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _OPEN_6 and not any(address in net for net in _CLOSED_6)


def literal(host: str) -> Address | None:
    """Return the address that a host is, in any form that a system takes for one.

    The resolver of the C library reads `2130706433`, `0x7f.1` and `0177.0.0.1` as 127.0.0.1.
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare)) if bare.isascii() else None
    except (OSError, ValueError):
        return None


def parsed(url: str) -> "URL":
    """Return an address as the client reads it. Raises `Refused` for what is never asked."""
    from yarl import URL

    try:
        found, _ = URL(url), urlsplit(url).port
        host = (found.host or "").lower()
    except (ValueError, UnicodeError) as error:
        raise Refused("the address is not a valid one") from error
    if found.scheme not in {"http", "https"} or not host:
        raise Refused(f"{found.scheme or 'relative'} addresses are not fetched")
    if found.raw_user is not None or found.raw_password is not None:
        raise Refused(f"the address at {host} holds a name or a password: take it out of the list")
    return found


def see_that_it_is_public(url: "URL") -> None:
    """Raise `Refused` for an address that says itself that it is inside a private network."""
    host = (url.host or "").lower()
    found = literal(host)
    if (found and not is_public(found)) or f".{host.rstrip('.')}".endswith(_INNER):
        raise private(host)


def private(host: str) -> Refused:
    """Return what is said of a host inside a private network."""
    return Refused(
        f"{host} is an address inside a private network: give --allow-private if it is yours"
    )


def origin(url: str) -> str:
    """Return the scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
