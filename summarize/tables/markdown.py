"""A post as a list again, whoever wrote it, and lists in Markdown.

An entry is a numbered one as `posts` has them; in a text without these, a heading that is a link,
with the words below it; else a bullet that begins with one. Of a numbered entry nothing that the
person wrote is left behind: its line and its notes are the take, its TODOs the todo.
"""

import itertools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from summarize.posts.blocks import parse
from summarize.posts.escape import uncommented
from summarize.posts.written import Block, Heading, Item, Text, Written, unescaped
from summarize.records import ReadingList
from summarize.tables import outline
from summarize.tables.rows import Row, listed
from summarize.tables.table import Given, Table

_STAR = r"(?P<star>(?:⭐\ufe0f?|★)\s*)?"
_LINK = r"\[(?P<title>(?:\\.|[^\\\n])*?)\]\((?P<url>(?:[^()\s]|\([^()\s]*\))+)[^)\n]*\)"
_NUMBERED = re.compile(r"^\d{1,9}[.)][ \t]+\S*?[ \t]*(?:\[|\*\*)", re.MULTILINE)
_BULLET = re.compile(
    rf"^[-*+][ \t]+(?:\[[ xX]\][ \t]+)?{_STAR}(?:\*\*)?{_LINK}(?:\*\*)?(?P<rest>.*)", re.S
)
_LINKED = re.compile(rf"^(?P<level>#{{1,6}})[ \t]+{_STAR}(?:\d+[.)][ \t]+)?{_LINK}[ \t#]*$")
_A_BULLET = re.compile(
    r"^[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?:⭐\ufe0f?\s*|★\s*)?(?:\*\*)?\[[^\]\n]+\]\(", re.M
)
_A_HEADING = re.compile(r"^#{1,6}[ \t]+[^\[\n]{0,20}\[[^\]\n]+\]\([^)\s]+\)[ \t#]*$", re.M)
_SEPARATOR = re.compile(r"[ \t]*(?:[-–—:]+[ \t]+)?")
_TODO = re.compile(r"<!--\s*\*\*TODO:\*\*\s*(.*?)\s*-->", re.DOTALL)
# What `roundup` wrote there itself, and no person.
_OURS = re.compile(r"<!--\s*\*\*CHECK:\*\*.*?-->|<!-- roundup offers for the .*?-->", re.DOTALL)
_FAILED = re.compile(
    r"^\*Not summarized: [^\n]*\*$| ?\*\(Not summarized: [^\n]*\)\*$", re.MULTILINE
)
_DETAILS = re.compile(r"<details>\s*(?:<summary>.*?</summary>)?(.*?)</details>", re.DOTALL)
_EMPHASIS = re.compile(r"[*_`]+")


def _knows(given: Given) -> bool:
    if given.head.startswith(("<", "{", "@")):
        return False
    text = given.text
    return any(pattern.search(text) for pattern in (_NUMBERED, _A_HEADING, _A_BULLET))


def read(given: Given) -> ReadingList:
    """Read the entries of a post or a list."""
    mended = (
        line if line.isascii() else given.repairs.mend(line, f"{given.name}:{number}")
        for number, line in enumerate(given.text.replace("\r\n", "\n").split("\n"), 1)
    )
    written = parse("\n".join(mended))
    rows = _numbered(written, given.name) if written.items else _unnumbered(written, given.name)
    empty = ("lists no papers", "an entry is a number or a bullet with a link behind it")
    return listed(rows, given, empty=empty)


def _placed(written: Written) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of a post, each with the line that it begins on."""
    line = 1 + sum(field.text.count("\n") for field in written.front)
    for block in written.blocks:
        yield line, block
        line += block.text.count("\n") + block.gap.count("\n")


class _Sections:
    """The headings that an entry stands under."""

    def __init__(self, written: Written) -> None:
        levels = [_level(block.text) for block in written.blocks if isinstance(block, Heading)]
        # A single heading above all others is the post's title.
        top = min(levels, default=0)
        self._title = top if levels[:1] == [top] and levels.count(top) == 1 < len(levels) else 0
        self._open: list[tuple[int, str]] = []

    def enter(self, heading: str) -> None:
        """Go below a heading."""
        level = _level(heading)
        self._open = [(above, name) for above, name in self._open if above < level]
        if level != self._title:
            name = re.sub(
                r"\s*\{:?[^{}]*\}\s*$", "", heading.strip("# \t")
            )  # kramdown's attributes
            self._open.append((level, unescaped(name)))

    def __str__(self) -> str:
        return " - ".join(name for _, name in self._open)


def _level(heading: str) -> int:
    return len(heading) - len(heading.lstrip("#"))


# --- numbered entries -----------------------------------------------------------------------------


def _numbered(written: Written, name: str) -> Iterator[Row]:
    sections = _Sections(written)
    for line, block in _placed(written):
        if isinstance(block, Heading):
            sections.enter(block.text)
        elif isinstance(block, Item):
            yield _item(block, f"{name}:{line}", str(sections))


def _item(item: Item, where: str, section: str) -> Row:
    body = "".join(part.text for part in item.parts if part.name not in {"number", "star", "title"})
    body = _OURS.sub("", body)
    todos = [uncommented(" ".join(found.split())) for found in _TODO.findall(body)]
    return Row(
        where=where,
        title=item.title,
        addresses=[item.url] if item.url else [],
        section=section,
        star=item.star,
        todo="; ".join(dict.fromkeys(filter(None, todos))),
        take=_take(_TODO.sub("", body)),
        talk=outline.is_talk(item.title, item.url, section),
    )


def _take(body: str) -> str:
    """Return what an entry says, without what sets it apart; notes become a list below it."""
    said = _DETAILS.sub(lambda found: "\n" + _notes(found[1]), body)
    head, _, rest = said.partition("\n")
    head = head[_SEPARATOR.match(head).end() :]  # type: ignore[union-attr]
    text = head.rstrip() + "\n" + textwrap.dedent(rest.expandtabs(4))
    lines = (line.rstrip() for line in _FAILED.sub("", text).split("\n"))
    kept = (group for blank, group in itertools.groupby(lines, lambda line: not line) if not blank)
    return "\n\n".join("\n".join(group) for group in kept).strip()


def _notes(inner: str) -> str:
    """Return folded notes as a list of Markdown."""
    lines = (line.strip().removesuffix("<br>").rstrip() for line in inner.split("\n"))
    return "\n".join(f"    {line}" for line in lines if line)


# --- headings and bullets -------------------------------------------------------------------------


@dataclass
class _Open:
    """An entry that is being read: what it begins with, and the words below it."""

    found: re.Match[str]
    where: str
    section: str
    body: list[str]
    level: int = 0

    def row(self) -> Row:
        """Return the row that it comes to."""
        title, url = unescaped(self.found["title"]), self.found["url"]
        body = "\n\n".join(self.body)
        return Row(
            where=self.where,
            title=_EMPHASIS.sub("", title) if title.startswith(("*", "_", "`")) else title,
            addresses=[url],
            section=self.section,
            star=bool(self.found["star"]),
            todo="; ".join(uncommented(" ".join(todo.split())) for todo in _TODO.findall(body)),
            take=_take(_TODO.sub("", _OURS.sub("", body))),
            talk=outline.is_talk(title, url, self.section),
        )


def _unnumbered(written: Written, name: str) -> Iterator[Row]:
    """Read headings that are links, or else bullets that begin with one."""
    headed = any(_LINKED.match(b.text) for b in written.blocks if isinstance(b, Heading))
    sections, entry = _Sections(written), None
    for line, block in _placed(written):
        if isinstance(block, Heading):
            if entry:
                yield entry.row()
            found = _LINKED.match(block.text)
            entry = _Open(found, f"{name}:{line}", str(sections), []) if found else None
            if not found:
                sections.enter(block.text)
        elif headed:
            if entry:
                entry.body.append("\n" + block.text)
        elif isinstance(block, Text):
            yield from _bullets(block.text, line, name, str(sections))
    if entry:
        yield entry.row()


def _bullets(text: str, first: int, name: str, section: str) -> Iterator[Row]:
    """Yield the bullets of a block that begin with a link; what is indented belongs to them."""
    at, lines = 0, text.split("\n")
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end][:1] in {" ", "\t"}:
            end += 1
        if found := _BULLET.match("\n".join(lines[at:end])):
            yield _Open(found, f"{name}:{first + at}", section, [found["rest"]]).row()
        at = end


TABLE = Table("Markdown", _knows, read)
