"""Writes posts: atomically, each with a note of what was generated for it.

Beside a post lies a dotfile, `.NAME.roundup.json`: what `roundup` generated there last (which a
person's edits are told by), and the checksum of what it wrote. While a post is replaced the note
knows both versions, so that after a crash at any moment the two agree.
"""

import contextlib
import hashlib
import itertools
import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarize import notes
from summarize.errors import InputError, OutputError
from summarize.files import backed_up, replace_file, resolved
from summarize.spool import Lines
from summarize.state import Known, State

# Of a name, in bytes: the longest that is made of it, ".NAME.12345678.backup" while it is written
# (with a dot before it, and ".12345678.tmp" after), must fit into the 255 that file systems allow.
LONGEST_NAME = 255 - len("..") - len(".12345678.backup") - len(".12345678.tmp")


_BOM = "\ufeff"
_UNREADABLE = re.compile("[\udc80-\udcff]")  # how Python spells what is no UTF-8


@dataclass(frozen=True)
class Prior:
    """What was there before a run: the post, and what is known of it.

    `text` is None where there was none; its line ends are those of Unix, and it has no mark of its
    byte order: `write` puts both back. `ours` is whether it is as `write` left it. `of` holds the
    checksums of the names of what it was drafted from, where that is known. `damaged` says why the
    note beside it can't be used, if so, and `read_only` whether nobody is to write to it.
    """

    sha256: str = ""
    ours: bool = True
    date: str = ""
    of: str = ""
    text: str | None = None
    state: State = field(default_factory=State)
    crlf: bool = False
    bom: bool = False
    damaged: str = ""
    read_only: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is a file with nothing in it, as a failed save leaves: it is no post."""
        return self.text is not None and not self.text.replace("\0", "").strip()

    def drafted(self, of: tuple[str, ...]) -> str:
        """Return the date of the first draft, if what was there was drafted from the same.

        That goes by any of several names `of`.
        """
        return "" if _differ(self.of, _origin(of)) else self.date


def check(path: Path, *, force: bool = False) -> Prior:
    """Refuse, before anything is spent, what `write` would have to refuse.

    Raises `InputError` for a path that can't be written, and `OutputError` for a post that can't
    be read as text, or whose note can't be (unless `force`: then they need only be kept).
    """
    try:
        dangling, real = _dangling(path), resolved(path)
        is_folder, folder = real.is_dir(), _existing(real.parent)
    except OSError as error:  # a loop of links, a folder that may not be looked into
        raise InputError(
            f"{path} can't be written: {error.strerror}", "name another file with -o"
        ) from error
    if len(os.fsencode(real.name)) > LONGEST_NAME:
        raise InputError(
            f"{path} can't be written: its name is too long",
            f"give a name of at most {LONGEST_NAME} bytes with -o",
        )
    if dangling and not real.parent.is_dir():
        raise InputError(
            f"{dangling} is a link to where nothing is ({real.parent})",
            "make that folder, remove the link, or name another file with -o",
        )
    if is_folder:
        raise InputError(f"{path} is a folder, not a post", "name a file with -o")
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "name another file with -o")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{folder} can't be written to", "name another file with -o")
    prior = _prior(path, force=force)
    if not force and _UNREADABLE.search(prior.text or ""):
        raise OutputError(
            f"{path} is not UTF-8 text",
            "save it as UTF-8, write elsewhere with -o, or replace it with --force (a backup is "
            "kept)",
        )
    return prior


def see_that_it_may_change(path: Path, prior: Prior, hint: str = "") -> None:
    """Raise `OutputError` for a post that is read-only; a new file in its place would not ask.

    The bits of its mode tell, which bind whoever set them, though the system may let them pass.
    """
    if prior.read_only:
        raise OutputError(
            f"{path} is read-only, and is left as it is",
            f"make it writable (chmod u+w {shlex.quote(str(path))}){hint}",
        )


def has_note(path: Path) -> bool:
    """Tell whether something was generated at a path."""
    return bool(path.name) and notes.beside(path).is_file()


def remembered(path: Path) -> Prior:
    """Return what is there and known of a post that is only read. Raises `OutputError`."""
    return _prior(path)


def write(
    path: Path,
    text: str,
    prior: Prior,
    date: str,
    state: State,
    of: tuple[str, ...] = (),
    *,
    keep: bool = False,
) -> Path | None:
    """Write a post where `check` found `prior`, and remember what was generated for it.

    `of` are the names of what the post was drafted from, such as its list's path. Returns where the
    backup of what was there is, if one was made: with `keep`, and of a post that was drafted from
    something else, is read-only, or whose note is damaged; that is set aside. Raises `OutputError`
    when it can't be written, or when the post has changed since it was checked.
    """
    data, origin = _encoded(text, prior), _origin(of) or prior.of
    state = state.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    backup = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        real = resolved(path)
        if _sha256(path) != prior.sha256:
            raise OutputError(
                f"{path} was changed while its new version was made; it is left as it is",
                "run the same command again: nothing is asked or fetched twice",
            )
        keep = keep or bool(prior.damaged) or prior.read_only or _differ(prior.of, origin)
        if prior.sha256 and keep and not prior.is_blank:
            backup = backed_up(real, prior.sha256)
        if prior.damaged:
            notes.set_aside(real)
        before = prior.state.model_copy(update={"sha256": prior.sha256})
        changed = not _same(before, state)
        note = {"post": path.name, "date": date, "of": origin}
        # The note first: it knows both versions, so that a crash in between forgets neither.
        _note(real, note, [state, *([before] if prior.sha256 and changed else [])])
        if state.sha256 != prior.sha256:
            replace_file(real, data)
        if changed:
            with contextlib.suppress(OSError):  # it is right as it is, if longer than it need be
                _note(real, note, [state])
    except OSError as error:
        raise OutputError(
            f"{path} can't be written: {error.strerror or error}",
            "free some space or name another file with -o, then run the same command again: "
            "what is done is kept",
        ) from error
    return backup


def _origin(of: tuple[str, ...]) -> str:
    """Return the checksums of names; a path in a note would tell a public repository too much."""
    return " ".join(
        hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest() for name in of
    )


def _differ(before: str, now: str) -> bool:
    """Tell whether two origins are known and have no name in common."""
    return bool(before and now and {*before.split()}.isdisjoint(now.split()))


def _dangling(path: Path) -> Path | None:
    """Return the link in a path that leads to nothing, if there is one."""
    return next((p for p in (path, *path.parents) if p.is_symlink() and not p.exists()), None)


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _same(state: State, other: State) -> bool:
    """Tell whether two states say the same; papers that are made one by one stay so."""
    if _rest(state) != _rest(other) or state.text != other.text:
        return False
    some, others = state.papers, other.papers
    return some.keys() == others.keys() and all(some[name] == others[name] for name in some)


def _rest(state: State) -> State:
    """Return a state without what is long in it."""
    return state.model_copy(update={"base": (), "papers": {}})


def _dumped(state: State) -> dict[str, Any]:
    """Return a state as JSON has it; lines and papers that are made one by one stay so."""
    said = _rest(state).model_dump(mode="json", exclude_defaults=True)
    if state.base:
        said["base"] = _Listed(state.base)
    if state.papers:
        said["papers"] = _Dumped(state.papers)
    return {name: said[name] for name in State.model_fields if name in said}


def _note(path: Path, note: dict[str, Any], states: Sequence[State]) -> None:
    """Write the note beside a post."""
    said = {**note, "states": list(map(_dumped, states))}
    pieces = json.JSONEncoder(indent=1, ensure_ascii=False).iterencode(said)
    encoded = (piece.encode("utf-8", "replace") for piece in itertools.chain(pieces, "\n"))
    replace_file(notes.beside(path), encoded)


class _Listed(list[str]):
    """Lines as JSON has them, each made when it is written."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__([""])  # what is empty would not be asked
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        """Yield each."""
        return iter(self._lines)


class _Dumped(dict[str, Any]):
    """Papers as JSON has them, each made when it is written."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        super().__init__(dict.fromkeys(known))
        self._known = known

    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        """Yield each by its name."""
        for name, entry in self._known.items():
            yield name, entry.model_dump(mode="json", exclude_defaults=True)


def _prior(path: Path, *, force: bool = False) -> Prior:
    try:
        data, mode = path.read_bytes(), path.stat().st_mode
    except FileNotFoundError:
        noted = notes.read(resolved(path), force=True)
        return Prior(date=noted.date, damaged=noted.damaged)
    except OSError as error:
        raise OutputError(
            f"{path} can't be read: {error.strerror}", "see its permissions"
        ) from error
    noted = notes.read(resolved(path), force=force)
    sha256 = hashlib.sha256(data).hexdigest()
    text = data.decode("utf-8", "surrogateescape")
    bom, crlf = text.startswith(_BOM), 0 < text.count("\n") == text.count("\r\n")
    text = text.removeprefix(_BOM)
    text = text.replace("\r\n", "\n") if crlf else text
    state = next((s for s in noted.states if s.sha256 == sha256), None)
    if state is not None and state.text == text:  # held once
        state = state.model_copy(update={"base": Lines(text)})
    return Prior(
        sha256=sha256,
        ours=state is not None,
        date=noted.date,
        of=noted.of,
        text=text,
        state=state or _nearest(noted.states, text),
        crlf=crlf,
        bom=bom,
        damaged=noted.damaged,
        read_only=not mode & 0o222,
    )


def _sha256(path: Path) -> str:
    """Return the checksum of a post as it stands now; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _nearest(states: Sequence[State], text: str) -> State:
    """Return the version of which a post that was edited since has the most lines."""
    lines = {*text.split("\n")}
    return max(states, key=lambda state: len(lines & {*state.base}), default=State())


def _encoded(text: str, prior: Prior) -> bytes:
    """Return a post's bytes, with the line ends that it had."""
    text = text.replace("\n", "\r\n") if prior.crlf else text
    return ((_BOM if prior.bom else "") + text).encode("utf-8", "replace")
