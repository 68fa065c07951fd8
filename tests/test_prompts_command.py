"""`roundup prompts` and `roundup voice`: what is asked can be seen, made, checked and chosen."""

import tomllib
from pathlib import Path

import pytest

from summarize import voice
from summarize.posts.blocks import parse
from summarize.posts.written import Written
from tests.conftest import ROOT, Roundup

PAPER = ROOT / "examples" / "papers" / "waiting.pdf"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace's folder."""
    (tmp_path / "roundup.toml").write_text("", "utf-8")
    return tmp_path


def test_list(roundup: Roundup, workspace: Path) -> None:
    """The list names yours and those that are shipped, and marks the one in use."""
    assert roundup("prompts", "new", "mine", "--from", "skeptic").returncode == 0
    (workspace / "prompts" / "bad.toml").write_text("x = 1\n", "utf-8")
    lines = roundup("prompts", "list").stdout.splitlines()
    assert any(line.startswith("* default              shipped  A TLDR") for line in lines)
    assert any(line.startswith("  mine                 yours ") for line in lines)
    assert any("can't be used: " in line and "bad.toml:1: " in line for line in lines)


def test_show_is_what_is_sent(roundup: Roundup, workspace: Path) -> None:
    """`show` prints both messages, with the paper's text in its place, in another language too."""
    bare = roundup("prompts", "show", "eli5").stdout
    assert "$text" in bare
    ran = roundup("prompts", "show", "eli5", PAPER, "--lang", "German", "--context", 2048)
    assert ran.returncode == 0, ran.stderr
    assert "$" not in ran.stdout.partition("--- user ---")[0]
    assert "Write tldr and every text in German." in ran.stdout
    assert "Title: Waiting Is Cheap" in ran.stdout
    assert "What follows is the main parts of the paper." in ran.stdout


def test_new_and_check(roundup: Roundup, workspace: Path) -> None:
    """A new prompt is a good copy under its own name; a mistake in it is told by file and line."""
    assert roundup("prompts", "new", "mine").returncode == 0
    path = workspace / "prompts" / "mine.toml"
    assert tomllib.loads(path.read_text("utf-8"))["name"] == "mine"
    assert roundup("prompts", "check", "mine").stdout == "mine 1: good\n"
    again = roundup("prompts", "new", "mine")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    text = path.read_text("utf-8").replace("$authors", "$author")
    path.write_text(text, "utf-8")
    line = 1 + text[: text.index("$author")].count("\n")
    ran = roundup("prompts", "check")
    assert ran.returncode == 2
    assert f"mine.toml:{line}: there is no variable $author (there are: $title," in ran.stdout
    assert "skeptic 1: good" in ran.stdout


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[post]\ntags = ['a']\n",
        "[draft]\n",
        "[draft] # mine\njobs = 2\n\n[post]\ntags = ['a']\n",
        "# mine\n[draft]\nprompt = 'eli5' # for now\njobs = 2\n",
    ],
)
def test_use(roundup: Roundup, workspace: Path, before: str) -> None:
    """`use` sets the workspace's prompt, and leaves all else in its file as it is."""
    path = workspace / "roundup.toml"
    path.write_text(before, "utf-8")
    assert roundup("prompts", "use", "skeptic").returncode == 0
    found, was = tomllib.loads(path.read_text("utf-8")), tomllib.loads(before)
    assert found["draft"].pop("prompt") == "skeptic"
    was.setdefault("draft", {}).pop("prompt", None)
    assert found == was
    assert "# mine" not in before or "# mine" in path.read_text("utf-8")


def test_use_is_remembered_without_a_workspace(roundup: Roundup) -> None:
    """Outside of a workspace a prompt is remembered in the user's own file."""
    assert roundup("prompts", "use", "skeptic").returncode == 0
    assert "* skeptic" in roundup("prompts", "list").stdout


@pytest.mark.parametrize("option", ["--lang=German", "--voice"])
def test_what_picks_can_not_write(roundup: Roundup, tmp_path: Path, option: str) -> None:
    """The summarizer that picks sentences can't write in a language or a voice, and says so."""
    (tmp_path / "l.csv").write_text("title\nA paper\n", "utf-8")
    ran = roundup("draft", "l.csv", option)
    assert (ran.returncode, "needs a model that writes" in ran.stderr) == (2, True)


TAKE = "I think this work is lovely, since it does what I always wanted to see done in the field!"
POST = f"""\
1. [**One**](https://e.org/1) - {TAKE} <!-- **TODO:** read -->

1. [**Two**](https://e.org/2) - A generated sentence of which I know that it was generated, we say.

1. **A social** - {TAKE}

1. [**Three**](https://e.org/3) - Short.
"""


def test_a_voice_is_made_of_their_own_entries() -> None:
    """Of a post only what the person wrote of papers counts, in plain words."""
    base = parse("1. [**Two**](https://e.org/2)" + POST.split("e.org/2)")[1])
    (example,) = voice.choose([(parse(POST), base)], 6)
    assert (example.title, example.text) == ("One", TAKE)
    assert len(voice.choose([(parse(POST), Written())], 6)) == 2


def test_learning_and_using_a_voice(roundup: Roundup, workspace: Path) -> None:
    """Examples are kept as data that a person can edit, and are sent with --voice."""
    (workspace / "post.md").write_text(POST, "utf-8")
    missing = roundup("prompts", "show", "default", "--voice")
    assert (missing.returncode, "roundup voice learn" in missing.stderr) == (2, True)
    ran = roundup("voice", "learn", "post.md", "--count", 1)
    assert ran.returncode == 0, ran.stderr
    path = workspace / "voice.toml"
    assert tomllib.loads(path.read_text("utf-8"))["example"] == [{"title": "One", "text": TAKE}]
    path.write_text(path.read_text("utf-8").replace("lovely", "great for $5"), "utf-8")
    said = roundup("prompts", "show", "default", PAPER, "--voice").stdout
    assert "- (One) I think this work is great for $5, since" in said
    again = roundup("voice", "learn", "post.md")
    assert (again.returncode, "edit it" in again.stderr) == (2, True)
    path.write_text("[[example]]\ntitle = 3\n", "utf-8")
    assert roundup("prompts", "show", "default", "--voice").returncode == 2
