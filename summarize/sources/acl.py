"""ACL Anthology: `/2020.acl-main.447/`, `/P19-1001`, and their PDFs."""

import re

from summarize.sources.source import Address, Source, is_host

# https://aclanthology.org/info/ids/
_IDENTIFIER = r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})"
_PATH = re.compile(rf"^/(?:anthology/)?(?:papers/)?{_IDENTIFIER}(?:v\d+)?(?:\.pdf)?/?$")
_BARE = re.compile(rf"^(?:acl:\s*)?{_IDENTIFIER}$")


def address_of(text: str) -> str | None:
    """Return the address that a bare identifier (`2020.acl-main.447`, `P19-1001`) means."""
    found = _BARE.match(text.strip())
    return f"https://aclanthology.org/{found[1]}/" if found else None


def _key(address: Address) -> str | None:
    if not is_host(address, "aclanthology.org", "aclweb.org", "anthology.aclweb.org"):
        return None
    found = _PATH.match(address.path)
    return found[1] if found else None


def _candidates(address: Address) -> list[str]:
    identifier = _key(address)
    return [f"https://aclanthology.org/{identifier}.pdf"] if identifier else []


SOURCE = Source("ACL Anthology", _key, _candidates)
