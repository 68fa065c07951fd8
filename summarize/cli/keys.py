"""Where keys and passwords come from: the environment, a file of the person's, or their keyring.

They are called alike everywhere, as the services' own clients call them (`OPENAI_API_KEY`, ...).
What the environment holds comes first; a file or a keyring is looked into for what it does not, and
only when it is wanted.
"""

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from summarize.errors import InputError
from summarize.secrets import know

if TYPE_CHECKING:
    from summarize.cli.workspace import Workspace

KEYRING = "keyring"  # in place of a file's name
SERVICE = "roundup"  # what the keyring files the keys under
_SECRET = re.compile(r"_(?:KEY|TOKEN|SECRET|PASSWORD|USER|USERNAME)$")  # what a keyring may hold
_LARGEST = 100_000  # bytes of a file of keys


class Environment(Mapping[str, str]):
    """The environment, and behind it the file or the keyring that `source` names, if it does."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self._kept: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        """Return a value. Raises `KeyError`, and `InputError` where keys can't be had at all."""
        if os.environ.get(name):
            return os.environ[name]
        if self._kept is None:
            self._kept = {}
            if self.source and self.source != KEYRING:
                self._kept = _of_file(Path(self.source).expanduser())
        if name not in self._kept and self.source == KEYRING and _SECRET.search(name):
            self._kept[name] = _of_keyring(name)
        if not self._kept.get(name):
            raise KeyError(name)
        return know(self._kept[name])

    def __iter__(self) -> Iterator[str]:
        """Yield the names that the environment and the file have; a keyring tells none."""
        yield from dict.fromkeys((*os.environ, *(self._kept or ())))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def environment(workspace: "Workspace") -> Environment:
    """Return where a command finds keys and addresses, by the names of their variables."""
    return Environment(workspace.secrets)


def _of_file(path: Path) -> dict[str, str]:
    """Return the keys of a file of lines `NAME=value`. Raises `InputError` unless it is private."""
    from dotenv import dotenv_values

    try:
        with path.open("rb") as file:
            _see_that_it_is_private(path, os.fstat(file.fileno()))
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise InputError(f"{path} is too large for a file of keys", "write NAME=value a line")
        text = data.decode()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise InputError(
            f"the file of keys {path} can't be read: {why}",
            "name another with --secrets or ROUNDUP_SECRETS, or in roundup.toml under [secrets]",
        ) from error
    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in found.items() if value}


def _see_that_it_is_private(path: Path, found: os.stat_result) -> None:
    """Raise `InputError` for a file that others than the person can read, or may have written."""
    if os.name == "nt":  # where a file's rights are not in its mode
        return
    if found.st_uid != os.getuid():
        raise InputError(f"the file of keys {path} belongs to another user", "make one of your own")
    if found.st_mode & 0o077:
        raise InputError(
            f"the file of keys {path} is open to others (mode {found.st_mode & 0o777:04o})",
            f"chmod 600 {path}, and renew the keys if others may have read it",
        )


def _of_keyring(name: str) -> str:
    """Return what the person's keyring has under a name; empty where it has nothing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise InputError(
            "keys are to come from the keyring, and the package keyring is not there",
            "pip install 'paper-roundup[keyring]'",
        ) from error
    try:
        return (keyring.get_password(SERVICE, name) or "").strip()
    except KeyringError as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(
            f"the keyring does not give {name}: {why}",
            "unlock it, set the variable, or name a file of keys with --secrets",
        ) from error
