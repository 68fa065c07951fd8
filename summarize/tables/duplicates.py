"""The same paper twice in a list: one entry, with a notice, and nothing of either row lost."""

from collections.abc import Iterable

from summarize.records import Entry, Paper
from summarize.text.slug import slug

MIN_TITLE = 20  # characters: "Introduction" may well be two papers


def join(entries: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
    """Join the papers that share a key or a whole title. Returns the entries and the notices."""
    joined: list[Entry] = []
    at: dict[str, int] = {}
    notices: list[str] = []
    for entry in entries:
        if not isinstance(entry, Paper):
            joined.append(entry)
            continue
        names = [f"key {entry.key}"]
        if len(words := slug(entry.title, 500)) >= MIN_TITLE:
            names.append(f"title {words}")
        index = next((at[name] for name in names if name in at), None)
        if index is None:
            index = len(joined)
            joined.append(entry)
        else:
            first = joined[index]
            assert isinstance(first, Paper)
            joined[index] = _merge(first, entry)
            line = first.where.rpartition(":")[2]
            notices.append(f"{entry.where}: the same paper as line {line}, joined: {first.name}")
        for name in names:
            at.setdefault(name, index)
    return joined, notices


def _merge(first: Paper, second: Paper) -> Paper:
    """Fill the first row's gaps from the second; keep both of what a person wrote."""
    filled = {
        name: getattr(first, name) or getattr(second, name)
        for name in ("title", "url", "authors", "venue", "abstract", "section", "star")
    }
    other = next((u for u in (second.pdf, second.url) if u and u != first.url), "")
    return first.model_copy(
        update={
            **filled,
            "pdf": first.pdf or other,
            "todo": _both(first.todo, second.todo, "; "),
            "take": _both(first.take, second.take, "\n"),
        }
    )


def _both(first: str, second: str, between: str) -> str:
    return between.join(dict.fromkeys(text for text in (first, second) if text))
