"""Publishing at a real Ghost (npm's `ghost` with SQLite, on loopback), where one is installed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import ghost_site, pictures
from tests.conftest import Roundup
from tests.ghost_site import GhostSite
from tests.test_wordpress import POST, number_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(ghost_site.missing()), reason=ghost_site.missing()),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GhostSite]:
    """Return a Ghost that is up."""
    with ghost_site.running(tmp_path_factory.mktemp("ghost")) as up:
        yield up


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """Return a post with its two images."""
    for name, colour in (("assets/teaser.png", (9, 9, 99)), ("posts/figures/one.png", (9, 99, 9))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(pictures.png(colour=colour))
    path = tmp_path / "posts" / "p.md"
    path.write_text(POST, "utf-8")
    return path


def test_a_post_becomes_a_draft_with_its_images(
    site: GhostSite, post: Path, roundup: Roundup
) -> None:
    """A post is a draft with its title, excerpt, tags and images, in blocks that Ghost edits."""
    ran = roundup("publish", post, "--to", site.url, "--kind", "ghost", env=site.environment())
    assert "Made a draft, 2 images sent" in ran.stdout, ran.stderr
    made = site.post(number_of(post))
    assert (made["status"], made["title"]) == ("draft", "Notes on [video] & <others>")
    assert made["custom_excerpt"] == "In short."
    assert made["feature_image"].endswith("teaser.png")
    kinds = [block["type"] for block in json.loads(made["lexical"])["root"]["children"]]
    assert {"list", "image", "codeblock", "extended-heading", "extended-quote"} <= {*kinds}
    # As HTML: the notes, a table, the anchor that is linked to, the footnotes.
    assert kinds.count("html") == 4
    page = made["html"]
    assert '<details><summary>Extra notes</summary><ul><li><b>Idea:</b> A note (<a href="' in page
    assert '<a id="day-1"></a>' in page
    assert "TODO" not in page
    assert "note to myself" not in page
    with closing(sqlite3.connect(site.database)) as database:
        tags = database.execute(
            "SELECT t.name FROM tags t JOIN posts_tags p ON p.tag_id = t.id WHERE p.post_id = ?"
            " ORDER BY p.sort_order",
            (made["id"],),
        ).fetchall()
    assert tags == [("talks",), ("brains, and machines",)]


def test_it_is_renewed_in_place_but_never_over_an_edit(
    site: GhostSite, post: Path, roundup: Roundup
) -> None:
    """The same post is changed the next time; words that came in there stop it."""
    roundup("publish", post, "--to", site.url, "--kind", "ghost", env=site.environment())
    number = number_of(post)
    again = roundup("publish", post, env=site.environment())
    assert again.stdout.startswith("Nothing to send"), again.stderr
    post.write_text(POST.replace("Text.", "Other text."), "utf-8")
    renewed = roundup("publish", post, env=site.environment())
    assert renewed.stdout.startswith("Renewed the draft: "), renewed.stderr
    assert "Other text." in site.post(number)["html"]
    other = post.with_name("other.md")
    other.write_text(POST.replace("Text.", "Their words."), "utf-8")
    known = post.with_name(".p.md.published.json")
    other.with_name(".other.md.published.json").write_bytes(known.read_bytes())
    assert roundup("publish", other, env=site.environment()).returncode == 0  # as somebody else
    ran = roundup("publish", post, env=site.environment())
    assert (ran.returncode, "edited at the site since" in ran.stderr) == (1, True)
    assert "Their words." in site.post(number)["html"]
    forced = roundup("publish", post, "--force", env=site.environment())
    assert forced.returncode == 0, forced.stderr
    assert [*post.parent.glob(".p.md.*.site.backup")]


def test_a_wrong_key_is_said(site: GhostSite, post: Path, roundup: Roundup) -> None:
    """A key that the site does not know is one message, without the key."""
    wrong = f"{'0a' * 12}:{'1b' * 32}"
    variables = {**site.environment(), "ROUNDUP_GHOST_KEY": wrong}
    ran = roundup("publish", post, "--to", site.url, "--kind", "ghost", env=variables)
    assert (ran.returncode, ran.stderr.count("roundup: ")) == (1, 1)
    assert "does not take the key (401)" in ran.stderr
    assert wrong[-64:] not in ran.stdout + ran.stderr
