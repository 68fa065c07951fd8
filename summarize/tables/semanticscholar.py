"""Semantic Scholar's papers: one, a search's, or a batch's (https://api.semanticscholar.org)."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed
from summarize.tables.shapes import Object, first, found, places, strangers, text, texts, under
from summarize.tables.table import Given, Table


def _papers(given: Given) -> tuple[str, list[Any]]:
    value = given.json
    return ("", [value]) if isinstance(value, dict) and "paperId" in value else found(value)


def _knows(given: Given) -> bool:
    return "paperId" in first(_papers(given)[1])


def read(given: Given) -> ReadingList:
    """Read the papers of an answer. What a batch did not find (`null`) is said."""
    name, papers = _papers(given)
    return listed(chain(_rows(given, name, papers), strangers(given, name, papers)), given)


def _rows(given: Given, name: str, papers: list[Any]) -> Iterator[Row]:
    for where, paper in places(given, name, papers):
        yield Row(
            where=where,
            title=text(paper, "title"),
            addresses=_addresses(paper),
            pdf=text(under(paper, "openAccessPdf"), "url"),
            authors=texts(paper.get("authors"), "name"),
            venue=text(paper, "venue") or text(under(paper, "journal"), "name"),
            abstract=text(paper, "abstract"),
        )


def _addresses(paper: Object) -> list[str]:
    """Return where the paper itself is; where that is not said, its page at Semantic Scholar."""
    known = under(paper, "externalIds")
    arxiv, acl, doi = text(known, "ArXiv"), text(known, "ACL"), text(known, "DOI")
    said = [f"https://arxiv.org/abs/{arxiv}"] if arxiv else []
    said += [f"https://aclanthology.org/{acl}"] if acl else []
    said += [f"https://doi.org/{doi}"] if doi else []
    page = f"https://www.semanticscholar.org/paper/{text(paper, 'paperId')}"
    return said or [text(paper, "url") or page]


TABLE = Table("Semantic Scholar's answer", _knows, read)
