"""What `regenerate` and `diff` do alike: a post's papers, asked about once more."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from summarize.cli import choice, clusters, draftings, forms, spending
from summarize.cli.options import bases, is_said, maker
from summarize.cli.recording import record
from summarize.cli.running import agreed, loaded, walk
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.output import Prior
    from summarize.pipeline import Run
    from summarize.progress import Progress
    from summarize.records import Outcome, Paper
    from summarize.revise import Revised
    from summarize.settings import Settings


class Renewal:
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
        strict: bool | None,
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
        self.strict = state.strict if strict is None else strict
        self.loaded = loaded(
            self.prompt, workspace, self.backend, language=self.language, voice=self.voice
        )
        self.api_base = api_base
        self.form = forms.read(post, self.prior, workspace)
        self.before = revise.Before(self.prior.text, state)
        if self.prior.is_blank:  # what stood there is not known, but what was generated there is
            self.before = revise.Before(None, state)
            _see_that_it_is_known(post, self.prior)
        papers = revise.asked(self.before, self.form)
        if not papers and self.prior.damaged:
            (said,) = forms.amiss(post, self.prior, writes=False)
            raise InputError(f"{post} holds no entry that tells its paper", said)
        self.papers = _chosen(papers, only, post)
        self.day = self.prior.date

    def by(self, ctx: typer.Context, cache_dir: Path | None, **given: Any) -> "Settings":
        """Return the settings that were given, with what the post and its workspace say.

        Where nothing else is said, papers are read from where they were and as they were, and a
        model of the same kind is asked where it was.
        """
        from summarize.settings import Settings

        settings = Settings(
            model=self.model,
            **bases(self.api_base),
            cache_dir=self.workspace.cache_dir(cache_dir),
            list_dir=self.post.parent,
            abstract_only=self.prior.state.abstract_only,
            contact=self.workspace.contact,
            mirrors=self.workspace.mirrors,
            **given,
        )
        had = draftings.last(self.post, settings)
        again: dict[str, Any] = {}
        if not is_said(ctx, "pdf_dir") and had.pdf_dir and Path(had.pdf_dir).is_dir():
            again["pdf_dir"] = Path(had.pdf_dir)
        if not is_said(ctx, "engine"):
            again["engine"] = had.engine
        if not is_said(ctx, "read"):
            again["whole"] = had.whole
        if not settings.api_base and maker(had.model) == maker(self.model):
            again |= bases(list(had.bases))
        return replace(settings, **again)

    def run(
        self,
        ctx: typer.Context,
        screen: "Progress",
        settings: "Settings",
        *,
        machines: str,
        budget: float | None,
        ask_above: float,
        yes: bool,
        log_file: Path | None,
        trace: str,
    ) -> "Run":
        """Return a run over the papers, once it is clear that it may be. It is logged."""
        from summarize.cli import consent
        from summarize.prices import price_of
        from summarize.settings import Clock

        joined = clusters.joined(machines, self.backend, settings, ctx)
        self.settings = settings = joined.settings
        self.held = spending.budget(budget, price_of(self.model, self.loaded), settings)
        consent.seek(joined.backend.service(settings), settings, yes=yes)
        clock = Clock()
        self.progress = record(
            ctx, screen, settings, clock, self.papers, post=self.post,
            prompt=f"{self.loaded.name} {self.loaded.version}", log_file=log_file, trace=trace,
        )  # fmt: skip
        for said in forms.amiss(self.post, self.prior):
            self.progress.notice(said)
        return agreed(
            self.papers, self.loaded, joined, clock, self.progress,
            ask_above=ask_above, budget=self.held, yes=yes,
        )  # fmt: skip

    def outcomes(self, run: "Run") -> "list[Outcome]":
        """Walk the papers."""
        from summarize.records import Event

        results = walk(run, self.papers, self.progress)
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
                "strict": self.strict,
            }
        )
        now = revise.Now(by, self.form, self.day, asked)
        return revise.renewed(outcomes, self.before, now)


def _see_that_it_is_known(post: Path, prior: "Prior") -> None:
    """Raise `InputError` for an empty post of which nothing is remembered."""
    from summarize import files

    if not prior.state.base:
        backup = files.newest_backup(post.resolve())
        kept = f"the newest backup of what stood there is {backup}; or " if backup else ""
        raise InputError(
            f"{post} is empty, and nothing is known of what was generated there",
            f"{kept}draft its list: roundup draft LIST -o {shlex.quote(str(post))}",
        )


def _chosen(papers: "list[Paper]", only: list[str], post: Path) -> "list[Paper]":
    """Return the papers that were asked for. Raises `InputError` for a key that is not there."""
    if not papers:
        raise InputError(f"{post} holds no entry with a paper", "its entries are `1. [**T**](URL)`")
    keys = [paper.key for paper in papers]
    for name in only:
        if not any(choice.is_among(key, [name]) for key in keys):
            raise InputError(
                f"{post} holds no paper with the key {name}",
                f"keys are: {', '.join(keys[:5])}, ...",
            )
    return [paper for paper in papers if choice.is_among(paper.key, only)] if only else papers
