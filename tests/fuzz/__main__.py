"""Fuzz parsers, and say what came of it.

python -m tests.fuzz                each target for ten minutes, one after another
python -m tests.fuzz --minutes 1 --jobs 2 posts replies
python -m tests.fuzz --stretch      long inputs instead: does time grow with their square?
python -m tests.fuzz --write        puts what was done so far into docs/reliability.md

What breaks a parser is kept in `crashes/`, made small; `test_crashes.py` replays it.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from tests.conftest import ROOT
from tests.faults import page
from tests.fuzz import stretch
from tests.fuzz.finding import CRASHES
from tests.fuzz.targets import TARGETS

WORK = ROOT / ".fuzz"
RECORD = WORK / "record.json"
MOST_RESTARTS = 200  # of a target whose reader in C ends the process
_COVERED = re.compile(r"cov: (\d+)")
HEAD = (
    "| Parsers | Inputs | Time | CPU | Branches | Broke its process | Last |\n"
    "|---|---:|---:|---:|---:|---:|---|"
)


def fuzz(name: str, seconds: float) -> dict[str, Any]:
    """Fuzz one target for so long, beginning again where a library in C ends the process."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Any] = {"inputs": {}, "seconds": 0.0, "cpu": 0.0, "covered": 0, "broke": 0}
    end, log = time.monotonic() + seconds, folder / "log.txt"
    with log.open("w", encoding="utf-8", errors="replace") as said:
        while (left := end - time.monotonic()) > 2 and done["broke"] < MOST_RESTARTS:
            (folder / "record.json").unlink(missing_ok=True)
            command = [sys.executable, "-m", "tests.fuzz.one", name, str(int(left)), str(folder)]
            code = subprocess.run(
                command, cwd=ROOT, stderr=said, stdout=said, check=False
            ).returncode
            if not (folder / "record.json").is_file():
                print(f"{name}: it did not start; see {log}", file=sys.stderr)
                break
            part = json.loads((folder / "record.json").read_text("utf-8"))
            for way, count in part["inputs"].items():
                done["inputs"][way] = done["inputs"].get(way, 0) + count
            done["seconds"] += part["seconds"]
            done["cpu"] += part["cpu"]
            done["broke"] += code != 0
    text = log.read_text("utf-8", "replace")
    done["covered"] = max(map(int, _COVERED.findall(text)), default=0)
    done["day"] = f"{datetime.now(UTC):%Y-%m-%d}"
    for line in re.findall(r"^FOUND .*$", text, re.MULTILINE):
        print(line, flush=True)
    return done


def remember(name: str, done: dict[str, Any]) -> None:
    """Add what was done to the record of all that was."""
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else {}
    before = record.get(name, {"inputs": {}, "seconds": 0, "cpu": 0, "covered": 0, "broke": 0})
    for way, count in done["inputs"].items():
        before["inputs"][way] = before["inputs"].get(way, 0) + count
    for figure in ("seconds", "cpu", "broke"):
        before[figure] += done[figure]
    record[name] = before | {"covered": max(before["covered"], done["covered"]), "day": done["day"]}
    RECORD.write_text(json.dumps(record, indent=1))


def table() -> str:
    """Return the table of what was done, by the record."""
    record = json.loads(RECORD.read_text("utf-8"))
    rows = [HEAD]
    for name in TARGETS:
        if name in record:
            one = record[name]
            ways = ", ".join(f"{way} {count:,}" for way, count in sorted(one["inputs"].items()))
            cells = (
                f"{name} ({ways})",
                f"{sum(one['inputs'].values()):,}",
                f"{one['seconds'] / 60:.0f} min",
                f"{one['cpu'] / 60:.1f} min",
                f"{one['covered']:,}",
                str(one["broke"]),
                one["day"],
            )
            rows.append(f"| {' | '.join(cells)} |")
    kept = sum(path.is_file() for path in CRASHES.glob("*/*"))
    inputs = sum(sum(one["inputs"].values()) for one in record.values())
    said = f"{inputs:,} inputs; {kept} cases kept in all. {page.machine()}."
    return "\n".join([*rows, "", said])


def main() -> None:
    """Fuzz what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", nargs="*", help=f"of {', '.join(TARGETS)}; all by default")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--stretch", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    names = options.target or ([] if options.write and not options.stretch else [*TARGETS])
    if unknown := {*names} - {*TARGETS}:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    if options.stretch:
        grows = [stretch.report(name) for name in names]
        sys.exit(any(grows))
    WORK.mkdir(exist_ok=True)
    lock, before = Lock(), {*CRASHES.glob("*/*")}

    def one(name: str) -> None:
        done = fuzz(name, options.minutes * 60)
        with lock:
            remember(name, done)
        print(f"{name}: {sum(done['inputs'].values()):,} inputs, {done['covered']:,} branches, "
              f"{done['broke']} times the process broke", flush=True)  # fmt: skip

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, names))
    if options.write:
        page.write("fuzzing", table())
    new = sorted({*CRASHES.glob("*/*")} - before)
    sys.exit("\n".join(["found:", *map(str, new)]) if new else 0)


if __name__ == "__main__":
    main()
