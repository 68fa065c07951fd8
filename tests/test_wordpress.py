"""Publishing at a real WordPress: Debian's, on loopback, with its own parser and its editor's."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarize.markup import blocks, read
from tests import pictures, wordpress_site
from tests.conftest import Roundup
from tests.wordpress_site import WordPressSite

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(wordpress_site.missing()), reason=wordpress_site.missing()),
]
POST = """\
---
title: "Notes on [video] & <others>"
excerpt: In short.
categories: [talks]
tags:
    - "brains, and machines"
header:
    teaser: /assets/teaser.png
---
# Day 1
1. ⭐️ [**One**](https://e.org/1) - A line with $x_1$ and `[gallery]`. <!-- **TODO:** read it -->
    <details>
        <summary>Extra notes</summary>
        - <b>Idea:</b> A note (<a href="https://e.org/1.pdf#page=2">p. 2</a>)<br>
        - <b>Data:</b> Another
    </details>

1. **Two** - Text.

![A figure](figures/one.png)

| a | b |
|:--|--:|
| 1 | 2 |

```python
x = 1
```

> quoted

<!-- a note to myself -->
See [above](#day-1) and a footnote[^1].

[^1]: Here.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPressSite]:
    """Return a WordPress that is up."""
    with wordpress_site.running(tmp_path_factory.mktemp("wordpress")) as up:
        yield up


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Return a blog's folder with a post and its images; the post."""
    for name, colour in (("assets/teaser.png", (9, 9, 99)), ("posts/figures/one.png", (9, 99, 9))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(pictures.png(colour=colour))
    post = tmp_path / "posts" / "p.md"
    post.write_text(POST, "utf-8")
    return post


def number_of(post: Path) -> str:
    """Return the number that a post is remembered to have at its site."""
    known = json.loads(post.with_name(f".{post.name}.published.json").read_text("utf-8"))
    return str(known["at"][known["last"]]["id"])


def editors(site: WordPressSite, number: str, folder: Path) -> dict[str, object]:
    """Return what the editor of WordPress itself makes of a post, in a browser."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs chromium")
    ran = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={folder / 'browser'}", "--virtual-time-budget=30000", "--dump-dom",
         f"{site.url}/editor-of.php?post={number}"],
        capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip
    found = re.search(r'<pre id="found">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found, ran.stdout[:500]
    made = json.loads(html.unescape(found[1]))
    assert isinstance(made, dict)
    return made


def test_a_post_becomes_a_draft_with_its_images(
    site: WordPressSite, blog: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """A post is a draft with its title, excerpt, terms and images; the editor takes each block."""
    ran = roundup("publish", blog, "--to", site.url, env=site.environment())
    assert ran.returncode == 0, ran.stderr
    assert "Made a draft, 2 images sent" in ran.stdout
    number = number_of(blog)
    made = site.post(number)
    assert made["post_status"] == "draft"
    assert html.unescape(made["post_title"]) == "Notes on [video] & <others>"
    assert made["post_excerpt"] == "In short."
    assert "TODO" not in made["post_content"]
    assert "note to myself" not in made["post_content"]
    assert f"{site.url}/wp-content/uploads/" in made["post_content"]
    names = site.parsed(number)
    assert "freeform" not in names
    assert names.count("core/list-item") == 2
    assert {"core/image", "core/table", "core/code", "core/quote", "core/heading"} <= {*names}
    found = editors(site, number, tmp_path)
    assert found.get("invalid") == [], found
    terms = site.php(
        "<?php require __DIR__ . '/wp-load.php'; $f = ['fields' => 'names'];"
        "echo json_encode([wp_get_post_terms($argv[1], 'category', $f),"
        "wp_get_post_terms($argv[1], 'post_tag', $f), has_post_thumbnail($argv[1]),"
        "get_post_meta(attachment_url_to_postid($argv[2]), '_wp_attachment_image_alt', true)]);",
        number,
        re.search(r'src="([^"]+one[^"]*)"', made["post_content"])[1],  # type: ignore[index]
    )
    assert json.loads(terms) == [["talks"], ["brains, and machines"], True, "A figure"]


def test_a_broken_block_would_be_noticed(
    site: WordPressSite, blog: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """The editor's check is one: a heading of another level than its comment says is refused."""
    assert roundup("publish", blog, "--to", site.url, env=site.environment()).returncode == 0
    number = number_of(blog)
    site.edit(number, "<h2 ", "<h4 ")
    assert len(editors(site, number, tmp_path)["invalid"]) >= 1  # type: ignore[arg-type]


def test_the_next_time_it_is_renewed_in_place(
    site: WordPressSite, blog: Path, roundup: Roundup
) -> None:
    """The same post is changed, its images are not sent again, and nothing is sent for nothing."""
    first = roundup("publish", blog, "--to", site.url, env=site.environment())
    number = number_of(blog)
    again = roundup("publish", blog, env=site.environment())
    assert again.stdout.startswith("Nothing to send"), again.stderr
    blog.write_text(POST.replace("Text.", "Other text."), "utf-8")
    renewed = roundup("publish", blog, env=site.environment())
    assert renewed.stdout.startswith("Renewed the draft: "), renewed.stderr
    assert (number_of(blog), first.returncode) == (number, 0)
    assert "Other text." in site.post(number)["post_content"]


def test_what_was_edited_at_the_site_is_not_overwritten(
    site: WordPressSite, blog: Path, roundup: Roundup
) -> None:
    """Words that somebody put there stop publishing; with --force they are kept beside the post."""
    roundup("publish", blog, "--to", site.url, env=site.environment())
    number = number_of(blog)
    site.edit(number, "Text.", "Their words.")
    blog.write_text(POST.replace("Text.", "My words."), "utf-8")
    ran = roundup("publish", blog, env=site.environment())
    assert ran.returncode == 1
    assert "edited at the site since" in ran.stderr
    assert "Their words." in site.post(number)["post_content"]
    forced = roundup("publish", blog, "--force", env=site.environment())
    assert forced.returncode == 0, forced.stderr
    assert "My words." in site.post(number)["post_content"]
    (backup,) = blog.parent.glob(".p.md.*.site.backup")
    assert "Their words." in backup.read_text("utf-8")


def test_publishing_it_there_is_no_edit(site: WordPressSite, blog: Path, roundup: Roundup) -> None:
    """A draft that its author made public there is renewed, stays public, and it is said."""
    roundup("publish", blog, "--to", site.url, env=site.environment())
    number = number_of(blog)
    site.php(
        "<?php require __DIR__ . '/wp-load.php'; wp_set_current_user(1);"
        "wp_update_post(['ID' => $argv[1], 'post_status' => 'publish']);",
        number,
    )
    blog.write_text(POST.replace("Text.", "Newer."), "utf-8")
    ran = roundup("publish", blog, env=site.environment())
    assert ran.stdout.startswith("Renewed the published post"), ran.stderr
    assert site.post(number)["post_status"] == "publish"


def test_a_post_in_the_bin_is_said(site: WordPressSite, blog: Path, roundup: Roundup) -> None:
    """A post that was binned there is not made anew unless that is asked for."""
    roundup("publish", blog, "--to", site.url, env=site.environment())
    number = number_of(blog)
    site.php("<?php require __DIR__ . '/wp-load.php'; wp_trash_post($argv[1]);", number)
    ran = roundup("publish", blog, env=site.environment())
    assert (ran.returncode, "not at" in ran.stderr) == (1, True)
    forced = roundup("publish", blog, "--force", env=site.environment())
    assert forced.stdout.startswith("Made a draft"), forced.stderr
    assert number_of(blog) != number


def test_refusals(site: WordPressSite, blog: Path, roundup: Roundup) -> None:
    """A wrong password and a user who may not write are one message each, without the password."""
    wrong = {**site.environment(), "ROUNDUP_WORDPRESS_PASSWORD": "wrong-secret-word"}
    ran = roundup("publish", blog, "--to", site.url, env=wrong)
    assert (ran.returncode, ran.stderr.count("roundup: ")) == (1, 1)
    assert "does not take the user and the application password" in ran.stderr
    assert "wrong-secret-word" not in ran.stdout + ran.stderr
    ran = roundup("publish", blog, "--to", site.url, env=site.environment("reader"))
    assert "may not write posts" in ran.stderr
    assert not [*blog.parent.glob(".*.published.json")]


@pytest.mark.parametrize(("height", "size"), [(1100, "4.0"), (700, "2.5")])
def test_an_image_that_is_too_large(
    site: WordPressSite, blog: Path, roundup: Roundup, height: int, size: str
) -> None:
    """An image larger than the site takes is named with its size; no draft is left behind."""
    (blog.parent / "figures" / "one.png").write_bytes(pictures.noise(1200, height))
    ran = roundup("publish", blog, "--to", site.url, env=site.environment())
    assert ran.returncode == 1
    assert f"one.png ({size} MB) is larger than 127.0.0.1 takes" in ran.stderr


def test_a_rehearsal_changes_nothing(site: WordPressSite, blog: Path, roundup: Roundup) -> None:
    """With --dry-run it signs in, says what it would do, and nothing is there afterwards."""
    count = "<?php require __DIR__ . '/wp-load.php'; echo count(get_posts(['post_status' => 'any',"
    count += " 'post_type' => ['post', 'attachment'], 'numberposts' => -1]));"
    before = site.php(count)
    ran = roundup("publish", blog, "--to", site.url, "--dry-run", env=site.environment())
    assert "Would make a new draft: Notes on" in ran.stdout
    assert "Would send 2 of 2 images" in ran.stdout
    assert site.php(count) == before
    assert not [*blog.parent.glob(".*.published.json")]


def test_the_notes_of_a_conference_go_out_as_they_came(
    site: WordPressSite, shared: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """A real post of another WordPress: headings, links, lists, formulas and images are here."""
    came = json.loads((shared / "seeds" / "wordpress_neurips2025_day2.json").read_text("utf-8"))
    words = came["content"]["rendered"]
    sources = re.findall(r'<img[^>]*?\ssrc="([^"]+)"', words)
    for at, source in enumerate(sources):
        (tmp_path / f"{at}.png").write_bytes(pictures.png(colour=(at, 99, 9)))
        words = words.replace(f'src="{source}"', f'src="{at}.png"')
    post = tmp_path / "day2.md"
    title = came["title"]["rendered"]
    post.write_text(f'---\ntitle: "{title}"\n---\n{words}', "utf-8")
    ran = roundup("publish", post, "--to", site.url, env=site.environment())
    assert f"Made a draft, {len(sources)} images sent" in ran.stdout, ran.stderr
    number = number_of(post)
    names = site.parsed(number)
    # Counted in the file by hand: 12 headings (h2, h3), 4 figures, 101 items of lists.
    assert [names.count(f"core/{n}") for n in ("heading", "image", "list-item")] == [12, 4, 101]
    assert not {"freeform", "core/html"} & {*names}
    assert editors(site, number, tmp_path).get("invalid") == []
    stored = site.post(number)["post_content"]
    assert "https://neurips.cc/virtual/2025/loc/san-diego/poster/119952" in stored
    assert r"\|f(x)\|_2^2 = 0" in stored
    assert stored.count(f"{site.url}/wp-content/uploads/") == len(sources)


def test_a_conference_s_notes_become_a_list_and_a_post_again(
    site: WordPressSite, shared: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """A post of another WordPress is imported, drafted in blocks and published: all is there."""
    seed = shared / "seeds" / "wordpress_neurips2025_day2.json"
    roundup("import", seed, "-o", "list.csv")
    ran = roundup(
        "draft", "list.csv", "--format", "wordpress", "--offline", "--title", "Day 2", "-o", "d.md"
    )
    assert ran.returncode == 3, ran.stderr  # no PDF is asked for: the takes are what there is
    dry = roundup("publish", "d.md", "--to", site.url, "--dry-run", env=site.environment())
    assert "Would make a new draft: Day 2" in dry.stdout, dry.stderr
    ran = roundup("publish", "d.md", "--to", site.url, env=site.environment())
    assert ran.returncode == 0, ran.stderr
    number = number_of(tmp_path / "d.md")
    stored = site.post(number)["post_content"]
    # Counted in the file by hand: 12 papers and 2 talks below them, in 2 poster sessions.
    assert [stored.count(f"<h{n}") for n in (2, 3)] == [2, 14]
    assert stored.index("Poster Session 1") < stored.index("Koopman") < stored.index("Session 2")
    assert "https://neurips.cc/virtual/2025/loc/san-diego/poster/119952" in stored
    assert "<li>Decision making as moving between different basins</li>" in stored
    assert editors(site, number, tmp_path).get("invalid") == []
    ran = roundup("publish", "d.md", env=site.environment())
    assert number_of(tmp_path / "d.md") == number


def test_the_format_goes_out_as_it_is(
    site: WordPressSite, blog: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """A post that is kept in block markup is sent so, its images and without its comments."""
    article = read(POST, "p.md")
    from summarize.markup import wordpress

    markup = wordpress.rendered(blocks(article.html))
    post = blog.with_name("q.html")
    note = "<!-- **TODO:** read -->"
    post.write_text(f"---\ntitle: Q\n---\n{note}\n\n{markup}\n", "utf-8")
    ran = roundup("publish", post, "--to", site.url, env=site.environment())
    assert "Made a draft, 1 image sent" in ran.stdout, ran.stderr
    number = number_of(post)
    stored = site.post(number)["post_content"]
    assert "TODO" not in stored
    assert re.search(r'<!-- wp:image \{[^}]*"id":\d+', stored)
    assert editors(site, number, tmp_path).get("invalid") == []
