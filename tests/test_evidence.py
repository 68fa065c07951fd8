"""`roundup evidence`: each claim of a post beside the passage and the page that it rests on."""

import base64
from pathlib import Path

import pytest

from summarize.engines.passages import picture
from summarize.errors import ExtractError
from summarize.read import read
from tests.conftest import Roundup

DEMO = Path(__file__).parent.parent / "examples"


@pytest.fixture
def drafted(roundup: Roundup, tmp_path: Path) -> Path:
    """Draft the demo's post, and return its path."""
    post = tmp_path / "post.md"
    done = roundup("draft", DEMO / "demo.csv", "-o", post, "--cache-dir", tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert "claims checked" in done.stderr
    return post


def test_in_a_terminal(drafted: Path, roundup: Roundup, tmp_path: Path) -> None:
    """Every note of one paper is shown with its page, its verdict and the paper's words."""
    shown = roundup("evidence", drafted, "Durable", "--cache-dir", tmp_path / "cache")
    assert shown.returncode == 0, shown.stderr
    assert "Synced Appends" in shown.stdout
    assert "TLDR, p. 1: supported" in shown.stdout
    assert "    | " in shown.stdout or shown.stdout.count("supported") > 1
    assert "Waiting" not in shown.stdout


def test_as_a_page(drafted: Path, roundup: Roundup, tmp_path: Path) -> None:
    """The page holds each claim with a picture of its passage, and asks no address for anything."""
    page = tmp_path / "evidence.html"
    done = roundup("evidence", drafted, "--html", page, "--cache-dir", tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert text.count("<h2>") == 4
    assert text.count('src="data:image/png;base64,') == text.count("<section>")
    assert 'src="http' not in text
    assert "<script" not in text


def test_what_is_not_known(roundup: Roundup, tmp_path: Path, drafted: Path) -> None:
    """A post that was not drafted with this cache, and a key that is not there, are said so."""
    (tmp_path / "other.md").write_text("My own words.\n")
    other = roundup("evidence", tmp_path / "other.md", "--cache-dir", tmp_path / "cache")
    assert other.returncode == 2
    assert "it is not known what" in other.stderr
    key = roundup("evidence", drafted, "nobody", "--cache-dir", tmp_path / "cache")
    assert key.returncode == 2
    assert "no paper of the post has the key nobody" in key.stderr


@pytest.mark.parametrize("command", ["evidence", "check"])
def test_what_is_no_post(command: str, roundup: Roundup, tmp_path: Path) -> None:
    """A post that is not there, and a list, are told from a post of which nothing is known."""
    (tmp_path / "l.csv").write_text("title\nA paper\n")
    missing, of_list = roundup(command, "nope.md"), roundup(command, "l.csv")
    assert (missing.returncode, of_list.returncode) == (2, 2)
    assert "there is no post nope.md" in missing.stderr
    assert "l.csv is no post" in of_list.stderr


def test_picture() -> None:
    """A passage of a page is marked in the picture of its part of the page."""
    pdf = (DEMO / "papers" / "durable.pdf").read_bytes()
    document = read(pdf)
    words = " ".join(document.abstract.split()[:25])
    found = picture(pdf, 1, words)
    assert found.found
    assert base64.b64decode(found.png).startswith(b"\x89PNG")
    assert found.height < found.width
    assert not picture(pdf, 1, "words that stand on no page of this paper").found


def test_no_pdf() -> None:
    """A file that is no PDF is a reason, not a crash."""
    with pytest.raises(ExtractError):
        picture(b"%PDF-1.4 nothing", 1, "any words at all")
