"""Sequences that take no memory for what they hold, and posts that are made of them."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.cli import draftings
from summarize.records import Claim, Done, Grounded, Outcome, Paper, Receipt, Skipped, Summary
from summarize.settings import Settings
from summarize.spool import IN_MEMORY, Kept, Lines, Mapped, Spool
from summarize.store import Store


@given(st.lists(st.text()), st.integers(-9, 9))
def test_a_spool_holds_what_it_was_given(things: list[str], index: int) -> None:
    """In their order, at every index, as a list does; so does what is mapped over it."""
    spool = Spool(things)
    assert [*spool] == things == [*spool]
    assert len(spool) == len(things)
    assert [*spool[1:3]] == things[1:3]
    assert [*Mapped(spool, str.upper)] == [thing.upper() for thing in things]
    if -len(things) <= index < len(things):
        assert spool[index] == things[index]
    else:
        with pytest.raises(IndexError):
            spool[index]


def test_what_does_not_fit_into_memory_lies_on_the_disk() -> None:
    """Things can be added and looked at in turn, before and after."""
    spool: Spool[str] = Spool()
    for number in range(5):
        spool.append(str(number) * (IN_MEMORY // 3))
        assert spool[0][:3] == "000"
    assert [thing[0] for thing in spool] == ["0", "1", "2", "3", "4"]


def test_what_is_kept_by_name_is_made_when_it_is_asked_for() -> None:
    """And is a mapping like any other."""
    kept = Kept({"a": 1, "b": 2}, lambda at: at * 10)
    assert dict(kept) == {"a": 10, "b": 20}
    assert "a" in kept
    assert "c" not in kept
    assert kept.get("c") is None


def _done(key: str, tldr: str = "So it is.") -> Done:
    return Done(
        paper=Paper(key=key, title=key),
        grounded=Grounded(summary=Summary(tldr=tldr, notes=()), tldr=Claim(supported=True, page=1)),
        receipt=Receipt(model="m", prompt="p", basis="paper"),
    )


def test_what_a_long_post_was_drafted_from_is_kept_in_parts(tmp_path: Path) -> None:
    """What a long post was drafted from comes back whole; a failure replaces nothing."""
    settings, post = Settings(cache_dir=tmp_path), tmp_path / "p.md"
    count = 2 * draftings.PART + 7

    async def known() -> list[str]:
        async with Store(settings) as store:
            drafting = await draftings.known(store, post)
            assert drafting is not None
            return [f"{done.paper.key} {done.grounded.summary.tldr}" for done in drafting.done]

    draftings.remember(post, [_done(str(n)) for n in range(count)], settings, whole=True)
    assert asyncio.run(known()) == [f"{n} So it is." for n in range(count)]
    later: list[Outcome] = [
        _done("0", "Newer."),
        Skipped(paper=Paper(key="1"), stage="ask", reason="no"),
    ]
    draftings.remember(post, later, settings, whole=False)
    expected = ["0 Newer.", *(f"{n} So it is." for n in range(1, count))]
    assert asyncio.run(known()) == expected
    draftings.remember(post, later, settings, whole=True)
    assert asyncio.run(known()) == expected[:2]


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "\na\n\nb", "a\r\nb\u2028c\n"])
def test_lines(text: str) -> None:
    """Lines are those that splitting at line ends gives, from the front, the back and in part."""
    assert Lines(text) == Lines(text) == tuple(text.split("\n")) != (*text.split("\n"), "")
    assert hash(Lines(text)) == hash(Lines(text))
    lines, expected = Lines(text), text.split("\n")
    assert list(lines) == expected
    assert [lines[at] for at in range(-len(lines), 0)] == expected
    assert lines[1:] == expected[1:]
