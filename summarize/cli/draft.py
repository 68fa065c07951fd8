"""`roundup draft`: from a reading list to a post."""

import datetime
import os
from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import choice, clusters, draftings, forms, naming, posting, spending
from summarize.cli.options import (
    ASK_ABOVE,
    AbstractOnly,
    AllowPrivate,
    ApiBases,
    AskAbove,
    Budget,
    CacheDir,
    Context,
    Engine,
    Figures,
    FormatName,
    Jobs,
    Language,
    Limit,
    List,
    Model,
    Offline,
    Only,
    Password,
    PdfDir,
    Profile,
    PromptName,
    Quiet,
    ReadHow,
    Rpm,
    Strict,
    Teaser,
    Tpm,
    Voice,
    Yes,
    bases,
    engine_of,
    folder,
    meant_for,
    whole,
)
from summarize.cli.recording import LogFile, Trace, record
from summarize.cli.running import agreed, finish, held_back, loaded, notices, walk
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.records import Entry, Event, Outcome


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
    api_base: ApiBases = None,
    context: Context = None,
    prompt: PromptName = "default",
    lang: Language = "",
    voice: Voice = False,
    pdf_dir: PdfDir = None,
    figures: Figures = None,
    teaser: Teaser = None,
    abstract_only: AbstractOnly = False,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    read: ReadHow = "fit",
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help="Ask by the provider's batches: at a lower price, within a day. Submits and ends "
            "(exit code 4); run again, the same command collects, and writes the post.",
        ),
    ] = False,
    only: Only = None,
    limit: Limit = None,
    jobs: Jobs = 8,
    cluster: clusters.Where = "",
    budget: Budget = None,
    ask_above: AskAbove = ASK_ABOVE,
    rpm: Rpm = None,
    tpm: Tpm = None,
    profile: Profile = "",
    title: Annotated[
        str | None, typer.Option(help="The post's title. Default: from the list's name.")
    ] = None,
    format_: FormatName = "",
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
    log_file: LogFile = None,
    trace: Trace = "",
    quiet: Quiet = False,
    yes: Yes = False,
    strict: Strict = None,
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
    from summarize import __version__, backends, posts, revise
    from summarize.cli import consent, lists, pictures, profiles
    from summarize.prices import price_of
    from summarize.progress import choose
    from summarize.report import Report
    from summarize.settings import Clock, Settings
    from summarize.spool import Mapped
    from summarize.state import State

    workspace: Workspace = ctx.obj
    clock = Clock()
    settings = Settings(
        model=model,
        **bases(meant_for(ctx, model, api_base)),
        jobs=jobs,
        cache_dir=workspace.cache_dir(cache_dir),
        pdf_dir=folder(pdf_dir),
        list_dir=list_.parent,
        offline=offline,
        allow_private=allow_private,
        abstract_only=abstract_only,
        contact=workspace.contact,
        mirrors=workspace.mirrors,
        engine=engine_of(engine),
        password=password,
        window=context,
        rpm=rpm,
        tpm=tpm,
        whole=whole(read),
        batch=batch,
    )
    settings = profiles.applied(profile, settings, ctx)
    # Everything that can be refused is refused here, before anything is spent.
    day = _day(date) or clock.today().isoformat()
    backend = backends.choose(model)
    asked_with = loaded(prompt, workspace, backend, language=lang, voice=voice)
    joined = clusters.joined(cluster, backend, settings, ctx)
    backend, settings = joined.backend, joined.settings
    spending.see_that_it_has_batches(backend, settings, clock, budget)
    reading, stem = lists.spooled(lists.read(list_, workspace)), lists.stem(list_)
    entries = choice.of(reading.entries, only or [], limit)
    path, prior, kind, source, remark = forms.place(
        format_, output, list_.resolve(), stem, day, workspace,
        force=force, whole=not (only or limit),
    )  # fmt: skip
    frame, form = workspace.framing(), posts.FORMATS[kind]
    fresh = force or source.is_blank
    before = revise.Before() if fresh else revise.Before(source.text, source.state)
    asked = State(
        model=model,
        prompt=prompt,
        language=lang,
        voice=voice,
        abstract_only=abstract_only,
        strict=source.state.strict if strict is None else strict,
        figures=source.state.figures if figures is None else figures,
        teaser=source.state.teaser if teaser is None else teaser,
        pictures=prior.state.pictures,
        format="" if kind == forms.DEFAULT else kind,
    )
    settings = replace(settings, figures=asked.figures)
    posting.see_that_it_is_their_post(list_, path, before, entries, form)
    # Who asks for an entry by name asks for it also where it was taken out.
    out = [] if only else revise.unwanted(entries, before, form)
    entries = revise.wanted(entries, before, form) if out else entries
    held = spending.budget(budget, price_of(model, asked_with), settings)
    consent.seek(backend.service(settings), settings, yes=yes)

    progress = record(
        ctx, choose(quiet=quiet, events=json, plain=profile == profiles.EDGE), settings, clock,
        entries, post=path, source=list_, prompt=f"{asked_with.name} {asked_with.version}",
        log_file=log_file, trace=trace,
    )  # fmt: skip
    notices(reading, progress)
    for said in (*forms.amiss(path, prior, drafts=True, force=force), *filter(None, [remark])):
        progress.notice(said)
    run = agreed(
        entries, asked_with, joined._replace(settings=settings), clock, progress,
        ask_above=ask_above, budget=held, yes=yes,
    )  # fmt: skip
    started = clock.monotonic()
    # While the model is waited for, rather than when all are there.
    results = walk(run, entries, progress, lambda r: _located(r, list_.parent, path.parent))
    of = naming.origins(list_, path)
    day = _day(date) or source.drafted(of) or day
    by = posts.Colophon(
        __version__, model, f"{asked_with.name} {asked_with.version}", backend.picks
    )
    now = revise.Now(by, form, day, asked)
    kept = pictures.Pictures(path, kind, settings)
    located = Mapped(results, kept.located) if asked.figures else results
    outcomes = _of_papers(located, entries)
    backup, remarks = posting.written(
        revise.renewed(outcomes, before, now, whole=True)
        if before.state.base and (only or limit)
        else revise.redrafted(
            posting.composed(located, title or naming.title(stem), now, frame, workspace, kept),
            located, before, now,
        ),
        kept, located, path, prior, day, of,
        keep=force and prior.text != prior.state.text,
    )  # fmt: skip
    draftings.remember(path, outcomes, settings, whole=not (only or limit))
    report = Report(
        outcomes=outcomes,
        rejected=len(reading.rejected),
        tally=run.tally,
        seconds=clock.monotonic() - started,
        post=path,
        backup=backup,
        remarks=[*held_back(out, path), *remarks],
    )
    finish(report, progress, held)


def _of_papers(
    results: "Sequence[Outcome | Event]", entries: "Sequence[Entry]"
) -> "Sequence[Outcome]":
    """Return those results that are papers'. Entries take less time to look through."""
    from summarize.records import Event
    from summarize.spool import Mapped

    def outcome(at: int) -> "Outcome":
        result = results[at]
        assert not isinstance(result, Event)
        return result

    papers = (at for at, entry in enumerate(entries) if not isinstance(entry, Event))
    return Mapped(array("Q", papers), outcome)


def _located(result: "Outcome | Event", folder: Path, of: Path) -> "Outcome | Event":
    """Return what is remembered of a result: a PDF's path is said from the post's folder."""
    from summarize.records import Event

    pdf = "" if isinstance(result, Event) else result.paper.pdf
    if isinstance(result, Event) or not pdf or "://" in pdf or pdf.startswith("~"):
        return result
    here = os.path.relpath((folder / pdf).absolute(), of.absolute())
    paper = result.paper.model_copy(update={"pdf": Path(here).as_posix()})
    return result.model_copy(update={"paper": paper})


def _day(text: str | None) -> str | None:
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise InputError(f"--date {text} is not a date", "write it as 2024-05-07") from error
