"""A post <-> text, one file per blog format.

To add a format: one file with `render(post) -> str`, and one line in `FORMATS`.
"""

from collections.abc import Callable

from summarize.posts import jekyll
from summarize.posts.compose import Colophon, compose
from summarize.posts.post import Post

FORMATS: dict[str, Callable[[Post], str]] = {
    "jekyll": jekyll.render,
}

__all__ = ["FORMATS", "Colophon", "compose"]
