"""The command line: parse, call, print. `main` alone catches errors and exits."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from summarize import __version__
from summarize.cli.workspace import configure
from summarize.errors import RoundupError
from summarize.secrets import hidden

# Each command by its name, in the order of the help: the file it lies in, and what it is there.
COMMANDS = {
    "init": ("init", "init"),
    "import": ("importing", "import_"),
    "enrich": ("enrich", "enrich"),
    "add": ("add", "add"),
    "draft": ("draft", "draft"),
    "plan": ("plan", "plan"),
    "regenerate": ("regenerate", "regenerate"),
    "diff": ("regenerate", "diff"),
    "history": ("history", "history"),
    "report": ("report", "report"),
    "compare": ("compare", "compare"),
    "read": ("read", "read"),
    "evidence": ("evidence", "evidence"),
    "check": ("check", "check"),
    "publish": ("publish", "publish"),
    "export": ("export", "export"),
    "doctor": ("doctor", "doctor"),
    "prompts": ("prompts", "app"),
    "voice": ("voice", "app"),
    "models": ("models", "app"),
    "cache": ("cache", "app"),
}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"roundup {__version__}")
        raise typer.Exit


def roundup(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
    secrets: Annotated[
        str,
        typer.Option(
            metavar="FILE|keyring",
            envvar="ROUNDUP_SECRETS",
            help="Where keys are that the environment does not hold: a file of lines NAME=value "
            "that only you can read, or your keyring.",
        ),
    ] = "",
) -> None:
    """Turn a reading list of papers into a roundup post worth publishing."""
    configure(ctx, secrets)


def application(names: Iterable[str]) -> typer.Typer:
    """Return the command line with these commands.

    Typer looks at the signatures of all that it knows: a run that knows only its own starts sooner.
    """
    app = typer.Typer(
        name="roundup",
        help="Turn a reading list of papers into a roundup post worth publishing.",
        no_args_is_help=True,
        rich_markup_mode=None,  # plain help is fast help: rich is loaded for live progress alone
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(roundup)
    for name in names:
        file, what = COMMANDS[name]
        command = getattr(import_module(f"summarize.cli.{file}"), what)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    """Run the command line; every error is one message, and an exit code that says its kind."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        application([first] if first in COMMANDS else COMMANDS)(prog_name="roundup")
    except RoundupError as error:
        print(f"roundup: {hidden(error.message)}", file=sys.stderr)
        if error.hint:
            print(f"  {hidden(error.hint)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        print("roundup: stopped: nobody reads its output", file=sys.stderr)
        # Whoever read our output has gone. Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ROUNDUP_DEBUG"):
            raise
        what = hidden(" ".join(f"{type(error).__name__}: {error}".split()))[:300]
        print(f"roundup: this should not have happened: {what}", file=sys.stderr)
        print(
            "  what was done is kept; with ROUNDUP_DEBUG=1 the same command shows where it was",
            file=sys.stderr,
        )
        sys.exit(1)
