"""What a post says as blocks: nothing is lost or taken for markup, and notes stay at home."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarize.errors import InputError
from summarize.markup import Media, blocks, flow, ghost, plain, read, wordpress
from summarize.pictures import found
from tests import pictures
from tests.test_reading_back import ANYTHING

HTML = st.lists(
    st.one_of(
        st.sampled_from(
            ["<p>", "</p>", "<ul>", "<ol start=3>", "<li>", "</li>", "</ul>", "<details>",
             "<figure>", "<summary>s</summary>", "</details>", '<img src="a.png" alt="x">',
             "<table>", "<tr>",
             "<td>c", "<th>", "<pre><code class='language-x'>", "</pre>", "<blockquote>", "<h1>H",
             "<h3 id=q>", "<hr>", "<!-- c -->", "<!--more-->", "<!-- wp:html -->", "<script>",
             "&lt;", "[video]", "word", "- a<br>", "<div>", "<svg><p>", "<a href=x>", "</a>",
             "\n\n"]
        ),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)  # fmt: skip


def balanced(markup: str) -> bool:
    """Tell whether each block that begins also ends, each within the one around it."""
    opened: list[str] = []
    for close, name, void in re.findall(
        r"<!-- (/?)wp:([a-z-]+)(?: \{.*?\})? (/?)-->", markup, re.DOTALL
    ):
        if close:
            if not opened or opened.pop() != name:
                return False
        elif not void:
            opened.append(name)
    return not opened


@settings(max_examples=500, deadline=None)
@given(HTML)
@example("<figure><table><td>a</table><table><td>b</table><figcaption>c</figcaption></figure>")
@example("<div>a<figure><img src=x></figure>b</div>")
def test_whatever_the_html_its_words_stay(html: str) -> None:
    """Any HTML becomes blocks that are well nested, and none of its words is lost."""
    found_blocks = blocks(html)
    markup = wordpress.rendered(found_blocks)
    assert balanced(markup)
    assert "<!-- c -->" not in markup
    if "<script" not in html:  # whose words are none
        words = sorted(re.sub(r"\W", "", plain(html)))
        for made in (markup, ghost.rendered(found_blocks)):
            assert sorted(re.sub(r"\W", "", plain(made))) == words


@settings(max_examples=500, deadline=None)
@given(ANYTHING)
def test_whatever_the_text_it_is_a_post_or_one_message(text: str) -> None:
    """Any text is read as a post, or refused with its line."""
    with contextlib.suppress(InputError):
        article = read(text, "p.md")
        assert balanced(wordpress.rendered(blocks(article.html)))
        assert isinstance(ghost.rendered(blocks(article.html)), str)


def shown(body: str) -> str:
    """Return the markup of a post's text."""
    return wordpress.rendered(blocks(read(f"---\ntitle: T\n---\n{body}", "p.md").html))


def test_numbers_go_on_over_what_no_list_holds() -> None:
    """Entries keep their numbers where notes stand between them; notes become a list."""
    markup = shown(
        "1. a\n    <details>\n    <summary>S</summary>\n    - x<br>\n    </details>\n\n1. b\n"
    )
    assert '<!-- wp:list {"ordered":true,"start":2} -->\n<ol start="2"' in markup
    assert "<summary>S</summary><!-- wp:list -->" in markup
    assert "<li>x</li>" in markup


def test_headings_leave_the_first_level_to_the_title() -> None:
    """Headings are one lower where the highest is the first, and keep ids that links name."""
    markup = shown("# Day 1 - Monday, May 6\n\n## Talks\n\n# Talks\n")
    assert re.findall(r"<h(\d)[^>]* id=\"([^\"]*)\"", markup) == [
        ("2", "day-1---monday-may-6"), ("3", "talks"), ("2", "talks-1"),
    ]  # fmt: skip


def test_notes_to_oneself_stay_at_home() -> None:
    """No comment goes out, in Markdown or in block markup, but for the one that cuts a post."""
    body = "a <!-- **TODO:** x --> b\n\n<!-- YOUR WORDS -->\n\n<!--more-->\n\nc\n"
    assert re.findall(r"<!--(?! /?wp:).*?-->", shown(body)) == ["<!--more-->"]
    kept = wordpress.placed(f"{wordpress.paragraph('a')}\n\n<!-- **CHECK:** x -->\n", {})
    assert kept == wordpress.paragraph("a")


@pytest.mark.parametrize("text", ["[video]", "[[embed]", "code `[gallery ids=1]`", "[/caption]"])
def test_words_in_brackets_are_no_shortcodes(text: str) -> None:
    """What WordPress would run is text; what is shown is the same."""
    markup = shown(f"A {text} b")
    assert "[" not in markup.replace("<!-- wp", "")
    assert plain(re.sub("<!--.*?-->", "", markup)) == plain(f"A {text.replace('`', '')} b")


def test_formulas_stay_as_they_are() -> None:
    """Markdown takes nothing out of what stands between dollars."""
    markup = shown("Let $a_1 * b_1 < c_2$ and $5 or $6.\n\n$$\nx_i \\\\ y_i - z\n$$\n")
    assert r"\(a_1 * b_1 &lt; c_2\) and $5 or $6." in markup
    assert "x_i \\\\ y_i-z" in markup  # WordPress would make a dash of the minus


def test_what_only_jekyll_runs_is_said() -> None:
    """Liquid that means something elsewhere is taken out; other Liquid is named by its line."""
    body = (
        "{% raw %}{{ x }}{% endraw %}\n\n![a]({{ site.baseurl }}/b.png)\n{: .c}\n\n`{{ code }}`\n"
    )
    article = read(f"---\ntitle: T\n---\n{body}", "p.md")
    assert article.images == [("/b.png", "a")]
    assert [notice[:8] for notice in article.notices] == ["p.md:4: "]
    assert "{: .c}" not in article.html


def test_attributes_end_no_comment() -> None:
    """Nothing in a block's attributes ends the comment that they stand in."""
    made = wordpress.block("code", "x", className='a-->"b<&')
    assert made.count("-->") == 2
    assert "\\u002d\\u002d\\u003e\\u0022b\\u003c\\u0026" in made


def test_images_are_shown_from_where_they_lie() -> None:
    """Each image that was sent is shown from the site, alone, in a link, in a cell, in a figure."""
    body = (
        "![a](x.png)\n\n[![b](x.png)](https://e.org)\n\n| t |\n|--|\n| ![c](x.png) |\n\n"
        '<figure class="align-center" style="width: 540px"><img src="x.png" alt="d">'
        "<figcaption>Fig. <i>1</i></figcaption></figure>\n"
    )
    found_blocks = blocks(
        read(f"---\ntitle: T\n---\n{body}", "p").html, {"x.png": Media("/u.png", 3)}
    )
    images = [block for block in found_blocks if isinstance(block, flow.Image)]
    assert [(i.alt, i.link, i.caption, i.width, i.align) for i in images] == [
        ("a", "", "", None, ""), ("b", "https://e.org", "", None, ""),
        ("d", "", "Fig. <i>1</i>", 540, "center"),
    ]  # fmt: skip
    markup = wordpress.rendered(found_blocks)
    assert markup.count('src="/u.png"') == 4
    assert "x.png" not in markup


def test_older_sites_are_given_html() -> None:
    """Where a site knows no block for details, they are HTML without blocks inside."""
    markup = wordpress.rendered(
        blocks("<details><summary>S</summary><p>a</p></details>"), has_details=False
    )
    assert markup == (
        '<!-- wp:html -->\n<details class="wp-block-details"><summary>S</summary><p>a</p>\n'
        "</details>\n<!-- /wp:html -->"
    )


def test_images_are_found_as_a_blog_has_them(tmp_path: Path) -> None:
    """A path from the top is found in a folder above, or in its `static`; the web's stay."""
    for name in ("assets/a.png", "static/b c.png", "posts/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(pictures.png())
    named = ["/assets/a.png", "/b%20c.png", "d.png?v=1", "https://e.org/x.png", "data:image/png,x"]
    pictured = found([(name, "") for name in named], tmp_path / "posts" / "p.md")
    assert [p.path.name for p in pictured] == ["a.png", "b c.png", "d.png"]
    assert {p.type for p in pictured} == {"image/png"}


def test_the_box_around_a_folds_words_stays_out() -> None:
    """The words of a fold are its summary, also where they are boxed for Pandoc's sake."""
    summary = '<summary><div style="display: inline">More</div></summary>'
    (fold,) = blocks(f"<details>{summary}<p>x</p></details>")
    assert isinstance(fold, flow.Details)
    assert fold.summary == "More"


@pytest.mark.parametrize("words", ["set $HOME/$USER and go", "for $5 (or $6)", "in ($PATH:$HOME)"])
def test_dollars_are_no_formulas(words: str) -> None:
    """Dollars among words go out as they are written."""
    assert words in read(f"# T\n\nThus: {words}.\n", "p.md").html


@pytest.mark.parametrize(
    ("tex", "out"),
    [
        ("x\\ - y", "x\\ - y"),
        ("\\mbox{train - test}", "\\mbox{train - test}"),
        ("x - y", "x-y"),
        ("O(n)", "O(n)"),
    ],
)
def test_a_formulas_minus(tex: str, out: str) -> None:
    """A minus stands close, where that changes nothing of what TeX sets."""
    assert rf"\({out}\)" in read(f"# T\n\nSo ${tex}$ is.\n", "p.md").html


def test_tags_of_several_lines_are_said() -> None:
    """A tag of the site's own is named also where it goes over a line's end."""
    (notice,) = read("# T\n\n{% include\n  x.html %}\n", "p.md").notices
    assert notice.startswith("p.md:3: {% include x.html %} means nothing")


def test_formulas_go_out_as_sites_look_for_them() -> None:
    """A formula is between what MathJax and KaTeX look for, and that is told."""
    text = "# T\n\nA $x_1$, $$y_2$$ and $5.\n\n$$\nz_3 \\| a\n$$\n"
    article = read(text, "p.md")
    assert r"A \(x_1\), \(y_2\) and $5." in article.html
    assert plain(article.html).endswith(r"$$ z_3 \| a $$")
    assert [notice[:14] for notice in article.notices] == ["p.md: formulas"]
    assert read("# T\n\nFor $5 (or $6).", "p.md").notices == ()
