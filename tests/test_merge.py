"""Merging: nothing that a person wrote is ever missing, and what they left alone is renewed."""

import itertools
import re
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize.merge import Merged, merge
from summarize.posts import FORMATS
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post, PostSection
from summarize.posts.written import Written

JEKYLL = FORMATS["jekyll"]
CASES = settings(
    max_examples=2500, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

# --- random posts, random edits -------------------------------------------------------------------

HEADINGS = ["", "Day 1 - Tuesday, May 7, 2024", "Day 2 - Wednesday, May 8, 2024", "Posters"]


def entry(number: int, version: str, draw: Any) -> Item:
    """Return an entry whose every generated word says which entry and version it is of."""
    star, has_line, notes, todo = draw
    name = f"{number}{version}"
    return Item(
        key=f"k{number}",
        title=Drafted(text=f"Title {number}"),
        url=f"https://openreview.net/forum?id=p{number}" if number % 3 else "",
        star=star,
        line=Drafted(text=f"Line of {name} & *more*.") if has_line else None,
        notes=tuple(
            ItemNote(label="Idea", text=Drafted(text=f"Note {i} of {name}."), page=i or None)
            for i in range(notes)
        ),
        todo=Own(markdown=f"do {number}") if todo else None,
    )


@st.composite
def generated(draw: Any, version: str) -> Written:
    """Draw a generated post: some of ten entries, in any order, below any headings."""
    flags = st.tuples(st.booleans(), st.booleans(), st.integers(0, 2), st.booleans())
    numbers = draw(st.lists(st.integers(0, 9), unique=True, max_size=8))
    sections: dict[str, list[Item]] = {}
    for number in numbers:
        heading = draw(st.sampled_from(HEADINGS))
        sections.setdefault(heading, []).append(entry(number, version, draw(flags)))
    same = draw(st.booleans())
    which = "" if same else version
    post = Post(
        title="A Roundup",
        date="2024-05-07",
        tags=("a",),
        excerpt=f"Excerpt {which}",
        introduction=(f"Counts {len(numbers)} {which}.", "<!-- YOUR WORDS: who. -->", "Stars."),
        # What stands below no heading comes first, or it would stand below one.
        sections=tuple(
            PostSection(heading=heading, items=tuple(items))
            for heading, items in sorted(sections.items(), key=lambda pair: pair[0] != "")
        ),
        colophon=(f"Drafted by {which}.",),
    )
    return JEKYLL.parse(JEKYLL.render(post))


TOKENS = re.compile(r"human\d+x")
PIECES = [
    "{0}", " {0} ", "\n\n{0}\n\n", "\n{0}\n", "\n\n# {0}\n\n", "<!-- {0} -->", "\n    {0}\n",
    "\n\n1. [**{0}**](https://e.org/{0}) - {0}\n\n", "\n1. **{0}**\n", "\n\n    ![{0}]({0}.png)\n",
    "\n\n    | {0} | b |\n    |---|---|\n", "[^1]: {0}\n", "\n---\n{0}\n", "<!-- **TODO:** {0} -->",
    "\n<details>\n<summary>Extra notes</summary>\n- {0}\n</details>\n", "⭐️ {0}", "**{0}**",
    "\r\n{0}",    "\n```\n{0}\n\n1. **T**\n```\n", "tags: {0}\n", "<!-- {0}", "{0} -->",
    "\n\n<!--\n\n{0}\n\n-->\n\n",
    "<!-- roundup offers for the TLDR: {0} -->", "\n# roundup offers: {0}\n",
]  # fmt: skip


@st.composite
def edited(draw: Any, text: str) -> tuple[str, set[str]]:
    """Draw a person's edits of a post: words put in anywhere, lines moved and taken out."""
    count = itertools.count()
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["put", "put", "put", "cut", "block", "move", "copy", "item"]))
        if kind == "put":
            at = draw(st.integers(0, len(text)))
            piece = draw(st.sampled_from(PIECES)).format(f"human{next(count)}x")
            text = text[:at] + piece + text[at:]
        elif kind == "cut":
            at = draw(st.integers(0, len(text)))
            text = text[:at] + text[at + draw(st.integers(0, 40)) :]
        else:
            written = JEKYLL.parse(text)
            blocks = list(written.blocks)
            if not blocks:
                continue
            block = blocks.pop(draw(st.integers(0, len(blocks) - 1)))
            if kind in {"move", "copy", "item"}:
                blocks.insert(draw(st.integers(0, len(blocks))), block)
            if kind == "copy":
                blocks.append(block)
            text = Written(written.front, tuple(blocks)).text
    return text, {*TOKENS.findall(text)}


@st.composite
def histories(draw: Any) -> tuple[Written, str, Written]:
    """Draw what was generated, what a person made of it, and what is generated now."""
    base = draw(generated("v1"))
    return base, draw(edited(base.text))[0], draw(generated("v2"))


def merged(base: Written, mine: str, new: Written) -> Merged:
    """Merge, as a post that is read from a file."""
    return merge(base, JEKYLL.parse(mine), new)


@CASES
@given(histories())
def test_nothing_that_a_person_wrote_is_missing(history: tuple[Written, str, Written]) -> None:
    """Each word that a person put anywhere is in the merged post, as often as they put it."""
    base, mine, new = history
    text = merged(base, mine, new).written.text
    before, after = Counter(TOKENS.findall(mine)), Counter(TOKENS.findall(text))
    assert before == after


@CASES
@given(histories())
def test_merging_twice_is_merging_once(history: tuple[Written, str, Written]) -> None:
    """A merged post, merged again with what it was merged with, stays as it is."""
    base, mine, new = history
    once = merged(base, mine, new).written.text
    assert merged(new, once, new).written.text == once


@settings(CASES, max_examples=1000)
@given(generated("v1"), generated("v2"))
def test_an_untouched_post_is_a_fresh_one(base: Written, new: Written) -> None:
    """A post that nobody touched comes out as if it had been generated for the first time."""
    assert merged(base, base.text, new).written.text == new.text


@settings(CASES, max_examples=1000)
@given(generated("v1").flatmap(lambda base: st.tuples(st.just(base), edited(base.text))))
def test_nothing_new_changes_nothing(drawn: tuple[Written, tuple[str, set[str]]]) -> None:
    """Where the same is generated again, a post stays as the person left it, to the character."""
    base, (mine, _) = drawn
    assert merged(base, mine, base).written.text == mine


@settings(CASES, max_examples=1000)
@given(histories())
def test_without_a_base_all_is_theirs(history: tuple[Written, str, Written]) -> None:
    """Where it is not known what was generated, each letter that is there stays, in its order."""
    _, mine, new = history
    letters = iter(merged(Written(), mine, new).written.text)
    assert [c for c in mine if not c.isspace() and c not in letters] == []
