"""Hugo: YAML front matter, and Markdown for goldmark.

Shortcodes are found before Markdown is read, in comments too; their braces are entities here. To
fold the notes, goldmark has to be told to keep HTML: `markup.goldmark.renderer.unsafe = true`.
"""

from summarize.posts import anchors
from summarize.posts.entries import dialect, fields
from summarize.posts.post import Post


def _front(post: Post) -> list[str]:
    return fields(
        title=post.title,
        date=post.date,
        categories=post.categories,
        tags=post.tags,
        summary=post.excerpt,
        images=(post.image,) if post.image else (),  # as its own templates for cards have it
    )


FORMAT = dialect(_front, anchors.github)
