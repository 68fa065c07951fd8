"""Which entries of a list are meant: `--only` and `--limit`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.records import Entry


def of(entries: "Sequence[Entry]", only: list[str], limit: int | None) -> "Sequence[Entry]":
    """Return the entries that were asked for. Raises `InputError` for a key that is not there."""
    from summarize.records import Paper

    if only:
        chosen = [e for e in entries if isinstance(e, Paper) and is_among(e.key, only)]
        missing = [name for name in only if not any(is_among(e.key, [name]) for e in chosen)]
        if missing:
            keys = [entry.key for entry in entries if isinstance(entry, Paper)][:5]
            raise InputError(
                f"no paper in the list has the key {missing[0]}",
                f"keys are: {', '.join(keys)}, ...",
            )
        entries = chosen
    if limit is None:
        return entries
    kept, papers = [], 0
    for entry in entries:
        papers += isinstance(entry, Paper)
        if papers > limit:
            break
        kept.append(entry)
    return kept


def is_among(key: str, names: Iterable[str]) -> bool:
    """Tell whether a paper of this key goes by one of these: the key, or the last part of it."""
    return any(key == name or key.endswith(f"-{name}") for name in names)
