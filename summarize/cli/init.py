"""`roundup init`: a workspace, made of what is there already."""

from pathlib import Path
from typing import Annotated

import typer

from summarize.cli import forms, site
from summarize.cli.workspace import FILE
from summarize.errors import InputError, OutputError

_SETTINGS = """\
# roundup.toml: what `roundup` does in this folder. All of it is optional; a # keeps a line out.

[draft]
# model = "extractive"              # who summarizes; `roundup models` lists what is here
# api-base = "http://localhost:8080/v1"  # the server of a model of your own
# prompt = "default"                # or one of yours, in prompts/: `roundup prompts new mine`
# pdf-dir = "pdfs"                  # a folder of PDFs to look in first
{cache}# offline = true                    # ask no address beyond this machine
# strict = true                     # leave out what says more than the paper bears out
# budget = 2.0                      # dollars, at most, on a hosted model

[post]
format = "{format}"{of}
folder = "{folder}"
# categories = ["machine learning"]
# tags = ["conferences", "papers"]
# frame = "frame.md"                # your own frame around the entries

[export]
# html = "page.html"                # your own templates, for `roundup export`
# newsletter = "mail.html"

[web]
# contact = "mailto:you@example.org"  # told to paper sites, so that they can ask you to go slower
"""
_PROMPTS = """\
Prompts of your own, one `.toml` file each: `roundup prompts new NAME --from skeptic` writes one to
edit, `roundup prompts check` tells its mistakes. Here they win over those that come with roundup.
"""
_IGNORED = "cache/\n.*.backup\n"
_CACHE = "*\n"


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder; made, if it is not there.")
    ] = Path(),
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            help="What posts are written for. Default: the kind of site that the folder is.",
        ),
    ] = "",
) -> None:
    """Make a workspace: settings, and folders for prompts, posts and the cache.

    In a Jekyll, Hugo, Quarto or MkDocs site, posts go where the site keeps them. No file that
    exists is touched.
    """
    from summarize.files import create

    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "name a folder, or one to be made")
    found = site.at(folder)
    kind = forms.checked(format_) or (found.format if found else forms.DEFAULT)
    posts = found.folder if found and found.format == kind else "posts"
    of = f"{' ' * max(1, 26 - len(kind))}# as {found.config.name} says" if found else ""
    # A site would publish a folder of its own called cache; none looks into one with a dot.
    cache = ".roundup/cache" if found else "cache"
    setting = f'cache-dir = "{cache}"        # where sites do not look\n' if found else ""
    settings = _SETTINGS.format(format=kind, folder=posts, of=of, cache=setting)
    files = {
        folder / FILE: settings,
        folder / "prompts" / "README": _PROMPTS,
        folder / cache / ".gitignore": _CACHE,
        **({} if found else {folder / ".gitignore": _IGNORED}),
    }
    _make(folder / posts)
    for path, text in files.items():
        there = path.exists() or path.is_symlink()
        if not there:
            create(path, text)
        typer.echo(f"{'Left as it is' if there else 'Made'}: {path}")
    typer.echo(f"Posts: {kind}, in {folder / posts}")
    for line in _to_do(found, kind):
        typer.echo(line)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} can't be made: {error.strerror}") from error


def _to_do(found: site.Site | None, kind: str) -> list[str]:
    """Say what of the site's own settings its owner may want to change; it is theirs to do."""
    if found is None or found.format != kind:
        return []
    if kind == "jekyll":
        lines = [f"Put into {found.config}, so that they are not published:",
                 "  exclude: [roundup.toml, prompts]"]  # fmt: skip
        if layout := site.layout(found):
            lines += ["and so that posts have your site's layout:",
                      '  defaults: [{scope: {path: "", type: posts}, '
                      f"values: {{layout: {layout}}}}}]"]  # fmt: skip
        return lines
    if kind == "hugo" and not site.keeps_html(found):
        return [f"{found.config} has Hugo leave HTML out: notes would not be folded. Put in:",
                "  [markup.goldmark.renderer]", "  unsafe = true"]  # fmt: skip
    return []
