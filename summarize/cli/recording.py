"""A run's log while it goes on: in the cache, in a file of the person's, on the screen."""

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize import log
from summarize.cli import choice
from summarize.cli.running import SKIPPED, WAITING
from summarize.errors import InputError, RoundupError
from summarize.secrets import hidden

if TYPE_CHECKING:
    from summarize.progress import Progress
    from summarize.records import Entry, Outcome, Paper
    from summarize.report import Report
    from summarize.runs import Log
    from summarize.settings import Clock, Settings

LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Add all that happens to a file, one JSON object a line. The cache keeps the same of "
        "the last runs, for `roundup report`.",
    ),
]
Trace = Annotated[
    str,
    typer.Option(
        metavar="KEY",
        help="Show the whole walk of one paper, by its key or a part of its title: what was asked "
        "where, and what came of it.",
    ),
]


def record(
    ctx: typer.Context,
    screen: "Progress",
    settings: "Settings",
    clock: "Clock",
    papers: "Sequence[Entry]",
    *,
    post: Path | None = None,
    source: Path | None = None,
    prompt: str = "",
    log_file: Path | None = None,
    trace: str = "",
) -> "Progress":
    """Log all that happens until the command ends; return the progress that is logged, too.

    `source` is the list that the post is made of. Raises `InputError` for a file that can't be
    written, and for the key of no paper.
    """
    from summarize import __version__, runs
    from summarize.progress import Several
    from summarize.records import Paper

    traced = ""
    if trace:
        traced = named(trace, {p.key: p.title for p in papers if isinstance(p, Paper)})
    given = [runs.at(log_file)] if log_file else []
    kept = runs.begun(settings.cache_dir)
    logs = [*given, *([kept] if kept else [])]
    walk = functools.partial(_show, screen, clock.monotonic()) if traced else None

    def listener(line: log.Line) -> None:
        data = runs.written(line, clock.now())
        for each in logs:
            each.write(data)
        if walk and line.key == traced:
            walk(line, clock.monotonic())

    ctx.with_resource(_listening(listener, logs, screen, given))
    log.tell(
        "run begins",
        "run",
        version=__version__,
        command=str(ctx.info_name or ""),
        post=str(post.resolve()) if post else "",
        list=str(source) if source else "",
        model=settings.model,
        prompt=prompt,
    )
    return Several([screen, Logged()])


@contextlib.contextmanager
def _listening(
    listener: log.Listener, logs: "Sequence[Log]", screen: "Progress", given: "Sequence[Log]"
) -> Iterator[None]:
    with log.heard(listener):
        try:
            yield
        except RoundupError as error:
            log.tell("run ends", "run", level="error", how=f"it stopped: {error.message}")
            raise
        except typer.Exit as left:
            if left.exit_code:
                told = {SKIPPED: "with something left out", WAITING: "waiting for a batch"}
                log.tell("run ends", "run", how=told.get(left.exit_code, "it stopped"))
            else:
                log.tell("run ends", "run", how="all done")
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            log.tell("run ends", "run", level="error", how=f"it stopped: {what[:300]}")
            raise
        else:
            log.tell("run ends", "run", how="all done")
        finally:
            for each in logs:
                each.close()
            for each in given:
                if each.problem:
                    screen.notice(f"{each.path} is not the whole log: {each.problem}")


def named(wanted: str, titles: "Mapping[str, str]") -> str:
    """Return the key, of these with their titles, that is meant: by its end, or a part of either.

    Raises `InputError` where that is none, or more than one.
    """
    part = wanted.casefold()
    found = [key for key in titles if choice.is_among(key, [wanted])] or [
        key for key, title in titles.items() if part in key.casefold() or part in title.casefold()
    ]
    if len(found) == 1:
        return found[0]
    keys = found or list(titles)
    raise InputError(
        f"--trace {wanted} is {'more papers than one' if found else 'no paper of the list'}",
        f"keys are: {', '.join(keys[:5])}{', ...' * (len(keys) > 5)}" if keys else "it has none",
    )


def _show(screen: "Progress", began: float, line: log.Line, now: float) -> None:
    """Show a line of the walk of the paper that is traced, with the seconds since it began."""
    facts = {"stage": line.stage, "what": line.what, **line.facts}
    screen.notice(f"+{now - began:7.2f} s  {shown(facts)}")


def shown(line: "dict[str, log.Fact]") -> str:
    """Return a line of a log as a person reads it: its stage, what happened, and the facts."""
    facts = ", ".join(
        f"{name.replace('_', ' ')} {_figure(value)}"
        for name, value in line.items()
        if name not in {"time", "level", "key", "stage", "what"} and value not in {None, "", False}
    )
    return hidden(f"{line['stage']:8} {line['what']}" + (f": {facts}" if facts else ""))


def _figure(value: log.Fact) -> str:
    if value is True:
        return "yes"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


class Logged:
    """A progress that goes into the log."""

    def begin(self, papers: int) -> None:
        """Log how many papers there are."""
        log.tell("papers", "run", papers=papers)

    def stage(self, paper: "Paper", stage: str) -> None:
        """Log that a paper has come to a stage; that it waits is no news."""
        if stage != "wait":
            log.tell("begins", stage, level="debug")

    def outcome(self, outcome: "Outcome") -> None:
        """Log what became of a paper."""
        from summarize.records import Done, Skipped

        title = outcome.paper.title
        if isinstance(outcome, Done):
            receipt = outcome.receipt
            log.tell(
                "done",
                "end",
                title=title,
                cached=receipt.cached,
                basis=receipt.basis,
                because=receipt.because,
                seconds=round(receipt.seconds, 3),
                share=round(receipt.share, 3),
                support=receipt.support if receipt.support is None else round(receipt.support, 3),
                doubts="; ".join(receipt.doubts),
                unread="; ".join(receipt.unread),
                warnings="; ".join(receipt.warnings),
            )
        elif isinstance(outcome, Skipped):
            log.tell("skipped", outcome.stage, level="warning", title=title, reason=outcome.reason)
        else:
            log.tell("waiting", outcome.stage, title=title)

    def notice(self, text: str) -> None:
        """Log what the person is told."""
        log.tell("notice", "run", text=text)

    def end(self) -> None:
        """Log nothing: how the run ended is told when it has."""

    def report(self, report: "Report") -> None:
        """Log that the post is written."""
        log.tell("post written", "run", post=str(report.post), seconds=round(report.seconds, 3))
