"""Text: tidied, cut into sections and sentences, fitted into a context, made into names."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.read import read
from summarize.records import Document, PageMark, Section, SectionKind
from summarize.text.abstract import MAX_ABSTRACT, from_abstract
from summarize.text.excerpt import CHARACTERS_PER_TOKEN, excerpt
from summarize.text.lines import Line, Page
from summarize.text.sections import document
from summarize.text.sentences import passages, sentences
from summarize.text.slug import slug
from summarize.text.tidy import Words, characters, one_line, tidy, unmarked

# --- tidy -----------------------------------------------------------------------------------------


def whole(*texts: str) -> list[str]:
    """Return pages' texts with their characters tidied and their broken words whole."""
    lines = [line.text for text in texts for line in tidy(Page.of(text)).lines]
    return [line for line in Words("\n".join(lines)).joined(lines) if line]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("an algo-\nrithm here", "an algorithm here"),
        ("an algo\ufffe\nrithm here", "an algorithm here"),
        ("an algo\ufffe\r\nrithm here", "an algorithm here"),
        ("an algo\ufffe\u2028rithm here", "an algorithm here"),
        ("an algo\x02\nrithm here", "an algorithm here"),
        ("an algo‐\nrithm here", "an algorithm here"),
        ("an algo\u00adrithm here", "an algorithm here"),
        ("über-\nprüfen", "überprüfen"),
        ("real-\ntime", "real-time"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("on MNIST-\nTest", "on MNIST-Test"),
        ("Wiener\ufffe\nHopf", "Wiener-Hopf"),
        ("pages 3\ufffe5", "pages 3-5"),
        ("an algo-\nrith-\nmic step", "an algorithmic step"),
        ("state-\nof-the-\nart", "state-of-the-art"),
    ],
)
def test_broken_words(raw: str, tidied: str) -> None:
    """A word broken at a line's end is joined, with its hyphen only if it is a compound."""
    assert one_line(" ".join(whole(raw))) == tidied


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("a so-called x, the so-\ncalled", "the so-called"),
        ("the cross-entropy x, a cross-\nentropy", "a cross-entropy"),
        ("a cooperative x, the co-\noperative", "the cooperative"),
        ("the k-means x, by k-\nmeans", "by k-means"),
        ("Low-rank it is, as low-\nrank", "as low-rank"),
    ],
)
def test_compounds_are_known_from_the_paper(raw: str, tidied: str) -> None:
    """Whether a hyphen belongs to a broken word is learnt from how the paper writes it."""
    assert "\n".join(whole(raw)).endswith(tidied)


def test_compounds_are_known_from_other_pages() -> None:
    """Whether a hyphen belongs to a broken word is learnt from the whole paper."""
    assert whole("of low-rank kind", "is low-\nrank") == ["of low-rank kind", "is low-rank"]
    assert whole("of antibody kind", "is anti-\nbody") == ["of antibody kind", "is antibody"]


def test_what_is_no_broken_word() -> None:
    """A dash, a number's hyphen and one that no word follows break no word."""
    for raw in ("from 3-\nfold", "so it is -\nor not", "a word-\n(said so)", "the last-"):
        assert whole(raw) == raw.split("\n")


def test_what_begins_anew_is_no_end_of_a_word() -> None:
    """A line that is known to be followed by something else takes nothing from it."""
    assert Words("").joined(["in this well-", "Experiments", "of"], [0]) == [
        "in this well-", "Experiments", "of",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["a-", "a", "a--"])
def test_time_grows_with_the_line(kind: str) -> None:
    """A broken word is looked for at the end of a line of any length in no time."""
    before = time.process_time()
    Words("").joined([kind * 40_000 + "1-", "word"])
    assert time.process_time() - before < 1


def test_a_broken_word_is_whole_where_it_begins() -> None:
    """A broken word stands on the line on which it begins; a line that held its end alone is empty.

    Lines keep their places, so that each still has its page.
    """
    lines = ["an algo-", "rithm, and an al\ufffe", "gorithm", "end"]
    assert Words("").joined(lines) == ["an algorithm,", "and an algorithm", "", "end"]
    assert Words("").joined(["exam-", "", "ple is here"]) == ["exam-", "", "ple is here"]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("eﬃcient ﬁrst ﬂow oﬀ waﬄe", "efficient first flow off waffle"),
        ("a\u00a0b\u200bc\ufeff", "a bc"),
        ("e\u0301tude", "étude"),
        ("a\x00b\x07c\x1bd\x7fe", "abcde"),
        ("a\ud800b", "ab"),
        ("a\tb", "a b"),
        ("  one \t", "one"),
        ("𝑥² ≤ ∑ αᵢ", "𝑥² ≤ ∑ αᵢ"),
        ("", ""),
    ],
)
def test_characters(raw: str, tidied: str) -> None:
    """Ligatures, invisible characters and controls go; symbols stay."""
    assert characters(raw) == tidied
    assert characters(tidied) == tidied


def test_lines_of_a_page() -> None:
    """Whatever ends a line, lines are told apart; blank ones go, the others keep their place."""
    raw = "one\r\ntwo\rthree\vfour\ffive\u2028six\n\n \u200b \nseven\n"
    assert tidy(Page.of(raw)).text == "one\ntwo\nthree\nfour\nfive\nsix\nseven"
    set_lines = (Line("ﬁrst", 72, 700, 90, 710, 10, bold=True), Line("\u200b", 72, 688, 73, 698))
    page = tidy(Page(set_lines, 612, 792, picture=0.5))
    assert page == Page((set_lines[0].saying("first"),), 612, 792, picture=0.5)


def test_tidy_takes_no_time_over_long_runs() -> None:
    """Runs of letters, as damaged fonts give them, and thousands of broken words take a moment."""
    runs = ["a" * 1_000_000, "acgt" * 250_000 + "-", "x", "a-" * 250_000, "y", "-" * 300_000]
    assert whole("\n".join(runs))[1].endswith("acgtx")
    many = whole("\n".join(["the al-", "gorithm in"] * 20_000))
    assert many[:2] == ["the algorithm", "in"]


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
    """Return the kinds and headings of a document's sections, as far as they have one."""
    return [(section.kind, section.heading) for section in made.sections if section.heading]


def of_pages(*texts: str) -> Document:
    """Return a document of pages of which no more than the text is known."""
    return document([Page.of(text) for text in texts], engine="test", sha256="")


def made_of(*lines: str) -> Document:
    """Return a document of one page."""
    return of_pages("\n".join(lines))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Abstract", "abstract"),
        ("ABSTRACT", "abstract"),
        ("Synopsis", "abstract"),
        ("Résumé", "abstract"),
        ("Zusammenfassung", "abstract"),
        ("Summary", "abstract"),
        ("Introduction", "introduction"),
        ("1 Introduction", "introduction"),
        ("1. INTRODUCTION", "introduction"),
        ("I. INTRODUCTION", "introduction"),
        ("1 Einleitung", "introduction"),
        ("Conclusion", "conclusion"),
        ("7. Conclusions and Future Work", "conclusion"),
        ("Discussion", "conclusion"),
        ("VII. Concluding Remarks", "conclusion"),
        ("Conclusion et perspectives", "conclusion"),
        ("References", "references"),
        ("REFERENCES AND NOTES", "references"),
        ("Bibliography:", "references"),
        ("Références", "references"),
        ("Literaturverzeichnis", "references"),
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
        ("4 Experiments", "body"),
        ("Limitations", "body"),
        ("Materials and Methods", "body"),
    ],
)
def test_headings(heading: str, kind: SectionKind) -> None:
    """A line that is a known heading, numbered or in capitals, opens a section of its kind."""
    made = made_of("A Title", PROSE * 8, heading, PROSE)
    assert parts(made) == [(kind, heading)]


@pytest.mark.parametrize(
    ("line", "heading", "kind"),
    [
        ("A B S T R A C T", "ABSTRACT", "abstract"),
        ("A BSTRACT", "ABSTRACT", "abstract"),
        ("I NTRODUCTION", "INTRODUCTION", "introduction"),
        ("1 I NTRODUCTION", "1 INTRODUCTION", "introduction"),
        ("2 R ELATED W ORK", "2 RELATED WORK", "body"),
        ("R EFERENCES", "REFERENCES", "references"),
    ],
)
def test_torn_headings(line: str, heading: str, kind: SectionKind) -> None:
    """Headings that are spaced out, or whose small capitals are torn apart, are put together."""
    made = made_of("A Title", PROSE * 8, line, PROSE)
    assert parts(made) == [(kind, heading)]


def test_subsections() -> None:
    """A heading below another is of its kind, and its number tells its level."""
    made = made_of(
        "A Title", "1 Introduction", PROSE, "1.1 Related Work", PROSE, "1.1.2 The Rest", PROSE,
        "2 The Quiet Part", PROSE, "2.1 Results", PROSE, "3.1 Of No Section", PROSE,
    )  # fmt: skip
    assert [(s.kind, s.heading, s.level) for s in made.sections[1:]] == [
        ("introduction", "1 Introduction", 1),
        ("introduction", "1.1 Related Work", 2),
        ("introduction", "1.1.2 The Rest", 3),
        ("body", "2 The Quiet Part", 1),
        ("body", "2.1 Results", 2),
    ]


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
    assert parts(made_of("A Title", PROSE, line, PROSE)) == []


def test_numbered_headings_count_on() -> None:
    """A numbered line of any words is a heading only where that number is due."""
    made = made_of(
        "A Title", "1 Introduction", PROSE, "2 The Quiet Part", PROSE, "5 Items", "3. Loud Part"
    )
    assert parts(made) == [
        ("introduction", "1 Introduction"),
        ("body", "2 The Quiet Part"),
        ("body", "3. Loud Part"),
    ]


@pytest.mark.parametrize("mark", ["Abstract—", "Abstract. ", "ABSTRACT: ", "Abstract - "])
def test_run_in_abstract(mark: str) -> None:
    """An abstract that begins on its heading's own line is whole, without the heading."""
    made = made_of("A Title", mark + PROSE, "1 Introduction", "It is so.")
    assert [kind for kind, _ in parts(made)] == ["abstract", "introduction"]
    assert made.abstract == PROSE.strip()


def test_references_end_what_is_read() -> None:
    """What follows the references is appendix, whatever its headings say."""
    made = made_of("T", "1 Introduction", PROSE, "References", REFS, "2 Experiments", PROSE)
    assert [kind for kind, _ in parts(made)] == ["introduction", "references", "appendix"]


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
    assert not {"appendix", "references"} & {section.kind for section in made.sections}
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
    """A title that the file gives of itself stands where the first page has it, and only there."""
    pages = [Page.of("Other words\nof a Title"), Page.of("A Different Title")]
    for said, title in (
        ("OF A TITLE", "OF A TITLE"),
        ("words\n of a  Title", "words of a Title"),
        ("A Different Title", "Other words"),
        ("Microsoft Word - paper.doc", "Other words"),
        ("Other", "Other words"),
    ):
        assert document(pages, engine="e", sha256="s", title=said).title == title


def test_pages() -> None:
    """A character's page is the one that its line stands on; a text without pages has none."""
    made = of_pages("one", "", "three")
    assert made.text == "one\nthree"
    assert made.marks == (PageMark(0, 1), PageMark(4, 3))
    assert [made.page_at(i) for i in range(len(made.text))] == [1, 1, 1, 1, 3, 3, 3, 3, 3]
    assert from_abstract("Some words.").page_at(3) is None


def test_a_broken_word_belongs_to_the_page_on_which_it_begins() -> None:
    """A word that is broken at a page's end is whole, and on the page where it begins."""
    made = of_pages("Title\nan algo-", "rithm here")
    assert made.text == "Title\nan algorithm\nhere"
    assert [made.page_at(made.text.index(word)) for word in ("algorithm", "here")] == [1, 2]
    assert made.page_at(made.text.index("rithm")) == 1


def test_abstract_as_document() -> None:
    """An abstract alone is a document of one section, on one line, without pages."""
    made = from_abstract("Some\n words. ", "T")
    assert (made.title, made.text, made.abstract) == ("T", "Some words.", "Some words.")
    assert parts(made) == [("abstract", "Abstract")]
    assert made.marks == ()


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
    made = of_pages(
        "Abstract\nIt is\nso. It stays.", "so too.\n1 Introduction\nWe say. References\nto it"
    )
    assert [(p.text, p.page, p.kind) for p in passages(made)] == [
        ("It is so.", 1, "abstract"),
        ("It stays. so too.", 1, "abstract"),
        ("We say.", 2, "introduction"),
        ("References to it", 2, "introduction"),
    ]
    chosen = passages(made, frozenset({"introduction"}))
    assert {passage.kind for passage in chosen} == {"introduction"}


# --- excerpt --------------------------------------------------------------------------------------


def sample() -> Document:
    """Return a paper of four pages, each section told by a letter."""

    def body(letter: str, size: int) -> str:
        return "\n".join([letter * 79] * (size // 80))

    return of_pages(
        f"A Title\nAbstract\n{body('a', 800)}\n1 Introduction\n{body('i', 1600)}",
        f"2 Methods\n{body('m', 4000)}",
        f"{body('n', 1600)}\n3 Conclusion\n{body('c', 800)}\nReferences\n{body('r', 1600)}",
        f"A Appendix\n{body('x', 1600)}",
    )


def test_whole_paper() -> None:
    """With room enough, all but references and appendices is sent, its pages marked, in order."""
    chosen = excerpt(sample(), 100_000)
    assert chosen.share == 1.0
    assert re.findall(r"^(?:## .*|\[p\. \d+\])$", chosen.text, re.M) == [
        "[p. 1]", "## Abstract", "## 1 Introduction", "## 2 Methods", "[p. 2]", "[p. 3]",
        "## 3 Conclusion",
    ]  # fmt: skip
    assert [section.kind for section in chosen.sections] == [
        "front", "abstract", "introduction", "body", "conclusion"
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


def test_results_come_before_how_they_were_got() -> None:
    """Of a body that does not fit, results come first and others' work last, parts with them."""
    sizes = {"Abstract": 0, "1 Introduction": 0, "2 Related Work": 900, "2.1 Experiments": 900,
             "3 Method": 900, "4 Experiments": 0, "4.1 Setup": 900, "5 Conclusion": 90}  # fmt: skip
    kinds = {"Abstract": "abstract", "1 Introduction": "introduction", "5 Conclusion": "conclusion"}
    text, sections = "", list[Section]()
    for heading, size in sizes.items():
        start, text = len(text), text + "w" * size
        sections.append(
            Section.model_validate(
                {"heading": heading, "kind": kinds.get(heading, "body"), "start": start,
                 "end": len(text), "level": heading.count(".") + 1}
            )
        )  # fmt: skip
    made = Document(text=text, marks=(PageMark(0, 1),), sections=tuple(sections), engine="e")
    sent = [
        [s.heading for s in excerpt(made, round(room / CHARACTERS_PER_TOKEN) + 1).sections]
        for room in (1000, 1900, 2800, 3700)
    ]
    assert sent[0] == ["4.1 Setup", "5 Conclusion"]
    assert sent[1] == ["3 Method", *sent[0]]
    assert sent[2] == ["2 Related Work", *sent[1]]
    assert sent[3] == ["2 Related Work", "2.1 Experiments", *sent[1]]


def apart() -> Document:
    """Return a paper with each kind of section that stands apart from its text."""
    said = {"Abstract": "abstract", "1 Parts": "body", "1.1 Part": "body", "Figure 1": "caption",
            "Notes": "footnote", "Letters": "figure"}  # fmt: skip
    text, sections = "", list[Section]()
    for number, (heading, kind) in enumerate(said.items()):
        start, text = len(text), f"{text}{chr(97 + number) * 99}\n"
        sections.append(
            Section.model_validate(
                {"heading": heading, "kind": kind, "start": start, "end": len(text),
                 "level": heading.count(".") + 1}
            )
        )  # fmt: skip
    marks = (PageMark(0, 1), PageMark(200, 2), PageMark(300, 1), PageMark(400, 2))
    return Document(text=text, marks=marks, sections=tuple(sections), engine="e")


def test_what_stands_apart_follows_the_text() -> None:
    """Captions and footnotes are sent after the text, with their own pages; lettering never is.

    A section within another has a heading below its, and a caption names itself.
    """
    chosen = excerpt(apart(), 1000)
    assert chosen.share == 1.0
    assert chosen.text.split("\n") == [
        "## Abstract", "[p. 1]", "a" * 99, "", "## 1 Parts", "b" * 99, "", "### 1.1 Part",
        "[p. 2]", "c" * 99, "[p. 1]", "d" * 99, "", "## Notes", "[p. 2]", "e" * 99
    ]  # fmt: skip


@pytest.mark.parametrize(("hundreds", "letters"), [(1, "a"), (3, "abc"), (4, "abcd"), (5, "abcde")])
def test_what_stands_apart_comes_last(hundreds: int, letters: str) -> None:
    """When not all fits, captions give way to the text, and footnotes to captions."""
    chosen = excerpt(apart(), round(hundreds * 100 / CHARACTERS_PER_TOKEN) + 2)
    assert [c for c in "abcdef" if c * 99 in chosen.text] == list(letters)


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
    assert [kind for kind, _ in parts(made)] == ["references", "appendix"]
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
def test_references_are_not_sent(icml: Path, name: str) -> None:
    """Of a real paper the references are not sent, and the text right before them is."""
    made = read((icml / "pdfs" / f"{name}.pdf").read_bytes())
    chosen = excerpt(made, 16_000)
    references = next(s for s in made.sections if s.kind == "references")
    assert made.text[references.start : references.start + 200] not in chosen.text
    before = [s for s in made.sections if s.kind in {"body", "conclusion"}][-1]
    assert made.text[before.end - 200 : before.end].strip() in chosen.text


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


@settings(max_examples=150, deadline=None)
@given(_PAGES)
def test_any_pages(texts: Sequence[str]) -> None:
    """Any pages at all are cut into sections that cover the text in order, and each page is told.

    What a heading takes lies between its section and the one before it.
    """
    made = of_pages(*texts)
    bounds = [offset for section in made.sections for offset in (section.start, section.end)]
    assert bounds == sorted(bounds)
    assert bounds[0] == 0
    assert bounds[-1] == len(made.text)
    assert list(made.marks) == sorted(made.marks)
    assert {mark.page for mark in made.marks} <= set(range(1, len(texts) + 1))
    assert all(made.page_at(i) for i in range(len(made.text)))
    assert not re.search("[\ufffe\0\r]", made.text)
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
def test_any_excerpt(texts: Sequence[str], tokens: int) -> None:
    """An excerpt fits its budget but for the marks, and never holds any of the references."""
    made = of_pages(PROSE, *texts, "It\nall\nends\nso.\nReferences\n" + "qqqq qqqq\n" * 4)
    chosen = excerpt(made, tokens)
    marks = MARKERS * (len(made.sections) + len(made.marks))
    assert len(chosen.text) <= int(tokens * CHARACTERS_PER_TOKEN) + marks
    assert 0.0 <= chosen.share <= 1.0
    assert "qqqq" not in chosen.text
    assert chosen.text


@settings(max_examples=150, deadline=None)
@given(_PAGES, st.integers(min_value=0, max_value=500))
def test_no_excerpt_is_empty(texts: Sequence[str], tokens: int) -> None:
    """Of any document with text, whatever its headings, something is sent."""
    made = of_pages(*texts)
    assert bool(excerpt(made, tokens).text) == bool(made.text.strip())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(min_value=1, max_value=80))
def test_any_slug(text: str, limit: int) -> None:
    """A slug of any text is short enough, is its own slug, and is safe as a file's name."""
    name = slug(text, limit)
    assert len(name) <= limit
    assert slug(name, limit) == name
    assert not re.search(r"[\s/\\.:*?\"<>|_]|^-|-$|--", name)
