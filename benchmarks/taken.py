"""What a command takes: time by the clock and of processors, memory of all its processes."""

import contextlib
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK = 0.03  # seconds between two looks at a tree's memory
PATIENCE = 900.0  # seconds that a command may take


@dataclass(frozen=True)
class Taken:
    """What a command took, all its processes together: seconds, and MB at most at one time."""

    wall: float
    worked: float  # seconds of processors, user and system
    memory: float
    code: int
    out: str
    err: str


def take(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Taken:
    """Run a command to its end, and tell what it took. Linux only: memory is looked up in /proc."""
    most, ended = 0.0, [0.0]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out,
            stderr=err, start_new_session=True,
        )  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)

        def wait() -> None:
            process.wait()
            ended[0] = time.perf_counter()

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        try:
            while waiting.is_alive():
                most = max(most, held(process.pid))
                if time.perf_counter() - started > patience:
                    raise SystemExit(f"{command[0]} ... took more than {patience:.0f} s")
                waiting.join(LOOK)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # also what it left behind
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(ended[0] - started, worked, most, process.returncode, *said)


def held(pid: int) -> float:
    """Return the memory that a process and all below it hold, in MB.

    Their own pages are counted where several hold them once, and so are the files that they have
    mapped (libraries): as many as the process has that has most. What programs outside of the tree
    share with it does not count for less, as it would with `Pss`: those come and go.
    """
    own, files, waiting = 0, 0, [pid]
    while waiting:
        one = Path("/proc") / str(waiting.pop())
        try:
            rollup = _kilobytes((one / "smaps_rollup").read_text())
            own += rollup["Pss_Anon"] + rollup["Pss_Shmem"]
            files = max(files, _kilobytes((one / "status").read_text())["RssFile"])
            for task in (one / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, KeyError):
            continue
    return (own + files) / 1024


def _kilobytes(text: str) -> dict[str, int]:
    """Return the sizes that a file of the kernel's tells, by their names."""
    return {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.M)}
