"""`roundup compare`: the same papers by two or more prompts, or models, side by side."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import clusters
from summarize.cli.options import (
    ASK_ABOVE,
    AllowPrivate,
    ApiBases,
    AskAbove,
    CacheDir,
    Context,
    Engine,
    Jobs,
    Language,
    Offline,
    Password,
    PdfDir,
    Rpm,
    Tpm,
    Voice,
    Yes,
    bases,
    engine_of,
    folder,
    meant_for,
)
from summarize.cli.recording import LogFile, Trace, record
from summarize.cli.running import SKIPPED, agreed, loaded, walk
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.compare import Column
    from summarize.progress import Progress
    from summarize.records import Paper
    from summarize.settings import Settings

COUNT = 5  # papers, unless told otherwise


def compare(
    ctx: typer.Context,
    list_: Annotated[
        Path, typer.Argument(metavar="LIST", help="A reading list, or a post with its papers.")
    ],
    prompt: Annotated[
        list[str] | None,
        typer.Option("--prompt", metavar="NAME", help="A prompt; say it twice or more."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME", help="A model; twice or more to compare models."),
    ] = None,
    api_base: ApiBases = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Compare on the paper of this key (again for more)."),
    ] = None,
    sample: Annotated[
        int, typer.Option(min=1, max=50, metavar="N", help="On how many papers, at random.")
    ] = COUNT,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed, other papers.")] = 0,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as one HTML page.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write it as Markdown.")
    ] = None,
    lang: Language = "",
    voice: Voice = False,
    pdf_dir: PdfDir = None,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    context: Context = None,
    jobs: Jobs = 8,
    ask_above: AskAbove = ASK_ABOVE,
    rpm: Rpm = None,
    tpm: Tpm = None,
    cluster: clusters.Where = "",
    cache_dir: CacheDir = None,
    log_file: LogFile = None,
    trace: Trace = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    yes: Yes = False,
) -> None:
    """Compare prompts, or models, on a few papers, side by side.

    Marks the words that differ, and says of each what it took and how much of it is found in the
    papers. Then `roundup prompts use NAME`: what was answered here is kept, and not asked again.
    """
    from summarize import compare as comparing
    from summarize import files
    from summarize.exports import comparison
    from summarize.progress import choose
    from summarize.settings import Clock, Settings

    workspace: Workspace = ctx.obj
    models = model or [str(workspace.draft.get("model", "extractive"))]
    names = prompt or [str(workspace.draft.get("prompt", "default"))]
    pairs = [(m, p) for m in dict.fromkeys(models) for p in dict.fromkeys(names)]
    if len(pairs) < 2:
        raise InputError("there is nothing to compare", "say --prompt, or --model, twice or more")
    papers = comparing.sample(
        _papers(list_, only or [], workspace), 10**6 if only else sample, seed
    )
    settings = Settings(
        jobs=jobs,
        cache_dir=workspace.cache_dir(cache_dir),
        pdf_dir=folder(pdf_dir),
        list_dir=list_.parent,
        offline=offline,
        allow_private=allow_private,
        contact=workspace.contact,
        mirrors=workspace.mirrors,
        engine=engine_of(engine),
        password=password,
        window=context,
        rpm=rpm,
        tpm=tpm,
    )
    progress = record(
        ctx, choose(quiet=quiet, events=False), replace(settings, model=", ".join(models)),
        Clock(), papers, source=list_, prompt=", ".join(names), log_file=log_file, trace=trace,
    )  # fmt: skip
    columns = [
        _column(
            ctx, m, p, settings, papers, progress, lang=lang, voice=voice, yes=yes,
            places=meant_for(ctx, m, api_base), named=_named(m, p, models, names),
            cluster=cluster, ask_above=ask_above,
        )
        for m, p in pairs
    ]  # fmt: skip
    title = f"{' and '.join(column.name for column in columns)} on {len(papers)} papers"
    if html:
        files.replace_file(html, comparison.page(columns, title).encode())
    if markdown:
        files.replace_file(markdown, comparison.markdown(columns, title).encode())
    width = shutil.get_terminal_size((100, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in comparison.lines(columns, width, colour=colour):
        typer.echo(line)
    for path in filter(None, (html, markdown)):
        typer.echo(f"Wrote {path}", err=True)
    if any(len(column.done) < len(papers) for column in columns):
        raise typer.Exit(SKIPPED)


def _named(model: str, prompt: str, models: list[str], prompts: list[str]) -> str:
    """Return what to call a column: by what differs."""
    if len(models) == 1:
        return prompt
    return model if len(prompts) == 1 else f"{prompt}, {model}"


def _papers(path: Path, only: list[str], workspace: Workspace) -> "list[Paper]":
    """Return the papers of a list, or of a post."""
    from summarize.cli import choice, lists
    from summarize.records import Paper

    papers = [entry for entry in lists.read(path, workspace).entries if isinstance(entry, Paper)]
    found = [entry for entry in choice.of(papers, only, None) if isinstance(entry, Paper)]
    if not found:
        raise InputError(f"{path} holds no paper", "name a reading list, or a post")
    return found


def _column(
    ctx: typer.Context, model: str, prompt: str, settings: "Settings", papers: "list[Paper]",
    progress: "Progress", *, lang: str, voice: bool, yes: bool, named: str, cluster: str,
    places: list[str] | None, ask_above: float,
) -> "Column":  # fmt: skip
    """Ask one prompt of one model about the papers."""
    from summarize import backends
    from summarize.cli import consent
    from summarize.compare import Column
    from summarize.records import Event
    from summarize.settings import Clock

    backend = backends.choose(model)
    asked = loaded(prompt, ctx.obj, backend, language=lang, voice=voice)
    joined = clusters.joined(cluster, backend, replace(settings, model=model, **bases(places)), ctx)
    consent.seek(joined.backend.service(joined.settings), joined.settings, yes=yes)
    run = agreed(
        papers, asked, joined, Clock(), progress, ask_above=ask_above, budget=None, yes=yes
    )
    progress.notice(f"{named}:")
    results = walk(run, papers, progress)
    return Column(named, [result for result in results if not isinstance(result, Event)])
