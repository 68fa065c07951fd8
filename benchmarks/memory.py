"""Measure how memory and time grow with the list.

    python benchmarks/memory.py [--shared PATH] [--sizes N,N,...] [--keep FOLDER]

Lists of so many papers are made by a seed out of the 2,251 abstracts accepted at ICLR 2024 (the
abstracts themselves, then the first half of one with the second half of another). Each is drafted
by the embedded summarizer from the abstracts, with a cache of its own; then again, over the post
that is there; then again over the post after somebody has edited every third entry. Prints the
most memory that the command held, what of it comes with each paper beyond the first list's, and
the processor's time for each paper.
"""

import csv
import itertools
import random
import re
import sys
import tempfile
from pathlib import Path

from arguments import arguments, missing
from machine import MB, described
from taken import Taken, take

SIZES = (100, 1_000, 10_000)
SEED = 7
MOST_GROWTH = 6.0  # kB of peak memory for each paper beyond the first list's
MOST_SLOWER = 1.2  # times the time of a paper, in a list of 1,000
LIBRARIES = ["paper-roundup", "pydantic", "diskcache"]


def main() -> int:
    """Run the benchmark and print its table."""
    parser = arguments(__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="N,N,...")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where the lists and posts stay"
    )
    options = parser.parse_args()
    if missing(options.shared / "data", linux=True):
        return 2
    print(described(LIBRARIES), "\n")
    print("| papers | the post | peak MB | kB for each more | CPU s | CPU ms a paper |")
    print("|---:|---|---:|---:|---:|---:|")
    first: dict[str, tuple[int, Taken]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        if any(folder.iterdir()):  # a post that is there would not be new
            print(f"{folder} is not empty: name another folder with --keep", file=sys.stderr)
            return 2
        for size in map(int, options.sizes.split(",")):
            table, post = (
                abstracts(folder / f"{size}.csv", size, options.shared),
                folder / f"{size}.md",
            )
            for how in ("is new", "is there", "was edited"):
                if how == "was edited":
                    _edit(post)
                taken = _draft(table, post)
                few, least = first.setdefault(how, (size, taken))
                more = f"{each_more(few, least, size, taken):.1f}" if size > few else ""
                print(f"| {size:,} | {how} | {taken.memory:.1f} | {more} | {taken.worked:.2f} | "
                      f"{taken.worked / size * 1000:.2f} |", flush=True)  # fmt: skip
    print(f"\nAsked of a new post: under {MOST_GROWTH:g} kB for each more, and under "
          f"{MOST_SLOWER:g} times the time of a paper in a list of 1,000.")  # fmt: skip
    return 0


def each_more(few: int, least: Taken, papers: int, taken: Taken) -> float:
    """Return the kB of memory for each paper that one list has more than a shorter one."""
    return (taken.memory - least.memory) * MB / (papers - few) / 1000


def abstracts(path: Path, count: int, shared: Path) -> Path:
    """Write a list of so many papers with their abstracts, no two of them the same."""
    with (shared / "data" / "iclr2024_accepted.csv").open(encoding="utf-8", newline="") as file:
        real = [(row["title"], row["abstract"]) for row in csv.DictReader(file)]
    chance = random.Random(SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "url", "abstract"])
        for number in range(count):
            title, abstract = real[number % len(real)]
            if number >= len(real):
                title = f"{title} ({number})"
                abstract = f"{_half(abstract, 0)} {_half(chance.choice(real)[1], 1)}"
            writer.writerow([title, f"https://openreview.net/forum?id=p{number:07}", abstract])
    return path


def _half(abstract: str, second: int) -> str:
    sentences = re.split(r"(?<=[.!?]) ", abstract)
    middle = (len(sentences) + 1) // 2
    return " ".join(sentences[middle:] if second else sentences[:middle])


def _edit(post: Path) -> None:
    """Put a person's words behind the first line of every third entry."""
    count = itertools.count()

    def edited(entry: re.Match[str]) -> str:
        return entry[0] + " My own take." * (next(count) % 3 == 0)

    text = re.sub(r"(?m)^1\. .*$", edited, post.read_text("utf-8"))
    post.write_text(text, "utf-8")


def _draft(table: Path, post: Path) -> Taken:
    """Draft a post; return what it took."""
    taken = take(
        [sys.executable, "-m", "summarize", "draft", table, "--abstract-only", "--quiet",
         "--cache-dir", post.with_suffix(".cache"), "-o", post]
    )  # fmt: skip
    if taken.code:
        raise SystemExit(taken.err)
    return taken


if __name__ == "__main__":
    sys.exit(main())
