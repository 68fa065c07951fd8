"""Locks on files: the kernel holds them, and lets go of them when their process ends, however.

So nothing has to be known of process numbers, which are given anew, nor of clocks; and where a
folder is shared, its server holds them for every host (NFS, SMB). A file system that has no locks
grants every one.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


def locked(file: IO[bytes], *, wait: bool = False) -> bool:
    """Lock an open file until it is closed; tell whether that was granted."""
    try:
        if sys.platform == "win32":
            import msvcrt

            at = file.tell()
            file.seek(1 << 30)  # nobody may read what is locked: so what is not there is
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(at)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        return error.errno not in _TAKEN
    return True


@contextlib.contextmanager
def claim(path: Path) -> Iterator[bool]:
    """Hold a name while the context lasts, unless another holds it: yield whether it is ours.

    The file is gone afterwards. Raises `OSError` where there can be none.
    """
    with _opened(path) as file:
        # One who let go removed the file: a lock on what has no name any more holds nobody off.
        ours = locked(file) and _is_at(file, path)
        try:
            yield ours
        finally:
            if ours:
                with contextlib.suppress(OSError):  # Windows removes no open file
                    path.unlink()


@contextlib.contextmanager
def waited(path: Path) -> Iterator[None]:
    """Hold a name while the context lasts, after whoever holds it now."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        locked(file, wait=True)
        yield


def _opened(path: Path) -> IO[bytes]:
    """Open a file, in a folder that is nearly always there."""
    try:
        return path.open("ab")
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path.open("ab")


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False
