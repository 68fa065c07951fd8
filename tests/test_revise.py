"""Drafts and edits in turn: over any history, a person's words stay, and the note stays right."""

import itertools
import tracemalloc
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize.posts import FORMATS, Colophon, compose
from summarize.records import (
    Claim,
    Done,
    Event,
    Grounded,
    Note,
    Outcome,
    Paper,
    Receipt,
    Skipped,
    Summary,
)
from summarize.revise import Before, Now, papers, redrafted, renewed, wanted
from summarize.spool import Spool
from summarize.state import State
from tests.test_merge import SLOW, TOKENS, edited

JEKYLL = FORMATS["jekyll"]
MOST_HELD = 8_000  # bytes for each paper, in a draft over a post that somebody edited


def result(number: int, version: str, *, fails: bool = False) -> Outcome | Event:
    """Return what became of an entry in a version of a post; every fifth is an event."""
    if number % 5 == 4:
        return Event(title=f"Social {number}", take=f"Beer {number}.", section="Day 2")
    url = f"https://openreview.net/forum?id=p{number}" if number % 3 else ""
    paper = Paper(
        key=f"p{number}", title=f"Title {number}", url=url, section=("", "Day 1")[number % 2]
    )
    if fails:
        return Skipped(paper=paper, stage="ask", reason="no")
    note = Note(kind="idea", text=f"Note {number}{version}.", quote="", page=None)
    summary = Summary(tldr=f"Line {number}{version}.", notes=(note,))
    return Done(
        paper=paper,
        grounded=Grounded(summary=summary, claims=(Claim(supported=False),)),
        receipt=Receipt(model="m", prompt="p", basis="paper"),
    )


def now(version: str) -> Now:
    """Return who summarizes, and when."""
    by = Colophon(version="1", model=version, prompt="p", picks=False)
    return Now(by, JEKYLL, "2024-05-07", State(model=version))


def drafted(results: list[Outcome | Event], before: Before, version: str) -> Before:
    """Draft a whole list over what was there."""
    at = now(version)
    composed = compose(results, title="A Roundup", date="2024-05-07", colophon=at.by)
    revised = redrafted(JEKYLL.render(composed), results, before, at)
    return Before(revised.text, revised.state)


def test_a_long_post_is_held_only_in_part() -> None:
    """Over a post that somebody edited, a draft of more papers takes little memory for each."""

    def peak(count: int) -> int:
        results = Spool(result(n, "v1") for n in range(count))
        before = drafted([*results], Before(), "v1")
        mine = Before((before.text or "").replace("Line", "My line"), before.state)
        composed = compose(results, title="A", date="2024-05-07", colophon=now("v2").by)
        fresh = JEKYLL.render(composed)
        tracemalloc.start()
        redrafted(fresh, results, mine, now("v2"))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert (peak(1500) - peak(500)) / 1000 < MOST_HELD


@SLOW
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_over_any_history_words_stay(data: Any) -> None:
    """Drafted, edited, regenerated, edited, ...: each word is there as often as it was put."""
    numbers = st.lists(st.integers(0, 9), unique=True, min_size=1, max_size=6)
    before = drafted([result(n, "v0") for n in data.draw(numbers)], Before(), "v0")
    count = itertools.count()
    for step in range(1, data.draw(st.integers(1, 4)) + 1):
        text, _ = data.draw(edited(before.text or ""))
        text = text.replace("human", f"human{next(count)}0")
        mine = Before(text, before.state)
        fails = data.draw(st.booleans())
        if data.draw(st.booleans()):
            results = [result(n, f"v{step}", fails=fails and n % 2 > 0) for n in data.draw(numbers)]
            before = drafted(results, mine, f"v{step}")
        else:
            keys = [p.key for p in papers(JEKYLL.parse(text), mine.state)]
            known = [int(key[1:]) for key in keys if key[:1] == "p" and key[1:].isdigit()]
            outcomes = [result(n, f"v{step}", fails=fails) for n in known]
            chosen = [one for one in outcomes if not isinstance(one, Event)]
            revised = renewed(chosen, mine, now(f"v{step}"))
            before = Before(revised.text, revised.state)
        assert sorted(TOKENS.findall(before.text or "")) == sorted(TOKENS.findall(text))


def test_an_untouched_post_follows_the_list() -> None:
    """Without an edit, draft after draft is what a first draft would be."""
    before = drafted([result(n, "v0") for n in range(6)], Before(), "v0")
    for order in ([5, 3, 1], [1, 2, 3, 4, 5, 6], [6, 0]):
        results = [result(n, "v1") for n in order]
        before = drafted(results, before, "v1")
        assert before.text == drafted(results, Before(), "v1").text


def test_a_failure_keeps_what_there_was() -> None:
    """Drafted again, a paper that fails keeps the summary that it had, and says so."""
    first = [result(n, "v0") for n in range(3)]
    before = drafted(first, Before(), "v0")
    results = [result(0, "v1"), result(1, "v1", fails=True), result(2, "v1")]
    text = drafted(results, before, "v1").text or ""
    assert "Line 1v0." in text
    assert "Not summarized" not in text
    assert "2 were written by `v1`" in text
    assert "1 was written by `v0`" in text


@settings(max_examples=300)
@given(
    st.text(st.sampled_from("aB9é*_`[]<>{}|$\\&-:!#;~ "), max_size=20),
    st.sampled_from(["", "https://e.org/a_(b)?x=1&y=2", "https://arxiv.org/abs/1706.03762", "x"]),
)
def test_an_entry_of_a_list_is_known_in_its_post(title: str, url: str) -> None:
    """Whatever its title and address, an entry that was taken out of a post is known as such."""
    entry = Event(title=title, url=url)
    before = drafted([entry], Before(), "v0")
    assert wanted([entry], before, JEKYLL) == [entry]
    (item,) = JEKYLL.parse(before.text or "").items
    without = Before((before.text or "").replace(item.text, ""), before.state)
    assert wanted([entry], without, JEKYLL) == []
    again = drafted([], without, "v0")
    assert wanted([entry], again, JEKYLL) == []
