"""Grounding: a quote is found where the paper says it, or it is not found."""

from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from summarize.grounding import ground, support
from summarize.read import read
from summarize.records import Claim, Document, Grounded, Note, Summary
from summarize.text.abstract import from_abstract
from summarize.text.evidence import MIN_QUOTE, Evidence
from summarize.text.lines import Page
from summarize.text.sections import document
from summarize.text.sentences import passages

PAGES = [
    "A Title\nWe show that the method works in\nall cases that we know of.",
    "It uses state-of-the-art “Deep”\nNets (Smith et al., 2014), as al-\ngorithms for x ≤ 3.14 do.",
    "Übergrößen führen zu Ἀθῆναι ΟΔΟΣ.\nДля всех случаев этот метод работает.\n"
    "本文提出了一种新的注意力机制方法用于图像",
]
PAPER = document([Page.of(text) for text in PAGES], engine="e", sha256="")


def claim(quote: str, paper: Document = PAPER) -> Claim:
    """Return the claim of a note with this quote."""
    note = Note(kind="idea", text="Zyx qwv.", quote=quote, page=99)
    found = ground(Summary(tldr="x", notes=(note,)), Evidence(paper))
    return found.claims[0] if found.claims else Claim(supported=False)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(c for c in text.lower() if c.isalnum()).replace("ς", "σ")


@pytest.mark.parametrize(
    ("quote", "page", "found"),
    [
        ("We show that the method works", 1, "We show that the method works"),
        ("we SHOW that THE method works", 1, "We show that the method works"),
        ("the method works in all cases", 1, "the method works in\nall cases"),
        ('"... the method works, in all cases!"', 1, "the method works in\nall cases"),
        ("all cases that we know of. It uses", 1, "all cases that we know of.\nIt uses"),
        ("state of the art deep nets", 2, "state-of-the-art “Deep”\nNets"),
        ("[p. 2] state of the art deep nets", 2, "state-of-the-art “Deep”\nNets"),
        ("2] state of the art deep nets", 2, "state-of-the-art “Deep”\nNets"),
        ("the method works in all cases [p.", 1, "the method works in\nall cases"),
        ("as algorithms for x <= 3.14 do", 2, "as algorithms\nfor x ≤ 3.14 do"),
        ("Smith et al. (2014) as algorithms", 2, "Smith et al., 2014), as algorithms"),
        ("ÜBERGRÖßEN führen zu", 3, "Übergrößen führen zu"),
        ("führen zu ἀθῆναι οδοσ", 3, "führen zu Ἀθῆναι ΟΔΟΣ"),
        ("для ВСЕХ случаев", 3, None),
        ("для ВСЕХ случаев этот", 3, "Для всех случаев этот"),
        ("本文提出了一种新的注意力机制方法", 3, "本文提出了一种新的注意力机制方法"),
    ],
)
def test_quotes(quote: str, page: int, found: str | None) -> None:
    """A quote is found whatever its case, hyphens and line breaks, at its place and page.

    What a prompt put between the paper's lines is no part of it, be it torn.
    """
    got = claim(quote)
    if found is None:
        assert got == Claim(supported=False)
        return
    assert got.supported
    assert (got.page, PAPER.text[got.start : got.end]) == (page, found)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "...",
        "We show that it",
        "the method",
        "We prove that 3 methods work",
        "We show that the method never works in all cases",
        "We show that it does [...] cases that we know of",
    ],
)
def test_what_is_not_found(quote: str) -> None:
    """A quote that the paper does not hold whole, or too short to tell, supports nothing."""
    assert claim(quote) == Claim(supported=False)


def test_the_shortest_quote() -> None:
    """A quote is long enough from sixteen letters and digits on."""
    text = "abcd efgh ijkl mnop qrst"
    assert claim(text[:19], from_abstract(text)).supported
    assert not claim(text[:18], from_abstract(text)).supported
    assert len(squeezed(text[:19])) == MIN_QUOTE


def test_each_note_has_its_claim() -> None:
    """Notes have a claim each, in order, and the model's own page counts for nothing."""
    quotes = ["state of the art deep nets", "", "We show that the method works"]
    notes = tuple(Note(kind="idea", text="Zyx qwv.", quote=quote, page=7) for quote in quotes)
    found = ground(Summary(tldr="x", notes=notes), Evidence(PAPER))
    assert [(one.supported, one.page) for one in found.claims] == [(True, 2), (True, 1)]
    assert found.dropped == 1


def test_abstracts_have_no_pages() -> None:
    """A quote of an abstract is supported without a page."""
    found = claim("it works in all cases", from_abstract("We show that it works in all cases."))
    assert found == Claim(supported=True, page=None, start=13, end=34)


def test_a_quote_that_stands_twice() -> None:
    """A quote that stands twice is found where it stands first."""
    twice = document([Page.of("So it works in all cases.")] * 2, engine="e", sha256="")
    assert claim("it works in all cases", twice).page == 1


def test_real_sentences(icml: Path) -> None:
    """Every sentence of a real paper that is long enough is found in it, reading the same."""
    paper = read((icml / "pdfs" / "jozefowicz15.pdf").read_bytes())
    sentences = [p.text for p in passages(paper) if len(squeezed(p.text)) >= MIN_QUOTE][::5]
    assert len(sentences) > 30
    for sentence in sentences:
        found = claim(sentence[:600], paper)
        assert found.supported
        assert squeezed(paper.text[found.start : found.end]) == squeezed(sentence[:600])


_LETTERS = st.characters(categories=["L", "Nd", "P", "Zs"])
_TEXTS = st.text(
    st.one_of(_LETTERS, st.sampled_from("abc ΣσςİıßẞK\n-²①ǅ")), min_size=16, max_size=120
)


@st.composite
def _stretches(draw: st.DrawFn) -> tuple[list[str], int, int]:
    """Return pages, and the bounds of a stretch of their text that is long enough to quote."""
    pages = draw(st.lists(_TEXTS, min_size=1, max_size=3))
    text = "\n".join(pages)
    start = draw(st.integers(0, len(text) - 16))
    return pages, start, draw(st.integers(start + 16, len(text)))


@settings(max_examples=250, deadline=None)
@example((["ΟΔΟΣ-\nΑΣ" * 4], 0, 22))
@example((["İ Σ abcdefghijklmnopqrst"], 2, 24))
@given(_stretches())
def test_any_stretch_is_found(stretch: tuple[list[str], int, int]) -> None:
    """Any stretch of a document that is long enough is found at a place that reads the same."""
    pages, start, end = stretch
    paper = document([Page.of(text) for text in pages], engine="e", sha256="")
    quote = paper.text[start:end]
    assume(sum(c.isalnum() for c in quote) >= MIN_QUOTE)
    found = claim(quote, paper)
    assert found.start is not None
    assert found.start < end
    assert squeezed(paper.text[found.start : found.end]) == squeezed(quote)
    assert found.page == paper.page_at(found.start)


# --- nearly, repaired, dropped, flagged -----------------------------------------------------------

STORY = (
    "We measured the journeys of 40 gulls on Skomer over three winters. "
    "Our model outperforms the older LIFT model by 12.5% on the Skomer dataset. "
    "The gulls do not rest on ships, but they follow them for many hours at night. "
    "Storms were left out of the theory, since too few of them were recorded."
)
TOLD = from_abstract(STORY)


def grounded(
    text: str, quote: str, tldr: str = "We measured the journeys of 40 gulls."
) -> Grounded:
    """Return a summary of one note against the story."""
    note = Note(kind="idea", text=text, quote=quote, page=None)
    return ground(Summary(tldr=tldr, notes=(note,)), Evidence(TOLD))


@pytest.mark.parametrize(
    "quote",
    [
        "Our model outperforms older LIFT model by 12.5% on Skomer dataset",
        "Our new model outperforms the older LIFT model by 12.5% on the Skomer dataset",
        "We measured the journeys of 40 gulls ... Storms were left out of the theory",
    ],
)
def test_nearly(quote: str) -> None:
    """A quote with a word dropped or put in, or with a gap, is found, and said to be repaired."""
    found = claim(quote, TOLD)
    assert found.supported


@pytest.mark.parametrize(
    "quote",
    [
        "Our model outperforms the older LIFT model by 17.5% on the Skomer dataset",
        "Our model never outperforms the older LIFT model by 12.5% on the Skomer dataset",
        "The gulls do rest on ships, but they follow them for many hours at night",
        "Our model outperforms the older crows by far on most of the other islands",
    ],
)
def test_not_nearly(quote: str) -> None:
    """A quote that differs in a number, a negation or its sense is not found."""
    assert not claim(quote, TOLD).supported


def test_own_words_support() -> None:
    """A note whose quote is not there stays where a sentence says the same, else it is dropped."""
    kept = grounded("Storms were left out, since too few were recorded.", "no such words anywhere")
    assert [c.repaired for c in kept.claims] == [True]
    lost = grounded("Crows are much cleverer than gulls.", "no such words anywhere at all")
    assert lost.summary.notes == ()
    assert (lost.claims, lost.dropped) == ((), 1)
    assert support(lost) == 0.5


@pytest.mark.parametrize(
    ("tldr", "flag"),
    [
        ("They measured the journeys of 45 gulls on Skomer.", "45"),
        ("The model outperforms the older DRAG model by 12.5% on Skomer.", "DRAG"),
        ("The older LIFT model outperforms our model by 12.5% on Skomer.", "outperforms"),
        ("The model is outperformed; it is worse than LIFT by 13% on Skomer.", "13%"),
        ("The gulls rest on ships, and follow them for many hours at night.", "without “not”"),
        ("The gulls on Skomer were the first to be measured over three winters.", "the first"),
    ],
)
def test_flags(tldr: str, flag: str) -> None:
    """A number, a name, a turned comparison or a negation that is not the paper's is flagged."""
    found = grounded("x", STORY[:66], tldr).tldr
    assert found is not None
    assert flag in found.flags


@pytest.mark.parametrize(
    "tldr",
    [
        "They measured the journeys of forty gulls on Skomer over 3 winters.",
        "The model outperforms the LIFT model by 12.5 percent on the Skomer dataset.",
        "Gulls don't rest on ships but follow them at night.",
        "Too few storms were recorded, so that they were left out.",
    ],
)
def test_true_claims(tldr: str) -> None:
    """What the paper says in other words is not flagged."""
    found = grounded("x", STORY[:66], tldr).tldr
    assert found is not None
    assert set(found.flags) <= {"forty"}
    assert found.supported


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=80))
def test_any_claim(text: str, quote: str, paper: str) -> None:
    """Whatever is claimed of whatever paper, each note is kept with its claim or counted."""
    summary = Summary.model_construct(
        tldr=text, notes=(Note.model_construct(kind="idea", text=text, quote=quote, page=None),)
    )
    found = ground(summary, Evidence(from_abstract(paper)))
    assert len(found.claims) + found.dropped == 1
    assert len(found.claims) == len(found.summary.notes)
