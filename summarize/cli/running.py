"""What drafting and regenerating share: a run to its end, and the post that it comes to."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from summarize.cli import spending
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.backends import Backend
    from summarize.budget import Budget
    from summarize.cli.clusters import Joined
    from summarize.cli.workspace import Workspace
    from summarize.pipeline import Run
    from summarize.progress import Progress
    from summarize.records import Entry, Event, Outcome, Prompt, ReadingList
    from summarize.report import Report
    from summarize.revise import Revised
    from summarize.settings import Clock

SKIPPED = 3  # the exit code of a post that was written with something left out
WAITING = 4  # and of a run that wrote none yet, since answers will come with a batch
_OFFER = "roundup offers"
_DEFAULT = "default"  # the prompt that nobody asked for
MAX_TOLD = 20  # lines about one kind of thing
MAX_NAMED = 5  # titles in one line


def loaded(
    name: str, workspace: "Workspace", backend: "Backend", *, language: str, voice: bool
) -> "Prompt":
    """Return a prompt as it is to be sent. Raises `InputError` where nobody would read it."""
    from summarize import prompts
    from summarize.cli import voice as voices

    prompt = prompts.load(name, workspace.prompt_dirs)
    if not (language or voice):
        return prompt
    if backend.picks:
        raise InputError(
            f"{'--lang' if language else '--voice'} needs a model that writes: the default picks "
            "sentences of the papers, as they stand",
            "name one with --model",
        )
    examples = voices.load(workspace) if voice else ()
    return prompts.adapted(prompt, language=language, voice=examples)


def notices(reading: "ReadingList", progress: "Progress") -> None:
    """Say what was repaired in a list, and which of its rows can't be used."""
    for notice in (*reading.notices, *reading.rejected):
        progress.notice(notice)


def agreed(
    entries: "Sequence[Entry]",
    prompt: "Prompt",
    joined: "Joined",
    clock: "Clock",
    progress: "Progress",
    *,
    ask_above: float,
    budget: "Budget | None",
    yes: bool,
) -> "Run":
    """Return a run, once it was said what it is going to cost. Raises `InputError` for a no."""
    from summarize.pipeline import Run

    backend, settings, readers = joined
    if backend.picks and prompt.name != _DEFAULT:
        progress.notice(
            f"the prompt {prompt.name} changes nothing: the embedded summarizer takes none; "
            "--model names one that does"
        )
    spending.foresee(
        entries, prompt, backend, settings, clock, progress,
        ask_above=ask_above, budget=budget, yes=yes,
    )  # fmt: skip
    return Run(
        prompt=prompt,
        backend=backend,
        settings=settings,
        clock=clock,
        progress=progress,
        budget=budget,
        readers=readers,
    )


def walk(
    run: "Run",
    entries: "Sequence[Entry]",
    progress: "Progress",
    kept: "Callable[[Outcome | Event], Outcome | Event] | None" = None,
) -> "Sequence[Outcome | Event]":
    """Run to the end, or say on Ctrl-C what is kept. Results are what is `kept` of each.

    Ends the program where answers will come with a batch: no post is written yet.
    """
    from summarize.cli import interrupt
    from summarize.records import Waiting
    from summarize.spool import Spool

    results: Spool[Outcome | Event] = Spool()
    # A thread that grounds a summary is not to keep the loop from sending the next request.
    sys.setswitchinterval(0.001)

    async def collect() -> None:
        async with contextlib.aclosing(run.outcomes(entries)) as outcomes:
            async for result in outcomes:
                results.append(kept(result) if kept else result)

    def how_to_go_on() -> str:
        progress.end()
        return (
            f"{run.tally.done} of {run.tally.papers} papers are done and kept; no post was "
            "touched.\n  Run the same command again to go on from here."
        )

    interrupt.run(collect(), how_to_go_on)
    if run.batching and any(isinstance(result, Waiting) for result in results):
        for line in run.batching.lines(run.tally):
            progress.notice(line)
        raise typer.Exit(WAITING)
    return results


def finish(report: "Report", progress: "Progress", budget: "Budget | None" = None) -> None:
    """Say what a run came to; ends the program where the post lacks something."""
    progress.report(report)
    if budget and budget.refused:
        progress.notice(budget.advice())
    if not report.complete:
        raise typer.Exit(SKIPPED)


def told(revised: "Revised", post: Path) -> list[str]:
    """Say what became of what the person wrote, and where there is something to look at."""
    said: list[str] = []
    merged = revised.merged
    offers = [
        f"{post}:{number}: {line.strip()[:70]}..."
        for number, line in enumerate(revised.text.split("\n") if _OFFER in revised.text else (), 1)
        if "<!-- roundup offers for the " in line or line.startswith("# roundup offers: ")
    ]
    said += _listed("{} offered beside words of yours, which stay", "newer text", offers)
    said += _listed("{} gone from the list, and nobody had touched it", "entry", merged.removed)
    said += _listed("{} not in the list any more, and kept: you edited it", "entry", merged.kept)
    said += _listed("{} kept from before, for want of a newer one", "summary", revised.earlier)
    return said


def held_back(entries: "Sequence[Entry]", post: Path) -> list[str]:
    """Say in a line which entries stay out of a post since it has lost them, and the ways back."""
    from summarize.records import Paper

    if not entries:
        return []
    count = "1 entry of the list was" if len(entries) == 1 else f"{len(entries)} entries were"
    titles = [entry.title or entry.url for entry in entries[:MAX_NAMED]]
    titles += [f"{len(entries) - MAX_NAMED} more"] * (len(entries) > MAX_NAMED)
    keys = [entry.key for entry in entries if isinstance(entry, Paper)]
    back = f"--only {keys[0]} puts {'it' if len(entries) == 1 else 'one'} back, or " if keys else ""
    return [
        f"{count} taken out of {post}, and {'stays' if len(entries) == 1 else 'stay'} out: "
        f"{'; '.join(titles)} ({back}--force drafts all anew, with a backup of what you edited)"
    ]


def _listed(text: str, noun: str, things: Sequence[str]) -> list[str]:
    """Return a line that counts things, and one for each."""
    if not things:
        return []
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else f"{noun}s"
    count = f"{len(things)} {noun if len(things) == 1 else plural}"
    more = len(things) - MAX_TOLD
    shown = [f"  {thing}" for thing in things[:MAX_TOLD]]
    return [text.format(count), *shown, *([f"  and {more} more"] if more > 0 else [])]
