"""Measure `roundup draft --profile edge`: what it takes of a small board beside the model.

    python benchmarks/edge.py [--shared PATH] [--papers N]

Documents are in the cache and a server on this machine answers: memory and processor time are our
own process's. Then one fresh PDF is read: memory is that of the whole tree of processes.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arguments import arguments, missing
from machine import described
from overhead import papers_list, stub
from taken import held

CODE = """
import resource, sys
from summarize.__main__ import main
sys.argv = ["roundup", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    code = end.code
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]
print(used.ru_utime + used.ru_stime, int(peak) / 1024, int("litellm" in sys.modules), code or 0)
"""


def main() -> int:
    """Run the benchmark and print its table."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=10, metavar="N")
    options = parser.parse_args()
    corpus = options.shared / "corpus" / "icml2015"
    if missing(corpus, linux=True):
        return 2
    print(described(["paper-roundup", "aiohttp", "pydantic"]), "\n")
    with tempfile.TemporaryDirectory() as name, stub(options.shared, 0.2) as address:
        folder = Path(name)
        table = papers_list(corpus, folder / "list.csv", options.papers)
        edge = ["--profile", "edge", "--model", "local/stub", "--api-base", f"{address}/v1"]
        _edge(folder, table, "--model", "extractive")  # reads the papers into the cache
        worked, memory, heavy, _ = _edge(folder, table, *edge)
        print("| what | measured | asked |\n|---|---:|---:|")
        print(
            f"| our memory at most, {options.papers} cached documents, MB | {memory:.0f} | < 80 |"
        )
        print(f"| our processor time, s | {worked:.2f} | < 0.6 |")
        print(f"| litellm imported | {'yes' if heavy else 'no'} | no |")
        one = papers_list(corpus, folder / "one.csv", 1)
        tree = _tree(folder, one, *edge)
        print(f"| memory of all processes at most, one fresh PDF, MB | {tree:.0f} | < 160 |")
    return 0


def _command(folder: Path, table: Path, cache: str, *options: str) -> list[str]:
    return [
        sys.executable, "-c", CODE, "draft", str(table), "--cache-dir", str(folder / cache),
        "--quiet", "--force", "-o", str(folder / "post.md"), *options,
    ]  # fmt: skip


def _edge(folder: Path, table: Path, *options: str) -> list[float]:
    """Draft a post; return what its process tells of itself."""
    done = subprocess.run(
        _command(folder, table, "cache", *options), check=False, capture_output=True, text=True
    )
    told = [float(word) for word in done.stdout.split()]
    if not told or told[-1]:
        raise SystemExit(done.stderr)
    return told


def _tree(folder: Path, table: Path, *options: str) -> float:
    """Draft a post of a paper that was never read; return the most memory of all processes, MB."""
    most = 0.0
    with subprocess.Popen(
        _command(folder, table, "fresh", *options), stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            most = max(most, held(process.pid))
            time.sleep(0.005)
    return most


if __name__ == "__main__":
    sys.exit(main())
