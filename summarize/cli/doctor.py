"""`roundup doctor`: what of this machine `roundup` can use, and what to do about the rest."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import typer

from summarize import __version__
from summarize.cli import keys
from summarize.cli.options import ApiBase, CacheDir, Model, meant_for
from summarize.cli.workspace import Workspace
from summarize.errors import RoundupError

if TYPE_CHECKING:
    from summarize.settings import Settings

ROOM = 2 * 1024**3  # bytes of disk: a conference's PDFs and texts


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: well, of no harm, or in the way; and what to do about it."""

    state: Literal["ok", "--", "!!"]
    what: str
    hint: str = ""


def doctor(
    ctx: typer.Context,
    model: Model = "extractive",
    api_base: ApiBase = None,
    cache_dir: CacheDir = None,
) -> None:
    """Check keys, servers, cache, disk and Tesseract, and say what to do.

    Ends with 1 where `draft` would fail with this model. Keys are never shown.
    """
    from summarize import backends
    from summarize.settings import Settings

    workspace: Workspace = ctx.obj
    settings = Settings(
        model=model,
        api_base=meant_for(ctx, model, api_base),
        cache_dir=workspace.cache_dir(cache_dir),
        attempts=2,
    )
    typer.echo(f"roundup {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    well, known = True, keys.environment(workspace)
    try:
        settings = backends.choose(model).located(settings, known)
        found = [_model(settings)]
    except RoundupError as error:
        found = [Finding("!!", error.message, error.hint)]
    for finding in (
        *found,
        *_keys(known),
        *_servers(settings, known),
        *_cache(settings),
        *_tools(),
    ):
        typer.echo(f"{finding.state}  {finding.what}")
        if finding.hint:
            typer.echo(f"      {finding.hint}")
        well = well and finding.state != "!!"
    if not well:
        raise typer.Exit(1)


def _model(settings: "Settings") -> Finding:
    """See that the model that `draft` would use answers."""
    from summarize import backends
    from summarize.settings import Clock

    backend = backends.choose(settings.model)

    async def ready() -> int | None:
        async with backend.connect(settings, Clock()) as model:
            return await model.ready()

    try:
        window = asyncio.run(ready())
    except RoundupError as error:
        return Finding("!!", error.message, error.hint)
    service = backend.service(settings)
    where = f"; it would be sent to {service}" if service else "; no text leaves this machine"
    context = f", a context of {window:,} tokens" if window else ""
    return Finding("ok", f"model {settings.model}{context}{where}")


def _keys(known: keys.Environment) -> Iterator[Finding]:
    from summarize.backends.providers import KEYS

    try:
        there = [name for names in KEYS.values() for name in names if known.get(name)]
    except RoundupError as error:
        yield Finding("!!", error.message, error.hint)
        return
    where = "the environment" + (f" and {known.source}" if known.source else "")
    yield (
        Finding("ok", f"keys in {where}: {', '.join(there)}")
        if there
        else Finding("--", f"no key of a hosted model in {where}", "none is needed")
    )


def _servers(settings: "Settings", known: keys.Environment) -> Iterator[Finding]:
    from summarize.backends.finding import find
    from summarize.settings import Clock

    found, silent = asyncio.run(find(settings, known, Clock(), probe=False))
    for model in found:
        window = f", {model.window:,} tokens" if model.window else ""
        loose = model.held is False
        yield Finding(
            "--" if loose else "ok",
            f"{model.model} at {model.base}{window}",
            "it is not held to a schema: replies may have to be asked again" if loose else "",
        )
    for server in silent:
        yield Finding("--", f"{server.name} at {server.base}: {server.problem}")
    if not found and not silent:
        yield Finding("--", "no model server on the usual ports of this machine")


def _cache(settings: "Settings") -> Iterator[Finding]:
    from summarize.store import Store

    folder = settings.cache_dir
    try:
        store = Store(settings)
        store.open()
        size = sum(tier.size for tier in store.info())
        store.close()
        yield Finding("ok", f"cache {folder}, {size / 1e6:.0f} MB")
    except RoundupError as error:
        yield Finding("!!", error.message, error.hint)
        return
    free = shutil.disk_usage(folder).free
    few = free < ROOM
    yield Finding(
        "--" if few else "ok",
        f"disk: {free / 1e9:.1f} GB free",
        "a conference's papers take about 2 GB; --cache-dir names another place" if few else "",
    )


def _tools() -> Iterator[Finding]:
    from importlib.util import find_spec

    from summarize.engines import ocr

    version = ocr.version()
    yield (
        Finding("ok", f"Tesseract {version} reads scans")
        if version
        else Finding("--", "no Tesseract: scans are skipped, or read from their abstract", ocr.HINT)
    )
    yield (
        Finding("ok", "llama.cpp serves GGUF files")
        if find_spec("xllamacpp")
        else Finding(
            "--", "no llama.cpp for gguf:FILE", "pip install 'paper-roundup[local]' has it"
        )
    )
