"""arXiv: its query API, which answers in Atom.

https://info.arxiv.org/help/api/user-manual.html
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from summarize.catalogs.catalog import Catalog, Found, Identifier, Query, code_in, line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ID = re.compile(r"arxiv\.org/abs/(.+?)(?:v\d+)?$")
_FOR_TITLE = 5  # papers that are looked at
_MOST_WORDS = 12  # of a title that are asked for: the first ones tell


def _by_ids(wanted: Sequence[Identifier]) -> Query:
    ids = ",".join(one.value for one in wanted)
    return Query("/api/query?" + urlencode({"id_list": ids, "max_results": len(wanted)}))


def _by_title(title: str) -> Query:
    """Ask for papers with these words in their title: a phrase would be lost on any dash."""
    words = [w for w in re.findall(r"[^\W_]+", re.sub(r"\\[a-zA-Z]+|\$", " ", title)) if len(w) > 2]
    asked = " AND ".join(f"ti:{word}" for word in dict.fromkeys(words[:_MOST_WORDS]))
    query = urlencode({"search_query": asked, "max_results": _FOR_TITLE}, quote_via=quote)
    return Query(f"/api/query?{query}")


def read(data: Any) -> tuple[Found, ...]:
    """Read the entries of a feed. Raises `ValueError` for what is none, or says an error."""
    import xml.etree.ElementTree as ET

    # A feed has no business with a DTD: what entities unfold to is nobody's paper.
    if not isinstance(data, str) or "<!DOCTYPE" in data or "<!ENTITY" in data:
        raise ValueError("no feed")
    try:
        feed = ET.fromstring(data)  # noqa: S314 - it has no DTD
    except ET.ParseError as error:
        raise ValueError("a feed that is cut off or broken") from error
    if feed.tag != f"{_ATOM}feed":
        raise ValueError("no feed")
    return tuple(filter(None, map(_paper, feed.iter(f"{_ATOM}entry"))))


def _paper(entry: "Element") -> Found | None:
    found = _ID.search(_text(entry, f"{_ATOM}id"))
    if not found:  # arXiv says errors as an entry
        return None
    abstract, comment = _text(entry, f"{_ATOM}summary"), _text(entry, f"{_ARXIV}comment")
    names = (line(name.text) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name"))
    return Found(
        catalog="arXiv",
        arxiv=found[1],
        doi=_text(entry, f"{_ARXIV}doi").lower(),
        title=_text(entry, f"{_ATOM}title"),
        authors=tuple(filter(None, names)),
        abstract=abstract,
        venue=_text(entry, f"{_ARXIV}journal_ref"),
        published=_text(entry, f"{_ATOM}published")[:10],
        code=code_in(comment, abstract),
    )


def _text(entry: "Element", name: str) -> str:
    return line(entry.findtext(name))


CATALOG = Catalog(
    name="arXiv",
    base="https://export.arxiv.org",
    trust=4,
    gives=frozenset({"title", "authors", "abstract", "venue", "published", "code", "arxiv"}),
    knows=("arxiv",),
    at_once=100,
    by_ids=_by_ids,
    read=read,
    by_title=_by_title,
)
