"""OpenReview gives so many PDFs an hour: then arXiv's copy is read, and that is said."""

import json
from pathlib import Path

import pytest

from summarize import sources
from summarize.records import Paper
from tests.catalog_site import CatalogSite
from tests.conftest import Roundup
from tests.paper_site import PaperSite

TITLE = "A mirror on the bench"
FORUM = "https://openreview.net/forum?id=aaa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a list of one paper, and a site's folder with its PDF."""
    (tmp_path / "list.csv").write_text(f"title,url\n{TITLE},{FORUM}\n")
    (tmp_path / "site").mkdir()
    pdf = next((Path(__file__).parent.parent / "examples").rglob("*.pdf"))
    (tmp_path / "site" / "2310.10001").write_bytes(pdf.read_bytes())
    return tmp_path


def mirrors(catalogs: CatalogSite, openreview: PaperSite, arxiv: PaperSite) -> str:
    """Return a workspace's file that sends everything to these servers."""
    sites = f'"openreview.net" = "{openreview.url}"\n"arxiv.org" = "{arxiv.url}"\n'
    return catalogs.toml() + sites


@pytest.mark.parametrize("fault", ["429", "challenge", "503"])
def test_arxivs_copy_is_read(fault: str, folder: Path, roundup: Roundup) -> None:
    """Over quota or behind a challenge, the copy of the same title is read, kept and named.

    A run from the cache names it too, and asks nobody.
    """
    paper = {"arxiv": "2310.10001", "title": TITLE}
    with (
        CatalogSite([paper]) as catalogs,
        PaperSite(folder, faults=lambda _p, _n: fault, retry_after="7200") as openreview,
        PaperSite(folder / "site") as arxiv,
    ):
        (folder / "roundup.toml").write_text(mirrors(catalogs, openreview, arxiv))
        ran = roundup("draft", "list.csv", "-o", "post.md", "--json")
        assert ran.returncode == 0, ran.stderr
        asked = (len(catalogs.seen), len(openreview.seen), len(arxiv.seen))
        again = roundup("draft", "list.csv", "-o", "post.md", "--json", "--offline")
        assert (len(catalogs.seen), len(openreview.seen), len(arxiv.seen)) == asked
    (done,) = [e for e in map(json.loads, ran.stdout.splitlines()) if e["event"] == "done"]
    said = "verify a browser" if fault == "challenge" else "over quota"
    assert done["receipt"]["copy_read"].startswith("arxiv.org's copy: openreview.net")
    assert said in done["receipt"]["copy_read"]
    assert done["receipt"]["pdf"] == "https://arxiv.org/pdf/2310.10001"
    assert done["receipt"]["basis"] == "paper"
    assert "× read from arxiv.org's copy" in ran.stderr
    (cached,) = [e for e in map(json.loads, again.stdout.splitlines()) if e["event"] == "done"]
    assert cached["receipt"]["copy_read"] == "arxiv.org's copy, not openreview.net's"
    assert "arxiv.org's copy" in (folder / "post.md").read_text()


def test_another_papers_copy_is_not_read(folder: Path, roundup: Roundup) -> None:
    """A paper of a title that is only like it is not read in its place."""
    other = {"arxiv": "2310.10001", "title": f"{TITLE}, Revisited"}
    with (
        CatalogSite([other]) as catalogs,
        PaperSite(folder, faults=lambda _p, _n: "429", retry_after="7200") as openreview,
        PaperSite(folder / "site") as arxiv,
    ):
        (folder / "roundup.toml").write_text(mirrors(catalogs, openreview, arxiv))
        ran = roundup("draft", "list.csv", "-o", "post.md")
    assert ran.returncode == 3
    assert "openreview.net is over quota for another 120 min" in ran.stderr
    assert not arxiv.seen


def test_openreviews_own_comes_first(folder: Path, roundup: Roundup) -> None:
    """While OpenReview gives PDFs, its own is read, also where the list names arXiv's."""
    (folder / "list.csv").write_text(f"title,url,arxiv\n{TITLE},{FORUM},arXiv:2310.10001\n")
    (folder / "site" / "pdf?id=aaa").write_bytes((folder / "site" / "2310.10001").read_bytes())
    with (
        CatalogSite([]) as catalogs,
        PaperSite(folder / "site") as openreview,
        PaperSite(folder / "site") as arxiv,
    ):
        (folder / "roundup.toml").write_text(mirrors(catalogs, openreview, arxiv))
        ran = roundup("draft", "list.csv", "-o", "post.md", "--json")
    (done,) = [e for e in map(json.loads, ran.stdout.splitlines()) if e["event"] == "done"]
    assert done["receipt"]["copy_read"] == ""
    assert not arxiv.seen
    assert not catalogs.seen


def test_candidates_in_order() -> None:
    """ArXiv's page beside OpenReview's is its copy; an address of a PDF is what is to be read."""
    openreview, page = "https://openreview.net/pdf?id=aaa", "https://arxiv.org/abs/2310.10001"
    copy = "https://arxiv.org/pdf/2310.10001"
    assert sources.candidates(Paper(key="a", url=FORUM, pdf=page)) == [openreview, copy]
    assert sources.candidates(Paper(key="a", url=FORUM, pdf=copy)) == [copy, openreview]
    assert sources.wants_copy(Paper(key="a", title=TITLE, url=FORUM))
    assert not sources.wants_copy(Paper(key="a", title=TITLE, url=FORUM, pdf=page))
    assert not sources.wants_copy(Paper(key="a", title=TITLE, url="https://x.org/a.pdf"))
