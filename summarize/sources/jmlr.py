"""Journal of Machine Learning Research: `/papers/vVOLUME/NAME.html` and its PDF."""

import re

from summarize.sources.source import Address, Source, is_host

_PATH = re.compile(r"^/papers/(?:volume(\d+)|v(\d+))/(?:[\w-]+/)?([\w-]+)\.(?:html|pdf)$")


def _match(address: Address) -> re.Match[str] | None:
    return _PATH.match(address.path) if is_host(address, "jmlr.org", "jmlr.csail.mit.edu") else None


def _key(address: Address) -> str | None:
    found = _match(address)
    return f"jmlr-v{found[1] or found[2]}-{found[3]}" if found else None


def _candidates(address: Address) -> list[str]:
    found = _match(address)
    if not found:
        return []
    volume, name = found[1] or found[2], found[3]
    return [f"https://jmlr.org/papers/volume{volume}/{name}/{name}.pdf"]


SOURCE = Source("JMLR", _key, _candidates)
