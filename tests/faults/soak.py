"""A long run: 2,000 papers over HTTP, 32 at once, every fifth answer wrong in some way.

    python -m tests.faults.soak 2000 [--write]

Prints what memory and open files were after the first tenth of the papers and at the end: neither
may grow with the list. The papers are made by a seed out of the corpora's words. With `--write` the
figures go into docs/reliability.md.
"""

import argparse
import json
import os
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.faults import page, papers
from tests.faults.promises import AGAIN, BROKEN, of
from tests.faults.server import MISDEEDS, Server, model
from tests.faults.workspace import started
from tests.processes import descendants, memory

SHARE = 0.2  # of answers that go wrong
MOST = 15 * 60.0  # seconds
# Seconds of an answer: long at first, until as many are at it as may be. Every twentieth says that
# the service is asked too much, and is obeyed: from then on about six are at it at once, so that as
# much for all of them would be a soak of waiting.
LATENCY, AT_FIRST, FIRST = 1.0, 6.0, 64  # the last: papers
# What passes. Silence is left out: the program waits for it as long as it is made to.
FAULTS = [f for f in MISDEEDS if of(f) in {AGAIN, BROKEN} and f != "said to be packed"]


def soak(count: int, folder: Path, jobs: int = 32, seed: int = 5) -> dict[str, Any]:
    """Run over so many papers; return the figures."""
    rng, said, before = random.Random(seed), folder / "said.txt", time.process_time()

    def plan(_key: str, attempt: int) -> str:
        return rng.choice(FAULTS) if attempt < 4 and rng.random() < SHARE else ""

    with Server(papers.served, plan) as site, Server(model, plan) as answers:
        answers.latency = AT_FIRST
        listed = papers.make(folder, count, seed, site.url)
        start = time.monotonic()
        process = started(
            folder, "draft", listed, "-o", "p.md", "--cache-dir", "cache", "--jobs", jobs,
            "--model", "local/fake", "--api-base", f"{answers.url}/v1", said=said,
        )  # fmt: skip
        seen: list[tuple[int, int, int]] = []  # papers done, bytes of memory, open files
        while process.poll() is None and time.monotonic() - start < MOST:
            time.sleep(1.0)
            held, files = memory(process.pid), _files(process.pid)
            if held and files:
                seen.append((_done(said), held, files))
                answers.latency = AT_FIRST if seen[-1][0] < FIRST else LATENCY
        in_time = process.poll() is not None
        process.kill()
        code = process.wait()
        seconds = time.monotonic() - start
        faults = site.injected.total() + answers.injected.total()
        twice = sum(n - 1 for server in (site, answers) for n in server.given.values())
        most = answers.most_at_once
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The middle of what was seen around each moment: one look may catch a paper being read.
    early = [one for one in seen if count * 0.08 <= one[0] <= count * 0.12] or seen[:1]
    late = [one for one in seen if one[0] >= count * 0.9] or seen[-1:]
    early_memory = statistics.median(one[1] for one in early)
    late_memory = statistics.median(one[1] for one in late)
    text = said.read_text("utf-8", "replace")
    done = re.findall(r"(\d[\d,]*) of \d[\d,]* papers done", text)
    return {
        "papers": count,
        "done": int(done[-1].replace(",", "")) if done else 0,
        "in_time": in_time,
        "exit": code,
        "seconds": round(seconds),
        "at_once": most,
        "faults": faults,
        "had_twice": twice,
        "tracebacks": text.count("Traceback"),
        "memory_early_mb": round(early_memory / 1e6, 1),
        "memory_late_mb": round(late_memory / 1e6, 1),
        "memory_growth": round(late_memory / early_memory - 1, 3),
        "memory_peak_mb": round(max(one[1] for one in seen) / 1e6, 1),
        "files_early": statistics.median(one[2] for one in early),
        "files_late": statistics.median(one[2] for one in late),
        "files_peak": max(one[2] for one in seen),
        "cpu_seconds": round(used.ru_utime + used.ru_stime),
        "cpu_seconds_of_servers": round(time.process_time() - before),
        "machine": page.machine(),
    }


def good(found: dict[str, Any]) -> bool:
    """Tell whether all that is promised of a soak was kept."""
    return bool(
        found["in_time"]
        and found["done"] == found["papers"]
        and found["memory_growth"] <= 0.2
        and found["files_late"] <= found["files_early"] * 1.2
        and not (found["had_twice"] or found["tracebacks"])
    )


def told(found: dict[str, Any]) -> str:
    """Return the figures as the page has them."""
    rows = {
        "papers done": f"{found['done']:,} of {found['papers']:,}",
        "time": f"{found['seconds']} s, of at most {MOST:.0f}; {found['cpu_seconds']} s of CPU",
        "papers asked about at once, at most": found["at_once"],
        "faults": f"{found['faults']:,}",
        "had twice": found["had_twice"],
        "tracebacks": found["tracebacks"],
        "memory of all its processes, after the first 200 papers": f"{found['memory_early_mb']} MB",
        "and at the end": f"{found['memory_late_mb']} MB ({found['memory_growth']:+.1%})",
        "open files then, and then": f"{found['files_early']:.0f} and {found['files_late']:.0f}",
    }
    lines = [f"| {what} | {value} |" for what, value in rows.items()]
    kept = "All that is promised was kept." if good(found) else "**NOT KEPT.**"
    return "\n".join(["| What | |", "|---|---|", *lines, "", f"{kept} {found['machine']}."])


def _done(said: Path) -> int:
    found = re.findall(r"^\[(\d+)/", said.read_text("utf-8", "replace")[-4000:], re.MULTILINE)
    return int(found[-1]) if found else 0


def _files(pid: int) -> int:
    """Count the open files of a process and all below it."""
    total = 0
    for each in descendants(pid):
        try:
            total += len(os.listdir(f"/proc/{each}/fd"))  # noqa: PTH208
        except OSError:
            continue
    return total


def main() -> None:
    """Print the figures of a soak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = soak(options.count, Path(tempfile.mkdtemp(prefix="soak-")))
    print(json.dumps(found, indent=1))
    if options.write:
        page.write("soak", told(found))
    sys.exit(not good(found))


if __name__ == "__main__":
    main()
