"""Shows a run while it goes on: live on a terminal, in lines in a pipe, as JSON events."""

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

from summarize.errors import OutputError
from summarize.posts.escape import seen
from summarize.records import Done, Json, Outcome, Paper, Skipped, Waiting
from summarize.report import Report
from summarize.secrets import hidden, hidden_in

# What a paper can be at, as the pipeline names it, in the words of the screen.
STAGES = {"fetch": "fetching", "extract": "reading", "ask": "asking", "wait": "waiting"}


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

    def report(self, report: Report) -> None:
        """The post is written."""


def choose(*, quiet: bool, events: bool, plain: bool = False) -> Progress:
    """Return what suits the streams: people read stderr, programs stdout.

    `plain` is for machines that have no memory to spare for a live screen.
    """
    listeners: list[Progress] = []
    if events:
        listeners.append(Events(sys.stdout))
    if not quiet:
        listeners.append(Live() if sys.stderr.isatty() and not plain else Lines(sys.stderr))
    return Several(listeners)


def describe(outcome: Outcome) -> str:
    """Say in one line what became of a paper."""
    if isinstance(outcome, Skipped):
        at = outcome.paper.where if outcome.stage == "source" else ""  # a post's papers have none
        where = f"{at}: " if at else ""
        return f"skipped ({outcome.stage}): {where}{outcome.paper.name}: {outcome.reason}"
    if isinstance(outcome, Waiting):
        return f"waiting (batch): {outcome.paper.name}"
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
        """Say how many; a run after another is counted anew."""
        self._total, self._count = papers, 0

    def stage(self, paper: Paper, stage: str) -> None:
        """Say nothing: a log of every step helps nobody."""

    def outcome(self, outcome: Outcome) -> None:
        """Say what became of a paper."""
        self._count += 1
        self.notice(f"[{self._count}/{self._total}] {describe(outcome)}")

    def notice(self, text: str) -> None:
        """Print a line, of nothing but what can be seen: titles and servers can say anything."""
        print(seen(hidden(text)), file=self._stream, flush=True)

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
        elif isinstance(outcome, Waiting):
            self.tell("waiting", **common)
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
        """Write one event, in ASCII: that fits whatever encoding stdout has.

        Raises `OutputError` when it can't be written, and `BrokenPipeError` when nobody reads.
        """
        line: Json = {"event": event, **fields}
        try:
            print(json.dumps(hidden_in(line)), file=self._stream, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            _drain(self._stream)
            raise OutputError(
                f"stdout can't be written: {error.strerror or error}",
                "see where --json is sent to, then run the same command again: "
                "what is done is kept",
            ) from error


def _drain(stream: IO[str]) -> None:
    """Let what a stream still holds go nowhere, or Python would fail with it once more at exit."""
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


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
        from rich.table import Column

        # What is counted keeps its width on a narrow terminal; what is under way gives way.
        fixed = Column(no_wrap=True)
        rest = Column(no_wrap=True, ratio=1, overflow="ellipsis")

        self._at: dict[str, str] = {}
        self._last = ""
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}", table_column=fixed),
            BarColumn(bar_width=12, table_column=fixed),
            MofNCompleteColumn(table_column=fixed),
            TimeElapsedColumn(table_column=fixed),
            TextColumn("left", table_column=fixed),
            TimeRemainingColumn(table_column=fixed),
            TextColumn("{task.fields[doing]}", markup=False, table_column=rest),
            console=self._console,
            expand=True,
            transient=True,
        )
        self._task = self._bar.add_task("papers", total=None, doing="")

    def begin(self, papers: int) -> None:
        """Show the bar, empty again where another run came before."""
        self._at.clear()
        self._bar.reset(self._task, total=papers, doing="")
        self._bar.start()

    def stage(self, paper: Paper, stage: str) -> None:
        """Show what is under way, and the paper that moved last."""
        self._at[paper.key] = stage
        self._last = self._last if stage == "wait" else paper.name
        counts = Counter(self._at.values())
        doing = [f"{words} {counts[s]}" for s, words in STAGES.items() if counts[s]]
        self._bar.update(self._task, doing=f"{', '.join(doing)} · {seen(self._last)}")

    def outcome(self, outcome: Outcome) -> None:
        """Move the bar on; what was skipped stays on the screen."""
        self._at.pop(outcome.paper.key, None)
        self._bar.advance(self._task)
        if isinstance(outcome, Skipped):
            self.notice(describe(outcome))

    def notice(self, text: str) -> None:
        """Print a line above the bar, of nothing but what can be seen."""
        self._console.print(seen(hidden(text)), soft_wrap=True)

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def report(self, report: Report) -> None:
        """Print it where the bar was."""
        for line in report.lines():
            self.notice(line)
