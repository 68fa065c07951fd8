"""What a merge comes to."""

from typing import NamedTuple

from summarize.posts.written import Written


class Merged(NamedTuple):
    """A merged post, and what became of entries that are generated no more or were taken out.

    `removed` and `kept` are the titles of those that are generated no more: gone, as nobody had
    touched them, or still there, since somebody had. `dropped` are the identities of those that
    the person took out: they are not put in again.
    """

    written: Written
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
