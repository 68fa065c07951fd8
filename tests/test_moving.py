"""A post that is drafted on in another format: what a person wrote comes along, and comes back."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize.posts import FORMATS, Colophon, compose, front
from summarize.records import Event, Outcome
from summarize.revise import Before, Now, redrafted
from summarize.state import State
from tests.conftest import Roundup
from tests.test_merge import TOKENS, edited
from tests.test_revise import result

ALIKE = [name for name in FORMATS if FORMATS[name].parse is FORMATS["jekyll"].parse]
PAIRS = [*itertools.permutations(ALIKE, 2)]
TITLES = {"mkdocs", "markdown"}  # whose title is a heading


def drafted(name: str, results: list[Outcome | Event], before: Before, version: str) -> Before:
    """Draft a whole list over what was there, in a format."""
    form, by = FORMATS[name], Colophon(version="1", model=version, prompt="p", picks=False)
    asked = State(model=version, format="" if name == "jekyll" else name)
    now = Now(by, form, "2024-05-07", asked)
    composed = compose(
        results, title="A Roundup", date="2024-05-07", colophon=by, words=form.words,
        anchor=form.anchor, tags=("a",),
    )  # fmt: skip
    revised = redrafted(form.render(composed), results, before, now)
    return Before(revised.text, revised.state)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_it_comes_along_and_back(one: str, other: str) -> None:
    """In another format a post is that format's, with all that is a person's; and it comes back."""
    results = [result(number, "v") for number in (1, 2, 3, 4)]
    made = drafted(one, results, Before(), "v")
    text = (made.text or "").replace("- Line 1v.", "- I say it[^1].")
    text = text.replace("<!-- YOUR WORDS: who", "I went.\n\n<!-- YOUR WORDS: who")
    mine = text + "\n[^1]: Mine.\n"
    there = drafted(other, results, Before(mine, made.state), "v")
    fresh = drafted(other, results, Before(), "v").text or ""
    expected = fresh.replace("- Line 1v.", "- I say it[^1].")
    expected = expected.replace("<!-- YOUR WORDS: who", "I went.\n\n<!-- YOUR WORDS: who")
    assert there.text == expected + "\n[^1]: Mine.\n"
    back = drafted(one, results, there, "v")
    assert back.text == mine


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_its_title_comes_along(one: str, other: str) -> None:
    """A title and an excerpt of one's own are the post's in the other format, too."""
    results = [result(1, "v")]
    made = drafted(one, results, Before(), "v")
    text = (made.text or "").replace('"TLDR; ', '"Mine: ').replace("A Roundup", "My <Title>", 1)
    there = drafted(other, results, Before(text, made.state), "v").text or ""
    written = FORMATS[other].parse(there)
    assert "My <Title>" in there or "My &lt;Title&gt;" in there
    if one != "markdown" or other in TITLES:  # which has no front matter for it to be in
        assert front.title(written) == "My <Title>"
    if one != "markdown":
        assert '"Mine: 1 paper' in there
    if {one, other} <= {"jekyll", "hugo", "mkdocs"}:
        named = {"jekyll": "excerpt", "hugo": "summary", "mkdocs": "description"}[other]
        assert (
            front.values(written)[named]
            == front.values(FORMATS[one].parse(text))[
                {"jekyll": "excerpt", "hugo": "summary", "mkdocs": "description"}[one]
            ]
        )


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_over_any_formats_words_stay(data: Any) -> None:
    """Drafted in one format after another, edited between: each word stays as often as it was."""
    numbers = st.lists(st.integers(0, 9), unique=True, min_size=1, max_size=5)
    names = st.sampled_from(ALIKE)
    before = drafted(data.draw(names), [result(n, "v0") for n in data.draw(numbers)], Before(), "v")
    for step in range(1, 4):
        text, _ = data.draw(edited(before.text or ""))
        text = text.replace("human", f"human{step}0")
        results = [result(n, f"v{step}") for n in data.draw(numbers)]
        before = drafted(data.draw(names), results, Before(text, before.state), f"v{step}")
        for token in {*TOKENS.findall(text)}:
            assert (before.text or "").count(token) >= text.count(token)


def test_blocks_are_not_brought_into_markdown(roundup: Roundup, tmp_path: Path) -> None:
    """What can't be merged is left as it is, and said; --force replaces it, and keeps a backup."""
    (tmp_path / "l.csv").write_text("title,take\nA paper,I saw it.\n")
    roundup("draft", "l.csv", "-o", "p.md")
    mine = (tmp_path / "p.md").read_text("utf-8") + "\nMy own words.\n"
    (tmp_path / "p.md").write_text(mine, "utf-8")
    ran = roundup("draft", "l.csv", "-o", "p.md", "--format", "wordpress")
    assert (ran.returncode, "in the format jekyll" in ran.stderr) == (1, True)
    assert (tmp_path / "p.md").read_text("utf-8") == mine
    roundup("draft", "l.csv", "-o", "p.md", "--format", "hugo")
    assert "My own words." in (tmp_path / "p.md").read_text("utf-8")
    ran = roundup("draft", "l.csv", "-o", "p.md", "--format", "wordpress", "--force")
    assert ran.returncode == 3  # there is no PDF to be had
    assert "<!-- wp:heading" in (tmp_path / "p.md").read_text("utf-8")
    assert "My own words." in next(tmp_path.glob(".p.md.*.backup")).read_text("utf-8")
