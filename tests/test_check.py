"""Looking a post over: each thing that is amiss is found on its line, and nothing else is."""

import json
import re
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given, settings

from summarize.checks import CHECKS, Sheet, findings
from summarize.posts import FORMATS
from summarize.posts.blocks import parse
from tests.conftest import ROOT, Roundup
from tests.listening import Listening
from tests.test_reading_back import ANYTHING


def found(text: str, name: str = "jekyll", **more: object) -> list[tuple[int, str]]:
    """Return the lines and the names of what is found in a post."""
    sheet = Sheet(written=parse(text), name=name, form=FORMATS[name], **more)  # type: ignore[arg-type]
    return [(finding.line, finding.check) for finding in findings(sheet)]


ITEM = "1. [**T**](https://e.org/a) - Says."


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("---\ntitle: a: b\n---\n", (2, "front-matter")),
        (f"{ITEM}\n    <details>\n", (2, "details")),
        ("x\n</details>", (2, "details")),
        ("see {% cite doe %}", (1, "template")),
        ("<!-- {{ open -->", (1, "template")),
        ("{% raw %} {{ x", (1, "template")),
        ("{{< figure >}}", (1, "template")),
        (r"so $\tau_1$ is", (1, "math")),
        ("a | b", (1, "table")),
        ("so `{{ page.title }}` is", (1, "template")),
        ("x[^1]\n\n[^2]: Mine.\n\n[^1]: Its.", (3, "footnote")),
        ("It is.[^no]", (1, "footnote")),
        ("[x]()", (1, "link")),
        ("[x](https:/e.org)", (1, "link")),
        ("[x](https://e.org/a b)", (1, "link")),
        ("# Day 1\n[x](#day-2)", (2, "link")),
        ('<a href="htps://e.org">x</a>', (1, "link")),
        (f"{ITEM}\n\n{ITEM}", (3, "duplicate")),
        ("![](a.png)", (1, "alt")),
        ('<img src="a.png" alt="">', (1, "alt")),
        ("1. [**T**](https://e.org/a)", (1, "take")),
        ("1. **T** - *Not summarized: no.*", (1, "take")),
        (f"{ITEM} <!-- **TODO:** read\nit -->", (1, "todo")),
        (f"{ITEM} <!-- **CHECK:** not in the paper: 45% -->", (1, "todo")),
        ("<!-- YOUR WORDS: who. -->", (1, "placeholder")),
        ("It is TODO still.", (1, "placeholder")),
        (f"{ITEM}\n    <!-- roundup offers for the TLDR: x -->", (2, "offer")),
        ("---\ntitle: x\n# roundup offers: title: y\n---\n", (3, "offer")),
    ],
)
def test_what_is_amiss_is_found(text: str, check: tuple[int, str]) -> None:
    """Each kind of thing that is amiss is found, on its line, and alone."""
    assert found(text) == [check]


def test_a_file_is_found_by_its_name_as_it_is() -> None:
    """An address is decoded before a file is looked for: a space is written %20 there."""
    there = {"my list-figures/100% a.webp"}.__contains__
    good, bad = "my%20list-figures/100%25%20a.webp", "my%20list-figures/b.webp"
    assert found(f"![x]({good})\n\n![x]({bad})", exists=there) == [(3, "link")]


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("hugo", "{{< youtube x >}}", []),
        ("hugo", "{{< youtube x\n\nmore", ["template"]),
        ("hugo", "{% raw %}", ["template"]),
        ("mkdocs", "{{< youtube x >}}", ["template"]),
        ("quarto", "$x_1$ and {{< video x >}}", []),
        ("quarto", "the $5 range and 6$ more", ["math"]),
        ("hugo", r"so $\tau_1$ is", ["math"]),
        ("hugo", r"so $\|x\|$ is", ["math"]),
        ("hugo", "$$\n\\|x\\|\n$$", ["math"]),
        ("markdown", r"so $\tau_1$ is", []),
        ("markdown", r"so $\|x\|$ is", ["math"]),
        ("wordpress", r"so $\tau_1$ and \(x_1\) is", ["math"]),
        ("hugo", "a | b", []),
        ("jekyll", f"{ITEM}[^1]\n\n    [^1]: Mine.", []),
        ("jekyll", "> It is.[^1]\n>\n> [^1]: Mine.", []),
        ("jekyll", "with [^a-z]+ it is", []),
        ("wordpress", "It is.[^no]", []),
    ],
)
def test_targets_differ(name: str, text: str, names: list[str]) -> None:
    """What one target misreads is right for another."""
    assert [check for _, check in found(text, name)] == names


@pytest.mark.parametrize(
    "text",
    [
        f"---\ntitle: x\n---\n# Day 1\n{ITEM}\n    <details><summary>s</summary></details>\n",
        "`{` and `$x_1$ | <details>` in code\n\n```\n![](x) TODO\n```\n",
        "x[^1]\n\n[^1]: Mine.\n    More.",
        "{% raw %}`{{ x }}`{{ x }}{% nosuch %}{% endraw %} {% include a.html %}",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "[x](#day-1)\n\n# Day 1\n",
        "$$x_1 \\vert y$$ and it cost $5 and $10",
        f'{ITEM}\n    <img src="{{{{ \'/a.png\' | relative_url }}}}" alt="A plot">',
        "[a](mailto:x@e.org) [b](/about/) [c](other-post.md) <https://e.org>",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    """A post with nothing amiss has no findings."""
    assert found(text) == []


def test_numbers_of_the_paper() -> None:
    """A number that the paper does not say is found; shares, words, years and pages are no such."""
    texts = {"https://e.org/a": "We use twelve sets; accuracy is 0.45, on 1,200 images."}
    line = "1. [**T**](https://e.org/a) - In 2024: 45% on 12 sets of 1200,\n    and 46%. (p. 9)"
    assert found(line, texts=texts) == [(2, "number")]


def test_what_the_site_is_told() -> None:
    """What a site is told to read as formulas and footnotes is none of the check's business."""
    assert found(r"so $\|x\|$ is", "hugo", sets_math=True) == []
    text = "---\ntitle: x\n---\nx[^1]\n\n[^1]: y"
    assert found(text, "mkdocs") == []
    assert found(text, "mkdocs", knows_footnotes=False) == [(4, "footnote")]


def test_html_that_hugo_leaves_out() -> None:
    """Where the site's Hugo leaves HTML out, that is said once."""
    text = f"{ITEM}\n    <details>\n    </details>\n"
    assert found(text, "hugo", keeps_html=False) == [(2, "html")]


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_text_is_looked_over(text: str) -> None:
    """Of any text at all the findings have lines that it has, and names that can be left out."""
    for name in FORMATS:
        for line, check in found(text, name):
            assert 1 <= line <= text.count("\n") + 1
            assert check in CHECKS


class _Site(BaseHTTPRequestHandler):
    """Knows /here; wants GET for /get; refuses programs at /login."""

    def do_HEAD(self) -> None:
        """Answer without a body."""
        known = {"/here": 200, "/get": 405, "/login": 403}
        self.send_response(known.get(self.path, 404))
        self.end_headers()

    def do_GET(self) -> None:
        """Answer what HEAD could not."""
        self.send_response({"/get": 200, "/login": 403}.get(self.path, 404))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_links_are_asked(roundup: Roundup, tmp_path: Path) -> None:
    """With --online, links that lead nowhere are found; a refusal of programs is no such."""
    with Listening(_Site) as site:
        links = "\n".join(f"[x]({site.url}/{name})" for name in ("here", "get", "login", "gone"))
        (tmp_path / "p.md").write_text(links + "\n")
        ran = roundup("check", "p.md", "--online", "--json")
    assert ran.returncode == 5
    assert [(row["line"], row["check"]) for row in json.loads(ran.stdout)] == [(4, "online")]


def test_the_command(roundup: Roundup, tmp_path: Path) -> None:
    """A drafted post has its open places found, and its numbers looked up; then it is clean."""
    ran = roundup("draft", ROOT / "examples" / "demo.csv", "-o", "p.md", "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    ran = roundup("check", "p.md", "--cache-dir", "c", "--ignore", "todo")
    assert (ran.returncode, ran.stdout.count(": placeholder: ")) == (5, 2)
    assert "4 of 5 papers' texts at hand" in ran.stderr
    post = tmp_path / "p.md"
    text = re.sub(r"(?<=\*\* - )\w+ ", r"\g<0>777 ", post.read_text("utf-8"), count=1)
    post.write_text("\n".join(x for x in text.split("\n") if "YOUR WORDS" not in x), "utf-8")
    ran = roundup("check", "p.md", "--cache-dir", "c", "--ignore", "todo")
    assert "the paper does not say 777" in ran.stdout
    post.write_text(post.read_text("utf-8").replace("777 ", ""), "utf-8")
    ran = roundup("check", "p.md", "--cache-dir", "c", "--ignore", "todo")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert roundup("check", "p.md", "--ignore", "nosuch").returncode == 2
    assert roundup("check", "no.md").returncode == 2
