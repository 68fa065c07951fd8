"""The cache's databases, each of which is made anew where it is found damaged.

What was paid for comes back from the ledger, and from what can still be read of the old database.
What both have lost is named. What is to be told of it lies in a file until somebody is there to
be told.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from summarize import salvage
from summarize.errors import StoreError
from summarize.ledger import ARRIVED, Ledger
from summarize.locks import waited
from summarize.salvage import Planted
from summarize.seal import sealed, unsealed

T = TypeVar("T")
PAID = "replies"  # the tier of what was paid for
HINT = "name another folder with --cache-dir, or see `roundup cache path`"


class Tiers:
    """Databases by name, below one folder. `make` opens one, or makes it where there is none."""

    def __init__(self, root: Path, make: Callable[[str], Any], ledger: Ledger) -> None:
        self._root = root
        self._make = make
        self._ledger = ledger
        self._open: dict[str, Any] = {}
        self._mending = threading.RLock()

    def open(self, name: str) -> None:
        """Open a tier, or the one that is made in the place of one that is damaged."""
        folder = self._root / name
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        try:
            self._open[name] = self._make(name)
        except Exception as error:
            if not salvage.is_damage(error):
                raise
            self._open[name] = self._mended(name, len)

    def close(self) -> None:
        """Close all."""
        for tier in self._open.values():
            tier.close()

    def use(self, name: str, use: Callable[[Any], T]) -> T:
        """Use a tier; where it turns out to be damaged, the one that is made in its place."""
        try:
            return use(self._open[name])
        except Exception as error:
            if not salvage.is_damage(error):
                raise
        with self._mending:
            self._open[name].close()
            self._open[name] = self._mended(name, use)
        return use(self._open[name])

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the texts that a tier holds, by key."""
        for key in self.use(name, lambda tier: list(tier.iterkeys())):
            text = self.use(name, lambda tier, key=key: tier.get(key))  # type: ignore[misc]
            found = unsealed(key, text) if isinstance(text, str) else None
            if found is not None:
                yield key, found

    # --- what is to be told ---

    def note(self, tidings: Sequence[str]) -> None:
        """Keep lines until they can be told."""
        if tidings:
            with (self._root / "tidings").open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in tidings)

    def noted(self) -> list[str]:
        """Return the lines that are to be told."""
        try:
            return (self._root / "tidings").read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []

    def told(self) -> None:
        """Forget the lines."""
        (self._root / "tidings").unlink(missing_ok=True)

    # --- how ---

    def _mended(self, name: str, use: Callable[[Any], object]) -> Any:
        """Set a damaged tier aside and make a new one, unless another run has just done so."""
        with waited(self._root / "mending.lock"):
            try:
                tier = self._make(name)
                use(tier)
                return tier
            except Exception as error:
                if not salvage.is_damage(error):
                    raise
            aside = salvage.set_aside(self._root / name)
            (self._root / name).mkdir(mode=0o700)
            tier = self._make(name)
            said = f"the cache's {name} were damaged: set aside as {aside}; "
            if name == PAID:
                said += self._filled(tier, aside)
            else:
                said += "they are made again as they are needed, at no cost"
            self.note([said])
        return tier

    def _filled(self, tier: Any, aside: Path) -> str:
        """Fill a new tier from the ledger, and from what can be read of the old one; say so."""
        kept = dict(self._ledger.everything())
        for key, text in salvage.rows(aside):
            found = unsealed(key, text)
            if key not in kept and found is not None and found != text:
                kept[key] = found
                self._ledger.write("set", key, found)
        summaries = 0
        for key, text in kept.items():
            if not key.startswith(ARRIVED):
                tier.set(key, sealed(key, text))
                summaries += text.startswith("{") and " " not in key.removeprefix("whole ")
        said = f"{summaries} paid replies are back"
        lost = [line for line in self._ledger.damaged() if line.key not in kept]
        named = [line.where + (f" ({_named(line.key, kept)})" if line.key else "") for line in lost]
        return said + (f"; damaged in the ledger, too: {', '.join(named)}" if named else "")


@contextlib.contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn what a disk and a database raise into one message."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StoreError(f"the cache in {root} can't be used: {why}", HINT) from error


def _named(key: str, kept: Iterable[str]) -> str:
    """Return what a person would call what is kept under a key: its paper, where that is known."""
    of = next((k for k in kept if k.startswith("history ") and k.endswith(f"\n{key}")), "")
    return of.removeprefix("history ").partition("\n")[0] or key


__all__ = ["HINT", "PAID", "Planted", "Tiers", "explained"]
