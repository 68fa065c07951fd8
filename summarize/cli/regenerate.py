"""`roundup regenerate` and `roundup diff`: new summaries in a post that is there, from the post."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import clusters, draftings, forms
from summarize.cli.options import (
    AllowPrivate,
    ApiBases,
    CacheDir,
    Engine,
    Jobs,
    Offline,
    Password,
    PdfDir,
    Quiet,
    Yes,
    bases,
    engine_of,
    folder,
)
from summarize.cli.running import SKIPPED, finish, loaded, told, walk
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.output import Prior
    from summarize.pipeline import Run
    from summarize.progress import Progress
    from summarize.records import Outcome, Paper
    from summarize.revise import Revised

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
    lang: Lang = None,
    voice: Voiced = None,
    pdf_dir: PdfDir = None,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    jobs: Jobs = 8,
    cluster: clusters.Where = "",
    cache_dir: CacheDir = None,
    json: Annotated[
        bool, typer.Option("--json", help="Write events to stdout, one JSON a line.")
    ] = False,
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

    asked = _Asked(ctx.obj, post, prompt, model, api_base, only or [], language=lang, voice=voice)
    progress = choose(quiet=quiet, events=json)
    run = asked.run(
        progress,
        pdf_dir,
        cache_dir,
        engine,
        password,
        offline=offline,
        allow_private=allow_private,
        jobs=jobs,
        machines=cluster,
        ctx=ctx,
        yes=yes,
    )
    clock = Clock()
    started = clock.monotonic()
    outcomes = asked.outcomes(run, progress)
    revised = asked.revised(outcomes)
    out.write(post, revised.text, asked.prior, asked.day, revised.state)
    draftings.remember(post, outcomes, asked.settings, whole=not only)
    report = Report(
        outcomes=outcomes,
        rejected=0,
        tally=run.tally,
        seconds=clock.monotonic() - started,
        post=post,
        remarks=told(revised, post),
    )
    finish(report, progress)


def diff(
    ctx: typer.Context,
    post: PostPath,
    only: Only = None,
    prompt: PromptName = None,
    model: Model = None,
    api_base: ApiBases = None,
    lang: Lang = None,
    voice: Voiced = None,
    pdf_dir: PdfDir = None,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    engine: Engine = "auto",
    password: Password = "",
    jobs: Jobs = 8,
    cluster: clusters.Where = "",
    cache_dir: CacheDir = None,
    quiet: Quiet = False,
    yes: Yes = False,
) -> None:
    """Show what `regenerate` would change, before it does. Nothing is written.

    It asks what it must; as the answers are kept, regenerating then asks for nothing.
    """
    import sys

    from summarize.progress import choose
    from summarize.records import Skipped

    asked = _Asked(ctx.obj, post, prompt, model, api_base, only or [], language=lang, voice=voice)
    progress = choose(quiet=quiet, events=False)
    run = asked.run(
        progress,
        pdf_dir,
        cache_dir,
        engine,
        password,
        offline=offline,
        allow_private=allow_private,
        jobs=jobs,
        machines=cluster,
        ctx=ctx,
        yes=yes,
    )
    outcomes = asked.outcomes(run, progress)
    revised = asked.revised(outcomes)
    lines = difflib.unified_diff(
        (asked.prior.text or "").splitlines(keepends=True),
        revised.text.splitlines(keepends=True),
        str(post),
        f"{post} (regenerated)",
    )
    sys.stdout.writelines(line if line.endswith("\n") else f"{line}\n" for line in lines)
    if not quiet:
        for remark in told(revised, post):
            typer.echo(remark, err=True)
    if any(isinstance(outcome, Skipped) for outcome in outcomes):
        raise typer.Exit(SKIPPED)


class _Asked:
    """What of a post is to be renewed, and by whom: said now, or else as the last time."""

    def __init__(
        self,
        workspace: Workspace,
        post: Path,
        prompt: str | None,
        model: str | None,
        api_base: list[str] | None,
        only: list[str],
        *,
        language: str | None,
        voice: bool | None,
    ) -> None:
        from summarize import backends, revise
        from summarize import output as out

        if not post.is_file():
            raise InputError(f"there is no post {post}", "draft one first: roundup draft LIST")
        self.workspace, self.post = workspace, post
        self.prior: Prior = out.check(post)
        state = self.prior.state
        self.model = model or state.model or "extractive"
        self.prompt = prompt or state.prompt or "default"
        self.backend = backends.choose(self.model)
        writes = not self.backend.picks
        self.language = language if language is not None else state.language * writes
        self.voice = voice if voice is not None else state.voice and writes
        self.loaded = loaded(
            self.prompt, workspace, self.backend, language=self.language, voice=self.voice
        )
        self.api_base = api_base
        self.form = forms.read(post, self.prior, workspace)
        papers = revise.papers(self.form.parse(self.prior.text or ""), state)
        self.papers = _chosen(papers, only, post)
        self.day = self.prior.date

    def run(
        self,
        progress: "Progress",
        pdf_dir: Path | None,
        cache_dir: Path | None,
        engine: str,
        password: str,
        *,
        offline: bool,
        allow_private: bool,
        jobs: int,
        machines: str,
        ctx: typer.Context,
        yes: bool,
    ) -> "Run":
        """Return a run over the papers, once it is clear that it may be."""
        from summarize.cli import consent
        from summarize.pipeline import Run
        from summarize.settings import Clock, Settings

        settings = Settings(
            model=self.model,
            **bases(self.api_base),
            jobs=jobs,
            cache_dir=self.workspace.cache_dir(cache_dir),
            pdf_dir=folder(pdf_dir),
            list_dir=self.post.parent,
            offline=offline,
            allow_private=allow_private,
            abstract_only=self.prior.state.abstract_only,
            contact=self.workspace.contact,
            mirrors=self.workspace.mirrors,
            engine=engine_of(engine),
            password=password,
        )
        backend, settings, readers = clusters.joined(machines, self.backend, settings, ctx)
        self.settings = settings
        consent.seek(backend.service(settings), settings, yes=yes)
        return Run(
            prompt=self.loaded,
            backend=backend,
            settings=settings,
            clock=Clock(),
            progress=progress,
            readers=readers,
        )

    def outcomes(self, run: "Run", progress: "Progress") -> "list[Outcome]":
        """Walk the papers."""
        from summarize.records import Event

        results = walk(run, self.papers, progress)
        return [result for result in results if not isinstance(result, Event)]

    def revised(self, outcomes: "list[Outcome]") -> "Revised":
        """Merge what they came to into the post."""
        from summarize import __version__, posts, revise

        name = f"{self.loaded.name} {self.loaded.version}"
        by = posts.Colophon(__version__, self.model, name, self.backend.picks)
        asked = self.prior.state.model_copy(
            update={
                "model": self.model,
                "prompt": self.prompt,
                "language": self.language,
                "voice": self.voice,
            }
        )
        now = revise.Now(by, self.form, self.day, asked)
        return revise.renewed(outcomes, revise.Before(self.prior.text, self.prior.state), now)


def _chosen(papers: "list[Paper]", only: list[str], post: Path) -> "list[Paper]":
    """Return the papers that were asked for. Raises `InputError` for a key that is not there."""
    if not papers:
        raise InputError(f"{post} holds no entry with a paper", "its entries are `1. [**T**](URL)`")
    keys = [paper.key for paper in papers]
    for name in only:
        if not any(key == name or key.endswith(f"-{name}") for key in keys):
            raise InputError(
                f"{post} holds no paper with the key {name}",
                f"keys are: {', '.join(keys[:5])}, ...",
            )
    is_named = [any(key == name or key.endswith(f"-{name}") for name in only) for key in keys]
    return [p for p, named in zip(papers, is_named, strict=True) if named] if only else papers
