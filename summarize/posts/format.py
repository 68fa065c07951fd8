"""What a format is."""

from collections.abc import Callable
from dataclasses import dataclass

from summarize.posts.post import Item, Post
from summarize.posts.written import Written


@dataclass(frozen=True)
class Format:
    """A way to write a post down, in a frame of the person's own or not, and an entry of it.

    `parse(text).text == text`, for any text.
    """

    render: Callable[[Post], str]
    framed: Callable[[Post, str], str]
    item: Callable[[Item], str]
    parse: Callable[[str], Written]
