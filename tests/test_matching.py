"""Titles: which two are one paper's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.matching import Candidate, choose, related, same, words

TITLE = "BrainSCUBA: Fine-Grained Natural Language Captions of Visual Cortex Selectivity"
THEM = ("Andrew Luo", "Margaret Henderson", "Michael Tarr")


@pytest.mark.parametrize(
    "written",
    [
        TITLE.lower(),
        TITLE.upper(),
        TITLE.replace("-", "–").replace(": ", " — "),
        TITLE.replace(":", "").replace("-", " "),
        TITLE.replace(" ", "\n  ", 3),
        TITLE.replace("Visual", "\\textbf{Visual}"),
        TITLE.replace("Visual", "{V}isual"),
        TITLE.replace("Cortex", "Cortx"),
        TITLE.replace("Selectivity", "Selectivtiy"),
        TITLE.replace(" of ", " of the "),
    ],
)
def test_one_paper(written: str) -> None:
    """Case, dashes, LaTeX, a slip of the keyboard and small words are no difference."""
    assert same(TITLE, written)
    assert same(written, TITLE)


@pytest.mark.parametrize(
    "other",
    [
        f"Revisiting {TITLE}",
        f"{TITLE} 2",
        f"On the Limits of {TITLE}",
        f"{TITLE}, Revisited",
        TITLE.replace("Visual", "Auditory"),
        TITLE.replace("Natural ", ""),
        TITLE.replace("Natural Language ", ""),
        "BrainSCUBA",
        "",
    ],
)
def test_another_paper(other: str) -> None:
    """A sequel, a word that is another or lacking, and a title cut short are no match."""
    assert not same(TITLE, other)
    assert not same(other, TITLE)


def test_authors_make_sure() -> None:
    """Where two names agree, a word may be lacking, and the subtitle; where none does, nothing."""
    short = TITLE.replace("Natural ", "")
    for written in (short, "BrainSCUBA"):
        found = choose(Candidate(written, THEM), [(Candidate(TITLE, THEM), 1)])
        assert found == 1
    long = Candidate("Scaling Laws Everywhere: A Study of Much", ("Luo, Andrew", "M. Henderson"))
    assert choose(Candidate("Scaling Laws Everywhere", THEM), [(long, 1)]) == 1
    assert choose(Candidate(TITLE, THEM), [(Candidate(TITLE, ("Ada Lovelace",)), 1)]) is None
    wangs = Candidate(short, ("Yi Wang", "Bo Li"))
    assert choose(Candidate(TITLE, ("Ya Wang", "Cy Chen")), [(wangs, 1)]) is None


def test_two_that_would_do_are_none() -> None:
    """Of two different titles that are as near, none is taken; one that is the same, is."""
    near = [
        (Candidate(TITLE.replace("Cortex", one)), one) for one in ("Cortez", "Cortax", "Cortex")
    ]
    assert choose(Candidate(TITLE.replace("Cortex", "Cortxx")), near) is None
    assert choose(Candidate(TITLE), near) == "Cortex"


def test_short_titles() -> None:
    """A title of a word is anyone's; one of two short words must be the same."""
    assert not same("Memory", "Memory")
    assert same("On LoRA", "On LORA")
    assert not same("On LoRA", "On LoRa 2")


def test_what_an_identifier_finds_may_have_changed() -> None:
    """A title that was changed for print is still related; that of a mistaken address is not."""
    assert related("Captions of the Visual Cortex", TITLE)
    assert not related("Attention is all you need", TITLE)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_titles(one: str, other: str) -> None:
    """Whatever two texts are, which is first makes no difference, and words are words."""
    assert same(one, other) == same(other, one)
    assert all(word.isalnum() for word in words(one))
