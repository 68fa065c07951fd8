"""`roundup enrich` and `roundup add`: lists filled from catalogs that a local server plays."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.catalog_site import CatalogSite
from tests.conftest import Roundup

LIST = (
    "title,url,star,take\r\n"
    '"Model Tells You What to Discard: Adaptive KV Cache",'
    'https://openreview.net/forum?id=aaa,yes,"mine, all\r\nmine"\r\n'
    ",https://arxiv.org/abs/2310.10001,,\r\n"
    "Learning to be older than APIs are,https://openreview.net/forum?id=old,,\r\n"
    "Thoughts on a Thing Nobody Catalogued,,,\r\n"
    "On Printed Matters and their DOIs,https://doi.org/10.5555/x1,,\r\n"
)
PAPERS: list[dict[str, Any]] = [
    {
        "openreview": "aaa",
        "arxiv": "2310.01801",
        "title": "Model Tells You What to Discard: Adaptive KV Cache",
        "authors": ["Suyu Ge", "Yunan Zhang"],
        "abstract": "We compress.",
        "venue": "ICLR 2024 oral",
        "tldr": "Compress the cache.",
        "code": "https://github.com/a/b",
    },
    {"arxiv": "2310.10001", "title": "An arXiv Paper of Note", "authors": ["Ada Lovelace"]},
    {
        "openreview": "old",
        "v1": True,
        "title": "Learning to be older than APIs are",
        "authors": ["An Old Hand"],
        "tldr": "It is old.",
    },
    {
        "doi": "10.5555/x1",
        "title": "On Printed Matters and their DOIs",
        "venue": "Journal of Matters",
        "not in s2": True,
    },
    {"arxiv": "2310.10009", "title": "Revisiting Thoughts on a Thing Nobody Catalogued"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a list."""
    (tmp_path / "list.csv").write_bytes(LIST.encode())
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a list."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_list_is_enriched(folder: Path, roundup: Roundup) -> None:
    """Each paper gets what its catalogs know, by its id or surely by its title, and no other's."""
    with CatalogSite(PAPERS) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv")
        assert ran.returncode == 0, ran.stderr
        first, arxiv, old, nobody, printed = rows(folder / "list.csv")
        asked = len(site.seen)
        again = roundup("enrich", "list.csv")
    assert first["authors"] == "Suyu Ge, Yunan Zhang"
    assert first["abstract"] == "We compress."
    assert first["venue"] == "ICLR 2024 oral"
    assert first["author_tldr"] == "Compress the cache."
    assert first["arxiv"] == "arXiv:2310.01801"
    assert first["code"] == "https://github.com/a/b"
    assert first["take"] == "mine, all\r\nmine"
    assert arxiv["title"] == "An arXiv Paper of Note"
    assert arxiv["published"] == "2023-10-10"
    assert old["author_tldr"] == "It is old."
    assert {v for k, v in nobody.items() if k not in {"title", "url"}} == {""}
    assert printed["venue"] == "Journal of Matters"
    assert "list.csv:6: Thoughts on a Thing Nobody Catalogued: not found:" in ran.stderr
    assert "abstract, venue, author_tldr (OpenReview)" in ran.stderr
    # What was there is kept, and asked for once.
    (backup,) = folder.glob(".list.csv.*.backup")
    assert backup.read_bytes() == LIST.encode()
    assert again.returncode == 0
    assert len(site.seen) == asked
    assert "nothing new was found" in again.stderr


def test_what_the_person_wrote_stays(folder: Path, roundup: Roundup) -> None:
    """Each row begins with the bytes that it had, where none of its cells was empty."""
    with CatalogSite(PAPERS) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv", "-o", "out.csv")
    assert ran.returncode == 0, ran.stderr
    assert (folder / "list.csv").read_bytes() == LIST.encode()
    out = (folder / "out.csv").read_bytes().decode()
    for line in LIST.split("\r\n")[1:3]:
        assert line in out
    assert not [*folder.glob(".*backup")]


@pytest.mark.parametrize("fault", ["429", "500", "cut", "torn", "drop"])
def test_passing_faults_pass(fault: str, folder: Path, roundup: Roundup) -> None:
    """A service that is busy, broken or cut off once is asked again, and the list is the same."""
    faults = lambda _path, attempt: fault if attempt == 1 else ""  # noqa: E731
    with CatalogSite(PAPERS[:1], faults=faults) as site:
        (folder / "roundup.toml").write_text(site.toml())
        (folder / "list.csv").write_text("url\nhttps://openreview.net/forum?id=aaa\n")
        ran = roundup("enrich", "list.csv")
    assert ran.returncode == 0, ran.stderr
    (row,) = rows(folder / "list.csv")
    assert row["title"] == PAPERS[0]["title"]
    assert row["code"] == "https://github.com/a/b"


def test_a_browser_is_wanted(folder: Path, roundup: Roundup) -> None:
    """A page that verifies browsers is said once, the others are asked, and the exit code says so.

    When it answers again, only what is missing is asked for.
    """
    with CatalogSite(PAPERS, faults=lambda p, _n: "challenge" * ("openreview" in p)) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv")
        assert ran.returncode == 3
        assert ran.stderr.count("api2.openreview.net wants to verify a browser") == 1
        assert "OPENREVIEW_USERNAME" in ran.stderr
        assert site.count("openreview") == 1
        assert rows(folder / "list.csv")[0]["arxiv"] == "arXiv:2310.01801"
        site.faults = lambda _path, _n: ""
        before = site.count("s2")
        assert roundup("enrich", "list.csv").returncode == 0
        assert site.count("s2") == before
    assert rows(folder / "list.csv")[0]["author_tldr"] == "Compress the cache."


def test_a_long_wait_is_not_waited_for(folder: Path, roundup: Roundup) -> None:
    """A service that wants an hour is left alone, and nothing of it is kept as an answer."""
    faults = lambda path, _n: "429" if path.startswith("/s2/") else ""  # noqa: E731
    with CatalogSite(PAPERS, faults=faults, retry_after="3600") as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv")
        assert "api.semanticscholar.org is over quota for another 60 min" in ran.stderr
        assert site.count("s2") == 1
        site.faults = lambda _path, _n: ""
        roundup("enrich", "list.csv")
        assert site.count("s2") > 1


def test_a_login_is_used(folder: Path, roundup: Roundup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has a name at OpenReview logs in once, and the password is written nowhere."""
    monkeypatch.setenv("OPENREVIEW_USERNAME", "ada@example.org")
    monkeypatch.setenv("OPENREVIEW_PASSWORD", "s3cret")
    with CatalogSite(PAPERS) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv", "--cache-dir", "kept")
        logins = [json.loads(body) for body in site.sent if b"password" in body]
    assert logins == [{"id": "ada@example.org", "password": "s3cret"}]
    assert "s3cret" not in ran.stderr
    assert not any(b"s3cret" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_mistaken_address_gives_nothing(folder: Path, roundup: Roundup) -> None:
    """Where an address is of another paper than the row's title, nothing of that is taken."""
    (folder / "list.csv").write_text(
        "title,url\nQuite Another Subject Altogether,https://openreview.net/forum?id=aaa\n"
    )
    with CatalogSite(PAPERS[:1]) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv")
    assert "OpenReview has another paper at its address (“Model Tells" in ran.stderr
    assert (folder / "list.csv").read_text().count("\n") == 2
    assert "We compress" not in (folder / "list.csv").read_text()


def test_offline_nobody_is_asked(folder: Path, roundup: Roundup) -> None:
    """Offline the list stays as it is, and that is said."""
    ran = roundup("enrich", "list.csv", "--offline")
    assert "was not asked (--offline)" in ran.stderr
    assert (folder / "list.csv").read_bytes() == LIST.encode()


def test_stopped_and_gone_on(folder: Path, roundup: Roundup) -> None:
    """After Ctrl-C the list is as it was; the next run asks only what was not answered."""
    many = [{"openreview": f"id{n}", "title": f"The Paper of Number {n} Exactly"} for n in range(9)]
    (folder / "list.csv").write_text(
        "title,url\n" + "".join(f"{p['title']},https://x.org/{p['openreview']}\n" for p in many)
    )
    slow = lambda path, _n: time.sleep(0.15) or ""  # type: ignore[func-returns-value] # noqa: E731
    with CatalogSite(many, faults=slow) as site:
        (folder / "roundup.toml").write_text(site.toml())
        process = subprocess.Popen(
            [sys.executable, "-m", "summarize", "enrich", "list.csv"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        while site.count("s2") < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Run the same command again" in said
        stopped = {path for path, _ in site.seen}
        assert roundup("enrich", "list.csv").returncode == 0
        repeated = [path for path in stopped if site.asked[path] > 1]
    assert len(repeated) <= 1  # the one that was under way


def test_papers_are_added(folder: Path, roundup: Roundup) -> None:
    """A paper comes last with what its site knows; one that is there is said, by address or title.

    What was there stays, byte for byte.
    """
    new = {"openreview": "new", "title": "A Fresh Paper, about to be Added", "authors": ["N. N."]}
    (folder / "list.csv").write_bytes(LIST.replace("star,take", "authors,take").encode())
    before = (folder / "list.csv").read_bytes()
    with CatalogSite([*PAPERS, new]) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup(
            "add", "list.csv", "https://openreview.net/forum?id=new", "2310.01801",
            "https://openreview.net/pdf?id=aaa", "https://openreview.net/forum?id=new",
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    after = (folder / "list.csv").read_bytes()
    assert after == before + (
        b'"A Fresh Paper, about to be Added",https://openreview.net/forum?id=new,N. N.,\r\n'
    )
    assert ran.stderr.count("already in the list (list.csv:2)") == 2
    assert "already in the list (just added)" in ran.stderr


def test_a_list_is_begun_offline(folder: Path, roundup: Roundup) -> None:
    """Without a list and a network there is a list, with what the address alone says."""
    ran = roundup("add", "new.csv", "2310.13018", "--offline")
    assert ran.returncode == 0, ran.stderr
    (row,) = rows(folder / "new.csv")
    assert row["url"] == "https://arxiv.org/abs/2310.13018"
    assert "--offline" in ran.stderr
    assert "already in the list" in roundup("add", "new.csv", "2310.13018", "--offline").stderr


@pytest.mark.parametrize("given", ["nonsense", "ftp://x.org/a.pdf", ""])
def test_no_address(given: str, folder: Path, roundup: Roundup) -> None:
    """What is no address is refused before anything is written."""
    ran = roundup("add", "list.csv", given)
    assert ran.returncode == 2
    assert "no address of a paper" in ran.stderr
    assert (folder / "list.csv").read_bytes() == LIST.encode()


def test_a_list_of_another_kind(folder: Path, roundup: Roundup) -> None:
    """A Markdown list is refused in one message, and left alone."""
    (folder / "list.md").write_text("# Papers\n\n- [A](https://arxiv.org/abs/2310.13018)\n")
    ran = roundup("add", "list.md", "2310.13018")
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) <= 2
    assert (folder / "list.md").read_text().startswith("# Papers")


def test_one_bad_batch_is_not_all(folder: Path, roundup: Roundup) -> None:
    """Where a service fails for one paper for good, the others are still asked about."""
    papers = [
        {"arxiv": f"2310.1000{n}", "title": f"The Paper Number {n}", "code": f"https://g.org/a/{n}"}
        for n in range(4)
    ]
    urls = "".join(f"https://arxiv.org/abs/{paper['arxiv']}\n" for paper in papers)
    (folder / "list.csv").write_text("url\n" + urls)
    faults = lambda path, _n: "418" if path.endswith("/2310.10001") else ""  # noqa: E731
    with CatalogSite(papers, faults=faults) as site:
        (folder / "roundup.toml").write_text(site.toml())
        ran = roundup("enrich", "list.csv", "-o", "out.csv")
    assert ran.returncode == 0, ran.stderr
    found = rows(folder / "out.csv")
    assert [row["code"] for row in found] == ["https://g.org/a/0", "", "https://g.org/a/2",
                                              "https://g.org/a/3"]  # fmt: skip


def test_a_mirror_that_is_no_address(folder: Path, roundup: Roundup) -> None:
    """A mistake in `[mirrors]` is told by file and host, before anybody is asked."""
    (folder / "roundup.toml").write_text('[mirrors]\n"arxiv.org" = "nowhere"\n')
    ran = roundup("enrich", "list.csv")
    assert ran.returncode == 2
    assert "roundup.toml: [mirrors] arxiv.org is not an address" in ran.stderr


def test_without_a_network_it_is_said_once(folder: Path, roundup: Roundup) -> None:
    """Why nobody was asked is said once for each catalog, and with no word of a login."""
    ran = roundup("enrich", "list.csv", "--offline")
    assert ran.returncode == 3
    assert ran.stderr.count("api2.openreview.net was not asked (--offline)") == 1
    assert "OPENREVIEW_USERNAME" not in ran.stderr
    assert "; OpenReview was not asked; " in ran.stderr
