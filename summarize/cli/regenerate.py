"""`roundup regenerate` and `roundup diff`: new summaries in a post that is there, from the post."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from summarize.cli import clusters, draftings
from summarize.cli.options import (
    ASK_ABOVE,
    AllowPrivate,
    ApiBases,
    AskAbove,
    Budget,
    CacheDir,
    Context,
    Engine,
    Jobs,
    Offline,
    Password,
    PdfDir,
    Quiet,
    ReadHow,
    Rpm,
    Strict,
    Tpm,
    Yes,
    engine_of,
    folder,
    meant_for,
    whole,
)
from summarize.cli.recording import LogFile, Trace
from summarize.cli.renewal import Renewal
from summarize.cli.running import SKIPPED, finish, told

PostPath = Annotated[Path, typer.Argument(metavar="POST", help="A post, drafted or your own.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY", help="Renew only the paper of this key (again for more)."),
]
Model = Annotated[
    str | None,
    typer.Option(envvar="ROUNDUP_MODEL", help="Who summarizes. Default: who did before."),
]
PromptName = Annotated[
    str | None,
    typer.Option(envvar="ROUNDUP_PROMPT", help="A prompt's name or file. Default: the last one."),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="LANGUAGE", help="What a model writes in. Default: as before."),
]
Voiced = Annotated[
    bool | None,
    typer.Option("--voice/--no-voice", help="Have a model write as you do. Default: as before."),
]


def regenerate(
    ctx: typer.Context,
    post: PostPath,
    only: Only = None,
    prompt: PromptName = None,
    model: Model = None,
    api_base: ApiBases = None,
    context: Context = None,
    read: ReadHow = "fit",
    lang: Lang = None,
    voice: Voiced = None,
    strict: Strict = None,
    pdf_dir: PdfDir = None,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    jobs: Jobs = 8,
    budget: Budget = None,
    ask_above: AskAbove = ASK_ABOVE,
    rpm: Rpm = None,
    tpm: Tpm = None,
    cluster: clusters.Where = "",
    cache_dir: CacheDir = None,
    json: Annotated[
        bool, typer.Option("--json", help="Write events to stdout, one JSON a line.")
    ] = False,
    log_file: LogFile = None,
    trace: Trace = "",
    quiet: Quiet = False,
    yes: Yes = False,
) -> None:
    """Renew the summaries of a post, and leave what you wrote as it is.

    Needs no list: the papers are those of the post. What you changed, added, moved or took out
    stays yours; a newer text for it is offered in a comment beside it.
    """
    from summarize import output as out
    from summarize.progress import choose
    from summarize.report import Report
    from summarize.settings import Clock

    places = meant_for(ctx, model, api_base)
    asked = Renewal(
        ctx.obj, post, prompt, model, places, only or [],
        language=lang, voice=voice, strict=strict,
    )  # fmt: skip
    out.see_that_it_may_change(post, asked.prior)
    settings = asked.by(
        ctx, cache_dir, jobs=jobs, pdf_dir=folder(pdf_dir), offline=offline,
        allow_private=allow_private, engine=engine_of(engine), password=password, window=context,
        whole=whole(read), rpm=rpm, tpm=tpm,
    )  # fmt: skip
    run = asked.run(
        ctx, choose(quiet=quiet, events=json), settings, machines=cluster, budget=budget,
        ask_above=ask_above, yes=yes, log_file=log_file, trace=trace,
    )  # fmt: skip
    clock = Clock()
    started = clock.monotonic()
    outcomes = asked.outcomes(run)
    revised = asked.revised(outcomes)
    backup = out.write(post, revised.text, asked.prior, asked.day, revised.state)
    draftings.remember(post, outcomes, asked.settings, whole=not only)
    report = Report(
        outcomes=outcomes,
        rejected=0,
        tally=run.tally,
        seconds=clock.monotonic() - started,
        post=post,
        backup=backup,
        remarks=told(revised, post),
    )
    finish(report, asked.progress, asked.held)


def diff(
    ctx: typer.Context,
    post: PostPath,
    only: Only = None,
    prompt: PromptName = None,
    model: Model = None,
    api_base: ApiBases = None,
    context: Context = None,
    read: ReadHow = "fit",
    lang: Lang = None,
    voice: Voiced = None,
    strict: Strict = None,
    pdf_dir: PdfDir = None,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    jobs: Jobs = 8,
    budget: Budget = None,
    ask_above: AskAbove = ASK_ABOVE,
    rpm: Rpm = None,
    tpm: Tpm = None,
    cluster: clusters.Where = "",
    cache_dir: CacheDir = None,
    log_file: LogFile = None,
    trace: Trace = "",
    quiet: Quiet = False,
    yes: Yes = False,
) -> None:
    """Show what `regenerate` would change, before it does. Nothing is written.

    It asks what it must; as the answers are kept, regenerating then asks for nothing.
    """
    import sys

    from summarize.progress import choose
    from summarize.records import Skipped

    places = meant_for(ctx, model, api_base)
    asked = Renewal(
        ctx.obj, post, prompt, model, places, only or [],
        language=lang, voice=voice, strict=strict,
    )  # fmt: skip
    settings = asked.by(
        ctx, cache_dir, jobs=jobs, pdf_dir=folder(pdf_dir), offline=offline,
        allow_private=allow_private, engine=engine_of(engine), password=password, window=context,
        whole=whole(read), rpm=rpm, tpm=tpm,
    )  # fmt: skip
    run = asked.run(
        ctx, choose(quiet=quiet, events=False), settings, machines=cluster, budget=budget,
        ask_above=ask_above, yes=yes, log_file=log_file, trace=trace,
    )  # fmt: skip
    outcomes = asked.outcomes(run)
    revised = asked.revised(outcomes)
    lines = difflib.unified_diff(
        (asked.prior.text or "").splitlines(keepends=True),
        revised.text.splitlines(keepends=True),
        str(post),
        f"{post} (regenerated)",
    )
    sys.stdout.writelines(line if line.endswith("\n") else f"{line}\n" for line in lines)
    if not quiet:
        if revised.text == (asked.prior.text or ""):
            typer.echo(f"{post} would stay as it is", err=True)
        for remark in told(revised, post):
            typer.echo(remark, err=True)
    if any(isinstance(outcome, Skipped) for outcome in outcomes):
        raise typer.Exit(SKIPPED)
