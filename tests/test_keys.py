"""Keys from a file or a keyring: private or refused, used when wanted, and never shown."""

import json
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import secrets
from summarize.cli import keys
from summarize.errors import InputError
from tests.conftest import ROOT, Roundup
from tests.listening import Listening
from tests.test_draft import ABSTRACT, write


class Door(BaseHTTPRequestHandler):
    """A model's server that lets in who has a key, and notes it."""

    protocol_version = "HTTP/1.1"
    seen: list[str] = []  # noqa: RUF012 - of one test at a time

    def do_POST(self) -> None:
        """Answer with a summary."""
        self.rfile.read(int(self.headers["Content-Length"]))
        Door.seen.append(self.headers.get("Authorization", ""))
        content = json.dumps(
            {"tldr": "A method does one thing well on three data sets.", "notes": []}
        )
        choice = {"message": {"content": content}, "finish_reason": "stop"}
        self._say({"choices": [choice], "usage": {"prompt_tokens": 900, "completion_tokens": 30}})

    def do_GET(self) -> None:
        """List a model."""
        self._say({"data": [{"id": "m"}]})

    def _say(self, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[str]:
    """Return the address of a model's server that notes which keys it is shown."""
    Door.seen = []
    with Listening(Door) as server:
        yield f"{server.url}/v1"


@pytest.fixture
def command(door: str, tmp_path: Path) -> tuple[str, ...]:
    """Return a command that asks the server about one paper."""
    write(tmp_path / "l.csv", {"title": "Paper", "abstract": ABSTRACT})
    return ("draft", "l.csv", "--abstract-only", "--model", "local/m", "--api-base", door,
            "--cache-dir", "c", "-q")  # fmt: skip


def test_a_key_from_a_file(command: tuple[str, ...], roundup: Roundup, tmp_path: Path) -> None:
    """A private file that a flag, a variable or roundup.toml names gives the key, unshown."""
    (tmp_path / "keys.env").write_text("# mine\nexport ROUNDUP_API_KEY='sk-of-a-file-$1'\n")
    (tmp_path / "keys.env").chmod(0o600)
    ran = roundup("--secrets", "keys.env", *command)
    assert ran.returncode == 0, ran.stderr
    ran = roundup(*command, env=os.environ | {"ROUNDUP_SECRETS": "keys.env"})
    assert ran.returncode == 0, ran.stderr
    (tmp_path / "roundup.toml").write_text('[secrets]\nfrom = "keys.env"\n')
    (tmp_path / "l.csv").write_text((tmp_path / "l.csv").read_text().replace("Paper", "Other"))
    ran = roundup(*command, "-o", "o.md")
    assert ran.returncode == 0, ran.stderr
    assert Door.seen == ["Bearer sk-of-a-file-$1"] * 2
    environment = os.environ | {"ROUNDUP_API_KEY": "sk-of-the-environment"}
    (tmp_path / "l.csv").write_text((tmp_path / "l.csv").read_text().replace("Other", "Third"))
    roundup(*command, "-o", "e.md", env=environment)
    assert Door.seen[-1] == "Bearer sk-of-the-environment"
    kept = [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "keys.env"]
    assert not any(b"sk-of-" in path.read_bytes() for path in kept)


@pytest.mark.skipif(os.name == "nt", reason="a file's rights are not in its mode")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660])
def test_a_file_that_is_open_to_others(mode: int, tmp_path: Path) -> None:
    """A file of keys that anybody else may read or write is refused, with what to do."""
    path = tmp_path / "keys.env"
    path.write_text("OPENAI_API_KEY=sk-1234567\n")
    path.chmod(mode)
    with pytest.raises(InputError) as refused:
        keys.Environment(str(path))["OPENAI_API_KEY"]
    assert f"open to others (mode {mode:04o})" in refused.value.message
    assert "chmod 600" in refused.value.hint


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00", b"A=1\n" * 30_000])
def test_a_file_that_is_none(data: bytes | None, tmp_path: Path) -> None:
    """A file of keys that is not there, is no text or is too large is refused by name."""
    path = tmp_path / "keys.env"
    if data is not None:
        path.write_bytes(data)
        path.chmod(0o600)
    with pytest.raises(InputError) as refused:
        keys.Environment(str(path))["OPENAI_API_KEY"]
    assert str(path) in refused.value.message


@pytest.mark.slow
def test_a_key_from_the_keyring(command: tuple[str, ...], roundup: Roundup, tmp_path: Path) -> None:
    """The keyring is asked for the key, under `roundup`; one that is locked is told, with a way."""
    pytest.importorskip("keyring")
    environment = os.environ | {
        "PYTHON_KEYRING_BACKEND": "tests.planted_keyring.Planted",
        "PYTHONPATH": str(ROOT),
    }
    ran = roundup("--secrets", "keyring", *command, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert Door.seen == ["Bearer sk-of-the-keyring"]
    ran = roundup("--secrets", "keyring", *command, env=environment | {"PLANTED_LOCKED": "1"})
    assert ran.returncode == 2
    assert "the keyring does not give ROUNDUP_API_KEY: the keyring is locked" in ran.stderr
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"sk-of-" in data for data in kept)


def test_a_hosted_models_key_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted model's key is handed to litellm, from the file, under its provider's own name."""
    from summarize import backends
    from summarize.backends.providers import key_of
    from summarize.settings import Settings

    path = tmp_path / "keys.env"
    path.write_text("GOOGLE_API_KEY=sk-google-1\nFIREWORKS_AI_API_KEY=sk-fire-1\n")
    path.chmod(0o600)
    known = keys.Environment(str(path))
    for model, key in (("gemini/g", "sk-google-1"), ("fireworks_ai/f", "sk-fire-1"),
                       ("openai/o", None)):  # fmt: skip
        settings = backends.choose(model).located(Settings(model=model), known)
        assert key_of(settings) == key
        assert "sk-" not in repr(settings)


def test_a_worker_is_given_no_secret() -> None:
    """A process that reads a stranger's PDF has no key in its environment."""
    given = {"PATH": "/bin", "OPENAI_API_KEY": "k", "HF_TOKEN": "t", "ROUNDUP_PDF_PASSWORD": "p"}
    assert secrets.public(given) == {"PATH": "/bin"}


@pytest.mark.parametrize("value", ["none", "ollama", "not-needed", "lm-studio", "sk", "production"])
def test_what_is_no_secret_stays(value: str) -> None:
    """What is written where no key is needed is no secret: a text may hold that word."""
    secrets.know(value)
    assert secrets.hidden(f"a {value} b") == f"a {value} b"


@given(st.text(max_size=60), st.text(min_size=8, max_size=30))
def test_a_secret_is_in_no_text(text: str, value: str) -> None:
    """Whatever the secret and the text, what is hidden no longer holds it."""
    secrets.know(value)
    if value.strip() in secrets._known:
        assert value.strip() not in secrets.hidden(f"{text}{value}{text}") or value in "(key)"
        secrets._known.discard(value.strip())
