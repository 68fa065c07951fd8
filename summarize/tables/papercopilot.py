"""A venue's papers as papercopilot's paperlists have them (https://github.com/papercopilot)."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed
from summarize.tables.shapes import Object, first, found, places, strangers, text
from summarize.tables.table import Given, Table

_FORUM = re.compile(r"(?=.*[A-Za-z])[\w-]{9,12}")
_SITE = re.compile(r"https?://(?:www\.)?(\w+)\.cc/virtual/(\d{4})")
_VENUES = {"neurips": "NeurIPS", "nips": "NeurIPS", "iclr": "ICLR", "icml": "ICML"}
_OUT = re.compile(r"reject|withdraw", re.IGNORECASE)


def _knows(given: Given) -> bool:
    keys = first(found(given.json)[1]).keys()
    return {"id", "title", "status"} <= keys and bool({"author", "track", "site"} & keys)


def read(given: Given) -> ReadingList:
    """Read a venue's papers. What was rejected or withdrawn is left out, and counted."""
    name, papers = found(given.json)
    out = sum(_is_out(paper) for paper in papers)
    said = [f"{given.name}: {out} rejected or withdrawn papers left out"] if out else []
    return listed(chain(_rows(given, name, papers), strangers(given, name, papers)), given, said)


def _rows(given: Given, name: str, papers: list[Any]) -> Iterator[Row]:
    for where, paper in places(given, name, papers):
        if _is_out(paper):
            continue
        yield Row(
            where=where,
            title=text(paper, "title"),
            addresses=_addresses(paper),
            pdf=text(paper, "pdf"),
            authors=[name.strip() for name in text(paper, "author", "authors").split(";")],
            venue=_venue(paper),
            abstract=text(paper, "abstract"),
        )


def _is_out(paper: Any) -> bool:
    return isinstance(paper, dict) and _OUT.search(text(paper, "status")) is not None


def _addresses(paper: Object) -> list[str]:
    """Return a paper's forum at OpenReview, by its link or its identifier; else its site."""
    said, site, identifier = text(paper, "openreview"), text(paper, "site"), text(paper, "id")
    if not said and "openreview.net" not in site and _FORUM.fullmatch(identifier):
        said = f"https://openreview.net/forum?id={identifier}"
    return [said or site] if said or site else []


def _venue(paper: Object) -> str:
    """Return venue and decision where the site tells the venue: "ICLR 2018 poster"."""
    found = _SITE.match(text(paper, "site"))
    status = text(paper, "status")
    if not found:
        return status
    return f"{_VENUES.get(found[1].lower(), found[1].upper())} {found[2]} {status.lower()}".strip()


TABLE = Table("a venue's papers in JSON", _knows, read)
