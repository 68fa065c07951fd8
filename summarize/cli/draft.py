"""`roundup draft`: from a reading list to a post."""

import contextlib
import datetime
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import choice, naming, spending
from summarize.cli.options import (
    AbstractOnly,
    ApiBase,
    CacheDir,
    Context,
    Engine,
    Jobs,
    Limit,
    List,
    Model,
    Offline,
    Only,
    Password,
    PdfDir,
    Profile,
    PromptName,
    checked_base,
    engine_of,
    folder,
)
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.pipeline import Run
    from summarize.progress import Progress
    from summarize.records import Entry, Event, Outcome

SKIPPED = 3  # the exit code of a post that was written with something left out


def draft(
    ctx: typer.Context,
    list_: List,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="POST",
            help="Where the post goes. Default: posts/DATE-STEM.md in a workspace, else STEM.md.",
        ),
    ] = None,
    model: Model = "extractive",
    api_base: ApiBase = None,
    context: Context = None,
    prompt: PromptName = "default",
    pdf_dir: PdfDir = None,
    abstract_only: AbstractOnly = False,
    offline: Offline = False,
    engine: Engine = "auto",
    password: Password = "",
    only: Only = None,
    limit: Limit = None,
    jobs: Jobs = 8,
    budget: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="DOLLARS",
            help="Spend no more than this on a hosted model; papers beyond it are left out.",
        ),
    ] = None,
    ask_above: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="DOLLARS",
            help="Ask first when it is going to cost more than this, and no budget is given.",
        ),
    ] = 1.0,
    rpm: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Model requests a minute, at most.")
    ] = None,
    tpm: Annotated[
        int | None, typer.Option(min=1000, metavar="N", help="Tokens a minute, at most.")
    ] = None,
    profile: Profile = "",
    title: Annotated[
        str | None, typer.Option(help="The post's title. Default: from the list's name.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="The post's date. Default: the day of its first draft."
        ),
    ] = None,
    cache_dir: CacheDir = None,
    json: Annotated[
        bool, typer.Option("--json", help="Write events to stdout, one JSON a line.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            "-y",
            help="Ask nothing: the papers' text may go to a hosted model, at its price.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a post that was edited (a backup is kept).")
    ] = False,
) -> None:
    """Draft a roundup post from a reading list.

    Fetches each paper's PDF, reads it, has it summarized, and writes a Markdown post to make
    your own. What was fetched and answered is kept: running it again asks for nothing twice.
    """
    from summarize import __version__, backends, posts, prompts, tables
    from summarize import output as out
    from summarize import plan as plans
    from summarize.cli import consent, interrupt, profiles
    from summarize.pipeline import Run
    from summarize.progress import choose
    from summarize.records import Event
    from summarize.report import Report
    from summarize.settings import Clock, Settings

    workspace: Workspace = ctx.obj
    clock = Clock()
    settings = Settings(
        model=model,
        api_base=api_base,
        jobs=jobs,
        cache_dir=workspace.cache_dir(cache_dir),
        pdf_dir=folder(pdf_dir),
        list_dir=list_.parent,
        offline=offline,
        abstract_only=abstract_only,
        contact=workspace.contact,
        engine=engine_of(engine),
        password=password,
        window=context,
        rpm=rpm,
        tpm=tpm,
    )
    settings = profiles.applied(profile, settings, ctx)
    # Everything that can be refused is refused here, before anything is spent.
    day = _day(date) or clock.today().isoformat()
    loaded = prompts.load(prompt, workspace.prompt_dirs)
    backend = backends.choose(model)
    settings = backend.located(settings, os.environ)
    checked_base(settings.api_base)
    reading = tables.read(list_)
    entries = choice.of(reading.entries, only or [], limit)
    path = output or naming.post_path(list_.stem, day, workspace.root)
    prior = out.check(path, force=force)
    service = backend.service(settings)
    price = plans.price_of(model, loaded)
    held = spending.budget(budget, price, settings)
    consent.seek(service, settings, yes=yes)

    progress = choose(quiet=quiet, events=json, plain=profile == profiles.EDGE)
    for notice in (*reading.notices, *reading.rejected):
        progress.notice(notice)
    charged = service is not None if price is None else not price.free
    if charged:
        plan = interrupt.run(
            plans.make(entries, prompt=loaded, backend=backend, settings=settings, clock=clock),
            lambda: "nothing was fetched, sent or spent",
        )
        spending.seek(plan, settings, progress, ask_above=ask_above, budget=held, yes=yes)
    run = Run(
        prompt=loaded,
        backend=backend,
        settings=settings,
        clock=clock,
        progress=progress,
        budget=held,
    )
    started = clock.monotonic()
    results = _walk(run, entries, progress)
    origin = str(list_.resolve())
    day = _day(date) or prior.drafted(origin) or day
    text = posts.FORMATS["jekyll"](
        posts.compose(
            results,
            title=title or naming.title(list_.stem),
            date=day,
            categories=workspace.categories,
            tags=workspace.tags,
            colophon=posts.Colophon(
                __version__, model, f"{loaded.name} {loaded.version}", backend.picks
            ),
        )
    )
    backup = out.write(path, text, prior, day, of=origin)
    outcomes = [result for result in results if not isinstance(result, Event)]
    report = Report(
        outcomes=outcomes,
        rejected=len(reading.rejected),
        tally=run.tally,
        seconds=clock.monotonic() - started,
        post=path,
        backup=backup,
    )
    progress.report(report)
    if held and held.refused:
        progress.notice(held.advice())
    if not report.complete:
        raise typer.Exit(SKIPPED)


def _walk(run: "Run", entries: "Sequence[Entry]", progress: "Progress") -> "list[Outcome | Event]":
    """Run to the end, or say on Ctrl-C what is kept."""
    from summarize.cli import interrupt

    results: list[Outcome | Event] = []

    async def collect() -> None:
        async with contextlib.aclosing(run.outcomes(entries)) as outcomes:
            async for result in outcomes:
                results.append(result)  # noqa: PERF401 - what came before a Ctrl-C is kept

    def how_to_go_on() -> str:
        progress.end()
        return (
            f"{run.tally.done} of {run.tally.papers} papers are done and kept; no post was "
            "touched.\n  Run the same command again to go on from here."
        )

    interrupt.run(collect(), how_to_go_on)
    return results


def _day(text: str | None) -> str | None:
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise InputError(f"--date {text} is not a date", "write it as 2024-05-07") from error
