"""Compare reading papers into whole Documents with what the extraction libraries do raw.

    python benchmarks/extraction.py [--shared PATH] [--papers N] [--rounds N] [--json OUT] [--worst]

Every program reads the same papers in a fresh process of its own; rounds go through all programs
in turn, and each paper's best round counts. What is asked of `roundup` stands beside its figures,
with whether it is met.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pypdfium2
from arguments import arguments
from corpora import Corpus, icml2015, papers
from machine import described
from report import Rows, figures, table, verdicts
from runs import Runs, measured
from worst import worst

LIBRARIES = ["paper-roundup", "pypdfium2", "pypdf", "pymupdf", "rapidfuzz", "pydantic"]


def main() -> int:
    """Run the benchmark and print its table."""
    options = _options()
    try:
        corpora = [make(options.shared).first(options.papers) for make in (icml2015, papers)]
    except OSError as error:
        print(
            f"The papers are not there ({error.filename}): --shared names the folder that holds "
            "corpus/icml2015 and corpus/papers.",
            file=sys.stderr,
        )
        return 2
    runs = {corpus.name: measured(corpus, options.rounds) for corpus in corpora}
    pages = {corpus.name: _pages(corpus) for corpus in corpora}
    sizes = {c.name: f"{len(c.papers)} papers, {pages[c.name]} pages" for c in corpora}
    rows = {name: figures(pages[name], programs) for name, programs in runs.items()}
    machine = described(LIBRARIES)
    print(machine, _explained(options.rounds), table(sizes, rows), sep="\n\n")
    if options.worst:
        for corpus in corpora:
            print("\n".join(worst(corpus, runs[corpus.name]["roundup"].judged)))
    if options.json:
        options.json.write_text(_json(machine, rows, runs), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=_count, metavar="N", help="only N papers of each corpus")
    parser.add_argument("--rounds", type=_count, default=3, metavar="N")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every figure there too")
    parser.add_argument("--worst", action="store_true", help="show what was read worst")
    return parser.parse_args()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _pages(corpus: Corpus) -> int:
    return sum(len(pypdfium2.PdfDocument(paper.path)) for paper in corpus.papers)


def _explained(rounds: int) -> str:
    best = f"the best of {rounds} rounds for each paper (for a pool: for all)"
    return (
        f"Speed: {best if rounds > 1 else 'one round'}. Before the clock starts,\n"
        "papers are in memory, and programs imported and warm. Programs of one process are\n"
        "compared by the processor time they took, pools by the clock. Memory: the most that the\n"
        "process held, or the largest of a pool's workers. Quality: the first round's."
    )


def _json(machine: str, rows: dict[str, Rows], runs: dict[str, dict[str, Runs]]) -> str:
    raw = {
        corpus: {program: asdict(run) for program, run in programs.items()}
        for corpus, programs in runs.items()
    }
    told = {"machine": machine, "figures": rows, "asked": verdicts(rows), "runs": raw}
    return json.dumps(told, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    raise SystemExit(main())
