"""`roundup add`: papers put at the end of a list, by their addresses."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli.options import CacheDir, List, Offline, Quiet
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.amend import Sheet
    from summarize.enrich import Entry

NEW = ("title", "url", "authors", "venue", "abstract", "star", "todo", "take")
PATIENCE = 10.0  # seconds: whoever adds a paper waits for it


def add(
    ctx: typer.Context,
    list_: List,
    papers: Annotated[
        list[str],
        typer.Argument(metavar="URL...", help="Addresses of papers, arXiv ids or DOIs."),
    ],
    offline: Offline = False,
    cache_dir: CacheDir = None,
    quiet: Quiet = False,
) -> None:
    """Add papers to a list, with what their sites know of them.

    They come after its last row, in its own columns and its own way to write them; a list that is
    not there yet is begun. A paper that is in the list already is said, and not added again.
    """
    from summarize import files, tables
    from summarize.amend import Sheet, empty
    from summarize.cli import asking

    workspace: Workspace = ctx.obj
    begun = not list_.exists()
    if begun and list_.suffix.lower() not in {".csv", ""}:
        raise InputError(f"{list_} is not there, and only a CSV is begun", "name a .csv file")
    addresses = [_address(text) for text in papers]
    if not begun and list_.stat().st_size:
        _see_that_it_is_a_list(list_, tables.read)
    data = empty(NEW) if begun else list_.read_bytes()
    sheet = Sheet(data, str(list_))
    fresh = _fresh(sheet, addresses, quiet=quiet)
    settings = asking.settings(workspace, cache_dir, offline=offline, patience=PATIENCE)
    if fresh and not offline:
        asking.ask(fresh, settings, again=False, quiet=quiet)
    added, lines = [], []
    known = {_title(entry.title): entry.where for entry in sheet.entries if _title(entry.title)}
    for entry in fresh:
        title = _title(entry.title)
        if title and title in known:
            lines.append(f"already in the list ({known[title]}): {entry.title}")
            continue
        known[title] = "just added"
        added.append(_row(sheet, entry))
        lines.append(f"added: {entry.title or entry.paper.url}" + _why(entry, offline=offline))
    if added:
        amended = sheet.amended({}, added)
        if begun:
            files.save_bytes(list_, amended.data)
        else:
            files.replace(list_, amended.data, data, keep=False)
    if not quiet:
        for line in lines:
            asking.say(line)


def _see_that_it_is_a_list(path: Path, read: object) -> None:
    """Raise `InputError` for what is no list at all, in the words of the rooms that read lists."""
    assert callable(read)
    try:
        read(path)
    except InputError as error:
        if "no rows" not in error.message:  # a header alone is enough to add to
            raise


def _address(text: str) -> str:
    """Return the address that a person gave, whole. Raises `InputError` for what is none."""
    from summarize.tables.addresses import spelled_out

    found = spelled_out(text)
    if found is None:
        raise InputError(
            f"{text} is no address of a paper", "write https://arxiv.org/abs/1706.03762, or its id"
        )
    return found


def _fresh(sheet: "Sheet", addresses: Sequence[str], *, quiet: bool) -> "list[Entry]":
    """Return the papers that the list does not have, by their addresses alone."""
    from summarize import sources
    from summarize.cli import asking
    from summarize.enrich import FIELDS, Entry, identifiers
    from summarize.records import Paper

    at = {row: asking.entry(sheet, row, paper) for row, paper in sheet.papers}
    known = {
        name: paper.where
        for (row, paper) in sheet.papers
        for name in (paper.key, paper.url, *at[row].identifiers.values())
        if name
    }
    fresh: list[Entry] = []
    for address in addresses:
        key, names = sources.key([address]) or "", identifiers([address])
        there = next((known[n] for n in (key, address, *names.values()) if n in known), "")
        if there:
            if not quiet:
                asking.say(f"already in the list ({there}): {address}")
            continue
        known |= dict.fromkeys(filter(None, (key, address, *names.values())), "just added")
        wanted = frozenset(name for name in FIELDS if sheet.has(name)) | {"title"}
        fresh.append(Entry(Paper(key=key, url=address, where=address), wanted, names))
    return fresh


def _row(sheet: "Sheet", entry: "Entry") -> dict[str, str]:
    """Return a paper's cells, by their columns' names."""
    values = {name: value.text for name, value in entry.values().items()}
    # A list with a column for just this kind of address has no other, perhaps.
    own = next((k for k in ("openreview", "arxiv", "doi") if k in entry.identifiers), "")
    places = [name for name in ("url", "paper", own) if name and sheet.has(name)]
    values[places[0] if places else "url"] = entry.paper.url
    if not sheet.has("title"):
        values.pop("title", None)  # it has no place, and a list of addresses needs none
    return values


def _title(title: str) -> tuple[str, ...]:
    """Return what two rows of one paper share; nothing for a title that may be many's."""
    from summarize.matching import LEAST, words

    found = words(title)
    return tuple(found) if sum(map(len, found)) >= LEAST and len(found) > 1 else ()


def _why(entry: "Entry", *, offline: bool) -> str:
    if entry.title:
        return ""
    if offline:
        return " (its title was not asked for: --offline)"
    return f" (its title is not known: {'; '.join(entry.problems) or 'no site was to be asked'})"
