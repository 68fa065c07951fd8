"""NeurIPS proceedings: `/paper_files/paper/YEAR/hash/HASH-Abstract-TRACK.html` and `/file/`."""

import re

from summarize.sources.source import Address, Source, is_host

_HOSTS = ("papers.nips.cc", "papers.neurips.cc", "proceedings.neurips.cc")
_PATH = re.compile(
    r"^/(paper_files/paper|paper)/(\d{4})/(?:hash|file)/([0-9a-f]{32})-(?:Abstract|Paper)"
    r"(-[\w-]+?)?\.(?:html|pdf)$"
)
_OLD = re.compile(r"^/paper/(\d+)-([\w-]+?)(?:\.pdf)?$")  # /paper/7181-attention-is-all-you-need


def _key(address: Address) -> str | None:
    if not is_host(address, *_HOSTS):
        return None
    if found := _PATH.match(address.path):
        return f"neurips-{found[2]}-{found[3][:12]}"
    old = _OLD.match(address.path)
    return f"nips-{old[1]}" if old else None


def _candidates(address: Address) -> list[str]:
    if not is_host(address, *_HOSTS):
        return []
    if found := _PATH.match(address.path):
        name = f"{found[3]}-Paper{found[4] or ''}.pdf"
        return [f"https://{address.hostname}/{found[1]}/{found[2]}/file/{name}"]
    if old := _OLD.match(address.path):
        return [f"https://papers.nips.cc/paper/{old[1]}-{old[2]}.pdf"]
    return []


SOURCE = Source("NeurIPS", _key, _candidates)
