"""What a benchmark ran on, and how much memory a process has taken."""

import contextlib
import os
import platform
import re
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PROC = Path("/proc")
MB = 1024 * 1024


def described(libraries: list[str]) -> str:
    """Return the machine, the system, Python and the libraries with their versions, as lines.

    And how long `loop` takes just now, by which figures of different days can be compared.
    """
    versions = ", ".join(f"{name} {_version(name)}" for name in libraries)
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    lines = [
        f"{_processor()}, {os.cpu_count()} cores; {system}; {python}",
        versions,
        f"3 million additions take {loop():.2f} s of a processor just now",
    ]
    return "\n".join(lines)


def loop() -> float:
    """Return the seconds of a processor that 3 million additions take in Python, at best of three.

    Others' work takes caches and clock, so that processor time grows with it, too: one machine took
    0.34 to 0.54 while thirty programs waited for its two cores.
    """
    best = float("inf")
    for _ in range(3):
        started, total = time.process_time(), 0
        for number in range(3_000_000):
            total += number
        best = min(best, time.process_time() - started)
    return best


def peak_memory() -> int | None:
    """Return the most memory that this process has held, in bytes, where the system tells.

    `VmHWM` comes first: on Linux `ru_maxrss` counts what the parent held before it gave way to
    this program.
    """
    with contextlib.suppress(OSError, KeyError):
        return _status(_PROC / "self")["VmHWM"] * 1024
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_of_children() -> int | None:
    """Return the most memory that any one living child has held, in bytes, where Linux tells."""
    peaks = []
    for process in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, KeyError):
            status = _status(process)
            if status["PPid"] == os.getpid():
                peaks.append(status["VmHWM"] * 1024)
    return max(peaks, default=None)


class Others:
    """How many cores other programs take from now on, where Linux tells.

    What the host of a virtual machine withholds counts as well.
    """

    def __init__(self) -> None:
        self._start = (time.monotonic(), _busy(), _of_children())

    def cores(self) -> float | None:
        """Return the cores taken on average by what is neither this process nor a child of it."""
        now, busy, own = time.monotonic(), _busy(), _of_children()
        started, was_busy, was_own = self._start
        if busy is None or was_busy is None:
            return None
        return max(0.0, (busy - was_busy) - (own - was_own)) / (now - started)


def _busy() -> float | None:
    """Return the seconds for which all cores together have been busy."""
    try:
        line = (_PROC / "stat").read_text().partition("\n")[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _waiting, irq, softirq, steal = map(int, line[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _of_children() -> float:
    """Return the processor time that children took which have ended, and theirs."""
    times = os.times()
    return times.children_user + times.children_system


def _status(process: Path) -> dict[str, int]:
    """Return the numbers that the kernel keeps of a process, sizes in KiB."""
    text = (process / "status").read_text("utf-8", "replace")
    return {name: int(number) for name, number in re.findall(r"^(\w+):\s+(\d+)", text, re.M)}


def _processor() -> str:
    with contextlib.suppress(OSError):
        names = re.findall(r"^model name\s*:\s*(.+)$", (_PROC / "cpuinfo").read_text(), re.M)
        if names:
            return str(names[0])
    return platform.processor() or "an unknown processor"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
