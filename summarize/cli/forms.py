"""Which format a post is in: said now, or known of it, or plain from it, or the workspace's."""

from pathlib import Path
from typing import TYPE_CHECKING

from summarize.cli import naming
from summarize.errors import InputError, OutputError

if TYPE_CHECKING:
    from summarize.cli.workspace import Workspace
    from summarize.output import Prior
    from summarize.posts import Format

DEFAULT = "jekyll"


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
    given: str, output: Path | None, stem: str, day: str, workspace: "Workspace", *, force: bool
) -> "tuple[Path, Prior, str]":
    """Return where a list's post goes, what is there, and the name of the format it is to be in.

    A post that is there stays in the format it is in, unless another is given.
    """
    from summarize import output as out
    from summarize.posts import FORMATS, telling

    kind = checked(given) or telling.told(output.name if output else "", "")
    kind = kind or workspace.format or DEFAULT
    form = FORMATS[kind]
    path = output or naming.post_path(stem, day, workspace.posts, form.ending, dated=form.dated)
    prior = out.check(path, force=force)
    if force or not (prior.text or "").strip():
        return path, prior, kind
    there = of_post(path, prior, workspace)
    if given and FORMATS[there].parse is not form.parse:
        raise OutputError(
            f"{path} is in the format {there}: what you wrote there can't be brought into {kind}",
            "write elsewhere with -o (`roundup publish` sends a post of any format), or replace it "
            "with --force (a backup is kept)",
        )
    return path, prior, kind if given else there
