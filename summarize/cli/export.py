"""`roundup export`: a post as it stands now, as a page, a mail or a bibliography."""

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import typer

from summarize.cli import forms, site
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.exports import Export, Sheet
    from summarize.exports.export import Image

POSTS = {".md", ".markdown", ".qmd"}


def export(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="POST", help="A post; for a bibliography, a list will do.")
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            help="`html` (one page, nothing beside it), `newsletter` (an .eml file to send), "
            "`bibtex` or `csl-json` (its papers, for Zotero).",
        ),
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where it goes. Default: beside the post."
        ),
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Put the extra notes into a newsletter, too.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Set a post as a web page, a newsletter or a bibliography.

    It says what the post says now, in your words; comments are left out. Nothing is fetched.
    """
    from summarize import files
    from summarize import output as out
    from summarize.exports import EXPORTS, newsletter

    if format_ not in EXPORTS:
        raise InputError(
            f"there is no export {format_}",
            f"there are: {', '.join(EXPORTS)}; other blogs' posts are drafted: draft --format",
        )
    export_ = EXPORTS[format_]
    path = output or source.with_suffix(export_.ending)
    if path.resolve() == source.resolve():
        raise InputError(f"{path} is what is to be exported", "name another file with -o")
    if path.exists() and not force:
        raise InputError(f"{path} is there already", "name another file with -o, or say --force")
    out.check(path, force=force)
    sheet = _sheet(source, format_, export_, ctx.obj, notes=notes)
    data = export_.render(sheet)
    files.save_bytes(path, data)
    for remark in _remarks(sheet, export_):
        typer.echo(remark, err=True)
    if format_ == "newsletter" and (size := newsletter.shown(data)) > newsletter.CLIPPED:
        typer.echo(
            f"{path} says {size // 1000} kB, images aside: Gmail shows about 100 and a link to "
            "the rest",
            err=True,
        )
    typer.echo(f"Wrote {path}")


def _sheet(
    source: Path, name: str, export_: "Export", workspace: Workspace, *, notes: bool
) -> "Sheet":
    """Return what there is to be set. Raises `InputError` for what is no post, nor enough."""
    from summarize import output as out
    from summarize import revise, tables
    from summarize.exports import Sheet
    from summarize.records import Paper

    if source.suffix.lower() not in POSTS and not out.has_note(source):
        if not export_.of_list:
            raise InputError(f"{source} is no post", f"{name} is made of a post: draft it first")
        entries = tables.read(source).entries
        return Sheet(papers=tuple(e for e in entries if isinstance(e, Paper)))
    if not source.is_file():
        raise InputError(f"there is no post {source}", "draft one first: roundup draft LIST")
    prior = out.check(source)
    form = forms.read(source, prior, workspace)
    written = form.parse(prior.text or "")
    return Sheet(
        papers=tuple(revise.papers(written, prior.state)),
        written=written,
        form=form,
        image=lambda address: _image(address, source),
        template=_template(workspace, name, export_),
        notes=notes,
    )


def _template(workspace: Workspace, name: str, export_: "Export") -> str:
    path = workspace.templates.get(name)
    if path is None:
        return ""
    from summarize.posts import frame

    try:
        return frame.checked(path.read_text("utf-8"), str(path), export_.variables, "body")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}") from error


def _image(address: str, post: Path) -> "Image | None":
    """Return an image of the post's own site, or None for what is not there or elsewhere."""
    from summarize.exports.export import Image

    bare = unquote(address.partition("#")[0].partition("?")[0])
    kind = mimetypes.guess_type(bare)[0] or ""
    if "://" in bare or bare.startswith(("//", "data:")) or not kind.startswith("image/"):
        return None
    path = site.file(bare, post)
    try:
        return Image(path.read_bytes(), kind) if path else None
    except OSError:
        return None


def _remarks(sheet: "Sheet", export_: "Export") -> list[str]:
    """Say what of the post the export does not show."""
    if export_.of_list:
        return []
    from summarize.markup.article import without_liquid

    left: list[str] = []
    without_liquid("".join(block.text + block.gap for block in sheet.written.blocks), "", 1, left)
    said = []
    if left:
        said.append("tags of the site's own ({% or {{) can't be run here: they stand as text")
    folded = sum(bool(item.notes) for item in sheet.written.items)
    if export_.ending == ".eml" and folded and not sheet.notes:
        said.append(f"the extra notes of {folded} entries are left out; --notes puts them in")
    return said
