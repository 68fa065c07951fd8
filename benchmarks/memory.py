"""Measure how memory and time grow with the list.

    python benchmarks/memory.py [--shared PATH] [--sizes N,N,...] [--rounds N] [--keep FOLDER]

Lists of so many distinct papers are made, by a seed, of the titles that ICLR 2024 accepted and of
sentences out of its abstracts. Each is drafted by the embedded summarizer from the abstracts, in a
process and with a cache of its own. Prints the most memory that the process held, what of it comes
with each paper beyond the first list's, and the processor's time for each paper.
"""

import csv
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from arguments import arguments, missing
from machine import MB, described

SIZES = (100, 1_000, 10_000)
SENTENCES = 9  # of an abstract, as those of ICLR 2024 have
MOST_GROWTH = 6.0  # kB of peak memory for each paper beyond the first list's
MOST_SLOWER = 1.2  # times the time of a paper, in a list of 1,000
LIBRARIES = ["paper-roundup", "pydantic", "diskcache"]
# The whole command, and then what it took.
COMMAND = """
import json, resource, sys
sys.path.insert(0, {here!r})
from machine import peak_memory
code = 0
try:
    from summarize.__main__ import main
    sys.argv = ["roundup", *{arguments!r}]
    main()
except SystemExit as end:
    code = end.code
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps(dict(code=code, peak=peak_memory(), cpu=used.ru_utime + used.ru_stime)))
"""


def main() -> int:
    """Run the benchmark and print its table."""
    parser = arguments(__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N,...")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where the lists and posts stay"
    )
    options = parser.parse_args()
    data = options.shared / "data"
    if missing(data):
        return 2
    print(described(LIBRARIES), "\n")
    print("| papers | again | peak MB | kB for each more | CPU s | CPU ms a paper |")
    print("|---:|---|---:|---:|---:|---:|")
    first: dict[bool, tuple[int, int]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        for size in map(int, options.sizes.split(",")):
            table = papers_list(data, folder / f"{size}.csv", size)
            for again in (False, True):
                runs = [_draft(table, folder / f"{size}", again=again, number=number)
                        for number in range(options.rounds)]  # fmt: skip
                peak, cpu = min(peak for peak, _ in runs), min(cpu for _, cpu in runs)
                few, least = first.setdefault(again, (size, peak))
                more = f"{(peak - least) / (size - few) / 1000:.1f}" if size > few else ""
                print(f"| {size:,} | {'cached' * again} | {peak / MB:.1f} | {more} | {cpu:.2f} | "
                      f"{cpu / size * 1000:.2f} |", flush=True)  # fmt: skip
    print(f"\nAsked: under {MOST_GROWTH:g} kB for each more, and under {MOST_SLOWER:g} times "
          "the time of a paper in a list of 1,000.")  # fmt: skip
    return 0


def papers_list(data: Path, path: Path, papers: int, seed: int = 9) -> Path:
    """Write a list of so many papers, each with a key, a title and an abstract of its own."""
    chance = random.Random(seed)
    with (data / "iclr2024_accepted.csv").open(encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    with (data / "iclr2024_with_abstracts.csv").open(encoding="utf-8") as file:
        told = [row["abstract"] for row in csv.DictReader(file)]
    sentences = [s for text in told for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if s]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "url", "abstract"])
        for number in range(papers):
            title = titles[number % len(titles)]
            more = f" ({number // len(titles) + 1})" if number >= len(titles) else ""
            abstract = " ".join(chance.sample(sentences, SENTENCES))
            writer.writerow(
                [title + more, f"https://openreview.net/forum?id=m{number:09}", abstract]
            )
    return path


def _draft(table: Path, folder: Path, *, again: bool, number: int) -> tuple[int, float]:
    """Draft a post; return the most memory in bytes, and the seconds of a processor."""
    cache = folder / f"cache{number}"
    post = folder / f"post{number}.md"
    arguments = ["draft", str(table), "--abstract-only", "--quiet", "--cache-dir", str(cache),
                 "-o", str(post)]  # fmt: skip
    folder.mkdir(exist_ok=True)
    command = COMMAND.format(here=str(Path(__file__).parent), arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise SystemExit(done.stderr) from None
    if told["code"]:
        raise SystemExit(done.stderr)
    return told["peak"], told["cpu"]


if __name__ == "__main__":
    sys.exit(main())
