"""`roundup draft`: from a reading list to a post."""

import datetime
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import naming
from summarize.cli.options import CacheDir, Engine, Language, Offline, Password, Voice, engine_of
from summarize.cli.running import SKIPPED, check_base, folder, loaded, told, walk
from summarize.cli.workspace import Workspace
from summarize.errors import InputError, OutputError

if TYPE_CHECKING:
    from summarize.posts import Format
    from summarize.records import Entry, Event, Outcome, Paper
    from summarize.revise import Before


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
    lang: Language = "",
    voice: Voice = False,
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
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Write a fresh post over one that was edited (a backup is kept)."
        ),
    ] = False,
) -> None:
    """Draft a roundup post from a reading list.

    Fetches each paper's PDF, reads it, has it summarized, and writes a Markdown post to make
    your own. What was fetched and answered is kept: running it again asks for nothing twice.
    """
    from summarize import __version__, backends, posts, revise, tables
    from summarize import output as out
    from summarize.cli import consent
    from summarize.pipeline import Run
    from summarize.progress import choose
    from summarize.records import Event
    from summarize.report import Report
    from summarize.settings import Clock, Settings
    from summarize.state import State

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
    )
    # Everything that can be refused is refused here, before anything is spent.
    day = _day(date) or clock.today().isoformat()
    backend = backends.choose(model)
    asked_with = loaded(prompt, workspace, backend, language=lang, voice=voice)
    settings = backend.located(settings, os.environ)
    check_base(settings.api_base)
    reading = tables.read(list_)
    entries = chosen(reading.entries, only or [], limit)
    path = output or naming.post_path(list_.stem, day, workspace.root)
    prior, frame = out.check(path, force=force), workspace.framing()
    form = posts.FORMATS["jekyll"]
    before = revise.Before() if force else revise.Before(prior.text, prior.state)
    _see_that_it_is_their_post(path, before, entries, form)
    if not only:  # which asks for an entry by name, also for one that was taken out
        entries = revise.wanted(entries, before, form)
    consent.seek(backend.service(settings), settings, yes=yes)

    progress = choose(quiet=quiet, events=json)
    for notice in (*reading.notices, *reading.rejected):
        progress.notice(notice)
    run = Run(
        prompt=asked_with,
        backend=backend,
        settings=settings,
        clock=clock,
        progress=progress,
    )
    started = clock.monotonic()
    results = walk(run, entries, progress)
    day = _day(date) or prior.drafted(str(list_.resolve())) or day
    by = posts.Colophon(
        __version__, model, f"{asked_with.name} {asked_with.version}", backend.picks
    )
    asked = State(
        model=model, prompt=prompt, language=lang, voice=voice, abstract_only=abstract_only
    )
    now = revise.Now(by, form, day, asked)
    located = [_located(result, list_.parent, path.parent) for result in results]
    outcomes = [result for result in located if not isinstance(result, Event)]
    if before.state.base and (only or limit):
        revised = revise.renewed(outcomes, before, now, whole=True)
    else:
        composed = posts.compose(
            results,
            title=title or naming.title(list_.stem),
            date=day,
            categories=workspace.categories,
            tags=workspace.tags,
            colophon=by,
        )
        revised = revise.redrafted(form.framed(composed, frame), located, before, now)
    keep = force and prior.text != prior.state.text
    backup = out.write(
        path, revised.text, prior, day, revised.state, of=str(list_.resolve()), keep=keep
    )
    report = Report(
        outcomes=outcomes,
        rejected=len(reading.rejected),
        tally=run.tally,
        seconds=clock.monotonic() - started,
        post=path,
        backup=backup,
        remarks=told(revised, path),
    )
    progress.report(report)
    if not report.complete:
        raise typer.Exit(SKIPPED)


def _see_that_it_is_their_post(
    path: Path, before: "Before", entries: "Sequence[Entry]", form: "Format"
) -> None:
    """Raise `OutputError` for a file that holds something else: nothing is to be merged into it."""
    from summarize import revise

    text = (before.text or "").strip()
    if text and not before.state.base and revise.shares_none(text, entries, form):
        raise OutputError(
            f"{path} holds none of the list's entries: it is no post of this list",
            "write elsewhere with -o, or replace it with --force (a backup is kept)",
        )


def _located(result: "Outcome | Event", folder: Path, of: Path) -> "Outcome | Event":
    """Return what is remembered of a result: a PDF's path is said from the post's folder."""
    from summarize.records import Event

    pdf = "" if isinstance(result, Event) else result.paper.pdf
    if isinstance(result, Event) or not pdf or "://" in pdf or pdf.startswith("~"):
        return result
    here = os.path.relpath((folder / pdf).absolute(), of.absolute())
    paper = result.paper.model_copy(update={"pdf": Path(here).as_posix()})
    return result.model_copy(update={"paper": paper})


def chosen(entries: "Sequence[Entry]", only: list[str], limit: int | None) -> "Sequence[Entry]":
    """Return the entries that were asked for. Raises `InputError` for a key that is not there."""
    from summarize.records import Paper

    if only:
        named = [e for e in entries if isinstance(e, Paper) and _is_named(e, only)]
        missing = [name for name in only if not any(_is_named(paper, [name]) for paper in named)]
        if missing:
            keys = [entry.key for entry in entries if isinstance(entry, Paper)][:5]
            raise InputError(
                f"no paper in the list has the key {missing[0]}",
                f"keys are: {', '.join(keys)}, ...",
            )
        entries = named
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
