"""Quarto (`.qmd`): Pandoc's Markdown, which its front matter is in, too."""

from summarize.posts import anchors, escape
from summarize.posts.entries import dialect, fields
from summarize.posts.post import Post


def _front(post: Post) -> list[str]:
    # Quarto lists posts by categories alone, and sets no keyword from `tags`.
    return fields(
        title=escape.portable(post.title),
        date=post.date,
        categories=tuple(dict.fromkeys((*post.categories, *post.tags))),
        description=escape.portable(post.excerpt),
        image=post.image,
    )


# Where one entry of a list holds a paragraph, Pandoc makes paragraphs of all entries' lines, and of
# the words "Extra notes", which fall below their triangle.
FORMAT = dialect(_front, anchors.pandoc, tight=True, ending=".qmd")
