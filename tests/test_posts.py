"""Posts: what is composed of the outcomes, and a rendering in which drafted words stay words."""

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarize.posts import FORMATS, Colophon, compose, escape
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post, PostSection
from summarize.records import (
    Claim,
    Done,
    Event,
    Grounded,
    Note,
    Outcome,
    Paper,
    Receipt,
    Skipped,
    Summary,
)

BY_MODEL = Colophon(version="1.2", model="openai/gpt", prompt="default", picks=False)
BY_PICKS = Colophon(version="1.2", model="extractive", prompt="default", picks=True)
DAY_1, DAY_2 = "Day 1 - Tuesday, May 7, 2024", "Day 2 - Wednesday, May 8, 2024"
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def done(
    paper: Paper,
    tldr: str,
    *notes: tuple[Note, int | None],
    abstract: bool = False,
    share: float = 1.0,
    unread: tuple[str, ...] = (),
) -> Done:
    """Return a paper with its summary; each note comes with the page it was found on."""
    return Done(
        paper=paper,
        grounded=Grounded(
            summary=Summary(tldr=tldr, notes=tuple(note for note, _ in notes)),
            claims=tuple(Claim(supported=page is not None, page=page) for _, page in notes),
        ),
        receipt=Receipt(
            model="m",
            prompt="p",
            basis="abstract" if abstract else "paper",
            share=share,
            unread=unread,
        ),
    )


def skipped(paper: Paper, reason: str) -> Skipped:
    """Return a paper without a summary."""
    return Skipped(paper=paper, stage="fetch", reason=reason)


def post(
    results: Sequence[Outcome | Event] = (),
    title: str = "ICLR 2024 Roundup",
    by: Colophon = BY_MODEL,
) -> Post:
    """Compose a post."""
    return compose(results, title=title, date="2024-05-07", colophon=by)


IDEA = Note(kind="idea", text="Both purr.", quote="", page=9)
RESULT = Note(kind="result", text="It is 3 < 4.", quote="", page=None)
METHOD = Note(kind="method", text="By wing.", quote="", page=1)
RESULTS: list[Outcome | Event] = [
    done(
        Paper(key="a", title="Cats & Dogs", url="https://e.org/a?x=1&y=2", section=DAY_1, star=True,
              todo="read this paper"),
        "They agree.", (IDEA, 2), (RESULT, None),
    ),
    Event(title="A Social", section=DAY_2, take="Met *people*."),
    Event(title="A Talk", url="https://e.org/t", section=DAY_2, todo="watch"),
    done(
        Paper(key="b", title="Birds", section=DAY_1, take="I *loved* this.\nReally.", todo="share"),
        "They fly.", (METHOD, 3),
    ),
    skipped(Paper(key="c", title="Fish", url="https://e.org/c", section=DAY_1), "e.org said 404"),
    skipped(Paper(key="d", title="Moss", url="ftp://e.org/d", section=DAY_2, take="Soft."), "no"),
    done(Paper(key="e", title="Ants", section=DAY_2, star=True, todo="a --> b"), "They work.",
         abstract=True),
]  # fmt: skip

GOLDEN = """\
---
title: "ICLR 2024 Roundup"
date: 2024-05-07
categories:
    - "machine learning"
tags:
    - "a: b"
    - "c"
excerpt: "TLDR; 5 papers from ICLR 2024, in one line each."
---
TLDR; 5 papers from ICLR 2024, in one line each.

<!-- YOUR WORDS: who you are, and what you went looking for. -->

I short-listed **5** papers over **2** days. Of those, I would like to actually read **2** of \
them. Feel free to skip to the [paper summaries below](#day-1---tuesday-may-7-2024).

<!-- YOUR WORDS: what surprised you, a trend you saw, a question you took home. -->

⭐️s indicate papers that I'm particularly interested in reading.

# Day 1 - Tuesday, May 7, 2024
1. ⭐️ [**Cats & Dogs**](https://e.org/a?x=1&y=2) - They agree.
    <details>
        <summary>Extra notes</summary>
        - <b>Idea:</b> Both purr. (p. 2)<br>
        - <b>Result:</b> It is 3 &lt; 4.
    </details>
    <!-- **TODO:** read this paper -->

1. **Birds** - I *loved* this.
    Really.
    <details>
        <summary>Extra notes</summary>
        - <b>TLDR:</b> They fly.<br>
        - <b>Method:</b> By wing. (p. 3)
    </details>
    <!-- **TODO:** share -->

1. [**Fish**](https://e.org/c) - *Not summarized: e.org said 404.*

# Day 2 - Wednesday, May 8, 2024
1. **A Social** - Met *people*.

1. [**A Talk**](https://e.org/t) <!-- **TODO:** watch -->

1. **Moss** - Soft. *(Not summarized: no)*

1. ⭐️ **Ants** - They work. *(from the abstract)* <!-- **TODO:** a --&gt; b -->

---

*Drafted with roundup 1.2 on 2024-05-07. The one-line summaries and extra notes were written by \
`openai/gpt` with the prompt `default`. 1 summary of 5 rests on the abstract alone. 2 papers could \
not be summarized and say so.*
"""


def test_golden_post() -> None:
    """A list with all that can happen to an entry becomes this Jekyll post, to the letter."""
    composed = compose(
        RESULTS,
        title="ICLR 2024 Roundup",
        date="2024-05-07",
        colophon=BY_MODEL,
        categories=["machine learning"],
        tags=["a: b", "c"],
    )
    assert FORMATS["jekyll"].render(composed) == GOLDEN


def test_golden_front_matter_is_yaml() -> None:
    """The front matter is YAML that gives back what was put in."""
    assert yaml.safe_load(GOLDEN.split("---\n")[1]) == {
        "title": "ICLR 2024 Roundup",
        "date": date(2024, 5, 7),
        "categories": ["machine learning"],
        "tags": ["a: b", "c"],
        "excerpt": "TLDR; 5 papers from ICLR 2024, in one line each.",
    }


# --- compose --------------------------------------------------------------------------------------


def some(count: int, **fields: object) -> list[Outcome | Event]:
    """Return that many papers with a summary."""
    return [
        done(Paper.model_validate({"key": f"k{i}", "title": f"T{i}", **fields}), "So it is.")
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (some(1), "I short-listed **1** paper."),
        (some(2), "I short-listed **2** papers."),
        ([], "I short-listed **0** papers."),
        (
            some(1, star=True),
            "I short-listed **1** paper. Of those, I would like to actually read **1** of it.",
        ),
        (
            some(3) + some(1, star=True),
            "I short-listed **4** papers. Of those, I would like to actually read **1** of them.",
        ),
        (
            some(2, section="Oral"),
            "I short-listed **2** papers. Feel free to skip to the [paper summaries below](#oral).",
        ),
        (
            [*some(1, section="Day 1"), Event(title="E", section="day 2: Ärzte & Co")],
            "I short-listed **1** paper over **2** days. Feel free to skip to the "
            "[paper summaries below](#day-1).",
        ),
        ([Event(title="E", star=True)], "I short-listed **0** papers."),
    ],
)
def test_counts(results: list[Outcome | Event], said: str) -> None:
    """The introduction counts papers, stars and days as they are, and leaves events out."""
    assert post(results).introduction[2] == said


@pytest.mark.parametrize(("star", "there"), [(True, True), (False, False)])
def test_stars_are_explained(star: bool, there: bool) -> None:
    """What a star means is said where there is one, and not where there is none."""
    assert any(p.startswith("⭐️s") for p in post(some(1, star=star)).introduction) == there


@pytest.mark.parametrize(
    ("results", "by", "said"),
    [
        (some(1), BY_MODEL, "were written by `openai/gpt` with the prompt `default`."),
        (some(1), BY_PICKS, "no language model wrote them."),
        (
            [skipped(Paper(key="k"), "no")],
            BY_MODEL,
            "1 paper could not be summarized and says so.",
        ),
        (
            [done(Paper(key=f"k{i}"), "So.", abstract=True) for i in range(2)] + some(1),
            BY_PICKS,
            "2 summaries of 3 rest on the abstract alone.",
        ),
        (
            [done(Paper(key="k"), "So.", share=0.4), *some(1)],
            BY_MODEL,
            "1 of 2 papers was read in part, as much as the model's context holds.",
        ),
        (
            [done(Paper(key=f"k{i}"), "So.", share=0.99) for i in range(2)],
            BY_MODEL,
            "2 of 2 papers were read in part, as much as the model's context holds.",
        ),
        (
            [done(Paper(key="k"), "So.", share=0.999, unread=("page 3 can't be read",))],
            BY_MODEL,
            "written by `openai/gpt` with the prompt `default`.",
        ),
    ],
)
def test_colophon(results: list[Outcome | Event], by: Colophon, said: str) -> None:
    """The colophon ends with who chose or wrote the words, and with what is missing."""
    (paragraph,) = post(results, by=by).colophon
    assert paragraph.startswith("Drafted with roundup 1.2 on 2024-05-07. ")
    assert paragraph.endswith(said)


@pytest.mark.parametrize(
    ("abstract", "unread", "remark"),
    [
        (False, (), ""),
        (True, (), "from the abstract"),
        (False, ("7 of 11 pages can't be read",), "read in part: 7 of 11 pages can't be read"),
        (
            False,
            ("page 3 can't be read", "only the first 500 of 800 pages were read"),
            "read in part: page 3 can't be read; only the first 500 of 800 pages were read",
        ),
        (True, ("a page is blank",), "from the abstract, read in part: a page is blank"),
    ],
)
def test_remarks(abstract: bool, unread: tuple[str, ...], remark: str) -> None:
    """An item says what its line rests on, where that is less than the whole paper."""
    made = post([done(Paper(key="k", title="T"), "So.", abstract=abstract, unread=unread)])
    assert made.sections[0].items[0].remark == remark
    assert (f"So. *({remark})*" in FORMATS["jekyll"].render(made)) == bool(remark)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Day 1 - Tuesday, May 7, 2024", "#day-1---tuesday-may-7-2024"),
        ("Oral  Session 2.1", "#oral-session-21"),
        ("Posters--first day", None),
        ("1st day", None),
        ("Day ½", None),
        ("Day x²", None),
        ("Cafe\u0301 x\u0308\u0323", None),
        ("Ärzte", None),
        ("Q&A", None),
        ("注意力", None),
    ],
)
def test_link_to_the_first_heading(heading: str, anchor: str | None) -> None:
    """The introduction links to a heading that has one id everywhere, and to no other."""
    counts = post(some(1, section=heading)).introduction[2]
    assert counts.startswith("I short-listed **1** paper.")
    assert ("Feel free to skip" in counts) == (anchor is not None)
    assert anchor is None or counts.endswith(f"[paper summaries below]({anchor}).")


def test_sections_in_order_of_appearance() -> None:
    """Each heading stands once, where it first appeared, above all its items in their order."""
    results = [*some(1, section="B"), *some(1, section="A"), *some(2, section="B")]
    assert [(s.heading, [item.key for item in s.items]) for s in post(results).sections] == [
        ("B", ["k0", "k0", "k1"]),
        ("A", ["k0"]),
    ]


def test_the_take_keeps_the_line() -> None:
    """A person's take has the line as they wrote it, and the TLDR goes to the notes."""
    paper = Paper(key="k", title="T", take="*My* <b>take</b> {{ site.x }}", todo="`now`")
    ((item,),) = [section.items for section in post([done(paper, "So it is.")]).sections]
    assert item.line == Own(markdown=paper.take)
    assert item.notes == (ItemNote(label="TLDR", text=Drafted(text="So it is.")),)
    assert item.todo == Own(markdown="`now`")
    assert "- *My* <b>take</b> {{ site.x }}\n" in FORMATS["jekyll"].render(
        post([done(paper, "So.")])
    )


def test_pages_are_where_the_claim_is() -> None:
    """A note's page is where its quote was found, never the page that the model named."""
    results = [done(Paper(key="k", title="T"), "So.", (IDEA, 4), (METHOD, None))]
    ((item,),) = [section.items for section in post(results).sections]
    assert [(note.label, note.page) for note in item.notes] == [("Idea", 4), ("Method", None)]


def test_untitled_paper_is_called_by_its_address() -> None:
    """A paper without a title is called by its address."""
    results = [skipped(Paper(key="k", url="https://e.org/x_y"), "no")]
    assert "1. [**https://e.org/x_y**](https://e.org/x_y) - *Not" in FORMATS["jekyll"].render(
        post(results)
    )


def test_title_that_cannot_be_seen() -> None:
    """A title of nothing that can be seen is said to be none."""
    results = [skipped(Paper(key="k", title="\u200b\u2060", url="https://e.org"), "no")]
    assert "1. [**(no title)**](https://e.org) - *Not" in FORMATS["jekyll"].render(post(results))


def test_posts_own_title_is_escaped() -> None:
    """The post's own title stands in its introduction as plain words."""
    text = FORMATS["jekyll"].render(post(title="The {{ *best* }} <b> Roundup"))
    assert "\nTLDR; 0 papers from The &#123;&#123; \\*best\\* &#125;&#125; &lt;b&gt;, in" in text


def test_empty_post() -> None:
    """A post without headings, categories or entries has none of their lines."""
    text = FORMATS["jekyll"].render(Post(title="T", date="2024-05-07", excerpt="E"))
    assert text == '---\ntitle: "T"\ndate: 2024-05-07\nexcerpt: "E"\n---\n\n'


def test_takes_of_several_paragraphs_stay_in_their_item() -> None:
    """A take of several paragraphs and lists is indented below its item."""
    item = Item(key="k", title=Drafted(text="T"), line=Own(markdown="One.\n\n1. Two\n"))
    assert "1. **T** - One.\n    \n    1. Two\n" in FORMATS["jekyll"].render(render_of(item))


def render_of(*items: Item) -> Post:
    """Return a post of these items alone."""
    return Post(title="T", date="2024-05-07", sections=(PostSection(heading="", items=items),))


# --- what can't be let through --------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></li><h1>Mine</h1>",
    "<!-- open comment",
    "a --> b --!> c",
    "<https://e.org> and <a@e.org>",
    "![track](https://e.org/pixel.png)",
    "[click](javascript:alert(1))",
    "[ref][1] [^1] [x]: https://e.org",
    "&lt;b&gt; &#60; &#x3C; &copy; &amp;amp; AT&T &nosuch;",
    "{{ site.secret }} {% include x %} {%- raw -%} {# x #}",
    "{: .class #id onclick=x} {::nomarkdown} {:toc}",
    "---",
    "--- title: x ---",
    "| a | b | --- | --- |",
    "*em* **strong** _em_ __strong__ ***both*** _a_b_ *a*b* a_b_c __a__b__",
    "~~gone~~ ~sub~ ~~~ ~~",
    "`code` ``code`` ```js",
    "$x$ $$y$$ \\(z\\) \\[w\\] \\",
    "# heading ## x #",
    "- item",
    "+ item",
    "* item",
    "1. item 2) item",
    "> quote",
    ": definition",
    "*[HTML]: abbreviation",
    "line\nbreak\r\nand\u2028more\x0band\x85so",
    "\n\n1. another item\n\n<div>",
    "two  \nspaces\\\nand more",
    "a\x00b\x1b[31mc\x7f\ufeff",
    "\u202egnirts\u202c \u2066x\u2069 \u200b\u200d\u2060",
    "\ud800 lone \udfff",
    "\ufffe\uffff \ufff9x\ufffb",
    "tag \U000e0041\U000e0042",
    "==mark== ^sup^ :emoji: @user #1 :smile:",
    "ends with a backslash \\",
    "**",
    "]( [ ] ) ![",
    "[Re]: A reproduction",
    "Learning with [MASK]: tokens",
    "*[HTML]:abbreviation [^1]: note [a]::b",
    "\\",
    "x \\]\\: \\\\",
    "e\u0301 ﬁ ℌ",
]
# Any mix of what Markdown, Liquid and HTML take for theirs.
MIX = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="*_`~[]()!<>{}%#|$\\&;:-+=.^1 aé\n\"'/", max_size=30),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map(" ".join),
)


def inline(text: str) -> list[Token]:
    """Return the tokens that a line of Markdown is read as."""
    (block,) = MARKDOWN.parseInline(text)
    return block.children or []


def shown(tokens: Sequence[Token]) -> str:
    """Return the text that a reader sees of inline tokens."""
    return "".join(token.content for token in tokens if token.type == "text")


class _Reader(HTMLParser):
    """Collects the tags and the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag and its attributes."""
        self.tags.append(tag + "".join(f" {name}={value}" for name, value in attrs))

    def handle_endtag(self, tag: str) -> None:
        """Remember a closing tag."""
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Gather the text."""
        self.text += data


def read_html(text: str) -> _Reader:
    """Read a piece of HTML as a browser would."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_inert(text: str) -> None:
    """Hostile words in the midst of a line are read as plain text and shown as they are."""
    tokens = inline(f"x {escape.markdown(text)}")
    assert {token.type for token in tokens} <= {"text"}
    assert shown(tokens) == f"x {escape.plain(text)}".strip()


@settings(max_examples=300, deadline=None)
@given(MIX)
def test_any_markdown_is_inert(text: str) -> None:
    """Any words at all are one line without HTML or Liquid, and are shown as they are."""
    escaped = escape.markdown(text)
    assert not re.search(r"[<>{}\n\r\x00]|(?<!\\)[*`\[\]|$]", escaped.replace("\\\\", ""))
    tokens = inline(f"x {escaped} x")
    assert {token.type for token in tokens} == {"text"}
    assert shown(tokens).split() == f"x {escape.plain(text)} x".split()


@pytest.mark.parametrize("text", HOSTILE)
def test_raw_html_is_inert(text: str) -> None:
    """Hostile words in a block of HTML are text of it, shown as they are."""
    escaped = escape.raw_html(text)
    assert not re.search(r"[<>{}\n]", escaped)
    reader = read_html(f"<b>{escaped}</b>")
    assert (reader.tags, reader.text) == (["b", "/b"], escape.plain(text))


@settings(max_examples=200, deadline=None)
@given(MIX)
def test_any_raw_html_is_inert(text: str) -> None:
    """Any words at all in a block of HTML are text of it."""
    escaped = escape.raw_html(text)
    assert not re.search(r"[<>{}\n]", escaped)
    reader = read_html(f"<b>{escaped}</b>")
    assert (reader.tags, reader.text) == (["b", "/b"], escape.plain(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  two\n lines\t", "two lines"),
        ("a\u200bb\u202ec\u0007d\ufeffe", "abcde"),
        ("e\u0301", "é"),
        ("\x00", ""),
        ("a \u200b b", "a b"),
        ("⭐️ 𝑥² → ∞ \ufffd", "⭐️ 𝑥² → ∞ \ufffd"),
    ],
)
def test_plain(text: str, plain: str) -> None:
    """Plain text is one line without what can't be seen, and keeps every symbol that can."""
    assert escape.plain(text) == plain


@settings(max_examples=200, deadline=None)
@example('\ufffe\uffff \x85 \u2028 "\\/')
@given(MIX)
def test_any_yaml_reads_back(text: str) -> None:
    """Any words at all in front matter are read back as they are, on one line of it."""
    quoted = escape.yaml(text)
    assert "\n" not in quoted
    assert yaml.safe_load(f"x: {quoted}\ny: 1") == {"x": escape.plain(text), "y": 1}


@settings(max_examples=200, deadline=None)
@given(MIX)
def test_any_comment_stays_one(text: str) -> None:
    """Any words at all in a comment leave what follows it outside of it."""
    written = f"<!-- {escape.comment(text)} --><b>after</b>"
    assert "\n" not in written
    assert not re.search(r"--!?>", written.removeprefix("<!-- ").replace(" --><b>", "<b>", 1))
    assert not re.search(r"\{\{|\{%|\|", written)
    assert html.unescape(escape.comment(text)) == html.unescape(" ".join(text.split()))


@pytest.mark.parametrize(
    ("todo", "written"),
    [
        ("{% cite doe %} and {{ x }}", "&#123;% cite doe %} and &#123;&#123; x }}"),
        ("{{{%- raw", "&#123;&#123;&#123;%- raw"),
        ("keep {a} and {: .b} }} %}", "keep {a} and {: .b} }} %}"),
        ("p(x | y)", "p(x &#124; y)"),
    ],
)
def test_comments_without_tags(todo: str, written: str) -> None:
    """A person's TODO keeps its words, but for what Liquid or kramdown would act upon."""
    assert escape.comment(todo) == written


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_ends_a_line_or_defines_a_link(text: str) -> None:
    """No words give kramdown a backslash at a line's end, or a bracket with a colon after it."""
    escaped = escape.markdown(text)
    assert not escaped.endswith("\\")
    assert "]:" not in escaped


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://e.org/a", "https://e.org/a"),
        (" HTTP://e.org/a ", "HTTP://e.org/a"),
        ("https://e.org/a_(b)", "https://e.org/a_%28b%29"),
        ("https://e.org/a b\tc\nd", "https://e.org/a%20bcd"),
        ("https://e.org/\"x\" 'y' <z>", "https://e.org/%22x%22%20%27y%27%20%3Cz%3E"),
        ("https://e.org/{{x}}|`\\^[]", "https://e.org/%7B%7Bx%7D%7D%7C%60%5C%5E%5B%5D"),
        ("https://e.org/\u00a0\u3000", "https://e.org/"),
        ("https://e.org/a\u3000b", "https://e.org/a%E3%80%80b"),
        ("https://e.org/?a=1&b=2", "https://e.org/?a=1&b=2"),
        ("https://e.org/?a=1&copy;=2", "https://e.org/?a=1&amp;copy;=2"),
        ("https://e.org/\u202efdp", "https://e.org/fdp"),
        ("https://e.org/ü", "https://e.org/ü"),
        ("javascript:alert(1)", ""),
        ("JavaScript://e.org/%0aalert(1)", ""),
        ("java\u200bscript:alert(1)", ""),
        ("data:text/html,<script>", ""),
        ("file:///etc/passwd", ""),
        ("ftp://e.org/a", ""),
        ("//e.org/a", ""),
        ("https:///e.org", ""),
        ("x https://e.org", ""),
        ("", ""),
    ],
)
def test_urls(address: str, written: str) -> None:
    """Only http(s) addresses are linked to, with what could end a link encoded."""
    assert escape.url(address) == written


@settings(max_examples=200, deadline=None)
@given(st.one_of(MIX, MIX.map("https://e.org/".__add__)))
def test_any_url_is_one_link(address: str) -> None:
    """Any address at all is one link of that address, or none."""
    url = escape.url(address)
    if url:
        opened, text, closed = inline(f"[t]({url})")
        assert (opened.type, text.content, closed.type) == ("link_open", "t", "link_close")
        assert str(opened.attrs["href"]).lower().startswith(("http://", "https://"))
    else:
        assert not re.match(r"(?i)https?://[a-z]", address.strip())


# --- whole posts of anything ----------------------------------------------------------------------

_drafted = st.builds(Drafted, text=MIX)
_notes = st.lists(
    st.builds(ItemNote, label=MIX, text=_drafted, page=st.none() | st.integers(1, 99)), max_size=3
).map(tuple)
_items = st.builds(
    Item,
    key=st.just("k"),
    title=_drafted,
    url=st.one_of(MIX, MIX.map("https://e.org/".__add__)),
    star=st.booleans(),
    line=st.none() | _drafted,
    remark=st.just("") | MIX.map("Not summarized: ".__add__),
    notes=_notes,
)
_sections = st.builds(
    PostSection, heading=MIX, items=st.lists(_items, min_size=1, max_size=3).map(tuple)
)
_posts = st.builds(
    Post,
    title=MIX,
    date=st.just("2024-05-07"),
    excerpt=MIX,
    tags=st.lists(MIX, max_size=2).map(tuple),
    sections=st.lists(_sections, max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(_posts)
def test_any_post_keeps_its_shape(made: Post) -> None:
    """A post of any drafted words has its items, headings and notes, and nothing besides."""
    front, body = FORMATS["jekyll"].render(made).split("\n---\n", 1)
    items = [item for section in made.sections for item in section.items]
    assert sum(line.startswith("1. ") for line in body.split("\n")) == len(items)
    folded = sum(bool(item.notes) for item in items)
    assert (body.count("<details>"), body.count("</details>")) == (folded, folded)
    assert not re.search(r"\{\{|\{%|<script|<img|<a |<!--|\r|\0|(?m:^---)", body)
    read = yaml.safe_load(front.removeprefix("---\n"))
    assert read["title"] == escape.plain(made.title)
    assert read.get("tags", []) == [escape.plain(tag) for tag in made.tags]


@settings(max_examples=150, deadline=None)
@given(st.lists(_items, min_size=1, max_size=3))
def test_any_item_is_read_as_one(items: list[Item]) -> None:
    """An item of any drafted words is a starred, linked title, a line, and notes that are text."""
    body = FORMATS["jekyll"].render(render_of(*items)).split("\n---\n", 1)[1]
    tokens = MARKDOWN.parse(body)
    assert sum(token.type == "list_item_open" for token in tokens) == len(items)
    blocks = {"ordered_list_open", "list_item_open", "paragraph_open", "inline", "html_block"}
    blocks |= {name.replace("open", "close") for name in blocks}
    assert {token.type for token in tokens} <= blocks
    heads = [token.children or [] for token in tokens if token.type == "inline"]
    for item, children in zip(items, heads, strict=True):
        links = [token for token in children if token.type == "link_open"]
        assert len(links) == bool(escape.url(item.url))
        allowed = {"text", "link_open", "link_close", "strong_open", "strong_close"}
        if item.remark:
            allowed |= {"em_open", "em_close"}
        assert {token.type for token in children} <= allowed
        title = escape.plain(item.title.text) or "(no title)"
        assert shown(children).removeprefix("⭐️ ").startswith(title)
        if isinstance(item.line, Drafted):
            assert escape.plain(item.line.text) in shown(children)
    notes = [note for item in items for note in item.notes]
    reader = read_html("".join(token.content for token in tokens if token.type == "html_block"))
    assert set(reader.tags) <= {"details", "/details", "summary", "/summary", "b", "/b", "br"}
    assert reader.tags.count("b") == len(notes)
    for note in notes:
        assert escape.plain(note.text.text) in reader.text


# --- under Jekyll ---------------------------------------------------------------------------------

_PLAIN_TYPE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "«": "<<", "»": ">>",
                             "–": "--", "—": "---", "…": "..."})  # fmt: skip
LIQUID = Own(markdown="see {% cite doe %}, {{ x }}, {%- raw -%} and p(x | y)")


def build(text: str, site: Path) -> str:
    """Build a Jekyll site of one post; return its page."""
    (site / "_posts").mkdir(parents=True)
    (site / "_layouts").mkdir()
    (site / "_layouts" / "post.html").write_text("<html><body>{{ content }}</body></html>")
    (site / "_config.yml").write_text(
        "permalink: /:title.html\ndefaults:\n- {scope: {path: ''}, values: {layout: post}}\n"
    )
    (site / "_posts" / "2024-05-07-x.md").write_bytes(text.encode("utf-8", "replace"))
    subprocess.run(["jekyll", "build"], cwd=site, check=True, capture_output=True, timeout=100)
    return (site / "_site" / "x.html").read_text("utf-8")


def visible(text: str) -> str:
    """Return what is read in a piece of a page, quotes and dashes as they are typed, unspaced."""
    return "".join(read_html(text).text.translate(_PLAIN_TYPE).split())


@pytest.mark.skipif(not shutil.which("jekyll"), reason="needs jekyll")
@pytest.mark.slow
def test_jekyll_shows_every_title(tmp_path: Path) -> None:
    """Hostile titles, linked or not, with a TODO or not, are each shown in an item of their own."""
    items = [
        Item(key="k", title=Drafted(text=text), url=url, line=line, todo=todo)
        for text in HOSTILE
        for url in ("https://e.org/a", "")
        for line in (Drafted(text=text), None)
        for todo in (LIQUID, None)
    ]
    page = build(FORMATS["jekyll"].render(render_of(*items)), tmp_path / "site")
    found = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    assert len(found) == page.count("<li>") == len(items)
    for item, inside in zip(items, found, strict=True):
        words = escape.plain(item.title.text) or "(no title)"
        if isinstance(item.line, Drafted):
            words += f" - {escape.plain(item.line.text)}"
        assert visible(inside) == "".join(words.translate(_PLAIN_TYPE).split()).replace(
            "\ufffd", "?"
        )
        assert set(read_html(inside).tags) <= {
            "p",
            "/p",
            "strong",
            "/strong",
            f"a href={item.url}",
            "/a",
        }


@pytest.mark.skipif(not shutil.which("jekyll"), reason="needs jekyll")
@pytest.mark.slow
def test_jekyll_has_the_anchor(tmp_path: Path) -> None:
    """The introduction's link leads to the id that Jekyll gives the first heading."""
    for number, heading in enumerate([DAY_1, "Oral Session 2.1, a - b"]):
        page = build(
            FORMATS["jekyll"].render(post(some(1, section=heading))), tmp_path / str(number)
        )
        (anchor,) = re.findall(r'href="#([^"]+)">paper summaries below', page)
        assert f'<h1 id="{anchor}">' in page
