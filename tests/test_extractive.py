"""The embedded summarizer: sentences of the paper, picked and never made up."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import replies
from summarize.ask import ask
from summarize.backends import choose
from summarize.backends.extractive import BACKEND
from summarize.backends.extractive.candidates import candidates
from summarize.backends.extractive.clauses import MAX_CHARACTERS, MAX_WORDS, clauses
from summarize.backends.extractive.notes import MAX_NOTES
from summarize.backends.extractive.standing import leans, points_back
from summarize.backends.extractive.summary import summarize
from summarize.backends.extractive.trimming import opened, shown, unglued
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
        ("limitation", STORY[6][0], 5),
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
        ("To this end, we also propose a model.", "We propose a model."),
        ("Specifically, it is so.", "It is so."),
        ("We follow others (Smith et al., 2014; Doe, 2015) in this.", "We follow others in this."),
        ("We follow others [3, 12–14] in this.", "We follow others in this."),
        ("We train networks (CNNs) well.", "We train networks well."),
        ("We train networks (CNNs): a CNN is one.", "We train networks (CNNs): a CNN is one."),
        ("We keep (most of) the words.", "We keep (most of) the words."),
        ("iPhones are so.", "iPhones are so."),
        ("", ""),
    ],
)
def test_shown(sentence: str, shorter: str) -> None:
    """A line loses its opening phrase, its citations and unused short forms, and nothing else."""
    assert shown(sentence) == shorter


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "We introduce a model of the flight of gulls over seas, which explains long journeys.",
            "We introduce a model of the flight of gulls over seas.",
        ),
        (
            "We address these problems by proposing a new model of the flight of gulls over seas.",
            "We propose a new model of the flight of gulls over seas.",
        ),
        (
            "To mitigate these problems we propose a new model of the flight of gulls.",
            "We propose a new model of the flight of gulls.",
        ),
        (
            "While storms are rare, we show that gulls of all kinds fly around each of them.",
            "Gulls of all kinds fly around each of them.",
        ),
        (
            "This paper tackles that gap by studying the flight of gulls in two large storms.",
            "This paper studies the flight of gulls in two large storms.",
        ),
    ],
)
def test_clauses(sentence: str, clause: str) -> None:
    """A sentence is cut where a clause ends, and to what was done where it begins elsewhere."""
    assert clause in [found.text for found in clauses(sentence)]


@pytest.mark.parametrize(
    ("sentence", "cut"),
    [
        (
            "We show that gulls not only fly far over seas, but also rest on ships at night.",
            "seas.",
        ),
        ("Although gulls fly far over the open sea, which is wide, they rest on ships.", "sea."),
        ("The journey of a gull over the open sea is explained by using the wind.", "explained."),
    ],
)
def test_halves_are_not_cut(sentence: str, cut: str) -> None:
    """No clause is left with half of a pair, with no main clause, or with an unfinished verb."""
    assert not any(found.text.endswith(cut) for found in clauses(sentence))


@pytest.mark.parametrize(
    "line",
    [
        "This leads to much better predictions of the journeys of gulls.",
        "It explains the long journeys of gulls over the open sea.",
        "Our method explains the long journeys of gulls over the open sea.",
        "We show that the proposed method explains the long journeys of gulls.",
        "We evaluate these models on the long journeys of gulls over the sea.",
        "Figure 3 shows the long journeys of gulls over the open sea.",
        "Experiments on two islands confirm the theory of their long journeys.",
    ],
)
def test_leaning(line: str) -> None:
    """A line that points at what was said before it, or elsewhere, does not stand alone."""
    assert leans(line)


@pytest.mark.parametrize(
    "line",
    [
        "This paper introduces a model of the long journeys of gulls over the sea.",
        "We propose a model of the flight of gulls, and show that it explains their journeys.",
        "It is well-known that gulls of all kinds rest on ships at night.",
        "Gulls rest on ships at night because they find food on them.",
    ],
)
def test_standing(line: str) -> None:
    """A line whose pointers have something to point at in the line itself stands alone."""
    assert not leans(line)


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
    assert len(summary.tldr) <= MAX_CHARACTERS
    assert 8 <= len(summary.tldr.split()) <= MAX_WORDS
    assert not leans(summary.tldr)
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


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("Under a mild condition, we prove that gulls of all kinds rest at night.", "We prove"),
        ("We believe that gulls are superior to all of the other birds at sea.", "Gulls are"),
        (
            "We introduce three kinds of gulls; two kinds of terns from the north; and one crow.",
            "; two kinds of terns from the north.",
        ),
        (
            "We study the flight of gulls in storms, where younger birds, often losing their way, "
            "rest on ships.",
            "where younger birds.",
        ),
        ("An invariant that makes the flight of gulls faster in storms at sea.", "An invariant"),
        ("We use the formulation of, which captures the flight of gulls at sea.", "We use"),
    ],
)
def test_what_no_clause_says(sentence: str, never: str) -> None:
    """No clause loses its condition or doubt, ends before its verb, or has a citation's hole."""
    assert not [c.text for c in clauses(sentence) if c.text.startswith(never) or never in c.text]


def test_plans_are_no_summary() -> None:
    """What the authors leave for later is not told as what they did."""
    later = "In future work, we aim to study the flight of gulls over all of the northern seas."
    assert candidates([later]) == []


# --- notes that are surely what they are called ---------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("We find that only 72% of the files of gulls are read back as they were.", "data"),
        ("Suppose that a collection of gulls is recorded in pairs over many nights.", "data"),
        ("The idea is old and well understood by all who study the flight of gulls.", "idea"),
        ("The idea of following gulls at night has received attention (Doe, 2013).", "idea"),
        ("The first algorithm is a version of the flight of gulls in storms.", "idea"),
        ("This note measures gulls and checks whether a bound tells where they rest.", "result"),
        ("The theory of the flight of gulls has significantly remained unexplored.", "result"),
        ("Gulls are birds that represent problems with the help of wind and waves.", "problem"),
        ("An alternative is based on the journeys of gulls, split by using islands.", "method"),
        ("Our theoretical findings are tested by experiments on data sets of gulls.", "data"),
        ("There are many questions on the flight of gulls that remain open here.", "limitation"),
        ("Our theory addresses the shortcomings of earlier models of all gulls.", "limitation"),
    ],
)
def test_no_note_under_a_wrong_label(sentence: str, never: str) -> None:
    """What a sentence only seems to be by its words is not what its note is called."""
    for kind in ("abstract", "introduction", "body", "conclusion"):
        given = [PAPER[1], Passage(text=sentence, kind=kind, page=1)]
        assert never not in {note.kind for note in summarize(TITLE, given).notes}


@pytest.mark.parametrize("we", ["We find that", "We have shown that"])
def test_a_finding_is_a_result(we: str) -> None:
    """A finding about files is labelled a result, and what was run for it a method."""
    ran = "We ran one client against a local server of gulls that answers after one second."
    found = f"{we} only 72% of the files of gulls are read back as they were written."
    given = [Passage(text=text, kind="abstract", page=1) for text in (STORY[1][0], ran, found)]
    notes = {note.kind: note.text for note in summarize(TITLE, given).notes}
    assert notes == {"method": ran, "result": found}


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("Preliminaries We first weigh each of the gulls.", "We first weigh each of the gulls."),
        ("3.1 Flight of the Gulls In storms they rest.", "In storms they rest."),
        ("The gulls rest on ships at night.", "The gulls rest on ships at night."),
        ("Flight Data: We follow each of the gulls.", "We follow each of the gulls."),
        ("Herring Gulls rest on ships at night.", "Herring Gulls rest on ships at night."),
    ],
)
def test_headings_are_cut_off(sentence: str, rest: str) -> None:
    """A sentence loses a heading that was glued to it, and no word of its own."""
    assert unglued(sentence) == rest


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("However, gulls rest on ships.", "Gulls rest on ships."),
        ("However MCMC is slow for gulls.", "MCMC is slow for gulls."),
        ("However large they are, gulls rest.", "However large they are, gulls rest."),
        ("Further, gulls rest on ships.", "Gulls rest on ships."),
        ("In this paper, we follow gulls [3].", "We follow gulls [3]."),
    ],
)
def test_notes_begin_with_what_they_say(sentence: str, rest: str) -> None:
    """A note loses what ties it to the sentence before it, and keeps the rest word for word."""
    assert opened(sentence) == rest


@pytest.mark.parametrize(
    "line",
    [
        "Only a call such as this one waits for that, and people avoid it.",
        "These properties explain the long journeys of gulls over the sea.",
        "In such storms, our gulls rest on ships for the whole of the night.",
        "We propose that as an open question to all who study the gulls.",
        "We present a theory of the flight of gulls that removes this bottleneck.",
        "We present a theory of the flight of gulls by means of such methods.",
        "It explains the long journeys of gulls over the open sea.",
    ],
)
def test_notes_that_point_back(line: str) -> None:
    """A sentence that points at the one before it is no note."""
    assert points_back(line)
    given = [PAPER[1], Passage(text=line, kind="abstract", page=1)]
    assert not summarize(TITLE, given).notes


@pytest.mark.parametrize(
    "torn",
    [
        "We present a theory of the flight of gulls in a time of O(106) on all islands.",
        "We present a theory of the flight of gulls in storms2, and test it at sea.",
        "We present a theory of the flight of gulls for solving (2), and test it at sea.",
        "We present a theory of the flight of gulls only on I. If storms come they rest.",
    ],
)
def test_torn_sentences_are_no_notes(torn: str) -> None:
    """A sentence with a footnote's mark, a formula or another sentence in it is no note."""
    given = [PAPER[1], Passage(text=torn, kind="introduction", page=1)]
    assert not summarize("", given).notes


def test_our_method_may_be_spoken_of() -> None:
    """Below a TLDR, a note may speak of the authors' own method, and of this paper."""
    assert not points_back("Our method explains the long journeys of gulls over the open sea.")
    assert not points_back("In this paper the long journeys of gulls are explained by wind.")


def test_notes_do_not_repeat_the_tldr() -> None:
    """A sentence that the TLDR was joined with is not shown again as a note."""
    joined = "We measure gulls at sea in storms. We propose a new theory of their long flights."
    document = from_abstract(joined)
    summary = asked(TITLE, list(passages(document)), document)
    assert not [note for note in summary.notes if letters(note.text)[-20:] in letters(summary.tldr)]


def test_no_line_of_two_sentences_is_too_long() -> None:
    """Two clauses of long words are no line together where a summary would not hold them."""
    long = "electroencephalographically"
    one = f"We have developed {' '.join([long] * 5)} units that work."
    two = f"Our {long} networks exhibit {' '.join([long] * 5)} performance."
    assert len(one + two) > MAX_CHARACTERS > len(one)
    lines = [candidate.text for candidate in candidates([one, two])]
    assert one.rstrip(".") in " ".join(lines)
    assert max(map(len, lines)) <= MAX_CHARACTERS
