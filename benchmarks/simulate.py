"""Simulate a conference of 5,000 papers: how long, for how much, and which limit binds.

    python benchmarks/simulate.py [--shared PATH] [--papers N]

The model (`conference.py`) is first held against two real runs of small lists: one that a site's
quota binds (the tests' paper site and the stub model), one that a model's rate limit binds. Then
it says what a conference takes under OpenReview's quota, beside copies at arXiv, with hosted models
and with local boards.
"""

import csv
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

from arguments import arguments, missing
from conference import Asked, Conference, Site, simulate
from machine import described
from overhead import papers_list, stub
from taken import take

from summarize.prices import find
from summarize.read import read
from summarize.web.hosts import PACE, QUOTA

sys.path.append(str(Path(__file__).resolve().parent.parent))
from tests.paper_site import PaperSite

HOUR = 3_600.0
# What a paper has in tokens: see costs.py and plan.py. The program's own pace counts an answer as
# long as it may be.
READ, RESERVED, WRITTEN = 10_100, 12_100, 400
EDGE_READ, EDGE_WRITTEN = 2_900, 250
ANSWER = 8.0  # seconds of a hosted model: 1.5, and 400 tokens at 60 a second
PREFILL, DECODE = 60.0, 8.0  # tokens a second of one board with a small model: an assumption
PDF = 2.0  # seconds, of one PDF
READING = 0.2  # seconds of one paper on one core
PRICED = "openai/gpt-4o-mini"
QUOTA_HERE, WINDOW_HERE = 12, 6.0  # of the small site: PDFs in so many seconds
LIBRARIES = ["paper-roundup", "simpy", "aiohttp"]


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=5_000, metavar="N")
    options = parser.parse_args()
    corpus = options.shared / "corpus" / "icml2015"
    if missing(corpus, linux=True):
        return 2
    with tempfile.TemporaryDirectory() as name:
        print("| real run | measured s | the model says s | off by |\n|---|---:|---:|---:|")
        for what, real, said in (
            _quota(Path(name), corpus, options.shared),
            _limited(Path(name), corpus, options.shared),
        ):
            print(f"| {what} | {real:.1f} | {said:.1f} | {said / real - 1:+.0%} |")
    print(f"\n{_conferences(options.papers)}\n\n{described(LIBRARIES)}")
    return 0


def _quota(folder: Path, corpus: Path, shared: Path) -> tuple[str, float, float]:
    """Draft a list from a site with a quota; return what, the seconds measured and simulated."""
    pdfs, count = sorted((corpus / "pdfs").glob("*.pdf"))[:40], 40
    window = [-1e9, 0.0]  # when it began, and what is left of it

    def faults(_path: str, _attempt: int) -> str:
        now = time.monotonic()
        if now >= window[0] + WINDOW_HERE:
            window[:] = now, QUOTA_HERE
        window[1] -= 1
        site.retry_after = str(math.ceil(max(0.0, window[0] + WINDOW_HERE - now)))
        return "" if window[1] >= 0 else "429"

    with PaperSite(corpus / "pdfs", faults=faults) as site, stub(shared, 1.0) as address:
        table = folder / "site.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["title", "url"])
            writer.writerows((pdf.stem, f"{site.url}/v37/{pdf.name}") for pdf in pdfs)
        start = _start(folder)
        wall = _draft(folder, table, address, "--jobs", "8", "--allow-private")
    model = Conference(
        papers=count, first=Site(0.02, quota=QUOTA_HERE, window=WINDOW_HERE),
        model=Asked(8, 1.0), read=_reading(pdfs), ahead=64, start=start,
    )  # fmt: skip
    what = f"{count} PDFs of a site that gives {QUOTA_HERE} in {WINDOW_HERE:.0f} s, model 1 s"
    return what, wall, simulate(model)


def _limited(folder: Path, corpus: Path, shared: Path) -> tuple[str, float, float]:
    """Draft a list with a model that lets 30 requests pass in a minute; return the same."""
    table = papers_list(corpus, folder / "limited.csv", 40)
    with stub(shared, 1.0) as address:
        _draft(folder, table, "", "--model", "extractive")  # reads the papers into the cache
        start = _start(folder)
        wall = _draft(folder, table, address, "--jobs", "4", "--rpm", "30")
    model = Conference(papers=40, first=None, model=Asked(4, 1.0, rpm=30), ahead=48, start=start)
    return "40 papers that are read, a model of 30 requests a minute", wall, simulate(model)


def _reading(pdfs: list[Path]) -> float:
    """Return the seconds of one core that reading one of these papers takes here."""
    few = [pdf.read_bytes() for pdf in pdfs[:6]]
    read(few[0])  # all is imported
    times = []
    for pdf in few:
        started = time.process_time()
        read(pdf)
        times.append(time.process_time() - started)
    return statistics.mean(times)


def _start(folder: Path) -> float:
    """Return the seconds that the command takes with nothing to do."""
    table = folder / "nothing.csv"
    said = "Lists of papers are long. We propose a tool that summarizes each in one line."
    table.write_text(f"title,abstract\nA paper,{said}\n")
    options = ["--model", "extractive", "--abstract-only"]
    return min(_draft(folder, table, "", *options) for _ in range(3))


def _draft(folder: Path, table: Path, address: str, *options: str) -> float:
    model = ["--model", "local/stub", "--api-base", f"{address}/v1"] if address else []
    taken = take(
        [sys.executable, "-m", "summarize", "draft", table, "--quiet", "--yes", "--force",
         "--cache-dir", folder / "cache", "-o", folder / "post.md", *model, *options],
    )  # fmt: skip
    if taken.code:
        raise SystemExit(f"{table.name} was not drafted: {taken.err}")
    return taken.wall


def _conferences(papers: int) -> str:
    """Return the table of what a conference takes, by its copies at arXiv and by the model."""
    openreview = Site(PDF, quota=QUOTA["openreview.net"], window=HOUR)
    arxiv = Site(PDF, at_once=1, pace=PACE["arxiv.org"])
    board = EDGE_READ / PREFILL + EDGE_WRITTEN / DECODE
    models = {
        "hosted, 500 requests and 200,000 tokens a minute": Asked(
            32, ANSWER, RESERVED, rpm=500, tpm=200_000
        ),
        "hosted, 5,000 requests and 2,000,000 tokens a minute": Asked(
            32, ANSWER, RESERVED, rpm=5_000, tpm=2_000_000
        ),
        "three local boards": Asked(3, board),
    }
    lines = [
        "| copies at arXiv | model | all done after | binds | the site alone | the copies alone "
        "| the model alone | $ |",
        "|---:|---|---:|---|---:|---:|---:|---:|",
    ]
    for share in (0.0, 0.5, 0.8, 0.95, 1.0, None):
        for name, model in models.items():
            copies = 0 if share is None else round(papers * share)
            case = Conference(
                papers=papers, first=None if share is None else openreview, model=model,
                copies=copies, second=arxiv if copies else None, read=READING,
            )  # fmt: skip
            alone = case.alone()
            shown = "PDFs are here" if share is None else f"{share:.0%}"
            binds = max(alone, key=lambda part: alone[part])
            spent = "0" if "board" in name else f"{_money(papers):.2f}"
            lines.append(
                f"| {shown} | {name} | {_time(simulate(case))} | {binds} "
                f"| {_time(alone['the site'])} | {_time(alone['the copies'])} "
                f"| {_time(alone['the model'])} | {spent} |"
            )
    return "\n".join(lines)


def _money(papers: int) -> float:
    """Return the dollars that so many papers cost with the model whose price is taken."""
    price = find(PRICED)
    if price is None:
        raise SystemExit(f"litellm knows no price of {PRICED}")
    rate = price.rates[0]
    return papers * (READ * rate.read + WRITTEN * rate.written)


def _time(seconds: float) -> str:
    """Return a time in words."""
    if seconds >= 48 * HOUR:
        return f"{seconds / 24 / HOUR:.1f} days"
    return f"{seconds / HOUR:.1f} h" if seconds >= HOUR else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    sys.exit(main())
