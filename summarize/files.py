"""A person's files: written whole or not at all, with a backup of what is replaced."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from summarize.errors import OutputError


def save(path: Path, text: str) -> None:
    """Write a file of settings whole or not at all. Raises `OutputError` when it can't be."""
    save_bytes(path, text.encode("utf-8"))


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file that a person named, whole or not at all. Raises `OutputError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(resolved(path), data)
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror or error}") from error


def replace(path: Path, data: bytes, was: bytes, *, keep: bool = True) -> Path | None:
    """Replace a file of the person's that was read as `was`; return where its backup is.

    Raises `OutputError` when it can't be written, or when it has changed since it was read.
    """
    try:
        real = resolved(path)
        if real.read_bytes() != was:
            raise OutputError(
                f"{path} was changed while its new version was made; it is left as it is",
                "run the same command again: nothing is asked twice",
            )
        backup = backed_up(real, hashlib.sha256(was).hexdigest()) if keep else None
        replace_file(real, data)
    except OSError as error:
        raise OutputError(
            f"{path} can't be written: {error.strerror or error}",
            "free some space or see its folder's permissions, then run the same command again",
        ) from error
    return backup


def put(path: Path, data: bytes) -> Path | None:
    """Write a file whole or not at all; return where what was there is kept, if something was.

    Raises `OutputError` when it can't be written.
    """
    try:
        real = resolved(path)
        there = real.is_file()
        backup = backed_up(real, hashlib.sha256(real.read_bytes()).hexdigest()) if there else None
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror or error}") from error
    save_bytes(path, data)
    return backup


def create(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises `OutputError` when it can't be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror}") from error


def replace_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that, at every moment, it is the old one or the new one, whole.

    The data may come in pieces.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
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


def backed_up(path: Path, sha256: str) -> Path:
    """Copy a file aside, under a name that says which version it is; return where."""
    backup = path.with_name(f".{path.name}.{sha256[:8]}.backup")
    replace_file(backup, path.read_bytes())
    return backup


def newest_backup(path: Path) -> Path | None:
    """Return the youngest of the backups beside a file, if there is one."""
    start, end = f".{path.name}.", ".backup"
    try:
        there = [
            file
            for file in path.parent.iterdir()
            if file.name.startswith(start)
            and file.name.endswith(end)
            and len(file.name) == len(start) + 8 + len(end)
            and file.is_file()
        ]
        return max(there, key=lambda file: file.stat().st_mtime_ns, default=None)
    except OSError:
        return None


def resolved(path: Path) -> Path:
    """Follow the links of a path. Raises `OSError` where they lead round in a circle."""
    loop = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    try:
        real = path.resolve()
    except RuntimeError as error:  # Python before 3.13
        raise loop from error
    if real.is_symlink():
        raise loop
    return real
