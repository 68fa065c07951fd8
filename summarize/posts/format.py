"""What a format is."""

from collections.abc import Callable
from typing import NamedTuple

from summarize.posts import anchors, escape
from summarize.posts.post import Item, Post
from summarize.posts.written import Written


def _first_order(heading: str) -> str:
    return f"# {escape.markdown(heading)}"


class Format(NamedTuple):
    """A way to write a post down, in a frame of the person's own or not, and an entry of it.

    `parse(text).text == text`, for any text. `heading` is the line that begins a section, `aside` a
    paragraph that stands apart, as the colophon does, `words` makes plain words its Markdown, and
    `anchor` is the id that the target gives a heading. Posts end in `ending`, and their names begin
    with their date where they are `dated`. `liquid` is whether the site runs Liquid over them.
    """

    render: Callable[[Post], str]
    framed: Callable[[Post, str], str]
    item: Callable[[Item], str]
    parse: Callable[[str], Written]
    heading: Callable[[str], str] = _first_order
    words: Callable[[str], str] = escape.markdown
    anchor: Callable[[str], str] = anchors.github
    ending: str = ".md"
    dated: bool = True
    aside: Callable[[str], str] = "*{}*".format
    liquid: bool = False
