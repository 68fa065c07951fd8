"""What `enrich` and `add` share: catalogs are asked, and what they said is told."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from summarize.cli import keys

if TYPE_CHECKING:
    from summarize.amend import Sheet
    from summarize.cli.workspace import Workspace
    from summarize.enrich import Entry
    from summarize.records import Paper
    from summarize.settings import Settings

_MOST_LINES = 4  # of progress about one catalog, in a pipe


def settings(
    workspace: "Workspace", cache_dir: Path | None, *, offline: bool, patience: float = 90.0
) -> "Settings":
    """Return how catalogs are asked."""
    from summarize.settings import Settings

    known = keys.environment(workspace)
    return Settings(
        cache_dir=workspace.cache_dir(cache_dir),
        offline=offline,
        contact=workspace.contact,
        mirrors=workspace.mirrors,
        patience=patience,
        # As OpenReview's and Semantic Scholar's own clients call them.
        openreview_user=known.get("OPENREVIEW_USERNAME", ""),
        openreview_password=known.get("OPENREVIEW_PASSWORD", ""),
        semantic_scholar_key=known.get("S2_API_KEY", ""),
    )


def entry(sheet: "Sheet", row: int, paper: "Paper") -> "Entry":
    """Return a paper of a list as catalogs are asked about it."""
    from summarize.enrich import FIELDS, Entry, identifiers
    from summarize.tables import addresses

    cells = {name: sheet.cell(row, name) for name in ("openreview", "arxiv", "doi")}
    known = identifiers([paper.url, paper.pdf, *addresses.of_row(cells)])
    held = {name for name in FIELDS if sheet.cell(row, name) or getattr(paper, name, "")}
    if "arxiv" in known:
        held.add("arxiv")
    return Entry(paper, frozenset(FIELDS) - held, known)


class Asked(NamedTuple):
    """How many questions were sent, and whether all catalogs answered."""

    questions: int
    whole: bool


def ask(entries: "Sequence[Entry]", chosen: "Settings", *, again: bool, quiet: bool) -> Asked:
    """Ask the catalogs about papers. Ctrl-C says that answers are kept."""
    from contextlib import AsyncExitStack

    from summarize.cli import interrupt
    from summarize.enrich import enrich
    from summarize.lookup import Lookup
    from summarize.settings import Clock
    from summarize.store import Store
    from summarize.web import Services

    teller = Teller(quiet=quiet)

    async def work() -> Asked:
        clock = Clock()
        async with AsyncExitStack() as stack:
            lookup = Lookup(
                chosen,
                clock,
                store=await stack.enter_async_context(Store(chosen)),
                services=await stack.enter_async_context(Services(chosen, clock)),
                again=again,
            )
            whole = await enrich(entries, lookup, teller)
        return Asked(lookup.asked, whole)

    def how_to_go_on() -> str:
        return (
            "what was answered is kept, the list is as it was.\n"
            "  Run the same command again to go on from here."
        )

    return interrupt.run(work(), how_to_go_on)


class Teller:
    """Tells how the asking goes: in place on a terminal, in a few lines in a pipe."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._catalog = ""
        self._papers = self._count = self._said = 0

    def asking(self, catalog: str, papers: int) -> None:
        """Say whom, about how many."""
        self._catalog, self._papers, self._count, self._said = catalog, papers, 0, 0
        if not self._live:
            self.notice(
                f"asking {catalog} about {papers} papers" if papers > 1 else f"asking {catalog}"
            )

    def through(self, papers: int) -> None:
        """Say how far it has come."""
        self._count += papers
        if self._quiet or not papers:
            return
        far = f"{self._catalog}: {self._count} of {self._papers}"
        if self._live:
            print(f"\r\033[K{far}", end="", file=sys.stderr, flush=True)
            if self._count >= self._papers:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
        elif self._count < self._papers and self._count * _MOST_LINES >= self._papers * (
            self._said + 1
        ):
            self._said = self._count * _MOST_LINES // self._papers
            self.notice(far)

    def notice(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            say(f"\r\033[K{text}" if self._live else text, raw=self._live)


def described(of: "Entry") -> str:
    """Say in one line what was found of a paper, where, and what was not."""
    by: dict[str, list[str]] = {}
    values = of.values()
    for name, value in values.items():
        how = f"{value.catalog}, by title" if value.by_title else value.catalog
        by.setdefault(how, []).append(name)
    parts = [f"{', '.join(names)} ({how})" for how, names in by.items()]
    missing = sorted(of.lacking - values.keys())
    if missing:
        parts.append(f"not found: {', '.join(missing)}")
    # Why is said where it matters: nothing was found, or something was refused.
    why = of.problems if not values else [p for p in of.problems if "another paper" in p]
    said = "; ".join([*parts, *dict.fromkeys(why)]) or "nothing is lacking"
    return f"{of.paper.where}: {of.title or of.paper.url}: {said}"


def say(text: str, *, raw: bool = False) -> None:
    """Print a line on stderr, of nothing but what can be seen: a site can say anything."""
    from summarize.posts.escape import seen

    head = "\r\033[K" if raw and text.startswith("\r\033[K") else ""
    typer.echo(head + seen(text.removeprefix(head)), err=True)
