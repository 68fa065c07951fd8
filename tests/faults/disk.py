"""A disk that fills: a small file system in memory, which only the root of Linux may mount."""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.row import Row, told
from tests.faults.server import Server, model
from tests.faults.walking import Walked, walk
from tests.faults.wire import asking
from tests.faults.workspace import abstracts_list

SIZE = 12_000_000  # bytes


def possible() -> bool:
    """Tell whether a file system can be mounted here."""
    return sys.platform == "linux" and os.geteuid() == 0


@contextlib.contextmanager
def small(folder: Path) -> Iterator[Path]:
    """Mount a file system of `SIZE` bytes."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def fills(folder: Path, times: int, count: int = 30) -> Row:
    """Fill a disk to a random degree before each run; then make room, and run again."""
    walked, rng, full, stopped = Walked(), random.Random(4), 0, 0
    with Server(model) as server:
        for time in range(times):
            with small(folder / f"disk-{time}") as disk:
                listed, settings = abstracts_list(disk / "l.csv", count), asking(server, disk)
                ballast = disk / "ballast"
                free = rng.choice([30_000, 200_000, 1_000_000, 2_100_000, 2_300_000])
                ballast.write_bytes(bytes(max(0, SIZE - 100_000 - free)))
                before = server.asked.total()
                first = walk(listed, settings, most=1)
                full += 1
                stopped += first.done < count
                walked.wrong += first.wrong
                walked.reasons += first.reasons
                ballast.unlink()
                walk(listed, settings, until=count, most=3, walked=walked)
                asked = server.asked.total() - before
                walked.wrong += [f"{asked} requests"] if asked > count + settings.jobs else []
            server.given.clear()
    twice = max(0, server.asked.total() - count * times)
    return Row(
        "disk", "it fills", full,
        "nothing is asked where the reply would have no room; the run says so, and goes on later",
        told(walked, count, twice), walked.done == count and stopped > 0 and not walked.wrong,
    )  # fmt: skip
