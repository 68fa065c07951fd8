"""DBLP's search, as https://dblp.org/search/publ/api?format=json answers it."""

import re
from collections.abc import Iterator
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed
from summarize.tables.shapes import Object, places, strangers, text, texts, under
from summarize.tables.table import Given, Table

_NUMBER = re.compile(r" \d{4}$")  # tells namesakes apart: "Wei Wang 0001"


def _knows(given: Given) -> bool:
    return isinstance(under(given.json, "result", "hits"), dict)


def read(given: Given) -> ReadingList:
    """Read the hits of a search."""
    hits = under(given.json, "result", "hits", "hit")
    hits = hits if isinstance(hits, list) else [hits] if isinstance(hits, dict) else []
    rows = [*_rows(given, hits), *strangers(given, "hit", hits)]
    return listed(rows, given, empty=("lists no papers", "DBLP found none: search for other words"))


def _rows(given: Given, hits: list[Any]) -> Iterator[Row]:
    for where, hit in places(given, "hit", hits):
        info = under(hit, "info")
        yield Row(
            where=where,
            title=text(info, "title").removesuffix("."),
            addresses=_addresses(info),
            authors=[
                _NUMBER.sub("", name) for name in texts(under(info, "authors", "author"), "text")
            ],
            venue=" ".join([*texts(under(info, "venue"))[:1], text(info, "year")]),
        )


def _addresses(info: Object) -> list[str]:
    """Return where the paper is, its DOI's address, and else DBLP's own page."""
    doi = text(info, "doi")
    said = [*texts(under(info, "ee")), f"https://doi.org/{doi}" if doi else ""]
    return list(dict.fromkeys(filter(None, said))) or list(texts(under(info, "url")))


TABLE = Table("DBLP's answer", _knows, read)
