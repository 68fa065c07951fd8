"""The note beside a post, `.NAME.roundup.json`: read, told from a damaged one, and set aside."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from summarize.errors import OutputError
from summarize.state import State


@dataclass(frozen=True)
class Noted:
    """What a note says: a post's versions, when it was drafted first, and the checksum of of what.

    `damaged` says in a few words why it says less than it should; empty where it is whole, or where
    there is none.
    """

    states: tuple[State, ...] = ()
    date: str = ""
    of: str = ""
    damaged: str = ""


def beside(post: Path) -> Path:
    """Return where the note of a post is."""
    return post.with_name(f".{post.name}.roundup.json")


def read(post: Path, *, force: bool = False) -> Noted:
    """Read the note of a post; a damaged one says what can still be read of it.

    Raises `OutputError` for one that is there and can't be looked into: it may be whole. With
    `force` it counts as damaged.
    """
    path = beside(post)
    try:
        text = path.read_bytes().decode("utf-8")
        found = json.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return Noted()
    except OSError as error:
        if force:
            return Noted(damaged=error.strerror or "it can't be read")
        raise OutputError(
            f"{path} can't be read: {error.strerror}",
            "it tells your words from what was generated: see its permissions; or move it away, "
            "and everything in the post counts as yours",
        ) from error
    except UnicodeDecodeError:
        return Noted(damaged="it is no UTF-8 text")
    except (ValueError, RecursionError):
        return Noted(damaged="it is not JSON, or cut short" if text.strip() else "it is empty")
    if not isinstance(found, dict):
        return Noted(damaged="it says nothing of a post")
    date, of = (str(found.get(name, "")) for name in ("date", "of"))
    try:
        states = tuple(State.model_validate(state) for state in found["states"])
    except (KeyError, TypeError, ValidationError):
        states = ()
    why = "" if states else "what it says of the post is not as this roundup writes it"
    return Noted(states, date, of, why)


def aside(post: Path) -> Path:
    """Return where the note of a post goes that is damaged: each has a name of its own."""
    path = beside(post)
    try:
        said = path.read_bytes()
    except OSError:  # it can be moved all the same
        said = b""
    return path.with_name(f"{path.name}.{hashlib.sha256(said).hexdigest()[:8]}.damaged")


def set_aside(post: Path) -> None:
    """Move the note of a post to where it is not written over. Raises `OSError`."""
    with contextlib.suppress(FileNotFoundError):
        beside(post).rename(aside(post))
