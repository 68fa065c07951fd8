"""Any other web page: the papers that it describes for machines, or else why it is no list.

https://schema.org/ScholarlyArticle in JSON-LD, as iclr.cc's pages of posters have it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed, plain
from summarize.tables.shapes import Object, text, texts
from summarize.tables.table import Given, Table

_DATA = re.compile(
    r"<script[^>]+application/ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|h[1-6]|div|p|script|section|article|ul|table|main)\b",
    re.IGNORECASE,
)
_CANONICAL = re.compile(r'<link[^>]+rel="canonical"[^>]+href="([^"]+)"', re.IGNORECASE)
_ABSTRACT = re.compile(
    r'<div class="abstract-text[^"]*"[^>]*>\s*<div class="inner">(.*?)</div>', re.DOTALL
)
_HINT = (
    "save the list that it shows as CSV, BibTeX or JSON; of pages, those of PMLR, CVF and arXiv "
    "are read"
)


def _knows(given: Given) -> bool:
    return _PAGE.match(given.head) is not None


def read(given: Given) -> ReadingList:
    """Read the papers that a page describes in JSON-LD."""
    page = given.text
    rows = list(_rows(page, given))
    return listed(rows, given, empty=("is a web page, not a reading list", _HINT))


def _rows(page: str, given: Given) -> Iterator[Row]:
    for found in _DATA.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        try:
            described = json.loads(found[1])
        except (ValueError, RecursionError):
            continue
        articles = [thing for thing in _things(described) if _is_article(thing)]
        abstract = _ABSTRACT.search(page) if len(articles) == 1 else None
        address = _CANONICAL.search(page) if len(articles) == 1 else None
        for article in articles:
            said = text(article, "url") or (address[1] if address else "")
            yield Row(
                where=f"{given.name}:{line}",
                title=text(article, "headline", "name"),
                addresses=[said] if said else [],
                authors=list(dict.fromkeys(texts(article.get("author"), "name"))),
                venue=text(article, "creditText"),
                abstract=text(article, "abstract", "description")
                or (plain(abstract[1]) if abstract else ""),
            )


def _things(described: Any) -> Iterator[Object]:
    members = described if isinstance(described, list) else [described]
    for thing in members:
        if isinstance(thing, dict):
            graph = thing.get("@graph")
            yield from (
                [g for g in graph if isinstance(g, dict)] if isinstance(graph, list) else [thing]
            )


def _is_article(thing: Object) -> bool:
    kinds = thing.get("@type")
    return "ScholarlyArticle" in (kinds if isinstance(kinds, list) else [kinds])


TABLE = Table("a web page", _knows, read)
