"""CSL-JSON, as Zotero, Pandoc and Crossref write it.

https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.sources import arxiv
from summarize.tables.addresses import spelled_out
from summarize.tables.rows import Row, listed
from summarize.tables.shapes import Object, first, found, places, strangers, text, texts, under
from summarize.tables.table import Given, Table

_TELLING = {"container-title", "issued", "DOI", "citation-key", "event-title"}
_TALKS = {"speech", "event", "performance"}


def _items(given: Given) -> tuple[str, list[Any]]:
    crossref = under(given.json, "message", "items")
    return ("items", crossref) if isinstance(crossref, list) else found(given.json)


def _knows(given: Given) -> bool:
    item = first(_items(given)[1])
    people = first(item["author"]) if isinstance(item.get("author"), list) else {}
    named = bool({"family", "literal"} & people.keys())
    return isinstance(item.get("type"), str) and (named or bool(_TELLING & item.keys()))


def read(given: Given) -> ReadingList:
    """Read the items of a library. A note of the person's own (`annote`) is their take."""
    name, items = _items(given)
    return listed(chain(_rows(given, name, items), strangers(given, name, items)), given)


def _rows(given: Given, name: str, items: list[Any]) -> Iterator[Row]:
    for where, item in places(given, name, items):
        yield Row(
            where=where,
            title=next(iter(texts(item.get("title"))), ""),
            addresses=_addresses(item),
            authors=_people(item.get("author")),
            venue=next(iter(texts(item.get("container-title"))), "") or text(item, "event-title"),
            abstract=text(item, "abstract"),
            take=text(item, "annote"),
            talk=text(item, "type") in _TALKS,
        )


def _addresses(item: Object) -> list[str]:
    """Return an item's address, its DOI's, and that of an arXiv identifier in its number."""
    doi = text(item, "DOI")
    said = [text(item, "URL"), spelled_out(doi) or "", arxiv.address_of(text(item, "number")) or ""]
    return list(dict.fromkeys(filter(None, said)))


def _people(values: Any) -> list[str]:
    """Return names as they are said: given name first."""
    people = values if isinstance(values, list) else []
    names = []
    for person in people:
        parts = (text(person, n) for n in ("given", "non-dropping-particle", "family", "suffix"))
        names.append(" ".join(filter(None, parts)) or text(person, "literal", "name"))
    return names


TABLE = Table("CSL-JSON", _knows, read)
