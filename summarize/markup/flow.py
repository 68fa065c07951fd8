"""The blocks that editors of sites know: paragraphs, headings, lists, images, ...

A block of text holds inline HTML, escaped. What no editor has a block for is `Raw`, and stays HTML.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Media:
    """A file that lies at the site: its address, and its number where the site counts them."""

    url: str
    id: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """A run of inline HTML."""

    html: str


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1 to 6; `anchor` is the id that links within the post go to."""

    level: int
    html: str
    anchor: str = ""


@dataclass(frozen=True)
class ListItem:
    """An item of a list, and the lists below it."""

    html: str
    nested: tuple["Listing", ...] = ()


@dataclass(frozen=True)
class Listing:
    """A list. An ordered one counts from `start`."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True)
class Quote:
    """Blocks in somebody else's words."""

    blocks: "Flow"


@dataclass(frozen=True)
class Code:
    """Plain text, kept to the space."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Image:
    """An image on its own. `width` is in CSS pixels, where the post says it."""

    media: Media
    alt: str
    caption: str = ""
    link: str = ""
    width: int | None = None
    align: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `align` is left, center, right or nothing."""

    html: str
    align: str = ""


@dataclass(frozen=True)
class Table:
    """A table's rows; the first ones may be its head."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Rule:
    """A line across."""


@dataclass(frozen=True)
class More:
    """Where a site cuts the post on pages that list posts."""


@dataclass(frozen=True)
class Details:
    """Blocks that are folded away below a summary."""

    summary: str
    blocks: "Flow"


@dataclass(frozen=True)
class Raw:
    """HTML that is kept as it stands."""

    html: str


Block = Paragraph | Heading | Listing | Quote | Code | Image | Table | Rule | More | Details | Raw
Flow = tuple[Block, ...]
