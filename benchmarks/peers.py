"""Measure `roundup draft` beside what people would otherwise use, on the same work.

    python benchmarks/peers.py [--shared PATH] [--papers N] [--latency S] [--home DIR]
                               [--peer NAME ...]

Real papers, their texts read beforehand; one stub server of models, which answers after a second.
A whole command is timed, from its start to the last file; the one that is started again for each
paper over fewer of them. Then the same with every fifth answer wrong in some way, over all. Each
peer has an environment of its own in --home, made at the first run.
"""

import argparse
import dataclasses
import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arguments import arguments, missing
from machine import described
from overhead import stub
from peer_set import DRIVERS, PEERS, Missing, Peer, checkout, environment, surroundings, version
from platformdirs import user_cache_path
from taken import Taken, take
from work import SCHEMA, SYSTEM, TEXT, Came, Paper, judged, kept, listed, papers, posted

HOME = user_cache_path("roundup-benchmarks")
LIBRARIES = ["paper-roundup", "aiohttp", "litellm"]
RATES = "429=0.05,500=0.05,drop=0.03,reset=0.02,trunc=0.03,empty=0.02"
FAULTS = ["--rate", RATES, "--retry-after", "1", "--seed", "7"]
OURS = (  # name, model, at once
    ("roundup", "local/stub", 1),
    ("roundup", "local/stub", 8),
    ("roundup, through litellm", "openai/stub", 8),
    ("roundup", "local/stub", 32),
)
HASTE = 0.2  # of the latency, where faults are what is measured
OTHER = json.dumps({"summary": TEXT, "relevance_score": 8})  # to what asks for no schema


@dataclass(frozen=True)
class Run:
    """One program on all papers: what it took, what it asked, what came of the papers."""

    name: str
    jobs: int
    papers: int
    taken: Taken
    requests: int
    whole: int  # answers that were a good summary
    sent: float  # kB of requests for each paper
    came: Came

    @property
    def wall(self) -> float:
        """Seconds by the clock, for each paper."""
        return self.taken.wall / self.papers

    @property
    def worked(self) -> float:
        """Seconds of processors, for each paper."""
        return self.taken.worked / self.papers

    @property
    def again(self) -> int:
        """Good summaries that were asked for again, or thrown away."""
        return max(0, self.whole - self.came.right)


Does = Callable[[list[Paper], str], tuple[Taken, dict[str, str]]]
"""Works on papers at an endpoint; gives what it took and each paper's line."""


@dataclass(frozen=True)
class Worker:
    """A program to be measured, how many it asks at once, and over how many papers it is timed."""

    name: str
    jobs: int
    does: Does
    fewer: int = 0


def main() -> int:
    """Run the benchmark and print its tables."""
    options = _options()
    if missing(options.shared / "corpus" / "icml2015", linux=True):
        return 2
    work = papers(options.shared, options.papers)
    with tempfile.TemporaryDirectory() as name:
        workers, versions, absent = _workers(work, Path(name), options)
        clean = [_run(options, work[: each.fewer or None], each) for each in workers]
        faults = [_run(options, work, each, *FAULTS) for each in workers]
    print(_report(clean, faults, options))
    print("\nMeasured: " + "; ".join(versions) + ".")
    print("".join(f"\nLeft out, since it can't be had here: {why}.\n" for why in absent))
    print(described(LIBRARIES))
    return 0


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=50, metavar="N")
    parser.add_argument("--latency", type=float, default=1.0, metavar="S")
    parser.add_argument("--home", type=Path, default=HOME, metavar="DIR")
    parser.add_argument("--peer", action="append", metavar="NAME", help="only those named so")
    return parser.parse_args()


def _workers(
    work: list[Paper], folder: Path, options: argparse.Namespace
) -> tuple[list[Worker], list[str], list[str]]:
    """Return who works, in the order of how many at once; their versions; who is not to be had."""
    workers: list[Worker] = []
    versions, absent = dict[str, None](), []
    for peer in PEERS:
        if options.peer and not any(word in peer.name for word in options.peer):
            continue
        try:
            programs = environment(peer, options.home)
            own = checkout(peer, options.home) if peer.repository else folder
        except Missing as why:
            absent.append(str(why))
            continue
        versions[version(peer, programs, options.home)] = None
        does = _peer(peer, programs, own, folder)
        workers.append(Worker(peer.name, peer.jobs, does, peer.fewer))
    table = listed(work, folder / "list.csv")
    _draft(table, folder, "--model", "extractive")  # reads the papers into the cache
    for name, model, jobs in OURS:
        workers.append(Worker(name, jobs, _ours(table, folder, model, jobs)))
    return sorted(workers, key=lambda each: each.jobs), list(versions), absent


def _peer(peer: Peer, programs: Path, own: Path, folder: Path) -> Does:
    texts, out, told = folder / "texts", folder / "out", folder / "job.json"

    def run(work: list[Paper], base: str) -> tuple[Taken, dict[str, str]]:
        for each in (texts, out):
            shutil.rmtree(each, ignore_errors=True)
            each.mkdir()
        for paper in work:
            (texts / paper.name).write_text(paper.text, "utf-8")
        given = [{**dataclasses.asdict(paper), "pdf": str(paper.pdf)} for paper in work]
        job = {"papers": given, "base": base, "jobs": peer.jobs, "out": str(out), "system": SYSTEM,
               "schema": SCHEMA, "checkout": str(own), "folder": str(folder)}  # fmt: skip
        told.write_text(json.dumps(job))
        command: list[str | Path] = [programs / "python", DRIVERS / peer.driver, told]
        if peer.driver.endswith(".sh"):
            schema = json.dumps(SCHEMA)
            command = ["sh", DRIVERS / peer.driver, programs / "llm", texts, out, schema, SYSTEM]
        taken = take(command, cwd=folder, env=surroundings(folder, base))
        return taken, kept(work, out)

    return run


def _ours(table: Path, folder: Path, model: str, jobs: int) -> Does:
    def run(work: list[Paper], base: str) -> tuple[Taken, dict[str, str]]:
        take([sys.executable, "-m", "summarize", "cache", "clear", "--replies", "--yes",
              "--cache-dir", str(folder / "cache")])  # fmt: skip
        taken = _draft(table, folder, "--model", model, "--api-base", base, "--jobs", str(jobs))
        return taken, posted(work, folder / "post.md")

    return run


def _draft(table: Path, folder: Path, *options: str) -> Taken:
    post = folder / "post.md"
    post.unlink(missing_ok=True)
    taken = take(
        [sys.executable, "-m", "summarize", "draft", table, "--cache-dir", folder / "cache",
         "--quiet", "--yes", "--force", "-o", post, *options],
        env=os.environ | {"OPENAI_API_KEY": "none"},
    )  # fmt: skip
    if not post.is_file():
        raise SystemExit(f"no post was written: {taken.err}")
    return taken


def _run(options: argparse.Namespace, work: list[Paper], worker: Worker, *faults: str) -> Run:
    """Have one program do the work at an endpoint of its own."""
    name, jobs = worker.name, worker.jobs
    print(f"{name}, {jobs} at once{', with faults' if faults else ''}", file=sys.stderr)
    latency = options.latency * (HASTE if faults else 1)
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record"
        more = ["--text", OTHER, "--record", str(record), *faults]
        with stub(options.shared, latency, *more) as address:
            taken, lines = worker.does(work, f"{address}/v1")
            with urllib.request.urlopen(f"{address}/__stats") as answer:
                stats: dict[str, Any] = json.load(answer)
        sent = record.stat().st_size / len(work) / 1000 if record.is_file() else 0
    if taken.code:
        print(f"  ended with {taken.code}: {taken.err.strip()[-600:]}", file=sys.stderr)
    whole = stats["faults"].get("ok", 0)
    came = judged(work, lines)
    run = Run(name, jobs, len(work), taken, stats["requests"], whole, sent, came)
    print(f"  {run.taken.wall:.1f} s, {run.taken.memory:.0f} MB, {run.came}", file=sys.stderr)
    return run


def _report(clean: list[Run], faults: list[Run], options: argparse.Namespace) -> str:
    lines = [
        "| program | at once | papers | wall s | × ideal | CPU s | memory, MB | requests "
        "| kB a paper |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for run in clean:
        ideal = -(-run.papers // run.jobs) * options.latency
        lines.append(
            f"| {_bold(run.name)} | {run.jobs} | {run.papers} | {run.taken.wall:.1f} | "
            f"{run.taken.wall / ideal:.2f} | {run.taken.worked:.1f} | {run.taken.memory:.0f} | "
            f"{run.requests} | {run.sent:.0f} |"
        )
    lines += [
        f"\nWith every fifth answer wrong ({RATES}), each after {options.latency * HASTE:g} s:\n",
        "| program | at once | right | wrong | lost | good answers had twice | requests | wall s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for run in faults:
        came = run.came
        lines.append(
            f"| {_bold(run.name)} | {run.jobs} | {came.right} | {came.wrong} | {came.lost} | "
            f"{run.again} | {run.requests} | {run.taken.wall:.1f} |"
        )
    return "\n".join([*lines, "", *_verdicts(clean, faults)])


def _bold(name: str) -> str:
    return f"**{name}**" if name.startswith("roundup") else name


def _verdicts(clean: list[Run], faults: list[Run]) -> list[str]:
    """Say of each peer where `roundup` is ahead of it at the same concurrency, and where not."""
    ours = {(run.name, run.jobs): (run, harmed) for run, harmed in zip(clean, faults, strict=True)}
    said = []
    for run, harmed in zip(clean, faults, strict=True):
        if run.name.startswith("roundup"):
            continue
        for name in ("roundup", OURS[2][0]) if "litellm" in run.name else ("roundup",):
            us, us_harmed = ours[name, run.jobs]
            pairs = {
                "wall time": (us.wall, run.wall),
                "processor time": (us.worked, run.worked),
                "memory": (us.taken.memory, run.taken.memory),
                "papers right under faults": (-us_harmed.came.right, -harmed.came.right),
            }
            parts = [
                f"{word} in {', '.join(of)}"
                for word, of in (
                    ("ahead", [what for what, (our, their) in pairs.items() if our < their]),
                    ("even", [what for what, (our, their) in pairs.items() if our == their]),
                    (
                        "**not ahead**",
                        [what for what, (our, their) in pairs.items() if our > their],
                    ),
                )
                if of
            ]
            said.append(f"- Beside {run.name}: {name}, {run.jobs} at once, is {'; '.join(parts)}.")
    return said


if __name__ == "__main__":
    sys.exit(main())
