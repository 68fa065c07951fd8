"""What a paper site is to `roundup`."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult

Address = SplitResult


class Source(NamedTuple):
    """A paper site, known by its addresses.

    `key` returns the identifier in an address of this site, else None; `candidates` returns
    where the PDF may be, best first, and nothing for an address of another site.
    """

    name: str
    key: Callable[[Address], str | None]
    candidates: Callable[[Address], list[str]]


def is_host(address: Address, *names: str) -> bool:
    """Tell whether an address is at one of these hosts, `www.` aside."""
    return (address.hostname or "").lower().removeprefix("www.") in names
