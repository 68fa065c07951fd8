"""HTML -> the blocks that editors of sites know.

Comments are left out: they are the author's notes to themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from summarize.markup import dom
from summarize.markup.flow import (
    Block,
    Cell,
    Code,
    Details,
    Flow,
    Heading,
    Image,
    Listing,
    ListItem,
    Media,
    More,
    Paragraph,
    Quote,
    Raw,
    Rule,
    Table,
)

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em i img ins kbd label mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WRAPPERS = frozenset("article body main".split())
_PUNCTUATION = re.compile(r"[^\w\- \t]")
_NOTE_LINE = re.compile(r"\s*-\s+(\S.*?)\s*", re.DOTALL)
_BREAK = re.compile(r"<br>\s*")


def blocks(html: str, media: Mapping[str, Media] | None = None) -> Flow:
    """Cut HTML into blocks. Images named in `media` are shown from where they lie now.

    A post whose highest heading is of level 1 has them all one lower: the title is the page's own.
    """
    found = tuple(_Reader(media or {}).blocks(dom.children(dom.body(html))))
    levels = {block.level for block in found if isinstance(block, Heading)}
    lower = 1 if 1 in levels else 0
    return tuple(_anchored(found, lower))


def images(html: str) -> list[tuple[str, str]]:
    """Return the address and the alternative text of each image, each address once."""
    found: dict[str, str] = {}
    for node in dom.body(html).css("img"):
        source = node.attributes.get("src") or ""
        found[source] = found.get(source) or node.attributes.get("alt") or ""
    return [(source, alt) for source, alt in found.items() if source]


def plain(html: str) -> str:
    """Return the words of HTML, one space between them: to be shown, or compared."""
    return " ".join(dom.body(html).text(separator=" ").split())


def _anchored(found: Iterable[Block], lower: int) -> Iterator[Block]:
    """Yield the blocks, each heading with an id: its own, or the one that kramdown's GFM gives."""
    used: Counter[str] = Counter()
    for block in found:
        if not isinstance(block, Heading):
            yield block
            continue
        anchor = block.anchor
        if not anchor:
            name = _slug(block.html)
            anchor = f"{name}-{used[name]}" if used[name] else name
            used[name] += 1
        yield replace(block, level=min(block.level + lower, 6), anchor=anchor)


def _slug(html: str) -> str:
    words = dom.body(html).text().strip().lower()
    return _PUNCTUATION.sub("", words).replace(" ", "-").replace("\t", "-")


class _Reader:
    """Reads the nodes of one post."""

    def __init__(self, media: Mapping[str, Media]) -> None:
        self._media = media

    def blocks(self, nodes: "Iterable[LexborNode]") -> Iterator[Block]:
        """Yield the blocks; words that stand between them make paragraphs."""
        run: list[LexborNode] = []
        for node in nodes:
            if node.tag == "-comment":
                if (node.comment_content or "").strip() == "more":
                    yield from self._run(run)
                    run = []
                    yield More()
            elif node.tag == "-text" or node.tag in _INLINE:
                run.append(node)
            else:
                yield from self._run(run)
                run = []
                yield from self._block(node)
        yield from self._run(run)

    def inline(self, nodes: "Iterable[LexborNode]") -> str:
        """Return inline HTML of these nodes, without comments."""
        return "".join(self._written(node) for node in nodes)

    def _run(self, nodes: "list[LexborNode]") -> Iterator[Block]:
        """Yield what a paragraph makes: images that stand alone are blocks of their own."""
        solid = [node for node in nodes if node.tag != "-comment" and not dom.is_blank(node)]
        pictures = [self._linked_image(node) for node in solid]
        if solid and all(pictures):
            yield from (picture for picture in pictures if picture)
        elif html := self.inline(nodes).strip():
            yield Paragraph(html)

    def _block(self, node: "LexborNode") -> Iterator[Block]:
        tag = node.tag or ""
        if tag == "p":
            yield from self._run([*dom.children(node)])
        elif tag in _HEADINGS:
            anchor = node.attributes.get("id") or ""
            yield Heading(_HEADINGS[tag], self.inline(dom.children(node)).strip(), anchor)
        elif tag in {"ul", "ol"}:
            yield from self._list(node)
        elif tag == "blockquote":
            yield Quote(tuple(self.blocks(dom.children(node))))
        elif tag == "pre":
            yield self._code(node)
        elif tag == "hr":
            yield Rule()
        elif tag == "figure":
            yield self._figure(node)
        elif tag == "table":
            yield self._table(node)
        elif tag == "details":
            yield self._details(node)
        elif tag in _WRAPPERS or (tag == "div" and not node.attributes):
            yield from self.blocks(dom.children(node))
        elif html := self._written(node).strip():
            yield Raw(html)

    def _list(self, node: "LexborNode") -> Iterator[Block]:
        """Yield a list; what no item of a list can hold stands between its parts."""
        if any(child.tag not in {"li", "-comment"} for child in dom.solid(node)):
            yield Raw(self._written(node))
            return
        ordered = node.tag == "ol"
        start = dom.number(node.attributes.get("start"), 1)
        held: list[ListItem] = []
        at = start
        for child in dom.children(node):
            if child.tag != "li":
                continue
            item, rest = self._item(child)
            held.append(item)
            at += 1
            if rest:
                yield Listing(tuple(held), ordered, start)
                yield from rest
                held, start = [], at
        if held:
            yield Listing(tuple(held), ordered, start)

    def _item(self, node: "LexborNode") -> tuple[ListItem, list[Block]]:
        """Return an item, and the blocks that follow its words and its lists."""
        children = [*dom.solid(node)]
        words: list[LexborNode] = []
        while children and (children[0].tag in _INLINE | {"-text", "-comment"}):
            words.append(children.pop(0))
        if not self.inline(words).strip() and children and children[0].tag == "p":
            words = [*dom.children(children.pop(0))]
        nested: list[Listing] = []
        while children and children[0].tag in {"ul", "ol", "-comment"}:
            child = children[0]
            below = [*self._list(child)] if child.tag != "-comment" else []
            lists = [block for block in below if isinstance(block, Listing)]
            if len(lists) != len(below):
                break
            nested += lists
            children.pop(0)
        html = self.inline(words).strip()
        return ListItem(html, tuple(nested)), [*self.blocks(children)]

    def _code(self, node: "LexborNode") -> Code:
        inner = node.css_first("code")
        classes = ((inner or node).attributes.get("class") or "").split()
        named = (name.removeprefix("language-") for name in classes if name[:9] == "language-")
        return Code(node.text().removesuffix("\n"), next(named, ""))

    def _image(self, node: "LexborNode") -> Image:
        source = node.attributes.get("src") or ""
        width = dom.number(node.attributes.get("width"), 0) or dom.width(node)
        alt = node.attributes.get("alt") or ""
        return Image(self._media.get(source, Media(source)), alt, width=width or None)

    def _linked_image(self, node: "LexborNode") -> Image | None:
        """Return an image, or one that is all that a link holds."""
        if node.tag == "img":
            return self._image(node)
        inside = [*dom.solid(node)]
        if node.tag == "p":  # as Markdown within a figure has it
            shown = [child for child in inside if child.tag != "br"]
            return self._linked_image(shown[0]) if len(shown) == 1 else None
        if node.tag == "a" and len(inside) == 1 and inside[0].tag == "img":
            return replace(self._image(inside[0]), link=node.attributes.get("href") or "")
        return None

    def _figure(self, node: "LexborNode") -> Block:
        """Return the image of a figure with its caption, the table in it, or it as it stands."""
        solid = [child for child in dom.solid(node) if child.tag != "-comment"]
        if len(solid) == 1 and solid[0].tag == "table":
            return self._table(solid[0])
        caption, picture = "", None
        for child in dom.children(node):
            if child.tag == "figcaption":
                caption = self.inline(dom.children(dom.lone(child, "p") or child)).strip()
            elif not dom.is_blank(child) and child.tag != "-comment":
                found = self._linked_image(child)
                if found is None or picture is not None:
                    return Raw(self._written(node).strip())
                picture = found
        if picture is None:
            return Raw(self._written(node).strip())
        classes = (node.attributes.get("class") or "").split()
        aligns = (word.removeprefix("align").strip("-") for word in classes if word[:5] == "align")
        align = next((word for word in aligns if word in {"left", "center", "right"}), "")
        width = picture.width or dom.width(node) or None
        return replace(picture, caption=caption, align=align, width=width)

    def _table(self, node: "LexborNode") -> Block:
        if node.css("[colspan],[rowspan],table table,caption"):
            return Raw(self._written(node).strip())
        head, body = list[tuple[Cell, ...]](), list[tuple[Cell, ...]]()
        for row in node.css("tr"):
            cells = [cell for cell in dom.children(row) if cell.tag in {"td", "th"}]
            parent = row.parent.tag if row.parent else ""
            made = tuple(Cell(self.inline(dom.children(c)).strip(), dom.align(c)) for c in cells)
            (head if parent == "thead" else body).append(made)
        return Table(tuple(head), tuple(body))

    def _details(self, node: "LexborNode") -> Details:
        summary, rest = "", list["LexborNode"]()
        for child in dom.children(node):
            if child.tag == "summary" and not summary:
                summary = self.inline(dom.children(dom.lone(child, "div") or child)).strip()
            else:
                rest.append(child)
        return Details(summary, self._notes(rest) or tuple(self.blocks(rest)))

    def _notes(self, nodes: "list[LexborNode]") -> Flow:
        """Return the list that lines with a dash before them are meant for, if they are all so."""
        if any(node.tag != "-text" and node.tag not in _INLINE | {"-comment"} for node in nodes):
            return ()
        lines = [line for line in _BREAK.split(self.inline(nodes)) if line.strip()]
        notes = [_NOTE_LINE.fullmatch(line) for line in lines]
        if not all(notes):
            return ()
        return (Listing(tuple(ListItem(note[1]) for note in notes if note)),) if notes else ()

    def _written(self, node: "LexborNode") -> str:
        """Return a node as HTML, without comments, its images from where they lie now."""
        tag = node.tag or ""
        if tag == "-comment":
            return ""
        if tag == "-text":
            return escape(node.text_content or "", quote=False)
        attributes = dict(node.attributes)
        if tag == "img" and (media := self._media.get(attributes.get("src") or "")):
            attributes["src"] = media.url
        written = "".join(
            f' {name}="{escape(value or "", quote=True)}"' for name, value in attributes.items()
        )
        if tag in _VOID:
            return f"<{tag}{written}>"
        if tag in {"script", "style"}:
            # Nothing in it may be taken for the comment that begins a block.
            code = (node.text() or "").replace("<!--", r"<\!--")
            return f"<{tag}{written}>{code}</{tag}>"
        return f"<{tag}{written}>{self.inline(dom.children(node))}</{tag}>"
