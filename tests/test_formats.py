"""Formats beside Jekyll: words stay words under each renderer, and posts merge in each."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from summarize.posts import FORMATS, anchors, escape, telling
from summarize.posts.post import Drafted, Item, ItemFigure, ItemNote, Post, PostSection
from tests.conftest import ROOT, Roundup
from tests.test_posts import HOSTILE, LIQUID, MIX, render_of
from tests.test_regenerate import replies

PORTABLE = [name for name in FORMATS if FORMATS[name].words is escape.portable]
ENDS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "«": "<<", "»": ">>", "–": "--",
                     "—": "---", "…": "..."})  # fmt: skip
NAMED = [*HOSTILE, "{{< youtube x >}} {{% raw %}}", "$x_1$ and @doe [@doe; @roe]", "a | b ^up^ ~x~"]
VOID = {"br", "hr", "img", "input"}


class _Items(HTMLParser):
    """Gathers the text of each outer list item of a page, and the tags within them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.items: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an item, or something in one."""
        if tag == "li" and "li" not in self.open:
            self.items.append("")
        if tag not in VOID:
            self.open.append(tag)
        if "li" in self.open:
            self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """End what is open, up to this."""
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Gather words."""
        if "li" in self.open:
            self.items[-1] += data


def items_of(page: str) -> _Items:
    """Return the items of a page."""
    found = _Items()
    found.feed(page)
    found.close()
    return found


def unspaced(text: str) -> str:
    """Return text as it is typed, without its spaces."""
    return "".join(text.translate(ENDS).split()).replace("\ufffd", "?")


def said(item: Item) -> str:
    """Return what a reader sees of an item."""
    words = escape.plain(item.title.text) or "(no title)"
    if isinstance(item.line, Drafted) and escape.plain(item.line.text):
        words += f" - {escape.plain(item.line.text)}"
    for number, note in enumerate(item.notes):
        words += " Extra notes" * (not number)
        words += f" Idea: {escape.plain(note.text.text)}" + f" (p. {note.page})" * bool(note.page)
    return unspaced(words)


def hostile(texts: list[str]) -> list[Item]:
    """Return items of these words in every place, linked and not, with notes and without."""
    return [
        Item(
            key="k", title=Drafted(text=text), url=url, line=Drafted(text=text), notes=notes,
            todo=LIQUID if url else None,
        )
        for text in texts
        for url in ("https://e.org/a", "")
        for notes in (
            (),
            (
                ItemNote(label="Idea", text=Drafted(text=text), page=3, link="https://e.org/a.pdf"),
                ItemNote(label="Idea", text=Drafted(text=text)),
            ),
        )
    ]  # fmt: skip


ALLOWED = {"li", "p", "a", "strong", "details", "summary", "div", "ul"}  # the box of a fold's words


def shows(page: str, items: list[Item]) -> None:
    """Hold that a page shows these items, their words as words, and nothing besides."""
    found = items_of(page)
    assert len(found.items) == len(items)
    assert found.tags <= ALLOWED
    for item, text in zip(items, found.items, strict=True):
        assert unspaced(text) == said(item)


def body(name: str, items: list[Item]) -> str:
    """Render a post of items, without its front matter."""
    text = FORMATS[name].render(render_of(*items))
    return text.split("\n---\n", 1)[1] if text.startswith("---") else text


def by_python_markdown(text: str) -> str:
    """Return a page as MkDocs makes it by default."""
    return str(markdown.markdown(text, extensions=["toc", "tables", "fenced_code"]))


def by_commonmark(text: str) -> str:
    """Return a page as GitHub's dialect makes it."""
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


@pytest.mark.parametrize("name", PORTABLE)
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(MIX, min_size=1, max_size=2))
def test_any_words_stay_words(name: str, texts: list[str]) -> None:
    """Any words at all are shown as they are, by Python-Markdown and by CommonMark."""
    items = hostile([escape.plain(text) for text in texts])
    page = body(name, items)
    shows(by_python_markdown(page) if name == "mkdocs" else by_commonmark(page), items)


def test_quarto_shows_every_word() -> None:
    """Hostile words are shown as they are by Pandoc, which Quarto reads Markdown with."""
    pandoc = pytest.importorskip("pypandoc")
    items = hostile(NAMED)
    text = FORMATS["quarto"].render(render_of(*items))
    shows(pandoc.convert_text(text, "html", format="markdown"), items)


def test_quarto_keeps_summaries_on_their_line() -> None:
    """Pandoc leaves the words of a fold beside its triangle, whatever stands in the entries."""
    pandoc = pytest.importorskip("pypandoc")
    figure = ItemFigure(src="f/a.webp", width=300, height=200, alt="A plot", credit="Figure 1")
    note = ItemNote(label="Idea", text=Drafted(text="Words."))
    items = [
        Item(
            key=key, title=Drafted(text="T"), line=Drafted(text="L"), figure=shown, notes=(note,),
            todo=todo, check="45%" if todo else "",
        )
        for key, shown, todo in (("a", figure, None), ("b", None, LIQUID), ("c", figure, LIQUID))
    ]  # fmt: skip
    text = FORMATS["quarto"].render(render_of(*items))
    made = pandoc.convert_text(text, "html", format="markdown")
    assert made.count("<li>") == made.count("<details>") * 2 == 6
    beside = r'<summary>\s*<div style="display: inline">\s*Extra notes\s*</div>\s*</summary>'
    assert len(re.findall(beside, made)) == 3
    own = text.replace("</details>", "</details>\n\n    Mine.\n\n    And more.\n", 1)
    made = pandoc.convert_text(own, "html", format="markdown")
    assert "<p>And more.</p>" in made
    assert len(re.findall(beside, made)) == 3
    read = FORMATS["quarto"].parse(text).items
    assert [[part.name for part in entry.parts][-3:] for entry in read[1:]] == [
        ["notes", "check", "todo"]
    ] * 2


def hugo(site: Path, text: str, *, unsafe: bool) -> str:
    """Build a Hugo site of one post, which must give no warning; return its page."""
    (site / "content" / "posts").mkdir(parents=True)
    (site / "layouts" / "_default").mkdir(parents=True)
    for kind in ("single", "list"):
        layout = "<html><body>{{ .Content }}</body></html>"
        (site / "layouts" / "_default" / f"{kind}.html").write_text(layout)
    (site / "config.toml").write_text(
        'baseURL = "http://e.org/"\ndisableKinds = ["taxonomy", "term"]\n'
        f"[markup.goldmark.renderer]\nunsafe = {str(unsafe).lower()}\n"
    )
    (site / "content" / "posts" / "x.md").write_bytes(text.encode("utf-8", "replace"))
    (site / "content" / "posts" / ".x.md.roundup.json").write_text("{}")
    ran = subprocess.run(
        ["hugo", "--panicOnWarning"],
        cwd=site,
        capture_output=True,
        check=False,
        text=True,
        timeout=100,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not re.search("WARN|ERROR", ran.stdout + ran.stderr)
    assert not list((site / "public").rglob("*.json"))
    return (site / "public" / "posts" / "x" / "index.html").read_text("utf-8")


needs_hugo = pytest.mark.skipif(not shutil.which("hugo"), reason="needs hugo")


@needs_hugo
@pytest.mark.slow
def test_hugo_shows_every_word(tmp_path: Path) -> None:
    """Hostile words are shown as they are by Hugo, shortcodes and all."""
    items = hostile(NAMED)
    shows(hugo(tmp_path, FORMATS["hugo"].render(render_of(*items)), unsafe=True), items)


@needs_hugo
@pytest.mark.slow
def test_hugo_loses_no_note(tmp_path: Path) -> None:
    """Where Hugo leaves HTML out, as it does unless told, the notes stand as an open list."""
    items = hostile(["A plain note"])
    found = items_of(hugo(tmp_path, FORMATS["hugo"].render(render_of(*items)), unsafe=False))
    assert [text.count("A plain note") for text in found.items] == [2, 4, 2, 4]


@pytest.mark.slow
def test_mkdocs_builds_a_post(tmp_path: Path) -> None:
    """MkDocs builds a post without a warning, and its link leads to the first heading."""
    pytest.importorskip("mkdocs")
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: s\nuse_directory_urls: false\n")
    link = f"[below](#{anchors.python_markdown('Day 1 - Tuesday, May 7, 2024')})"
    section = PostSection(heading="Day 1 - Tuesday, May 7, 2024", items=tuple(hostile(["T"])))
    post = Post(title="P", date="2024-05-07", introduction=(link,), sections=(section,))
    (tmp_path / "docs" / "index.md").write_text(FORMATS["mkdocs"].render(post), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=tmp_path, capture_output=True,
        check=False,        text=True, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "WARNING" not in ran.stderr
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert 'id="day-1-tuesday-may-7-2024"' in page
    assert 'href="#day-1-tuesday-may-7-2024">below' in page


@pytest.mark.parametrize(
    ("heading", "github", "pandoc", "python"),
    [
        ("Day 1 - Tuesday, May 7", "day-1---tuesday-may-7", "day-1---tuesday-may-7",
         "day-1-tuesday-may-7"),
        ("Oral 2.1", "oral-21", "oral-2.1", "oral-21"),
    ],
)  # fmt: skip
def test_ids_of_headings(heading: str, github: str, pandoc: str, python: str) -> None:
    """Each renderer's id of a heading is what that renderer itself gives it."""
    assert anchors.github(heading) == github
    assert anchors.pandoc(heading) == pandoc
    assert anchors.python_markdown(heading) == python
    assert f'id="{python}"' in by_python_markdown(f"# {heading}")


def test_pandoc_gives_these_ids() -> None:
    """Pandoc's ids of headings are those that a post for Quarto links to."""
    pypandoc = pytest.importorskip("pypandoc")
    for heading in ("Day 1 - Tuesday, May 7, 2024", "Oral 2.1", "A, b. c"):
        page = pypandoc.convert_text(f"# {heading}", "html", format="markdown")
        assert f'id="{anchors.pandoc(heading)}"' in page


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("p.qmd", "", "quarto"),
        ("p.md", "+++\ntitle = 'x'\n+++\n", "hugo"),
        ("p.md", "---\ntitle: x\ndraft: true\n---\n", "hugo"),
        ("p.md", "---\nlayout: post\n---\n", "jekyll"),
        ("p.md", "---\nformat: html\n---\n", "quarto"),
        ("p.md", "---\ntitle: x\n---\nlayout: post\n", ""),
        ("p.md", "---\nlayout: post\nsummary: x\n---\n", ""),
        ("p.md", "Words.", ""),
    ],
)
def test_what_a_file_tells(name: str, text: str, told: str) -> None:
    """A format is told by the ending or the front matter where that is plain, and not else."""
    assert telling.told(name, text) == told


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "wordpress"])  # it has its own
def test_edit_and_regenerate(name: str, roundup: Roundup, tmp_path: Path) -> None:
    """In every format, what was left alone is renewed, and the person's words stay."""
    first, second = replies(tmp_path, "a", "b")
    post = tmp_path / f"p{FORMATS[name].ending}"
    demo = ROOT / "examples" / "demo.csv"
    ran = roundup("draft", demo, "-o", post, "--model", first, "--cache-dir", "c", "--format", name)
    assert ran.returncode == 0, ran.stderr
    text = post.read_text("utf-8")
    post.write_text(text.replace("Summary a says", "I say", 1) + "\nMy own words.\n", "utf-8")
    ran = roundup("diff", post, "--model", second, "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    added = [line for line in ran.stdout.splitlines() if line.startswith("+")]
    assert sum("- Summary b says" in line for line in added) == 3
    ran = roundup("regenerate", post, "--model", second, "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    renewed = post.read_text("utf-8")
    assert renewed.count("- Summary b says what was found.") == 3
    assert "- I say what was found." in renewed
    assert renewed.endswith("\nMy own words.\n")
    assert re.sub("Summary [ab]|replay:[ab]", "", renewed).count("\n") == text.count("\n") + 3
    shown = [line for line in renewed.split("\n") if line.startswith("#")]
    assert shown == [line for line in text.split("\n") if line.startswith("#")]


def test_the_workspace_chooses(roundup: Roundup, tmp_path: Path) -> None:
    """A workspace's format and folder hold for new posts; a flag beats them, and is remembered."""
    (tmp_path / "roundup.toml").write_text("[post]\nformat = 'quarto'\nfolder = 'blog'\n")
    (tmp_path / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    roundup("draft", "l.csv")
    assert '\ndescription: "' in (tmp_path / "blog" / "l.qmd").read_text("utf-8")
    roundup("draft", "l.csv", "-o", "h.md", "--format", "hugo")
    roundup("draft", "l.csv", "-o", "h.md")
    assert '\nsummary: "' in (tmp_path / "h.md").read_text("utf-8")
    ran = roundup("draft", "l.csv", "--format", "tumblr")
    assert (ran.returncode, ran.stderr.split("\n")[0]) == (2, "roundup: there is no format tumblr")


@pytest.mark.parametrize("workspace", [True, False])
def test_another_format_takes_the_words_along(
    workspace: bool, roundup: Roundup, tmp_path: Path
) -> None:
    """Where another format gives a list's post another name, it says what the person wrote."""
    name, where = ("hugo", "posts/l.md") if workspace else ("quarto", "l.qmd")
    if workspace:
        roundup("init", ".")
    (tmp_path / "l.csv").write_text("title,take\nA paper,I saw it.\nB paper,It too.\n")
    roundup("draft", "l.csv")
    post = next(tmp_path.glob("posts/*-l.md" if workspace else "l.md"))
    edited = post.read_text("utf-8").replace("I saw it.", "I saw it twice.") + "\nMy words.\n"
    post.write_text(edited, "utf-8")
    part = roundup("draft", "l.csv", "--format", name, "--limit", 1)
    assert re.search(rf"say -o \S*{post.name}\n", part.stderr)
    (tmp_path / where).unlink()
    ran = roundup("draft", "l.csv", "--format", name)
    assert f"{post.name} is this list's post already" in ran.stderr
    new = (tmp_path / where).read_text("utf-8")
    assert "I saw it twice." in new
    assert new.endswith("\nMy words.\n")
    assert post.read_text("utf-8") == edited
    again = roundup("draft", "l.csv", "--format", name)
    assert "already" not in again.stderr
    assert (tmp_path / where).read_text("utf-8") == new
    other = roundup("draft", "l.csv", "--format", "wordpress")
    assert "can't be brought into" in other.stderr
    (tmp_path / where).unlink()
    fresh = roundup("draft", "l.csv", "--format", name, "--force")
    assert "already" not in fresh.stderr
    assert "My words." not in (tmp_path / where).read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_figure_is_read_back(name: str) -> None:
    """In every format an entry's figure is shown with its words, and read back as a part of it."""
    figure = ItemFigure(
        src="f/a.webp", width=300, height=200, alt="A plot", credit="Figure 1, p. 2"
    )
    item = Item(key="k", title=Drafted(text="A title"), line=Drafted(text="Line."), figure=figure)
    (read,) = FORMATS[name].parse(FORMATS[name].item(item)).items
    assert all(said in read.field("figure") for said in ("f/a.webp", "A plot", "Figure 1, p. 2"))
    assert "figure" not in [part.name for part in read.parts if "Line." in part.text]
