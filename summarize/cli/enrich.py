"""`roundup enrich`: what sites know of the papers of a list, put into its empty cells."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli.options import CacheDir, List, Offline, Quiet
from summarize.cli.running import SKIPPED
from summarize.cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarize.enrich import Entry

Again = Annotated[
    bool, typer.Option("--again", help="Ask anew what was answered before, and kept.")
]


def enrich(
    ctx: typer.Context,
    list_: List,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="LIST",
            help="Write the list elsewhere. Default: in its place, with a backup beside it.",
        ),
    ] = None,
    again: Again = False,
    offline: Offline = False,
    cache_dir: CacheDir = None,
    quiet: Quiet = False,
) -> None:
    """Fill a list's empty cells with what sites know of its papers.

    Asks OpenReview, Semantic Scholar, arXiv, Hugging Face and Crossref for titles, authors,
    abstracts, venues, dates, code, arXiv ids and the authors' own TL;DR. What you wrote stays as it
    is, byte for byte; what is new comes in new columns at the end, and in cells that are empty.
    """
    from summarize import files, tables
    from summarize import output as out
    from summarize.amend import Sheet
    from summarize.cli import asking

    workspace: Workspace = ctx.obj
    tables.read(list_)  # says in its own words what is no list at all
    data = list_.read_bytes()
    sheet = Sheet(data, str(list_))
    target = output or list_
    out.check(target, force=True)  # what can't be written is said before anybody is asked
    settings = asking.settings(workspace, cache_dir, offline=offline)
    rows = sheet.papers
    entries = [asking.entry(sheet, row, paper) for row, paper in rows]
    asked = asking.ask(entries, settings, again=again, quiet=quiet)
    fills = {
        row: {name: value.text for name, value in entry.values().items()}
        for (row, _), entry in zip(rows, entries, strict=True)
    }
    before = data if output is None else output.read_bytes() if output.exists() else None
    amended = sheet.amended(fills, recode=output is not None)
    backup = None
    if before is None:
        files.save_bytes(target, amended.data)
    elif amended.data != before:
        backup = files.replace(target, amended.data, before)
    if not quiet:
        for entry in entries:
            asking.say(asking.described(entry))
        if amended.notice:
            asking.say(amended.notice)
        asking.say(_sum(entries, asked.questions, target, amended.columns, backup))
    if not asked.whole:
        raise typer.Exit(SKIPPED)


def _sum(
    entries: "Sequence[Entry]",
    questions: int,
    target: Path,
    columns: "Sequence[str]",
    backup: Path | None,
) -> str:
    from summarize.report import counted

    filled = sum(len(entry.values()) for entry in entries)
    papers = sum(bool(entry.values()) for entry in entries)
    if not filled:
        return f"nothing new was found; {target} is as it was ({counted(questions, 'question')})"
    new = f", new columns: {', '.join(columns)}" if columns else ""
    kept = f"; as it was: {backup}" if backup else ""
    return (
        f"{counted(filled, 'cell')} filled for {papers} of {counted(len(entries), 'paper')}{new} "
        f"({counted(questions, 'question')}): {target}{kept}"
    )
