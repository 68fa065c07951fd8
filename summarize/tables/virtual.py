"""The virtual conferences of neurips.cc, iclr.cc and icml.cc: their JSON of all events.

`https://neurips.cc/static/virtual/data/neurips-2025-orals-posters.json` and the like.
"""

import contextlib
import datetime
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.tables.rows import Row, day, listed
from summarize.tables.shapes import first, found, places, strangers, text, texts, under
from summarize.tables.table import Given, Table

_VENUE = re.compile(r"id=(\w+)\.cc/(\d{4})")
_DECISION = re.compile(r"\((.+)\)")
_HOST = re.compile(r"https?://(?:www\.)?((?:neurips|nips|iclr|icml)\.cc)/")


def _knows(given: Given) -> bool:
    event = first(found(given.json)[1])
    return "virtualsite_url" in event or {"eventtype", "starttime"} <= event.keys()


def read(given: Given) -> ReadingList:
    """Read the events: each stands under its day and session, and has the number of its poster."""
    name, events = found(given.json)
    return listed(chain(_rows(given, name, events), strangers(given, name, events)), given)


def _rows(given: Given, name: str, events: list[Any]) -> Iterator[Row]:
    for where, event in places(given, name, events):
        yield Row(
            where=where,
            title=text(event, "name"),
            addresses=_addresses(event),
            authors=texts(event.get("authors"), "fullname", "name"),
            venue=_venue(event),
            abstract=text(event, "abstract"),
            section=" - ".join(filter(None, (_day(event), text(event, "session")))),
            kind=text(event, "eventtype") or text(event, "event_type"),
        )


def _addresses(event: dict[str, Any]) -> list[str]:
    """Return where the paper is, and the event's own page where its site is known."""
    paper, page = text(event, "paper_url", "url"), text(event, "virtualsite_url")
    if page.startswith("/"):
        urls = [text(event, "sourceurl"), *texts(event.get("authors"), "url")]
        host = next((found[1] for url in urls if (found := _HOST.match(url))), "")
        page = f"https://{host}{page}" if host else ""
    return [paper] if paper else [page] if page else []


def _venue(event: dict[str, Any]) -> str:
    """Return venue, decision and poster: "NeurIPS 2025 poster, #2504"."""
    where = _VENUE.search(text(event, "sourceurl"))
    decision = _DECISION.search(text(event, "decision"))
    venue = [f"{where[1]} {where[2]}"] if where else []
    shown = decision[1].lower() if decision else text(event, "eventtype").lower()
    poster = text(event, "poster_position")
    return ", ".join(filter(None, (" ".join([*venue, shown]).strip(), poster)))


def _day(event: dict[str, Any]) -> str:
    """Return the day on which it begins, where it takes place."""
    starts = under(event, "starttime")
    with contextlib.suppress(ValueError, TypeError):
        return day(datetime.datetime.fromisoformat(starts).date())
    return ""


TABLE = Table("a virtual conference's JSON", _knows, read)
