"""`roundup cache`: what is kept, where, and how to let go of it."""

from typing import Annotated

import typer

from summarize.cli.options import CacheDir
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

app = typer.Typer(
    help="Show or empty what roundup keeps: PDFs, their texts, paid replies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("path")
def path(ctx: typer.Context, cache_dir: CacheDir = None) -> None:
    """Print where the cache is."""
    workspace: Workspace = ctx.obj
    typer.echo(workspace.cache_dir(cache_dir))


@app.command("info")
def info(ctx: typer.Context, cache_dir: CacheDir = None) -> None:
    """Print how much each tier of the cache holds."""
    from summarize.settings import Settings
    from summarize.store import Store

    workspace: Workspace = ctx.obj
    folder = workspace.cache_dir(cache_dir)
    typer.echo(folder)
    if not folder.is_dir():
        typer.echo("nothing is kept yet")
        return
    store = Store(Settings(cache_dir=folder))
    store.open()
    for tier in store.info():
        typer.echo(f"{tier.name:10} {tier.entries:7} entries {tier.size / 1e6:9.1f} MB")
    store.close()


@app.command("clear")
def clear(
    ctx: typer.Context,
    pdfs: Annotated[
        bool, typer.Option("--pdfs", help="Empty the PDFs: they can be fetched again.")
    ] = False,
    documents: Annotated[
        bool, typer.Option("--documents", help="Empty the texts: they can be read again.")
    ] = False,
    replies: Annotated[
        bool, typer.Option("--replies", help="Empty the replies: asking again may cost money.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before emptying replies.")
    ] = False,
    cache_dir: CacheDir = None,
) -> None:
    """Empty the tiers that are named."""
    from summarize.settings import Settings
    from summarize.store import Store

    workspace: Workspace = ctx.obj
    flags = {"pdfs": pdfs, "documents": documents, "replies": replies}
    wanted = [name for name, given in flags.items() if given]
    if not wanted:
        raise InputError("nothing was named", "say which: --pdfs, --documents, --replies")
    folder = workspace.cache_dir(cache_dir)
    if not folder.is_dir():
        typer.echo("nothing is kept yet")
        return
    if (
        replies
        and not yes
        and not typer.confirm(
            "Replies were paid for, and asking again may cost as much. Empty them?"
        )
    ):
        raise typer.Exit(1)
    store = Store(Settings(cache_dir=folder))
    store.open()
    for name in wanted:
        typer.echo(f"{name}: {store.clear(name)} entries removed")
    store.close()
