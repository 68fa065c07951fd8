"""Run the whole fault lab, and print its table.

python -m tests.faults             as it runs by night: thousands of faults, about half an hour
python -m tests.faults --short     as it runs before a change lands: about a minute and a half
python -m tests.faults --write     puts the table into docs/reliability.md as well
python -m tests.faults --write --only mixed     runs one part again, and replaces its rows there
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import crowd, disk, harm, kills, page, wire
from tests.faults.row import Row

HEAD = "| Where | Fault | Injected | Promised | Observed |\n|---|---|---:|---|---|"


@dataclass(frozen=True)
class Size:
    """How often each thing is made to go wrong."""

    model: int = 92
    site: int = 20
    mixed: int = 150
    harm: int = 8
    kills: int = 12
    stops: int = 6
    disk: int = 10


NIGHTLY, SHORT = Size(), Size(model=4, site=2, mixed=12, harm=1, kills=3, stops=1, disk=2)


PARTS: dict[str, Callable[[Path, Size], Iterable[Row]]] = {
    "models": lambda folder, size: wire.models(folder, size.model),
    "caches": lambda folder, size: harm.caches(folder, 20, size.harm),
    "blobs": lambda folder, size: [harm.blobs(folder, 6, size.harm)],
    "disk": lambda folder, size: [disk.fills(folder, size.disk)] if disk.possible() else [],
    "mixed": lambda folder, size: wire.mixed(folder, size.mixed, seed=1),
    "nowhere": lambda folder, size: wire.nowhere(folder, size.site),
    "sites": lambda folder, size: wire.sites(folder, size.site),
    "kills": lambda folder, size: [killed(folder, size.kills)],
    "crowd": lambda folder, size: crowd.rows(folder, size.stops),
}


def killed(folder: Path, times: int) -> Row:
    """Kill runs over papers that are fetched and asked about by HTTP."""
    home = folder / "kills"
    home.mkdir()
    seen = kills.kill(times, home, count=8)
    return Row(
        "processes", "kill -9 at random moments", times,
        "every committed reply is there at every restart and never asked for again; the post is "
        "whole; what was in flight is told",
        f"{seen.papers_done} of {seen.papers} done, {seen.lost} lost, {seen.asked_twice} asked "
        f"twice, {seen.torn_posts} torn posts, {seen.most_in_flight} in flight at most",
        seen.good,
    )  # fmt: skip


def table(lines: list[str], said: str) -> str:
    """Return the table of these rows, and below it what they come to."""
    injected = sum(int(line.split(" | ")[2].replace(",", "")) for line in lines)
    kept = sum("NOT KEPT" not in line for line in lines)
    total = f"{len(lines)} rows, {injected:,} injections: {kept} of {len(lines)} promises kept."
    return "\n".join([HEAD, *lines, "", f"{total} {said}"])


def together(before: list[str], lines: list[str]) -> list[str]:
    """Return the rows of a table with some that were made anew in their places."""
    rows = {_fault(line): line for line in before}
    return [*(rows | {_fault(line): line for line in lines}).values()]


def _fault(line: str) -> str:
    return " | ".join(line.split(" | ")[:2])


def main() -> None:
    """Print each row as it is done, then what all come to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=PARTS, help="one part; the other rows stay")
    parser.add_argument("--fault", action="append", help="with --only sites: this one alone")
    options = parser.parse_args()
    folder, start, good = Path(tempfile.mkdtemp(prefix="faults-")), time.monotonic(), True
    size, lines = SHORT if options.short else NIGHTLY, list[str]()
    print(HEAD)
    for name in [options.only] if options.only else PARTS:
        few = wire.sites(folder, size.site, only=options.fault or ())
        for row in few if options.fault else PARTS[name](folder, size):
            print(row.line(), flush=True)
            lines.append(row.line())
            good = good and row.good
    minutes = (time.monotonic() - start) / 60
    part = f"its part {options.only} last" if options.only else "all"
    said = f"Run, {part}, in {minutes:.0f} min on {page.machine()}."
    before = page.part("table").splitlines()[2:] if options.only else []
    whole = table(together([one for one in before if one.startswith("| ")], lines), said)
    print("\n" + whole.rpartition("\n")[2])
    if options.write:
        page.write("table", whole)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not good)


if __name__ == "__main__":
    main()
