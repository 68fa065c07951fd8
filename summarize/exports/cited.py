"""What a bibliography says of a paper, from what a list says of it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarize.posts.escape import plain
from summarize.records import Paper

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.\w\w)?/\d{7})")
_DOI = re.compile(r"doi\.org/(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """A paper as a bibliography has it. Names are (given, family); a group's has no given name."""

    key: str
    title: str
    authors: tuple[tuple[str, str], ...] = ()
    venue: str = ""
    year: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    abstract: str = ""


def cited(papers: Iterable[Paper]) -> Iterator[Cited]:
    """Yield what can be said of each paper, under a key that no other of them has."""
    taken: set[str] = set()
    for paper in papers:
        arxiv, doi = _ARXIV.search(paper.url), _DOI.search(paper.url)
        number = arxiv["id"] if arxiv else ""
        year = _YEAR.search(paper.venue)
        yield Cited(
            key=_key(paper, taken),
            title=plain(paper.title or paper.url),
            authors=tuple(_name(author) for author in paper.authors if plain(author)),
            venue=plain(paper.venue),
            year=year[0] if year else f"20{number[:2]}" * (number[:1].isdigit()),
            doi=doi["doi"] if doi else "",
            arxiv=number,
            url=plain(paper.url),
            abstract=plain(paper.abstract),
        )


def _key(paper: Paper, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9.:_-]+", "-", paper.key).strip("-") or "paper"
    key = next(k for n in range(len(taken) + 1) if (k := base + f"-{n + 1}" * bool(n)) not in taken)
    taken.add(key)
    return key


def _name(author: str) -> tuple[str, str]:
    """Cut a name before its family's: its last word, with the small words that lead to it."""
    name = plain(author)
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    words = name.split(" ")
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])
