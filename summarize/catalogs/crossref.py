"""Crossref: what publishers deposit with a DOI. https://api.crossref.org/swagger-ui/index.html."""

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
    lines,
    plain,
    record,
    records,
)

_SELECT = "DOI,title,subtitle,author,abstract,container-title,published"
_FOR_TITLE = 5  # papers that are looked at


def _by_ids(wanted: Sequence[Identifier]) -> Query:
    dois = ",".join(f"doi:{one.value}" for one in wanted)
    return Query("/works?" + urlencode({"filter": dois, "rows": len(wanted), "select": _SELECT}))


def _by_title(title: str) -> Query:
    asked = {"query.bibliographic": title, "rows": _FOR_TITLE, "select": _SELECT}
    return Query("/works?" + urlencode(asked))


def read(data: Any) -> tuple[Found, ...]:
    """Read a list of works, or one."""
    if not isinstance(data, dict) or not isinstance(data.get("message"), dict):
        raise ValueError("no works")
    message = data["message"]
    works = records(message["items"]) if "items" in message else [message]
    return tuple(_paper(work) for work in works if line(work.get("DOI")))


def _paper(work: dict[str, Any]) -> Found:
    title, subtitle = (next(iter(lines(work.get(name))), "") for name in ("title", "subtitle"))
    abstract = plain(line(work.get("abstract")))
    authors = work.get("author")
    return Found(
        catalog="Crossref",
        doi=line(work["DOI"]).lower(),
        title=plain(f"{title}: {subtitle}" if title and subtitle else title),
        authors=tuple(filter(None, map(_name, records(authors)))) if authors else (),
        abstract=abstract.removeprefix("Abstract").strip(),
        venue=plain(next(iter(lines(work.get("container-title"))), "")),
        published=_date(record(work.get("published")).get("date-parts")),
        code=code_in(abstract),
    )


def _name(author: dict[str, Any]) -> str:
    parts = (line(author.get("given")), line(author.get("family")))
    return " ".join(filter(None, parts)) or line(author.get("name"))


def _date(parts: object) -> str:
    """Return `[[2020, 5, 7]]` as 2020-05-07, with as much of it as there is."""
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [n for n in first or [] if isinstance(n, int)] if isinstance(first, list) else []
    return "-".join(f"{n:02}" for n in numbers[:3])


CATALOG = Catalog(
    name="Crossref",
    base="https://api.crossref.org",
    trust=2,
    gives=frozenset({"title", "authors", "abstract", "venue", "published"}),
    knows=("doi",),
    at_once=20,
    by_ids=_by_ids,
    read=read,
    by_title=_by_title,
)
