"""Posts in block markup: not a character changes, and merging keeps a person's words."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.posts import FORMATS, Colophon, compose, escape
from summarize.posts.post import Drafted, Post
from summarize.posts.written import Heading
from summarize.records import Event, Outcome
from summarize.revise import Before, Now, papers, redrafted, renewed
from summarize.sources import key
from summarize.state import State
from tests.test_reading_back import ANYTHING, POSTS
from tests.test_revise import result

WORDPRESS = FORMATS["wordpress"]
PIECES = st.sampled_from(
    ["---\n", "title: x\n", "<!-- wp:heading -->\n", "<!-- /wp:heading -->", "<!-- wp:more /-->",
     '<!-- wp:heading {"level":3,"fontSize":"medium"} -->\n<h3 class="x">', "</h3>\n", "⭐️ ",
     '<a href="https://e.org/?a&amp;b">T</a>', "<!-- wp:paragraph -->\n<p>", "</p>\n",
     "<!-- /wp:paragraph -->\n\n", "<!-- wp:details -->", "<!-- /wp:details -->", "<li>", "</li>",
     "<!-- wp:list -->", "<!-- /wp:list -->", "<!-- **TODO:** x -->", "<!--", "-->", "\n\n", "a"]
)  # fmt: skip
MARKUP = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=3)), max_size=30).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.one_of(ANYTHING, MARKUP))
def test_whatever_the_text_not_a_character_changes(text: str) -> None:
    """The pieces of a text are all of it, in order, and so are the parts of an entry."""
    written = WORDPRESS.parse(text)
    assert written.text == text
    for item in written.items:
        assert item.text == "".join(part.text for part in item.parts)
        assert isinstance((item.title, item.url, item.notes), tuple)
        assert item.bare().url == item.url


@settings(max_examples=200, deadline=None)
@given(POSTS)
def test_what_is_rendered_is_found_again(post: Post) -> None:
    """Each heading, title, address, star, line, note and TODO of a rendered post is read back."""
    text = WORDPRESS.render(post)
    written = WORDPRESS.parse(text)
    assert written.text == text
    headings = [block.text for block in written.blocks if isinstance(block, Heading)]
    assert headings == [WORDPRESS.heading(s.heading) for s in post.sections if s.heading]
    items = [item for section in post.sections for item in section.items]
    assert len(written.items) == len(items)
    for read, item in zip(written.items, items, strict=True):
        assert read.title == (escape.plain(item.title.text) or "(no title)")
        assert (bool(read.url), read.star) == (bool(item.url), item.star)
        assert key([read.url]) == key([item.url])
        assert len(read.notes) == len(item.notes)
        assert read.field("todo") == (item.todo.markdown if item.todo else "")
        if isinstance(item.line, Drafted):
            begins = escape.raw_html(item.line.text).replace("&#123;", "{").replace("&#125;", "}")
            assert read.field("line").replace("&#91;", "[").startswith(begins)


def drafted(results: list[Outcome | Event], before: Before, version: str) -> Before:
    """Draft a list in block markup over what was there."""
    by = Colophon(version="1", model=version, prompt="p", picks=False)
    now = Now(by, WORDPRESS, "2024-05-07", State(model=version))
    composed = compose(results, title="A Roundup", date="2024-05-07", colophon=by)
    revised = redrafted(WORDPRESS.render(composed), results, before, now)
    return Before(revised.text, revised.state)


def test_an_untouched_post_follows_the_list() -> None:
    """Without an edit, draft after draft is what a first draft would be."""
    before = drafted([result(n, "v0") for n in range(6)], Before(), "v0")
    for order in ([5, 3, 1], [1, 2, 3, 4, 5, 6], [6, 0]):
        results = [result(n, "v1") for n in order]
        before = drafted(results, before, "v1")
        assert before.text == drafted(results, Before(), "v1").text


def test_what_a_person_wrote_stays() -> None:
    """An edited line stays, a newer one beside it; a paragraph of theirs stays in its place."""
    results = [result(n, "v0") for n in range(4)]
    before = drafted(results, Before(), "v0")
    own = "<!-- wp:paragraph -->\n<p>I asked about this.</p>\n<!-- /wp:paragraph -->"
    text = (before.text or "").replace("<p>Line 1v0.</p>", "<p>My line.</p>")
    text = text.replace("<!-- wp:separator", f"{own}\n\n<!-- wp:separator")
    again = (
        drafted([result(n, "v1") for n in range(4)], Before(text, before.state), "v1").text or ""
    )
    assert "<p>My line.</p>" in again
    assert "<!-- roundup offers for the TLDR: Line 1v1. -->" in again
    assert own in again
    assert "Line 2v1." in again
    assert "Note 1v1." in again
    assert "written by <code>v1</code>" in again


def test_summaries_are_renewed_in_place() -> None:
    """Regenerating renews each summary where it stands, and only those."""
    before = drafted([result(n, "v0") for n in range(4)], Before(), "v0")
    text = (before.text or "").replace(">Title 1<", ">Title 1, they say<")
    mine = Before(text, before.state)
    keys = [paper.key for paper in papers(WORDPRESS.parse(text), mine.state)]
    outcomes = [result(int(name[1:]), "v1") for name in keys]
    by = Colophon(version="1", model="v1", prompt="p", picks=False)
    now = Now(by, WORDPRESS, "2024-05-07", State(model="v1"))
    chosen = [one for one in outcomes if not isinstance(one, Event)]
    again = renewed(chosen, mine, now).text
    assert "Title 1, they say" in again
    assert re.findall(r"Line \d(v\d)\.", again) == ["v1"] * len(chosen)


def test_a_failure_says_so_and_keeps_what_there_was() -> None:
    """A paper that could not be summarized says why; one that was keeps what it had."""
    failed = drafted([result(1, "v0", fails=True)], Before(), "v0")
    assert "<p><em>Not summarized: no.</em></p>" in (failed.text or "")
    now = drafted([result(1, "v1")], failed, "v1")
    assert "Line 1v1." in (now.text or "")
    later = drafted([result(1, "v2", fails=True)], now, "v2")
    assert "Line 1v1." in (later.text or "")
    assert "Not summarized" not in (later.text or "")
