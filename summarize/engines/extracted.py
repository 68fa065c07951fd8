"""What an engine gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarize.records import Unseen
from summarize.text.lines import Page


@dataclass(frozen=True)
class Extracted:
    """The lines of each page in order.

    `title` is what the file's metadata gives, `outline` its own table of contents.
    `unseen` is text that a reader could not see: it is not among the lines. `unread` says
    what of the paper is missing, `warnings` what else a person should know. `failed` is how many
    of the pages can't be read, and `unfinished` that another reading may find what is missing.
    """

    pages: tuple[Page, ...]
    title: str = ""
    outline: tuple[str, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    failed: int = 0
    unfinished: bool = False


def gaps(unread: Sequence[int], count: int, max_pages: int) -> tuple[str, ...]:
    """Say which of a file's `count` pages were not read: some failed, some are over the limit."""
    said = [f"{len(unread)} of {count} pages can't be read"] if unread else []
    if count > max_pages:
        said.append(f"only the first {max_pages} of {count} pages were read")
    return tuple(said)
