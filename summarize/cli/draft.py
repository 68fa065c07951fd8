"""`roundup draft`: from a reading list to a post."""

import contextlib
import datetime
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from summarize.cli import naming
from summarize.cli.options import CacheDir, Engine, Offline, Password, engine_of
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.pipeline import Run
    from summarize.progress import Progress
    from summarize.records import Entry, Event, Outcome, Paper
    from summarize.settings import Settings

SKIPPED = 3  # the exit code of a post that was written with something left out


def draft(
    ctx: typer.Context,
    list_: Annotated[
        Path,
        typer.Argument(metavar="LIST", help="The reading list: a CSV with a title or url column."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="POST",
            help="Where the post goes. Default: posts/DATE-STEM.md in a workspace, else STEM.md.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            envvar="ROUNDUP_MODEL",
            help="Who summarizes: `extractive` (embedded, no network), or any model that litellm "
            "knows, such as openai/gpt-4o-mini or ollama_chat/qwen3.",
        ),
    ] = "extractive",
    api_base: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="ROUNDUP_API_BASE",
            help="The address of the model's server, for one of your own.",
        ),
    ] = None,
    prompt: Annotated[
        str, typer.Option(envvar="ROUNDUP_PROMPT", help="A prompt's name, or its .toml file.")
    ] = "default",
    pdf_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A folder of PDFs to look in first: by key, by the last part of the paper's "
            "address, or by its title.",
        ),
    ] = None,
    abstract_only: Annotated[
        bool,
        typer.Option("--abstract-only", help="Summarize the abstracts in the list; fetch nothing."),
    ] = False,
    offline: Offline = False,
    engine: Engine = "auto",
    password: Password = "",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Draft only the paper of this key (again for more)."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Draft only the first N papers.")
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, max=512, metavar="N", help="Model requests at once.")
    ] = 8,
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
        bool, typer.Option("--yes", "-y", help="Allow sending the papers' text to a hosted model.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Leave out what says more than the paper bears out."),
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
    from summarize.cli import consent
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
        pdf_dir=_folder(pdf_dir),
        list_dir=list_.parent,
        offline=offline,
        abstract_only=abstract_only,
        contact=workspace.contact,
        engine=engine_of(engine),
        password=password,
    )
    # Everything that can be refused is refused here, before anything is spent.
    day = _day(date) or clock.today().isoformat()
    loaded = prompts.load(prompt, workspace.prompt_dirs)
    backend = backends.choose(model)
    settings = backend.located(settings, os.environ)
    _check_base(settings.api_base)
    reading = tables.read(list_)
    entries = _chosen(reading.entries, only or [], limit)
    path = output or naming.post_path(list_.stem, day, workspace.root)
    prior = out.check(path, force=force)
    consent.seek(backend.service(settings), settings, yes=yes)

    progress = choose(quiet=quiet, events=json)
    for notice in (*reading.notices, *reading.rejected):
        progress.notice(notice)
    run = Run(
        prompt=loaded,
        backend=backend,
        settings=settings,
        clock=clock,
        progress=progress,
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
            strict=strict,
            colophon=posts.Colophon(
                __version__, model, f"{loaded.name} {loaded.version}", backend.picks
            ),
        )
    )
    backup = out.write(path, text, prior, day, of=origin)
    _remember(path, results, settings)
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


def _remember(path: Path, results: "Sequence[Outcome | Event]", settings: "Settings") -> None:
    """Keep what the post was drafted from: `roundup evidence` shows it."""
    import asyncio

    from summarize.records import Done, Drafting
    from summarize.store import Store

    record = Drafting(
        done=tuple(result for result in results if isinstance(result, Done)),
        pdf_dir=str(settings.pdf_dir.resolve()) if settings.pdf_dir else "",
        list_dir=str(settings.list_dir.resolve()),
        engine=settings.engine,
    )

    async def keep() -> None:
        async with Store(settings) as store:
            await store.keep_drafting(str(path.resolve()), record)

    asyncio.run(keep())


def _chosen(entries: "Sequence[Entry]", only: list[str], limit: int | None) -> "Sequence[Entry]":
    """Return the entries that were asked for. Raises `InputError` for a key that is not there."""
    from summarize.records import Paper

    if only:
        chosen = [e for e in entries if isinstance(e, Paper) and _is_named(e, only)]
        missing = [name for name in only if not any(_is_named(paper, [name]) for paper in chosen)]
        if missing:
            keys = [entry.key for entry in entries if isinstance(entry, Paper)][:5]
            raise InputError(
                f"no paper in the list has the key {missing[0]}",
                f"keys are: {', '.join(keys)}, ...",
            )
        entries = chosen
    if limit is None:
        return entries
    kept, papers = [], 0
    for entry in entries:
        papers += isinstance(entry, Paper)
        if papers > limit:
            break
        kept.append(entry)
    return kept


def _is_named(paper: "Paper", names: list[str]) -> bool:
    """Tell whether a paper goes by one of these: its key, or the last part of it."""
    return any(paper.key == name or paper.key.endswith(f"-{name}") for name in names)


def _day(text: str | None) -> str | None:
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise InputError(f"--date {text} is not a date", "write it as 2024-05-07") from error


def _check_base(text: str | None) -> None:
    """Check the address of a model's server, whether a flag or a variable gave it."""
    if text is None:
        return
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise InputError(
            f"{text} is not an address of a model's server", "write it as http://localhost:8080/v1"
        )


def _folder(path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        raise InputError(f"--pdf-dir {path} is not a folder", "name a folder of PDFs")
    return path
