"""Hugging Face papers: what arXiv has, and the repository that the authors linked.

Its `ai_summary` is a model's and not the authors': it is left. https://huggingface.co/docs/hub/api
"""

from collections.abc import Sequence
from typing import Any

from summarize.catalogs.catalog import (
    Catalog,
    Found,
    Identifier,
    Query,
    address,
    code_in,
    line,
    record,
    records,
)


def _by_ids(wanted: Sequence[Identifier]) -> Query:
    return Query(f"/api/papers/{wanted[0].value}")


def read(data: Any) -> tuple[Found, ...]:
    """Read one paper, or the list of a day, which wraps each as `{"paper": {...}}`."""
    if isinstance(data, dict) and "error" in data:
        return ()
    papers = [data] if isinstance(data, dict) else records(data)
    unwrapped = (record(paper.get("paper", paper)) for paper in papers)
    return tuple(_paper(paper) for paper in unwrapped if line(paper.get("id")))


def _paper(paper: dict[str, Any]) -> Found:
    authors, abstract = paper.get("authors"), line(paper.get("summary"))
    people = records(authors) if isinstance(authors, list) else []
    return Found(
        catalog="Hugging Face",
        arxiv=line(paper["id"]),
        title=line(paper.get("title")),
        authors=tuple(name for one in people if (name := line(one.get("name")))),
        abstract=abstract,
        published=line(paper.get("publishedAt"))[:10],
        code=address(paper.get("githubRepo")) or code_in(abstract),
    )


CATALOG = Catalog(
    name="Hugging Face",
    base="https://huggingface.co",
    trust=3,
    gives=frozenset({"title", "authors", "abstract", "published", "code"}),
    knows=("arxiv",),
    at_once=1,
    by_ids=_by_ids,
    read=read,
)
