"""`roundup voice`: a person's own entries, as examples of how they write."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import forms
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.records import Example

FILE = "voice.toml"
app = typer.Typer(
    help="Let summaries be written in your own voice.", no_args_is_help=True, rich_markup_mode=None
)
_HEAD = """\
# How you write: entries of your own, sent along as examples with --voice, so that summaries sound
# like you. They are never passed off as new. Edit them, take some out, or put others in.
"""


@app.command("learn")
def learn(
    ctx: typer.Context,
    posts_: Annotated[
        list[Path], typer.Argument(metavar="POST...", help="Earlier posts of your own.")
    ],
    count: Annotated[
        int, typer.Option("--count", min=1, max=20, metavar="N", help="How many entries to take.")
    ] = 6,
    force: Annotated[
        bool, typer.Option("--force", help="Choose anew: replaces the entries that are there.")
    ] = False,
) -> None:
    """Choose a few of your own entries from earlier posts, as examples for --voice.

    They go to voice.toml, which is yours to edit. Of a drafted post, only what you wrote counts.
    """
    from summarize import files, output, voice

    path = _path(ctx.obj)
    if path.exists() and not force:
        raise InputError(f"{path} is there already", "edit it, or choose anew with --force")
    read = []
    for post in posts_:
        if not post.is_file():
            raise InputError(f"there is no post {post}", "name posts that you wrote")
        prior = output.check(post)
        for said in forms.amiss(post, prior, writes=False):
            typer.echo(said, err=True)
        form = forms.read(post, prior, ctx.obj)
        read.append((form.parse(prior.text or ""), form.parse(prior.state.text)))
    examples = voice.choose(read, count)
    if not examples:
        raise InputError(
            "none of these posts has an entry in your own words",
            "an entry is `1. [**Title**](URL) - what you say of it`",
        )
    files.replace_file(path, (_HEAD + voice.as_toml(examples)).encode())
    for example in examples:
        typer.echo(f"{example.title}: {example.text[:80]}...")
    typer.echo(f"Wrote {path}; use it with --voice")


def load(workspace: Workspace) -> "tuple[Example, ...]":
    """Return the examples that a person keeps. Raises `InputError` where there are none."""
    from pydantic import ValidationError

    from summarize.records import Example

    path = _path(workspace)
    if not path.is_file():
        raise InputError(f"--voice: there is no {path}", "make it: roundup voice learn POST...")
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("example", [])
        examples = tuple(Example.model_validate(one) for one in found)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}") from error
    except (ValidationError, TypeError) as error:
        raise InputError(f"{path}: an [[example]] is a title and a text") from error
    if not examples:
        raise InputError(f"{path} holds no [[example]]", "make it: roundup voice learn POST...")
    return examples


def _path(workspace: Workspace) -> Path:
    return (workspace.root or Path()) / FILE
