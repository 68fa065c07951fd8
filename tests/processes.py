"""What the tests ask of the processes that a test has started. Linux only: it looks into /proc."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

Result = TypeVar("Result")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def descendants(pid: int) -> set[int]:
    """Return the process and all that it and its children have started, and that still run."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # The name, in brackets, may hold anything.
                fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found, more = {pid}, {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def memory(pid: int) -> int:
    """Return how many bytes of memory a process and all below it hold."""
    total = 0
    for each in descendants(pid):
        try:
            total += int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1]) * _PAGE
        except (OSError, IndexError):
            continue
    return total


class Peak:
    """Watches how much memory this process and all below it hold, while the context lasts.

    A process that runs tests holds all that others left there, and so does each that it starts,
    until it becomes another program: what is to be bounded runs in `fresh`.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self.bytes = max(self.bytes, memory(os.getpid()))


def fresh(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function in a process that begins with nothing of this one but its environment."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *arguments).result()


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Tell whether a process ends within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if pid not in descendants(pid) or not _alive(pid):
            return True
        time.sleep(0.05)
    return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2][1] != "Z"
    except (OSError, IndexError):
        return False
