"""What a list, a redirect or a page names is not let into a private network."""

import asyncio
import ipaddress
import random
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from summarize.errors import FetchError
from summarize.settings import Clock, Settings
from summarize.web import Web, links
from summarize.web.addresses import is_public, literal
from tests.conftest import Roundup
from tests.listening import Listening
from tests.paper_site import PaperSite

PRIVATE = "is an address inside a private network: give --allow-private if it is yours"
SCHEME = "addresses are not fetched"
SECRET = "holds a name or a password"
INVALID = "is not a valid one"

FORMS = {  # what a stranger may write, and what is said of it
    "http://127.0.0.1/": PRIVATE,
    "http://127.0.0.1:8080/admin": PRIVATE,
    "http://localhost/": PRIVATE,
    "http://LOCALHOST./": PRIVATE,
    "http://a.localhost/": PRIVATE,
    "http://2130706433/": PRIVATE,  # decimal
    "http://0177.0.0.1/": PRIVATE,  # octal
    "http://017700000001/": PRIVATE,
    "http://0x7f000001/": PRIVATE,  # hex
    "http://0x7f.0x0.0x0.0x1/": PRIVATE,
    "http://127.1/": PRIVATE,  # short
    "http://127.0.1/": PRIVATE,
    "http://0/": PRIVATE,
    "http://0.0.0.0/": PRIVATE,
    "http://127.0.0.1./": PRIVATE,  # a trailing dot
    "http://127。0。0。1/": PRIVATE,  # dots and digits that become others
    "http://①②⑦.⓪.⓪.①/": PRIVATE,
    "http://10.0.0.1/": PRIVATE,
    "http://172.16.0.1/": PRIVATE,
    "http://192.168.1.1/": PRIVATE,
    "http://100.64.0.1/": PRIVATE,  # carriers' NAT
    "http://100.100.100.200/latest/meta-data/": PRIVATE,  # metadata, by several clouds
    "http://169.254.169.254/latest/meta-data/": PRIVATE,
    "http://2852039166/": PRIVATE,
    "http://0xa9.0xfe.0xa9.0xfe/": PRIVATE,
    "http://168.63.129.16/": PRIVATE,
    "http://192.0.0.192/": PRIVATE,
    "http://metadata.google.internal/": PRIVATE,
    "http://printer.local/": PRIVATE,
    "http://router.home.arpa/": PRIVATE,
    "http://224.0.0.1/": PRIVATE,  # multicast
    "http://255.255.255.255/": PRIVATE,
    "http://[::1]/": PRIVATE,
    "http://[::]/": PRIVATE,
    "http://[fe80::1]/": PRIVATE,
    "http://[fe80::1%25eth0]/": PRIVATE,
    "http://[fd00:ec2::254]/": PRIVATE,
    "http://[fec0::1]/": PRIVATE,
    "http://[ff02::1]/": PRIVATE,
    "http://[::ffff:127.0.0.1]/": PRIVATE,  # IPv4 within IPv6
    "http://[::ffff:a9fe:a9fe]/": PRIVATE,
    "http://[::127.0.0.1]/": PRIVATE,
    "http://[64:ff9b::127.0.0.1]/": PRIVATE,
    "http://[64:ff9b:1::1]/": PRIVATE,
    "http://[2002:7f00:1::]/": PRIVATE,
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/": PRIVATE,
    "http://someone:secret@papers.example/": SECRET,
    "http://someone@papers.example/": SECRET,
    "http://papers.example@127.0.0.1/": SECRET,
    "http://papers.example:80@127.0.0.1/": SECRET,
    "http://papers.example\\@127.0.0.1/": INVALID,
    "http://[::1/": INVALID,
    "http://papers.example:99999/": INVALID,
    "http://papers.example#@127.0.0.1/": "can't be reached",  # a fragment: its host is the first
    "file:///etc/passwd": SCHEME,
    "data:application/pdf;base64,JVBERi0=": SCHEME,
    "ftp://papers.example/a.pdf": SCHEME,
    "gopher://127.0.0.1:6379/_INFO": SCHEME,
    "javascript:alert(1)": SCHEME,
    "http:///etc/passwd": SCHEME,
    "//127.0.0.1/a.pdf": SCHEME,
}


Names = dict[str, list[list[str]]]  # what a name resolves to, one time after the other


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Callable[[Names], list[str]]:
    """Return a function that plays the DNS, and gives the list of addresses connected to."""

    def play(names: Names) -> list[str]:
        tried: list[str] = []
        connect = socket.socket.connect

        def resolved(host: Any, port: Any, *args: Any, **options: Any) -> Any:
            answers = names.get(str(host))
            if answers is None:
                numeric = literal(str(host))  # as the C library would
                if numeric is None:
                    raise socket.gaierror(socket.EAI_NONAME, "no such name")
                return [_info(str(numeric), port)]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            return [_info(address, port) for address in answer]

        def connecting(self: socket.socket, address: Any) -> None:
            if self.family == socket.AF_UNIX or address[1] in allowed:
                return connect(self, address)
            tried.append(address[0])
            raise ConnectionRefusedError(111, "refused")

        allowed: set[int] = set()
        play.allowed = allowed  # type: ignore[attr-defined]
        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        monkeypatch.setattr(socket.socket, "connect", connecting)
        return tried

    return play


def _info(address: str, port: Any) -> tuple[Any, ...]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port or 0, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))


def download(urls: list[str], into: Path, clock: Clock, **options: Any) -> list[str]:
    """Try to download addresses, one after the other; return what is said of each."""

    async def run() -> list[str]:
        said = []
        async with Web(Settings(**{"fetch_attempts": 1, **options}), clock) as web:
            for url in urls:
                try:
                    await web.download(url, into)
                    said.append("")
                except FetchError as error:
                    said.append(error.message)
        return said

    return asyncio.run(run())


@pytest.mark.parametrize("url", FORMS)
def test_a_hostile_form_is_refused_by_name(
    url: str, tmp_path: Path, clock: Clock, connections: Callable[[Names], list[str]]
) -> None:
    """An address that leads inside is refused in words that say so; nothing is connected to."""
    tried = connections({"localhost": [["127.0.0.1"]]})
    assert FORMS[url] in download([url], tmp_path / "x", clock)[0]
    assert tried == []


@pytest.mark.parametrize("url", [u for u, said in FORMS.items() if said in {PRIVATE, SECRET}])
def test_a_redirect_is_checked_as_the_first_address(url: str, tmp_path: Path, clock: Clock) -> None:
    """A site that redirects inside is not followed."""
    with Redirects() as site:
        site.to = [url]
        mirrors = {"papers.example": site.url}
        said = download(["http://papers.example/0"], tmp_path / "x", clock, mirrors=mirrors)
    assert FORMS[url] in said[0]
    assert site.asked == ["/0"]


def test_a_name_is_looked_at_by_what_it_resolves_to(
    tmp_path: Path, clock: Clock, connections: Callable[[Names], list[str]]
) -> None:
    """A name of a private address is refused, one of both kinds is asked at its public one."""
    tried = connections(
        {
            "inner.example": [["10.0.0.1"]],
            "both.example": [["127.0.0.1", "93.184.215.14", "::1"]],
            "mapped.example": [["::ffff:10.0.0.1"]],
        }
    )
    urls = [f"http://{name}.example/a.pdf" for name in ("inner", "both", "mapped")]
    inner, both, mapped = download(urls, tmp_path / "x", clock)
    assert inner == f"inner.example {PRIVATE}"
    assert "can't be reached" in both
    assert mapped == f"mapped.example {PRIVATE}"
    assert tried == ["93.184.215.14"]


def test_a_name_that_resolves_anew_does_not_lead_inside(
    tmp_path: Path, clock: Clock, connections: Callable[[Names], list[str]]
) -> None:
    """DNS rebinding: what was public when it was looked at is not connected to when it is not."""
    tried = connections({"rebinding.example": [["93.184.215.14"], ["127.0.0.1"]]})
    urls = ["http://rebinding.example/a.pdf", "http://rebinding.example:81/b.pdf"]
    for url in urls:
        download([url], tmp_path / "x", clock)
    assert tried == ["93.184.215.14"]


def test_a_server_of_ones_own_is_fetched_from_when_that_is_said(
    tmp_path: Path, clock: Clock
) -> None:
    """With the permission loopback is fetched from, and without it is refused."""
    (tmp_path / "site").mkdir()
    with PaperSite(tmp_path / "site", pages={"/a": ("text/plain", b"x")}) as site:
        url = f"{site.url}/a"
        assert PRIVATE in download([url], tmp_path / "x", clock)[0]
        assert site.asked.total() == 0
        assert download([url], tmp_path / "x", clock, allow_private=True) == [""]


def test_a_mirror_may_be_ones_own_and_redirect_within_itself(tmp_path: Path, clock: Clock) -> None:
    """What a person put into [mirrors] is asked wherever it is; what it names elsewhere is not."""
    with Redirects() as site, Redirects() as other:
        mirrors = {"papers.example": site.url}
        site.to = [f"{site.url}/whole", f"{other.url}/whole"]
        urls = ["http://papers.example/0", "http://papers.example/1", f"{site.url}/whole"]
        said = download(urls, tmp_path / "x", clock, mirrors=mirrors)
    assert said[0] == ""
    assert PRIVATE in said[1]
    assert PRIVATE in said[2]
    assert other.asked == []


def test_links_of_a_post_are_not_followed_inside(clock: Clock) -> None:
    """`check --online` asks no private address, and follows no redirect to one."""
    with Redirects() as site:
        url = f"{site.url}/whole"
        found = asyncio.run(links.dead([url], Settings(), clock))
        assert PRIVATE in found[url]
        assert site.asked == []
        assert asyncio.run(links.dead([url], Settings(allow_private=True), clock)) == {}


def test_a_draft_says_which_address_it_did_not_ask(
    tmp_path: Path, roundup: Roundup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that names this machine gets its reason into the post; a flag or a file permits it."""
    monkeypatch.delenv("ROUNDUP_ALLOW_PRIVATE")
    with Redirects() as site:
        listed = tmp_path / "list.csv"
        listed.write_text(f"title,url\nA Paper of Some Kind,{site.url}/whole\n", "utf-8")
        ran = roundup("draft", "list.csv", "-o", "post.md")
        assert ran.returncode == 3
        assert f"127.0.0.1 {PRIVATE}" in " ".join((tmp_path / "post.md").read_text("utf-8").split())
        assert site.asked == []
        roundup("draft", "list.csv", "-o", "post.md", "--allow-private", "--force")
        assert set(site.asked) == {"/whole"}
        site.asked.clear()
        (tmp_path / "roundup.toml").write_text("[web]\nallow_private = true\n", "utf-8")
        roundup("read", f"{site.url}/whole")
        assert set(site.asked) == {"/whole"}


def test_ten_thousand_hostile_addresses_reach_nothing(
    tmp_path: Path, clock: Clock, connections: Callable[[Names], list[str]]
) -> None:
    """Whatever form an address has, only public ones are connected to, and those still are."""
    seed = random.SystemRandom().randrange(10**6)
    dice = random.Random(seed)
    names: Names = {}
    urls = [_hostile(dice, names, number) for number in range(10_000)]
    tried = connections(names)
    with Redirects() as site:
        connections.allowed.add(int(site.url.rpartition(":")[2]))  # type: ignore[attr-defined]
        site.to = urls[::4]
        redirected = [f"http://papers.example/{number}" for number in range(len(site.to))]
        mirrors = {"papers.example": site.url}
        said = download(
            [*urls, *redirected], tmp_path / "x", clock, mirrors=mirrors, connect_timeout=1.0
        )
    assert "" not in said, f"seed {seed}"
    inside = [address for address in tried if not _open(address)]
    assert inside == [], f"seed {seed}"
    assert tried, f"seed {seed}: the public ones among them are asked"
    assert len(site.asked) == len(redirected)


def test_the_open_internet_is_open() -> None:
    """What is public is not refused, and what the standard library holds private never is."""
    public = "8.8.8.8 1.1.1.1 151.101.1.42 2606:4700::1111 2a00:1450:4001::1 64:ff9b::808:808"
    assert all(is_public(ipaddress.ip_address(each)) for each in public.split())
    dice = random.Random(8)
    for _ in range(20_000):
        four = ipaddress.IPv4Address(dice.getrandbits(32))
        assert not is_public(four) or (four.is_global and not four.is_multicast)
        six = ipaddress.IPv6Address(dice.getrandbits(128) >> dice.randrange(100))
        assert not is_public(six) or _open(str(six))


def _open(address: str) -> bool:
    """Tell by other means than the program's whether an address is public."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and str(found).startswith("64:ff9b::"):
        found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and not found.is_reserved


_INSIDE = "127.0.0.1 10.1.2.3 172.31.255.255 192.168.0.1 169.254.169.254 100.64.9.9 0.0.0.0"
_INSIDE_6 = "::1 fe80::5 fd00::7 ::ffff:10.0.0.1 64:ff9b::a00:1 ff02::1 2002:a00:1::"


def _hostile(dice: random.Random, names: Names, number: int) -> str:
    """Return an address that tries to lead inside, now and then a public one."""
    four = ipaddress.IPv4Address(dice.choice(_INSIDE.split()))
    if dice.random() < 0.1:
        four = ipaddress.IPv4Address(dice.getrandbits(32))
    six = dice.choice(_INSIDE_6.split())
    name = f"n{number}.example"
    match dice.randrange(7):
        case 0:
            host = _written(four, dice)
        case 1:
            host = f"[{six}]"
        case 2:
            host = f"[::ffff:{four}]" if dice.random() < 0.5 else f"[64:ff9b::{four}]"
        case 3:
            names[name] = [[dice.choice([str(four), six])]]
            host = name
        case 4:
            names[name] = [["93.184.215.14"], [str(four)]]
            host = name
        case 5:
            names[name] = [dice.sample([str(four), six, "93.184.215.14"], 3)]
            host = name
        case _:
            host = dice.choice(["localhost", f"x{number}.localhost", "a.internal", "b.local"])
            names[host] = [["127.0.0.1"]]
    host = host.upper() if dice.random() < 0.1 else host
    before = dice.choice(["", "", "", "", "someone@", "papers.example:80@", "papers.example\\@"])
    scheme = dice.choice(["http", "http", "https", "HTTP", "ftp", "file", " http"])
    port = dice.choice(["", "", ":8080", ":0", ":22", ":99999"])
    return f"{scheme}://{before}{host}{port}/{number}{dice.choice(['', '?a=b', '#@x', '%00'])}"


def _written(address: ipaddress.IPv4Address, dice: random.Random) -> str:
    """Return an address in one of the forms that systems read."""
    a, b, c, d = address.packed
    digits = str.maketrans("0123456789.", "０１２３４５６７８９。")
    return dice.choice(
        [
            str(address),
            f"{address}.",
            str(int(address)),
            hex(int(address)),
            f"0{int(address):o}",
            f"{a:#x}.{b:#o}".replace("o", "") + f".{c}.{d}",
            f"{a}.{(b << 16) + (c << 8) + d}",
            f"{a}.{b}.{(c << 8) + d}",
            f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
            str(address).translate(digits),
        ]
    )


class Redirects(Listening):
    """A server whose path `/N` redirects to the Nth of `to`; `/whole` is a page."""

    def __init__(self) -> None:
        self.to: list[str] = []
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                number = self.path.removeprefix("/")
                body = b"" if number.isdigit() else b"%PDF-1.4 not a whole one"
                self.send_response(302 if number.isdigit() else 200)
                if number.isdigit():  # as UTF-8, which servers send and http.server does not
                    line = f"Location: {site.to[int(number)]}\r\n"
                    self._headers_buffer.append(line.encode("utf-8"))  # type: ignore[attr-defined]
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(Handler)
