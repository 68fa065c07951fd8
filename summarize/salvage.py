"""A database of the cache that was damaged: told from a disk that fails, set aside, read again."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from summarize.errors import StoreError

MOST_ROWS = 1_000_000
# Of SQLite's result codes: an error in SQL (tables that are not as we made them), a damaged file,
# values of another type, and a file that is none of SQLite's.
_DAMAGE = {1, 11, 20, 24, 26}


class Planted(StoreError):
    """A pickle lies in the cache, which puts none there."""


def is_damage(error: BaseException) -> bool:
    """Tell whether an error says that the file is damaged, or of another make than ours."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return isinstance(error, sqlite3.DatabaseError) and (code is None or code & 0xFF in _DAMAGE)
    # Text that is no UTF-8, and what diskcache makes of settings that are not its own.
    return isinstance(error, (Planted, ValueError, TypeError, AttributeError, KeyError))


def set_aside(folder: Path) -> Path:
    """Move a damaged tier out of the way; return where it is now."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.damaged-{number}")).exists():
        number += 1
    folder.rename(aside)
    return aside


def rows(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts that can still be read in a damaged tier, by key, as they stand there."""
    try:
        db = sqlite3.connect(f"file:{folder / 'cache.db'}?mode=ro", uri=True)
    except sqlite3.Error:
        return
    with contextlib.closing(db):
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        last = MOST_ROWS
        with contextlib.suppress(sqlite3.Error):
            last = min(last, db.execute("SELECT max(rowid) FROM Cache").fetchone()[0] or 0)
        missed = 0
        for row in range(1, last + 1):
            try:
                found = db.execute(
                    "SELECT key, value FROM Cache WHERE rowid = ? AND filename IS NULL", (row,)
                ).fetchone()
            except sqlite3.Error:
                found, missed = None, missed + 1
            if found and type(found[0]) is str and type(found[1]) is str:
                yield found
            if missed > 10_000:
                return
