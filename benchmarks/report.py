"""What came of a benchmark, as one table: what was measured, and what was asked."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Any

from machine import MB
from quality import NEAR, Judged
from readers import POOLS
from runs import PROGRAMS, Runs

Cell = float | str | None
Rows = dict[str, dict[str, Cell]]
"""What each row of the table says of each program."""
CLOCKED = "times one worker"
OTHERS = "cores taken by other programs"
BUSY = 0.25  # cores that others take, from which two workers cannot be told from one
HEADINGS = {name: f"roundup, {name}" for name in POOLS}


@dataclass(frozen=True)
class Asked:
    """What is asked of one figure."""

    corpus: str
    row: str
    programs: tuple[str, ...]
    sign: str
    limit: float

    def met(self, rows: dict[str, Rows]) -> bool | None:
        """Tell whether the figures are as asked, where that can be known."""
        known = _numbers(rows[self.corpus][self.row], self.programs)
        others = _numbers(rows[self.corpus][OTHERS], POOLS)
        if not known or (self.row == CLOCKED and max(others, default=0.0) > BUSY):
            return None
        holds = {"≥": operator.ge, "<": operator.lt}[self.sign]
        return all(holds(figure, self.limit) for figure in known)

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


ASKED = (
    Asked("icml2015", "times raw pypdfium2", ("roundup",), "≥", 0.5),
    Asked("icml2015", "times raw pypdf", ("roundup",), "≥", 8),
    Asked("icml2015", CLOCKED, ("2 workers",), "≥", 1.7),
    Asked("icml2015", "peak memory, MB", tuple(POOLS), "<", 150),
)


def _numbers(cells: dict[str, Cell], programs: Iterable[str]) -> list[float]:
    found = (cells.get(program) for program in programs)
    return [cell for cell in found if isinstance(cell, float)]


def figures(pages: int, runs: dict[str, Runs]) -> Rows:
    """Return the rows of one corpus, each with its figure for every program."""
    clock = {name: _speed(pages, run.seconds) for name, run in runs.items()}
    alone = {name: _speed(pages, run.worked) for name, run in runs.items() if run.worked}
    rows: Rows = {
        "pages per second": dict(clock),
        "pages per second of a processor": dict(alone),
        "times raw pypdfium2": {n: speed / alone["pypdfium2"] for n, speed in alone.items()},
        "times raw pypdf": {n: speed / alone["pypdf"] for n, speed in alone.items()},
        CLOCKED: {n: clock[n] / clock["1 worker"] for n in POOLS},
        OTHERS: {n: _others(run) for n, run in runs.items()},
        "peak memory, MB": {n: max(r.peaks) / MB if r.peaks else None for n, r in runs.items()},
        "papers not read": {n: str(len(run.unread)) for n, run in runs.items()},
    }
    for name, of in _QUALITY.items():
        cells = {program: of(run.judged) for program, run in runs.items()}
        if any(cell is not None for cell in cells.values()):
            rows[name] = cells
    return rows


def _speed(pages: int, times: dict[str, list[float]]) -> float:
    """Return the pages per second, each paper in its best round."""
    return pages / sum(map(min, times.values()))


def _others(run: Runs) -> float | None:
    """Return the cores that others took in the round that counts, or in the quietest."""
    if not run.others:
        return None
    times = run.seconds.get("all")
    return run.others[times.index(min(times))] if times else min(run.others)


def _count(field: str, least: float = 1) -> Callable[[list[Judged]], Cell]:
    """Return a function that counts the papers with so much of a field, among those with any."""

    def count(papers: list[Judged]) -> Cell:
        known = _known(papers, field)
        return f"{sum(value >= least for value in known)} of {len(known)}" if known else None

    return count


def _mean(field: str) -> Callable[[list[Judged]], Cell]:
    def average(papers: list[Judged]) -> Cell:
        known = _known(papers, field)
        return float(mean(known)) if known else None

    return average


def _known(papers: Iterable[Judged], field: str) -> list[float]:
    values = (getattr(paper, field) for paper in papers)
    return [value for value in values if value is not None]


def _leaks(papers: list[Judged]) -> Cell:
    known = [paper.leaked for paper in papers if paper.leaked is not None]
    return f"{sum(map(bool, known))} of {len(known)}" if known else None


_QUALITY: dict[str, Callable[[list[Judged]], Cell]] = {
    "titles right": _count("title"),
    "abstracts: similarity": _mean("abstract"),
    f"abstracts: at least {NEAR:.2f}": _count("abstract", NEAR),
    "abstracts: begin right": _count("begins"),
    "abstracts: end right": _count("ends"),
    "known abstract in one piece in the text": _mean("contained"),
    f"the same: at least {NEAR:.2f}": _count("contained", NEAR),
    "reference list in a body": _leaks,
    "reference list in a section of its own": _count("references"),
    "words as in the source or made by hand, F1": _mean("true_words"),
    "runs of five words, likewise": _mean("true_runs"),
    "words as another program read them, F1": _mean("words"),
    "runs of five words, likewise ": _mean("runs"),
}


_DIGITS = {"MB": 0, "second": 1, "cores": 1, "times": 2}


def table(pages: dict[str, str], rows: dict[str, Rows]) -> str:
    """Return one Markdown table; `pages` says of each corpus how large it is."""
    lines = [["", *(HEADINGS.get(p, p) for p in PROGRAMS), "asked", ""]]
    for corpus, figured in rows.items():
        lines.append([f"**{corpus}**: {pages[corpus]}"])
        for row, cells in figured.items():
            asked = next((a for a in ASKED if (a.corpus, a.row) == (corpus, row)), None)
            said = [str(asked), _verdict(asked.met(rows))] if asked else ["", ""]
            lines.append([row.strip(), *(_shown(row, cells.get(p)) for p in PROGRAMS), *said])
    return _aligned(lines)


def _shown(row: str, cell: Cell) -> str:
    if isinstance(cell, float):
        digits = next((n for word, n in _DIGITS.items() if word in row), 3)
        return f"{cell:.{digits}f}"
    return cell or "-"


def _verdict(met: bool | None) -> str:
    return {True: "met", False: "**missed**", None: "not known (busy)"}[met]


def _aligned(lines: list[list[str]]) -> str:
    width = len(lines[0])
    filled = [line + [""] * (width - len(line)) for line in lines]
    widths = [max(len(line[i]) for line in filled if i == 0 or line[1]) for i in range(width)]
    filled.insert(1, ["-" * w if i == 0 else "-" * (w - 1) + ":" for i, w in enumerate(widths)])
    return "\n".join(
        "| " + " | ".join((str.rjust if i else str.ljust)(c, w) for i, (c, w) in zipped) + " |"
        for zipped in (list(enumerate(zip(line, widths, strict=True))) for line in filled)
    )


def verdicts(rows: dict[str, Rows]) -> list[dict[str, Any]]:
    """Return what was asked, and whether it is met, as data."""
    return [{"corpus": a.corpus, "row": a.row, "asked": str(a), "met": a.met(rows)} for a in ASKED]
