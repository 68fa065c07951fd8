"""HTML as blogs have it -> headings, links that stand alone, and Markdown below them."""

import re
from html.parser import HTMLParser

from summarize.tables.outline import Block
from summarize.tables.rows import one_line

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {"p", "ul", "ol", "figure", "blockquote", "pre", "table", "div", "details", *_HEADINGS}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_SILENT = {"script", "style"}
_ONLY_MARKS = re.compile(r"[*\s.,;:⭐\ufe0f]*")
_INDENT = "    "


class Prose(HTMLParser):
    """Reads the HTML of a post; `blocks` is what it came to."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._name = name
        self._text: list[str] = []  # of the block that is being read, as Markdown
        self._plain: list[str] = []  # and its words alone
        self._linked: list[str] = []  # and those of them that are linked
        self._url = ""
        self._href: list[str] = []
        self._lists: list[str] = []
        self._level = -1
        self._silent = 0
        self._line = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list's item, or marked words."""
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag in {"ul", "ol"}:
            if not self._lists:
                self._end_block()
            self._lists.append(tag)
        elif tag == "li":
            indent = _INDENT * max(len(self._lists) - 1, 0)
            self._text.append(f"\n{indent}{'1.' if self._lists[-1:] == ['ol'] else '-'} ")
        elif tag in _BLOCKS:
            if not self._lists:
                self._end_block()
                self._level = _HEADINGS.get(tag, -1)
        elif tag == "a":
            self._href.append(given.get("href", ""))
            self._url = self._url or given.get("href", "")
            self._text.append("[")
        elif tag == "img" and given.get("src"):
            self._text.append(f"![{given.get('alt', '')}]({given['src']})")
            self._plain.append("!")
        elif tag == "br":
            self._text.append(" ")
            self._plain.append(" ")
        elif tag in _MARKS:
            self._text.append(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        """End a block, a list, or marked words."""
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
            if not self._lists:
                self._end_block()
        elif tag in _BLOCKS and not self._lists:
            self._end_block()
        elif tag == "a" and self._href:
            url = self._href.pop()
            self._text.append(f"]({url})" if url else "]")
        elif tag in _MARKS:
            self._text.append(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self._silent:
            return
        if data.strip() and not "".join(self._plain).strip():
            self._line = self.getpos()[0]
        self._text.append(re.sub(r"\s+", " ", data))
        self._plain.append(data)
        if self._href:
            self._linked.append(data)

    def close(self) -> None:
        """End what is still open."""
        super().close()
        self._lists.clear()
        self._end_block()

    def _end_block(self) -> None:
        """Keep the block that was being read, and begin another."""
        words, linked = one_line("".join(self._plain)), one_line("".join(self._linked))
        markdown = "\n".join(
            line.rstrip() for line in "".join(self._text).split("\n") if line.strip(" -\n")
        ).strip()
        where = f"{self._name}:{self._line}"
        if words and self._level > 0:
            self.blocks.append(Block(self._level, words, where, self._url))
        elif linked and self._stands_alone(words, linked):
            star = "*" in words.replace(linked, "", 1) or "⭐" in words
            self.blocks.append(Block(0, linked, where, self._url, star))
        elif words and markdown:
            self.blocks.append(Block(-1, markdown, where))
        self._text, self._plain, self._linked = [], [], []
        self._url, self._href, self._level = "", [], -1

    def _stands_alone(self, words: str, linked: str) -> bool:
        """Tell whether a paragraph is one link, and marks beside it at most."""
        if "".join(self._text).lstrip().startswith(("- ", "1. ")):
            return False
        return _ONLY_MARKS.fullmatch(words.replace(linked, "", 1)) is not None


def blocks(html: str, name: str) -> list[Block]:
    """Return the blocks of a post's HTML, whatever its state; places are lines of the HTML."""
    prose = Prose(name)
    prose.feed(html)
    prose.close()
    return prose.blocks
