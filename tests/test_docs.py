"""What the README and the help say is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from summarize import prompts
from summarize.settings import Settings
from tests.conftest import ROOT, Roundup

README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_shows_the_help_as_it_is() -> None:
    """The commands in the README are those of `--help`, to the letter (`make docs` renews them)."""
    ran = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "README.md"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout


def test_every_command_is_in_the_readme(roundup: Roundup) -> None:
    """No command or subcommand is left out of the README."""

    def commands(*words: str) -> list[str]:
        text = roundup(*words, "--help").stdout
        listed = re.findall(r"^  (\w+) {2,}", text.partition("Commands:")[2], re.MULTILINE)
        return [" ".join((*words, name)) for name in listed]

    found = [name for top in commands() for name in (top, *commands(top))]
    assert {"draft", "cache", "cache info"} <= {*found}
    assert [name for name in found if f"### `roundup {name}`" not in README] == []


def test_the_excerpt_is_from_the_demo(roundup: Roundup, tmp_path: Path) -> None:
    """What the README shows of a post is what the demo drafts, line by line."""
    shown = re.search(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert shown
    ran = roundup("draft", ROOT / "examples" / "demo.csv", "-o", "p.md", "--offline")
    assert ran.returncode == 0, ran.stderr
    assert shown[1] in (tmp_path / "p.md").read_text("utf-8")


def test_the_cache_is_as_the_readme_says() -> None:
    """The size at which PDFs are evicted is the one in the README."""
    assert f"past {Settings().pdf_cache // 2**30} GB" in README


@pytest.mark.parametrize("module", ["litellm", "pypdf", "rich", "pydantic_settings", "aiohttp"])
def test_help_is_light(module: str) -> None:
    """`roundup --help` loads no heavy library."""
    code = (
        "import sys\nsys.argv = ['roundup', '--help']\nfrom summarize.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    sys.exit({module!r} in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ran.returncode == 0


def test_the_default_prompt_names_the_fields_of_the_schema() -> None:
    """The prompt asks for the schema's fields by name."""
    prompt = prompts.load("default")
    for field in ("tldr", "notes", "kind", "text", "quote", "page"):
        assert f"{field}:" in prompt.system or f'"{field}"' in prompt.system
