"""Measure what `roundup draft` adds to the time that a model takes.

    python benchmarks/overhead.py [--shared PATH] [--papers N] [--jobs N] [--rounds N] [--many]

Papers' texts are in the cache; a stub server answers each request after one second. A whole
command is timed, from its start to the written post, through the light backend and through
litellm, beside the ideal: as many waves of requests as there must be. `--many` adds 1,000 papers
at 128 at once.
"""

import csv
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arguments import arguments, missing
from machine import described

LATENCY = 1.0
BACKENDS = {"light": ("local/stub", 1.25), "litellm": ("openai/stub", 2.0)}
LIBRARIES = ["paper-roundup", "aiohttp", "litellm"]


def main() -> int:
    """Run the benchmark and print its table."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=200, metavar="N")
    parser.add_argument("--jobs", type=int, default=32, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--many", action="store_true", help="also 1,000 papers at 128 at once")
    options = parser.parse_args()
    corpus = options.shared / "corpus" / "icml2015"
    if missing(corpus):
        return 2
    print(described(LIBRARIES), "\n")
    print("| backend | papers | at once | ideal s | wall s | times ideal | asked | CPU s | MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    cases = [(options.papers, options.jobs)] + ([(1_000, 128)] if options.many else [])
    with tempfile.TemporaryDirectory() as folder, stub(options.shared) as address:
        for papers, jobs in cases:
            table = papers_list(corpus, Path(folder) / f"{papers}.csv", papers)
            _draft(table, Path(folder), "extractive")  # reads the papers into the cache
            ideal = math.ceil(papers / jobs) * LATENCY
            for name, (model, most) in BACKENDS.items():
                best = min(
                    _draft(table, Path(folder), model, "--api-base", f"{address}/v1",
                           "--jobs", str(jobs), "--force")
                    for _ in range(options.rounds)
                )  # fmt: skip
                wall, worked, memory = best
                asked = f"≤ {most}" if (papers, jobs) == (200, 32) else ""
                print(
                    f"| {name} | {papers} | {jobs} | {ideal:.1f} | {wall:.2f} | {wall / ideal:.2f} "
                    f"| {asked} | {worked:.2f} | {memory:.0f} |"
                )
    return 0


def papers_list(corpus: Path, path: Path, papers: int) -> Path:
    """Write a list of so many papers: the corpus over and over, each time under another title."""
    with (corpus / "icml2015.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "pdf"])
        for number in range(papers):
            row = rows[number % len(rows)]
            name = row["url"].rpartition("/")[2].replace(".html", ".pdf")
            writer.writerow([f"{row['title']} ({number})", corpus / "pdfs" / name])
    return path


def _draft(table: Path, folder: Path, model: str, *options: str) -> tuple[float, float, float]:
    """Draft a post; return the seconds by the clock, of a processor, and the most memory in MB.

    Replies of an earlier round are let go of; texts stay.
    """
    cache = folder / "cache"
    roundup = [sys.executable, "-m", "summarize"]
    if cache.is_dir():
        subprocess.run([*roundup, "cache", "clear", "--replies", "--yes", "--cache-dir", cache],
                       check=True, capture_output=True)  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [*roundup, "draft", table, "--model", model, "--cache-dir", cache, "--quiet",
         "-o", folder / "post.md", *options],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    wall = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, worked, after.ru_maxrss / 1024


@contextmanager
def stub(shared: Path, latency: float = LATENCY, *options: str) -> Iterator[str]:
    """Run the stub server of models; give its address."""
    script = shared / "tools" / "stub_model_server.py"
    command = [sys.executable, str(script), "--latency", str(latency), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
