"""Measure a draft on a Dask cluster: how near it comes to its slots' ideal, and what deaths cost.

    python benchmarks/cluster.py [--shared PATH] [--papers N] [--workers N] [--slots N]
                                 [--kills N] [--latency S] [--only speed|deaths]

The papers are the ICML 2015 corpus over and over, by a seed, each under a title of its own, so that
each is a request of its own; their texts are in the cache. A stub server of models answers each
request after `--latency` seconds with words of that request, so that replies that were mixed up
would show in the post. One scheduler and `--workers` workers are processes of their own on this
machine, with `--slots` slots of a model in all.

`speed` times the whole command, beside the ideal of the slots (papers x latency / slots), and
compares the post with the one of a single machine. `deaths` kills workers at random `--kills`
times, the scheduler once and the driver once, all outright, until every paper is done; then it
looks through the server's record for requests that were sent again though the first was not in
flight at any kill.
"""

import argparse
import contextlib
import csv
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from arguments import arguments, missing
from distributed import Client
from machine import Others, described
from overhead import stub

LIBRARIES = ["paper-roundup", "distributed", "aiohttp"]
SEED = 9
SLACK = 0.5  # seconds by which a request that was in flight at a kill may have been answered late


def main() -> int:
    """Run the benchmark and print what it came to."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=2_000, metavar="N")
    parser.add_argument("--workers", type=int, default=4, metavar="N")
    parser.add_argument("--slots", type=int, default=16, metavar="N", help="over all workers")
    parser.add_argument("--kills", type=int, default=20, metavar="N")
    parser.add_argument("--latency", type=float, default=1.0, metavar="S")
    parser.add_argument("--only", choices=["speed", "deaths"])
    options = parser.parse_args()
    if missing(options.shared):
        return 2
    print(described(LIBRARIES), "\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        table = papers_list(options.shared, folder / "list.csv", options.papers)
        each_once = papers_list(options.shared, folder / "texts.csv", 0)
        draft(each_once, folder, "read.md", "--model", "extractive").wait()
        with stub(options.shared, 0.05) as address:
            alone = draft(table, folder, "alone.md", "--model", "local/stub", "--jobs", "16",
                          "--api-base", f"{address}/v1")  # fmt: skip
            assert alone.wait() == 0, "the run on a single machine failed"
        good = options.only == "deaths" or _speed(options, table, folder)
        return 0 if (options.only == "speed" or _deaths(options, table, folder)) and good else 1


def _speed(options: argparse.Namespace, table: Path, folder: Path) -> bool:
    ideal = options.papers * options.latency / options.slots
    with stub(options.shared, options.latency) as address:
        machines = Machines(folder / "speed", options.workers, options.slots, address)
        _forget(folder)
        others, load = Others(), os.getloadavg()[0]
        before, there, started = os.times(), machines.worked(), time.perf_counter()
        run = draft(table, folder, "many.md", "--model", "local/stub",
                    "--cluster", machines.address)  # fmt: skip
        code = run.wait()
        wall, after, cores = time.perf_counter() - started, os.times(), others.cores()
        parts = {
            "driver": after.children_user + after.children_system
            - before.children_user - before.children_system
        }  # fmt: skip
        parts |= {name: spent - there[name] for name, spent in machines.worked().items()}
        machines.close()
    same = (folder / "many.md").read_bytes() == (folder / "alone.md").read_bytes()
    print(f"{options.papers:,} papers, {options.workers} workers, {options.slots} slots, stub at "
          f"{options.latency} s: {wall:.1f} s, ideal {ideal:.1f} s, efficiency "
          f"{ideal / wall:.2f} (asked: 0.85)")  # fmt: skip
    spent = ", ".join(f"{name} {worked:.1f} s ({worked / options.papers * 1000:.1f} ms a paper)"
                      for name, worked in parts.items())  # fmt: skip
    print(f"processor time: {spent}; load {load:.1f} as it began; cores that other programs, the "
          f"cluster and the stub took: {cores or 0:.2f}")  # fmt: skip
    print(f"exit code {code}; the post is the single machine's, byte for byte: {same}\n")
    return code == 0 and same and ideal / wall >= 0.85


def _deaths(options: argparse.Namespace, table: Path, folder: Path) -> bool:
    record, chance = folder / "asked.jsonl", random.Random(SEED)
    _forget(folder)
    deaths: list[tuple[float, float, str]] = []  # from when to when who died
    with stub(options.shared, options.latency, "--record", str(record)) as address:
        machines = Machines(folder / "deaths", options.workers, options.slots, address)
        arguments = ("--model", "local/stub", "--cluster", machines.address)
        run = draft(table, folder, "killed.md", *arguments)
        ended, running = threading.Event(), [run]

        def kill() -> None:
            plan = ["worker"] * options.kills
            plan.insert(options.kills // 3, "scheduler")
            plan.insert(2 * options.kills // 3, "driver")
            for number, what in enumerate(plan, 1):
                due = options.papers * (number - chance.random()) / (len(plan) + 1)
                while _lines(record) < due:  # by how far it has come, however fast that goes
                    if ended.wait(0.1):
                        return
                begin = time.time()
                if what == "worker":
                    machines.kill_worker(chance)
                elif what == "scheduler":
                    machines.restart_scheduler()
                else:
                    running[0].kill()
                    running[0].wait()
                deaths.append((begin, time.time(), what))
                if what == "driver":
                    running[0] = draft(table, folder, "killed.md", *arguments)

        killer = threading.Thread(target=kill)
        started = time.perf_counter()
        killer.start()
        while (code := running[0].wait()) < 0:  # the driver was killed, and begins again
            time.sleep(0.5)
        ended.set()
        killer.join()
        wall = time.perf_counter() - started
        machines.close()
    same = (folder / "killed.md").read_bytes() == (folder / "alone.md").read_bytes()
    sent = _sent(record)
    again = sum(len(times) - 1 for times in sent.values())
    late = [  # seconds after which each had its answer at the latest, when somebody died next
        max(0.0, min((begin - t - options.latency for begin, end, _ in deaths if t - 0.05 <= end),
                     default=math.inf))
        for times in sent.values()
        for t in sorted(times)[:-1]
    ]  # fmt: skip
    unexplained = [seconds for seconds in late if seconds > SLACK]
    killed = [what for _, _, what in deaths]
    counts = ", ".join(f"{killed.count(what)} of the {what}" for what in dict.fromkeys(killed))
    print(f"deaths: {counts}, in {wall:.1f} s; exit code {code}")
    print(f"requests: {len(sent):,} distinct, {again} sent again, {len(unexplained)} of them "
          "though the first was not in flight at a kill"
          + "".join(f"; {seconds:.1f} s before one" for seconds in unexplained))  # fmt: skip
    print(f"the post is the single machine's, byte for byte: {same}")
    return code == 0 and same and not unexplained


def _lines(path: Path) -> int:
    """Count the lines of a file that grows to a hundred megabytes."""
    grep = subprocess.run(["wc", "-l", path], capture_output=True, text=True, check=False)
    return int(grep.stdout.split()[0]) if grep.stdout else 0


def _sent(record: Path) -> dict[str, list[float]]:
    """Return when each distinct request was sent, in seconds since the epoch."""
    sent: dict[str, list[float]] = defaultdict(list)
    with record.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            if "messages" in told["body"]:
                sent[json.dumps(told["body"], sort_keys=True)].append(told["t"])
    return sent


class Machines:
    """A scheduler and workers, each a process of its own, as an operator would start them."""

    def __init__(self, folder: Path, workers: int, slots: int, address: str) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self._port = one.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._folder, self._count, self._base = folder, workers, f"{address}/v1"
        self._slots = slots // workers
        folder.mkdir()
        self._start()

    def _start(self) -> None:
        self._scheduler = self._run("scheduler", "--port", self._port)
        self._workers = [
            self._run("worker", self.address, "--nthreads", self._slots + 1, "--resources",
                      f"model={self._slots},pdf=1", "--local-directory", self._folder / str(number))
            for number in range(self._count)
        ]  # fmt: skip
        with Client(  # type: ignore[no-untyped-call]
            self.address, timeout=120, set_as_default=False
        ) as client:
            client.wait_for_workers(self._count, timeout=120)

    def worked(self) -> dict[str, float]:
        """Return the processor time that the scheduler and the workers have taken, in seconds."""
        return {
            "scheduler": _worked(self._scheduler.pid),
            "workers": sum(_worked(worker.pid) for worker in self._workers),
        }

    def kill_worker(self, chance: random.Random) -> None:
        """Kill one worker outright; its nanny starts another."""
        for child in _children(chance.choice(self._workers).pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def restart_scheduler(self) -> None:
        """Kill the scheduler; start it again, and the workers, which end without it."""
        self.close()
        self._start()

    def close(self) -> None:
        """End all of it."""
        for process in (self._scheduler, *self._workers):
            below = _children(process.pid)
            process.kill()
            process.wait()
            for child in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def _run(self, what: str, *arguments: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, arguments),
             "--no-dashboard", "--host", "127.0.0.1"],
            env=os.environ | {"ROUNDUP_API_BASE": self._base},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def _worked(pid: int) -> float:
    """Return the processor time that a process has taken and all below it, in seconds."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += int(stat[11]) + int(stat[12])
            waiting += _children(one)
    return total / os.sysconf("SC_CLK_TCK")


def papers_list(shared: Path, path: Path, papers: int) -> Path:
    """Write a list of so many papers, each with a title of its own and a text of the corpus.

    With 0 it is each paper of the corpus once.
    """
    chance = random.Random(SEED)
    with (shared / "data" / "iclr2024_accepted.csv").open(encoding="utf-8") as file:
        titles = sorted({row["title"] for row in csv.DictReader(file)})
    pdfs = sorted((shared / "corpus" / "icml2015" / "pdfs").glob("*.pdf"))
    chance.shuffle(titles)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "pdf"])
        writer.writerows(["", pdf] for pdf in pdfs * (papers == 0))
        for number in range(papers):
            more = f" ({number // len(titles) + 1})" * (number >= len(titles))
            writer.writerow([titles[number % len(titles)] + more, chance.choice(pdfs)])
    return path


def draft(table: Path, folder: Path, post: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a draft."""
    return subprocess.Popen(
        [sys.executable, "-m", "summarize", "draft", table, "--cache-dir", folder / "cache",
         "--quiet", "--title", "Papers", "--date", "2026-01-01", "-o", folder / post, *options],
    )  # fmt: skip


def _forget(folder: Path) -> None:
    """Let go of what was answered; texts stay."""
    subprocess.run(
        [sys.executable, "-m", "summarize", "cache", "clear", "--replies", "--yes",
         "--cache-dir", folder / "cache"], check=True, capture_output=True,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
