"""The command line: parse, call, print. `main` alone catches errors and exits."""

import os
import sys
from typing import Annotated

import typer

from summarize import __version__
from summarize.cli import (
    cache,
    compare,
    doctor,
    draft,
    evidence,
    history,
    importing,
    models,
    plan,
    prompts,
    read,
    regenerate,
    voice,
)
from summarize.cli.workspace import configure
from summarize.errors import RoundupError

app = typer.Typer(
    name="roundup",
    help="Turn a reading list of papers into a roundup post worth publishing.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help is fast help: rich is loaded for live progress alone
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("draft")(draft.draft)
app.command("plan")(plan.plan)
app.command("import")(importing.import_)
app.command("regenerate")(regenerate.regenerate)
app.command("diff")(regenerate.diff)
app.command("history")(history.history)
app.command("compare")(compare.compare)
app.command("read")(read.read)
app.command("evidence")(evidence.evidence)
app.command("doctor")(doctor.doctor)
app.add_typer(prompts.app, name="prompts")
app.add_typer(voice.app, name="voice")
app.add_typer(models.app, name="models")
app.add_typer(cache.app, name="cache")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"roundup {__version__}")
        raise typer.Exit


@app.callback()
def roundup(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Turn a reading list of papers into a roundup post worth publishing."""
    configure(ctx)


def main() -> None:
    """Run the command line; every error is one message, and an exit code that says its kind."""
    try:
        app(prog_name="roundup")
    except RoundupError as error:
        print(f"roundup: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        print("roundup: stopped: nobody reads its output", file=sys.stderr)
        # Whoever read our output has gone. Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ROUNDUP_DEBUG"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        print(f"roundup: this should not have happened: {what}", file=sys.stderr)
        print(
            "  what was done is kept; with ROUNDUP_DEBUG=1 the same command shows where it was",
            file=sys.stderr,
        )
        sys.exit(1)
