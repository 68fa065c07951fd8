"""What an address alone says of a paper: its key, and where its PDF may be, in order.

To add a site: one file with a `SOURCE`, and one line in `SOURCES`.
"""

from collections.abc import Iterable
from functools import lru_cache
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


@lru_cache(maxsize=1024)  # of one paper at a time, each part asks again
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
    return _key(tuple(addresses))


@lru_cache(maxsize=16_384)  # a list's papers are asked once when it is read, once when written
def _key(addresses: tuple[str, ...]) -> str | None:
    found = [parts for address in addresses if (parts := split(address))]
    identifiers = (source.key(parts) for source in SOURCES for parts in found)
    return next(filter(None, identifiers), None)


def opens_at_pages(paper: Paper) -> str:
    """Return the PDF's address where a browser opens it at `#page=4`; empty where it may not."""
    return next(filter(opens, candidates(paper)[:1]), "")


def opens(url: str) -> bool:
    """Tell whether a browser opens this address of a PDF at `#page=4`."""
    parts = urlsplit(url)
    site = (parts.hostname or "").removeprefix("www.")
    return parts.path.endswith(".pdf") or (site in _SHOWN and "/pdf" in parts.path)


def wants_copy(paper: Paper) -> bool:
    """Tell whether a paper is OpenReview's alone, which gives so many PDFs an hour and no more.

    arXiv may have a copy, under its title.
    """
    found = [parts for address in (paper.url, paper.pdf) if (parts := split(address))]
    known = any(source.SOURCE.key(p) for source in (arxiv, huggingface) for p in found)
    return bool(paper.title) and any(map(openreview.SOURCE.key, found)) and not known


def _is_preprint_of_published(pdf: SplitResult | None, url: SplitResult | None) -> bool:
    """Tell whether a list names OpenReview's paper, and beside it arXiv's page of it.

    Then the first is what was accepted, and the other its copy. An address of a PDF was named to be
    read, and stays first.
    """
    if not pdf or not url or "/pdf" in pdf.path:
        return False
    return bool(openreview.SOURCE.key(url) and arxiv.SOURCE.key(pdf))


_SHOWN = frozenset({"openreview.net", "arxiv.org"})  # whose PDFs' addresses do not end in .pdf


def candidates(paper: Paper) -> list[str]:
    """Return the web addresses at which the paper's PDF may be, best first."""
    urls: list[str] = []
    addresses = [paper.pdf, paper.url]
    if _is_preprint_of_published(*map(split, addresses)):
        addresses.reverse()
    for address in addresses:
        if parts := split(address):
            source = next(s for s in SOURCES if s.candidates(parts))
            urls += source.candidates(parts)
    return list(dict.fromkeys(urls))
