"""`roundup check`: what is amiss in a post before it is published."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import forms, site
from summarize.cli.options import AllowPrivate, CacheDir
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.checks import Finding, Sheet
    from summarize.settings import Settings

FOUND = 5  # the exit code of a check that found something


def check(
    ctx: typer.Context,
    post: Annotated[Path, typer.Argument(metavar="POST", help="A post, drafted or your own.")],
    online: Annotated[
        bool, typer.Option("--online", help="Ask whether its links lead somewhere, politely.")
    ] = False,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="Leave out a check by its name (again for more)."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a list of findings as JSON.")] = False,
    allow_private: AllowPrivate = False,
    cache_dir: CacheDir = None,
) -> None:
    """Look a post over before it is published.

    Says by file and line what is broken, what would be misread, what is still open, and which
    numbers a paper does not say. Changes nothing. Exit code 0: nothing found; 5: something.
    """
    from summarize import checks
    from summarize.posts.escape import seen
    from summarize.settings import Settings

    workspace: Workspace = ctx.obj
    wrong = [name for name in ignore or [] if name not in {*checks.CHECKS, "online"}]
    if wrong:
        raise InputError(
            f"there is no check {wrong[0]}", f"there are: {', '.join(checks.CHECKS)}, online"
        )
    settings = Settings(
        cache_dir=workspace.cache_dir(cache_dir),
        offline=True,
        allow_private=allow_private,
        workers=1,
        contact=workspace.contact,
    )
    sheet = _sheet(post, workspace, settings)
    found = [*checks.findings(sheet), *(_dead(sheet, settings) if online else [])]
    found = sorted((f for f in found if f.check not in (ignore or [])), key=lambda f: f.line)
    if json:
        _print_json(post, found)
    else:
        for finding in found:
            typer.echo(seen(f"{post}:{finding.line}: {finding.check}: {finding.says}"))
            typer.echo(seen(f"  {finding.do}"))
        typer.echo(_counted(post, sheet, found), err=True)
    if found:
        raise typer.Exit(FOUND)


def _print_json(post: Path, found: "list[Finding]") -> None:
    import dataclasses
    import json

    rows = [{"file": str(post), **dataclasses.asdict(finding)} for finding in found]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _counted(post: Path, sheet: "Sheet", found: "list[Finding]") -> str:
    from collections import Counter

    counts = ", ".join(f"{n} {name}" for name, n in Counter(f.check for f in found).items())
    texts = f"{len(sheet.texts)} of {len(sheet.written.items)} papers' texts at hand"
    return f"{post}: {counts or 'nothing found'} ({sheet.name}; {texts})"


def _sheet(post: Path, workspace: Workspace, settings: "Settings") -> "Sheet":
    from summarize import checks
    from summarize import output as out
    from summarize.cli import evidence
    from summarize.merge import named
    from summarize.posts import FORMATS

    forms.see_that_it_is_a_post(post)
    prior = out.check(post)
    name = forms.of_post(post, prior, workspace)
    known = evidence.texts(post, settings)
    of_site = site.above(post)
    return checks.Sheet(
        written=FORMATS[name].parse(prior.text or ""),
        name=name,
        form=FORMATS[name],
        texts={named(paper.url, paper.title): text for paper, text in known},
        exists=lambda address: site.file(address, post) is not None,
        keeps_html=name != "hugo" or of_site is None or site.keeps_html(of_site),
        sets_math=of_site is not None and of_site.format == name and site.sets_math(of_site),
        knows_footnotes=of_site is None or of_site.format != name or site.knows_footnotes(of_site),
    )


def _dead(sheet: "Sheet", settings: "Settings") -> "list[Finding]":
    """Ask where the links of a post lead."""
    from summarize.checks import Finding
    from summarize.checks.links import addresses
    from summarize.cli import interrupt
    from summarize.settings import Clock
    from summarize.web import links

    there = [(at, url) for at, url in addresses(sheet) if url.startswith(("http://", "https://"))]

    async def work() -> dict[str, str]:
        return await links.dead((url for _, url in there), settings, Clock())

    dead = interrupt.run(work(), lambda: "nothing was changed")
    return [
        Finding(sheet.line(at), "online", f"{wrong}: {url}", "correct it, or take the link out")
        for at, url in there
        if (wrong := dead.get(url.partition("#")[0]))
    ]
