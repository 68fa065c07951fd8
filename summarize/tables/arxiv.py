"""arXiv's answers: Atom of a query or an id list, RSS of a day, and the pages of its listings.

https://info.arxiv.org/help/api/user-manual.html. The XML is read entry by entry with the standard
library: feedparser takes 3 s for 10,000 entries, this a fifth of one.
"""

import html
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from summarize.errors import InputError
from summarize.records import ReadingList
from summarize.tables.rows import Row, listed, one_line, plain
from summarize.tables.table import Given, Table

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_VERSIONED = re.compile(r"https?://(?:export\.)?arxiv\.org/abs/")
_ANNOUNCED = re.compile(r"^arXiv:\S+ Announce Type: \S+\s*(?:Abstract:)?\s*")
_NONE = ("lists no papers", "arXiv found none: look at the query or the identifiers")


def _knows(given: Given) -> bool:
    begins = given.head.startswith(("<?xml", "<feed", "<rss", "<rdf:RDF", "<!--"))
    return begins and re.search(r"<(?:feed|rss|rdf:RDF)\b", given.head) is not None


def read(given: Given) -> ReadingList:
    """Read a feed. Raises `InputError` for one that breaks, or that holds arXiv's own error."""
    if b"<!DOCTYPE" in given.data or b"<!ENTITY" in given.data:  # which could unfold for ever
        raise given.no_list("is XML with definitions of its own", "give a feed as arXiv sends it")
    try:
        return listed(_rows(given), given, empty=_NONE)
    except ET.ParseError as error:
        raise InputError(
            f"{given.name}:{error.position[0]}: it is not valid XML", "fetch the feed once more"
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise given.no_list("is XML that can't be read", "fetch the feed once more") from error


def _rows(given: Given) -> Iterator[Row]:
    number = 0
    feed = ET.iterparse(io.BytesIO(given.data.lstrip()))  # noqa: S314 - it defines no entities
    for _, element in feed:
        tag = element.tag.rpartition("}")[2]
        if tag not in {"entry", "item"}:
            continue
        where = f"{given.name}:{tag}[{number}]"
        number += 1
        yield _atom(element, where) if tag == "entry" else _rss(element, where)
        element.clear()


def _atom(entry: ET.Element, where: str) -> Row:
    identifier = _said(entry, f"{_ATOM}id")
    if "/api/errors" in identifier:
        said = one_line(_said(entry, f"{_ATOM}summary"))
        return Row(where, problem=f"arXiv says: {said or 'an error'}")
    links = {link.get("title"): link.get("href", "") for link in entry.iter(f"{_ATOM}link")}
    return Row(
        where=where,
        title=_said(entry, f"{_ATOM}title"),
        addresses=[_VERSIONED.sub("https://arxiv.org/abs/", identifier or links.get(None, ""))],
        authors=[_said(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author")],
        venue=_said(entry, f"{_ARXIV}journal_ref"),
        abstract=_said(entry, f"{_ATOM}summary"),
    )


def _rss(item: ET.Element, where: str) -> Row:
    return Row(
        where=where,
        title=plain(_said(item, "title")),
        addresses=[link] if (link := _said(item, "link")) else [],
        authors=[name.strip() for name in plain(_said(item, f"{_DC}creator")).split(",")],
        abstract=_ANNOUNCED.sub("", plain(_said(item, "description")).strip()),
    )


def _said(element: ET.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


# --- the pages of its listings --------------------------------------------------------------------

_ENTRY = re.compile(r"<dt>(?P<at>.*?)</dt>\s*<dd>(?P<about>.*?)</dd>", re.DOTALL)
_ABS = re.compile(r'href\s*=\s*"(?:https?://arxiv\.org)?/abs/([^"?#]+)"')
_FIELD = r"<(?:div|p) class=['\"]{}[^'\"]*['\"][^>]*>(.*?)</(?:div|p)>"
_TITLE = re.compile(_FIELD.format("list-title"), re.DOTALL)
_AUTHORS = re.compile(_FIELD.format("list-authors"), re.DOTALL)
_VENUE = re.compile(_FIELD.format("list-journal-ref"), re.DOTALL)
_ABSTRACT = re.compile(r"<p class=['\"]mathjax['\"]>(.*?)</p>", re.DOTALL)
_LABEL = re.compile(r"<span class=['\"]descriptor['\"]>.*?</span>", re.DOTALL)


def _is_listing(given: Given) -> bool:
    return given.head.startswith("<") and "arXiv" in given.head and b"list-title" in given.data


def _read_listing(given: Given) -> ReadingList:
    """Read a page such as https://arxiv.org/list/cs.LG/recent."""
    text = given.text
    rows = (
        _listing(entry, f"{given.name}:dt[{i}]") for i, entry in enumerate(_ENTRY.finditer(text))
    )
    return listed(rows, given, empty=_NONE)


def _listing(entry: re.Match[str], where: str) -> Row:
    identifier = _ABS.search(entry["at"])
    authors = re.findall(r"<a\b[^>]*>(.*?)</a>", _field(_AUTHORS, entry), re.DOTALL)
    return Row(
        where=where,
        title=plain(_field(_TITLE, entry)),
        addresses=[f"https://arxiv.org/abs/{identifier[1]}"] if identifier else [],
        authors=[html.unescape(name) for name in authors],
        venue=plain(_field(_VENUE, entry)),
        abstract=plain(_field(_ABSTRACT, entry)),
    )


def _field(pattern: re.Pattern[str], entry: re.Match[str]) -> str:
    found = pattern.search(entry["about"])
    return _LABEL.sub("", found[1]).strip() if found else ""


TABLE = Table("arXiv's feed", _knows, read)
LISTING = Table("arXiv's listing", _is_listing, _read_listing)
