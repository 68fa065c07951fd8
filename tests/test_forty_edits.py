"""Forty edits of a generated post, of every kind that people make: a new prompt loses none."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Roundup, StubServer

Edit = Callable[[str], str]


class Editor:
    """A person with a post: each edit leaves a word that is nowhere else."""

    def __init__(self, text: str) -> None:
        items = re.findall(r"(?ms)^1\. .*?(?=^1\. |^---$|\Z)", text)
        start = text.index(items[0])
        self.head, self.items = text[:start], items
        self.tail = text[start + sum(map(len, items)) :]
        self.edits = 0
        self.words: list[str] = []
        self.gone: list[str] = []

    @property
    def text(self) -> str:
        """The post as it is now."""
        return self.head + "".join(self.items) + self.tail

    def word(self) -> str:
        """Return a word of the person's own."""
        self.words.append(f"HUMAN{len(self.words):02d}x")
        return self.words[-1]

    def each(self, numbers: range, edit: Callable[[str, str], str]) -> None:
        """Edit some entries, each with a word of its own."""
        for number in numbers:
            before, self.edits = self.items[number], self.edits + 1
            self.items[number] = edit(before, self.word())
            assert self.items[number] != before

    def drop(self, number: int) -> None:
        """Take an entry out."""
        self.edits += 1
        found = re.search(r"\[\*\*(.*?)\*\*\]", self.items.pop(number))
        assert found
        self.gone.append(found[1])

    def move(self, number: int, to: int) -> None:
        """Move an entry."""
        self.edits += 1
        self.items.insert(to, self.items.pop(number))

    def replace(self, old: str, new: str) -> None:
        """Change something before the entries."""
        assert old in self.head
        self.edits += 1
        self.head = self.head.replace(old, new, 1)


def line(entry: str, new: str) -> str:
    """Reword an entry's line; {} is what it was."""
    return re.sub(r"(\) - )(.*)", lambda m: m[1] + new.replace("{}", m[2]), entry, count=1)


def below(entry: str, more: str) -> str:
    """Put something below an entry."""
    return f"{entry.rstrip()}\n\n{more}\n\n"


def forty(editor: Editor) -> None:
    """Make the edits."""
    editor.each(range(6), lambda e, w: line(e, f"{w} is my take."))
    editor.each(range(6, 9), lambda e, w: line(e, f"{{}} And {w}."))
    editor.each(
        range(9, 12), lambda e, w: e.replace("1. [", "1. ⭐️ [", 1).rstrip() + f"\n    {w}\n\n"
    )
    editor.each(range(12, 15), lambda e, w: e.replace("- <b>", f"- {w} <b>", 1))
    editor.each(
        range(15, 16), lambda e, w: below(e, f"    | a | {w} |\n    |---|---|\n    | 1 | 2 |")
    )
    editor.each(range(16, 17), lambda e, w: below(e, f"    ![{w}](/assets/x.png)"))
    editor.each(range(17, 18), lambda e, w: below(line(e, "{}[^1]"), f"[^1]: {w}, a footnote."))
    editor.each(range(18, 21), lambda e, w: line(e, f"{{}} <!-- **TODO:** {w} -->"))
    editor.each(range(21, 23), lambda e, w: e.replace("](http", f" ({w})](http", 1))
    editor.each(range(23, 24), lambda e, w: f"<!-- {w}\n1. **no entry** -->\n\n{e}")
    editor.each(range(24, 25), lambda e, w: below(e, f"```python\n# {w}\n1. x\n```"))
    editor.each(range(25, 26), lambda e, w: f"1. **{w} social** - Beer.\n\n{e}")
    editor.each(
        range(26, 27), lambda e, w: f"1. [**{w}**](https://example.org/p) - At a poster.\n\n{e}"
    )
    editor.each(range(27, 28), lambda e, w: f"{w}: a paragraph in between.\n\n{e}")
    editor.each(range(28, 29), lambda e, w: below(e, f"    <details>{w}</details>"))
    editor.each(range(30, 31), lambda e, w: f"# {w}: a section\n{e}")
    editor.each(range(50, 51), lambda e, w: f"## {w}: a subsection\n{e}")
    editor.each(range(51, 53), lambda e, w: re.sub(r"(?s)\n    <details>.*</details>", f" {w}", e))
    editor.move(40, 2)
    editor.move(45, len(editor.items) - 1)
    editor.drop(60)
    editor.drop(56)
    editor.replace("<!-- YOUR WORDS: who you are, and what you went looking for. -->", "I am me.")
    editor.replace("excerpt:", f"header:\n    teaser: {editor.word()}.png\nexcerpt:")
    editor.replace("title:", f"title: {editor.word()} # was:")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_forty_edits(roundup: Roundup, stub: StubServer, icml: Path, tmp_path: Path) -> None:
    """All forty survive a new prompt; it asks once for each paper left, and fetches nothing."""
    server = stub()
    options = [
        "--model", "openai/stub", "--api-base", server.url, "--cache-dir", "c", "--json",
        "--pdf-dir", icml / "pdfs", "--offline",
    ]  # fmt: skip
    ran = roundup("draft", icml / "icml2015.csv", "-o", "p.md", *options, timeout=600)
    assert ran.returncode == 0, ran.stderr
    post = tmp_path / "p.md"
    editor = Editor(post.read_text("utf-8"))
    forty(editor)
    assert editor.edits == 40
    post.write_text(editor.text, "utf-8")
    asked = len(server.questions())

    default = (ROOT / "prompts" / "default.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(default.replace("You help", "Now you help"), "utf-8")
    ran = roundup("regenerate", "p.md", "--prompt", "mine.toml", *options, timeout=600)
    assert ran.returncode == 0, ran.stderr
    text = post.read_text("utf-8")
    assert [word for word in editor.words if text.count(word) != editor.text.count(word)] == []
    assert [title for title in editor.gone if title in text] == []
    order = [re.findall(r"(?m)^1\..*?\*\*(.{9})", t) for t in (editor.text, text)]
    assert order[0] == order[1]
    assert text.count("⭐️ [") == editor.text.count("⭐️ [")
    assert len(server.questions()) - asked == len(editor.items)
    assert '"downloads": 0' in ran.stdout
