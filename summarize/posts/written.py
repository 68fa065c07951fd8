"""A post as it stands in a file: every character of it, cut into pieces that have names.

What `compose` makes and the formats render is a `Post`; what is read back, by then half a person's
work, is a `Written`. Its text is that of its pieces, one after another, so that reading and writing
it changes nothing: what is not understood has no name, and keeps its place.
"""

import html
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

PartName = Literal[
    "number", "star", "title", "line", "figure", "notes", "check", "todo", "offer", ""
]
_ORDER: tuple[PartName, ...] = (
    "number",
    "star",
    "title",
    "line",
    "figure",
    "notes",
    "check",
    "todo",
    "offer",
)
_LINK = re.compile(r"\[(?P<text>.*)\]\((?P<url>[^\n]*)\)\Z", re.DOTALL)
_SEPARATOR = re.compile(r"\s*(?:[-–—][ \t]+)?")
_COMMENT = re.compile(r"\s*<!--\s*(?:\*\*TODO:\*\*)?\s*(.*?)\s*-->\s*\Z", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOTE = re.compile(r"^[ \t]*- (.*?)(?:<br>)?[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A stretch of an item, with the white space before it. It may be nothing that has a name."""

    name: PartName
    text: str


@dataclass(frozen=True)
class Item:
    """A numbered entry, and the line ends after it."""

    parts: tuple[Part, ...]
    gap: str = "\n\n"

    @cached_property
    def text(self) -> str:
        """The entry as it stands, without the line ends after it."""
        return "".join(part.text for part in self.parts)

    def part(self, name: PartName) -> str:
        """Return the first part of this name as it stands; empty where there is none."""
        return next((part.text for part in self.parts if part.name == name), "")

    def field(self, name: PartName) -> str:
        """Return what a part says, without what only sets it apart: what is compared."""
        text = self.part(name)
        if name == "line":
            text = text[len(_SEPARATOR.match(text)[0]) :]  # type: ignore[index]
        elif name == "todo":
            text = found[1] if (found := _COMMENT.match(text)) else ""
        return text.strip().replace("\r\n", "\n")

    @property
    def star(self) -> bool:
        """Whether a star stands before the title."""
        return bool(self.part("star"))

    @cached_property
    def title(self) -> str:
        """The title in plain words."""
        title = self.part("title")
        linked = _LINK.match(title)
        return unescaped(linked["text"] if linked else title)

    @cached_property
    def url(self) -> str:
        """The address that the title links to; empty where it links to none."""
        linked = _LINK.match(self.part("title"))
        return html.unescape(linked["url"].split(" ")[0]) if linked else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The extra notes, one by one, as they stand."""
        return tuple(found[1].strip() for found in _NOTE.finditer(self.part("notes")))

    def bare(self) -> "Item":
        """Return the entry with its address and nothing else."""
        link = self.part("title").rpartition("](")[2] if self.url else ""
        title = f"[****]({link}" if link else self.part("title")
        return replace(self, parts=(Part("number", "1. "), Part("title", title)))

    def having(self, name: PartName, text: str) -> "Item":
        """Return the item with the first part of this name saying this; empty takes it out.

        A part that was not there goes behind those that it follows in a rendered item.
        """
        parts = list(self.parts)
        at = next((i for i, part in enumerate(parts) if part.name == name), None)
        if at is not None:
            parts[at : at + 1] = [Part(name, text)] if text else []
        elif text:
            before = _ORDER[: _ORDER.index(name)]
            at = max((i for i, part in enumerate(parts) if part.name in before), default=-1) + 1
            parts.insert(at, Part(name, text))
        return replace(self, parts=tuple(parts))


@dataclass(frozen=True)
class Heading:
    """A heading's line, and the line ends after it."""

    text: str
    gap: str = "\n"


@dataclass(frozen=True)
class Text:
    """A run of lines (a paragraph, a figure, a comment, ...), and the line ends after it."""

    text: str
    gap: str = "\n\n"


Block = Item | Heading | Text


@dataclass(frozen=True)
class Field:
    """A field of the front matter with all its lines; its fences and comments have no name."""

    name: str
    text: str


@dataclass(frozen=True)
class Written:
    """A post as it stands: its front matter, and its blocks in order."""

    front: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The post, every character of it."""
        front = "".join(field.text for field in self.front)
        return front + "".join(block.text + block.gap for block in self.blocks)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The entries, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Item))


def unescaped(markdown: str) -> str:
    """Return the plain words of a title that `escape.markdown` made, or a person wrote."""
    bare = markdown.strip().removeprefix("**").removesuffix("**")
    return html.unescape(_ESCAPED.sub(r"\1", bare))
