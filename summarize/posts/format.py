"""What a format is."""

from collections.abc import Callable
from dataclasses import dataclass

from summarize.posts import escape
from summarize.posts.post import Item, Post
from summarize.posts.written import Written


def _first_order(heading: str) -> str:
    return f"# {escape.markdown(heading)}"


@dataclass(frozen=True)
class Format:
    """A way to write a post down, in a frame of the person's own or not, and an entry of it.

    `parse(text).text == text`, for any text. `heading` begins a section, and `aside` is a paragraph
    that stands apart, as the colophon does.
    """

    render: Callable[[Post], str]
    framed: Callable[[Post, str], str]
    item: Callable[[Item], str]
    parse: Callable[[str], Written]
    heading: Callable[[str], str] = _first_order
    aside: Callable[[str], str] = "*{}*".format
