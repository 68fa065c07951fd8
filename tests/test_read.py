"""Reading real PDFs: titles, abstracts, engines, and what is no paper."""

import json
import re
from pathlib import Path

import pytest

from summarize.engines import ENGINES
from summarize.errors import ExtractError
from summarize.read import read
from tests.conftest import ROOT


def letters(text: str) -> str:
    """Return what counts when two titles are compared."""
    return re.sub(r"[\W_]", "", text).casefold()


@pytest.mark.slow
def test_titles_and_abstracts_of_real_papers(icml: Path) -> None:
    """Of 67 papers at least 66 titles are right, and nearly all abstracts begin as they should."""
    gold = [json.loads(line) for line in (icml / "gold.jsonl").read_text("utf-8").splitlines()]
    titles = abstracts = references = 0
    for paper in gold:
        document = read((icml / "pdfs" / paper["pdf"]).read_bytes())
        titles += letters(document.title) == letters(paper["title"])
        abstracts += letters(document.abstract)[:60] == letters(paper["abstract"])[:60]
        references += any(section.kind == "references" for section in document.sections)
    assert titles >= 66
    assert abstracts >= 60
    assert references == 67


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("iclr2024tmpl_layerwise_lr_grokking", "GROKKING ACCELERATED: LAYER-WISE LEARNING RATES "
         "FOR TRANSFORMER GENERALIZATION"),  # small capitals below a watermark
        ("einstein1905", "ON THE ELECTRODYNAMICS OF MOVING BODIES"),
        ("tracemonkey_pldi2009", "Trace-based Just-in-Time Type Specialization for Dynamic "
         "Languages"),
        ("shannon1948", "A Mathematical Theory of Communication"),  # not its large initial
    ],
)  # fmt: skip
def test_a_title_is_what_is_set_largest(name: str, title: str, shared: Path) -> None:
    """The title is read whole, over its lines, whatever stands above it."""
    document = read((shared / "corpus" / "papers" / f"{name}.pdf").read_bytes(), max_pages=3)
    assert document.title == title


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_every_engine_reads_the_demo(engine: str) -> None:
    """Each engine gives the demo's papers in reading order, with their pages and sections."""
    for path in sorted((ROOT / "examples" / "papers").glob("*.pdf")):
        document = read(path.read_bytes(), engine)
        kinds = [section.kind for section in document.sections]
        assert kinds.index("abstract") < kinds.index("introduction") < kinds.index("references")
        assert document.engine == engine
        assert len(document.page_starts) == 2
        assert "We find that" in document.abstract


def test_what_holds_no_text_is_a_reason() -> None:
    """A PDF without text, and bytes that are no PDF, are reasons and not documents."""
    with pytest.raises(ExtractError, match="can't be opened: it is damaged"):
        read(b"%PDF-1.4 and nothing more")
    with pytest.raises(ExtractError, match="there is no engine nope; there are: pdfium, pypdf"):
        read(b"%PDF-1.4", "nope")


def test_a_page_limit_is_said() -> None:
    """A paper of more pages than are read says so."""
    path = next((ROOT / "examples" / "papers").glob("*.pdf"))
    document = read(path.read_bytes(), max_pages=1)
    assert document.warnings == ("only the first 1 of 2 pages were read",)
