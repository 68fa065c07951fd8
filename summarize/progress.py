"""Shows a run while it goes on: live on a terminal, in lines in a pipe, as JSON events."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from summarize.records import Done, Json, Outcome, Paper, Reply, Skipped

STAGES = {"fetch": "fetching", "extract": "reading", "ask": "asking"}


class Progress(Protocol):
    """A listener. The pipeline tells it what happens and knows nothing of screens."""

    def begin(self, papers: int) -> None:
        """A run of so many papers begins."""

    def stage(self, paper: Paper, stage: str) -> None:
        """A paper has come to a stage of its walk."""

    def outcome(self, outcome: Outcome) -> None:
        """A paper's walk has ended."""

    def notice(self, text: str) -> None:
        """Something the person should know, in one line."""

    def end(self) -> None:
        """The run is over, however it ended."""

    def report(self, report: "Report") -> None:
        """The post is written."""


@dataclass
class Tally:
    """What a run has asked for, whatever became of it. Cost in US dollars, where known."""

    papers: int = 0
    done: int = 0
    requests: int = 0
    downloads: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    cost: float | None = None

    def add(self, reply: Reply) -> None:
        """Count a reply."""
        self.requests += 1
        self.tokens_read += reply.tokens_read or 0
        self.tokens_written += reply.tokens_written or 0
        if reply.cost is not None:
            self.cost = (self.cost or 0.0) + reply.cost


@dataclass(frozen=True)
class Report:
    """What a whole run came to."""

    outcomes: Sequence[Outcome]
    rejected: int  # rows of the list that can't be used
    tally: Tally
    seconds: float
    post: Path
    backup: Path | None = None

    @property
    def done(self) -> list[Done]:
        """The papers with a summary."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Done)]

    @property
    def skipped(self) -> list[Skipped]:
        """The papers without one."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Skipped)]

    @property
    def complete(self) -> bool:
        """Whether everything in the list is in the post, with a summary."""
        return not self.skipped and not self.rejected

    def counts(self) -> Json:
        """Return the figures, by name."""
        done, tally = self.done, self.tally
        return {
            "papers": len(self.outcomes),
            "done": len(done),
            "cached": sum(outcome.receipt.cached for outcome in done),
            "from_abstract": sum(outcome.receipt.basis == "abstract" for outcome in done),
            "skipped": len(self.skipped),
            "rejected_rows": self.rejected,
            "downloads": tally.downloads,
            "requests": tally.requests,
            "tokens_read": tally.tokens_read,
            "tokens_written": tally.tokens_written,
            "cost": tally.cost,
            "seconds": round(self.seconds, 2),
        }

    def lines(self) -> list[str]:
        """Say it in a few lines."""
        c = self.counts()
        parts = [f"{c['done']} of {c['papers']} papers done"]
        parts += [f"{c['cached']} from the cache"] if c["cached"] else []
        parts += [f"{c['from_abstract']} from the abstract alone"] if c["from_abstract"] else []
        parts += [f"{c['skipped']} skipped"] if c["skipped"] else []
        parts += [f"{c['rejected_rows']} rows not used"] if c["rejected_rows"] else []
        asked = [f"{c['downloads']} PDFs fetched"] if c["downloads"] else []
        tokens = self.tally.tokens_read + self.tally.tokens_written
        if tokens:
            asked.append(f"{c['requests']} requests, {tokens:,} tokens")
        if self.tally.cost is not None:
            asked.append(f"${self.tally.cost:.4f}")
        said = [", ".join(parts) + f" in {self.seconds:.1f} s" + "".join(f"; {a}" for a in asked)]
        said += self._reasons()
        if self.backup:
            said.append(f"The post that was there is kept as {self.backup}")
        return [*said, f"Wrote {self.post}"]

    def _reasons(self) -> list[str]:
        """Say why papers were skipped or read from the abstract, each reason once."""
        why = Counter(f"skipped ({o.stage}): {o.reason}" for o in self.skipped)
        why += Counter(
            f"from the abstract: {o.receipt.because}" for o in self.done if o.receipt.because
        )
        return [f"  {count} × {reason}" for reason, count in why.most_common(8)]


def choose(*, quiet: bool, events: bool) -> Progress:
    """Return what suits the streams: people read stderr, programs stdout."""
    listeners: list[Progress] = []
    if events:
        listeners.append(Events(sys.stdout))
    if not quiet:
        listeners.append(Live() if sys.stderr.isatty() else Lines(sys.stderr))
    return Several(listeners)


def describe(outcome: Outcome) -> str:
    """Say in one line what became of a paper."""
    if isinstance(outcome, Skipped):
        return f"skipped ({outcome.stage}): {outcome.paper.name}: {outcome.reason}"
    how = "cached" if outcome.receipt.cached else f"{outcome.receipt.seconds:.1f} s"
    if outcome.receipt.basis == "abstract":
        because = f": {outcome.receipt.because}" if outcome.receipt.because else ""
        how += f", from the abstract{because}"
    return f"done ({how}): {outcome.paper.name}"


class Several:
    """Tells every listener."""

    def __init__(self, listeners: Sequence[Progress]) -> None:
        self._listeners = listeners

    def begin(self, papers: int) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.begin(papers)

    def stage(self, paper: Paper, stage: str) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.stage(paper, stage)

    def outcome(self, outcome: Outcome) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.outcome(outcome)

    def notice(self, text: str) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.notice(text)

    def end(self) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.end()

    def report(self, report: Report) -> None:
        """Pass on."""
        for listener in self._listeners:
            listener.report(report)


class Lines:
    """A plain line for each outcome."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._total = self._count = 0

    def begin(self, papers: int) -> None:
        """Say how many."""
        self._total = papers

    def stage(self, paper: Paper, stage: str) -> None:
        """Say nothing: a log of every step helps nobody."""

    def outcome(self, outcome: Outcome) -> None:
        """Say what became of a paper."""
        self._count += 1
        self.notice(f"[{self._count}/{self._total}] {describe(outcome)}")

    def notice(self, text: str) -> None:
        """Print a line."""
        print(text, file=self._stream, flush=True)

    def end(self) -> None:
        """Say nothing: the report follows."""

    def report(self, report: Report) -> None:
        """Print it."""
        for line in report.lines():
            self.notice(line)


class Events:
    """One JSON object a line, for programs."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def begin(self, papers: int) -> None:
        """Tell that a run begins."""
        self.tell("begin", papers=papers)

    def stage(self, paper: Paper, stage: str) -> None:
        """Tell that a paper has come to a stage."""
        self.tell("stage", key=paper.key, stage=stage)

    def outcome(self, outcome: Outcome) -> None:
        """Tell what became of a paper."""
        common = {"key": outcome.paper.key, "title": outcome.paper.title}
        if isinstance(outcome, Done):
            summary = outcome.grounded.summary.model_dump(mode="json")
            receipt = outcome.receipt.model_dump(mode="json")
            self.tell("done", **common, summary=summary, receipt=receipt)
        else:
            self.tell("skipped", **common, stage=outcome.stage, reason=outcome.reason)

    def notice(self, text: str) -> None:
        """Tell what a person would be told."""
        self.tell("notice", text=text)

    def end(self) -> None:
        """Tell nothing: the report does, and its absence too."""

    def report(self, report: Report) -> None:
        """Tell the figures and where the post is."""
        backup = str(report.backup) if report.backup else None
        self.tell("end", **report.counts(), post=str(report.post), backup=backup)

    def tell(self, event: str, **fields: object) -> None:
        """Write one event."""
        line: Json = {"event": event, **fields}
        print(json.dumps(line, ensure_ascii=False), file=self._stream, flush=True)


class Live:
    """A bar with counts, what is under way and the time left, on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._at: dict[str, str] = {}
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[doing]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("papers", total=None, doing="")

    def begin(self, papers: int) -> None:
        """Show the bar."""
        self._bar.update(self._task, total=papers)
        self._bar.start()

    def stage(self, paper: Paper, stage: str) -> None:
        """Show what is under way, and the paper that moved last."""
        self._at[paper.key] = stage
        counts = Counter(self._at.values())
        doing = [f"{words} {counts[s]}" for s, words in STAGES.items() if counts[s]]
        self._bar.update(self._task, doing=f"{', '.join(doing)} · {paper.name[:40]}")

    def outcome(self, outcome: Outcome) -> None:
        """Move the bar on; what was skipped stays on the screen."""
        self._at.pop(outcome.paper.key, None)
        self._bar.advance(self._task)
        if isinstance(outcome, Skipped):
            self.notice(describe(outcome))

    def notice(self, text: str) -> None:
        """Print a line above the bar."""
        self._console.print(text, soft_wrap=True)

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def report(self, report: Report) -> None:
        """Print it where the bar was."""
        for line in report.lines():
            self.notice(line)
