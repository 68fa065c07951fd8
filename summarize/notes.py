"""The note beside a post, `.NAME.roundup.json`: read, told from a damaged one, and set aside."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pydantic import ValidationError

from summarize.errors import OutputError
from summarize.spool import Kept, Lines, Spool
from summarize.state import Known, State


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
    `force` it counts as damaged. Raises it, too, where there is no room to lay out what it says.
    """
    path = beside(post)
    try:
        found = _found(path)
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
        is_empty = not path.read_bytes().strip()
        return Noted(damaged="it is empty" if is_empty else "it is not JSON, or cut short")
    if not isinstance(found, dict):
        return Noted(damaged="it says nothing of a post")
    date, of = (str(found.get(name, "")) for name in ("date", "of"))
    try:
        states = tuple(map(_state, found["states"]))
    except OSError as error:
        raise OutputError(
            f"what {path} says can't be laid into {gettempdir()}: {error.strerror or error}",
            "free some space there, or name another folder in TMPDIR",
        ) from error
    except (KeyError, TypeError, ValidationError):
        states = ()
    why = "" if states else "what it says of the post is not as this roundup writes it"
    return Noted(states, date, of, why)


def _found(path: Path) -> Any:
    """Return what a note says: its text, many times a post's, is let go of before it is used."""
    return json.loads(path.read_bytes().decode("utf-8"))


def _state(said: Any) -> State:
    """Return a version of a post, whose papers lie in a file and not in memory.

    Takes them out of what is said. Raises `TypeError` or `ValidationError` where it is no version.
    """
    papers = said.pop("papers", {}) if isinstance(said, dict) else {}
    state = State.model_validate(said)
    if not isinstance(papers, dict):
        raise TypeError("the papers of a post have names")
    spooled: Spool[Known] = Spool()
    at = dict[str, int]()
    for name in list(papers):
        at[name] = len(spooled)
        spooled.append(Known.model_validate(papers.pop(name)))
    lines = Lines("\n".join(state.base)) if state.base else ()
    return state.model_copy(update={"base": lines, "papers": Kept(at, spooled.__getitem__)})


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
