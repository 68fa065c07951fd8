"""Run the benchmarks of `make bench`, and write docs/benchmarks.md and its plots.

    python benchmarks/page.py [--shared PATH] [--out FILE] [--only SCRIPT ...] [--quick]

`--only` renews the sections of some scripts, and leaves the others as they stand in the page.
`--quick` takes small counts: it shows that all runs, and its figures say little.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from arguments import arguments
from machine import Others, described, loop

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
BUSY = 0.25  # cores that other programs take, from which figures by the clock say little

HEAD = """\
# Benchmarks

*Written by `make bench`; do not edit it. What is measured, and how:
[benchmarks/README.md](../benchmarks/README.md).*

{machine}.
"""
MEASURED = """\
*Measured on {day}, in {minutes:.0f} min. Three million additions in Python took {loop:.2f} s of a
processor before and {after:.2f} s after; other programs took {others:.1f} of {cores} cores
meanwhile{busy}.*
"""
WARNING = ": **times by the clock say little here**; processor time and memory stand it better"
OF_PEERS = """\
The texts of 50 papers of ICML 2015 go in, a summary of each comes out; one stub server answers each
request after a second. Whole commands, from start to end; memory is that of all their processes.
The command that is started anew for each paper is timed over 16 of them, since each takes as long
as the first; it is compared by the time of a paper. Of `roundup`'s requests one asks the server for
its context, and one sends a quote back that is not in the paper: the one good answer more that it
has.
"""
OF_SCALES = """\
Whole commands again. Papers are summarized from their abstracts by the embedded summarizer; at once
is over a stub server that takes a second for each request.

![Papers a second, by requests at once]({plots}/at-once.svg)
![Processor time of a list, by its papers]({plots}/time.svg)
![Memory of a list at most, by its papers]({plots}/memory.svg)
"""
OF_COSTS = """\
What commands take that have nothing to do, the best of several; what the cache holds of each of 67
papers of ICML 2015; tokens sent of one in the mean, the answer's schema not counted.
"""
OF_CONFERENCE = """\
5,000 papers, by a model of events that is first held against two real runs. OpenReview has been
seen to give about 36 PDFs an hour; arXiv asks for three seconds between two requests. A hosted
model reads about 10,100 tokens of a paper and writes 400 in 8 s, at the price of gpt-4o-mini; a
board has a context of 4,096 tokens, reads 60 tokens a second and writes 8 (an assumption: measure
your own).
"""
CONCLUSIONS = """\
What follows from it:

- **OpenReview's quota binds, whatever the model**, until nearly every paper has a copy elsewhere. A
  run does not sit through it: it leaves the site alone once that says it is over its quota, and
  the same command, run again every hour, goes on.
- **Every tenth of the papers with a copy at arXiv saves about 14 hours.** `roundup enrich` finds
  them; a folder of PDFs (`--pdf-dir`) saves all of it.
- **With all PDFs at hand, tokens a minute bind a small hosted account**, not requests, and 32 at
  once are enough for it. A larger one is done in half an hour for the same few dollars.
- **Boards bind once four fifths have copies**: three of them take a day and a half, at no cost.
  Abstracts alone (`--abstract-only`) take the site out of it altogether.
"""


@dataclass(frozen=True)
class Part:
    """One section of the page: the script behind it, and what stands around its tables."""

    title: str
    script: str
    options: tuple[str, ...]
    quick: tuple[str, ...]
    before: str
    after: str = ""


PARTS = (
    Part("Beside what people would otherwise use", "peers.py", (),
         ("--papers", "8", "--latency", "0.2"), OF_PEERS),
    Part("As the work grows", "scaling.py", ("--plots", "{plots}"),
         ("--plots", "{plots}", "--papers", "100", "--jobs", "8"), OF_SCALES),
    Part("Start-up, bytes and tokens", "costs.py", (),
         ("--papers", "10", "--rounds", "2"), OF_COSTS),
    Part("A whole conference, simulated", "simulate.py", (), (), OF_CONFERENCE, CONCLUSIONS),
)  # fmt: skip


def main() -> int:
    """Run all of it, and write the page."""
    parser = arguments(__doc__)
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE")
    names = [part.script.removesuffix(".py") for part in PARTS]
    parser.add_argument("--only", action="append", choices=names, metavar="SCRIPT")
    parser.add_argument("--quick", action="store_true", help="small counts")
    options = parser.parse_args()
    started, there = time.monotonic(), _there(options.out)
    for part in PARTS:
        if not options.only or part.script.removesuffix(".py") in options.only:
            there[part.title] = _section(part, options)
            _write(options.out, there)  # what is measured stays, whatever becomes of the rest
    print(f"{options.out}: {(time.monotonic() - started) / 60:.1f} min", file=sys.stderr)
    return 0


def _there(page: Path) -> dict[str, str]:
    """Return the sections of the page as it stands, by their titles."""
    text = page.read_text("utf-8") if page.is_file() else ""
    parts = re.split(r"^## (.+)\n", text, flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _write(page: Path, sections: dict[str, str]) -> None:
    machine, _, versions = described(["paper-roundup", "litellm", "aiohttp"]).partition("\n")
    known = [part.title for part in PARTS if part.title in sections]
    text = [HEAD.format(machine=f"{machine}; {versions}")]
    text += [f"## {title}\n\n{sections[title].strip()}\n" for title in known]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(text), "utf-8")


def _section(part: Part, options: argparse.Namespace) -> str:
    """Run one script, and return its section. What it says of its machine stands at the top."""
    plots = options.out.parent / "plots"
    given = [each.format(plots=plots) for each in (part.quick if options.quick else part.options)]
    command = [sys.executable, str(HERE / part.script), "--shared", str(options.shared), *given]
    print(f"== {part.script}", file=sys.stderr)
    started, before, others = time.monotonic(), loop(), Others()
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{part.script} broke off; its section is as it was")
    cores, machine = others.cores() or 0.0, described([]).partition("\n")[0]
    measured = MEASURED.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}", minutes=(time.monotonic() - started) / 60, loop=before,
        after=loop(), others=cores, cores=os.cpu_count(), busy=WARNING * (cores > BUSY),
    )  # fmt: skip
    tables = re.sub(rf"\n+{re.escape(machine)}\n.*\Z", "", done.stdout.strip(), flags=re.S)
    head = part.before.format(plots=plots.name)
    return "\n".join([head, tables, "", measured, part.after])


if __name__ == "__main__":
    sys.exit(main())
