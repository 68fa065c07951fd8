"""Comparing: summaries side by side, what differs marked, nothing paid for twice."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.compare import Column, marked, sample, totals
from summarize.exports import comparison
from summarize.records import Claim, Done, Grounded, Note, Outcome, Paper, Receipt, Skipped, Summary
from tests.conftest import Roundup, StubServer

PAPERS = [Paper(key=f"k{i}", title=f"Paper <{i}>") for i in range(9)]


def done(tldr: str, *, supported: bool = True, cost: float | None = None) -> Done:
    """Return a paper with a summary of one note."""
    note = Note(kind="result", text="It is 3 < 4.", quote="we find <it>", page=None)
    return Done(
        paper=PAPERS[0],
        grounded=Grounded(
            summary=Summary(tldr=tldr, notes=(note,)),
            claims=(Claim(supported=supported, page=2 if supported else None),),
        ),
        receipt=Receipt(
            model="m", prompt="p", basis="paper", tokens_read=1000, tokens_written=5, cost=cost
        ),
    )


def columns(first: Outcome, second: Outcome) -> list[Column]:
    """Return two columns of one paper."""
    return [Column("plain", [first]), Column("<b>odd</b>", [second])]


@given(st.text(max_size=60), st.text(max_size=60))
def test_marking_loses_nothing(text: str, other: str) -> None:
    """The stretches of a marked text are the text."""
    assert "".join(part for _, part in marked(text, other)) == text


def test_what_differs_is_marked() -> None:
    """Words that the other text lacks are marked; case, points and white space don't count."""
    parts = marked("We show that cats purr loudly.", "we show, that dogs bark loudly")
    assert parts == [(False, "We show that "), (True, "cats purr"), (False, " loudly.")]
    assert marked("All other words.", "Nothing like it") == [(False, "All other words.")]


def test_a_sample_is_the_same_for_a_seed() -> None:
    """Papers are drawn by a seed, and stand in the list's order."""
    assert sample(PAPERS, 4, 1) == sample(PAPERS, 4, 1)
    assert len({tuple(p.key for p in sample(PAPERS, 4, seed)) for seed in range(9)}) > 1
    drawn = [paper.key for paper in sample(PAPERS, 4, 1)]
    assert drawn == sorted(drawn)
    assert sample(PAPERS, 99, 1) == PAPERS


def test_totals() -> None:
    """A column says how many are done and supported, and what it took."""
    column = Column("c", [done("A.", cost=0.5), done("B.", supported=False, cost=0.25)])
    assert totals(column) == "2 of 2 done, 1 of 2 notes found in the paper, 2,010 tokens, $0.7500"
    failed = Column("c", [Skipped(paper=PAPERS[0], stage="ask", reason="no")])
    assert totals(failed) == "0 of 1 done"


class Seen(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; none may fetch anything."""
        assert not {"src", "href"} & {name for name, _ in attrs}
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_the_page_stands_alone() -> None:
    """The page loads nothing, runs nothing, and shows words as words."""
    failed = Skipped(paper=PAPERS[0], stage="ask", reason="<script>no</script>")
    for second in (done("We find <b>no</b> cats."), failed):
        seen = Seen()
        seen.feed(comparison.page(columns(done("We find <b>two</b> cats."), second), "A < B"))
        assert not {"script", "link", "img", "iframe", "b", "i"} - {"b"} & {*seen.tags}
        assert seen.tags.count("b") == (2 if second is not failed else 1)  # the notes' kinds
        for words in ("A < B", "We find <b>two</b> cats.", "It is 3 < 4.", "<b>odd</b>"):
            assert words in seen.text
        assert ("<script>no</script>" in seen.text) == (second is failed)


@pytest.mark.parametrize("width", [20, 60, 120, 200])
def test_lines_fit_the_terminal(width: int) -> None:
    """On a terminal nothing is wider than it, and the words that differ stand in stars."""
    both = columns(
        done("We find two cats and a dog here."), done("We find two mice and a dog here.")
    )
    lines = list(comparison.lines(both, width, colour=False))
    assert max(map(len, lines[2:])) <= width
    said = " ".join(lines)
    assert "*cats*" in said
    assert "*mice*" in said


def test_markdown() -> None:
    """In Markdown the words that differ are bold, and each note says where it was found."""
    text = comparison.markdown(columns(done("We find cats."), done("We find mice.")), "T")
    assert "### plain\n\nWe find **cats.**\n\n- Result: It is 3 &lt; 4. (p. 2)\n" in text


def test_the_command(roundup: Roundup, stub: StubServer, icml: Path, tmp_path: Path) -> None:
    """Two prompts on two papers are four requests; asked again, or promoted, none."""
    server = stub()
    options = [
        "--model", "openai/stub", "--api-base", server.url, "--offline", "--cache-dir", "c",
        "--pdf-dir", icml / "pdfs", "-q",
    ]  # fmt: skip
    papers = icml / "icml2015.csv"
    names = ["--prompt", "default", "--prompt", "skeptic", "--sample", 2]
    ran = roundup("compare", papers, *names, "--html", "c.html", "--markdown", "c.md", *options)
    assert ran.returncode == 0, ran.stderr
    assert len(server.questions()) == 4
    assert "skeptic: 2 of 2 done, " in ran.stdout
    assert "skeptic" in (tmp_path / "c.html").read_text("utf-8")
    assert "### skeptic" in (tmp_path / "c.md").read_text("utf-8")
    assert roundup("compare", papers, *names, *options).returncode == 0
    assert len(server.questions()) == 4
    only = roundup("compare", papers, "--prompt", "default", *options)
    assert (only.returncode, "nothing to compare" in only.stderr) == (2, True)
