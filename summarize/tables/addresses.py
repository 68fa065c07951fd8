"""Addresses as people write them: whole, without a scheme, or as a bare identifier."""

import re

from summarize.sources import acl, arxiv, doi, split

_HOST = re.compile(r"(www\.)?(?:[\w-]+\.)*[\w-]+\.([a-z]{2,24})(?::\d+)?(/\S*)?", re.IGNORECASE)
# A folder may be called `J.Smith` or `cs.LG`: before a path, only these make a host of it.
_OF_HOSTS = re.compile(
    r"[a-z]{2}|com|org|net|edu|gov|int|mil|info|biz|press|dev|app|cloud|science|academy|institute"
    r"|university|systems|online|site|page|xyz|tech|blog"
)


def spelled_out(text: str) -> str | None:
    """Return the address that a text is, abbreviates or identifies; None if it is none."""
    text = text.strip()
    if split(text):
        return text
    # Identifiers first: `math.GT/0309136` looks like a host too.
    identified = arxiv.address_of(text) or doi.address_of(text) or acl.address_of(text)
    return identified or _with_scheme(text)


def of_pdf(text: str) -> str:
    """Return what a cell says of a PDF: an address, its scheme added, or a path as it is."""
    text = text.strip()
    found = _HOST.fullmatch(text)
    hosted = found and (found[1] or _OF_HOSTS.fullmatch(found[2]))
    return (_with_scheme(text) if hosted else None) or text


def of_row(cells: dict[str, str]) -> list[str]:
    """Return a row's addresses, the one to link to first; what is no address stays as it is."""
    found = []
    for meaning in ("url", "openreview", "arxiv", "doi"):
        if text := cells.get(meaning, "").strip():
            bare = f"https://openreview.net/forum?id={text}" if meaning == "openreview" else text
            found.append(spelled_out(text) or bare)
    return list(dict.fromkeys(found))


def _with_scheme(text: str) -> str | None:
    """Return `host.tld/...` or `www.host.tld` as an address; None for anything else."""
    found = _HOST.fullmatch(text)
    if not found or not (found[1] or found[3]) or found[2].lower() == "pdf":
        return None
    address = f"https://{text}"
    return address if split(address) else None
