"""A person's own entries in their posts, of which a few show how they write. Pure."""

import json
import re
from collections.abc import Iterable, Sequence

from summarize.merge import identity
from summarize.posts.escape import plain
from summarize.posts.written import Item, Written, unescaped
from summarize.records import Example

_SHORTEST, _LONGEST = 60, 600  # characters of an entry that shows a voice
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_PERSONAL = re.compile(r"\b(?:I|I'm|me|my|we|us)\b|[!?]|\b(?:e\.g\.|i\.e\.)")


def choose(posts: Iterable[tuple[Written, Written]], count: int) -> list[Example]:
    """Choose entries of a person's own, each post given with what was generated for it.

    Prefers those of middling length that sound like somebody, spread over the posts.
    """
    found: list[tuple[float, int, Example]] = []
    for post, base in posts:
        generated = {identity(item): item.field("line") for item in base.items}
        for item in post.items:
            text = _own(item)
            is_theirs = item.field("line") != generated.get(identity(item))
            if is_theirs and item.url and _SHORTEST <= len(text) <= _LONGEST:
                found.append((_character(text), len(found), Example(title=item.title, text=text)))
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:count]
    return [example for _, _, example in sorted(best, key=lambda one: one[1])]


def _own(item: Item) -> str:
    """Return what an entry says, in plain words."""
    bare = _IMAGE.sub("", _COMMENT.sub("", item.field("line")))
    return plain(unescaped(_LINK.sub(r"\1", bare)))


def _character(text: str) -> float:
    """Return how much of a voice there is in a text: of a person, at some length."""
    return min(len(_PERSONAL.findall(text)), 4) - abs(len(text) - 280) / 140


def as_toml(examples: Sequence[Example]) -> str:
    """Return examples as a file that a person can read and edit."""
    return "".join(
        f"\n[[example]]\ntitle = {json.dumps(one.title, ensure_ascii=False)}\n"
        f"text = {json.dumps(one.text, ensure_ascii=False)}\n"
        for one in examples
    )
