"""What an address alone says of a paper: its key, and where its PDF may be, in order.

To add a site: one file with a `SOURCE`, and one line in `SOURCES`.
"""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from summarize.records import Paper
from summarize.sources import (
    acl,
    arxiv,
    cvf,
    direct,
    doi,
    huggingface,
    jmlr,
    neurips,
    openreview,
    pmlr,
)
from summarize.sources.source import Source

# The first that knows an address speaks for it; `direct` knows them all.
SOURCES: tuple[Source, ...] = (
    openreview.SOURCE,
    arxiv.SOURCE,
    pmlr.SOURCE,
    acl.SOURCE,
    cvf.SOURCE,
    neurips.SOURCE,
    jmlr.SOURCE,
    huggingface.SOURCE,
    doi.SOURCE,
    direct.SOURCE,
)


def split(address: str) -> SplitResult | None:
    """Split an http(s) address, or return None for anything else."""
    try:
        parts = urlsplit(address.strip())
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def key(addresses: Iterable[str]) -> str | None:
    """Return the best identifier in a paper's addresses, if one is there."""
    found = [parts for address in addresses if (parts := split(address))]
    identifiers = (source.key(parts) for source in SOURCES for parts in found)
    return next(filter(None, identifiers), None)


def opens_at_pages(paper: Paper) -> str:
    """Return the PDF's address where a browser opens it at `#page=4`; empty where it may not."""
    for url in candidates(paper)[:1]:
        parts = urlsplit(url)
        site = (parts.hostname or "").removeprefix("www.")
        if parts.path.endswith(".pdf") or (site in _SHOWN and "/pdf" in parts.path):
            return url
    return ""


_SHOWN = frozenset({"openreview.net", "arxiv.org"})  # whose PDFs' addresses do not end in .pdf


def candidates(paper: Paper) -> list[str]:
    """Return the web addresses at which the paper's PDF may be, best first."""
    urls: list[str] = []
    for address in (paper.pdf, paper.url):
        if parts := split(address):
            source = next(s for s in SOURCES if s.candidates(parts))
            urls += source.candidates(parts)
    return list(dict.fromkeys(urls))
