"""Writes posts: atomically, and never over what a person wrote.

Beside a post lies a dotfile, `.NAME.roundup.json`, with the checksums of what `roundup` wrote
there last, and of the list it is of. A post that matches none of them has been edited, and is
left alone; one of another list is kept aside before it is replaced.
"""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarize.errors import InputError, OutputError

# Of a name, in bytes: the longest that is made of it, ".NAME.12345678.backup" while it is written
# (with a dot before it, and ".12345678.tmp" after), must fit into the 255 that file systems allow.
LONGEST_NAME = 255 - len("..") - len(".12345678.backup") - len(".12345678.tmp")


@dataclass(frozen=True)
class Prior:
    """What was there before a run: the post's checksum, and the date it was first drafted.

    `of` is the checksum of what it was drafted from, where that is known.
    """

    sha256: str = ""
    ours: bool = True
    date: str = ""
    of: str = ""

    def drafted(self, of: str) -> str:
        """Return the date of the first draft, if what was there was drafted from the same."""
        return "" if _differ(self.of, _origin(of)) else self.date


def check(path: Path, *, force: bool = False) -> Prior:
    """Refuse, before anything is spent, what `write` would have to refuse.

    Raises `InputError` for a path that can't be written, and `OutputError` for a post that
    is not as `roundup` left it (unless `force`).
    """
    try:
        dangling, real = _dangling(path), _resolved(path)
        is_folder, folder = real.is_dir(), _existing(real.parent)
    except OSError as error:  # a loop of links, a folder that may not be looked into
        raise InputError(
            f"{path} can't be written: {error.strerror}", "name another file with -o"
        ) from error
    if len(os.fsencode(real.name)) > LONGEST_NAME:
        raise InputError(
            f"{path} can't be written: its name is too long",
            f"give a name of at most {LONGEST_NAME} bytes with -o",
        )
    if dangling and not real.parent.is_dir():
        raise InputError(
            f"{dangling} is a link to where nothing is ({real.parent})",
            "make that folder, remove the link, or name another file with -o",
        )
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


def write(path: Path, text: str, prior: Prior, date: str, of: str = "") -> Path | None:
    """Write a post where `check` found `prior`, and remember what was written.

    `of` names what the post was drafted from, such as its list's path. Returns where the backup
    of a replaced post is, if one was made: of an edited one, and of one that was drafted from
    something else. Raises `OutputError` when it can't be written, or when the post has changed
    since it was checked.
    """
    data, origin = text.encode("utf-8", "replace"), _origin(of)
    backup = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        real = _resolved(path)
        if _prior(path).sha256 != prior.sha256:
            raise OutputError(
                f"{path} was changed while its new version was made; it is left as it is",
                "run the same command again: nothing is asked or fetched twice",
            )
        if not prior.ours or (prior.sha256 and _differ(prior.of, origin)):
            backup = _backup(real, prior.sha256)
        sums = [hashlib.sha256(data).hexdigest(), *([prior.sha256] if prior.ours else [])]
        note = {"post": path.name, "sha256": [s for s in sums if s], "date": date, "of": origin}
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


def save(path: Path, text: str) -> None:
    """Write a file of settings whole or not at all. Raises `OutputError` when it can't be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(_resolved(path), text.encode("utf-8"))
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror or error}") from error


def _origin(of: str) -> str:
    """Return the checksum of a name; a path in a note would tell a public repository too much."""
    return hashlib.sha256(of.encode("utf-8", "surrogatepass")).hexdigest() if of else ""


def _differ(before: str, now: str) -> bool:
    """Tell whether two origins are known and not the same."""
    return bool(before and now and before != now)


def _resolved(path: Path) -> Path:
    """Follow the links of a path. Raises `OSError` where they lead round in a circle."""
    loop = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    try:
        real = path.resolve()
    except RuntimeError as error:  # Python before 3.13
        raise loop from error
    if real.is_symlink():
        raise loop
    return real


def _dangling(path: Path) -> Path | None:
    """Return the link in a path that leads to nothing, if there is one."""
    return next((p for p in (path, *path.parents) if p.is_symlink() and not p.exists()), None)


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _sidecar(path: Path) -> Path:
    return path.with_name(f".{path.name}.roundup.json")


def _prior(path: Path) -> Prior:
    note: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(_sidecar(_resolved(path)).read_text("utf-8"))
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
    if not (isinstance(known, list) and sha256 in known):
        return Prior(sha256=sha256, ours=False)
    return Prior(sha256=sha256, date=str(note.get("date", "")), of=str(note.get("of", "")))


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
