"""`roundup import`: a list from wherever it is, as a CSV that every command reads."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import keys
from summarize.cli.options import AllowPrivate, Offline, Quiet
from summarize.cli.running import MAX_TOLD, SKIPPED
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.gather.asking import Asking
    from summarize.records import ReadingList
    from summarize.settings import Settings


def import_(
    ctx: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A file, - for a pipe, openreview:VENUE_ID, arxiv:QUERY, arxiv:ID,ID,..., or "
            "the address of a page of PMLR, CVF, the ACL Anthology, arXiv or a virtual conference.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="CSV", help="Where it goes. Default: printed."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Take only the first N papers (of arXiv's, 100 by default)."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that exists (a backup is kept).")
    ] = False,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    quiet: Quiet = False,
) -> None:
    """Make a CSV of a list in any format, or of a venue: one row for each paper or event.

    Reads CSV, Excel and OpenDocument sheets, BibTeX, RIS, CSL-JSON, Zotero's CSV, JSON, Markdown,
    earlier posts, WordPress's JSON, pasted pages, feeds and answers of the sites' APIs, and lists
    of addresses: each is told by what it holds. OpenReview may want a login:
    OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD.
    """
    from summarize import files, gather
    from summarize.cli import lists
    from summarize.tables.writing import as_csv

    workspace: Workspace = ctx.obj
    if output is not None and output.exists() and not force:
        raise InputError(f"{output} exists", "name another file with -o, or give --force")
    if gather.is_live(source):
        from summarize.cli import interrupt
        from summarize.settings import Settings

        settings = Settings(offline=offline, allow_private=allow_private, contact=workspace.contact)
        reading = interrupt.run(
            gather.gather(source, _asking(settings, workspace, limit, quiet=quiet)),
            lambda: "Nothing was written.",
        )
    else:
        reading = lists.read(Path(source), workspace)
    entries = reading.entries[:limit]
    if not entries:
        raise InputError(*_why_none(reading, source))
    made = as_csv(entries)
    if output is None:
        sys.stdout.buffer.write(made)
    elif backup := files.put(output, made):
        typer.echo(f"what {output} was is kept in {backup}", err=True)
    if not quiet:
        _tell(reading, output, len(entries))
    if reading.rejected:
        raise typer.Exit(SKIPPED)


def _asking(
    settings: "Settings", workspace: Workspace, limit: int | None, *, quiet: bool
) -> "Asking":
    """Return how sites are to be asked; an account is named by its variables."""
    from summarize.gather.asking import OPENREVIEW, OPENREVIEW_V1, Asking
    from summarize.settings import Clock

    environ = keys.environment(workspace)
    return Asking(
        settings=settings,
        clock=Clock(),
        limit=limit,
        user=environ.get("OPENREVIEW_USERNAME", ""),
        password=environ.get("OPENREVIEW_PASSWORD", ""),
        # As OpenReview's own client has them.
        openreview=(
            environ.get("OPENREVIEW_BASEURL_V2", OPENREVIEW),
            environ.get("OPENREVIEW_BASEURL_V1", OPENREVIEW_V1),
        ),
        said=(lambda line: None) if quiet else (lambda line: typer.echo(line, err=True)),
    )


def _why_none(reading: "ReadingList", source: str) -> tuple[str, str]:
    """Say why a list has no entry that can be used."""
    first = next(iter(reading.rejected), f"{source} lists no papers")
    return first, "no row of it can be used"


def _tell(reading: "ReadingList", output: Path | None, entries: int) -> None:
    """Say what was repaired or left out, and how many rows there are."""
    for lines in (reading.notices, reading.rejected):
        for line in lines[:MAX_TOLD]:
            typer.echo(line, err=True)
        if len(lines) > MAX_TOLD:
            typer.echo(f"and {len(lines) - MAX_TOLD} more of these", err=True)
    left = f", {len(reading.rejected)} left out" if reading.rejected else ""
    where = f"{output}: " if output else ""
    typer.echo(f"{where}{entries} {'row' if entries == 1 else 'rows'}{left}", err=True)
