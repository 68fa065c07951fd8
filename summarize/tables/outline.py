"""Notes of a conference, as headings and what stands below them -> its entries.

A heading is a session where nothing stands below it but entries, or where it says so ("Poster
Session 1"); else it is an entry itself, and so are all links that stand alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from summarize.sources import key, split
from summarize.tables.columns import EVENT, SHOWN
from summarize.tables.rows import Row, one_line

_SESSION = re.compile(r"\b(?:sessions?|posters?|orals?|spotlights?|workshops?)\b", re.IGNORECASE)
_OF_PAPERS = re.compile(r"/(?:poster|oral|spotlight|paper|abs|pdf|html|forum|content|article)s?/")


@dataclass(frozen=True)
class Block:
    """A heading (`level` from 1), a link that stands alone (`level` 0), or text below them (-1).

    `text` is Markdown, of a heading plain words. `url` is what a heading or a lone link links to.
    """

    level: int
    text: str
    where: str
    url: str = ""
    star: bool = False


@dataclass
class _Entry:
    """An entry that is being read."""

    head: Block
    section: tuple[str, ...]
    body: list[str] = field(default_factory=list)


def rows(blocks: Sequence[Block]) -> Iterator[Row]:
    """Yield a row for each entry. What stands before the first heading is no entry's."""
    sections: list[tuple[int, str]] = []
    entry: _Entry | None = None
    for at, block in enumerate(blocks):
        if block.level < 0:
            if entry:
                entry.body.append(block.text)
            continue
        if entry and block.level > entry.head.level > 0 and not block.url:
            entry.body.append(f"**{block.text}**")  # a heading within an entry
            continue
        if entry:
            yield _row(entry)
            entry = None
        if block.level:
            sections = [(level, name) for level, name in sections if level < block.level]
        above = tuple(name for _, name in sections)
        if _is_section(block, blocks[at + 1 : at + 2]):
            sections.append((block.level, block.text))
            if _has_body(blocks[at + 1 : at + 2]):
                words = []
                for below in blocks[at + 1 :]:
                    if below.level >= 0:
                        break
                    words.append(below.text)
                yield _row(_Entry(block, (*above, block.text), words), talk=True)
            continue
        entry = _Entry(block, above)
    if entry:
        yield _row(entry)


def _is_section(block: Block, following: Sequence[Block]) -> bool:
    """Tell whether a heading is one of several entries."""
    if block.url or not block.level:
        return False
    return _names_session(block.text) or not _has_body(following)


def _names_session(text: str) -> bool:
    """Tell whether a heading says that it is a session: "Oral Session: ...", "Posters"."""
    return _SESSION.search(text.partition(":")[0]) is not None


def _has_body(following: Sequence[Block]) -> bool:
    return bool(following) and following[0].level < 0


def _row(entry: _Entry, *, talk: bool | None = None) -> Row:
    section = " - ".join(entry.section)
    head = entry.head
    url = head.url if is_address(head.url) else ""
    told = is_talk(head.text, url, section) if talk is None else talk
    return Row(
        where=head.where,
        title=head.text,
        addresses=[url] if url else [],
        section=section,
        star=head.star,
        take="\n\n".join(entry.body),
        talk=told,
    )


def is_talk(title: str, url: str, section: str) -> bool:
    """Tell whether an entry of somebody's notes is a talk or a social rather than a paper.

    A paper's address tells; without one, that it was shown among posters or orals.
    """
    if not url:
        return not SHOWN.search(section) or EVENT.search(title) is not None
    parts = split(url)
    path = parts.path if parts else ""
    if key([url]) or path.endswith(".pdf") or _OF_PAPERS.search(path):
        return False
    return EVENT.search(title) is not None


def is_address(url: str) -> bool:
    """Tell whether a link's target can be one: people paste other things into the field."""
    return split(url) is not None and " " not in url and url == one_line(url)
