"""What a post is called, and what a workspace's file may say."""

import hashlib
import inspect
import json
import re
import shutil
from pathlib import Path

import pytest

from summarize.cli import draft, naming, workspace
from summarize.cli.workspace import Workspace
from summarize.errors import InputError
from tests.conftest import Roundup


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("iclr2024", "ICLR 2024 Roundup"),
        ("iclr2024_short", "ICLR 2024 Roundup"),
        ("my-ICLR_2024-list", "ICLR 2024 Roundup"),
        ("neurips 2023", "NeurIPS 2023 Roundup"),
        ("nips-2015", "NIPS 2015 Roundup"),
        ("naacl2024", "NAACL 2024 Roundup"),
        ("acl2024", "ACL 2024 Roundup"),
        ("conll_2019", "CoNLL 2019 Roundup"),
        ("oracl2024", "Oracl2024 Roundup"),
        ("iclr20245", "Iclr20245 Roundup"),
        ("iclr_papers", "ICLR Papers Roundup"),
        ("reading list", "Reading List Roundup"),
        ("spiking-NNs", "Spiking NNs Roundup"),
        ("weekly_roundup", "Weekly Roundup"),
        ("RoundUp", "RoundUp"),
        ("注意力", "注意力 Roundup"),
        ("__", "Paper Roundup"),
        ("", "Paper Roundup"),
    ],
)
def test_title(stem: str, title: str) -> None:
    """A post is called after its list: by venue and year, else by its words."""
    assert naming.title(stem) == title


def test_post_path_outside_of_a_workspace() -> None:
    """Outside of a workspace, a post goes where one is, by the list's name."""
    assert naming.post_path("iclr2024", "2024-05-07", None) == Path("iclr2024.md")


@pytest.mark.parametrize(
    ("there", "name"),
    [
        ([], "2024-05-07-list.md"),
        (["2024-05-01-list.md"], "2024-05-01-list.md"),
        (["2024-05-01-list.md", "2023-01-01-list.md"], "2024-05-01-list.md"),
        (["2024-05-01-other-list.md", "2024-05-01-list.md.bak"], "2024-05-07-list.md"),
        (["24-05-01-list.md", "draft-2024-05-01-list.md", "list.md"], "2024-05-07-list.md"),
        (["2025-01-01-LIST.md"], "2024-05-07-list.md"),
    ],
)
def test_post_path_in_a_workspace(there: list[str], name: str, tmp_path: Path) -> None:
    """In a workspace, a post goes to the list's earlier one, else to one of the day's date."""
    if there:
        (tmp_path / "posts").mkdir()
    for file in there:
        (tmp_path / "posts" / file).touch()
    assert naming.post_path("list", "2024-05-07", tmp_path / "posts") == tmp_path / "posts" / name


def test_post_path_of_any_name(tmp_path: Path) -> None:
    """A list's name is taken as it is, whatever it means to a pattern."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "2024-05-01-aXb.md").touch()
    (tmp_path / "posts" / "2024-05-01-[x] *?.md").touch()
    assert naming.post_path("a.b", "2024-05-07", tmp_path / "posts").name == "2024-05-07-a.b.md"
    assert (
        naming.post_path("[x] *?", "2024-05-07", tmp_path / "posts").name == "2024-05-01-[x] *?.md"
    )


# --- roundup.toml ---------------------------------------------------------------------------------


def write(folder: Path, text: str) -> Path:
    """Write a workspace's file."""
    path = folder / "roundup.toml"
    path.write_text(text, "utf-8")
    return path


def test_workspace(tmp_path: Path) -> None:
    """A workspace's file sets options, categories, tags and contact, and it is found from below."""
    write(
        tmp_path,
        '[draft]\nmodel = "m"\nabstract-only = true\n[post]\ncategories = ["c"]\ntags = []\n'
        '[web]\ncontact = "me@example.org"\n',
    )
    deeper = tmp_path / "a" / "b"
    deeper.mkdir(parents=True)
    found = workspace.find(deeper)
    assert found == Workspace(
        root=tmp_path,
        draft={"model": "m", "abstract_only": True},
        categories=("c",),
        tags=(),
        contact="me@example.org",
    )
    assert found.prompt_dirs == (tmp_path / "prompts",)
    assert found.cache_dir(None) == tmp_path / "cache"
    assert found.cache_dir(Path("~/x")) == Path.home() / "x"


def test_empty_workspace(tmp_path: Path) -> None:
    """A workspace's file may be empty, and sets what is set without one."""
    write(tmp_path, "")
    found = workspace.find(tmp_path)
    assert found.root == tmp_path
    assert (found.categories, found.tags) == (Workspace.categories, Workspace.tags)


def test_nearest_workspace_wins(tmp_path: Path) -> None:
    """Of two workspaces, one inside the other, the nearer one is taken."""
    write(tmp_path, "")
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "")
    assert workspace.find(tmp_path / "in").root == tmp_path / "in"


def test_no_workspace(tmp_path: Path) -> None:
    """Outside of a workspace there are no prompts of one's own, and the cache is the user's."""
    found = workspace.find(tmp_path)
    assert (found.root, found.prompt_dirs) == (None, ())
    assert found.cache_dir(None).name == "roundup"
    assert tmp_path.joinpath("user-cache") in found.cache_dir(None).parents


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[draft", " is not valid TOML: "),
        ("[post]\ntags = [1,", " is not valid TOML: "),
        ("[drafts]", ": drafts is not a table that roundup knows"),
        ("draft = 3", ": draft is not a table that roundup knows"),
        ('model = "m"', ": model is not a table that roundup knows"),
        ("[[post]]", ": post is not a table that roundup knows"),
        ("[post]\ntag = []", ": there is no tag"),
        ("[web]\nproxy = 1", ": there is no proxy"),
        ("[post]\ntags = 'x'", ": tags is not a list of texts"),
        ("[post]\ncategories = ['x', 1]", ": categories is not a list of texts"),
        ("[web]\ncontact = 3", ": contact is not a text"),
        ("[web]\ncontact = ['me@example.org']", ": contact is not a text"),
    ],
)
def test_mistakes(text: str, said: str, tmp_path: Path) -> None:
    """A mistake in a workspace's file raises one error that names the file and the mistake."""
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        workspace.find(tmp_path)
    assert caught.value.message.startswith(f"{path}{said}")


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """A workspace's file that is not UTF-8 raises an error that names it."""
    (tmp_path / "roundup.toml").write_bytes(b"# \xff")
    with pytest.raises(InputError, match=r"roundup\.toml can't be read"):
        workspace.find(tmp_path)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("modle = 'm'", "[draft] has no option modle"),
        ("force = true", "[draft] has no option force"),
        ("only = ['x']", "[draft] has no option only"),
        ("jobs = 'x'", "[draft] jobs is not a number"),
        ("jobs = true", "[draft] jobs is not a number"),
        ("budget = 'x'", "[draft] budget is not a number"),
        ("budget = true", "[draft] budget is not a number"),
        ("offline = 'yes'", "[draft] offline is not true or false"),
        ("model = 3", "[draft] model is not a text"),
    ],
)
def test_options(toml: str, says: str, tmp_path: Path) -> None:
    """An option that a workspace may not set, or of a wrong type, names the file and the option."""
    (tmp_path / "roundup.toml").write_text(f"[draft]\n{toml}\n")
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        workspace.find(tmp_path)
    assert str(tmp_path / "roundup.toml") in caught.value.message


def test_folders_are_the_workspaces(tmp_path: Path) -> None:
    """A relative folder in the file is relative to the file, from wherever roundup is run."""
    (tmp_path / "roundup.toml").write_text('[draft]\npdf-dir = "pdfs"\ncache-dir = "/c"\n')
    (tmp_path / "below").mkdir()
    found = workspace.find(tmp_path / "below")
    assert found.draft == {"pdf_dir": str(tmp_path / "pdfs"), "cache_dir": "/c"}


def test_sums_are_numbers_of_either_kind(tmp_path: Path) -> None:
    """A sum of dollars may be written with cents or without."""
    (tmp_path / "roundup.toml").write_text("[draft]\nbudget = 2\nask-above = 0.5\n")
    assert workspace.find(tmp_path).draft == {"budget": 2, "ask_above": 0.5}


def test_options_are_those_of_draft() -> None:
    """Every option that a workspace may set is an option of `roundup draft`."""
    assert workspace.OPTIONS.keys() <= inspect.signature(draft.draft).parameters.keys()


def test_a_workspace_that_is_moved_keeps_its_posts_dates(roundup: Roundup, tmp_path: Path) -> None:
    """A clone of a list and its post, drafted again there, is the same post: no date, no backup."""
    one, other = tmp_path / "one", tmp_path / "elsewhere" / "other"
    one.mkdir()
    (one / "roundup.toml").write_text("")
    (one / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    roundup("draft", "l.csv", "--date", "2020-02-02", cwd=one)
    shutil.copytree(one, other)
    for folder in (one, other):
        roundup("draft", "l.csv", cwd=folder)
        (post,) = (folder / "posts").glob("*.md")
        assert "date: 2020-02-02" in post.read_text("utf-8")
        assert not [*post.parent.glob(".*backup")]
    roundup("draft", "l.csv", "-o", other / "posts" / "2020-02-02-l.md", cwd=one)
    assert [*(other / "posts").glob(".*backup")]  # another list's


def test_a_note_of_a_whole_path_is_known_and_then_movable(roundup: Roundup, tmp_path: Path) -> None:
    """A post whose note has its list's whole path alone is known, and learns the way there."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    (one / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    roundup("draft", "l.csv", "-o", "p.md", "--date", "2020-02-02", cwd=one)
    note = one / ".p.md.roundup.json"
    said = json.loads(note.read_text("utf-8"))
    whole = hashlib.sha256(str((one / "l.csv").resolve()).encode()).hexdigest()
    note.write_text(json.dumps(said | {"of": whole}), "utf-8")
    roundup("draft", "l.csv", "-o", "p.md", cwd=one)
    shutil.copytree(one, other)
    for folder in (one, other):
        roundup("draft", "l.csv", "-o", "p.md", cwd=folder)
        assert "date: 2020-02-02" in (folder / "p.md").read_text("utf-8")
        assert not [*folder.glob(".*backup")]


def test_a_post_that_is_moved_alone_keeps_its_date(roundup: Roundup, tmp_path: Path) -> None:
    """A post that is moved with its note, while its list stays, is still that list's."""
    (tmp_path / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    (tmp_path / "blog").mkdir()
    roundup("draft", "l.csv", "-o", "p.md", "--date", "2020-02-02")
    for name in ("p.md", ".p.md.roundup.json"):
        (tmp_path / name).rename(tmp_path / "blog" / name)
    roundup("draft", "l.csv", "-o", "blog/p.md")
    assert "date: 2020-02-02" in (tmp_path / "blog" / "p.md").read_text("utf-8")
    assert not [*(tmp_path / "blog").glob(".*backup")]
