"""Lists as the sites and programs give them: what is in each was written down by looking at it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarize import tables
from summarize.errors import InputError
from summarize.posts import escape
from summarize.records import Event, Paper, ReadingList
from summarize.tables import TABLES, writing
from summarize.tables.table import Given

FORUM = "https://openreview.net/forum?id="


def read(data: bytes | str, name: str = "list") -> ReadingList:
    """Read a list from its bytes."""
    return tables.parse(data if isinstance(data, bytes) else data.encode(), name)


def only(data: bytes | str) -> Paper:
    """Return the one paper of a list."""
    (paper,) = read(data).entries
    assert isinstance(paper, Paper)
    return paper


def papers(reading: ReadingList) -> list[Paper]:
    """Return the papers of a list."""
    return [entry for entry in reading.entries if isinstance(entry, Paper)]


def told(data: bytes | str) -> str:
    """Return the name of the format that a list is taken for."""
    given = Given(data if isinstance(data, bytes) else data.encode(), "list")
    return next((name for name, table in TABLES.items() if table.knows(given)), "")


# --- OpenReview -----------------------------------------------------------------------------------


def recorded(path: Path) -> dict[str, Any]:
    """Return the answer of a recorded request to OpenReview."""
    response: dict[str, Any] = json.loads(path.read_text("utf-8"))["response"]
    return response


def test_openreview_v2(shared: Path) -> None:
    """A note of API 2 has its fields under `value`; its address is its forum's."""
    answer = recorded(shared / "apis/openreview/v2_notes_accepted_scrubbed.json")
    assert only(json.dumps(answer["json"])) == Paper(
        key="rhgIgTSSxW",
        title="Synthetic title text 1.",
        url=f"{FORUM}rhgIgTSSxW",
        authors=("Synthetic Author 2", "Synthetic Author 3"),
        venue="ICLR 2024 poster",
        abstract="Synthetic abstract text 20.",
        where="list:notes[0]",
    )


def test_openreview_v1(shared: Path) -> None:
    """Of a forum of API 1, the submission is the paper, and its comments and decision are none."""
    answer = recorded(shared / "apis/openreview/v1_forum_accepted_scrubbed.json")
    reading = read(json.dumps(answer["json"]))
    assert [(p.key, p.title, p.authors, p.abstract) for p in papers(reading)] == [
        (
            "ryxyCeHtPB",
            "Synthetic title text 13.",
            ("Synthetic Author 14",),
            "Synthetic abstract text 21.",
        )
    ]
    assert reading.notices == ("list: 2 of its notes are replies, and no papers",)


def test_openreview_challenge(shared: Path) -> None:
    """OpenReview's page for browsers is known by its name, and the error says how to log in."""
    answer = recorded(shared / "apis/openreview/v2_anonymous_challenge.json")
    with pytest.raises(InputError, match="Verifying your browser") as caught:
        read(answer["text"])
    assert "OPENREVIEW_USERNAME" in caught.value.hint


def test_openreview_venue(shared: Path) -> None:
    """A venue's notes give all of its 67 papers, 35 of them with authors."""
    reading = tables.read(shared / "apis/openreview/v2_seed67_DERIVED.json")
    found = papers(reading)
    assert len(found) == len(reading.entries) == 67
    assert sum(bool(paper.authors) for paper in found) == 35
    assert (found[0].key, found[0].venue) == ("agPpmEgf8C", "ICLR 2024 oral")
    assert found[0].authors == ("Ching Fang", "Kim Stachenfeld")


# --- arXiv ----------------------------------------------------------------------------------------


def atom(path: Path) -> bytes:
    """Return the feed of a recorded answer."""
    body: str = json.loads(path.read_text("utf-8"))["body"]
    return body.encode()


def test_arxiv_query(shared: Path) -> None:
    """A query's feed gives each entry with authors, abstract, journal and address."""
    found = papers(tables.read(shared / "apis/arxiv/atom_search_au_del_maestro.xml"))
    assert len(found) == 10
    assert found[0].title == "A Luttinger Liquid Core Inside Helium-4 Filled Nanopores"
    assert found[0].url == "https://arxiv.org/abs/1201.4869v1"
    assert found[0].venue == "Int. J. Mod. Phys. B, 26, 1244002 (2012)"
    assert found[1].key == "cond-mat/0412498"
    assert found[1].authors == ("Adrian Del Maestro", "Subir Sachdev")
    assert found[1].abstract.startswith("We present the theory of the effect of thermal fluct")
    assert "(p >= 3, integer)" in found[1].abstract


@pytest.mark.parametrize(
    ("name", "count", "title"),
    [
        ("q_testing_s0_m10_bc5a6c384fe9", 10, "Testing Deep Learning Models: A First Comparative"),
        ("id_1605.08386_s0_m100_199195aa31ad", 1, "Heat-bath random walks with Markov bases"),
        ("id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af", 1, "Proceedings of Workshop AEW10: "),
        ("id_astro-ph_0601001_s0_m100_3150dca9dc76", 1, "Frequency of Hot Jupiters and Very Hot"),
    ],
)
def test_arxiv_answers(shared: Path, name: str, count: int, title: str) -> None:
    """ArXiv's answers to a query and to identifiers, old ones too, give the papers found."""
    found = papers(read(atom(shared / f"apis/arxiv/{name}.json")))
    assert len(found) == count
    assert found[0].title.startswith(title)


def test_arxiv_mojibake(shared: Path) -> None:
    """A name that arXiv itself has garbled is repaired, and said."""
    path = shared / "apis/arxiv/id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.json"
    reading = read(atom(path))
    assert papers(reading)[0].authors[-2:] == ("Dirk Wübben", "Hirosuke Yamamoto")
    assert reading.notices == ("list:entry[0]: mojibake repaired (in 1 row)",)


def test_arxiv_found_none(shared: Path) -> None:
    """A feed without entries is an error that says that arXiv found none."""
    with pytest.raises(InputError, match="lists no papers") as caught:
        read(atom(shared / "apis/arxiv/id_0000.0000_s0_m100_8b51d9633a68.json"))
    assert "arXiv found none" in caught.value.hint


def test_arxiv_refused(shared: Path) -> None:
    """ArXiv's error comes as an entry, and is none: what arXiv says is said."""
    reading = read(atom(shared / "apis/arxiv/id_abc_s0_m100_b79c8dcf6bc3.json"))
    assert reading.entries == ()
    assert reading.rejected == ("list:entry[0]: arXiv says: incorrect id format for abc",)


def test_arxiv_papers_in_json(shared: Path) -> None:
    """Lists of lists of papers are all read; a model's comment on each is no take of a person's."""
    reading = tables.read(shared / "apis/arxiv/gpt_paper_assistant_debug_papers.json")
    found = papers(reading)
    assert len(found) == 4 + 5 + 5 + 5
    assert found[0].title == "Outlier-Robust Wasserstein DRO."
    assert found[0].authors == ("Sloan Nietert", "Ziv Goldfeld", "Soroosh Shafiee")
    assert (found[0].key, found[0].take) == ("2311.05573", "")


def test_xml_that_unfolds() -> None:
    """A feed that defines entities is refused before any of them is unfolded."""
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><feed><entry>&a;</entry></feed>'
    with pytest.raises(InputError, match="definitions of its own"):
        read(bomb)


def test_broken_feed() -> None:
    """A feed that breaks off is an error that names the line."""
    with pytest.raises(InputError, match="list:2: it is not valid XML"):
        read('<feed xmlns="http://www.w3.org/2005/Atom">\n<entry><title>A</tit')


# --- other sites ----------------------------------------------------------------------------------


def cassette(path: Path) -> list[str]:
    """Return the answers of recorded requests to Semantic Scholar."""
    found = [turn["response"] for turn in yaml.safe_load(path.read_text("utf-8"))["interactions"]]
    return [said.get("content") or said["body"]["string"] for said in found]


def test_semantic_scholar_paper(shared: Path) -> None:
    """One paper of Semantic Scholar's is a list of one; its DOI is where it is."""
    paper = papers(tables.read(shared / "apis/semanticscholar/Paper_with_tldr_trimmed.json"))[0]
    assert paper.title == "Computing Machinery and Intelligence"
    assert paper.url == "https://doi.org/10.1093/MIND/LIX.236.433"
    assert paper.authors == ("A. Turing",)
    assert paper.venue == "The Philosophy of Artificial Intelligence"
    assert paper.abstract.startswith("I propose to consider the question, “Can machines think?”♣")


@pytest.mark.parametrize(
    ("name", "count", "title"),
    [
        ("test_get_paper", 1, "Computing Machinery and Intelligence"),
        ("test_get_papers", 3, ""),
        (
            "test_search_paper",
            99,  # of a hundred: two have one title, and are taken for one paper, which is said
            "Using DeepSpeed and Megatron to Train Megatron-Turing NLG 530B",
        ),
        ("test_search_paper_match_title", 1, "Mining association rules between sets of items"),
        ("test_search_paper_open_access_pdf", 100, ""),
    ],
)
def test_semantic_scholar_answers(shared: Path, name: str, count: int, title: str) -> None:
    """A search, a batch and a match give what they hold, be it no more than an identifier."""
    found = papers(read(cassette(shared / f"apis/semanticscholar/{name}.yaml")[0]))
    assert len(found) == count
    assert found[0].title.startswith(title)
    assert bool(found[0].title) == bool(title)
    assert all(paper.url for paper in found)


def test_semantic_scholar_pdfs(shared: Path) -> None:
    """Where a PDF is open to all, it is where the paper's PDF is looked for."""
    answer = cassette(shared / "apis/semanticscholar/test_search_paper_open_access_pdf.yaml")[0]
    assert papers(read(answer))[0].pdf == "https://mededu.jmir.org/2023/1/e46939/PDF"


@pytest.mark.parametrize("name", ["test_not_found", "test_bad_query_parameters"])
def test_semantic_scholar_errors(shared: Path, name: str) -> None:
    """An answer that says what was wrong lists no papers."""
    with pytest.raises(InputError, match="is JSON that lists no papers"):
        read(cassette(shared / f"apis/semanticscholar/{name}.yaml")[0])


def test_daily_papers(shared: Path) -> None:
    """Hugging Face's daily papers come under their day, with their abstracts and no summaries."""
    found = papers(tables.read(shared / "apis/huggingface/daily_papers_trimmed.json"))
    assert [(p.key, p.title, p.section) for p in found] == [
        ("2609.03729", "Unfold The World", "Monday, September 7, 2026"),
        ("2609.04444", "HarvestBench", ""),
        (
            "2407.13168",
            "SciCode: A Research Coding Benchmark Curated by Scientists",
            "Monday, July 22, 2024",
        ),
    ]
    assert found[0].abstract == "Long arXiv abstract here."
    assert found[2].authors == ("Jamie Callan", "Eliu Huerta")


def test_virtual_conference(shared: Path) -> None:
    """A virtual conference's events have day, session and poster, and OpenReview's address."""
    path = shared / "apis/virtual_conference/neurips2025_orals_posters_subset.json"
    found = papers(tables.read(path))
    assert [(p.key, p.section, p.venue) for p in found] == [
        (
            "7HVADbW8fh",
            "Friday, December 5, 2025 - San Diego Poster Session 6",
            "NeurIPS 2025 poster, #2504",
        ),
        (
            "1tzlbKySxX",
            "Friday, December 5, 2025 - San Diego Poster Session 6",
            "NeurIPS 2025 poster, #2449",
        ),
        ("1kPO9vCRbg", "Monday, December 8, 2025 - Oral Session 17", "NeurIPS 2025 oral"),
    ]
    assert found[2].authors == ("Gang Li", "Ming Lin")
    assert found[0].title == "Coloring Learning for Heterophilic Graph Representation"


def test_poster_page(shared: Path) -> None:
    """A poster's page says its paper in JSON-LD: title, venue, each author once, the abstract."""
    path = shared / "apis/virtual_conference/iclr2026_poster_page_fragment.html"
    (paper,) = papers(tables.read(path))
    assert (paper.title, paper.venue) == ("InftyThink", "ICLR 2026")
    assert paper.authors == ("Yuchen Yan", "Yongliang Shen")
    assert paper.abstract.startswith("Reinforcement learning from human feedback (RLHF)")


def test_cvf(shared: Path) -> None:
    """A conference's page at CVF has page, PDF and, from its BibTeX, all authors."""
    (paper,) = papers(tables.read(shared / "apis/cvf/cvpr2026_index_fragment.html"))
    site = "https://openaccess.thecvf.com/content/CVPR2026"
    assert paper.title == "Generalizable Structure-Aware Keypoint Correspondence"
    assert paper.url == f"{site}/html/Xiao_Tracking_CVPR_2026_paper.html"
    assert paper.pdf == f"{site}/papers/Xiao_Tracking_CVPR_2026_paper.pdf"
    assert paper.authors == ("Jie Xiao", "Yinchao Ma", "Tianzhu Zhang")
    assert paper.venue == "CVPR"


def test_dblp(shared: Path) -> None:
    """DBLP's hits have one author or several, an address or none."""
    found = papers(tables.read(shared / "apis/dblp/search_publ_minsky_trimmed.json"))
    assert [(p.title, p.authors, p.venue, p.url) for p in found] == [
        (
            "Perceptrons: An Introduction to Computational Geometry",
            ("Marvin Minsky", "Seymour Papert"),
            "MIT Press 1969",
            "https://dblp.org/rec/books/daglib/0066902",
        ),
        (
            'A Review of "Perceptrons" by Marvin Minsky and Seymour Papert',
            ("H. D. Block",),
            "Inf. Control. 1970",
            "",
        ),
    ]


def test_dblp_found_none(shared: Path) -> None:
    """A search without hits is an error that says so."""
    with pytest.raises(InputError, match="lists no papers"):
        tables.read(shared / "apis/dblp/search_publ_zero_hits.json")


def test_papercopilot(shared: Path) -> None:
    """A venue's list gives its 274 papers with their forums, and says which are orals."""
    path = shared / "apis/reference_tldr/iclr2018_accepted_with_author_tldr.json"
    found = papers(tables.read(path))
    assert len(found) == 274
    assert found[0].title.startswith("Learning to Count Objects in Natural Images for Visual Ques")
    assert (found[0].url, found[0].venue) == (f"{FORUM}B12Js_yRb", "ICLR 2018 poster")
    assert found[0].authors == ("Yan Zhang", "Jonathon Hare", "Adam Prügel-Bennett")
    assert {paper.venue for paper in found} >= {"ICLR 2018 poster", "ICLR 2018 oral"}


def test_papercopilot_leaves_out_what_was_rejected() -> None:
    """A venue's list has rejected and withdrawn papers, too: they are left out, and counted."""
    rows = [
        {"id": "aaaaaaaaaA", "title": "In", "status": "Poster", "track": "main"},
        {"id": "bbbbbbbbbB", "title": "Out", "status": "Reject", "track": "main"},
        {"id": "ccccccccccC", "title": "Gone", "status": "Withdraw", "track": "main"},
    ]
    reading = read(json.dumps(rows))
    assert [entry.title for entry in reading.entries] == ["In"]
    assert reading.notices == ("list: 2 rejected or withdrawn papers left out",)


# --- reference managers ---------------------------------------------------------------------------


def test_zotero(shared: Path) -> None:
    """Zotero's CSV: names in their usual order, an arXiv number among the extras, no section."""
    path = shared / "apis/bibtex_csl_ris/zotero_export_header.csv"
    found = papers(tables.read(path))
    assert [(p.title, p.key, p.url, p.authors, p.venue, p.section) for p in found] == [
        (
            "Attention Is All You Need",
            "1706.03762",
            "https://arxiv.org/abs/1706.03762",
            ("Ashish Vaswani",),
            "",
            "",
        ),
        (
            "Learning representations by back-propagating errors",
            "10.1038/323533a0",
            "https://doi.org/10.1038/323533a0",
            ("David Rumelhart",),
            "Nature",
            "",
        ),
    ]


def test_ris(shared: Path) -> None:
    """RIS gives authors in order, the address as it stands, and notes as the person's take."""
    found = papers(tables.read(shared / "apis/bibtex_csl_ris/openreview_and_arxiv.ris"))
    assert [(p.key, p.title, p.authors[0], len(p.authors), p.where[-3:]) for p in found] == [
        (
            "EO8mTLqDuT",
            "CauSciBench: Assessing LLM Causal Reasoning for Scientific Research",
            "Sawal Acharya",
            4,
            "s:1",
        ),
        (
            "2605.02964",
            "Reward Hacking Benchmark: Measuring Exploits in LLM Agents with Tool Use",
            "Kunvar Thaman",
            1,
            ":13",
        ),
    ]
    assert found[1].take == "ICML 2026"


def test_ris_that_is_odd(shared: Path) -> None:
    """A reference with three types, two titles and names on lines of their own is still one."""
    path = shared / "apis/bibtex_csl_ris/jabref_RisImporterTest1_torture.ris"
    (paper,) = papers(tables.read(path))
    assert paper.title == "Editorial."
    assert paper.url == "http://dx.doi.org/10.1023/A:1017379030770"
    assert paper.venue == "Empirical Software Engineering"
    assert paper.abstract == "abstract1"
    assert "Warren Harrison" in paper.authors


BIBTEX = r"""
Words of some program before the first entry.
@string{iclr = "International Conference on Learning Representations"}
@comment{nothing}
@inproceedings{a, title = {{The} Work of {\'E}mile G{\"o}del on $\alpha_{1}$ \& {BERT}},
  author = {G{\"o}del, Kurt and {The BERT Team} and de la Cruz, Ana and others},
  booktitle = iclr # { (ICLR)}, url = {https://openreview.net/forum?id=x_1}}
@article(b, title = "A {Quoted} Title", journal = {Nature}, year = 2020, doi = {10.1038/s1_2},
  annote = {Neat.}, file = {Full Text:/home/me/b.pdf:application/pdf})
@misc{c, title = {Only on arXiv}, eprint = {2310.13018}, archivePrefix = {arXiv}}
@misc{broken, title = {No end
@misc{d, title = {After it}, howpublished = {\url{https://example.org/d}}}
"""


def test_bibtex() -> None:
    """BibTeX: braces, accents, names, strings put together, addresses wherever they stand."""
    reading = read(BIBTEX)
    found = {paper.title: paper for paper in papers(reading)}
    first = found["The Work of Émile Gödel on $\\alpha_{1}$ & BERT"]
    assert first.authors == ("Kurt Gödel", "The BERT Team", "Ana de la Cruz")
    assert first.venue == "International Conference on Learning Representations (ICLR)"
    assert (first.key, first.where) == ("x_1", "list:5")
    quoted = found["A Quoted Title"]
    assert (quoted.url, quoted.take) == ("https://doi.org/10.1038/s1_2", "Neat.")
    assert quoted.pdf == "/home/me/b.pdf"
    assert found["Only on arXiv"].url == "https://arxiv.org/abs/2310.13018"
    assert found["After it"].url == "https://example.org/d"
    assert len(found) == 4


def test_broken_bibtex_is_said_by_its_line() -> None:
    """An entry that is not closed is rejected by its line, and those around it are read."""
    reading = read(BIBTEX)
    assert [said.partition(": ")[0] for said in reading.rejected] == ["list:11"]


def test_csl_json() -> None:
    """CSL-JSON: given names first, DOI and number as addresses, the person's note as their take."""
    item = {
        "id": "x", "type": "paper-conference", "title": "A <i>Title</i>",
        "author": [{"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"},
                   {"literal": "The Team"}],
        "container-title": "ICLR", "DOI": "10.1038/s1", "abstract": "We do.", "annote": "Neat.",
    }  # fmt: skip
    talk = {"type": "speech", "title": "A talk", "author": [{"family": "X"}]}
    first, second = read(json.dumps([item, talk])).entries
    assert isinstance(first, Paper)
    assert (first.title, first.authors) == ("A Title", ("Ana de la Cruz", "The Team"))
    assert (first.url, first.venue, first.take) == ("https://doi.org/10.1038/s1", "ICLR", "Neat.")
    assert isinstance(second, Event)


# --- what people write ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iclr2024_roundup.md", "iclr2024_roundup_as_received.md"])
def test_an_earlier_post(shared: Path, name: str) -> None:
    """A post comes in with its days, stars, TODOs, takes and notes, its encoding repaired."""
    reading = tables.read(shared / "seeds" / name)
    found, entries = papers(reading), {entry.title: entry for entry in reading.entries}
    assert (len(found), len(reading.entries)) == (67, 70)
    assert sum(entry.star for entry in reading.entries) == 28
    assert sum(bool(entry.todo) for entry in reading.entries) == 31
    assert list(dict.fromkeys(entry.section for entry in reading.entries)) == [
        "Day 1 - Tuesday, May 7, 2024",
        "Day 2 - Wednesday, May 8, 2024",
        "Day 3 - Thursday, May 9, 2024",
        "Day 4 - Friday, May 10, 2024",
        "Day 5 - Saturday, May 11, 2024",
    ]
    assert all(entry.take for entry in reading.entries)
    assert [entry.title for entry in reading.entries if isinstance(entry, Event)] == [
        "Mechanistic Interpretability Social Meetup",
        "Sasha Rush Session",
        "First Workshop on Representational Alignment (Re-Align)",
    ]
    first = found[0]
    assert first.take.startswith("Auxuliary predictive objectives improve RL learning. My sense")
    assert first.take.endswith("maximizing the distance between randomly sampled different states.")
    assert "\n\n- Cited previous work like Dan Yamins, and Jim DiCarlo showing" in first.take
    social = entries["Mechanistic Interpretability Social Meetup"]
    assert social.take.startswith("- Packed! The space is very high growth right now\n- Behavioral")
    stable = entries["A Stable, Fast, and Fully Automatic Learning Algorithm for Predictive "
                     "Coding Networks"]  # fmt: skip
    assert (stable.star, stable.todo) == (True, "read this paper")
    assert "<b>TODO:</b> read up on variational free energy." in stable.take
    assert entries["Initializing Models with Larger Ones"].todo == "Share"
    assert entries["Masks, Signs, And Learning Rate Rewinding"].take.endswith("🤷‍♂️")


def test_wordpress(shared: Path) -> None:
    """Notes of a conference come in with their sessions, papers, links, lists and figures."""
    reading = tables.read(shared / "seeds/wordpress_neurips2025_day2.json")
    poster = "https://neurips.cc/virtual/2025/loc/san-diego/poster/"
    assert [(type(e), e.title, e.url.removeprefix(poster)) for e in reading.entries] == [
        (Event, "Rich Sutton “OaK architecture: A vision of super intelligence.”", ""),
        (Event, "Why diffusion models don’t memorize", ""),
        (Paper, "Generalizable, real-time neural decoding with hybrid state-space models", ""),
        (Paper, "Finding separatrices of dynamical flows with Deep Koopman Eigenfunctions",
         "119952"),
        (Paper, "Learning to Cluster Neuronal Function", "119088"),
        (Paper, "Johnson-Lindenstrauss Lemma Beyond Euclidean Geometry", "118378"),
        (Paper, "Spectral Analysis of Representational Similarity with Limited Neurons", "115670"),
        (Paper, "Brain-like Variational Inference", "119894"),
        (Paper, "Jacobian-Based Interpretation of Nonlinear Neural Encoding Model", "118247"),
        (Paper, "Brain-Like Processing Pathways Form in Models With Heterogeneous Experts",
         "118100"),
        (Paper, "From Flat to Hierarchical: Extracting Sparse Representations with Matching "
         "Pursuit", "118531"),
        (Paper, "Representational Difference Explanations", "116114"),
        (Paper, "Connecting Jensen–Shannon and Kullback–Leibler Divergences", ""),
        (Paper, "Fast exact recovery of noisy matrix from few entries: the infinity norm approach",
         "116927"),
    ]  # fmt: skip
    sections = [entry.section for entry in reading.entries]
    assert sections == [""] * 2 + ["Poster Session 1"] * 8 + ["Poster Session 2"] * 4
    assert [entry.title for entry in reading.entries if entry.star] == [
        "Brain-like Variational Inference"
    ]
    assert "links to no address" in reading.notices[0]
    decoding, flows = reading.entries[2].take, reading.entries[3].take
    assert "\n    - Mapping spikes across units and sessions into a common vector" in decoding
    assert "\n        - Split time into chunks.\n" in decoding
    assert r"$\|f(x)\|_2^2 = 0$" in flows
    assert "![](https://sinatootoonian.com/wp-content/uploads/2025/12/image-1024x702.png)" in flows
    assert reading.entries[6].take == ""


def test_ghost(shared: Path) -> None:
    """The text of a post: talks and sessions by their lines, what was said of each, footnotes."""
    reading = tables.read(shared / "seeds/ghost_neurips2025_wednesday.txt")
    session, workshop = "Oral Session: Oral 1A Language Model 1", "Workshop: On Device/Edge AI by "
    workshop += "the PyTorch Foundation folks"
    assert [(type(e), e.title[:34], e.section) for e in reading.entries] == [
        (Event, "Invited talk: The Oak Architecture", ""),
        (Event, "Oral Session: Oral 1A Language Mod", session),
        (Paper, "Understanding and Mitigating Numer", session),
        (Paper, "Artificial Hivemind: The Open-Ende", session),
        (Paper, "SAVVY: Spatial Awareness via Audio", session),
        (Event, "Workshop: On Device/Edge AI by the", workshop),
        (Event, "LFM2- Designing the next-generatio", workshop),
        (Event, "Leveraging ExecuTorch as a platfor", workshop),
        (Event, "Mamba and SSM running at the edge ", workshop),
        (Event, "Exhibitor Spot Talk: Towards A Blu", ""),
        (Event, "Are We Having the Wrong Nightmares", ""),
        (Event, "Also Meshtastic", ""),
    ]
    talk, leveraging = reading.entries[0].take, reading.entries[7].take
    assert "| Psychology / Neuroscience | subject, organism | world |" in talk
    assert talk.endswith("but I made sure to review the contents.")
    assert leveraging.endswith("[5] Mmmm langauge theory.")
    assert reading.entries[2].take.startswith("- Floating point math is not associative.\n- The")


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, "Synaptic Weight Distributions Depend on the Geometry of Plasticity",
         "Emergent Collective Memory in Decentralized Multi-Agent AI Systems"),
        (2, "Encodings for Prediction-based Neural Architecture Search",
         "Neurons in Large Language Models: Dead, N-gram, Positional"),
    ],
)  # fmt: skip
def test_pasted_pages(shared: Path, number: int, first: str, last: str) -> None:
    """A pasted page of Hugging Face gives 119 papers: its 240 lines but two, by twos."""
    reading = tables.read(shared / f"seeds/hf_papers_similar_{number}.txt")
    found = papers(reading)
    assert len(found) == len(reading.entries) == (240 - 2) // 2
    assert (found[0].title, found[-1].title) == (first, last)
    assert all(len(paper.abstract) > 400 for paper in found)
    assert reading.rejected == ()


def test_addresses() -> None:
    """Addresses and identifiers, a line each, with a title beside or none, below headings."""
    reading = read(
        "# Day 1\nhttps://openreview.net/forum?id=x1\n2310.13018\n- 2020.acl-main.447\n\n# Day 2\n"
        "P19-1001 A Title\n1. Another: https://example.org/a.pdf\n10.1038/323533a0\nno address\n"
    )
    assert [(e.section, e.title, e.url) for e in reading.entries] == [
        ("Day 1", "", f"{FORUM}x1"),
        ("Day 1", "", "https://arxiv.org/abs/2310.13018"),
        ("Day 1", "", "https://aclanthology.org/2020.acl-main.447/"),
        ("Day 2", "A Title", "https://aclanthology.org/P19-1001/"),
        ("Day 2", "Another", "https://example.org/a.pdf"),
        ("Day 2", "", "https://doi.org/10.1038/323533a0"),
    ]
    assert reading.rejected == ("list:10: no address or identifier of a paper",)


@pytest.mark.parametrize(
    "text",
    [
        "# Reads\n\n## Day 1\n\n- ⭐ [**A**](https://arxiv.org/abs/2310.13018) – Neat.\n  More.\n",
        "# Reads\n\n## Day 1\n\n### ⭐ [A](https://arxiv.org/abs/2310.13018)\n\nNeat.\nMore.\n\n",
        "---\ntitle: x\n---\n## Day 1\n1. ⭐️ [**A**](https://arxiv.org/abs/2310.13018): Neat.\n"
        "   More.\n",
    ],
    ids=["bullets", "headings", "numbers"],
)
def test_markdown(text: str) -> None:
    """Bullets, headings and numbers that begin with a link are entries, with the words behind."""
    paper = only(text)
    assert (paper.title, paper.key, paper.star) == ("A", "2310.13018", True)
    assert (paper.section, paper.take) == ("Day 1", "Neat.\nMore.")


def test_failures_are_no_takes() -> None:
    """What `roundup` says of a paper that it could not summarize is no take of anybody's."""
    text = "1. [**A**](https://arxiv.org/abs/2310.13018) - *Not summarized: no such page (404).*\n"
    assert only(text).take == ""


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_spreadsheets(kind: str, tmp_path: Path) -> None:
    """A sheet is read below the row that names its columns; days and numbers are as they show."""
    rows = [["My list", ""], ["Title", "Link", "Star", "arXiv"], ["A", "example.org/a", "x", ""],
            ["", "", "", ""], ["B", "", "", "2310.13018"]]  # fmt: skip
    path = tmp_path / f"list.{kind}"
    if kind == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        path.write_bytes(opendocument(rows))
    reading = tables.read(path)
    assert [(e.title, e.url, e.star, e.where) for e in reading.entries] == [
        ("A", "https://example.org/a", True, f"{path}:3"),
        ("B", "https://arxiv.org/abs/2310.13018", False, f"{path}:5"),
    ]


def opendocument(rows: list[list[str]]) -> bytes:
    """Return an OpenDocument sheet with the least that one has."""
    import io
    import zipfile

    name = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{name}office:1.0" xmlns:table="{name}table:1.0" '
        f'xmlns:text="{name}text:1.0"><office:body><office:spreadsheet><table:table '
        f'table:name="a">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{name}manifest:1.0"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.'
        'spreadsheet"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


PMLR = """<!DOCTYPE html><html><body><h2>Volume 37</h2>
<div class="paper"><p class="title">A &amp; B</p><p class="details"><span class="authors">Ada
Lovelace, Alan Turing</span>; <span class="info"><i>Proceedings of the 32nd International
Conference on Machine Learning</i>, PMLR 37:1-9</span></p>
<p class="links">[<a href="http://proceedings.mlr.press/v37/a15.html">abs</a>][<a
href="http://proceedings.mlr.press/v37/a15.pdf" target="_blank">Download PDF</a>]</p></div>
</body></html>"""


def test_pmlr() -> None:
    """A volume's page at PMLR has each paper's page, PDF, authors and proceedings."""
    paper = only(PMLR)
    assert (paper.title, paper.key, paper.where) == ("A & B", "pmlr-v37-a15", "list:2")
    assert paper.authors == ("Ada Lovelace", "Alan Turing")
    assert paper.venue == "32nd International Conference on Machine Learning"
    assert paper.pdf == "http://proceedings.mlr.press/v37/a15.pdf"


# --- what is what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n  broken", "list:2: it is not valid JSON: Expecting property name"),
        ('[{"title": "A"},\n {"title": }]', "list:2: it is not valid JSON: Expecting value"),
        ('{"a": 1}', "list is JSON that lists no papers"),
        ("[]", "list is JSON that lists no papers"),
        ("<html><body>Hello</body></html>", "list is a web page, not a reading list"),
        (
            "Just some words.\nAnd more.",
            "list is not a reading list: it has no title or url column",
        ),
        ("@misc", "list is not a reading list: it has no title or url column"),
        ("PK\x03\x04", "list is a damaged spreadsheet or zip archive"),
        ("%PDF-1.7", "list is a PDF, not a reading list"),
        ("<feed></feed>", "list lists no papers"),
        ("@comment{nothing}", "list is BibTeX without entries"),
    ],
)
def test_garbage(text: str, said: str) -> None:
    """What is no list is one error that says what it is, and another line what to do."""
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.message.startswith(said)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("title,url\nA,b.org/c\n", "csv"),
        ("\ufefftitle;url\nA;b.org/c\n", "csv"),
        ("url\nhttps://a.org/b\n", "csv"),
        ("https://a.org/b\n", "addresses"),
        ('{"title": "A"}\n{"title": "B"}\n', "json-lines"),
        ('[{"title": "A"}]', "json"),
        ("[A](https://a.org/b)\n- [B](https://a.org/c)", "markdown"),
        ("\n\n@article{a, title={B}}", "bibtex"),
        ("TY  - JOUR\nTI  - A\nER  - \n", "ris"),
    ],
)
def test_told_by_content(text: str, name: str) -> None:
    """A list is told by what it holds, whatever it is called."""
    assert told(text) == name


def test_rows_of_json_lines_that_break() -> None:
    """A line that is no JSON is rejected by its number; the others are read."""
    reading = read('{"title": "A"}\n{"title": \n["x"]\n\n{"title": "B", "star": true}\n')
    assert [(e.title, e.star, e.where) for e in reading.entries] == [
        ("A", False, "list:1"),
        ("B", True, "list:5"),
    ]
    assert [said.partition(": ")[0] for said in reading.rejected] == ["list:2", "list:3"]


@pytest.mark.parametrize(
    "todo", ["compare x --> y", "a --!> b", "{{a}} | {%b%} {c} &gt; d", "--&gt", "plain"]
)
def test_a_todo_comes_back_as_it_was_written(todo: str) -> None:
    """What had to be written otherwise inside a comment is read as the person's own words again."""
    said = escape.comment(todo)
    assert "-->" not in said
    post = f"1. [**A**](https://arxiv.org/abs/2401.00001) - Mine. <!-- **TODO:** {said} -->\n"
    (entry,) = tables.parse(post.encode(), "p.md").entries
    assert entry.todo == todo
    assert escape.comment(entry.todo) == said


def test_an_event_keeps_what_its_list_calls_it() -> None:
    """A social stays a social in the CSV that is made of its list; else it is an event."""
    rows = "title,kind\nBeer night,Social\nAda's keynote, invited talk\nOnline or not,panel\n"
    reading = tables.parse(rows.encode(), "l.csv")
    csv = writing.as_csv(reading.entries).decode()
    assert csv.splitlines()[1:] == [
        "Beer night,,Social",
        "Ada's keynote,,invited talk",
        "Online or not,,panel",
    ]
    assert [entry.kind for entry in reading.entries if isinstance(entry, Event)] == [
        "Social", "invited talk", "panel",
    ]  # fmt: skip
    assert writing.as_csv([Event(title="A walk")]).decode().splitlines()[1] == "A walk,,event"
