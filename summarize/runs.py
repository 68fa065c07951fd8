"""The logs of runs: files of JSON lines, of each run in the cache, and where a person wants one.

Every line is written as it is told, so that a run which is killed has told all that it did. The
newest are kept.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from summarize.errors import InputError
from summarize.log import Line
from summarize.secrets import hidden_in

KEPT = 30  # logs of runs
_SUFFIX = ".jsonl"

Told = dict[str, Any]
"""A line of a log as it is read back: time, level, key, stage, what, and its facts."""


class Log:
    """A log that is being written. Only its owner can read it.

    A disk that fills ends the log, and never the run: `problem` says so.
    """

    def __init__(self, path: Path, flags: int = 0) -> None:
        """Open a file. Raises `OSError`."""
        self.path = path
        self.problem = ""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | flags, 0o600)
        self._file: IO[bytes] = os.fdopen(handle, "wb", buffering=0)

    def write(self, line: bytes) -> None:
        """Write a line, as `written` gives it."""
        if not self.problem:
            try:
                self._file.write(line)
            except OSError as error:
                self.problem = error.strerror or str(error)

    def close(self) -> None:
        """Close it."""
        with contextlib.suppress(OSError):
            self._file.close()


def written(line: Line, now: float) -> bytes:
    """Return a line as it is written: JSON in ASCII, since a title may hold half a character.

    `now` is in seconds since 1970. Nothing that is known to be secret is in it.
    """
    when = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    told = {
        "time": when.replace("+00:00", "Z"),
        "level": line.level,
        "key": line.key,
        "stage": line.stage,
        "what": line.what,
        **line.facts,
    }
    return json.dumps(hidden_in(told)).encode() + b"\n"


def begun(cache: Path) -> Log | None:
    """Begin the log of a run in a cache, and let go of the oldest; None where none can be kept."""
    folder = cache / "runs"
    with contextlib.suppress(OSError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        before = kept(cache)
        for path in before[: max(0, len(before) - KEPT + 1)]:
            path.unlink(missing_ok=True)
        number = int(before[-1].stem) if before else 0
        while True:
            number += 1
            with contextlib.suppress(FileExistsError):  # another run has just taken it
                return Log(folder / f"{number:08}{_SUFFIX}", os.O_EXCL)
    return None


def at(path: Path) -> Log:
    """Begin a log where a person wants it, behind what is there. Raises `InputError`."""
    try:
        return Log(path)
    except OSError as error:
        raise InputError(
            f"--log-file {path} can't be written: {error.strerror or error}",
            "name a file in a folder of yours",
        ) from error


def kept(cache: Path) -> list[Path]:
    """Return the logs of a cache, the oldest first."""
    with contextlib.suppress(OSError):
        found = [path for path in (cache / "runs").iterdir() if path.suffix == _SUFFIX]
        return sorted(path for path in found if path.stem.isdecimal())
    return []


def read(path: Path) -> list[Told]:
    """Return the lines of a log; those that are damaged, or not whole yet, are left out."""
    with _opened(path) as file:
        return list(_lines(file))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}") from error


def _lines(raw: Iterable[bytes]) -> Iterator[Told]:
    for line in raw:
        with contextlib.suppress(ValueError, RecursionError):
            told = json.loads(line)
            if isinstance(told, dict) and all(
                isinstance(told.get(name), str) for name in ("time", "level", "stage", "what")
            ):
                told["key"] = str(told.get("key", ""))
                yield told


def last(cache: Path, post: Path | None = None) -> list[Told] | None:
    """Return the log of the last run, or of the last that was about a post; None without one."""
    wanted = str(post.resolve()) if post else ""
    for path in reversed(kept(cache)):
        with _opened(path) as file:
            lines = _lines(file)
            first = next(lines, None)  # says which post: the rest of a long run is much to read
            if first and (not wanted or first.get("post") == wanted):
                return [first, *lines]
    return None
