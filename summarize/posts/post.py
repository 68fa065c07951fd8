"""A roundup post, in no particular format: what `compose` makes and the formats render."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import SkipValidation

from summarize.records import Record


class Own(Record):
    """Text in the person's own words: Markdown, rendered as they wrote it."""

    markdown: str


class Drafted(Record):
    """Text that a list, a paper or a model gave: plain words, escaped when rendered."""

    text: str


class ItemNote(Record):
    """A note as it stands in a post. `link` is where a browser opens its page."""

    label: str
    text: Drafted
    page: int | None = None
    link: str = ""


class ItemFigure(Record):
    """A picture as it stands in a post: where it is, its size in pixels, and what is said of it.

    `alt` is for who can't see it; `credit` says whose it is and where it was taken from. `src` is
    text that stands in an attribute as it is.
    """

    src: str
    width: int
    height: int
    alt: str
    credit: str


class Item(Record):
    """A numbered item: star, linked title, a line, and notes folded away below it.

    `remark` is what a reader must be told about the line, such as that it rests on the
    abstract alone. `check` is for the author's eyes alone: what is to be checked, and why.
    """

    key: str
    title: Drafted
    url: str = ""
    star: bool = False
    line: Own | Drafted | None = None
    remark: str = ""
    figure: ItemFigure | None = None
    notes: tuple[ItemNote, ...] = ()
    todo: Own | None = None
    check: str = ""


class PostSection(Record):
    """A day or a session, with its items in order. An empty heading renders none."""

    heading: str
    items: Annotated[Sequence[Item], SkipValidation]


class Post(Record):
    """A roundup post, in no particular format."""

    title: str
    date: str  # ISO 8601
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    image: str = ""  # the teaser's address
    introduction: tuple[str, ...] = ()
    sections: tuple[PostSection, ...] = ()
    colophon: tuple[str, ...] = ()
