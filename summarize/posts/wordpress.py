"""WordPress's block markup: a heading for each entry, a paragraph, notes in a details block.

The file begins with front matter, as posts do; `roundup publish` takes the title from it, and the
rest is what WordPress's editor takes as code. An entry is a heading of the third level, so that its
place in the post is all that its number would say, and it can be linked to.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from summarize.markup import wordpress as markup
from summarize.markup.flow import Image, Media
from summarize.posts import blocks, escape
from summarize.posts.format import Format
from summarize.posts.frame import fill
from summarize.posts.jekyll import front_matter
from summarize.posts.post import Drafted, ItemFigure, ItemNote, Own, Post
from summarize.posts.post import Item as Rendered
from summarize.posts.written import Block, Heading, Item, Part, PartName, Text, Written

_SIZE = "medium"  # one of the sizes that every theme has
_OPENING = re.compile(r"<!-- wp:(?P<name>[a-z][\w/-]*)(?P<rest>\s.*?)?(?P<void>/)?-->", re.DOTALL)
_ENTRY = re.compile(
    r"(?P<number><!-- wp:heading (?P<json>\{[^\n]*\}) -->\s*<h3\b[^>]*>\s*)"
    r"(?P<star>(?:⭐\ufe0f?[ \t]*)+(?=<))?"
    r"(?P<title>.*</h3>\s*<!-- /wp:heading -->)\Z",
    re.DOTALL,
)
_LINKED = re.compile(r"<a\b[^>]*?\shref=\"(?P<url>[^\"]*)\"[^>]*>(?P<text>.*?)</a>", re.DOTALL)
_TITLE = re.compile(r"(?P<title>.*)</h3>", re.DOTALL)
_PARAGRAPH = re.compile(
    r"\s*<!-- wp:paragraph.*?-->\s*<p[^>]*>(?P<words>.*)</p>\s*<!-- /wp:paragraph -->\s*", re.DOTALL
)
_NOTE = re.compile(r"<li[^>]*>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_COMMENTS: tuple[tuple[PartName, re.Pattern[str]], ...] = (
    ("todo", re.compile(r"<!--\s*\*\*TODO:\*\*")),
    ("check", re.compile(r"<!--\s*\*\*CHECK:\*\*")),
    ("offer", re.compile(r"<!-- roundup offers for the ")),
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SPACE = re.compile(r"\s*")
_MARK = re.compile(r"<!-- (?P<close>/)?wp:(?P<name>[a-z][\w/-]*)(?:\s[^\n]*?)?(?P<void>/)?-->")


class Entry(Item):
    """An entry in block markup: its parts are blocks, its title is a heading."""

    @cached_property
    def title(self) -> str:
        """See `Item.title`."""
        found = _TITLE.match(self.part("title"))
        return html.unescape(_TAG.sub("", found["title"] if found else "")).strip()

    @cached_property
    def url(self) -> str:
        """See `Item.url`."""
        found = _LINKED.search(self.part("title"))
        return html.unescape(found["url"]) if found else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Item.notes`."""
        return tuple(found[1].strip() for found in _NOTE.finditer(self.part("notes")))

    def field(self, name: PartName) -> str:
        """See `Item.field`."""
        if name != "line":
            return super().field(name)
        found = _PARAGRAPH.fullmatch(self.part("line"))
        return found["words"].strip() if found else self.part("line").strip()

    def bare(self) -> "Entry":
        """See `Item.bare`."""
        title = self.part("title")
        found = _LINKED.search(title)
        words = f'<a href="{found["url"]}"></a></h3>\n<!-- /wp:heading -->' if found else title
        return replace(self, parts=(Part("number", self.part("number")), Part("title", words)))


def render(post: Post) -> str:
    """Render a post. Only what is `Drafted` is escaped; the person's own words stay theirs."""
    parts = [*_introduction(post), *_papers(post)]
    if post.colophon:
        parts += [markup.rule(), *map(_aside, post.colophon)]
    return front_matter(post) + "\n\n" + "\n\n".join(parts) + "\n"


def framed(post: Post, frame: str) -> str:
    """Render a post in a frame of the person's own, if there is one; its entries are the same."""
    if not frame:
        return render(post)
    shown = post.model_copy(update={"introduction": tuple(_introduction(post))})
    text = fill(frame, shown, "\n\n".join(_papers(post)), aside=_aside)
    return text if text.endswith("\n") else f"{text}\n"


def _introduction(post: Post) -> Iterator[str]:
    for paragraph in post.introduction:
        yield paragraph if paragraph.startswith("<!--") else _markdown(paragraph)


def _markdown(text: str) -> str:
    """Return the blocks of a text in Markdown."""
    from summarize.markup import blocks as cut
    from summarize.markup.article import html_of

    return markup.rendered(cut(html_of(text)))


def _papers(post: Post) -> Iterator[str]:
    for section in post.sections:
        if section.heading:
            yield heading(section.heading)
        yield from (_item(item) for item in section.items)


def heading(text: str) -> str:
    """Return a section's heading; it has the id that links to it name."""
    anchor = re.sub(r"[^\w\- ]", "", escape.plain(text).lower()).replace(" ", "-")
    return markup.heading(_plain(text), 2, anchor)


def _aside(text: str) -> str:
    """Return a paragraph in italics; between backticks stands a name."""
    words = re.sub(r"`([^`]*)`", r"<code>\1</code>", _plain(text))
    return markup.paragraph(f"<em>{words}</em>")


def _item(item: Rendered) -> str:
    title = _plain(item.title.text) or "(no title)"
    url = escape.url(item.url)  # fit for a link of Markdown, and so for an attribute
    strong = f"<strong>{title}</strong>"
    linked = f'<a href="{url}">{strong}</a>' if url else strong
    star = "⭐️ " if item.star else ""
    parts = [markup.heading(star + linked, 3, fontSize=_SIZE), *_line(item), *_figure(item.figure)]
    if item.notes:
        notes = [markup.item(_note(note)) for note in item.notes]
        parts.append(markup.details("Extra notes", markup.items(notes)))
    if item.check:
        unseen = escape.remark(item.check)
        parts.append(f"<!-- **CHECK:** {unseen} -->")
    if item.todo:
        parts.append(f"<!-- **TODO:** {escape.comment(item.todo.markdown)} -->")
    return "\n\n".join(parts)


def _line(item: Rendered) -> Iterator[str]:
    """Yield the paragraphs of the line: a person's own may be several."""
    remark = ""
    if item.remark:
        said = _plain(item.remark)
        remark = f"<em>({said})</em>" if item.line else f"<em>{said}.</em>"
    if isinstance(item.line, Own):
        yield _markdown(item.line.markdown.strip())
        if remark:
            yield markup.paragraph(remark)
    elif isinstance(item.line, Drafted):
        yield markup.paragraph(" ".join(filter(None, [_plain(item.line.text), remark])))
    elif remark:
        yield markup.paragraph(remark)


def _figure(figure: ItemFigure | None) -> Iterator[str]:
    if figure:
        alt, caption = escape.plain(figure.alt), _plain(figure.credit)
        shown = Image(Media(figure.src), alt, caption, width=figure.width)
        yield markup.rendered((shown,))


def _note(note: ItemNote) -> str:
    link = escape.url(note.link)
    page = ""
    if note.page:
        page = f' (<a href="{link}">p. {note.page}</a>)' if link else f" (p. {note.page})"
    return f"<strong>{_plain(note.label)}:</strong> {_plain(note.text.text)}{page}"


def _plain(text: str) -> str:
    return html.escape(escape.plain(text), quote=False)


def parse(text: str) -> Written:
    """Cut a post into its pieces. Whatever the text, its pieces are all of it, in order."""
    front, at = blocks.front(text)
    return Written(front, tuple(_blocks([*_pieces(text[at:])])))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each outermost block, and each paragraph between, with the white space after it.

    Looks at each character a few times at most, however many pieces there are.
    """
    closed = _closed(text)
    opening, blank = _Next(_OPENING, text), _Next(_BLANK_LINE, text)
    at = _SPACE.match(text).end()  # type: ignore[union-attr]
    if at:
        yield "", text[:at]
    while at < len(text):
        opened = _OPENING.match(text, at)
        if opened is None:
            stop = blank.after(at)
            if text.startswith("<!--", at):  # a comment of several paragraphs is one piece
                stop = end + 3 if (end := text.find("-->", at)) >= 0 else stop
            stop = min(opening.after(at + 1), stop)
            end = at + len(text[at:stop].rstrip())
        else:
            end = closed.get(at, opened.end())
        after = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        yield text[at:end], text[end:after]
        at = after


class _Next:
    """Where a pattern is found next, asked for places in order: nothing is sought twice."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text, self._at = pattern, text, -1

    def after(self, at: int) -> int:
        """Return where it begins, at a place or behind it; the text's end where it does not."""
        if self._at < at:
            found = self._pattern.search(self._text, at)
            self._at = found.start() if found else len(self._text)
        return self._at


def _closed(text: str) -> dict[int, int]:
    """Return where each block ends that is closed, by where it begins."""
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for mark in _MARK.finditer(text):
        within = opened.setdefault(mark["name"], [])
        if mark["close"]:
            if within:
                found[within.pop()] = mark.end()
        elif not mark["void"]:
            within.append(mark.start())
    return found


def _blocks(pieces: list[tuple[str, str]]) -> Iterator[Block]:
    at = 0
    while at < len(pieces):
        text, gap = pieces[at]
        entry = _ENTRY.match(text)
        if entry and (_SIZE in entry["json"] or _LINKED.search(text)):
            end = at + 1
            while end < len(pieces) and not _ends_entry(pieces[end][0]):
                end += 1
            yield _entry(entry, pieces[at:end])
            at = end
            continue
        yield Heading(text, gap) if text.startswith("<!-- wp:heading") else Text(text, gap)
        at += 1


def _ends_entry(text: str) -> bool:
    return text.startswith(("<!-- wp:heading", "<!-- wp:separator", "<!-- wp:group"))


def _entry(head: re.Match[str], pieces: list[tuple[str, str]]) -> Entry:
    """Return an entry: its heading, and what stands below it."""
    named: list[tuple[PartName, str | None]] = [
        ("number", head["number"]),
        ("star", head["star"]),
        ("title", head["title"]),
    ]
    parts = [Part(name, words) for name, words in named if words]
    seen: set[PartName] = set()
    before = pieces[0][1]
    for at, (text, gap) in enumerate(pieces[1:]):
        name = _name(text, is_first=at == 0)
        name = "" if name in seen else name
        if name != "offer":
            seen.add(name)
        parts.append(Part(name, before + text))
        before = gap
    return Entry(tuple(parts), before)


def _name(text: str, *, is_first: bool) -> PartName:
    if is_first and (_PARAGRAPH.fullmatch(text) or text.startswith("<!-- wp:list")):
        return "line"  # theirs may be a list
    if text.startswith("<!-- wp:details"):
        return "notes"
    if text.startswith("<!-- wp:image"):
        return "figure"
    return next((name for name, begins in _COMMENTS if begins.match(text)), "")


FORMAT = Format(
    render=render, framed=framed, item=_item, parse=parse, heading=heading, aside=_aside
)
