"""`--cluster`: what a run gets from a cluster, and what of its options must stay here."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from summarize.cli import keys
from summarize.cli.options import checked_base, is_said
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.backends import Backend
    from summarize.cluster import Cluster
    from summarize.settings import Settings
    from summarize.workers import Readers

Where = Annotated[
    str,
    typer.Option(
        "--cluster",
        metavar="WHERE",
        envvar="ROUNDUP_CLUSTER",
        help="Read PDFs and ask the model on the workers of a Dask cluster: tcp://SCHEDULER:8786, "
        "or `local:4` for four workers on this machine.",
    ),
]
_BY_NAME = "env:"


class Joined(NamedTuple):
    """Who is asked, by which settings, and what reads PDFs: on this machine, or on workers."""

    backend: "Backend"
    settings: "Settings"
    readers: "Callable[[Settings], AbstractAsyncContextManager[Readers]]"


def joined(where: str, backend: "Backend", settings: "Settings", ctx: typer.Context) -> Joined:
    """Return what a run needs, its model's server located; on the cluster, if one was asked for.

    Raises `InputError` for what can't be, such as an address that is no server's.
    """
    from summarize.backends import balanced
    from summarize.workers import Pool

    readers: Callable[[Settings], AbstractAsyncContextManager[Readers]] = Pool
    if where:
        cluster = _chosen(where, settings, ctx)
        by_name = (settings.api_base or "").startswith(_BY_NAME)
        here = None if by_name else settings.api_base
        settings = replace(settings, api_base=here, more_bases=())  # each worker has its own
        backend, readers = cluster.backend(backend), cluster.readers
    backend = balanced.over(backend, settings)
    settings = backend.located(settings, keys.environment(ctx.obj))
    for base in (settings.api_base, *settings.more_bases):
        checked_base(base)
    return Joined(backend, settings, readers)


def _chosen(where: str, settings: "Settings", ctx: typer.Context) -> "Cluster":
    """Return the cluster that was asked for.

    The address of a server is not sent to workers: it would be another machine's for each.
    """
    from summarize.cluster import BASE, Cluster, parsed

    address, given = parsed(where), settings.api_base or ""
    base, variables = BASE, dict[str, str]()
    if given.startswith(_BY_NAME):
        base = given.removeprefix(_BY_NAME)
    elif given and is_said(ctx, "api_base", by_variable=False):
        if not address.is_started_here:
            raise InputError(
                f"--api-base {given}: the workers of a cluster each have an address of their own",
                f"set {BASE} where each worker is started, or name another variable of theirs "
                "with --api-base env:NAME",
            )
        variables[BASE] = " ".join((given, *settings.more_bases))
    if settings.batch:
        raise InputError(
            "--batch asks the provider itself, by file: no worker would be asked",
            "leave out --cluster, or --batch",
        )
    return Cluster(
        address,
        base=base,
        variables=variables,
        slots=settings.jobs,
        readers=settings.workers,
        most=settings.jobs if is_said(ctx, "jobs") else None,
    )
