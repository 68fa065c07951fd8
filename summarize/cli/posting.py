"""What a run came to -> the post's text and file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarize.cli.running import told
from summarize.cli.workspace import Workspace
from summarize.errors import OutputError

if TYPE_CHECKING:
    from summarize.cli.pictures import Pictures
    from summarize.output import Prior
    from summarize.posts import Format
    from summarize.records import Entry, Event, Outcome
    from summarize.revise import Before, Now, Revised


def see_that_it_is_their_post(
    list_: Path, path: Path, before: "Before", entries: "Sequence[Entry]", form: "Format"
) -> None:
    """Raise `OutputError` for a file that holds something else: nothing is to be merged into it."""
    from summarize import revise
    from summarize.cli import lists

    lists.see_that_it_is_no_post(list_, path)
    text = (before.text or "").strip()
    if text and not before.state.base and revise.shares_none(text, entries, form):
        raise OutputError(
            f"{path} holds none of the list's entries: it is no post of this list",
            "write elsewhere with -o, or replace it with --force (a backup is kept)",
        )


def composed(
    results: "Sequence[Outcome | Event]",
    title: str,
    now: "Now",
    frame: str,
    workspace: Workspace,
    kept: "Pictures",
) -> str:
    """Return the post that a person would be given who has none yet."""
    from summarize import posts
    from summarize.spool import give_back

    composed = posts.compose(
        results,
        title=title,
        date=now.date,
        categories=workspace.categories,
        tags=workspace.tags,
        colophon=now.by,
        strict=now.asked.strict,
        words=now.form.words,
        anchor=now.form.anchor,
        image=kept.teaser(title, results) if now.asked.teaser else "",
    )
    text = now.form.framed(composed, frame)
    give_back()
    return text


def written(
    revised: "Revised", kept: "Pictures", results: "Sequence[Outcome | Event]",
    path: Path, prior: "Prior", day: str, of: tuple[str, ...], *, keep: bool,
) -> tuple[Path | None, list[str]]:  # fmt: skip
    """Write a post and its pictures; return where its backup is, and what to say of it.

    Nothing of it is held beyond this: it may be a whole conference's.
    """
    from summarize import output as out

    state, theirs = kept.write(revised, results)
    backup = out.write(path, revised.text, prior, day, state, of=of, keep=keep)
    return backup, [*told(revised, path), *theirs]
