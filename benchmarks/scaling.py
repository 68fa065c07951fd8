"""Measure how `roundup draft` grows: with the papers, with what is asked at once, with workers.

    python benchmarks/scaling.py [--shared PATH] [--papers N] [--jobs N] [--plots DIR]

Papers: lists of abstracts, as `memory.py` makes them, summarized by the embedded summarizer. At
once: papers of ICML 2015 whose texts are in the cache, each under several titles, and a stub server
that answers after a second. Workers: Dask's on this machine, over the same. Each is a whole
command; what it takes before the first paper is in it.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from arguments import arguments, missing
from machine import described, loop
from memory import abstracts, each_more
from overhead import papers_list, stub
from plot import chart
from taken import Taken, take

LATENCY = 1.0
WAVES = 8  # of requests, so that the start of the command weighs little
FIRST = 100  # papers, beyond which memory is counted for each
SLOTS = 4  # requests at once of each Dask worker
DASK_WAVES = 16  # a cluster takes longer to start
LIBRARIES = ["paper-roundup", "aiohttp", "diskcache", "pydantic", "distributed"]


@dataclass(frozen=True)
class Step:
    """One size of one scale: how many, on how many papers, and what it took."""

    size: int
    papers: int
    taken: Taken


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=10_000, metavar="N", help="at most")
    parser.add_argument("--jobs", type=int, default=128, metavar="N", help="at most")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="where plots are written")
    options = parser.parse_args()
    if missing(options.shared, linux=True):
        return 2
    before = loop()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grown = _papers(folder, options.papers, options.shared)
        corpus = options.shared / "corpus" / "icml2015"
        with stub(options.shared, LATENCY) as address:
            asked = _jobs(folder, options.jobs, corpus, address)
            worked = _workers(folder, corpus, address)
    print(_of_papers(grown), _of_jobs(asked), _of_workers(worked), sep="\n\n")
    print(f"\n{described(LIBRARIES)}")
    print(f"three million additions took {before:.2f} s before, {loop():.2f} s after")
    if options.plots:
        _plot(options.plots, grown, asked, worked)
    return 0


def _papers(folder: Path, most: int, shared: Path) -> list[Step]:
    steps = []
    for count in _powers(10, most, 10):
        table = abstracts(folder / f"{count}.csv", count, shared)
        taken = _draft(folder, table, "--model", "extractive", "--abstract-only")
        steps.append(Step(count, count, taken))
        shutil.rmtree(folder / "cache")
    return steps


def _jobs(folder: Path, most: int, corpus: Path, address: str) -> list[Step]:
    return [
        Step(jobs, jobs * WAVES, _asked(folder, jobs * WAVES, corpus, address, jobs))
        for jobs in _powers(1, most, 2)
    ]


def _workers(folder: Path, corpus: Path, address: str) -> list[Step]:
    """Measure with Dask workers, where this version of the program takes them."""
    help_text = subprocess.check_output(
        [sys.executable, "-m", "summarize", "draft", "--help"], text=True
    )
    if "--cluster" not in help_text or find_spec("distributed") is None:
        return []
    steps = []
    for workers in (1, 2, 4):
        slots = workers * SLOTS
        cluster = ["--cluster", f"local:{workers}"]
        taken = _asked(folder, slots * DASK_WAVES, corpus, address, slots, *cluster)
        steps.append(Step(workers, slots * DASK_WAVES, taken))
    return steps


def _asked(folder: Path, count: int, corpus: Path, address: str, jobs: int, *options: str) -> Taken:
    """Draft a post with a model, from papers whose texts are in the cache."""
    roundup = [sys.executable, "-m", "summarize"]
    if not (folder / "cache").is_dir():
        few = papers_list(corpus, folder / "few.csv", len(list((corpus / "pdfs").iterdir())))
        _draft(folder, few, "--model", "extractive")
    take([*roundup, "cache", "clear", "--replies", "--yes", "--cache-dir", str(folder / "cache")])
    table = papers_list(corpus, folder / f"{count}.csv", count)
    return _draft(folder, table, *_over(address), "--jobs", str(jobs), *options)


def _over(address: str) -> list[str]:
    return ["--model", "local/stub", "--api-base", f"{address}/v1"]


def _powers(first: int, most: int, base: int) -> list[int]:
    sizes = [first]
    while sizes[-1] * base <= most:
        sizes.append(sizes[-1] * base)
    return sizes


def _draft(folder: Path, table: Path, *options: str) -> Taken:
    """Draft a post of a list, and see that it has all of it."""
    post = folder / "post.md"
    print(f"{table.stem} papers, {' '.join(options)}", file=sys.stderr)
    taken = take(
        [sys.executable, "-m", "summarize", "draft", table, "--quiet", "--yes", "--force",
         "--cache-dir", folder / "cache", "-o", post, *options],
    )  # fmt: skip
    if taken.code:
        raise SystemExit(f"{table.stem} papers were not all drafted: {taken.err}")
    print(f"  {taken.wall:.1f} s, {taken.worked:.1f} s CPU, {taken.memory:.0f} MB", file=sys.stderr)
    return taken


def _of_papers(steps: list[Step]) -> str:
    lines = [
        "| papers | wall s | CPU s | CPU ms for each further paper | memory, MB "
        f"| kB for each paper beyond {FIRST} |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    first = next((step for step in steps if step.size >= FIRST), steps[0])
    for before, step in zip([None, *steps], steps, strict=False):
        each = _each(before, step) if before else None
        more = step.size > first.size
        kept = each_more(first.size, first.taken, step.size, step.taken) if more else 0.0
        lines.append(
            f"| {step.size:,} | {step.taken.wall:.1f} | {step.taken.worked:.1f} "
            f"| {'-' if each is None else f'{each:.1f}'} | {step.taken.memory:.0f} "
            f"| {f'{kept:.1f}' if more else '-'} |"
        )
    return "\n".join(lines)


def _each(before: Step, step: Step) -> float:
    """Return the milliseconds of a processor for each paper that one list has more."""
    return (step.taken.worked - before.taken.worked) / (step.size - before.size) * 1000


def _of_jobs(steps: list[Step]) -> str:
    lines = [
        "| at once | papers | ideal s | wall s | speed-up | efficiency | CPU s | memory, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {step.size} | {step.papers:,} | {WAVES * LATENCY:.0f} | {step.taken.wall:.2f} "
        f"| {_rate(step) * LATENCY:.1f} | {_rate(step) * LATENCY / step.size:.2f} "
        f"| {step.taken.worked:.1f} | {step.taken.memory:.0f} |"
        for step in steps
    ]
    return "\n".join(lines)


def _of_workers(steps: list[Step]) -> str:
    if not steps:
        return "Dask workers: not measured: this `roundup draft` takes none, or Dask is not there."
    lines = [
        "| Dask workers | at once | papers | ideal s | wall s | speed-up over one worker "
        "| efficiency | CPU s | memory of all, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for step in steps:
        slots = step.size * SLOTS
        lines.append(
            f"| {step.size} | {slots} | {step.papers} | {DASK_WAVES * LATENCY:.0f} "
            f"| {step.taken.wall:.2f} | {_rate(step) / _rate(steps[0]):.2f} "
            f"| {_rate(step) * LATENCY / slots:.2f} | {step.taken.worked:.1f} "
            f"| {step.taken.memory:.0f} |"
        )
    return "\n".join(lines)


def _rate(step: Step) -> float:
    """Return the papers in a second, the start of the command included."""
    return step.papers / step.taken.wall


def _plot(folder: Path, grown: list[Step], asked: list[Step], worked: list[Step]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = {"ideal": [(s.size, s.size / LATENCY) for s in asked],
             "measured": [(s.size, _rate(s)) for s in asked]}  # fmt: skip
    if worked:
        lines["Dask workers"] = [(s.size * SLOTS, _rate(s)) for s in worked]
    drawn = chart("Papers a second, by requests at once", "requests at once (the model takes 1 s)",
                  "papers a second", lines, ideal="ideal")  # fmt: skip
    (folder / "at-once.svg").write_text(drawn, "utf-8")
    across = "papers, summarized from their abstracts"
    for name, title, up, points in (
        ("time", "Processor time of a list", "seconds", [(s.size, s.taken.worked) for s in grown]),
        ("memory", "Memory of a list at most", "MB", [(s.size, s.taken.memory) for s in grown]),
    ):
        drawn = chart(f"{title}, by its papers", across, up, {title: points})
        (folder / f"{name}.svg").write_text(drawn, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
