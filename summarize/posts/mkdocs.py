"""MkDocs: Python-Markdown, the title as a heading, front matter for its blogs and its search."""

from summarize.posts import anchors
from summarize.posts.entries import dialect, fields
from summarize.posts.post import Post


def _front(post: Post) -> list[str]:
    return fields(
        date=post.date,
        categories=post.categories,
        tags=post.tags,
        description=post.excerpt,
        image=post.image,
    )


FORMAT = dialect(_front, anchors.python_markdown, titled=True)
