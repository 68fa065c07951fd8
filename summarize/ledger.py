"""What was paid for, in writing: files of lines that are only ever added to, beside the cache.

A database that is damaged loses what it held; a file of lines loses the lines that were hit. So
each reply is written here, and is on the disk, before anything else is done with it. Every run has
a file of its own, which it holds a lock on: no two write to one, on whatever file system, and a
file that nobody holds is that of a run that has ended. The files' numbers say which run came
after which; clocks do not.

    set     this text is kept under this key
    forget  and now it is not
    sent    a request of this key went out, about the paper that is named
    back    and came back without a reply
"""

import contextlib
import errno
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from summarize import seal
from summarize.locks import claim, locked, waited
from summarize.seal import Line

ARRIVED = "arrived "  # the keys of raw replies, which are kept until their paper is settled
MOST_FILES = 64  # of runs that have ended: then they are made one
_OPEN, _ENDED = ".open", ".jsonl"


class Place(NamedTuple):
    """Where a line stands."""

    path: Path
    offset: int
    size: int


class Damaged(NamedTuple):
    """A line that can't be read, with its key where that can be made out."""

    where: str  # file:line
    key: str


class Ledger:
    """The ledger of one folder, and this run's file in it. Safe to use from several threads.

    Methods raise `OSError`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own: IO[bytes] | None = None
        self._out: dict[str, str] = {}  # requests of this run in flight: what they are about
        self._lock = threading.RLock()
        self._forget_all()

    def write(self, verb: str, key: str, value: str = "", *, durable: bool = False) -> None:
        """Add a line; with `durable` it is on the disk when this returns.

        Where it can't be written whole, none of it is.
        """
        data = seal.written(Line(verb, key, value))
        with self._lock:
            file = self._own or self._begin()
            size = file.tell()
            try:
                if file.write(data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(size)
                    file.seek(size)
                raise
            self._written(Line(verb, key, value), size, len(data))
            if verb == "sent":
                self._out[key] = value
        if durable:  # while others write: a disk may take its time
            os.fsync(file.fileno())
        if verb != "sent":  # what is not surely on the disk is in flight still
            with self._lock:
                self._out.pop(key.removeprefix(ARRIVED), None)

    @property
    def is_read(self) -> bool:
        """Whether it has been read: what is new in it since then is soon looked at."""
        return bool(self._read)

    def find(self, key: str) -> str | None:
        """Return what is kept under a key, by whichever run."""
        with self._lock:
            self._look()
            place = self._at.get(key)
            line = place and seal.read(_at(place))
            return line.value if line else None

    def everything(self) -> Iterator[tuple[str, str]]:
        """Yield what is kept, by key."""
        with self._lock:
            self._look()
            places = dict(self._at)
        for key, place in places.items():
            if line := seal.read(_at(place)):
                yield key, line.value

    def damaged(self) -> list[Damaged]:
        """Return the lines that can't be read."""
        with self._lock:
            self._look()
            return [one for one in self._damaged if not one.key or one.key not in self._at]

    def left(self) -> list[str]:
        """Take up what runs have left that ended early; return what each in-flight was about.

        The files of runs that have ended are made one when there are many.
        """
        found: list[str] = []
        files = self._files()
        if any(path.suffix == _OPEN and not self._is_own(path) for path in files):
            with waited(self.folder / "left.lock"):  # each is told once
                for path in self._files():
                    if path.suffix == _OPEN and not self._is_own(path):
                        found += self._taken_up(path)
        ended = [path for path in files if path.suffix == _ENDED]
        if len(ended) > MOST_FILES:
            with claim(self.folder / "merging.lock") as ours:
                if ours:
                    self._merge(ended)
        return found

    def fill(self, things: Iterator[tuple[str, str]]) -> None:
        """Write down what was kept before there was a ledger."""
        lines = [seal.written(Line("set", key, value)) for key, value in things]
        if lines:
            self._replace(self.folder / f"{0:08}-before{_ENDED}", b"".join(lines))

    def clear(self) -> None:
        """Throw away all but what runs that are under way write."""
        self.close()
        for path in self._files():
            with contextlib.suppress(FileNotFoundError), path.open("rb+") as file:
                if path.suffix == _ENDED or locked(file):
                    path.unlink()
        (self.folder / "damaged.txt").unlink(missing_ok=True)
        self._forget_all()

    def close(self) -> None:
        """End this run's file. What is still in flight is told by the next run."""
        with self._lock:
            if self._own is None:
                return
            self._own.close()
            self._own = None
            if not self._out:
                with contextlib.suppress(FileNotFoundError):  # it was taken up already
                    self._path.replace(self._path.with_suffix(_ENDED))

    # --- how ---

    def _begin(self) -> IO[bytes]:
        """Make this run's file. It has its name only once it is locked."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = 1 + max((_number(path) for path in self._files()), default=0)
        name = f"{number:08}-{socket.gethostname()[:30]}-{os.getpid()}-{os.urandom(3).hex()}"
        self._path = self.folder / f"{name}{_OPEN}"
        windows = sys.platform == "win32"  # where an open file can't be renamed
        unnamed = self._path if windows else self.folder / f".{name}"
        handle = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(handle, "rb+", buffering=0)
        locked(file)
        if not windows:
            unnamed.replace(self._path)
        _to_disk(self.folder)
        self._own = file
        return file

    def _written(self, line: Line, offset: int, size: int) -> None:
        """Note where an own line stands, so that a look need not read it back."""
        known, lines = self._read.get(self._path.stem, (0, 0))
        if self._read and known == offset:
            self._noted(line, Place(self._path.with_suffix(""), offset, size))
            self._read[self._path.stem] = offset + size, lines + 1

    def _taken_up(self, path: Path) -> list[str]:
        """End the file of a run that is no more; return what it had in flight."""
        try:
            with path.open("rb+") as file:
                if not locked(file):
                    return []
                data = file.read()
        except FileNotFoundError:  # it has just ended by itself
            return []
        path.replace(path.with_suffix(_ENDED))
        return _in_flight(data)

    def _is_own(self, path: Path) -> bool:
        return self._own is not None and path.name == self._path.name

    def _files(self) -> list[Path]:
        """Return the files in order, each once.

        Looks twice: a look may miss a file that is being renamed.
        """
        found: dict[str, Path] = {}
        with contextlib.suppress(FileNotFoundError):
            for _ in range(2):
                for path in self.folder.iterdir():
                    if path.suffix in {_OPEN, _ENDED} and path.name[0] != ".":
                        found[path.stem] = path
        return sorted(found.values())

    def _forget_all(self) -> None:
        self._read: dict[str, tuple[int, int]] = {}  # bytes and lines that were read, by file
        self._at: dict[str, Place] = {}
        self._damaged: list[Damaged] = []

    def _look(self) -> None:
        """Read what has been written since the last look, by all runs."""
        files = self._files()
        if not {*self._read} <= {path.stem for path in files}:
            self._forget_all()  # they were made one
        for path in files:
            offset, lines = self._read.get(path.stem, (0, 0))
            if self._own and self._is_own(path) and offset == self._own.tell():
                continue
            base = path.with_suffix("")
            data = _rest(path, offset)
            for raw in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
                lines += 1
                self._note(raw, Place(base, offset, len(raw)), lines)
                offset += len(raw)
            self._read[path.stem] = (offset, lines)

    def _note(self, raw: bytes, place: Place, number: int) -> None:
        line = seal.read(raw.rstrip(b"\n"))
        if line is None:
            where = f"{place.path.name}{_ENDED}:{number}"
            self._damaged.append(Damaged(where, seal.legible_key(raw)))
        else:
            self._noted(line, place)

    def _noted(self, line: Line, place: Place) -> None:
        if line.verb == "set":
            self._at[line.key] = place
        elif line.verb == "forget":
            self._at.pop(line.key, None)

    def _merge(self, paths: list[Path]) -> None:
        """Make one file of those of runs that have ended, of what still counts in them."""
        kept: dict[str, bytes] = {}
        bad: list[bytes] = []
        for path in paths:
            data = path.read_bytes()
            for raw in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
                line = seal.read(raw.rstrip(b"\n"))
                if line is None:
                    bad.append(raw)
                elif line.verb == "set":
                    kept.pop(line.key, None)
                    kept[line.key] = raw
                elif line.verb == "forget":
                    kept.pop(line.key, None)
        if bad:
            with (self.folder / "damaged.txt").open("ab") as file:
                file.writelines(bad)
        whole = self.folder / f"{_number(paths[-1]):08}-whole-{os.urandom(3).hex()}{_ENDED}"
        self._replace(whole, b"".join(kept.values()))
        for path in paths:  # the oldest first: nothing that was forgotten may come back
            path.unlink(missing_ok=True)

    def _replace(self, path: Path, data: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unnamed = path.with_name(f".{path.stem}")
        with unnamed.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unnamed.chmod(0o600)
        unnamed.replace(path)
        _to_disk(self.folder)


def _number(path: Path) -> int:
    digits = path.name.partition("-")[0]
    return int(digits) if digits.isdecimal() else 0


def _rest(path: Path, offset: int) -> bytes:
    """Return a file's bytes from an offset on. It may be renamed meanwhile: its run has ended."""
    for each in (path, path.with_suffix(_ENDED)):
        with contextlib.suppress(FileNotFoundError), each.open("rb") as file:
            file.seek(offset)
            return file.read()
    return b""


def _at(place: Place) -> bytes:
    for suffix in (_ENDED, _OPEN, _ENDED):
        path = place.path.with_name(place.path.name + suffix)
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            file.seek(place.offset)
            return file.read(place.size).rstrip(b"\n")
    return b""


def _in_flight(data: bytes) -> list[str]:
    """Return what a run had asked about and not been answered."""
    out: dict[str, str] = {}
    for raw in data.splitlines():
        if line := seal.read(raw):
            if line.verb == "sent":
                out[line.key] = line.value
            else:
                out.pop(line.key.removeprefix(ARRIVED), None)
    return list(out.values())


def _to_disk(folder: Path) -> None:
    """See that the names in a folder are on the disk, where that can be asked for."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
