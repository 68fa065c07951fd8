"""Measure `roundup import`: each format with so many papers, made by a seed.

    python benchmarks/importing.py [--papers N] [--rounds N] [--seed N] [--format NAME]
                                   [--shared PATH]

Each is a whole command in a process of its own, from its start to the written CSV: the best of the
rounds, the most memory of all. The rows are counted, and the CSV is imported again, which must
change nothing. Beside each stands how long 3 million additions took just then (`machine.loop`).
Where a library parses the format, a row of its own says what it alone takes of a processor.
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arguments import arguments
from lists import FORMATS, papers
from machine import Others, described, loop

LIBRARIES = ["paper-roundup", "bibtexparser", "rispy", "python-calamine", "pydantic", "feedparser"]


def main() -> int:
    """Run the benchmark and print its table."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=10_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--format", action="append", choices=FORMATS, metavar="NAME")
    options = parser.parse_args()
    csv.field_size_limit(2**31 - 1)
    made = papers(options.papers, options.seed)
    others = Others()
    print(described(LIBRARIES), "\n")
    print(
        "| format | MB in | papers | rows | seconds | CPU s | MB held | again the same | loop s |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.format or FORMATS:
            path = Path(folder) / f"{name}.list"
            path.write_bytes(FORMATS[name](made))
            _measure(name, path, len(made), options.rounds)
            path.unlink()
        accepted = options.shared / "data" / "iclr2024_accepted.csv"
        if accepted.is_file() and not options.format:
            _measure("ICLR 2024, accepted", accepted, 2_251, options.rounds, Path(folder))
    print(f"\nother programs took {others.cores() or 0:.1f} cores meanwhile")
    return 0


def _measure(name: str, path: Path, papers: int, rounds: int, folder: Path | None = None) -> None:
    """Print the row of one list."""
    out, again = (folder or path.parent) / "out.csv", (folder or path.parent) / "again.csv"
    runs = [_import(path, out) for _ in range(rounds)]
    _import(out, again)
    with out.open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    same = "yes" if out.read_bytes() == again.read_bytes() else "NO"
    print(
        f"| {name} | {path.stat().st_size / 1e6:.1f} | {papers:,} | {rows:,} "
        f"| {min(run[0] for run in runs):.2f} | {min(run[1] for run in runs):.2f} "
        f"| {max(run[2] for run in runs):.0f} | {same} | {loop():.2f} |",
        flush=True,
    )
    out.unlink()
    again.unlink()
    if name in _ALONE:
        worked = min(_alone(name, path) for _ in range(rounds))
        print(f"| its library alone | | | | | {worked:.2f} | | | {loop():.2f} |", flush=True)


def _alone(name: str, path: Path) -> float:
    """Return the seconds of a processor that a format's library takes to parse a list."""
    code = f"import sys; text = open(sys.argv[1], encoding='utf-8').read(); {_ALONE[name]}"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, path], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# Says at its end the most memory that it held, in KiB: see `machine.peak_memory`.
_ALONE = {
    "bibtex": "import bibtexparser; bibtexparser.parse_string(text, parse_stack=[])",
    "ris": "import rispy; rispy.loads(text)",
    "atom": "import feedparser; feedparser.parse(text.encode())",
}
_COMMAND = """
import atexit, pathlib, re, sys
from summarize.__main__ import main
def say():
    status = pathlib.Path("/proc/self/status").read_text()
    print(re.search(r"VmHWM:\\s+(\\d+)", status)[1])
atexit.register(say)
main()
"""


def _import(path: Path, out: Path) -> tuple[float, float, float]:
    """Import a list; return the seconds by the clock and of a processor, and the most MB."""
    out.unlink(missing_ok=True)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "import", path, "-o", out, "--quiet"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{path.name} was not imported: {done.stderr}")
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, worked, int(done.stdout.split()[-1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
