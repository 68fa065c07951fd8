"""A post <-> text, one file per blog format.

To add a format: one file with a `FORMAT`, and one line in `FORMATS`. A format renders a `Post`, and
reads back what it rendered, whatever a person has made of it since (`written.Written`).
"""

from collections.abc import Mapping

from summarize.leaves import Leaves
from summarize.posts.compose import Colophon, colophon, compose, item, made
from summarize.posts.format import Format
from summarize.posts.written import Written

FORMATS: Mapping[str, Format] = Leaves(
    "summarize.posts",
    {
        "jekyll": "jekyll.FORMAT",
        "hugo": "hugo.FORMAT",
        "quarto": "quarto.FORMAT",
        "mkdocs": "mkdocs.FORMAT",
        "markdown": "markdown.FORMAT",
        "wordpress": "wordpress.FORMAT",
    },
)

__all__ = ["FORMATS", "Colophon", "Format", "Written", "colophon", "compose", "item", "made"]
