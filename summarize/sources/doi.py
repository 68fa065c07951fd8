"""DOIs, at the resolver or inside a publisher's address."""

import re
from urllib.parse import unquote

from summarize.sources.arxiv import IDENTIFIER
from summarize.sources.source import Address, Source, is_host

_DOI = re.compile(r"10\.\d{4,9}/[^\s?#]+")
_BARE = re.compile(r"^(?:doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_ARXIV = re.compile(rf"^10\.48550/arxiv\.({IDENTIFIER})(v\d+)?$", re.IGNORECASE)


def address_of(text: str) -> str | None:
    """Return the address that a bare DOI means."""
    found = _BARE.match(text.strip())
    return f"https://doi.org/{found[1]}" if found else None


def _key(address: Address) -> str | None:
    found = _DOI.search(unquote(address.path))
    if not found:
        return None
    doi = re.sub(r"(?:\.pdf|\.full(?:\.pdf)?|/full|/pdf|/abstract)$", "", found[0].rstrip("./"))
    arxiv = _ARXIV.match(doi)
    return arxiv[1] if arxiv else doi.lower()


def _candidates(address: Address) -> list[str]:
    if not is_host(address, "doi.org", "dx.doi.org"):
        return []
    if arxiv := _ARXIV.match(unquote(address.path).lstrip("/")):
        return [f"https://arxiv.org/pdf/{arxiv[1]}{arxiv[2] or ''}"]
    return [address.geturl()]  # the publisher's page may name its PDF


SOURCE = Source("DOI", _key, _candidates)
