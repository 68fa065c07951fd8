"""Which format a post is in: said now, or known of it, or plain from it, or the workspace's."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarize.cli import naming
from summarize.errors import InputError, OutputError

if TYPE_CHECKING:
    from summarize.cli.workspace import Workspace
    from summarize.output import Prior
    from summarize.posts import Format

DEFAULT = "jekyll"
ENDINGS = {".md", ".markdown", ".mdx", ".qmd", ".html", ".htm"}  # of posts, a person's own too


class Place(NamedTuple):
    """Where a list's post goes, what is there, and the name of the format it is to be in.

    `source` is the post whose words go into it: the one that is there, or that of another
    format's name. `remark` says of the latter what becomes of it.
    """

    path: Path
    prior: "Prior"
    kind: str
    source: "Prior"
    remark: str = ""


def see_that_it_is_a_post(path: Path) -> None:
    """Raise `InputError` for a file that is not there, and for one that is a list or a paper."""
    from summarize import output as out

    if not path.is_file():
        raise InputError(f"there is no post {path}", "draft one first: roundup draft LIST")
    if path.suffix.lower() not in ENDINGS and not out.has_note(path):
        raise InputError(f"{path} is no post", "name the post that was drafted of it")


def amiss(
    path: Path, prior: "Prior", *, drafts: bool = False, force: bool = False, writes: bool = True
) -> list[str]:
    """Say in a line each what is wrong with a post that is there, and what follows from it.

    `drafts` is whether its list is drafted, and not only what is remembered of it, perhaps with
    `force`; `writes` whether the post is going to be written.
    """
    from summarize import files, notes

    real = path.resolve()
    if writes and prior.is_blank:
        backup = files.newest_backup(real)
        how = "its list is drafted anew" if drafts else "what was generated there last is put back"
        kept = "the newest backup of what stood there is" if backup else "there is no backup of it"
        return [f"{path} is empty, and so no post: {how}; {kept} {backup or ''}".rstrip()]
    if not prior.damaged or prior.text is None:
        return []
    kept = f"it is kept as {notes.aside(real).name}, and the post in a backup" if writes else ""
    said = f"{notes.beside(path)} is damaged ({prior.damaged})"
    if force:
        return [f"{said}; {kept}"]
    said += f": what was generated in {path} can't be told from your words, so everything there "
    said += "counts as yours; put back a good copy of it if you have one"
    said += ", or say --force to draft anew" if drafts else ""
    return [f"{said} ({kept})" if kept else said]


def checked(name: str) -> str:
    """Return the name of a format. Raises `InputError` where there is none of that name."""
    if name in {"", DEFAULT}:
        return name
    from summarize.posts import FORMATS

    if name not in FORMATS:
        raise InputError(f"there is no format {name}", f"there are: {', '.join(FORMATS)}")
    return name


def of_post(path: Path, prior: "Prior", workspace: "Workspace") -> str:
    """Return the name of the format that a post is in."""
    from summarize.posts import telling

    if prior.state.base:  # drafted here; before there were several, it was the default
        return prior.state.format or DEFAULT
    return telling.told(path.name, prior.text or "") or workspace.format or DEFAULT


def read(path: Path, prior: "Prior", workspace: "Workspace") -> "Format":
    """Return the format that a post is in."""
    from summarize.posts import FORMATS

    return FORMATS[of_post(path, prior, workspace)]


def place(
    given: str,
    output: Path | None,
    list_: Path,
    stem: str,
    day: str,
    workspace: "Workspace",
    *,
    force: bool,
    whole: bool,
) -> Place:
    """Return where a list's post goes, and what goes into it.

    A post that is there stays in the format it is in, unless another is given. Where there is none,
    but one of the same list under the name that another format gives it, a draft of the `whole`
    list takes its words along.
    """
    from summarize import output as out
    from summarize.posts import FORMATS, telling

    kind = checked(given) or telling.told(output.name if output else "", "")
    kind = kind or workspace.format or DEFAULT
    form = FORMATS[kind]
    path = output or naming.post_path(stem, day, workspace.posts, form.ending, dated=form.dated)
    prior = out.check(path, force=force)
    if not force:
        hint = ", write elsewhere with -o, or replace it with --force (a backup is kept)"
        out.see_that_it_may_change(path, prior, hint)
    if prior.text is None and output is None and not force:
        return _taking_along(Place(path, prior, kind, prior), list_, stem, workspace, whole=whole)
    if force or prior.text is None or prior.is_blank:
        return Place(path, prior, kind, prior)
    there = of_post(path, prior, workspace)
    if given and FORMATS[there].parse is not form.parse:
        raise OutputError(
            f"{path} is in the format {there}: what you wrote there can't be brought into {kind}",
            "write elsewhere with -o (`roundup publish` sends a post of any format), or replace it "
            "with --force (a backup is kept)",
        )
    return Place(path, prior, kind if given else there, prior)


def _taking_along(
    place: Place, list_: Path, stem: str, workspace: "Workspace", *, whole: bool
) -> Place:
    """Return the place of a new post, with the words of the list's post under another name.

    That post is left as it is.
    """
    from summarize.posts import FORMATS

    found = _of_list(list_, stem, workspace)
    if found is None:
        return place
    path, prior = found
    there, theirs = of_post(path, prior, workspace), f"{path} is this list's post already"
    if FORMATS[there].parse is not FORMATS[place.kind].parse:
        return place._replace(
            remark=f"{theirs}, in the format {there}: what you wrote there can't be brought into "
            f"{place.path}, which is {place.kind}"
        )
    if not whole:
        return place._replace(
            remark=f"{theirs}: what you wrote there is not in {place.path}; draft the whole list "
            f"to take it along, or say -o {shlex.quote(str(path))}"
        )
    return place._replace(
        source=prior,
        remark=f"{theirs}: what you wrote there is taken along into {place.path}; it stays as it "
        "is, and you may remove it",
    )


def _of_list(list_: Path, stem: str, workspace: "Workspace") -> "tuple[Path, Prior] | None":
    """Return the post that was drafted of a list last, under the name that any format gives it."""
    from summarize import output as out
    from summarize.posts import FORMATS

    named = {
        naming.post_path(stem, "", workspace.posts, form.ending, dated=form.dated)
        for form in FORMATS.values()
    }
    there = sorted((p for p in named if out.has_note(p) and p.is_file()), key=_written)
    posts = ((path, out.check(path)) for path in reversed(there))
    return next(
        (
            (p, prior)
            for p, prior in posts
            if prior.state.base and prior.drafted(naming.origins(list_, p)) and not prior.is_blank
        ),
        None,
    )


def _written(path: Path) -> float:
    return path.stat().st_mtime
