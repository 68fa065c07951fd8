"""Posts that read back: not a character changes, and what was written is found again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.errors import InputError
from summarize.posts import FORMATS, escape, frame
from summarize.posts.blocks import parse
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post, PostSection
from summarize.posts.written import Heading, Text, unescaped
from summarize.sources import key
from tests.conftest import Roundup

PIECES = st.sampled_from(
    ["---\n", "\n", "\r\n", "1. ", "[**T**](http://a.b/c)", "**T**", " - words", "⭐️ ", "    ",
     "<details>", "<summary>Extra notes</summary>", "</details>", "<!--", "-->", " **TODO:** x",
     "```\n", "~~~\n", "# H\n", "title: x\n", "- a\n", "[", "\\", "*", "2. [a](b) c\n\n",
     "\n    more\n", "|a|", "roundup offers for the TLDR: x"]
)  # fmt: skip
ANYTHING = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=4)), max_size=30).map("".join)

WORDS = st.text(st.sampled_from("ab Z9.é*_`[]<>{}|$\\&-:!#⭐"), max_size=24)
ITEMS = st.builds(
    Item,
    key=st.just(""),
    title=st.builds(Drafted, text=WORDS),
    url=st.sampled_from(["", "https://e.org/a_(b)?x=1&y=2", "https://openreview.net/forum?id=q"]),
    star=st.booleans(),
    line=st.one_of(st.none(), st.builds(Drafted, text=WORDS)),
    remark=st.sampled_from(["", "from the abstract"]),
    notes=st.lists(
        st.builds(
            ItemNote,
            label=st.just("Idea"),
            text=st.builds(Drafted, text=WORDS),
            page=st.sampled_from([None, 4]),
        ),
        max_size=3,
    ).map(tuple),
    todo=st.one_of(st.none(), st.builds(Own, markdown=st.just("read it"))),
)
POSTS = st.builds(
    Post,
    title=WORDS,
    date=st.just("2024-05-07"),
    excerpt=WORDS,
    introduction=st.just(("Hello.", "<!-- YOUR WORDS: who. -->")),
    sections=st.lists(
        st.builds(
            PostSection,
            heading=st.sampled_from(["", "Day 1 - Tuesday, May 7, 2024", "Day #2"]),
            items=st.lists(ITEMS, min_size=1, max_size=4).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    colophon=st.just(("Drafted.",)),
)


@settings(max_examples=1000)
@given(ANYTHING)
def test_whatever_the_text_not_a_character_changes(text: str) -> None:
    """The pieces of a text are all of it, in order, and so are the parts of an entry."""
    written = parse(text)
    assert written.text == text
    for item in written.items:
        assert item.text == "".join(part.text for part in item.parts)
        assert isinstance((item.title, item.url, item.notes), tuple)


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "wordpress"])  # it has its own tests
@settings(max_examples=60)
@given(post=POSTS)
def test_what_is_rendered_is_found_again(name: str, post: Post) -> None:
    """Each heading, title, address, star, line, note and TODO of a rendered post is read back."""
    form = FORMATS[name]
    said = escape.raw_html if name == "jekyll" else form.words  # how a note's words are escaped
    written = form.parse(form.render(post))
    assert written.text == form.render(post)
    assert form.parse(written.text) == written
    headings = [block.text for block in written.blocks if isinstance(block, Heading)]
    titled = [] if written.front and name != "mkdocs" else headings[:1]
    assert headings == titled + [form.heading(s.heading) for s in post.sections if s.heading]
    items = [item for section in post.sections for item in section.items]
    assert len(written.items) == len(items)
    for read, item in zip(written.items, items, strict=True):
        assert read.title == (escape.plain(item.title.text) or "(no title)")
        assert (bool(read.url), read.star) == (bool(item.url), item.star)
        assert key([read.url]) == key([item.url])
        assert len(read.notes) == len(item.notes)
        for note, given_note in zip(read.notes, item.notes, strict=True):
            assert said(given_note.text.text) in note
        assert read.field("todo") == (item.todo.markdown if item.todo else "")
        if isinstance(item.line, Drafted):
            assert read.field("line").startswith(form.words(item.line.text))
        assert form.parse(form.item(item)).items[0].parts == read.parts


def test_the_readers_own_post(shared: Path) -> None:
    """The post that this is made after: 70 entries, 67 papers, 28 stars, 31 TODOs, 4 with notes."""
    text = (shared / "seeds" / "iclr2024_roundup.md").read_text("utf-8")
    written = parse(text)
    assert written.text == text
    items = written.items
    assert len(items) == 70
    assert len({found for item in items if (found := key([item.url]))}) == 67
    assert sum(item.star for item in items) == 28
    assert sum(bool(item.field("todo")) for item in items) == 31
    assert sum(bool(item.notes) for item in items) == 4
    assert all(part.name for item in items for part in item.parts)
    assert [f.name for f in written.front if f.name] == [
        "title", "date", "categories", "tags", "header", "excerpt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "seed", ["iclr2024_roundup_as_received.md", "ghost_neurips2025_wednesday.txt"]
)
def test_other_peoples_posts(shared: Path, seed: str) -> None:
    """Posts of other makes are read without a change, whatever of them is understood."""
    data = (shared / "seeds" / seed).read_bytes().decode("utf-8")
    assert parse(data).text == data


FULL = """\
1) ⭐⭐ [**A *fine* title** (oral)](https://e.org/a_(b) "hover") — Mine,
wrapped at the margin. <!-- check
this --> And on.
    <details>
        <summary>Extra notes</summary>
        - <b>Idea:</b> one. (p. 4)<br>
        - two <!-- not found -->
    </details>
    <!-- **TODO:** read
    it --> tail

    | a | b |
    |---|---|

    ```
# no heading
1. **No entry**

    ```
"""


def test_the_parts_of_an_entry() -> None:
    """What a person adds to an entry stays in it: wrapped lines, comments, tables, code."""
    written = parse(f"{FULL}\n# Next\n")
    (item,) = written.items
    assert item.text == FULL.rstrip("\n")
    assert (item.star, item.url) == (True, "https://e.org/a_(b)")
    assert item.field("line") == "Mine,\nwrapped at the margin. <!-- check\nthis --> And on."
    assert item.notes == ("<b>Idea:</b> one. (p. 4)", "two <!-- not found -->")
    assert item.field("todo") == "read\n    it"
    assert [part.name for part in item.parts] == [
        "number", "star", "title", "line", "notes", "todo", "",
    ]  # fmt: skip
    assert written.blocks[-1] == Heading("# Next", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "1. plain words",
        "- [**T**](u)",
        "<!--\n\n1. **T**\n\n# H\n-->",
        "```\n1. **T**\n# H\n```",
        "    1. **T**",
        "<!-- a -->  <!--\n1. **T** --> <!--\n# H -->",
    ],
)
def test_what_is_no_entry(text: str) -> None:
    """A list of the person's own, and what stands in a comment or in code, is no entry."""
    assert {type(block) for block in parse(text).blocks} == {Text}


@pytest.mark.parametrize("after", ["- a list", "* a list", "2. a list", "---", "# H", "\nText"])
def test_where_an_entry_ends(after: str) -> None:
    """An entry ends at a list, a rule or a heading at the margin, and at text after a blank."""
    written = parse(f"1. **T** - Line.\n    more\n{after}\n")
    assert written.items[0].text == "1. **T** - Line.\n    more"
    assert len(written.blocks) == 2


def test_a_field_is_replaced_in_place() -> None:
    """A part that is replaced, put in or taken out leaves every other character as it was."""
    (item,) = parse("1. **T**\n\n    ![image](x.png)\n").items
    full = item.having("line", " - L").having("star", "⭐️ ").having("todo", " <!-- **TODO:** t -->")
    assert full.text == "1. ⭐️ **T** - L <!-- **TODO:** t -->\n\n    ![image](x.png)"
    assert full.having("line", " - M").field("line") == "M"
    assert full.having("line", "").having("star", "").having("todo", "").text == item.text


def test_titles_in_plain_words() -> None:
    """A title is read back as it was before it was escaped."""
    assert unescaped("**a \\* b &#123;&lt; \\\\alpha**") == "a * b {< \\alpha"


FRAME = """\
---
layout: roundup
title: $title
date: $date
tags: $tags
---
{% include greeting.html price="$$5" %}

$introduction

$papers

## The end
$colophon
"""


def test_a_frame_of_ones_own(tmp_path: Path, roundup: Roundup) -> None:
    """A workspace frames its posts as it likes; what is in the frame reads back, and merges."""
    (tmp_path / "roundup.toml").write_text("[post]\nframe = 'frame.md'\ntags = ['a: b']\n", "utf-8")
    (tmp_path / "frame.md").write_text(FRAME, "utf-8")
    abstract = "We find that cats purr when they are fed, and that dogs bark when they are not fed."
    (tmp_path / "l.csv").write_text(f'title,abstract\nA paper,"{abstract}"\n', "utf-8")
    assert roundup("draft", "l.csv", "-o", "p.md").returncode == 0
    post = tmp_path / "p.md"
    text = post.read_text("utf-8")
    assert text.startswith('---\nlayout: roundup\ntitle: "L Roundup"\ndate: 2')
    assert '\ntags: ["a: b"]\n---\n{% include greeting.html price="$5" %}\n\nTLDR; 1 paper' in text
    assert [item.title for item in parse(text).items] == ["A paper"]
    post.write_text(text.replace("## The end", "## My end"), "utf-8")
    (tmp_path / "frame.md").write_text(FRAME.replace("greeting", "hello"), "utf-8")
    assert roundup("draft", "l.csv", "-o", "p.md").returncode == 0
    assert post.read_text("utf-8") == text.replace("greeting", "hello").replace("The end", "My end")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("$papers\n$nope", ":2: there is no variable $nope"),
        ("$papers\n\n5 $", ":3: a $ that begins no variable"),
        ("$title", ":1: $papers, where the entries go"),
        ("$papers $papers", ":1: $papers, where the entries go"),
    ],
)
def test_mistakes_in_a_frame(wrong: str, said: str) -> None:
    """A mistake in a frame is told with its line."""
    with pytest.raises(InputError) as caught:
        frame.checked(wrong, "frame.md")
    assert caught.value.message.startswith(f"frame.md{said}")
