"""Targets: posts as people leave them, and what is made of them."""

from functools import partial

from summarize import revise
from summarize.checks import Sheet, findings
from summarize.exports import EXPORTS
from summarize.exports import Sheet as Going
from summarize.markup import article, ghost, wordpress
from summarize.markup.html import blocks, plain
from summarize.merge.merge import merge
from summarize.posts import FORMATS, frame, front
from summarize.posts.compose import compose
from summarize.state import State
from tests.conftest import SHARED
from tests.fuzz.target import Target, Way, pieces, text_of
from tests.test_outward import Words, made
from tests.test_posts import BY_MODEL


def read_back(name: str, data: bytes) -> None:
    """Read a post, as it was drafted, as a person left it, and merge it with itself and others."""
    form = FORMATS[name]
    text = data.decode("utf-8", "surrogateescape")
    written = form.parse(text)
    assert written.text == text, "a post that is read is not what it was"
    for item in written.items:
        _ = item.title, item.url, item.star, item.notes, item.field("line"), item.bare().text
    first, _, second = text.partition("\f")
    base, mine = form.parse(first), form.parse(second or first)
    kept = merge(base, mine, base).written.text
    assert second or kept == first, "merging what nobody changed changes it"
    merge(base, mine, written)
    front.title(written)
    revise.papers(written, State())


def check(name: str, data: bytes) -> None:
    """Look for what is amiss in a post."""
    form = FORMATS[name]
    sheet = Sheet(form.parse(text_of(data)), "post.md", form, exists=lambda _: False)
    for finding in findings(sheet):
        assert 1 <= finding.line <= text_of(data).count("\n") + 1


def framed(data: bytes) -> None:
    """Check a person's own frame."""
    frame.checked(text_of(data), "frame.md")


def published(data: bytes) -> None:
    """Make of a post what WordPress and Ghost store."""
    found = article.read(text_of(data), "post.md")
    _ = found.images
    made_of = blocks(found.html)
    wordpress.rendered(made_of)
    ghost.rendered(made_of)
    plain(found.html)


def exported(kind: str, data: bytes) -> None:
    """Make a page or a mail of a post."""
    form = FORMATS["jekyll"]
    EXPORTS[kind].render(Going(written=form.parse(text_of(data)), form=form, notes=True))


def _rendered(name: str) -> list[bytes]:
    outcomes = made(Words(harmless=False), "seed")[:3]
    post = compose(outcomes, title="A Title", date="2024-05-07", colophon=BY_MODEL)
    return [FORMATS[name].render(post).encode()]


def _posts() -> dict[str, list[bytes]]:
    real = pieces(SHARED / "seeds" / "iclr2024_roundup.md", 5_000, 2)
    return {name: [*_rendered(name), *real] for name in FORMATS}


def _published() -> dict[str, list[bytes]]:
    seeds = [*_rendered("jekyll"), *_rendered("wordpress"), *_rendered("hugo")]
    seeds += pieces(SHARED / "seeds" / "wordpress_neurips2025_day2.json", 5_000, 2)
    return dict.fromkeys(MARKUP, seeds) | {
        "frame": [b"---\ntitle: $title\n---\n$introduction\n\n$papers\n\n$colophon\n"]
    }


_TOKENS = (
    "---\n", "+++\n", "1. ", "[**", "**](", "<!-- **TODO:** ", "-->", "<details>", "</details>",
    "⭐️",
    "    - ", "<br>", "# ", "\n\n", "![](", "{% raw %}", "{{", "$$", "|", "```", "<!-- wp:", "\f",
    "\r\n",
    "<!--more-->", "title: ", "> ", "<p>", "</", "[^1]: ", "\\(", "&", "* * *", "<ul><li>",
    "<table>",
)  # fmt: skip
MARKUP: dict[str, Way] = {
    "publish": published,
    "page": partial(exported, "html"),
    "newsletter": partial(exported, "newsletter"),
    "check": partial(check, "jekyll"),
    "check-wordpress": partial(check, "wordpress"),
    "frame": framed,
}
TARGETS = {
    "posts": Target({name: partial(read_back, name) for name in FORMATS}, _posts, _TOKENS),
    "posts-out": Target(MARKUP, _published, _TOKENS),
}
