"""Run the whole fault lab, and print its table.

python -m tests.faults             as it runs by night: thousands of faults, about half an hour
python -m tests.faults --short     as it runs before a change lands: about a minute and a half
python -m tests.faults --write     puts the table into docs/reliability.md as well
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
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


def rows(folder: Path, size: Size, *, processes: bool = True) -> Iterator[Row]:
    """Yield the rows of the table, one by one."""
    yield from wire.models(folder, size.model)
    yield from harm.caches(folder, 20, size.harm)
    yield harm.blobs(folder, 6, size.harm)
    if disk.possible():
        yield disk.fills(folder, size.disk)
    yield from wire.mixed(folder, size.mixed, seed=1)
    yield from wire.nowhere(folder, size.site)
    yield from wire.sites(folder, size.site)
    if processes:
        yield killed(folder, size.kills)
        yield from crowd.rows(folder, size.stops)


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


def table(found: list[Row], seconds: float) -> str:
    """Return the table, and below it what it comes to."""
    kinds, injected = len(found), sum(row.injected for row in found)
    kept = sum(row.good for row in found)
    said = (
        f"{kinds} rows, {injected:,} injections in {seconds / 60:.0f} min on {page.machine()}: "
        f"{kept} of {kinds} promises kept."
    )
    return "\n".join([HEAD, *(row.line() for row in found), "", said])


def main() -> None:
    """Print each row as it is done, then what all come to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder, start, found = Path(tempfile.mkdtemp(prefix="faults-")), time.monotonic(), []
    print(HEAD)
    for row in rows(folder, SHORT if options.short else NIGHTLY):
        print(row.line(), flush=True)
        found.append(row)
    whole = table(found, time.monotonic() - start)
    print("\n" + whole.rpartition("\n")[2])
    if options.write:
        page.write("table", whole)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not all(row.good for row in found))


if __name__ == "__main__":
    main()
