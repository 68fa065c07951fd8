"""What is installed with the program: locked, known, and under licences that suit."""

import re
import subprocess
import sys
import tomllib

import pytest

from summarize.backends import litellm
from summarize.errors import BackendError
from tests.conftest import ROOT

LOCK = (ROOT / ".ci" / "lock.txt").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def name_of(requirement: str) -> str:
    """Return the name in a requirement, as indexes spell it."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_the_lock_pins_everything_by_hash() -> None:
    """Each package of the lock has one version and its hashes; no line names an index."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.partition("\n")[2].partition("\n")[2].strip())
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(?:\[[a-z,]+\])?==[\w.+!]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert "://" not in LOCK
    assert "--index" not in LOCK
    locked = {name_of(entry) for entry in entries}
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *groups["dev"], *groups["build"]]
    assert {name_of(one) for one in wanted} <= locked


def test_every_licence_is_named() -> None:
    """docs/licences.md names what is installed with the program, under licences that suit."""
    ran = subprocess.run(
        [sys.executable, ROOT / ".ci" / "licences.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_promise_has_its_test() -> None:
    """Every test that SECURITY.md names is there; README links to it, and the sdist holds it."""
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/.]+)`", page)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "SECURITY.md" in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_without_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where litellm is left out, a hosted model says so, and what to do."""
    monkeypatch.setitem(sys.modules, "litellm", None)
    with pytest.raises(BackendError) as refused:
        litellm.load()
    assert "litellm, which is not installed" in refused.value.message
    assert refused.value.hint == "pip install litellm"
