"""The embedded summarizer: sentences of the paper, picked and never made up."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import replies
from summarize.ask import ask
from summarize.backends import choose
from summarize.backends.extractive import BACKEND, MAX_LINE, MAX_NOTES, compress, summarize
from summarize.errors import ReplyError
from summarize.prompts import for_passages
from summarize.read import read
from summarize.records import Document, Passage, SectionKind, Summary
from summarize.settings import Clock, Settings
from summarize.text.abstract import from_abstract
from summarize.text.sentences import passages

REAL = ["allamanis15", "jozefowicz15", "kandasamy15", "neyshabur15", "virtanen15"]

STORY: list[tuple[str, SectionKind, int | None]] = [
    ("Many people have long wondered how birds of all kinds manage to fly so far.", "abstract", 1),
    (
        "We introduce a novel model of the flight of birds that explains long journeys.",
        "abstract",
        1,
    ),
    (
        "The key idea is that wind over the open sea carries the birds for many hours.",
        "introduction",
        1,
    ),
    ("Our approach combines measurements of wind with a simple theory of lift.", "introduction", 2),
    ("We recorded the journeys of gulls in two datasets from northern islands.", "body", 3),
    (
        "Experiments show that the predicted routes are better than those of earlier work.",
        "conclusion",
        4,
    ),
    ("One limitation is that storms are left out of the theory altogether.", "conclusion", 5),
]
PAPER = [Passage(text=text, kind=kind, page=page) for text, kind, page in STORY]
TITLE = "A Model of the Flight of Birds"


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(c for c in text.lower() if c.isalnum())


def verbatim(text: str, page: int | None, given: list[Passage]) -> bool:
    """Tell whether words stand in a passage of this page, as they are."""
    return any(page == p.page and letters(text) in letters(p.text) for p in given)


def test_picks_what_was_done() -> None:
    """The TLDR is what the authors did, and each kind of note the sentence that announces it."""
    summary = summarize(TITLE, PAPER)
    assert summary.tldr == STORY[1][0]
    assert [(note.kind, note.quote, note.page) for note in summary.notes] == [
        ("idea", STORY[2][0], 1),
        ("method", STORY[3][0], 2),
        ("data", STORY[4][0], 3),
        ("result", STORY[5][0], 4),
    ]
    assert all(note.text == note.quote for note in summary.notes)


def test_kinds_make_room() -> None:
    """A kind that nothing announces leaves its place to the next one."""
    kinds = [note.kind for note in summarize(TITLE, [*PAPER[:4], PAPER[6]]).notes]
    assert kinds == ["idea", "method", "limitation"]


def test_repeats_and_references_to_figures_are_not_picked() -> None:
    """A sentence is not picked twice, nor one that is a caption, an address or symbols."""
    junk = [
        "Figure 3: We propose a novel model of the flight of birds and of journeys.",
        "We propose a model, see https://example.org for the novel code of the flight of birds.",
        "We propose x 1 = y 2 + z 3 / q 4 for the a b c d e f g h i j flight of birds.",
        "we propose a novel model of the flight of birds without a beginning.",
        "We propose a novel model of the flight of birds (without an end.",
        "We propose a novel model",
    ]
    given = [Passage(text=text, kind="abstract", page=1) for text in junk]
    summary = summarize(TITLE, [*given, *PAPER, *PAPER])
    assert summary == summarize(TITLE, PAPER)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["Too short."],
        ["no beginning that a sentence of a paper would ever have at all."],
        ["3.4 & 5.6 & 7.8 & 9.1 \\\\ 3.4 & 5.6 & 7.8 & 9.1 & 3.4 & 5.6."],
    ],
)
def test_nothing_to_pick(texts: list[str]) -> None:
    """A text without one whole sentence raises a reply error rather than giving an empty line."""
    with pytest.raises(ReplyError, match="holds no whole sentence to pick"):
        summarize(TITLE, [Passage(text=text, kind="body") for text in texts])


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        ("In this paper, we propose a model.", "We propose a model."),
        ("Specifically, it is so.", "It is so."),
        ("We follow others (Smith et al., 2014; Doe, 2015) in this.", "We follow others in this."),
        ("We follow others [3, 12–14] in this.", "We follow others in this."),
        ("We keep (most of) the words.", "We keep (most of) the words."),
        ("iPhones are so.", "IPhones are so."),
        ("", ""),
    ],
)
def test_compress(sentence: str, shorter: str) -> None:
    """A line loses its opening phrase and its citations, and nothing else."""
    assert compress(sentence) == shorter


def test_long_sentences_end_with_a_clause() -> None:
    """A sentence too long for a line is shown up to the end of a clause."""
    start = "We introduce a novel model of the flight of birds that explains their journeys"
    long = f"{start}, which {'and so it goes on for a while ' * 10}."
    summary = summarize(TITLE, [Passage(text=long, kind="abstract", page=1)])
    assert summary.tldr == f"{start}."


# --- through the backend --------------------------------------------------------------------------


def asked(title: str, given: list[Passage], document: Document) -> Summary:
    """Ask the backend as a run does, and return the grounded summary's words."""
    request = for_passages(given, title, model="extractive", endpoint="")

    async def run() -> Summary:
        async with BACKEND.connect(Settings(), Clock()) as model:
            reply = await model.ask(request)
            grounded = await ask(request, document, model.ask)
        assert replies.parse(reply) == grounded.summary
        assert all(claim.supported for claim in grounded.claims)
        assert grounded.requests == 1
        return grounded.summary

    return asyncio.run(run())


def test_backend_stays_at_home() -> None:
    """The summarizer reads passages, sends nothing anywhere, and its version is in its name."""
    assert choose("extractive") is BACKEND
    assert BACKEND.picks
    assert BACKEND.service(Settings()) is None
    assert BACKEND.endpoint(Settings()).startswith("embedded-")


def test_abstracts_have_no_pages() -> None:
    """Of an abstract alone, a TLDR and notes are picked without pages."""
    document = from_abstract(" ".join(text for text, *_ in STORY))
    summary = asked(TITLE, list(passages(document)), document)
    assert summary.tldr == STORY[1][0]
    assert summary.notes
    assert {note.page for note in summary.notes} == {None}


@pytest.mark.parametrize("name", REAL)
def test_contract_on_real_papers(icml: Path, name: str) -> None:
    """Of a real paper every note is its own words on its own page, and so is the TLDR."""
    document = read((icml / "pdfs" / f"{name}.pdf").read_bytes())
    given = list(passages(document, frozenset({"abstract", "introduction", "body", "conclusion"})))
    summary = asked(document.title, given, document)
    assert 40 <= len(summary.tldr) <= MAX_LINE
    assert 1 <= len(summary.notes) <= MAX_NOTES
    assert len({note.kind for note in summary.notes}) == len(summary.notes)
    assert len({note.text for note in summary.notes}) == len(summary.notes)
    for note in summary.notes:
        assert note.page is not None
        assert verbatim(note.text, note.page, given)
        assert verbatim(note.quote, note.page, given)
    assert any(letters(summary.tldr)[-30:] in letters(p.text) for p in given)
    assert asked(document.title, given, document) == summary


# --- anything at all ------------------------------------------------------------------------------

_TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from([text for text, *_ in STORY]),
    st.lists(
        st.sampled_from("We show that a novel model of birds; (2014) , is 3 [1] it.".split()),
        min_size=6,
        max_size=70,
    ).map(lambda words: " ".join(words).capitalize() + "."),
)
_PASSAGES = st.lists(
    st.builds(
        Passage,
        text=_TEXTS,
        page=st.none() | st.integers(1, 9),
        kind=st.sampled_from(["front", "abstract", "introduction", "body", "conclusion"]),
    ),
    max_size=10,
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), _PASSAGES)
def test_any_passages(title: str, given: list[Passage]) -> None:
    """Of any passages, the picks are their words, the same each time, or there are none."""
    try:
        summary = summarize(title, given)
    except ReplyError:
        return
    assert summarize(title, given) == summary
    assert letters(summary.tldr)
    assert len(summary.notes) <= MAX_NOTES
    assert all(verbatim(note.quote, note.page, given) for note in summary.notes)
