"""The Computer Vision Foundation: `/content/VENUE/html/NAME_paper.html` beside `/papers/`."""

import re

from summarize.sources.source import Address, Source, is_host

_PATH = re.compile(r"^/(content[\w/.-]*?)/(html|papers)/(?:[\w-]+/)?([\w.-]+?)\.(?:html|pdf)$")


def _match(address: Address) -> re.Match[str] | None:
    return _PATH.match(address.path) if is_host(address, "openaccess.thecvf.com") else None


def _key(address: Address) -> str | None:
    found = _match(address)
    return found[3].removesuffix("_paper") if found else None


def _candidates(address: Address) -> list[str]:
    if not _match(address):
        return []
    path = re.sub(r"/html/", "/papers/", address.path).removesuffix(".html")
    return [f"https://openaccess.thecvf.com{path.removesuffix('.pdf')}.pdf"]


SOURCE = Source("CVF", _key, _candidates)
