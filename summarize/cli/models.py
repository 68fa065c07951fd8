"""`roundup models`: which models are there, and which one `draft` uses."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarize.cli import keys
from summarize.cli.options import ApiBase, Model, meant_for
from summarize.cli.workspace import Workspace

if TYPE_CHECKING:
    from summarize.backends.finding import Found

app = typer.Typer(
    help="List the models on this machine, and choose the one that `draft` uses.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Write them as JSON.")]


@app.callback()
def models(
    ctx: typer.Context,
    model: Model = "extractive",
    api_base: ApiBase = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe", help="Ask every model whether a schema holds it; servers may load each."
        ),
    ] = False,
    json_: Json = False,
) -> None:
    """List the models of servers on this machine: those on the usual ports, and those set.

    `held` says that the model was held to the schema it was sent, as `draft` needs it.
    """
    if ctx.invoked_subcommand:
        return
    from summarize.backends.finding import find
    from summarize.settings import Clock, Settings

    settings = Settings(model=model, api_base=meant_for(ctx, model, api_base))
    found, silent = asyncio.run(find(settings, keys.environment(ctx.obj), Clock(), probe=probe))
    if json_:
        typer.echo(json.dumps([_told(one, model) for one in found], ensure_ascii=False, indent=1))
        return
    rows = [
        ("*" if one.model == model else " ", one.model, _tokens(one), _held(one), one.base)
        for one in found
    ]
    if not any(row[0] == "*" for row in rows):
        what = "embedded: needs no model" if model == "extractive" else "not on this machine"
        rows.append(("*", model, "-", "-", what))
    rows.insert(0, (" ", "model", "context", "schema", "where"))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        typer.echo(f"{line}  {row[4]}".rstrip())
    for one in silent:
        typer.echo(f"! {one.name} at {one.base}: {one.problem}")
    typer.echo("* is what `roundup draft` uses; `roundup models use NAME` chooses another one")


@app.command("use")
def use(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The model, as `draft` takes it.")],
    api_base: ApiBase = None,
) -> None:
    """Remember a model: `draft` uses it unless --model says otherwise."""
    from summarize import backends
    from summarize.cli.remembered import remember
    from summarize.settings import Settings

    workspace: Workspace = ctx.obj
    if name.startswith("gguf:"):  # wherever `draft` is run
        name = f"gguf:{Path(name.removeprefix('gguf:')).expanduser().resolve()}"
    settings = Settings(model=name, api_base=api_base)
    located = backends.choose(name).located(
        settings, keys.environment(workspace)
    )  # refuses what can't be meant
    path = remember(workspace, model=name, api_base=api_base)
    where = f" at {located.api_base}" if located.api_base else ""
    typer.echo(f"{path} says now: {name}{where}")


def _tokens(one: "Found") -> str:
    return f"{one.window:,}" if one.window else "-"


def _held(one: "Found") -> str:
    return {True: "held", False: "NOT held", None: "not asked"}[one.held]


def _told(one: "Found", chosen: str) -> dict[str, Any]:
    return {
        "model": one.model,
        "base": one.base,
        "context": one.window,
        "schema": one.held,
        "used": one.model == chosen,
    }
