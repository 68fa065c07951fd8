"""Semantic Scholar's Graph API: many papers by arXiv id or DOI at once, or one by its title.

Its `tldr` is a model's and not the authors': it is not asked for. Its authors may be initials
("A. Turing"), so that others go before it. https://api.semanticscholar.org/api-docs/graph
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from summarize.catalogs.catalog import (
    Catalog,
    Found,
    Identifier,
    Query,
    code_in,
    line,
    record,
    records,
)

_FIELDS = "title,abstract,venue,publicationDate,authors,externalIds"
_PREFIXES = {"arxiv": "ARXIV", "doi": "DOI"}


def _by_ids(wanted: Sequence[Identifier]) -> Query:
    ids = [f"{_PREFIXES[one.kind]}:{one.value}" for one in wanted]
    return Query(f"/paper/batch?fields={_FIELDS}", {"ids": ids})


def _by_title(title: str) -> Query:
    return Query("/paper/search/match?" + urlencode({"query": title, "fields": _FIELDS}))


def read(data: Any) -> tuple[Found, ...]:
    """Read a batch (a list with null for what is not there), a search, or one paper."""
    if isinstance(data, dict) and "paperId" in data:
        return (_paper(data),)
    if isinstance(data, dict) and "not found" in line(data.get("error")).lower():
        return ()
    papers = records(data.get("data") if isinstance(data, dict) else data)
    return tuple(_paper(paper) for paper in papers)


def _paper(paper: dict[str, Any]) -> Found:
    ids, abstract = record(paper.get("externalIds")), line(paper.get("abstract"))
    authors = paper.get("authors")
    people = records(authors) if isinstance(authors, list) else []
    venue = line(paper.get("venue"))
    return Found(
        catalog="Semantic Scholar",
        arxiv=line(ids.get("ArXiv")),
        doi=line(ids.get("DOI")).lower(),
        title=line(paper.get("title")).removeprefix("[PDF] "),
        authors=tuple(name for one in people if (name := line(one.get("name")))),
        abstract=abstract,
        venue="" if venue.lower() in {"arxiv.org", "arxiv"} else venue,  # where all preprints are
        published=line(paper.get("publicationDate")),
        code=code_in(abstract),
    )


CATALOG = Catalog(
    name="Semantic Scholar",
    base="https://api.semanticscholar.org/graph/v1",
    trust=1,
    gives=frozenset({"title", "authors", "abstract", "venue", "published", "arxiv"}),
    knows=("arxiv", "doi"),
    at_once=500,
    by_ids=_by_ids,
    read=read,
    by_title=_by_title,
)
