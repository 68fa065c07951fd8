"""Merging: nothing that a person wrote is ever missing, and what they left alone is renewed."""

import itertools
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize.merge import Merged, identity
from summarize.merge.merge import merge
from summarize.posts import FORMATS
from summarize.posts.blocks import parse
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post, PostSection
from summarize.posts.written import Written

JEKYLL = FORMATS["jekyll"]
SLOW = pytest.mark.timeout(900)
CASES = settings(
    max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

# --- random posts, random edits -------------------------------------------------------------------

HEADINGS = ["", "Day 1 - Tuesday, May 7, 2024", "Day 2 - Wednesday, May 8, 2024", "Posters"]


def entry(number: int, version: str, draw: Any) -> Item:
    """Return an entry whose every generated word says which entry and version it is of."""
    star, has_line, notes, todo, odd = draw
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
        check="; ".join(
            said
            for said, is_there in (
                (f"not in the paper: TLDR: {name}", has_line and odd),
                (f"does not read like a summary of it: Idea: odd {name}", notes and odd),
            )
            if is_there
        ),
    )


@st.composite
def generated(draw: Any, version: str) -> Written:
    """Draw a generated post: some of ten entries, in any order, below any headings."""
    flags = st.tuples(st.booleans(), st.booleans(), st.integers(0, 2), st.booleans(), st.booleans())
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


@SLOW
@CASES
@given(histories())
def test_nothing_that_a_person_wrote_is_missing(history: tuple[Written, str, Written]) -> None:
    """Each word that a person put anywhere is in the merged post, as often as they put it."""
    base, mine, new = history
    text = merged(base, mine, new).written.text
    before, after = Counter(TOKENS.findall(mine)), Counter(TOKENS.findall(text))
    assert before == after


def test_what_stands_elsewhere_is_not_offered() -> None:
    """A paragraph of the new post that theirs has in another place is not offered beside it."""
    entries = "1. **A title**\n\n1. [**B title**](https://openreview.net/forum?id=p1)\n\n"
    post = '---\ntitle: "A"\n---\nCounts {}.\n\nStars.\n\n{}---\n\n*Drafted.*\n'.format
    front, _, rest = post(1, entries).partition("Counts")
    told, _, end = rest.partition("1. **A title**\n\n")
    mine = f"x{front}1. **A title**\n\nCounts{told}{end}1. **A title**\n\n"
    base, new = parse(post(1, entries)), parse(post(2, ""))
    once = merged(base, mine, new).written.text
    assert once.count("Drafted") == 1
    assert merged(new, once, new).written.text == once


@SLOW
@CASES
@given(histories())
def test_merging_twice_is_merging_once(history: tuple[Written, str, Written]) -> None:
    """A merged post, merged again with what it was merged with, stays as it is."""
    base, mine, new = history
    once = merged(base, mine, new).written.text
    assert merged(new, once, new).written.text == once


@SLOW
@settings(CASES, max_examples=500)
@given(generated("v1"), generated("v2"))
def test_an_untouched_post_is_a_fresh_one(base: Written, new: Written) -> None:
    """A post that nobody touched comes out as if it had been generated for the first time."""
    assert merged(base, base.text, new).written.text == new.text


@SLOW
@settings(CASES, max_examples=500)
@given(generated("v1").flatmap(lambda base: st.tuples(st.just(base), edited(base.text))))
def test_nothing_new_changes_nothing(drawn: tuple[Written, tuple[str, set[str]]]) -> None:
    """Where the same is generated again, a post stays as the person left it, to the character."""
    base, (mine, _) = drawn
    assert merged(base, mine, base).written.text == mine


@SLOW
@settings(CASES, max_examples=500)
@given(histories())
def test_without_a_base_all_is_theirs(history: tuple[Written, str, Written]) -> None:
    """Where it is not known what was generated, each letter that is there stays, in its order."""
    _, mine, new = history
    letters = iter(merged(Written(), mine, new).written.text)
    assert [c for c in mine if not c.isspace() and c not in letters] == []


# --- what it comes to, case by case ---------------------------------------------------------------

BASE = """\
---
title: "A"
tags: x
---
Two papers.

# Day 1
1. [**One**](https://e.org/1) - First line. <!-- **TODO:** read -->

1. ⭐️ [**Two**](https://e.org/2) - Second line.
    <details>
        <summary>Extra notes</summary>
        - <b>Idea:</b> a note.
    </details>

---

*Drafted.*
"""
NEW = (
    BASE.replace("First line", "Newer first").replace("Second line", "Newer second")
    .replace("a note.", "a newer note.").replace("Two papers", "2 papers")
)  # fmt: skip


def after(mine: str, new: str = NEW, base: str = BASE) -> str:
    """Merge texts."""
    return merged(JEKYLL.parse(base), mine, JEKYLL.parse(new)).written.text


def test_a_reworded_line_stays_and_the_newer_is_offered() -> None:
    """Where both changed a line, theirs stays, with the newer one in a comment beneath it."""
    text = after(BASE.replace("First line.", "My take."))
    assert "- My take. <!-- **TODO:** read -->\n" in text
    assert "\n    <!-- roundup offers for the TLDR: Newer first. -->\n\n" in text
    assert "Newer second." in text


CHECK = "<!-- **CHECK:** not in the paper: TLDR: {0}; Idea: {1} -->"


def test_what_is_to_be_checked_stands_there() -> None:
    """A CHECK speaks of texts of ours that stand in the entry, and of none that is only offered."""
    base, new = (
        text.replace("</details>", f"</details>\n    {CHECK.format(*numbers)}")
        for text, numbers in ((BASE, (7, 12)), (NEW, (9, 13)))
    )
    assert CHECK.format(9, 13) in after(base, new, base)
    reworded = base.replace("Second line.", "My take.")
    assert "<!-- **CHECK:** not in the paper: Idea: 13 -->" in after(reworded, new, base)
    both = reworded.replace("a note.", "my note.")
    assert "CHECK" not in after(both, new, base)
    noted = base.replace("a note.", "my note.")
    assert "<!-- **CHECK:** not in the paper: TLDR: 9 -->" in after(noted, new, base)
    third = new.replace("Newer", "Newest").replace("TLDR: 9", "TLDR: 5").replace("13", "14")
    twice = after(after(reworded, new, base), third, new)
    assert "<!-- **CHECK:** not in the paper: Idea: 14 -->" in twice


def test_a_check_of_their_own_stays() -> None:
    """A CHECK that a person reworded stays as it is, and one that they took out stays out."""
    base = BASE.replace("</details>", f"</details>\n    {CHECK.format(7, 12)}")
    new = NEW.replace("</details>", f"</details>\n    {CHECK.format(9, 13)}")
    assert "CHECK" not in after(BASE, new, base)
    mine = base.replace("not in the paper: TLDR: 7; Idea: 12", "I have seen to it")
    assert "<!-- **CHECK:** I have seen to it -->" in after(mine, new, base)


def test_an_offer_that_is_taken_or_outdated_goes() -> None:
    """An offer goes once the person took it, and is replaced by a newer one."""
    once = after(BASE.replace("First line.", "My take."))
    taken = once.replace("My take.", "Newer first.")
    assert "roundup offers" not in after(taken, NEW, NEW)
    newest = NEW.replace("Newer first", "Newest first")
    assert "offers for the TLDR: Newest first. -->" in after(once, newest, NEW)
    assert "Newer first" not in after(once, newest, NEW)


def test_an_offer_that_was_thrown_away_stays_away() -> None:
    """An offer that a person deleted is not made again, until there is something newer."""
    once = after(BASE.replace("First line.", "My take."))
    mine = once.replace("\n    <!-- roundup offers for the TLDR: Newer first. -->", "")
    assert after(mine, NEW, NEW) == mine


def test_empty_places_are_filled() -> None:
    """A star, a note, a line or a TODO that is generated for the first time is put in."""
    bare = BASE.replace(" - First line. <!-- **TODO:** read -->", "")
    assert after(bare, NEW, bare) == NEW


def test_what_was_taken_out_stays_out() -> None:
    """A line, notes, a star, a TODO or an entry that a person took out is not put in again."""
    notes = BASE[BASE.index("\n    <details>") : BASE.index("\n\n---\n\n*Drafted")]
    mine = (
        BASE.replace(notes, "").replace("⭐️ ", "").replace(" <!-- **TODO:** read -->", "")
        .replace(" - First line.", "")
    )  # fmt: skip
    text = after(mine)
    for word in ("details", "⭐️", "TODO", "Newer first"):
        assert word not in text
    assert "Newer second." in text
    gone = BASE.replace(
        "1. [**One**](https://e.org/1) - First line. <!-- **TODO:** read -->\n\n", ""
    )
    merging = merged(JEKYLL.parse(BASE), gone, JEKYLL.parse(NEW))
    assert "One" not in merging.written.text
    assert merging.dropped == ("https://e.org/1",)


def test_papers_gone_from_the_list() -> None:
    """An entry that is generated no more goes if nobody touched it, and else stays."""
    new = JEKYLL.parse(NEW[: NEW.index("1. [**One**")] + NEW[NEW.index("1. ⭐️") :])
    untouched = merged(JEKYLL.parse(BASE), BASE, new)
    assert (untouched.removed, untouched.kept) == (("One",), ())
    assert untouched.written.text == new.text
    edited = merged(JEKYLL.parse(BASE), BASE.replace("First line", "Mine"), new)
    assert (edited.removed, edited.kept) == ((), ("One",))
    assert "- Mine." in edited.written.text


def test_new_papers_go_to_their_section() -> None:
    """A new paper follows what it follows in the list, below its heading, renamed or not."""
    third = "1. [**Three**](https://e.org/3) - Third line.\n\n"
    new = NEW.replace("---\n\n*Drafted", f"{third}# Day 2\n1. **Four**\n\n---\n\n*Drafted")
    mine = BASE.replace("# Day 1\n", "# Tuesday\n").replace(
        "---\n\n*Dr", "# Beer\nGood.\n\n---\n\n*Dr"
    )
    text = after(mine, new)
    order = ["# Tuesday", "**One**", "**Two**", "**Three**", "# Day 2", "**Four**", "# Beer"]
    places = [text.index(words) for words in order]
    assert places[:4] == sorted(places[:4])
    assert places[3] < places[6]
    assert "# Day 1" not in text


def test_a_new_order_is_taken_over_unless_theirs_is_another() -> None:
    """Entries follow the list's new order, if the person left them in the old one."""
    one = NEW[NEW.index("1. [**One**") : NEW.index("1. ⭐️")]
    two = NEW[NEW.index("1. ⭐️") : NEW.index("---\n\n*Drafted")]
    swapped = NEW.replace(one + two, two + one)
    assert after(BASE.replace("First", "My first"), swapped).index("Two**") < swapped.index("One**")
    new = NEW.replace("Two papers", "2 papers")
    kept = after(BASE.replace("# Day 1\n", "# Day 1\n1. **Mine**\n\n"), new)
    assert kept.index("**Mine**") < kept.index("One**") < kept.index("Two**")


def test_the_frame() -> None:
    """Front matter and introduction: what was changed stays, and the newer is offered beside it."""
    mine = BASE.replace('title: "A"', 'title: "My own"').replace("Two papers.", "Hello!")
    text = after(mine, NEW.replace('title: "A"', 'title: "B"').replace("tags: x", "tags: y"))
    assert text.startswith(
        '---\ntitle: "My own"\n# roundup offers: title: "B"\ntags: y\n---\nHello!\n'
    )
    assert "<!-- roundup offers for the text: 2 papers. -->" in text


def test_what_was_added_below_a_paragraph_of_ours() -> None:
    """A paragraph of ours is renewed also where the person wrote something before or behind it."""
    text = after(BASE.replace("Two papers.", "Hello!\n\nTwo papers.\n\nBye!"))
    assert "Hello!\n\n2 papers.\n\nBye!\n" in text
    assert "roundup offers" not in text


@pytest.mark.parametrize("title", ["One", "Another title"])
def test_an_entry_whose_title_changed(title: str) -> None:
    """An entry is known by what it says, where title and address are the person's own."""
    mine = BASE.replace("[**One**](https://e.org/1)", f"[**{title}** (oral)](https://e.org/oral)")
    text = after(mine)
    assert text.count("Newer first") == 1
    assert f"[**{title}** (oral)](https://e.org/oral)" in text
    assert identity(JEKYLL.parse(text).items[0]) != "https://e.org/1"
