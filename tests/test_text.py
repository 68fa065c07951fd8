"""Text: tidied, cut into sections and sentences, fitted into a context, made into names."""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.read import read
from summarize.records import Document, Section, SectionKind
from summarize.text.excerpt import CHARACTERS_PER_TOKEN, excerpt
from summarize.text.sections import MAX_ABSTRACT, document, from_abstract
from summarize.text.sentences import passages, sentences
from summarize.text.slug import slug
from summarize.text.tidy import one_line, tidy, unmarked

# --- tidy -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("an algo-\nrithm here", "an algorithm here"),
        ("an algo\ufffe\nrithm here", "an algorithm here"),
        ("an algo\ufffe\r\nrithm here", "an algorithm here"),
        ("an algo\ufffe rithm here", "an algorithm here"),
        ("an algo\ufffe\u2028rithm here", "an algorithm here"),
        ("an algo\x02\nrithm here", "an algorithm here"),
        ("an algo‐\nrithm here", "an algorithm here"),
        ("an algo\u00adrithm here", "an algorithm here"),
        ("über-\nprüfen", "überprüfen"),
        ("real-\ntime", "real-time"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("a so-called x, the so-\ncalled", "a so-called x, the so-called"),
        ("the cross-entropy x, a cross-\nentropy", "the cross-entropy x, a cross-entropy"),
        ("a cooperative x, the co-\noperative", "a cooperative x, the cooperative"),
        ("the k-means x, by k-\nmeans", "the k-means x, by k-means"),
        ("on MNIST-\nTest", "on MNIST-\nTest"),
        ("from 3-\nfold", "from 3-\nfold"),
        ("pages 3\ufffe5", "pages 3-5"),
    ],
)
def test_broken_words(raw: str, tidied: str) -> None:
    """A word broken at a line's end is joined, with its hyphen only if it is a compound."""
    assert tidy([raw]) == [tidied]


def test_compounds_are_known_from_other_pages() -> None:
    """Whether a hyphen belongs to a broken word is learnt from the whole paper."""
    assert tidy(["of low-rank kind", "is low-\nrank"]) == ["of low-rank kind", "is low-rank"]
    assert tidy(["of antibody kind", "is anti-\nbody"]) == ["of antibody kind", "is antibody"]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("eﬃcient ﬁrst ﬂow oﬀ waﬄe", "efficient first flow off waffle"),
        ("a\u00a0b\u200bc\ufeff", "a bc"),
        ("e\u0301tude", "étude"),
        ("a\x00b\x07c\x1bd\x85e", "abcde"),
        ("a\ud800b", "ab"),
        ("one\r\ntwo\rthree\vfour\ffive\u2028six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("  one  \n\n\n  two\t\n", "one\ntwo"),
        ("𝑥² ≤ ∑ αᵢ", "𝑥² ≤ ∑ αᵢ"),
        ("", ""),
    ],
)
def test_characters(raw: str, tidied: str) -> None:
    """Ligatures, invisible characters, controls and blank lines go; symbols stay."""
    assert tidy([raw]) == [tidied]


def _paper(count: int, header: Callable[[int], str], footer: Callable[[int], str]) -> list[str]:
    bodies = [
        "\n".join(f"Line {chr(97 + i)}{chr(97 + j)} of prose" for j in range(12))
        for i in range(count)
    ]
    return [f"{header(i)}\n{body}\n{footer(i)}" for i, body in enumerate(bodies)]


def test_running_lines_go() -> None:
    """Headers, footers and page numbers that repeat at the edges of pages are dropped."""
    raw = _paper(6, lambda i: f"Learning to Test, page {i}", lambda i: f"ICML 2015\n{i + 1}")
    pages = tidy(raw)
    assert pages[0].startswith("Learning to Test, page 0\nLine aa")
    assert [page.split("\n")[0] for page in pages[1:]] == [f"Line {c}a of prose" for c in "bcdef"]
    assert [page.split("\n")[-1] for page in pages] == [f"Line {c}l of prose" for c in "abcdef"]
    assert all(page.count("\n") == 11 for page in pages[1:])


def test_title_is_kept_on_the_first_page() -> None:
    """A title that is repeated as running header is kept where it is the title."""
    pages = tidy(_paper(5, lambda _: "Learning to Test", lambda i: str(i + 1)))
    assert pages[0].split("\n")[0] == "Learning to Test"
    assert not any("Learning" in page for page in pages[1:])


def test_repeats_inside_a_page_stay() -> None:
    """A line that repeats in the midst of pages, a short paper's edges, and a year in it stay."""
    inside = [page.replace("Line " + c + "g of prose", "Proof.") for c, page in
              zip("abcdef", _paper(6, lambda _: "H", str), strict=True)]  # fmt: skip
    assert sum("Proof." in page for page in tidy(inside)) == 6
    assert tidy(["Same\nA", "Same\nB"]) == ["Same\nA", "Same\nB"]
    twenty = "\n".join(f"w{chr(97 + i)}" for i in range(10)) + "\n2015\n" + "\n".join("ijklm")
    assert "2015" in tidy([twenty])[0]


def test_tidy_takes_no_time_over_long_runs() -> None:
    """A page that is one run of letters, as damaged fonts give it, is tidied in a moment."""
    started = time.monotonic()
    tidy(["a" * 60_000, "acgt" * 15_000 + "-\n"])
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("as shown \\citep[see][]{doe14,roe15}.", "as shown."),
        ("\\emph{quite \\textbf{so}} here", "quite so here"),
        ("*quite* **so** and __so__", "quite so and so"),
        ("a * b * c, snake_case_name and 2*3*4", "a * b * c, snake_case_name and 2*3*4"),
        ("``quoted'' words", "“quoted” words"),
        ("It ends.Then it goes on, e.g. in v2.0.", "It ends. Then it goes on, e.g. in v2.0."),
        ("with $x_1 + \\alpha$ and\nplain", "with $x_1 + \\alpha$ and plain"),
    ],
)
def test_unmarked(raw: str, plain: str) -> None:
    """An abstract loses its LaTeX and Markdown markup, and keeps its words and its maths."""
    assert unmarked(raw) == plain


# --- sections -------------------------------------------------------------------------------------

PROSE = "We study the thing in some depth and find that it is so in every case we looked at. " * 3
REFS = "[1] A. Author. A title. In Venue, 2014."


def parts(made: Document) -> list[tuple[SectionKind, str]]:
    """Return the kinds and headings of a document's sections."""
    return [(section.kind, section.heading) for section in made.sections]


def made_of(*lines: str) -> Document:
    """Return a document of one page."""
    return document(["\n".join(lines)], engine="test", sha256="")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Abstract", "abstract"),
        ("ABSTRACT", "abstract"),
        ("A B S T R A C T", "abstract"),
        ("Summary", "abstract"),
        ("Introduction", "introduction"),
        ("1 Introduction", "introduction"),
        ("1. INTRODUCTION", "introduction"),
        ("I. INTRODUCTION", "introduction"),
        ("Conclusion", "conclusion"),
        ("7. Conclusions and Future Work", "conclusion"),
        ("Discussion", "conclusion"),
        ("VII. Concluding Remarks", "conclusion"),
        ("References", "references"),
        ("REFERENCES AND NOTES", "references"),
        ("Bibliography:", "references"),
        ("Appendix", "appendix"),
        ("Appendix B", "appendix"),
        ("APPENDIX 12", "appendix"),
        ("Appendix B: More Proofs", "appendix"),
        ("Appendix. More Proofs", "appendix"),
        ("A Supplementary Material", "appendix"),
        ("Supplementary Materials", "appendix"),
        ("Supplement", "appendix"),
        ("Acknowledgments", "appendix"),
        ("Acknowledgements", "appendix"),
        ("2 Related Work", "body"),
        ("4.2 Experiments", "body"),
        ("Limitations", "body"),
        ("Materials and Methods", "body"),
    ],
)
def test_headings(heading: str, kind: SectionKind) -> None:
    """A line that is a known heading, numbered or in capitals, opens a section of its kind."""
    made = made_of("A Title", PROSE * 8, heading, PROSE)
    assert parts(made) == [("front", ""), (kind, heading)]


@pytest.mark.parametrize(
    "line",
    [
        "In the introduction we said so",
        "the results of this experiment are shown",
        "References to earlier work abound in it",
        "Appendix A for more experiments and other details.",
        "Appendix A.2.",
        "Appendix C) to obtain cluster assignments.",
        "Appendix 4, we show that",
        "Appendix for",
        "Supplementary Material for the reader",
        "3 Layers",
        "1 We begin with a sentence, which ends here.",
        "2015",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    """A sentence, a table's row and a bare number open no section."""
    assert parts(made_of("A Title", PROSE, line, PROSE)) == [("front", "")]


def test_numbered_headings_count_on() -> None:
    """A numbered line of any words is a heading only where that number is due."""
    made = made_of(
        "A Title", "1 Introduction", PROSE, "2 The Quiet Part", PROSE, "5 Items", "3. Loud Part"
    )
    assert parts(made)[1:] == [
        ("introduction", "1 Introduction"),
        ("body", "2 The Quiet Part"),
        ("body", "3. Loud Part"),
    ]


@pytest.mark.parametrize("mark", ["Abstract—", "Abstract. ", "ABSTRACT: ", "Abstract - "])
def test_run_in_abstract(mark: str) -> None:
    """An abstract that begins on its heading's own line is whole, without the heading."""
    made = made_of("A Title", mark + PROSE, "1 Introduction", "It is so.")
    assert [kind for kind, _ in parts(made)] == ["front", "abstract", "introduction"]
    assert made.abstract == PROSE.strip()


def test_references_end_what_is_read() -> None:
    """What follows the references is appendix, whatever its headings say."""
    made = made_of("T", "1 Introduction", PROSE, "References", REFS, "2 Experiments", PROSE)
    assert [kind for kind, _ in parts(made)] == ["front", "introduction", "references", "appendix"]


@pytest.mark.parametrize("line", ["Appendix A.", "Supplementary Material.", "Acknowledgments"])
def test_no_appendix_before_the_end(line: str) -> None:
    """A line like an appendix's heading that stands amid the paper takes none of it away."""
    made = made_of(
        "A Title", line, "1 Introduction", PROSE, line, PROSE, "2 Conclusion", PROSE, "References",
        REFS, line, PROSE,
    )  # fmt: skip
    assert [kind for kind, heading in parts(made) if heading == line] == [
        "body", "body", "appendix"
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["Supplementary Material", "Supplement"])
def test_supplement_as_a_whole(title: str) -> None:
    """A file that calls itself a supplement on its first page is no appendix to nothing."""
    made = made_of(title, "A Title", PROSE * 8, "A. Proofs", PROSE)
    assert [kind for kind, _ in parts(made)] == ["front", "body"]
    assert "We study" in excerpt(made, 1000).text


@pytest.mark.parametrize("thanks", ["Acknowledgments", "5 Acknowledgements", "ACKNOWLEDGMENT"])
def test_thanks_before_the_references(thanks: str) -> None:
    """Acknowledgements right before the references are not read as a part of the paper."""
    made = made_of("T", "1 Introduction", PROSE, "Conclusion", PROSE, thanks, "We.", "References")
    assert parts(made)[-2:] == [("appendix", thanks), ("references", "References")]


def test_appendix_of_a_paper_without_references() -> None:
    """An appendix after the conclusion is one, where no references follow."""
    made = made_of("T", "1 Introduction", PROSE, "2 Conclusion", PROSE, "Appendix A", PROSE)
    assert parts(made)[-1] == ("appendix", "Appendix A")


def test_abstract_between_headings() -> None:
    """The abstract is what stands below its heading, less the key words."""
    made = made_of("A Title", "Abstract", PROSE, "Keywords: a, b", "1 Introduction", "x")
    assert made.abstract == PROSE.strip()
    assert made.title == "A Title"


def test_abstract_without_a_heading() -> None:
    """Without a heading, the abstract is the prose before the introduction."""
    lines = [PROSE[i : i + 60] for i in range(0, 240, 60)]
    made = made_of("A Title", "Ada Lovelace", "ada@example.org", *lines, "1 Introduction", "x")
    assert made.abstract == one_line(" ".join(lines))


def test_no_abstract() -> None:
    """A text with no prose has an empty abstract, and too long a one ends with a sentence."""
    assert made_of("A Title", "Table 1", "3 4 5").abstract == ""
    assert made_of("A Title", "Abstract", "Too short.", "1 Introduction", "x").abstract == ""
    long = made_of("A Title", "Abstract", PROSE * 40, "1 Introduction", "x").abstract
    assert MAX_ABSTRACT - 100 < len(long) <= MAX_ABSTRACT
    assert long.endswith("looked at.")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["A Fine Title", "Ada Lovelace", "Abstract"], "A Fine Title"),
        (["A Title that is of", "Another", "Ada Lovelace∗"], "A Title that is of Another"),
        (["Published as a conference paper at ICLR 2024", "A Title", "Ada"], "A Title"),
        (["arXiv:2310.13018v2 [cs.LG] 1 Oct 2023", "A Title", "Ada"], "A Title"),
        ([], ""),
    ],
)  # fmt: skip
def test_title_of_the_first_page(lines: list[str], title: str) -> None:
    """The title is the first page's first lines that are neither a notice nor authors."""
    assert made_of(*lines).title == title


def test_title_that_was_given() -> None:
    """A title that the file gives of itself stands."""
    assert document(["Other words"], engine="e", sha256="s", title="T").title == "T"


def test_pages() -> None:
    """A character's page is the one whose text it stands in; a text without pages has none."""
    made = document(["one", "", "three"], engine="e", sha256="")
    assert made.page_starts == (0, 4, 5)
    assert [made.page_at(i) for i in range(len(made.text))] == [1, 1, 1, 1, 2, 3, 3, 3, 3, 3]
    assert from_abstract("Some words.").page_at(3) is None


def test_abstract_as_document() -> None:
    """An abstract alone is a document of one section, on one line, without pages."""
    made = from_abstract("Some\n words. ", "T")
    assert (made.title, made.text, made.abstract) == ("T", "Some words.", "Some words.")
    assert parts(made) == [("abstract", "Abstract")]
    assert made.page_starts == ()


# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "whole",
    [
        "See Fig. 3 and Eq. 4 for more.",
        "This was shown by Smith et al. The others agreed.",
        "We follow J. R. Smith in this.",
        "It works, e.g. This one.",
        "It works, i.e. A and B.",
        "It costs 3.14 Euro or .5 of it.",
        "Compare it with cf. Section 2 there.",
        "Dr. Smith and Prof. Jones met.",
        "We use vs. Not using it.",
        "It is v2.0 Beta now.",
        "3. The third step of it.",
        "a lower case. follows it here",
        "No end at all",
    ],
)
def test_one_sentence(whole: str) -> None:
    """Abbreviations, initials, decimals and numbers of lists end no sentence."""
    assert list(sentences(whole)) == [(0, len(whole))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One is here. Two is there.", 2),
        ("Is it so? It is! We think.", 3),
        ('He said "so." Then he left.', 2),
        ("It ends (here). [1] Says so.", 2),
        ("The first line\nruns on. The second\nfollows.", 2),
        ("Wir prüfen es. Über alles.", 2),
        ("It has 3 parts. 12 of them fit.", 2),
        ("", 0),
        (" \n ", 0),
    ],
)
def test_many_sentences(text: str, count: int) -> None:
    """Sentences end at stops, with their quotes and brackets, and cover all of the text."""
    found = list(sentences(text))
    assert len(found) == count
    assert one_line(" ".join(text[a:b] for a, b in found)) == one_line(text)


def test_passages() -> None:
    """Passages are sentences on one line, with their page and kind, of the kinds asked for."""
    made = document(
        ["Abstract\nIt is\nso. It stays.", "so too.\n1 Introduction\nWe say. References\nx"],
        engine="e",
        sha256="",
    )
    assert [(p.text, p.page, p.kind) for p in passages(made)] == [
        ("It is so.", 1, "abstract"),
        ("It stays. so too.", 1, "abstract"),
        ("We say.", 2, "introduction"),
        ("References x", 2, "introduction"),
    ]
    chosen = passages(made, frozenset({"introduction"}))
    assert {passage.kind for passage in chosen} == {"introduction"}


# --- excerpt --------------------------------------------------------------------------------------


def sample() -> Document:
    """Return a paper of four pages, each section told by a letter."""

    def body(letter: str, size: int) -> str:
        return "\n".join([letter * 79] * (size // 80))

    return document(
        [
            f"A Title\nAbstract\n{body('a', 800)}\n1 Introduction\n{body('i', 1600)}",
            f"2 Methods\n{body('m', 4000)}",
            f"{body('n', 1600)}\n3 Conclusion\n{body('c', 800)}\nReferences\n{body('r', 1600)}",
            f"A Appendix\n{body('x', 1600)}",
        ],
        engine="e",
        sha256="",
    )


def test_whole_paper() -> None:
    """With room enough, all but references and appendices is sent, its pages marked, in order."""
    chosen = excerpt(sample(), 100_000)
    assert chosen.share == 1.0
    assert re.findall(r"^(?:## .*|\[p\. \d+\])$", chosen.text, re.M) == [
        "[p. 1]", "## Abstract", "[p. 1]", "## 1 Introduction", "[p. 1]",
        "## 2 Methods", "[p. 2]", "[p. 3]", "## 3 Conclusion", "[p. 3]",
    ]  # fmt: skip
    assert [c for c in "aimncrx" if c * 79 in chosen.text] == list("aimnc")


@pytest.mark.parametrize(
    ("tokens", "letters"), [(250, "a"), (700, "ai"), (950, "aic"), (1500, "aimc"), (9000, "aimnc")]
)
def test_what_comes_first(tokens: int, letters: str) -> None:
    """When not all fits, abstract, introduction and conclusion come before the body."""
    chosen = excerpt(sample(), tokens)
    assert [c for c in "aimncrx" if c * 79 in chosen.text] == list(letters)
    sent = sum(chosen.text.count(c * 79) * 80 for c in letters)
    assert chosen.share == pytest.approx(sent / 8800, abs=0.02)


def test_cut_sections_end_with_a_line() -> None:
    """A section that is cut ends at the end of a line and keeps its page's mark."""
    text = excerpt(sample(), 1500).text
    assert "## 2 Methods\n[p. 2]\n" in text
    assert set(re.findall(r"m+", text)) == {"m" * 79}


def test_one_long_line_is_cut_too() -> None:
    """A section without line ends is cut where the room ends."""
    made = from_abstract("word " * 2000)
    chosen = excerpt(made, 500)
    assert chosen.share == pytest.approx(500 * CHARACTERS_PER_TOKEN / len(made.text), abs=0.001)
    assert "[p." not in chosen.text


def test_document_without_sections() -> None:
    """A document in which no section was found is sent from its beginning."""
    chosen = excerpt(Document(text="Some words.", engine="e"), 100)
    assert (chosen.text, chosen.share) == ("Some words.", 1.0)


def test_nothing_but_references() -> None:
    """A document in which all was taken for references or appendix is sent from its beginning."""
    made = made_of("References", PROSE, "Appendix", PROSE)
    assert {kind for kind, _ in parts(made)} == {"front", "references", "appendix"}
    chosen = excerpt(made, 1000)
    assert chosen.text.startswith("[p. 1]\nReferences\nWe study")
    assert chosen.share == 1.0


def test_blank_sections_are_no_text() -> None:
    """A section of blanks alone is not chosen in place of the text."""
    made = Document(
        text=" \n \nWords.",
        sections=(
            Section(heading="", kind="front", start=0, end=4),
            Section(heading="References", kind="references", start=4, end=10),
        ),
        engine="e",
    )
    assert excerpt(made, 100).text == "Words."


@pytest.mark.parametrize("tokens", [0, 1, 100])
def test_little_room(tokens: int) -> None:
    """However little fits, the beginning of the first section is sent."""
    assert "a" in excerpt(sample(), tokens).text.removeprefix("## Abstract")


# --- slug -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A Fine Title!", "a-fine-title"),
        ("Čapek & Müller: naïve_façade", "capek-muller-naive-facade"),
        ("  --x--  ", "x"),
        ("注意力 机制", "注意力-机制"),
        ("Ёлка", "елка"),
        ("STRASSE straße", "strasse-strasse"),
        ("../../etc/passwd", "etc-passwd"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_slug(text: str, name: str) -> None:
    """A slug is the text's words in lower case, without accents, in any script."""
    assert slug(text) == name


def test_slug_ends_with_a_word() -> None:
    """A slug that is too long ends with a whole word, if it has one."""
    assert slug("one two three", 9) == "one-two"
    assert slug("o" * 20, 9) == "o" * 9


# --- real papers ----------------------------------------------------------------------------------

REAL = ["allamanis15", "jozefowicz15", "virtanen15"]


@pytest.mark.parametrize("name", REAL)
def test_real_sections(icml: Path, name: str) -> None:
    """A real paper has its parts in order, and no running header inside its pages."""
    made = read((icml / "pdfs" / f"{name}.pdf").read_bytes())
    kinds = [section.kind for section in made.sections]
    assert kinds[:3] == ["front", "abstract", "introduction"]
    assert kinds.count("references") == 1
    assert len(made.abstract) > 400
    assert "\ufffe" not in made.text
    assert made.text.count("Proceedings of the 32") == 1
    chosen = excerpt(made, 16_000)
    references = next(s for s in made.sections if s.kind == "references")
    assert made.text[references.start : references.start + 200] not in chosen.text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beygelzimer15", "Appendix A in the supplementary material for a proof"),
        ("narasimhanb15", "Appendix D.2 for an explanation"),
        ("nan15", "Lemma 2.3"),
    ],
)
def test_real_papers_keep_their_text(icml: Path, name: str, words: str) -> None:
    """A sentence that was wrapped before its "Appendix" takes nothing from a real paper."""
    made = read((icml / "pdfs" / f"{name}.pdf").read_bytes())
    assert words in excerpt(made, 100_000).text
    first = next(s.start for s in made.sections if s.kind == "references")
    lost = [s for s in made.sections if s.kind == "appendix" and s.start < first]
    assert sum(s.end - s.start for s in lost) < 1500


# --- anything at all ------------------------------------------------------------------------------

_LINES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["Abstract", "ABSTRACT—We", "1 Introduction", "2. A Part", "References", "Appendix A", "12",
         "Conclusion", "3 Methods", "A word-", "word\ufffe", "Key words: x", PROSE, "Dr. A. B."]
    ),
)  # fmt: skip
_PAGES = st.lists(st.lists(_LINES, max_size=12).map("\n".join), max_size=5)
MARKERS = 120  # characters that a section's heading and marks may add, and each page's


def ordered(made: Document) -> bool:
    """Tell whether the sections follow each other inside the text."""
    bounds = [offset for section in made.sections for offset in (section.start, section.end)]
    return bounds == sorted(bounds) and bounds[0] == 0 and bounds[-1] == len(made.text)


@settings(max_examples=150, deadline=None)
@given(_PAGES)
def test_any_pages(pages: Sequence[str]) -> None:
    """Any pages at all are tidied and cut into sections that stay in order inside the text."""
    tidied = tidy(pages)
    assert len(tidied) == len(pages)
    assert not any("\ufffe" in page or "\0" in page or "\r" in page for page in tidied)
    for made in (
        document(tidied, engine="e", sha256=""),
        document(pages, engine="e", sha256=""),
    ):
        assert ordered(made)
        assert len(made.page_starts) == len(pages)
        assert len(made.abstract) <= MAX_ABSTRACT


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_LINES, max_size=10).map(" ".join)))
def test_any_sentences(text: str) -> None:
    """The sentences of any text follow each other inside it and lose none of its words."""
    found = list(sentences(text))
    bounds = [offset for pair in found for offset in pair]
    assert bounds == sorted(bounds)
    assert all(start < end <= len(text) for start, end in found)
    assert one_line(" ".join(text[a:b] for a, b in found)) == one_line(text)


@settings(max_examples=150, deadline=None)
@given(_PAGES, st.integers(min_value=1, max_value=2000))
def test_any_excerpt(pages: Sequence[str], tokens: int) -> None:
    """An excerpt fits its budget but for the marks, and never holds any of the references."""
    made = document([PROSE, *tidy(pages), "References\nqqqq qqqq"], engine="e", sha256="")
    chosen = excerpt(made, tokens)
    marks = MARKERS * (len(made.sections) + len(made.page_starts))
    assert len(chosen.text) <= int(tokens * CHARACTERS_PER_TOKEN) + marks
    assert 0.0 <= chosen.share <= 1.0
    assert "qqqq" not in chosen.text
    assert chosen.text


@settings(max_examples=150, deadline=None)
@given(_PAGES, st.integers(min_value=0, max_value=500))
def test_no_excerpt_is_empty(pages: Sequence[str], tokens: int) -> None:
    """Of any document with text, whatever its headings, something is sent."""
    for made in (
        document(pages, engine="e", sha256=""),
        document(tidy(pages), engine="e", sha256=""),
    ):
        assert bool(excerpt(made, tokens).text) == bool(made.text.strip())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(min_value=1, max_value=80))
def test_any_slug(text: str, limit: int) -> None:
    """A slug of any text is short enough, is its own slug, and is safe as a file's name."""
    name = slug(text, limit)
    assert len(name) <= limit
    assert slug(name, limit) == name
    assert not re.search(r"[\s/\\.:*?\"<>|_]|^-|-$|--", name)
