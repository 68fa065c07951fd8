"""All programs over all papers, in rounds: what each took, and what it read."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpora import Corpus
from golds import Gold
from machine import Others
from quality import Judged, judged
from readers import POOLS, READERS

PATIENCE = 1_800  # seconds for one program to read one corpus
PROGRAMS = [*READERS, *POOLS]


@dataclass
class Runs:
    """All rounds of one program over one corpus. What it read is judged in the first.

    Times are in seconds, by the clock and of a processor; a pool has one for all papers.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    worked: dict[str, list[float]] = field(default_factory=dict)
    others: list[float] = field(default_factory=list)  # cores that other programs took meanwhile
    peaks: list[int] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)


def measured(corpus: Corpus, rounds: int) -> dict[str, Runs]:
    """Have every program read the corpus in each round; every second round goes backwards."""
    runs = {program: Runs() for program in PROGRAMS}
    golds = {paper.path.stem: paper.gold for paper in corpus.papers}
    for number in range(rounds):
        for program in PROGRAMS if number % 2 == 0 else reversed(PROGRAMS):
            print(f"round {number + 1} of {rounds}: {corpus.name}, {program}", file=sys.stderr)
            for told in _read(program, corpus):
                _add(runs[program], told)
                if number == 0:
                    _judge(runs[program], told, golds)
    return runs


def _add(run: Runs, told: dict[str, Any]) -> None:
    """Add what one round took: of one paper, of all that a pool read, or of the process."""
    for name, times in (("seconds", run.seconds), ("worked", run.worked)):
        if name in told:
            times.setdefault(told.get("paper", "all"), []).append(told[name])
    for name, each in (("peak", run.peaks), ("others", run.others)):
        if told.get(name) is not None:
            each.append(told[name])


def _judge(run: Runs, told: dict[str, Any], golds: dict[str, Gold]) -> None:
    """Judge what was read, and remember what could not be."""
    run.unread += told.get("errors", [])
    if "paper" in told:
        run.judged.append(judged(told, golds[told["paper"]]))
        run.unread += [f"{told['paper']}: {told['error']}"] if "error" in told else []


def _read(program: str, corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Have one program read the corpus in a fresh process, and yield what it tells."""
    script, others = Path(__file__).with_name("readers.py"), Others()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "told.jsonl"
        done = subprocess.run(
            [sys.executable, str(script), program, str(out)],
            input=json.dumps([str(paper.path) for paper in corpus.papers]),
            text=True,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{program} broke off: {done.stderr.strip()[-2_000:]}")
        yield {"others": others.cores()}
        with out.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
