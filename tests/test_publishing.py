"""Publishing where a site misbehaves: one message each, nothing twice, and no secret said."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarize.errors import InputError
from summarize.sites import ghost
from summarize.web.site import checked
from tests import pictures
from tests.conftest import Roundup
from tests.site_double import Answered, Asked, Drop, answering

SECRET = "abcd EFGH 1234 wxyz"
KEY = f"{'0a' * 12}:{'1b' * 32}"
SIGNED = {
    "ROUNDUP_WORDPRESS_USER": "me",
    "ROUNDUP_WORDPRESS_PASSWORD": SECRET,
    "ROUNDUP_GHOST_KEY": KEY,
    "PATH": "/usr/bin:/bin",
}
ROOT = {"namespaces": ["wp/v2"], "authentication": {"application-passwords": {}}}


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """Return a post with one image."""
    (tmp_path / "a.png").write_bytes(pictures.png())
    path = tmp_path / "p.md"
    path.write_text("---\ntitle: T\n---\nWords.\n\n![alt](a.png)\n", "utf-8")
    return path


def wordpress(asked: Asked) -> Answered:
    """Answer as a WordPress that holds no post, and takes everything."""
    path = asked.path.partition("?")[0]
    if path == "/wp-json/":
        return Answered(200, ROOT)
    if path.endswith("/users/me"):
        return Answered(200, {"name": "Me", "capabilities": {"edit_posts": True}})
    if path.endswith("/media"):
        return Answered(201, {"id": 7, "source_url": "https://e.org/a.png"})
    if path.endswith("/posts") and asked.method == "POST":
        return Answered(201, written(json.loads(asked.body)))
    return Answered(404, {"code": "rest_no_route", "message": "No route"})


def written(sent: dict[str, Any], number: int = 5) -> dict[str, Any]:
    """Return a post as WordPress tells of it."""
    raw = {name: {"raw": sent[name]} for name in ("title", "content", "excerpt")}
    return {**raw, "id": number, "link": "https://e.org/?p=5", "status": "draft"}


def nowhere(asked: Asked) -> Answered:
    """Answer as a site that is no WordPress."""
    return Answered(404, "<!doctype html><h1>Not here</h1>")


def moved(asked: Asked) -> Answered:
    """Answer as one that is somewhere else."""
    return Answered(301, "", {"Location": f"https://www.example.org{asked.path}"})


def closed(asked: Asked) -> Answered:
    """Answer as one whose REST API a plugin has closed."""
    return Answered(403, {"code": "rest_forbidden", "message": "Only for members"})


def walled(asked: Asked) -> Answered:
    """Answer as one before which a firewall stands, once somebody signs in."""
    if "Authorization" in asked.headers:
        return Answered(200, "<html>Are you human?</html>")
    return Answered(200, ROOT)


def without_passwords(asked: Asked) -> Answered:
    """Answer as one that takes no application passwords."""
    return Answered(200, {**ROOT, "authentication": []})


def forbidding(asked: Asked) -> Answered:
    """Answer as one that takes no post of this user's."""
    if asked.method == "POST" and "/posts" in asked.path:
        return Answered(403, {"code": "rest_cannot_create", "message": "Sorry, you can't."})
    return wordpress(asked)


def narrow(asked: Asked) -> Answered:
    """Answer as one whose web server takes small bodies alone."""
    if asked.method == "POST":
        return Answered(413, "<html>413 Request Entity Too Large</html>")
    return wordpress(asked)


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (nowhere, "there is no WordPress REST API at"),
        (moved, "redirects to https://www.example.org"),
        (closed, "keeps its REST API closed (403)"),
        (walled, "answers with a web page instead of JSON (200)"),
        (without_passwords, "takes no application passwords"),
        (forbidding, "does not allow it (the post): Sorry, you can't."),
        (narrow, "a.png (0.0 MB) is larger than 127.0.0.1 takes"),
    ],
)
def test_each_refusal_is_one_message(
    post: Path, roundup: Roundup, site: Callable[[Asked], Answered], said: str
) -> None:
    """What is wrong at the site is said once, with what to do, and the password is nowhere."""
    with answering(site) as double:
        ran = roundup("publish", post, "--to", double.url, "--kind", "wordpress", env=SIGNED)
    assert (ran.returncode, ran.stderr.count("roundup: ")) == (1, 1)
    assert said in ran.stderr
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
    everything = (
        ran.stdout
        + ran.stderr
        + "".join(path.read_text("utf-8", "replace") for path in post.parent.iterdir())
    )
    assert not re.search(f"{SECRET}|{re.escape(basic)}", everything)


def test_a_redirect_is_never_signed(post: Path, roundup: Roundup) -> None:
    """Who redirects gets no password, and nobody it points to does."""
    with answering(moved) as double:
        roundup("publish", post, "--to", double.url, "--kind", "wordpress", env=SIGNED)
    assert double.asked
    assert not [a for a in double.asked if "Authorization" in a.headers]


def test_a_draft_whose_answer_was_lost_is_found(post: Path, roundup: Roundup) -> None:
    """A connection that breaks while a draft is made costs no second draft: it is looked for."""
    kept: list[dict[str, Any]] = []

    def losing(asked: Asked) -> Answered:
        path = asked.path.partition("?")[0]
        if path.endswith("/posts") and asked.method == "POST":
            kept.append(json.loads(asked.body))
            raise Drop
        if path.endswith("/posts"):
            return Answered(200, [written(sent) for sent in kept])
        if path.endswith("/posts/5"):
            return Answered(200, written(json.loads(asked.body)))
        if path.endswith("/media/7"):
            return Answered(200, {"id": 7})
        return wordpress(asked)

    with answering(losing) as double:
        flags = ("--to", double.url, "--kind", "wordpress")
        first = roundup("publish", post, *flags, env=SIGNED)
        second = roundup("publish", post, env=SIGNED)
    assert "the connection broke off" in first.stderr
    assert second.stdout.startswith("Renewed the draft"), second.stderr
    assert double.count("POST", "/wp-json/wp/v2/posts") == 1
    assert double.count("POST", "/wp-json/wp/v2/media") == 1


def test_a_site_that_is_busy_is_asked_again(post: Path, roundup: Roundup) -> None:
    """A 503 with a time is waited for, whatever was asked: it says that nothing was done."""
    refused: list[str] = []

    def busy(asked: Asked) -> Answered:
        if asked.method == "POST" and asked.path not in refused:
            refused.append(asked.path)
            return Answered(503, "", {"Retry-After": "0"})
        return wordpress(asked)

    with answering(busy) as double:
        ran = roundup("publish", post, "--to", double.url, "--kind", "wordpress", env=SIGNED)
    assert ran.stdout.startswith("Made a draft, 1 image sent"), ran.stderr
    assert double.count("POST", "/wp-json/wp/v2/posts") == 2


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "ftp://example.org", "https://me:word@example.org", "example.org",
     "https://", "https://e.org/?p=1", "http://[", "https://e.org:port"],
)  # fmt: skip
def test_addresses_that_nothing_is_sent_to(address: str) -> None:
    """Plain http, a password in the address, and what is no address are refused before asking."""
    with pytest.raises(InputError) as caught:
        checked(address, allow_http=False)
    assert "word" not in caught.value.message.replace("password", "")


def test_plain_http_where_it_is_wanted() -> None:
    """This machine, and what is allowed by name, may be asked over plain http."""
    assert checked("http://127.0.0.1:8/", allow_http=False) == "http://127.0.0.1:8"
    assert checked("http://example.org", allow_http=True) == "http://example.org"


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        ((), {}, "no site is named"),
        (("--to", "https://e.org"), {}, "nothing says how to sign in"),
        (("--to", "https://e.org", "--kind", "wordpress"), {}, "ROUNDUP_WORDPRESS_USER and"),
        (("--to", "https://e.org", "--kind", "drupal"), SIGNED, "no kind of site drupal"),
        (("--to", "https://e.org"), SIGNED, "more than one kind of site is set up"),
        (("--to", "https://e.org", "--kind", "ghost"), {"ROUNDUP_GHOST_KEY": "x"}, "no Admin API"),
    ],
)
def test_what_is_missing_is_named(
    post: Path, roundup: Roundup, arguments: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    """What the person has to say first is asked for, and no site is."""
    ran = roundup("publish", post, *arguments, env={"PATH": "/usr/bin:/bin", **variables})
    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("---\ntitle: T\n---\n![x](gone.png)\n", "shows gone.png, and there is no such file"),
        ("---\ntitle: T\n---\n![x](p.md)\n", "shows p.md, which is no image"),
        ("---\ntitle: [T\n---\n", "p.md:2: the front matter can't be read"),
        ("Words.\n", "p.md:1: the post has no title"),
        ("<!doctype html><p>x", "is a whole web page"),
    ],
)
def test_posts_that_are_not_sent(post: Path, roundup: Roundup, words: str, said: str) -> None:
    """A missing image, a file that is none, a post without a title: refused before asking."""
    post.write_text(words, "utf-8")
    ran = roundup("publish", post, "--to", "https://e.org", "--kind", "ghost", env=SIGNED)
    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr


def test_a_broken_memory_is_no_empty_one(post: Path, roundup: Roundup) -> None:
    """Where the file can't be read that says where a post is, no second draft is made."""
    post.with_name(".p.md.published.json").write_text("{", "utf-8")
    ran = roundup("publish", post, "--to", "https://e.org", "--kind", "ghost", env=SIGNED)
    assert (ran.returncode, "can't be read, which says where" in ran.stderr) == (1, True)


def test_markup_goes_into_a_file(post: Path, roundup: Roundup) -> None:
    """With -o the markup is written, no site is asked, and the post itself is never its target."""
    ran = roundup("publish", post, "-o", "out.html", env={"PATH": "/usr/bin:/bin"})
    assert ran.returncode == 0, ran.stderr
    assert "<!-- wp:paragraph -->\n<p>Words.</p>" in post.with_name("out.html").read_text("utf-8")
    before = post.read_text("utf-8")
    assert roundup("publish", post, "-o", post, env={"PATH": "/usr/bin:/bin"}).returncode == 2
    assert post.read_text("utf-8") == before


def test_tokens_are_as_ghost_wants_them() -> None:
    """A token names its key, lasts five minutes, and is signed with the key's own bytes."""
    head, claims, signature = ghost.token(KEY, 1_000.5).split(".")

    def decoded(part: str) -> bytes:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    assert json.loads(decoded(head)) == {"alg": "HS256", "kid": "0a" * 12, "typ": "JWT"}
    assert json.loads(decoded(claims)) == {"iat": 1000, "exp": 1300, "aud": "/admin/"}
    made = hmac.new(bytes.fromhex("1b" * 32), f"{head}.{claims}".encode(), hashlib.sha256)
    assert decoded(signature) == made.digest()


def at_ghost(asked: Asked) -> Answered:
    """Answer as a Ghost at which somebody else is always quicker."""
    path = asked.path.partition("?")[0]
    post = {
        "id": "a1", "title": "T", "custom_excerpt": None, "lexical": "{}", "status": "draft",
        "url": "https://e.org/p/", "updated_at": "2026-11-22T10:00:00.000Z",
    }  # fmt: skip
    if path.endswith("/site/"):
        return Answered(200, {"site": {"title": "A blog"}})
    if path.endswith("/images/upload/"):
        return Answered(201, {"images": [{"url": "https://e.org/a.png"}]})
    if asked.method == "PUT":
        error = {"message": "Saving failed! Someone else is editing this post.",
                 "type": "UpdateCollisionError"}  # fmt: skip
        return Answered(409, {"errors": [error]})
    return Answered(201 if asked.method == "POST" else 200, {"posts": [post]})


def test_two_writers_at_once(post: Path, roundup: Roundup) -> None:
    """Where Ghost says that somebody else was quicker, theirs stays, and it is said once."""
    with answering(at_ghost) as double:
        first = roundup("publish", post, "--to", double.url, "--kind", "ghost", env=SIGNED)
        post.write_text(post.read_text("utf-8").replace("Words", "Others"), "utf-8")
        second = roundup("publish", post, env=SIGNED)
    assert first.stdout.startswith("Made a draft, 1 image sent"), first.stderr
    assert (second.returncode, second.stderr.count("roundup: ")) == (1, 1)
    assert "somebody is changing the post there right now" in second.stderr
    assert json.loads(double.asked[-1].body)["posts"][0]["updated_at"] == "2026-11-22T10:00:00.000Z"


def test_a_site_that_is_no_ghost(post: Path, roundup: Roundup) -> None:
    """Where no Ghost is, it is said what is there instead, and nothing was signed."""
    with answering(nowhere) as double:
        ran = roundup("publish", post, "--to", double.url, "--kind", "ghost", env=SIGNED)
    assert "there is no Ghost at" in ran.stderr
    assert not [a for a in double.asked if "Authorization" in a.headers]
