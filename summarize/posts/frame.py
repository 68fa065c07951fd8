"""A workspace's own frame around a post's entries: text with variables, and no code in it."""

import string
from collections.abc import Callable

from summarize.errors import InputError
from summarize.posts import escape
from summarize.posts.post import Post

VARIABLES = (
    "title", "date", "categories", "tags", "excerpt", "image", "introduction", "papers",
    "colophon",
)  # fmt: skip


def checked(
    text: str, where: str, variables: tuple[str, ...] = VARIABLES, needed: str = "papers"
) -> str:
    """Return a frame that is good. Raises `InputError` with its line where it is not.

    `needed` is the variable that has to be there, once: the one that all is about.
    """
    for number, line in enumerate(text.split("\n"), 1):
        template = string.Template(line)
        if not template.is_valid():
            raise InputError(
                f"{where}:{number}: a $ that begins no variable", "write $$ for a dollar sign"
            )
        for name in template.get_identifiers():
            if name not in variables:
                known = ", ".join(f"${v}" for v in variables)
                raise InputError(
                    f"{where}:{number}: there is no variable ${name}", f"there are: {known}"
                )
    if string.Template(text).get_identifiers().count(needed) != 1 or (
        text.count(f"${needed}") + text.count(f"${{{needed}}}") != 1
    ):
        raise InputError(
            f"{where}:1: ${needed}, where the entries go, has to stand there once",
            "put it on a line of its own",
        )
    return text


def fill(frame: str, post: Post, papers: str, aside: Callable[[str], str] = "*{}*".format) -> str:
    """Put a post into a frame; `papers` are its headings and entries, as rendered."""
    return string.Template(frame).substitute(
        title=escape.yaml(post.title),
        date=post.date,
        categories=_flow(post.categories),
        tags=_flow(post.tags),
        excerpt=escape.yaml(post.excerpt),
        image=escape.yaml(post.image),
        introduction="\n\n".join(post.introduction),
        papers=papers,
        colophon="\n\n".join(map(aside, post.colophon)),
    )


def _flow(values: tuple[str, ...]) -> str:
    """Return a list as YAML has it on one line."""
    return f"[{', '.join(escape.yaml(value) for value in values)}]"
