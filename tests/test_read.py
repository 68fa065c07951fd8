"""Reading real PDFs: titles, abstracts, sections and pages."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from rapidfuzz import fuzz

from summarize.engines import ENGINES
from summarize.errors import ExtractError
from summarize.read import read
from summarize.records import Document, SectionKind
from summarize.text.addressed import addressed
from tests.conftest import ROOT
from tests.sheets import changed, line

DEMO = sorted((ROOT / "examples" / "papers").glob("*.pdf"))
EDGE = 30  # letters at which two abstracts must begin or end alike
WORDS = re.compile(r"(?:[^\W\d_]{3,}\W+.*){3}[^\W\d_]{3,}")  # four of them, in a line
# What entries of reference lists have, and sentences do not: "In NIPS, 2013." "Doe, J. (2014)."
ENTRY = re.compile(r"(?:[^\s(][,.]\s(?:19|20)\d\d[a-z]?|\b[A-Z]\.\s\((?:19|20)\d\d\))\.(?=\s|$)")


def letters(text: str) -> str:
    """Return what counts when two texts are compared: letters and digits."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def paper(shared: Path, name: str, pages: int = 500) -> Document:
    """Return a paper of the corpora."""
    return read((shared / "corpus" / f"{name}.pdf").read_bytes(), max_pages=pages)


def texts(document: Document, kind: SectionKind) -> Iterator[str]:
    """Yield the texts of the sections of one kind."""
    return (document.text[s.start : s.end] for s in document.sections if s.kind == kind)


def lists_references(text: str) -> bool:
    """Tell whether a text has entries of a reference list: two of them near each other."""
    found = [match.start() for match in ENTRY.finditer(text)]
    return any(after - before < 900 for before, after in pairwise(found))


# --- the papers of a conference -------------------------------------------------------------------


@pytest.fixture(scope="module")
def proceedings(icml: Path) -> list[tuple[dict[str, str], Document]]:
    """Return the 67 papers of ICML 2015 with what is known of each."""
    gold = [json.loads(line) for line in (icml / "gold.jsonl").read_text("utf-8").splitlines()]
    return [(known, read((icml / "pdfs" / known["pdf"]).read_bytes())) for known in gold]


Proceedings = list[tuple[dict[str, str], Document]]


@pytest.mark.slow
def test_titles_of_real_papers(proceedings: Proceedings) -> None:
    """Of 67 papers all titles are right."""
    wrong = [
        (known["title"], document.title)
        for known, document in proceedings
        if letters(document.title) != letters(known["title"])
    ]
    assert not wrong
    assert len(proceedings) == 67


@pytest.mark.slow
def test_abstracts_of_real_papers(proceedings: Proceedings) -> None:
    """Abstracts are the known ones, from their beginnings to their ends, and no more than that.

    The known ones are the proceedings' own, which two authors wrote anew.
    """
    pairs = [(letters(d.abstract), letters(known["abstract"])) for known, d in proceedings]
    alike = [fuzz.ratio(found, known) / 100 for found, known in pairs]
    assert mean(alike) >= 0.97
    assert sum(ratio >= 0.90 for ratio in alike) >= 65
    assert all(fuzz.ratio(found[:EDGE], known[:EDGE]) >= 80 for found, known in pairs)
    assert sum(fuzz.ratio(found[-EDGE:], known[-EDGE:]) >= 80 for found, known in pairs) >= 65


@pytest.mark.slow
def test_references_of_real_papers(proceedings: Proceedings) -> None:
    """Each paper has one list of references, and no entry of it stands in what is read."""
    for _, document in proceedings:
        (references,) = texts(document, "references")
        assert lists_references(references)
        for kind in ("front", "abstract", "introduction", "body", "conclusion"):
            assert not any(map(lists_references, texts(document, kind)))


@pytest.mark.slow
def test_sections_of_real_papers(proceedings: Proceedings) -> None:
    """Each paper has one abstract, then an introduction, a body and references, in their order.

    Two of them call their introductions otherwise.
    """
    introduced = 0
    for _, document in proceedings:
        kinds = [section.kind for section in document.sections if section.kind != "front"]
        assert kinds[0] == "abstract"
        assert kinds.count("abstract") == 1
        introduced += kinds[1] == "introduction"
        assert 0 < kinds.index("body") < kinds.index("references")
    assert introduced >= 65


@pytest.mark.slow
def test_pages_of_real_papers(proceedings: Proceedings) -> None:
    """What runs through a paper goes from its first page to its last, each page once.

    The conference's name is a footnote of the first page; running heads are never read.
    """
    for known, document in proceedings:
        assert document.marks[0] == (0, 1)
        apart = {"caption", "footnote", "figure"}
        end = next((s.start for s in document.sections if s.kind in apart), len(document.text))
        pages = [mark.page for mark in document.marks if mark.start < end]
        assert pages == sorted(set(pages))  # a page of nothing but figures is not among them
        assert len(pages) > 6
        notes = "\n".join(texts(document, "footnote"))
        assert len(re.findall("Proceedings of the 3[12]", notes)) == 1, known["id"]
        lines = Counter(line for line in document.text[:end].split("\n") if WORDS.search(line))
        assert max(lines.values()) < 5
        assert "\ufffe" not in document.text


# --- papers of all kinds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("iclr2024tmpl_layerwise_lr_grokking", "Grokking Accelerated: Layer-wise Learning Rates "
         "for Transformer Generalization"),  # small capitals below a watermark
        ("iclr2026sub_common-corpus", "Common Corpus: The Largest Collection of Ethical Data for "
         "LLM Pre-Training"),  # small capitals beside line numbers
        ("biorxiv_2024.05.14.594155", "Genetically modifying the protein matrix of macroscopic "
         "living materials to control their structure and rheological properties"),  # numbered
        ("kalman1960", "A New Approach to Linear Filtering and Prediction Problems1"),  # drawn last
        ("einstein1905", "ON THE ELECTRODYNAMICS OF MOVING BODIES"),
        ("tracemonkey_pldi2009", "Trace-based Just-in-Time Type Specialization for Dynamic "
         "Languages"),
        ("shannon1948", "A Mathematical Theory of Communication"),  # not its large initial
        ("attention_nips2017", "Attention is All you Need"),  # not the larger notice above it
        ("fr_olap_egc", "Résumés et interrogations de logs de requêtes OLAP"),
        ("thurston-proof_math9404236", "ON PROOF AND PROGRESS IN MATHEMATICS"),
    ],
)  # fmt: skip
def test_titles_of_all_kinds(name: str, title: str, shared: Path) -> None:
    """A title is read whole, over its lines, whatever stands above it or is drawn before it."""
    assert paper(shared, f"papers/{name}", pages=3).title == title


def test_line_numbers_of_a_submission(shared: Path) -> None:
    """The numbers down the margins of a submission are no text; its sections are found."""
    assert not re.search(
        r"^\d{3}$|^0\d\d\b|\s0\d\d$",
        paper(shared, "papers/iclr2026sub_common-corpus", 3).text,
        re.M,
    )
    document = paper(shared, "papers/iclr2026sub_common-corpus")
    headings = [section.heading for section in document.sections]
    assert {"Abstract", "1 Introduction", "3.2 Open Culture", "6 Conclusion", "References",
            "A LLM Usage Statement"} <= set(headings)  # fmt: skip
    assert {section.level for section in document.sections if section.heading[:2] == "3."} == {2}


def test_line_numbers_within_lines(shared: Path) -> None:
    """Line numbers that stand at the beginning of each line, or amid one, are no text."""
    document = paper(shared, "papers/biorxiv_2024.05.14.594155", pages=14)
    assert re.findall(r"^\d{1,3} [A-Za-z]{5}", document.text, re.M) == ["24 hours"]
    assert letters(document.abstract).startswith("thefieldofengineeringlivingmaterials")
    assert not re.search(r"\b\d\d\b", document.abstract.replace("2x", ""))


def test_a_watermark_is_no_text(shared: Path) -> None:
    """A watermark that is drawn across each page is no text."""
    document = paper(shared, "papers/iclr2024tmpl_layerwise_lr_grokking")
    assert not re.search("CAUTION|AUTONOMOUSLY GENERATED", document.text)
    assert document.abstract.endswith("broader applications in deep learning.")


def test_a_stamp_is_no_text(shared: Path) -> None:
    """The stamp of arXiv up the edge of the first page is no text."""
    for name in ("attention_arxiv1706.03762", "resnet_1512.03385", "distillation_1503.02531"):
        assert "arXiv:1" not in paper(shared, f"papers/{name}", pages=1).text


def test_captions_and_footnotes_of_a_paper(shared: Path) -> None:
    """Captions and footnotes stand apart from the text, each caption below its figure's name."""
    document = paper(shared, "papers/attention_nips2017")
    captions = [section for section in document.sections if section.kind == "caption"]
    assert [(section.heading, document.page_at(section.start)) for section in captions] == [
        ("Figure 1", 3), ("Figure 2", 4), ("Table 1", 6), ("Table 2", 8), ("Table 3", 9)
    ]  # fmt: skip
    (notes,) = texts(document, "footnote")
    assert "Equal contribution" in notes
    assert "To illustrate why the dot products get large" in notes
    assert not any("Equal contribution" in text for text in texts(document, "front"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beygelzimer15", "Appendix A in the supplementary material for a proof"),
        ("narasimhanb15", "Appendix D.2 for an explanation"),
        ("nan15", "Lemma 2.3"),
    ],
)
def test_a_wrapped_sentence_takes_nothing_away(shared: Path, name: str, words: str) -> None:
    """A sentence that was wrapped before its "Appendix" is no heading of one."""
    document = paper(shared, f"icml2015/pdfs/{name}")
    assert any(words in text.replace("\n", " ") for text in texts(document, "body"))
    first = next(s.start for s in document.sections if s.kind == "references")
    lost = [s for s in document.sections if s.kind == "appendix" and s.start < first]
    assert sum(s.end - s.start for s in lost) < 1500


# --- engines --------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "ocr"])
def test_every_engine_reads_the_demo(engine: str) -> None:
    """Each engine gives the demo's papers in reading order, with their pages and sections."""
    for path in DEMO:
        document = read(path.read_bytes(), engine)
        kinds = [section.kind for section in document.sections]
        assert kinds.index("abstract") < kinds.index("introduction") < kinds.index("references")
        assert document.engine == engine
        assert {mark.page for mark in document.marks} == {1, 2}
        assert "We find that" in document.abstract


def test_the_first_engine_is_tried_first() -> None:
    """A paper that the first engine reads is read by it, and an engine that is none is a reason."""
    assert read(DEMO[0].read_bytes()).engine == next(iter(ENGINES))
    with pytest.raises(ExtractError, match="there is no engine nope; there are: pdfium, pypdf"):
        read(b"%PDF-1.4", "nope")


def test_a_page_limit_is_said() -> None:
    """A paper of more pages than are read says so."""
    document = read(DEMO[0].read_bytes(), max_pages=1)
    assert document.unread == ("only the first 1 of 2 pages were read",)
    assert {mark.page for mark in document.marks} == {1}


def test_what_speaks_to_a_model_is_looked_for_once() -> None:
    """A paper that was read says which of its sentences speak to a model, also that none does."""
    plain = read(DEMO[0].read_bytes())
    assert plain.addressed == ()
    told = changed(DEMO[0].read_bytes(), lambda sheet: sheet.after(f"q 0 g {line(sheet)} Q"))
    document = read(told)
    assert document.addressed
    assert [*document.addressed] == addressed(document.text)
    assert "speaks to a language model on page 1" in " ".join(document.warnings)
