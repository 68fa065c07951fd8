"""Plain Markdown, for wherever Markdown is shown: no front matter, the title as a heading."""

from summarize.posts import anchors
from summarize.posts.entries import dialect
from summarize.posts.post import Post


def _no_front(_post: Post) -> list[str]:
    return []


FORMAT = dialect(_no_front, anchors.github, titled=True)
