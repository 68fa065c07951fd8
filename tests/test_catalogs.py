"""Catalogs: what recorded answers say, and what no answer may do."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.catalogs import (
    CATALOGS,
    Catalog,
    Found,
    Identifier,
    arxiv,
    crossref,
    openreview,
    semanticscholar,
)
from summarize.catalogs import huggingface as hf
from summarize.catalogs.catalog import code_in, line, plain


@pytest.fixture(scope="module")
def apis(shared: Path) -> Path:
    """Return the folder of recorded answers."""
    return shared / "apis"


def recorded(path: Path) -> Any:
    """Return the JSON of a recorded exchange."""
    return json.loads(path.read_text("utf-8"))


def played(path: Path, at: int = 0) -> Any:
    """Return the JSON that a cassette's answer holds."""
    exchange = yaml.safe_load(path.read_text("utf-8"))["interactions"][at]["response"]
    return json.loads(exchange["body"]["string"] if "body" in exchange else exchange["content"])


def test_openreview_of_today(apis: Path) -> None:
    """A note of the second version gives all its fields, its authors' own TL;DR too."""
    answer = recorded(apis / "openreview/v2_notes_accepted_scrubbed.json")["response"]["json"]
    assert openreview.read(answer) == (
        Found(
            catalog="OpenReview",
            openreview="rhgIgTSSxW",
            title="Synthetic title text 1.",
            authors=("Synthetic Author 2", "Synthetic Author 3"),
            abstract="Synthetic abstract text 20.",
            venue="ICLR 2024 poster",
            published="2024-01-16",
            tldr="Synthetic tldr text 19.",
        ),
    )


def test_openreview_of_before(apis: Path) -> None:
    """Of a forum of the first version the paper is read, and neither comment nor decision."""
    answer = recorded(apis / "openreview/v1_forum_accepted_scrubbed.json")["response"]["json"]
    assert openreview.read(answer) == (
        Found(
            catalog="OpenReview",
            openreview="ryxyCeHtPB",
            title="Synthetic title text 13.",
            authors=("Synthetic Author 14",),
            abstract="Synthetic abstract text 21.",
            published="2019-12-20",
            tldr="Synthetic tl;dr text 20.",
        ),
    )


def test_many_notes(apis: Path) -> None:
    """The 67 notes of a conference are 67 papers, in order."""
    found = openreview.read(recorded(apis / "openreview/v2_seed67_DERIVED.json"))
    assert len(found) == 67
    assert found[1].openreview == "uNrFpDPMyo"
    assert found[1].authors[0] == "Suyu Ge"
    assert found[1].venue == "ICLR 2024 oral"


def test_arxiv_papers(apis: Path) -> None:
    """A feed gives its papers, of old identifiers and new, without their version."""
    body = recorded(apis / "arxiv/id_1605.08386_s0_m100_199195aa31ad.json")["body"]
    (paper,) = arxiv.read(body)
    assert paper.arxiv == "1605.08386"
    assert paper.title == "Heat-bath random walks with Markov bases"
    assert paper.authors == ("Caprice Stanley", "Tobias Windisch")
    assert paper.published == "2016-05-26"
    assert paper.abstract.startswith("Graphs on lattice points are studied whose edges")
    (old,) = arxiv.read(
        recorded(apis / "arxiv/id_astro-ph_0601001_s0_m100_3150dca9dc76.json")["body"]
    )
    assert old.arxiv == "astro-ph/0601001"
    assert old.venue == "ActaAstron.56:1-50,2006"
    assert len(old.authors) == 4


def test_an_arxiv_search(apis: Path) -> None:
    """A search gives its ten papers; the first has a DOI, and where it was printed."""
    found = arxiv.read((apis / "arxiv/atom_search_au_del_maestro.xml").read_text("utf-8"))
    assert len(found) == 10
    assert found[0].arxiv == "1201.4869"
    assert found[0].doi == "10.1142/s021797921244002x"
    assert found[0].venue == "Int. J. Mod. Phys. B, 26, 1244002 (2012)"
    assert found[0].title == "A Luttinger Liquid Core Inside Helium-4 Filled Nanopores"


@pytest.mark.parametrize(
    "name", ["id_0000.0000_s0_m100_8b51d9633a68.json", "id_abc_s0_m100_b79c8dcf6bc3.json"]
)
def test_no_arxiv_paper(name: str, apis: Path) -> None:
    """An empty feed, and one that holds an error as an entry, hold no paper."""
    assert arxiv.read(recorded(apis / "arxiv" / name)["body"]) == ()


def test_a_feed_with_a_dtd_is_refused() -> None:
    """What would unfold to something else is no feed."""
    bomb = '<!DOCTYPE feed [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom"/>'
    with pytest.raises(ValueError, match="no feed"):
        arxiv.read(bomb)


def test_semantic_scholar(apis: Path) -> None:
    """One paper, a batch, a match and a refusal are read; a model's TL;DR is not taken."""
    folder = apis / "semanticscholar"
    (paper,) = semanticscholar.read(recorded(folder / "Paper_with_tldr_trimmed.json"))
    assert paper.title == "Computing Machinery and Intelligence"
    assert paper.authors == ("A. Turing",)
    assert paper.doi == "10.1093/mind/lix.236.433"
    assert paper.venue == "The Philosophy of Artificial Intelligence"
    assert paper.published == "1950-10-01"
    assert paper.tldr == ""
    batch = semanticscholar.read(played(folder / "test_get_papers.yaml"))
    assert [found.authors[0] for found in batch] == ["Marianne Bertrand", "E. Duflo", "E. Duflo"]
    (match,) = semanticscholar.read(played(folder / "test_search_paper_match_title.yaml"))
    assert match.title == "Mining association rules between sets of items in large databases"
    assert semanticscholar.read(played(folder / "test_not_found.yaml")) == ()
    search = semanticscholar.read(played(folder / "test_search_paper.yaml"))
    assert search[3].title == "Neural Networks And Analog Computation Beyond The Turing Limit"
    with pytest.raises(ValueError, match="list"):
        semanticscholar.read(played(folder / "test_bad_query_parameters.yaml"))


def test_hugging_face(apis: Path) -> None:
    """The papers of a day are read, with the repository that authors linked, and no AI summary."""
    found = hf.read(recorded(apis / "huggingface/daily_papers_trimmed.json"))
    assert [paper.arxiv for paper in found] == ["2609.03729", "2609.04444", "2407.13168"]
    assert found[0].code == "https://github.com/x/y"
    assert found[0].abstract == "Long arXiv abstract here."
    assert found[2].authors == ("Jamie Callan", "Eliu Huerta")
    assert found[2].published == "2024-07-18"
    assert hf.read({"error": "Paper not found"}) == ()


def test_crossref() -> None:
    """A work of Crossref's documentation is read: JATS undone, its subtitle put behind a colon."""
    work = {
        "DOI": "10.5555/ABC",
        "title": ["On <i>things</i>"],
        "subtitle": ["A study"],
        "author": [{"given": "Ada", "family": "Lovelace"}, {"name": "The Consortium"}],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Things &amp; more.</jats:p>",
        "container-title": ["Journal of Things"],
        "published": {"date-parts": [[2020, 5]]},
    }
    (paper,) = crossref.read({"status": "ok", "message": {"items": [work]}})
    assert paper == Found(
        catalog="Crossref",
        doi="10.5555/abc",
        title="On things: A study",
        authors=("Ada Lovelace", "The Consortium"),
        abstract="Things & more.",
        venue="Journal of Things",
        published="2020-05",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "notes content id forum title value authors message items DOI author data paperId "
                "externalIds abstract published date-parts paper pdate venue".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: str(catalog.name))
@settings(deadline=None)
@given(data=JSON)
def test_no_answer_is_too_odd(catalog: Catalog, data: Any) -> None:
    """Whatever an API answers, it is papers or a `ValueError`, and papers can be kept."""
    try:
        found = catalog.read(data)
    except ValueError:
        return
    for paper in found:
        assert Found.model_validate_json(paper.model_dump_json()) == paper


@settings(deadline=None)
@given(st.text(), st.integers(0, 500))
def test_no_feed_is_too_odd(noise: str, at: int) -> None:
    """A feed that is cut or has something put into it is papers or a `ValueError`."""
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2310.13018v1'
        "</id><title>A title</title><author><name>A. B.</name></author></entry></feed>"
    )
    for text in (feed[:at], feed[:at] + noise + feed[at:]):
        try:
            arxiv.read(text)
        except ValueError:
            continue


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: str(catalog.name))
@settings(deadline=None)
@given(title=st.text(max_size=300))
def test_questions_are_addresses(catalog: Catalog, title: str) -> None:
    """Whatever a title or an id holds, what is asked for is a path of printable ASCII."""
    ids = [Identifier(kind, "10.1/x") for kind in catalog.knows]
    asked = [catalog.by_ids(ids[:1])]
    if catalog.by_title:
        title = title.encode("utf-8", "replace").decode()
        asked.append(catalog.by_title(title))
    for query in asked:
        assert query.path.startswith("/")
        assert query.path.isascii()
        assert not any(c.isspace() for c in query.path)


def test_code_is_a_repository() -> None:
    """An abstract's link to a repository is the paper's code; one to a person's page is none."""
    assert code_in("Code: https://github.com/a-b/c.d.") == "https://github.com/a-b/c.d"
    assert code_in("See https://github.com/someone", "none") == ""


def test_text_is_text() -> None:
    """Control characters, halves of characters and line ends are not what a cell holds."""
    assert line("a\x00b\ud800\n c") == "ab c"
    assert plain("<p>a &lt; b</p>") == "a < b"
    assert line(None) == ""
