"""A reading list, whatever it is kept in: a file, a pipe, or a post that was drafted here."""

from pathlib import Path
from typing import TYPE_CHECKING

from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.cli.workspace import Workspace
    from summarize.records import ReadingList

STDIN = "-"


def read(path: Path, workspace: "Workspace") -> "ReadingList":
    """Read a list. Of a post that was drafted here, what was generated in it is no one's take.

    Raises `InputError` for what is no list.
    """
    from summarize import output, tables

    if not output.has_note(path):
        return tables.read(path)
    from summarize import relist
    from summarize.cli import forms

    prior = output.remembered(path)
    if not prior.state.base:
        reading = tables.read(path)
        said = forms.amiss(path, prior, writes=False)
        return reading.model_copy(update={"notices": (*reading.notices, *said)})
    parse = forms.read(path, prior, workspace).parse
    bare, untouched = relist.own(parse(prior.text or ""), parse(prior.state.text), prior.state)
    reading = tables.parse(bare.text.encode("utf-8", "surrogateescape"), str(path))
    return relist.known(reading, prior.state, untouched)


def spooled(reading: "ReadingList") -> "ReadingList":
    """Return a list whose entries take no memory while a run walks over them, time and again.

    They may be thousands, with their abstracts.
    """
    from summarize.spool import MANY, Spool, give_back

    many = len(reading.entries) >= MANY
    reading = reading.model_copy(update={"entries": Spool(reading.entries)})
    if many:
        give_back()
    return reading


def stem(path: Path) -> str:
    """Return what a post of this list is called after."""
    return "reading-list" if str(path) == STDIN else path.stem


def see_that_it_is_no_post(path: Path, post: Path) -> None:
    """Raise `InputError` where a list would be drafted over: it may be a post itself."""
    if str(path) != STDIN and path.resolve() == post.resolve():
        raise InputError(
            f"{post} is the list itself",
            f"write the post elsewhere with -o, or renew it with `roundup regenerate {post}`",
        )
