"""Hugging Face's daily papers, as https://huggingface.co/api/daily_papers answers them."""

import contextlib
import datetime
from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarize.records import ReadingList
from summarize.sources import arxiv
from summarize.tables.rows import Row, day, listed
from summarize.tables.shapes import first, found, places, strangers, text, texts, under
from summarize.tables.table import Given, Table


def _knows(given: Given) -> bool:
    paper = under(first(found(given.json)[1]), "paper")
    return isinstance(paper, dict) and "id" in paper


def read(given: Given) -> ReadingList:
    """Read the papers, each under the day on which it was one of the day's."""
    name, papers = found(given.json)
    return listed(chain(_rows(given, name, papers), strangers(given, name, papers)), given)


def _rows(given: Given, name: str, papers: list[Any]) -> Iterator[Row]:
    for where, entry in places(given, name, papers):
        paper, identifier = under(entry, "paper"), text(under(entry, "paper"), "id")
        address = arxiv.address_of(identifier) or f"https://huggingface.co/papers/{identifier}"
        yield Row(
            where=where,
            title=text(paper, "title") or text(entry, "title"),
            addresses=[address] if identifier else [],
            authors=texts(under(paper, "authors"), "name"),
            abstract=text(paper, "summary") or text(entry, "summary"),
            section=_day(under(paper, "submittedOnDailyAt")),
        )


def _day(stamp: Any) -> str:
    with contextlib.suppress(ValueError, TypeError):
        return day(datetime.datetime.fromisoformat(stamp).date())
    return ""


TABLE = Table("Hugging Face's daily papers", _knows, read)
