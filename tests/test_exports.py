"""What only goes out: a page that asks for nothing, a mail, bibliographies."""

import email
import email.policy
import html
import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarize.exports import EXPORTS, Sheet, math
from summarize.exports.export import Image
from summarize.posts import FORMATS
from summarize.posts.blocks import parse
from summarize.posts.post import Drafted, Item, ItemNote, Post
from summarize.records import Paper
from tests.conftest import Roundup
from tests.test_posts import HOSTILE, render_of
from tests.test_reading_back import ANYTHING, POSTS

OWN = """\
---
title: "My <b> & roundup"
date: 2024-05-07
excerpt: "Short."
---
I went.[^1] $x_1 < y$ and $$a^2$$ and $5 or $6. <script>alert(1)</script>

<!-- YOUR WORDS: private -->

![A hall](hall.png) ![Far](https://e.org/far.png) <img src="//e.org/pixel.gif" onerror="x()">

[skip](#day-1) [bad](javascript:alert(1)) <iframe src="https://e.org"></iframe>

$$
\\frac{1}{2}
$$

# Day 1
1. ⭐️ [**One \\$5**](https://e.org/1) - Mine, *really*.
    <details>
        <summary>Extra notes</summary>
        - <b>Idea:</b> 2 * 3 * 4. (p. 1)<br>
        - <b>Result:</b> It is.
    </details>
    <!-- **TODO:** secret -->

1. **Two** - Other.

[^1]: To *Vienna*.
"""


def sheet(text: str, name: str = "jekyll", *, notes: bool = False) -> Sheet:
    """Return a post as it stands, with one image beside it."""

    def image(address: str) -> Image | None:
        return Image(b"PNG", "image/png") if address == "hall.png" else None

    return Sheet(written=parse(text), form=FORMATS[name], image=image, notes=notes)


def page(text: str, name: str = "jekyll") -> str:
    """Return a post as a page."""
    return EXPORTS["html"].render(sheet(text, name)).decode()


def mail(text: str, *, notes: bool = False) -> tuple[EmailMessage, str, str]:
    """Return a post as a mail, with its HTML and its plain text."""
    data = EXPORTS["newsletter"].render(sheet(text, notes=notes))
    made = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    rich, plain = made.get_body(("html",)), made.get_body(("plain",))
    assert rich is not None
    assert plain is not None
    return made, rich.get_content(), plain.get_content()


# What a browser fetches without being asked, or runs.
ASKS = re.compile(
    r"<(?:script|iframe|object|embed|link|svg)\b|\son\w+=|url\(|@import|"
    r"<[^>]*\s(?:src|srcset|poster|background)=\"(?!data:|cid:)|=\"javascript:",
    re.IGNORECASE,
)


def test_a_page_says_what_the_post_says() -> None:
    """Words, math, notes, footnotes and images are there; comments, scripts and requests not."""
    made = page(OWN)
    assert "<title>My &lt;b&gt; &amp; roundup</title>" in made
    assert made.count("<math") == 3
    assert made.count('display="block"') == 1
    assert "$5 or $6" in made
    assert 'src="data:image/png;base64,UE5H"' in made
    assert '<a href="https://e.org/far.png">[image: Far]</a>' in made
    assert '<h1 id="day-1">Day 1</h1>' in made
    assert "<li><b>Idea:</b> 2 * 3 * 4. (p. 1)</li>" in made
    assert "To <em>Vienna</em>." in made
    assert not re.search("private|secret|<script", made.partition("<body>")[2])
    assert not ASKS.search(made)


def test_a_mail_says_what_the_post_says() -> None:
    """A mail has its words in HTML with styles in its tags, and in plain text; and its image."""
    made, rich, plain = mail(OWN)
    assert (made["Subject"], made["X-Unsent"]) == ("My <b> & roundup", "1")
    assert 'src="cid:' in rich
    assert [part.get_content_type() for part in made.walk()][-1] == "image/png"
    assert not ASKS.search(rich)
    assert not re.search("<(?:details|math|style)|private|secret|Extra notes", rich)
    assert all("style=" in tag for tag in re.findall("<(?:p|li|h1|ol)\\b[^>]*>", rich))
    assert " 1. ⭐️ One $5 <https://e.org/1> - Mine, really." in plain
    assert "Extra notes" not in plain
    assert "2 * 3 * 4" in mail(OWN, notes=True)[2]
    assert max(map(len, plain.split("\n"))) <= 74


def test_what_only_jekyll_runs_is_left_out() -> None:
    """The marks around words that Liquid must not run are gone, in code and around it."""
    text = "---\ntitle: x\n---\n{% raw %}`{{ a }}`{% endraw %} `{% raw %}{{ b }}{% endraw %}`\n"
    assert "<code>{{ a }}</code> <code>{{ b }}</code>" in page(text)


def test_a_footnote_of_a_mail_has_no_arrow() -> None:
    """In plain text nothing leads back to a footnote's mark."""
    assert " 1. To Vienna." in mail(OWN)[2].splitlines()


def test_the_same_post_is_the_same_mail() -> None:
    """A mail is the same file, byte for byte, each time."""
    render = EXPORTS["newsletter"].render
    assert render(sheet(OWN)) == render(sheet(OWN))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None)
@given(post=POSTS)
def test_any_post_of_any_format_goes_out(name: str, post: Post) -> None:
    """Every title of a rendered post is on its page as text, and nothing on it runs."""
    made = page(FORMATS[name].render(post), name)
    assert not ASKS.search(made)
    items = [item for section in post.sections for item in section.items]
    assert made.count("<summary>") == sum(bool(item.notes) for item in items)


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANYTHING, st.lists(st.sampled_from(HOSTILE), max_size=6).map("\n\n".join)))
@example("\ud800 lone \udfff")
def test_whatever_the_post_nothing_runs(text: str) -> None:
    """Of any text at all a page and a mail are made, and nothing in them runs or asks."""
    assert not ASKS.search(re.sub(r">[^<]*", ">", page(text)))
    assert not ASKS.search(re.sub(r">[^<]*", ">", mail(text)[1]))


@pytest.mark.parametrize("tex", [r"\text{<script>x</script>}", r"\frac{", r"\nosuch{<b>}", ""])
def test_what_is_no_formula(tex: str) -> None:
    """A formula that can't be set, or that holds a tag, is shown as its TeX."""
    assert "<script" not in math.mathml(tex, False)
    assert "<b>" not in math.mathml(tex, False)


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\arg\min_{\theta} x", "argminθx"),
        (r"\operatorname*{argmax}_x f", "argmaxxf"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d"),
        (r"x \label{eq:1} \nonumber", "x"),
    ],
)
def test_formulas_that_papers_are_full_of(tex: str, words: str) -> None:
    """What a formula says is set, with no command or sign of alignment among its letters."""
    made = math.mathml(tex, True)
    assert made.startswith("<math")
    assert html.unescape(re.sub(r"<[^>]*>|\s", "", made)) == words


def test_what_a_limit_stands_below_stays_so() -> None:
    """An operator of plain letters keeps its limits below it."""
    assert "movablelimits" in math.mathml(r"\operatorname*{argmax}_x f", True)


@pytest.mark.parametrize("name", ["quarto", "hugo", "mkdocs", "markdown", "jekyll"])
def test_code_is_shown_as_it_stands(name: str) -> None:
    """Code below an entry keeps its braces in every format, and so do words and formulas."""
    fence = '    ```python\n    print("{:.5f}".format(x))\n    ```\n'
    made = html.unescape(page(f"1. **T** - so, dict {{:a}} is.\n\n{fence}", name))
    assert 'print("{:.5f}".format(x))' in made
    assert "dict {:a} is" in made


@pytest.mark.parametrize("name", ["quarto", "hugo", "markdown"])
def test_liquid_is_text_where_nothing_runs_it(name: str) -> None:
    """What only Jekyll takes out of a post stays in one of another format."""
    assert "{% raw %}" in page("See\n\n```\n{% raw %}\n```\n", name)


def test_a_formula_half_understood_is_shown_as_it_is() -> None:
    """A command that is not known leaves no name among the letters: the whole is its TeX."""
    assert math.mathml(r"\text{the \arg}", False) == r"<code>\text{the \arg}</code>"
    assert math.mathml(r"\nosuch{x} + 1", False) == r"<code>\nosuch{x} + 1</code>"


PAPERS = (
    Paper(key="a b", title="100% of {A} & B_1", url="https://doi.org/10.1000/x_y",
          authors=("Ada Lovelace", "Ludwig van Beethoven", "Turing, Alan", "OpenAI"),
          venue="NeurIPS 2024"),
    Paper(key="a b", title="Two", url="https://arxiv.org/abs/2401.00001v2"),
)  # fmt: skip


def test_bibtex() -> None:
    """Each paper is an entry of its own key, with TeX's own signs escaped."""
    made = EXPORTS["bibtex"].render(Sheet(papers=PAPERS)).decode()
    assert (
        made
        == """\
@inproceedings{a-b,
  title = {{100\\% of \\{A\\} \\& B\\_1}},
  author = {Lovelace, Ada and van Beethoven, Ludwig and Turing, Alan and {OpenAI}},
  booktitle = {NeurIPS 2024},
  year = {2024},
  doi = {10.1000/x_y},
  url = {https://doi.org/10.1000/x_y},
}

@misc{a-b-2,
  title = {{Two}},
  year = {2024},
  eprint = {2401.00001},
  archiveprefix = {arXiv},
  url = {https://arxiv.org/abs/2401.00001v2},
}
"""
    )


def test_csl() -> None:
    """Each paper is an item with its names in parts, its year as a number, its identifiers."""
    first, second = json.loads(EXPORTS["csl-json"].render(Sheet(papers=PAPERS)))
    assert first["author"] == [
        {"family": "Lovelace", "given": "Ada"},
        {"family": "van Beethoven", "given": "Ludwig"},
        {"family": "Turing", "given": "Alan"},
        {"literal": "OpenAI"},
    ]
    assert (first["issued"], first["DOI"]) == ({"date-parts": [[2024]]}, "10.1000/x_y")
    assert (second["id"], second["number"]) == ("a-b-2", "arXiv:2401.00001")


def test_pandoc_reads_the_bibliographies() -> None:
    """Pandoc, another reader of both, finds the same papers in each."""
    pandoc = pytest.importorskip("pypandoc")
    made = EXPORTS["bibtex"].render(Sheet(papers=PAPERS)).decode()
    read = json.loads(pandoc.convert_text(made, "csljson", format="bibtex"))
    assert [item["title"] for item in read] == ["100% of {A} & B_1", "Two"]
    assert [name.get("family") for name in read[0]["author"]][:3] == [
        "Lovelace", "Beethoven", "Turing",
    ]  # fmt: skip


def test_the_command(roundup: Roundup, tmp_path: Path) -> None:
    """`export` writes beside the post, over nothing, with the workspace's own template."""
    (tmp_path / "p.md").write_text(OWN, "utf-8")
    (tmp_path / "roundup.toml").write_text("[export]\nhtml = 'page.html'\n")
    (tmp_path / "page.html").write_text("<h1>$title</h1>$body")
    assert roundup("export", "p.md").returncode == 0
    assert (
        (tmp_path / "p.html").read_text("utf-8").startswith("<h1>My &lt;b&gt; &amp; roundup</h1>")
    )
    again = roundup("export", "p.md")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert roundup("export", "p.md", "--force").returncode == 0
    assert roundup("export", "p.md", "-o", "p.md", "--force").returncode == 2
    assert (tmp_path / "p.md").read_text("utf-8") == OWN
    (tmp_path / "page.html").write_text("x\n$nope")
    wrong = roundup("export", "p.md", "--force")
    assert "page.html:2: there is no variable $nope" in wrong.stderr
    (tmp_path / "l.csv").write_text("title,url\nA,https://e.org/a\n")
    assert roundup("export", "l.csv", "--format", "bibtex").returncode == 0
    assert "{{A}}" in (tmp_path / "l.bib").read_text("utf-8")
    assert roundup("export", "l.csv").returncode == 2
    roundup("draft", "l.csv", "--offline", "--format", "wordpress", "-o", "w.html")
    (tmp_path / "page.html").write_text("$body")
    assert roundup("export", "w.html", "-o", "e.html").returncode == 0
    assert 'href="https://e.org/a"' in (tmp_path / "e.html").read_text("utf-8")
    assert roundup("export", "p.md", "--format", "docx").returncode == 2


def test_the_box_around_a_folds_words_stays_out() -> None:
    """A fold that is boxed for Pandoc's sake has its words beside its triangle on a page."""
    note = ItemNote(label="Idea", text=Drafted(text="Words"))
    item = Item(key="a", title=Drafted(text="T"), notes=(note,))
    made = page(FORMATS["quarto"].render(render_of(item)), "quarto")
    assert "<summary>Extra notes</summary>" in made
