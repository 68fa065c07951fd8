"""Writes posts: atomically, and never over what a person wrote.

Beside a post lies a dotfile, `.NAME.roundup.json`, with the checksums of what `roundup` wrote
there last. A post that matches none of them has been edited, and is left alone.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarize.errors import InputError, OutputError


@dataclass(frozen=True)
class Prior:
    """What was there before a run: the post's checksum, and the date it was first drafted."""

    sha256: str = ""
    ours: bool = True
    date: str = ""


def check(path: Path, *, force: bool = False) -> Prior:
    """Refuse, before anything is spent, what `write` would have to refuse.

    Raises `InputError` for a path that can't be written, and `OutputError` for a post that
    is not as `roundup` left it (unless `force`).
    """
    try:
        is_folder, folder = path.is_dir(), _existing(path.parent)
    except OSError as error:  # a name too long, a folder that may not be looked into
        raise InputError(
            f"{path} can't be written: {error.strerror}", "name another file with -o"
        ) from error
    if is_folder:
        raise InputError(f"{path} is a folder, not a post", "name a file with -o")
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "name another file with -o")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{folder} can't be written to", "name another file with -o")
    prior = _prior(path)
    if not prior.ours and not force:
        raise OutputError(
            f"{path} is not as roundup left it: it holds somebody's own words",
            "write elsewhere with -o, or replace it with --force (a backup is kept)",
        )
    return prior


def write(path: Path, text: str, prior: Prior, date: str) -> Path | None:
    """Write a post where `check` found `prior`, and remember what was written.

    Returns where the backup of a replaced post is, if one was made. Raises `OutputError`
    when it can't be written, or when the post has changed since it was checked.
    """
    data = text.encode("utf-8", "replace")
    backup = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        real = path.resolve()
        if _prior(path).sha256 != prior.sha256:
            raise OutputError(
                f"{path} was changed while its new version was made; it is left as it is",
                "run the same command again: nothing is asked or fetched twice",
            )
        if not prior.ours:
            backup = _backup(real, prior.sha256)
        sums = [hashlib.sha256(data).hexdigest(), *([prior.sha256] if prior.ours else [])]
        note = {"post": path.name, "sha256": [s for s in sums if s], "date": date}
        # The note first: it knows both versions, so that a crash in between forgets neither.
        _replace(_sidecar(real), json.dumps(note, indent=1).encode() + b"\n")
        _replace(real, data)
    except OSError as error:
        raise OutputError(
            f"{path} can't be written: {error.strerror or error}",
            "free some space or name another file with -o, then run the same command again: "
            "what is done is kept",
        ) from error
    return backup


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _sidecar(path: Path) -> Path:
    return path.with_name(f".{path.name}.roundup.json")


def _prior(path: Path) -> Prior:
    note: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(_sidecar(path.resolve()).read_text("utf-8"))
        note = found if isinstance(found, dict) else {}
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return Prior(date=str(note.get("date", "")))
    except OSError as error:
        raise OutputError(
            f"{path} can't be read: {error.strerror}", "see its permissions"
        ) from error
    known = note.get("sha256")
    ours = isinstance(known, list) and sha256 in known
    return Prior(sha256=sha256, ours=ours, date=str(note.get("date", "")) if ours else "")


def _backup(path: Path, sha256: str) -> Path:
    """Copy a post aside, under a name that says which version it is."""
    backup = path.with_name(f".{path.name}.{sha256[:8]}.backup")
    _replace(backup, path.read_bytes())
    return backup


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that, at every moment, it is the old one or the new one, whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
