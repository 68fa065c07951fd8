"""Getting PDFs: over HTTP from a site that misbehaves, and from files."""

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import fetch
from summarize.errors import FetchError, SourceError
from summarize.partial import claimed
from summarize.records import Paper
from summarize.settings import Clock, Settings
from summarize.web import Web, is_loopback, retry_after
from tests.paper_site import BODIES, PaperSite

PAGES = b"%PDF-1.4\n" + b"a page of text\n" * 2000
END = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\nstartxref\n%d\n%%%%EOF\n"
PDF = PAGES + END % len(PAGES)
LIMIT = 10 * 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one PDF, `a.pdf`."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.pdf").write_bytes(PDF)
    return tmp_path / "site"


@pytest.fixture
def get(tmp_path: Path, clock: Clock) -> Callable[..., bytes | str]:
    """Return a function that downloads from addresses: the bytes, or what went wrong."""

    def run(*urls: str, **options: object) -> bytes | str:
        settings = dataclasses.replace(Settings(allow_private=True), **options)  # type: ignore[arg-type]

        async def one() -> bytes:
            async with Web(settings, clock) as web:
                folder = tmp_path / "partial"
                return (await fetch.download(urls, web, folder, settings.max_pdf)).data

        try:
            return asyncio.run(one())
        except FetchError as error:
            return error.message

    return run


def once(fault: str, times: int = 1) -> Callable[[str, int], str]:
    """Return a fault that the first `times` requests for a path meet."""
    return lambda _path, attempt: fault if attempt <= times else ""


@pytest.mark.parametrize("fault", ["429", "429date", "503", "500", "502", "drop", "cut", "short"])
def test_passing_faults_pass(fault: str, folder: Path, get: Callable[..., bytes | str]) -> None:
    """What a quota, a bad gateway or a broken connection costs is one more request."""
    with PaperSite(folder, faults=once(fault)) as site:
        assert get(f"{site.url}/a.pdf") == PDF
    assert site.asked["/a.pdf"] == 2


def test_a_cut_download_is_resumed(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A download that broke off goes on where it stopped, and gives the same bytes."""
    with PaperSite(folder, faults=once("cut")) as site:
        assert get(f"{site.url}/a.pdf") == PDF
    assert site.resumed == 1


def test_a_changed_file_is_not_spliced(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A file that changed between two requests is downloaded anew, never joined of two halves."""
    newer = PDF.replace(b"page", b"leaf") + b"%%EOF\n"

    def faults(_path: str, attempt: int) -> str:
        if attempt == 2:
            (folder / "a.pdf").write_bytes(newer)
        return "cut" if attempt == 1 else ""

    with PaperSite(folder, faults=faults) as site:
        assert get(f"{site.url}/a.pdf") == newer


def test_a_site_without_ranges_starts_over(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A server that ignores `Range` sends all of it again, and nothing stands twice."""
    with PaperSite(folder, faults=once("cut"), ranges=False) as site:
        assert get(f"{site.url}/a.pdf") == PDF


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("login", "wants a login"),
        ("json", "answered with JSON (“The Note was not found”), not a PDF"),
        ("rawgzip", "gave gzip data, not a PDF"),
        ("lfs", "Git LFS pointer"),
        ("empty", "gave an empty file"),
        ("page", "gave a web page, not a PDF"),
        ("403", "refuses (403)"),
        ("404", "has no such page (404)"),
        ("401", "wants a login (401)"),
    ],
)
def test_what_is_not_a_paper_is_named(
    fault: str, words: str, folder: Path, get: Callable[..., bytes | str]
) -> None:
    """What comes instead of a PDF is named for what it is, and asked for only once."""
    with PaperSite(folder, faults=lambda _p, _n: fault) as site:
        said = get(f"{site.url}/a.pdf")
    assert isinstance(said, str)
    assert words in said
    assert site.asked["/a.pdf"] == 1


def test_declared_compression_is_undone(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A body that the server says it compressed is unpacked."""
    with PaperSite(folder, faults=once("gzip")) as site:
        assert get(f"{site.url}/a.pdf") == PDF


def test_a_bomb_is_not_unpacked(tmp_path: Path, get: Callable[..., bytes | str]) -> None:
    """A compressed body that would unfold past the size cap is refused."""
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4" + b"\0" * 5_000_000 + b"%%EOF")
    with PaperSite(tmp_path, faults=once("gzip")) as site:
        assert "unpacks to more than" in str(get(f"{site.url}/b.pdf", max_pdf=2**20))


def test_an_endless_body_is_cut_at_the_cap(tmp_path: Path, get: Callable[..., bytes | str]) -> None:
    """A file over the size cap is given up, and nothing of it is left on disk."""
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4" + b"x" * 3_000_000)
    with PaperSite(tmp_path) as site:
        assert "larger than 1 MB" in str(get(f"{site.url}/b.pdf", max_pdf=2**20))
    assert not list((tmp_path / "partial").iterdir())


def test_a_challenge_is_asked_once_more(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A page that verifies a browser is named, not parsed; one more try may get the paper."""
    with PaperSite(folder, faults=once("challenge")) as site:
        assert get(f"{site.url}/a.pdf") == PDF
    with PaperSite(folder, faults=lambda _p, _n: "challenge") as site:
        assert "wants to verify a browser" in str(get(f"{site.url}/a.pdf"))
        assert site.asked["/a.pdf"] == 2


def test_a_page_that_names_its_pdf_is_followed(
    folder: Path, get: Callable[..., bytes | str]
) -> None:
    """A paper's page leads to the PDF in its `citation_pdf_url`, one hop."""
    page = b'<html><head><meta name="citation_pdf_url" content="/a.pdf?x=1&amp;y=2"></head></html>'
    pages = {"/p": ("text/html", page), "/a.pdf?x=1&y=2": ("application/pdf", PDF)}
    with PaperSite(folder, pages=pages) as site:
        assert get(f"{site.url}/p") == PDF
    circle = {"/p": ("text/html", page.replace(b"/a.pdf?x=1&amp;y=2", b"/p"))}
    with PaperSite(folder, pages=circle) as site:
        assert "gave a web page" in str(get(f"{site.url}/p"))
        assert site.asked["/p"] == 1
    deeper = {
        f"/p{'/p' * n}": ("text/html", page.replace(b"/a.pdf?x=1&amp;y=2", b"p/p"))
        for n in range(9)
    }
    with PaperSite(folder, pages=deeper) as site:
        assert "gave a web page" in str(get(f"{site.url}/p"))
        assert len(site.asked) == 2


def test_the_next_candidate_is_tried(folder: Path, get: Callable[..., bytes | str]) -> None:
    """Where one address has no PDF, the next one is asked."""
    with PaperSite(folder) as site:
        assert get(f"{site.url}/none.pdf", f"{site.url}/a.pdf") == PDF


def test_redirects_are_followed_and_bounded(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A redirect is followed; a circle of them ends with a reason."""
    with PaperSite(folder, faults=lambda p, _n: "redirect:/a.pdf" if p == "/r" else "") as site:
        assert get(f"{site.url}/r") == PDF
    with PaperSite(folder, faults=lambda _p, _n: "redirect:/r") as site:
        assert "redirects in a circle" in str(get(f"{site.url}/r"))


def test_a_redirect_out_of_http_is_refused(folder: Path, get: Callable[..., bytes | str]) -> None:
    """A redirect can't lead to a file of this machine."""
    with PaperSite(folder, faults=lambda _p, _n: "redirect:file:///etc/passwd") as site:
        assert "file addresses are not fetched" in str(get(f"{site.url}/r"))


@pytest.mark.parametrize("target", ["http://[bad", "http://www..org/x", f"http://{'a' * 70}.org/"])
def test_an_address_that_is_none_is_a_reason(
    target: str, folder: Path, get: Callable[..., bytes | str]
) -> None:
    """A redirect or a link to nonsense is a reason, not a crash."""
    with PaperSite(folder, faults=lambda p, _n: f"redirect:{target}" if p == "/r" else "") as site:
        assert isinstance(get(f"{site.url}/r"), str)
    page = f'<html><meta name="citation_pdf_url" content="{target}"></html>'.encode()
    with PaperSite(folder, pages={"/p": ("text/html", page)}) as site:
        assert isinstance(get(f"{site.url}/p"), str)


def test_a_part_that_is_no_longer_there_starts_over(
    folder: Path, get: Callable[..., bytes | str]
) -> None:
    """When the rest of a part can't be had (416), the download begins anew."""
    faults = {1: "cut", 2: "416"}
    with PaperSite(folder, faults=lambda _p, n: faults.get(n, "")) as site:
        assert get(f"{site.url}/a.pdf") == PDF
        assert site.resumed == 0


def test_two_runs_do_not_share_a_part(tmp_path: Path) -> None:
    """While one download holds a name, another one of the same address gets its own."""
    name = tmp_path / "partial" / "x"
    with claimed(name) as first, claimed(name) as second, claimed(name) as third:
        assert first == name
        assert len({first, second, third}) == 3
    with claimed(name) as again:
        assert again == name
    assert not list((tmp_path / "partial").iterdir())


def run_many(count: int, url: str, tmp_path: Path, clock: Clock, **options: object) -> list[str]:
    """Download `count` papers of one host at once; return what went wrong with each."""
    settings = dataclasses.replace(Settings(allow_private=True), **options)  # type: ignore[arg-type]

    async def one(web: Web, n: int) -> str:
        try:
            await fetch.download([f"{url}/{n}.pdf"], web, tmp_path / "partial", LIMIT)
        except FetchError as error:
            return error.message
        return ""

    async def every() -> list[str]:
        async with Web(settings, clock) as web:
            return list(await asyncio.gather(*(one(web, n) for n in range(count))))

    return asyncio.run(every())


def test_a_dead_host_is_asked_once(tmp_path: Path, clock: Clock) -> None:
    """67 papers of a host that can't be reached cost one connection."""
    with PaperSite(tmp_path) as site:
        dead = site.url
    opened = 0
    loop = asyncio.selector_events.BaseSelectorEventLoop
    connect = loop.sock_connect

    async def counted(self: object, sock: object, address: object) -> None:
        nonlocal opened
        opened += 1
        await connect(self, sock, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "sock_connect", counted)
        said = run_many(67, dead, tmp_path, clock)
    assert all("can't be reached" in text for text in said)
    assert opened <= 1


def test_a_host_over_quota_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    """A host that asks for an hour is asked by one paper, and the others are told why."""
    with PaperSite(tmp_path, faults=lambda _p, _n: "429", retry_after="3600") as site:
        said = run_many(67, site.url, tmp_path, clock)
    assert all("over quota for another 60 min" in text for text in said)
    assert sum(site.asked.values()) == 1


def test_a_host_that_keeps_failing_is_given_up(tmp_path: Path, clock: Clock) -> None:
    """A host that answers 500 to everything is given up after a few papers."""
    with PaperSite(tmp_path, faults=lambda _p, _n: "500") as site:
        said = run_many(67, site.url, tmp_path, clock, fetch_attempts=3)
    assert sum("kept failing" in text for text in said) > 50
    assert sum(site.asked.values()) <= 3 * 6


def test_offline_asks_only_this_machine(folder: Path, get: Callable[..., bytes | str]) -> None:
    """`--offline` allows loopback and nothing else."""
    with PaperSite(folder) as site:
        assert get(f"{site.url}/a.pdf", offline=True) == PDF
    said = get("https://openreview.net/pdf?id=x", offline=True)
    assert said == "openreview.net was not asked (--offline)"


def test_the_agent_says_who_asks(folder: Path, get: Callable[..., bytes | str]) -> None:
    """Every request names the tool, and the contact that the person set."""
    with PaperSite(folder) as site:
        get(f"{site.url}/a.pdf", contact="mailto:me@example.org")
    assert all("roundup/" in a and "mailto:me@example.org" in a for a in site.agents)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        ("Tue, 14 Nov 2000 22:14:20 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(header: str | None, seconds: float | None) -> None:
    """`Retry-After` is read as seconds and as a date; nonsense says nothing."""
    assert retry_after(header, now=1_700_000_000.0) == seconds


@given(st.text())
def test_retry_after_of_anything(header: str) -> None:
    """No header, however odd, raises or gives a negative wait."""
    found = retry_after(header, now=0.0)
    assert found is None or not found < 0


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("[::1]", True), ("127.9.9.9", True),
     ("a.localhost", True), ("10.0.0.1", False), ("localhost.evil.org", False), ("", False)],
)  # fmt: skip
def test_loopback(host: str, here: bool) -> None:
    """Only this very machine counts as loopback."""
    assert is_loopback(host) is here


@given(st.binary(max_size=2000))
def test_check_of_anything(head: bytes) -> None:
    """Bytes are a PDF by their header, or are refused with a reason: nothing else can happen."""
    if b"%PDF-" in head[:1024]:
        fetch.check(head, "site")
    else:
        with pytest.raises(FetchError, match=r"^site "):
            fetch.check(head, "site")


@pytest.mark.parametrize("fault", sorted(BODIES))
def test_nothing_but_a_pdf_passes_the_check(fault: str) -> None:
    """Not one of the bodies that sites send instead of a paper is taken for one."""
    with pytest.raises(FetchError):
        fetch.check(BODIES[fault][1], "site")


@pytest.mark.parametrize(
    "name",
    [
        "pmlr-v37-an15.pdf",  # its key
        "an15.PDF",  # the last part of its address
        "deep/er/an15.pdf",  # in a folder below
        "How Can Rectifiers Separate.pdf",  # its title
        "how-can-rectifiers-separate.pdf",  # a slug of it
    ],
)
def test_a_folder_finds_a_paper(name: str, tmp_path: Path) -> None:
    """A PDF is found by key, by the last part of the address, or by a slug of the title."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
    (tmp_path / "other.pdf").write_bytes(PDF)
    paper = Paper(
        key="pmlr-v37-an15",
        title="How Can Rectifiers Separate?",
        url="http://proceedings.mlr.press/v37/an15.html",
    )
    assert fetch.Folder(tmp_path, [paper]).find(paper) == path


def test_a_folder_does_not_guess(tmp_path: Path) -> None:
    """A paper whose file is not there gets no other paper's."""
    (tmp_path / "other.pdf").write_bytes(PDF)
    paper = Paper(key="k", title="A title", url="https://openreview.net/forum?id=k")
    assert fetch.Folder(tmp_path, [paper]).find(paper) is None


@pytest.mark.parametrize(
    ("file", "urls"),
    [
        ("paper.pdf", ["https://a.org/x/paper.pdf"]),  # a word that names nothing
        ("camera.pdf", ["https://a.org/x/camera.pdf", "https://b.org/y/camera.pdf"]),  # two's
        ("1.pdf", ["https://a.org/view?id=1"]),  # a number
        ("0704.pdf", ["https://arxiv.org/abs/0704.0001"]),  # half an identifier
    ],
)
def test_a_folder_gives_no_paper_another_ones_file(
    file: str, urls: list[str], tmp_path: Path
) -> None:
    """The end of an address finds a file only where it can name but one paper."""
    (tmp_path / file).write_bytes(PDF)
    papers = [Paper(key=f"key-{i}", url=url) for i, url in enumerate(urls)]
    folder = fetch.Folder(tmp_path, papers)
    assert [folder.find(paper) for paper in papers] == [None] * len(papers)


@pytest.mark.parametrize("cell", ["yes", "x", "~nobody-of-that-name/x.pdf", "gone.pdf", "a\0.pdf"])
def test_a_bad_pdf_cell_is_a_reason_or_nothing(cell: str, tmp_path: Path) -> None:
    """A checkbox in the `pdf` column is no path; a path that leads nowhere is a named reason."""
    path = fetch.local(Paper(key="k", pdf=cell), None, Settings(list_dir=tmp_path))
    if path is not None:
        with pytest.raises(FetchError, match="can't be read"):
            fetch.identity(path)
    assert (path is None) == ("." not in cell)


def test_an_openreview_file_is_found_by_its_id(tmp_path: Path) -> None:
    """`forum?id=X` finds `X.pdf`, in the case in which OpenReview writes it."""
    (tmp_path / "aBc.pdf").write_bytes(PDF)
    (tmp_path / "AbC.pdf").write_bytes(PDF)
    paper = Paper(key="AbC", url="https://openreview.net/forum?id=AbC")
    found = fetch.Folder(tmp_path, [paper]).find(paper)
    assert found == tmp_path / "AbC.pdf"


def test_a_path_in_the_list_is_relative_to_it(tmp_path: Path) -> None:
    """A `pdf` column may name a file beside the list."""
    (tmp_path / "a.pdf").write_bytes(PDF)
    settings = Settings(list_dir=tmp_path)
    path = fetch.local(Paper(key="k", pdf="a.pdf"), None, settings)
    assert path is not None
    assert fetch.load(path, LIMIT) == PDF


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    """A path that leads to something else is named, and its content goes nowhere."""
    (tmp_path / "secret").write_text("root:x:0:0")
    with pytest.raises(FetchError, match="secret is no PDF"):
        fetch.load(tmp_path / "secret", LIMIT)


def test_an_address_that_is_none_is_a_source_error() -> None:
    """`file:` and the like are refused by name before anything is opened."""
    with pytest.raises(SourceError, match="file:///etc/passwd is no address"):
        fetch.addresses(Paper(key="k", url="file:///etc/passwd"))
    with pytest.raises(SourceError, match="gives no address"):
        fetch.addresses(Paper(key="k"))
