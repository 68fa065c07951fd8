"""`roundup import`: lists turned into a CSV, from files and from sites."""

import asyncio
import csv
import io
import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from summarize.errors import BackendError, FetchError, InputError
from summarize.gather import gather, is_live
from summarize.gather.asking import Asking
from summarize.gather.pages import machine_readable
from summarize.records import Paper, ReadingList
from summarize.settings import Clock, Settings
from tests.conftest import Roundup
from tests.listening import Listening
from tests.test_lists import PMLR

ABSTRACT = (
    "We present a method that learns from few examples. It reaches 91.3% on a benchmark of images, "
    "which is 4.2 points more than the best method before, and needs half of the time. We show "
    "that this holds for texts as well."
)
LIST = "title,url,take\nA,https://arxiv.org/abs/2310.13018,Neat.\nB,b.org/c,\n"


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


# --- the command ----------------------------------------------------------------------------------


def test_import_prints(roundup: Roundup, tmp_path: Path) -> None:
    """Without -o the CSV is printed, and what is to be said goes to the other stream."""
    (tmp_path / "list.bib").write_text("@misc{a, title={A}, eprint={2310.13018}}")
    done = roundup("import", "list.bib")
    assert (done.returncode, done.stderr) == (0, "1 row\n")
    assert rows(done.stdout) == [{"title": "A", "url": "https://arxiv.org/abs/2310.13018"}]


def test_import_from_a_pipe(roundup: Roundup) -> None:
    """A list may come through a pipe."""
    done = roundup("import", "-", input="https://arxiv.org/abs/2310.13018\nno paper\n2310.13019\n")
    assert [row["url"][-5:] for row in rows(done.stdout)] == ["13018", "13019"]
    assert done.returncode == 3
    assert "stdin:2: no address or identifier of a paper" in done.stderr


def test_import_never_writes_over(roundup: Roundup, tmp_path: Path) -> None:
    """A file that exists stays as it is; with --force it is replaced, and kept as a backup."""
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "out.csv").write_text("mine")
    done = roundup("import", "list.csv", "-o", "out.csv")
    assert (done.returncode, (tmp_path / "out.csv").read_text()) == (2, "mine")
    assert "--force" in done.stderr
    done = roundup("import", "list.csv", "-o", "out.csv", "--force")
    assert done.returncode == 0
    assert len(rows((tmp_path / "out.csv").read_text("utf-8"))) == 2
    (backup,) = tmp_path.glob(".out.csv.*.backup")
    assert backup.read_text() == "mine"


def test_import_of_nothing(roundup: Roundup, tmp_path: Path) -> None:
    """A list of which no row can be used writes nothing, and says why."""
    (tmp_path / "list.csv").write_text("title,url\n,\n")
    (tmp_path / "other.json").write_text('[{"abstract": "A", "title": ""}]')
    for name, said in (("list.csv", "has a header but no rows"), ("other.json", "neither a title")):
        done = roundup("import", name, "-o", "out.csv")
        assert (done.returncode, said in done.stderr) == (2, True)
        assert not (tmp_path / "out.csv").exists()


def test_import_is_light() -> None:
    """Importing a CSV loads no heavy library: no HTTP, no model's, no other format's."""
    code = (
        "import sys; from summarize.cli import main; from summarize.records import Paper\n"
        "sys.argv = ['roundup', 'import', '-']\ntry: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in {'litellm', 'pypdf', 'rich', 'numpy', "
        "'bibtexparser', 'rispy', 'python_calamine', 'pylatexenc'}], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=LIST, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_iclr_accepted(roundup: Roundup, shared: Path, tmp_path: Path) -> None:
    """A venue's 2,251 papers come out as so many rows, and again the same from these."""
    done = roundup("import", shared / "data" / "iclr2024_accepted.csv", "-o", "out.csv")
    assert done.returncode == 0
    found = rows((tmp_path / "out.csv").read_text("utf-8"))
    assert len(found) == 2251
    by_title = {row["title"]: row for row in found}
    registers = by_title["Vision Transformers Need Registers"]
    assert registers["url"] == "https://openreview.net/forum?id=2dnO3LLiJ1"
    assert registers["abstract"].startswith("Transformers have recently emerged as a powerful tool")
    assert roundup("import", "out.csv", "-o", "again.csv").returncode == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()


def test_drafted_posts_are_lists(roundup: Roundup, tmp_path: Path) -> None:
    """A post gives back the list it was drafted from: what was generated is no one's take."""
    (tmp_path / "list.csv").write_text(
        "title,url,section,take,todo,abstract\n"
        "A Title,https://arxiv.org/abs/2310.13018,Day 1,Neat.,read,We show that it works well.\n"
        f'Another,https://arxiv.org/abs/2310.13019,Day 1,,,"{ABSTRACT}"\n'
        "Third,,Day 2,,,\n"
    )
    draft = roundup("draft", "list.csv", "--offline", "--abstract-only", "-o", "post.md")
    assert draft.returncode == 3, draft.stderr
    assert "We present a method" in (tmp_path / "post.md").read_text("utf-8")
    done = roundup("import", "post.md")
    takes = [(row["title"], row["take"], row["todo"], row["abstract"]) for row in rows(done.stdout)]
    assert takes[:2] == [
        ("A Title", "Neat.", "read", "We show that it works well."),
        ("Another", "", "", ABSTRACT),
    ]
    assert takes[2][:2] == ("Third", "")
    post = tmp_path / "post.md"
    post.write_text(post.read_text("utf-8").replace("Neat.", "Very neat."), "utf-8")
    assert rows(roundup("import", "post.md").stdout)[0]["take"].startswith("Very neat.")


def test_a_list_is_not_drafted_over(roundup: Roundup, tmp_path: Path) -> None:
    """Drafting from a post never writes into that post."""
    text = "# Day 1\n1. [**A**](https://arxiv.org/abs/2310.13018) - Mine.\n"
    (tmp_path / "post.md").write_text(text)
    done = roundup("draft", "post.md", "--offline", "--cache-dir", "cache")
    assert done.returncode == 2
    assert "is the list itself" in done.stderr
    assert (tmp_path / "post.md").read_text() == text


@pytest.mark.parametrize("command", ["draft", "plan"])
def test_every_format_goes_into_a_post(command: str, roundup: Roundup, tmp_path: Path) -> None:
    """`draft` and `plan` take any format; a list from a pipe has a name of its own."""
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2310.13018v1</id>'
        f"<title>A Title</title><summary>{ABSTRACT}</summary></entry></feed>"
    )
    more = ["--offline", "--abstract-only", "--cache-dir", "cache"]
    done = roundup(command, "-", *more, input=feed)
    assert done.returncode == 0, done.stderr
    if command == "draft":
        assert "We present a method" in (tmp_path / "reading-list.md").read_text("utf-8")


# --- from sites -----------------------------------------------------------------------------------


class Site(Listening):
    """A server that answers each path with what `answers` has for it; a context manager."""

    def __init__(self, answers: Any) -> None:
        self.asked: list[str] = []
        self.sent: list[tuple[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])))

            def _answer(self, body: bytes) -> None:
                site.asked.append(self.path)
                site.sent.append((self.headers.get("Authorization", ""), body.decode()))
                status, headers, data = answers(self.path, len(site.asked))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        super().__init__(Handler)


def fetched(source: str, site: Site, clock: Clock, **options: Any) -> ReadingList:
    """Fetch a list from a server that plays OpenReview and arXiv."""
    asking = Asking(
        settings=Settings(fetch_attempts=3, allow_private=True),
        clock=clock,
        openreview=(f"{site.url}/v2", f"{site.url}/v1"),
        arxiv=f"{site.url}/api/query",
        **options,
    )
    return asyncio.run(gather(source, asking))


def venue(path: str, count: int) -> tuple[int, dict[str, str], bytes]:
    """Answer as OpenReview does for a venue of so many papers."""
    asked = parse_qs(urlsplit(path).query)
    start, many = int(asked["offset"][0]), int(asked["limit"][0])
    notes = [
        {"id": f"p{n}", "forum": f"p{n}", "content": {"title": {"value": f"Title {n}"}}}
        for n in range(start, min(start + many, count))
    ]
    return 200, {}, json.dumps({"notes": notes, "count": count}).encode()


CHALLENGE = b"<html><head><title>Verifying your browser | OpenReview</title></head></html>"


def test_openreview_by_pages(clock: Clock) -> None:
    """A venue is asked for page by page, and all of its papers come."""
    with Site(lambda path, _: venue(path, 1203)) as site:
        reading = fetched("openreview:ICLR.cc/2024/Conference", site, clock)
    assert len(reading.entries) == 1203
    assert [parse_qs(urlsplit(path).query)["offset"][0] for path in site.asked] == [
        "0",
        "500",
        "1000",
    ]
    assert reading.entries[0].url == "https://openreview.net/forum?id=p0"


def test_openreview_logs_in(clock: Clock) -> None:
    """With an account, a token is asked for first, and shown with each question."""

    def answer(path: str, _: int) -> tuple[int, dict[str, str], bytes]:
        return (200, {}, b'{"token": "secret"}') if path == "/v2/login" else venue(path, 2)

    with Site(answer) as site:
        fetched("openreview:X", site, clock, user="me@a.org", password="pw")
    assert json.loads(site.sent[0][1]) == {"id": "me@a.org", "password": "pw"}
    assert [sent[0] for sent in site.sent] == ["", "Bearer secret"]


def test_openreview_refuses_the_login(clock: Clock) -> None:
    """A login that is refused says so, and which variables to look at; no password is shown."""
    said = b'{"name": "Error", "message": "Invalid username or password"}'
    with Site(lambda *_: (400, {}, said)) as site, pytest.raises(InputError) as caught:
        fetched("openreview:X", site, clock, user="me@a.org", password="pw-1234")
    assert "Invalid username or password" in caught.value.message
    assert "OPENREVIEW_PASSWORD" in caught.value.hint
    assert "pw-1234" not in caught.value.message + caught.value.hint


def test_openreview_shows_its_challenge(clock: Clock) -> None:
    """The page for browsers instead of an answer is named, and what to do about it."""
    with Site(lambda *_: (200, {}, CHALLENGE)) as site, pytest.raises(BackendError) as caught:
        fetched("openreview:X", site, clock)
    assert "Verifying your browser" in caught.value.message
    assert "OPENREVIEW_USERNAME" in caught.value.hint


def test_openreview_is_over_quota(clock: Clock) -> None:
    """Where OpenReview says to wait, it is waited for; where it goes on, the error says so."""
    over = (429, {"Retry-After": "30"}, b'{"message": "Too many requests"}')
    with Site(lambda path, at: over if at == 1 else venue(path, 2)) as site:
        assert len(fetched("openreview:X", site, clock).entries) == 2
    with (
        Site(lambda *_: over) as site,
        pytest.raises(FetchError, match="Too many requests") as caught,
    ):
        fetched("openreview:X", site, clock)
    assert "500 answers an hour" in caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1:9", "api2.openreview.invalid"])
def test_openreview_is_not_reached(host: str, clock: Clock) -> None:
    """Where nothing can be reached, the error says so, and nothing of a quota."""
    asking = Asking(
        settings=Settings(fetch_attempts=2, allow_private=True),
        clock=clock,
        openreview=(f"http://{host}", f"http://{host}"),
    )
    with pytest.raises(FetchError, match=f"{host} can't be reached") as caught:
        asyncio.run(gather("openreview:X", asking))
    assert "online" in caught.value.hint
    assert "an hour" not in caught.value.hint


@pytest.mark.parametrize("source", ["https://a.invalid/list", "arxiv:cat:cs.LG"])
@pytest.mark.parametrize("offline", [True, False])
def test_a_site_is_not_reached(source: str, offline: bool, clock: Clock) -> None:
    """Where nothing can be reached the error says what to look at, unless offline was meant."""
    options = Settings(fetch_attempts=2, offline=offline)
    asking = Asking(settings=options, clock=clock, arxiv="https://a.invalid/api")
    with pytest.raises(FetchError, match=r"a\.invalid") as caught:
        asyncio.run(gather(source, asking))
    assert ("online" in caught.value.hint) != offline


def test_openreview_of_older_venues(clock: Clock) -> None:
    """A venue that API 2 does not know is looked for in API 1; one that none knows is an error."""

    def old(path: str, _: int) -> tuple[int, dict[str, str], bytes]:
        return venue(path, 3 if path.startswith("/v1") else 0)

    with Site(old) as site:
        assert len(fetched("openreview:X", site, clock).entries) == 3
    with Site(lambda path, _: venue(path, 0)) as site, pytest.raises(InputError, match="knows no"):
        fetched("openreview:X", site, clock)


def feed(path: str, total: int) -> tuple[int, dict[str, str], bytes]:
    """Answer as arXiv does."""
    asked = parse_qs(urlsplit(path).query)
    start, many = int(asked["start"][0]), int(asked["max_results"][0])
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/24{n // 1000 + 1:02d}.{n % 1000 + 10000}v1</id>"
        f"<title>Title {n}</title></entry>"
        for n in range(start, min(start + many, total))
    )
    head = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="x"><opensearch:totalResults>'
    )
    return 200, {}, f"{head}{total}</opensearch:totalResults>{entries}</feed>".encode()


def test_arxiv_query(clock: Clock) -> None:
    """A query brings the newest hundred, or as many as are asked for, and says what it left."""
    with Site(lambda path, _: feed(path, 5000)) as site:
        reading = fetched("arxiv:cat:cs.LG AND ti:spiking", site, clock)
        more = fetched("arxiv:cat:cs.LG", site, clock, limit=450)
    assert len(reading.entries) == 100
    assert "arXiv finds 5,000" in reading.notices[-1]
    assert parse_qs(urlsplit(site.asked[0]).query)["search_query"] == ["cat:cs.LG AND ti:spiking"]
    assert len({entry.url for entry in more.entries}) == 450
    assert len(site.asked) == 1 + 3


def test_arxiv_identifiers(clock: Clock) -> None:
    """Identifiers are asked for as such."""
    with Site(lambda path, _: feed(path, 2)) as site:
        reading = fetched("arxiv:2401.10000, hep-th/9901001", site, clock)
    assert len(reading.entries) == 2
    assert parse_qs(urlsplit(site.asked[0]).query)["id_list"] == ["2401.10000,hep-th/9901001"]


def test_a_page(clock: Clock) -> None:
    """A page at an address is read as what it is, redirects followed."""

    def answer(path: str, _: int) -> tuple[int, dict[str, str], bytes]:
        return (302, {"Location": "/v37/"}, b"") if path == "/" else (200, {}, PMLR.encode())

    with Site(answer) as site:
        (paper,) = fetched(f"{site.url}/", site, clock).entries
    assert isinstance(paper, Paper)
    assert paper.key == "pmlr-v37-a15"


def test_a_page_that_is_not_there(clock: Clock) -> None:
    """A page that can't be had is an error that says why."""
    with Site(lambda *_: (404, {}, b"")) as site, pytest.raises(FetchError, match="no such page"):
        fetched(f"{site.url}/x", site, clock)


def test_offline() -> None:
    """With --offline no site is asked."""
    for source in ("openreview:X", "arxiv:cat:cs.LG", "https://example.org/list"):
        asking = Asking(settings=Settings(offline=True), clock=Clock())
        with pytest.raises(FetchError, match="was not asked"):
            asyncio.run(gather(source, asking))


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("https://neurips.cc/virtual/2025/papers.html",
         "https://neurips.cc/static/virtual/data/neurips-2025-orals-posters.json"),
        ("https://iclr.cc/virtual/2024/loc/x/index",
         "https://iclr.cc/static/virtual/data/iclr-2024-orals-posters.json"),
        ("https://iclr.cc/virtual/2026/poster/1", "https://iclr.cc/virtual/2026/poster/1"),
        ("https://aclanthology.org/volumes/2024.acl-long/",
         "https://aclanthology.org/volumes/2024.acl-long.bib"),
        ("https://proceedings.mlr.press/v37/", "https://proceedings.mlr.press/v37/"),
    ],
)  # fmt: skip
def test_what_sites_have_for_machines(page: str, data: str) -> None:
    """Of a site's page, what it has for machines is fetched, where it has that."""
    assert machine_readable(page) == data


@pytest.mark.parametrize(
    ("source", "live"),
    [("openreview:ICLR.cc/2024/Conference", True), ("arxiv:2310.13018", True), ("x.csv", False),
     ("https://a.org", True), ("C:\\x.csv", False), ("-", False), ("notes:x.csv", False)],
)  # fmt: skip
def test_what_is_fetched(source: str, live: bool) -> None:
    """A source is fetched if its scheme says so; a drive's letter is no scheme."""
    assert is_live(source) == live
