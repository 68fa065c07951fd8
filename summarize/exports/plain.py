"""Clean HTML -> text of 72 columns, for mails and terminals. Pure."""

import re
import textwrap
from dataclasses import dataclass, field
from html.parser import HTMLParser

WIDTH = 72
_BLOCKS = frozenset(
    "blockquote dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr "
    "ul details summary".split()
)


def plain(body: str) -> str:
    """Return what a piece of HTML says: lists numbered, headings underlined, addresses in full."""
    setter = _Setter()
    setter.feed(body)
    setter.close()
    return setter.text()


@dataclass
class _Setter(HTMLParser):
    """Gathers the words of each block, and sets them when it ends."""

    lines: list[str] = field(default_factory=list)
    words: str = ""
    mark: str = ""
    depth: int = 0
    counts: list[int] = field(default_factory=list)  # for each open list: its number; -1 has none
    hrefs: list[str] = field(default_factory=list)
    heading: bool = False
    verbatim: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, an item, a link."""
        given = dict(attrs)
        if tag in _BLOCKS:
            self._set()
        if tag in {"ol", "ul"}:
            self.counts.append(int(given.get("start") or 1) - 1 if tag == "ol" else -1)
        elif tag == "li" and self.counts:
            self.counts[-1] += self.counts[-1] >= 0
            self.mark = f"{self.counts[-1]}. " if self.counts[-1] >= 0 else "- "
        elif tag == "a":
            self.hrefs.append(given.get("href") or "")
        elif tag in {"td", "th"} and self.words.strip():
            self.words += " | "
        elif tag == "br":
            self.words += "\n"
        elif tag == "img":
            self.words += f"[image: {alt}]" if (alt := given.get("alt")) else ""
        elif tag == "hr":
            self.lines += ["-" * WIDTH, ""]
        self.heading = tag in {"h1", "h2", "h3"} or (self.heading and tag not in _BLOCKS)
        self.verbatim = tag == "pre" or (self.verbatim and tag not in _BLOCKS)

    def handle_endtag(self, tag: str) -> None:
        """End a block, a list, a link with its address."""
        if tag == "a" and self.hrefs:
            href = self.hrefs.pop()
            if href.startswith(("http:", "https:", "mailto:")) and href not in self.words[-400:]:
                self.words += f" <{href}>"
        if tag in _BLOCKS:
            self._set()
        if tag in {"ol", "ul"} and self.counts:
            self.counts.pop()

    def handle_data(self, data: str) -> None:
        """Gather words, but for a footnote's arrow back, which leads nowhere here."""
        if self.hrefs and self.hrefs[-1].startswith("#fnref"):
            return
        self.words += data if self.verbatim else " ".join(f".{data}.".split())[1:-1]

    def _set(self) -> None:
        """Write down what has been gathered."""
        words, self.words = self.words, ""
        if not words.strip():
            return
        indent = "    " * max(0, len(self.counts) - 1) + ("    " if self.counts else "")
        first = indent[: -len(self.mark)] + self.mark if self.mark else indent
        self.mark = ""
        if self.verbatim:
            self.lines += [*(f"    {line}" for line in words.strip("\n").split("\n")), ""]
            return
        for at, paragraph in enumerate(words.strip().split("\n")):
            self.lines += textwrap.wrap(
                paragraph.strip(), WIDTH, initial_indent=indent if at else first,
                subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        if self.heading:
            self.lines.append("=" * min(WIDTH, len(self.lines[-1])))
        self.lines.append("")

    def text(self) -> str:
        """Return all of it, with one empty line at most between blocks."""
        self._set()
        return re.sub("\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n") + "\n"
