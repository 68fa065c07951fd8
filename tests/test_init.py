"""Making a workspace: of what is there, and over nothing."""

import re
import tomllib
from pathlib import Path

import pytest

from summarize.cli import site, workspace
from tests.conftest import Roundup


def test_a_new_workspace(roundup: Roundup, tmp_path: Path) -> None:
    """A workspace has its folders and a file of settings, and `draft` uses them at once."""
    assert roundup("init", "w").returncode == 0
    made = tmp_path / "w"
    assert {path.name for path in made.iterdir()} == {
        "roundup.toml", "prompts", "posts", "cache", ".gitignore",
    }  # fmt: skip
    (made / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    assert roundup("draft", "l.csv", "--date", "2024-05-07", cwd=made).returncode in {0, 3}
    assert (made / "posts" / "2024-05-07-l.md").is_file()


def test_every_setting_in_it_is_one(roundup: Roundup, tmp_path: Path) -> None:
    """Each line that is commented out is a setting that works."""
    roundup("init", ".")
    path = tmp_path / "roundup.toml"
    text = re.sub(r"(?m)^# (?=[a-z-]+ = )", "", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    assert len(tomllib.loads(text)["draft"]) >= 7
    found = workspace.find(tmp_path)
    assert (found.format, found.folder, found.contact) == (
        "jekyll", "posts", "mailto:you@example.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("files", "kind", "folder"),
    [
        ({"_config.yml": ""}, "jekyll", "_posts"),
        ({"hugo.toml": ""}, "hugo", "content/posts"),
        ({"config.toml": "", "content/post/x.md": ""}, "hugo", "content/post"),
        ({"_quarto.yml": ""}, "quarto", "posts"),
        ({"mkdocs.yml": "docs_dir: 'd' # here", "d/blog/posts/x.md": ""}, "mkdocs", "d/blog/posts"),
        ({"mkdocs.yml": "site_name: x"}, "mkdocs", "docs"),
    ],
)
def test_what_the_folder_is(
    files: dict[str, str], kind: str, folder: str, roundup: Roundup, tmp_path: Path
) -> None:
    """In a site, posts go where it keeps them, in its format; the cache where no site looks."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert roundup("init").returncode == 0
    found = workspace.find(tmp_path)
    assert (found.format, found.folder) == (kind, folder)
    assert found.draft["cache_dir"] == str(tmp_path / ".roundup" / "cache")
    for name, text in files.items():
        assert (tmp_path / name).read_text() == text


def test_no_file_is_touched(roundup: Roundup, tmp_path: Path) -> None:
    """What is there stays as it is, and the command says so."""
    for name in ("roundup.toml", ".gitignore"):
        (tmp_path / name).write_text("# mine\n")
    ran = roundup("init", ".")
    assert ran.returncode == 0
    assert "Left as it is: roundup.toml" in ran.stdout
    assert (tmp_path / "roundup.toml").read_text() == "# mine\n"
    assert (tmp_path / ".gitignore").read_text() == "# mine\n"
    (tmp_path / "file").touch()
    assert roundup("init", "file").returncode == 2


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("", False),
        ("[markup.goldmark.renderer]\nunsafe = true\n", True),
        ("markup:\n  goldmark:\n    renderer:\n      unsafe: true\n", True),
        ('{"unsafe": true}', True),
        ("unsafe = false", False),
    ],
)
def test_what_hugo_is_told(text: str, keeps: bool, tmp_path: Path) -> None:
    """Whether a Hugo site keeps HTML is read from its configuration, in each of its spellings."""
    (tmp_path / "hugo.toml").write_text(text)
    found = site.at(tmp_path)
    assert found is not None
    assert site.keeps_html(found) == keeps


@pytest.mark.parametrize(
    ("name", "text", "sets", "knows"),
    [
        ("mkdocs.yml", "markdown_extensions: [footnotes, pymdownx.arithmatex]", True, True),
        ("mkdocs.yml", "site_name: x", False, False),
        ("mkdocs.yml", "# - footnotes\nextra_javascript: [katex.js]", False, False),
        ("hugo.yaml", "passthrough:\n  delimiters: {}\n  enable: false", False, True),
        ("hugo.toml", "[markup.goldmark.extensions.passthrough]\nenable = true", True, True),
        ("hugo.toml", "", False, True),
        ("_config.yml", "", False, True),
    ],
)
def test_what_a_site_reads(name: str, text: str, sets: bool, knows: bool, tmp_path: Path) -> None:
    """Whether a site reads formulas and footnotes as such stands in its configuration."""
    (tmp_path / name).write_text(text)
    found = site.at(tmp_path)
    assert found is not None
    assert (site.sets_math(found), site.knows_footnotes(found)) == (sets, knows)


@pytest.mark.parametrize(
    ("config", "post", "layout"),
    [
        ("", "", "post"),
        ("", "---\nlayout: note\n---\n", "note"),
        ("defaults:\n  - scope: {path: ''}\n    values:\n      layout: single\n", "", ""),
        ("defaults: [{scope: {path: ''}, values: {layout: single}}]", "", ""),
    ],
)
def test_the_layout_of_posts(
    config: str, post: str, layout: str, roundup: Roundup, tmp_path: Path
) -> None:
    """A Jekyll site that gives posts no layout is told how: without one, a post is no page."""
    (tmp_path / "_config.yml").write_text(config)
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2024-05-07-x.md").write_text(post)
    said = roundup("init", ".").stdout
    assert (f"values: {{layout: {layout}}}" in said) == bool(layout)
    assert ("layout" in said) == bool(layout)
