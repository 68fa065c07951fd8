"""What a format is."""

from collections.abc import Callable
from dataclasses import dataclass

from summarize.posts.post import Post
from summarize.posts.written import Written


@dataclass(frozen=True)
class Format:
    """A way to write a post down. `parse(text).text == text`, whatever the text."""

    render: Callable[[Post], str]
    parse: Callable[[str], Written]
