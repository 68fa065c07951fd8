"""`roundup draft` from end to end: real papers, a real HTTP site, a model server."""

import csv
import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Roundup, StubServer
from tests.paper_site import PaperSite

ABSTRACT = "We propose a method that does one thing well, and we show it on three data sets."


def write(path: Path, *rows: dict[str, str]) -> Path:
    """Write a reading list of these rows."""
    fields = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)
    return path


def icml_list(icml: Path, path: Path, base: str = "", count: int = 67) -> Path:
    """Write the first papers of the ICML list, their PDFs being below `base` if one is given."""
    with (icml / "icml2015.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:count]
    for row in rows:
        if base:
            row["url"] = base + "/v37/" + row["url"].rpartition("/")[2].replace(".html", ".pdf")
    return write(path, *rows)


def items(post: Path) -> list[str]:
    """Return the numbered items of a post, each with what is folded below it."""
    body = post.read_text("utf-8").rpartition("\n---\n")[0]
    return re.split(r"^(?=1\. )", body, flags=re.MULTILINE)[1:]


@pytest.mark.slow
def test_a_whole_conference_from_a_folder(icml: Path, roundup: Roundup, tmp_path: Path) -> None:
    """67 of 67 real papers are done from a folder of PDFs, offline, with no key."""
    ran = roundup(
        "draft", icml / "icml2015.csv", "--pdf-dir", icml / "pdfs", "--offline", "-o", "p.md"
    )
    assert ran.returncode == 0, ran.stderr
    assert "67 of 67 papers done" in ran.stderr
    found = items(tmp_path / "p.md")
    assert len(found) == 67
    assert all("Not summarized" not in item and "from the abstract" not in item for item in found)
    assert sum(re.search(r"#page=\d+\">p\. \d", item) is not None for item in found) == 67


@pytest.mark.slow
def test_a_site_that_misbehaves(icml: Path, roundup: Roundup, tmp_path: Path) -> None:
    """Over HTTP with quotas, errors, cut bodies and a challenge, every paper is had just once."""
    challenged: list[str] = []

    def faults(path: str, attempt: int) -> str:
        if not challenged and attempt == 1 and len(site.seen) >= 30:
            challenged.append(path)
            return "challenge"
        if attempt > 2:  # a paper that is never given is another test's
            return ""
        dice = random.Random(f"{path} {attempt}").random()  # whatever order they come in
        return next((f for f, p in (("429", 0.1), ("500", 0.15), ("cut", 0.18)) if dice < p), "")

    with PaperSite(icml / "pdfs", faults=faults, retry_after="1") as site:
        papers = icml_list(icml, tmp_path / "l.csv", site.url)
        ran = roundup("draft", papers, "-o", "p.md", "--cache-dir", "c")
        assert ran.returncode == 0, ran.stderr
        assert "67 of 67 papers done" in ran.stderr
        assert len(site.given) == 67
        assert set(site.given.values()) == {1}
        assert len({fault for _, fault in site.seen}) >= 4
        asked = len(site.seen)
        again = roundup("draft", papers, "-o", "p.md", "--cache-dir", "c")
        assert "67 from the cache" in again.stderr
        assert len(site.seen) == asked


def test_without_a_network(shared: Path, roundup: Roundup, tmp_path: Path) -> None:
    """The reader's list with abstracts comes out whole, each line marked as from an abstract."""
    ran = roundup(
        "draft", shared / "data" / "iclr2024_with_abstracts.csv", "--offline", "-o", "p.md"
    )
    assert ran.returncode == 0, ran.stderr
    post = (tmp_path / "p.md").read_text("utf-8")
    found = items(tmp_path / "p.md")
    assert len(found) == 70
    assert sum("*(from the abstract)*" in item for item in found) == 67
    assert len(re.findall(r"^# Day \d - ", post, re.MULTILINE)) == 5
    assert sum(item.startswith("1. ⭐️ [") for item in found) == 28
    assert post.count("<!-- **TODO:** ") == 31
    assert post.count("<details>") == post.count("</details>") > 30
    assert "**67** papers over **5** days" in post


@pytest.mark.skipif(not shutil.which("jekyll"), reason="needs jekyll")
@pytest.mark.slow
def test_jekyll_builds_the_post(shared: Path, roundup: Roundup, tmp_path: Path) -> None:
    """Jekyll makes 70 list items and whole `<details>` of the reader's list."""
    site = tmp_path / "site"
    (site / "_posts").mkdir(parents=True)
    (site / "_layouts").mkdir()
    (site / "_layouts" / "post.html").write_text("<html><body>{{ content }}</body></html>")
    (site / "_config.yml").write_text(
        "permalink: /:title.html\ndefaults:\n- {scope: {path: ''}, values: {layout: post}}\n"
    )
    post = site / "_posts" / "2024-05-07-iclr.md"
    ran = roundup(
        "draft", shared / "data" / "iclr2024_with_abstracts.csv", "--offline", "-o", post,
        "--date", "2024-05-07",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    subprocess.run(["jekyll", "build"], cwd=site, check=True, capture_output=True, timeout=100)
    html = (site / "_site" / "iclr.html").read_text("utf-8")
    assert html.count("<li>") == 70
    assert (
        html.count("<details>") == html.count("</details>") == post.read_text().count("<details>")
    )
    assert html.count("⭐️ <a") == 28
    assert html.count("<h1") == 5
    assert "{{" not in html


def test_a_model_is_asked_once_for_each_paper(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """One request a paper; none the second time, without litellm; a new prompt fetches nothing."""
    server = stub("--latency", "0.01")
    with PaperSite(icml / "pdfs") as site:
        papers = icml_list(icml, tmp_path / "l.csv", site.url, 8)
        model = ("--model", "openai/stub", "--api-base", f"{server.url}/v1", "--cache-dir", "c")
        ran = roundup("draft", papers, *model)
        assert ran.returncode == 0, ran.stderr
        assert len(server.questions()) == 8
        asked = len(site.seen)

        loaded = tmp_path / "loaded.py"
        loaded.write_text(
            "import sys, runpy, atexit\n"
            "heavy = {'litellm', 'aiohttp', 'pypdf', 'rich', 'summarize.engines'}\n"
            "atexit.register(lambda: print(*sorted(heavy & {*sys.modules}), "
            "file=open('loaded', 'w')))\n"
            "sys.argv = ['roundup', *sys.argv[1:]]\n"
            "runpy.run_module('summarize', run_name='__main__')\n"
        )
        subprocess.run(
            [sys.executable, loaded, "draft", papers, *model], cwd=tmp_path, check=True, timeout=60
        )
        assert (tmp_path / "loaded").read_text().split() == []
        assert len(server.questions()) == 8

        prompt = tmp_path / "mine.toml"
        prompt.write_text(
            'name = "mine"\nversion = "1"\nsystem = "Answer in JSON."\nuser = "$title\\n$text"\n'
        )
        ran = roundup("draft", papers, *model, "--prompt", prompt)
        assert ran.returncode == 0, ran.stderr
        assert len(server.questions()) == 16
        assert len(site.seen) == asked
    post = (tmp_path / "l.md").read_text("utf-8")
    assert "`openai/stub` with the prompt `mine 1`" in post
    tags = re.findall(r"\\\[([0-9a-f]{8})\\\]", post)
    assert len(set(tags)) == 8, "each paper has the reply to its own request"


@pytest.mark.slow
def test_faults_of_a_model(icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path) -> None:
    """Every paper is done, or skipped just where three replies in a row were invalid."""
    rates = "429=0.2,500=0.1,trunc=0.45,badjson=0.4,think=0.2,fence=0.2"
    server = stub("--latency", "0.01", "--retry-after", "0", "--rate", rates, "--seed", "3")
    papers = icml_list(icml, tmp_path / "l.csv", count=30)
    ran = roundup(
        "draft", papers, "--pdf-dir", icml / "pdfs", "--json", "--cache-dir", "c",
        "--model", "openai/stub", "--api-base", f"{server.url}/v1",
    )  # fmt: skip
    assert ran.returncode in {0, 3}, ran.stderr
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    ended = Counter(event["event"] for event in events)
    assert ended["done"] + ended["skipped"] == 30
    reasons = [event["reason"] for event in events if event["event"] == "skipped"]
    assert all("3 replies in a row were no summary" in reason for reason in reasons)
    asked = [request["body"]["messages"][1]["content"] for request in server.requests()]
    assert reasons, "the rates are such that some are skipped"
    for event in (event for event in events if event["event"] == "skipped"):
        times = sum(f"Title: {event['title']}\n" in text for text in asked)
        assert times >= 3, "a skipped paper was asked about three times"


def test_a_refused_key_is_one_message(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A key that the service refuses stops the run with what to do, and writes no post."""
    server = stub("--latency", "0.01", "--fault", "401")
    papers = icml_list(icml, tmp_path / "l.csv", count=5)
    ran = roundup(
        "draft", papers, "--pdf-dir", icml / "pdfs",
        "--model", "openai/stub", "--api-base", f"{server.url}/v1",
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-2:] == [
        "roundup: openai/stub: the service refused the key",
        "  check OPENAI_API_KEY in the environment, then run again",
    ]
    assert "Warning" not in ran.stderr
    assert not (tmp_path / "l.md").exists()


def test_a_model_that_is_not_there_is_one_message(roundup: Roundup, tmp_path: Path) -> None:
    """A server that does not answer stops the run and says what to look at."""
    with PaperSite(tmp_path) as site:
        dead = site.url
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("draft", papers, "--model", "openai/stub", "--api-base", f"{dead}/v1")
    assert ran.returncode == 1
    assert "openai/stub gives no answer" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("delay", [0.9, 2.0])
def test_ctrl_c_stops_at_once(delay: float, icml: Path, stub: StubServer, tmp_path: Path) -> None:
    """Ctrl-C ends a run within a second or so, says how to go on, and leaves no process."""
    server = stub("--latency", "30")
    process = subprocess.Popen(
        [sys.executable, "-m", "summarize", "draft", icml / "icml2015.csv", "--pdf-dir",
         icml / "pdfs", "--model", "openai/stub", "--api-base", f"{server.url}/v1", "-o", "p.md",
         "--json"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "begin"
    time.sleep(delay)  # any moment of the run will do
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Run the same command again to go on from here." in said
    assert "Traceback" not in said
    assert not (tmp_path / "p.md").exists()


def test_an_edited_post_is_merged(roundup: Roundup, tmp_path: Path) -> None:
    """A post with the person's own words keeps them; --force replaces it, and keeps a backup."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    assert roundup("draft", papers).returncode == 0
    post = tmp_path / "l.md"
    mine = post.read_text("utf-8") + "\nMy own words.\n"
    post.write_text(mine, "utf-8")

    ran = roundup("draft", papers)
    assert ran.returncode == 0, ran.stderr
    assert post.read_text("utf-8") == mine

    assert roundup("draft", papers, "--force").returncode == 0
    assert "My own words." not in post.read_text("utf-8")
    backups = list(tmp_path.glob(".l.md.*.backup"))
    assert [backup.read_text("utf-8") for backup in backups] == [mine]


def test_a_file_that_is_no_post_is_left_alone(roundup: Roundup, tmp_path: Path) -> None:
    """A file that holds none of the list's entries is refused before anything is asked."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    readme = tmp_path / "README.md"
    readme.write_text("# Mine\n", "utf-8")
    ran = roundup("draft", papers, "-o", readme)
    assert ran.returncode == 1
    assert "it is no post of this list" in ran.stderr
    assert "[1/1]" not in ran.stderr
    assert readme.read_text("utf-8") == "# Mine\n"


def test_the_same_list_gives_the_same_post(roundup: Roundup, tmp_path: Path) -> None:
    """Drafting again writes the same bytes, whether or not the cache is there."""
    papers = write(
        tmp_path / "l.csv",
        {"title": "A paper", "abstract": ABSTRACT, "star": "yes", "take": "My take."},
    )
    posts = []
    for cache in ("a", "a", "b"):
        assert roundup("draft", papers, "--cache-dir", cache).returncode == 0
        posts.append((tmp_path / "l.md").read_bytes())
    assert posts[0] == posts[1] == posts[2]
    assert "My take." in posts[0].decode()


def test_another_list_keeps_what_was_there(roundup: Roundup, tmp_path: Path) -> None:
    """A post drafted from another list of the same name is backed up, not silently replaced."""
    for folder, title in (("one", "First of all"), ("two", "Second of all")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "l.csv", {"title": title, "abstract": ABSTRACT})
    assert roundup("draft", "one/l.csv", "--date", "2024-01-01").returncode == 0
    first = (tmp_path / "l.md").read_text("utf-8")
    ran = roundup("draft", "two/l.csv")
    assert ran.returncode == 0, ran.stderr
    assert "kept as" in ran.stderr
    assert [b.read_text("utf-8") for b in tmp_path.glob(".l.md.*.backup")] == [first]
    assert "date: 2024-01-01" not in (tmp_path / "l.md").read_text("utf-8")


def test_a_skipped_paper_stays_and_says_so(roundup: Roundup, tmp_path: Path) -> None:
    """What can't be summarized is in the post with its title and why, and the exit code is 3."""
    papers = write(
        tmp_path / "l.csv",
        {"title": "Etc", "url": "file:///etc/passwd", "abstract": ""},
        {"title": "Fine", "url": "", "abstract": ABSTRACT},
    )
    ran = roundup("draft", papers)
    assert ran.returncode == 3
    assert f"{papers}:2: Etc: file:///etc/passwd is no address that can be fetched" in ran.stderr
    skipped, done = items(tmp_path / "l.md")
    assert skipped.strip() == (
        "1. **Etc** - *Not summarized: file:///etc/passwd is no address that can be fetched.*"
    )
    assert "We propose" in done


def test_nothing_leaves_without_leave(roundup: Roundup, tmp_path: Path) -> None:
    """A hosted model is named, and without --yes and nobody to ask nothing is sent."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("draft", papers, "--model", "anthropic/claude")
    assert ran.returncode == 2
    assert "anthropic would be given the papers' text" in ran.stderr
    ran = roundup("draft", papers, "--model", "anthropic/claude", "--offline", "--yes")
    assert ran.returncode == 2
    assert "--offline" in ran.stderr


def test_ctrl_c_at_the_question(tmp_path: Path) -> None:
    """While it asks whether text may be sent, Ctrl-C ends the run."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "summarize", "draft", papers, "--model", "openai/x"],
        cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while b"asked once" not in said:
            assert select.select([ours], [], [], 60)[0], said
            said += os.read(ours, 1000)
        for _ in range(60):  # a person presses it again if the first one met the import of readline
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(timeout=1) != 0
                break
        else:
            pytest.fail("it could not be stopped")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert b"Traceback" not in said
    assert not (tmp_path / "l.md").exists()


def test_rows_that_share_an_address_share_the_download(
    icml: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """Two rows with one PDF address cost one download, and both are done."""
    with PaperSite(icml / "pdfs") as site:
        rows = [{"title": f"Chapter {n} of a thesis", "url": f"{site.url}/v37/an15.pdf"}
                for n in (1, 2, 3)]  # fmt: skip
        papers = write(tmp_path / "l.csv", *rows)
        ran = roundup("draft", papers, "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    assert site.asked["/v37/an15.pdf"] == 1
    assert len(items(tmp_path / "l.md")) == 3


def test_a_cut_pdf_is_fetched_again_the_next_time(
    icml: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """What came cut off is not kept as if it were the paper."""
    sick = True
    with PaperSite(icml / "pdfs", faults=lambda _p, _n: "short" if sick else "") as site:
        papers = icml_list(icml, tmp_path / "l.csv", site.url, 1)
        roundup("draft", papers, "--cache-dir", "c")
        assert sum(site.asked.values()) == 2
        sick = False
        ran = roundup("draft", papers, "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    assert sum(site.given.values()) == 1


def test_a_bad_file_does_not_hide_a_good_address(
    icml: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """A `pdf` cell that leads nowhere is passed over for the paper's address."""
    with PaperSite(icml / "pdfs") as site:
        row = {"title": "A paper", "url": f"{site.url}/v37/an15.pdf"}
        papers = write(tmp_path / "l.csv", {**row, "pdf": "gone.pdf"})
        assert roundup("draft", papers, "--cache-dir", "c").returncode == 0
        write(papers, {"title": "A paper", "pdf": "gone.pdf"})
        ran = roundup("draft", papers, "--cache-dir", "c")
    assert "gone.pdf can't be read" in ran.stderr


@pytest.mark.parametrize("abstract", ["N/A", "The abstract is not available for this item now."])
def test_a_placeholder_is_no_abstract(abstract: str, roundup: Roundup, tmp_path: Path) -> None:
    """What stands for a missing abstract is not summarized."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": abstract})
    assert roundup("draft", papers).returncode == 3
    assert "Not summarized" in (tmp_path / "l.md").read_text("utf-8")


def test_a_server_that_cuts_in_silence_is_caught(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A server that read a fraction of the prompt is asked again with less, and the run says so."""
    server = stub("--latency", "0.01", "--keep-tokens", "1000")
    papers = icml_list(icml, tmp_path / "l.csv", count=3)
    ran = roundup(
        "draft", papers, "--pdf-dir", icml / "pdfs", "--cache-dir", "c",
        "--model", "openai/stub", "--api-base", f"{server.url}/v1",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "3 read in part" in ran.stderr
    sizes = [sum(len(m["content"]) for m in r["body"]["messages"]) for r in server.requests()]
    assert min(sizes) <= 7000 < max(sizes)


def test_only_and_limit(roundup: Roundup, tmp_path: Path) -> None:
    """--only drafts one paper by its key, --limit the first ones with what stands between."""
    papers = write(
        tmp_path / "l.csv",
        {"kind": "paper", "title": "First of all", "abstract": ABSTRACT},
        {"kind": "social", "title": "Drinks", "abstract": ""},
        {"kind": "paper", "title": "Second of all", "abstract": ABSTRACT},
    )
    assert roundup("draft", papers, "--only", "second-of-all", "-o", "o.md").returncode == 0
    assert [item[:20] for item in items(tmp_path / "o.md")] == ["1. **Second of all**"]
    assert roundup("draft", papers, "--limit", "1", "-o", "n.md").returncode == 0
    assert len(items(tmp_path / "n.md")) == 2
    ran = roundup("draft", papers, "--only", "nope")
    assert ran.returncode == 2
    assert "first-of-all, second-of-all" in ran.stderr


def test_a_workspace_keeps_posts_and_cache(roundup: Roundup, tmp_path: Path) -> None:
    """With roundup.toml the post is dated in posts/, redrafted in place, and options are set."""
    (tmp_path / "roundup.toml").write_text(
        '[draft]\nabstract-only = true\n[post]\ntags = ["iclr"]\n[web]\ncontact = "me"\n'
    )
    papers = write(
        tmp_path / "iclr2024.csv",
        {"title": "A paper", "url": "https://arxiv.org/abs/2401.00001", "abstract": ABSTRACT},
    )
    assert roundup("draft", papers, "--date", "2024-05-07").returncode == 0
    assert roundup("draft", papers).returncode == 0
    posts = list((tmp_path / "posts").glob("*.md"))
    assert [post.name for post in posts] == ["2024-05-07-iclr2024.md"]
    text = posts[0].read_text("utf-8")
    assert 'title: "ICLR 2024 Roundup"\ndate: 2024-05-07\n' in text
    assert '    - "iclr"' in text
    assert (tmp_path / "cache" / "replies").is_dir()


def test_json_speaks_on_stdout_alone(roundup: Roundup, tmp_path: Path) -> None:
    """--json writes one event a line on stdout; people are told on stderr, unless --quiet."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("draft", papers, "--json")
    events = [json.loads(line)["event"] for line in ran.stdout.splitlines()]
    assert events == ["begin", "stage", "done", "end"]
    assert "1 of 1 paper done" in ran.stderr
    quiet = roundup("draft", papers, "--json", "--quiet")
    assert quiet.stderr == ""
    assert json.loads(quiet.stdout.splitlines()[-1])["cached"] == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4 ...", "is a PDF, not a reading list"),
        (b"name of cat,age\nTom,3\n", "no title or url column"),
        (b"title\n", "has a header but no rows"),
        (b"\0\1\2\3" * 100, "is a binary file"),
    ],
)
def test_what_is_no_list_is_one_message(
    content: bytes, says: str, roundup: Roundup, tmp_path: Path
) -> None:
    """A file that is no reading list ends with exit 2 and one message that says what it is."""
    (tmp_path / "l.csv").write_bytes(content)
    ran = roundup("draft", "l.csv")
    assert ran.returncode == 2
    assert says in ran.stderr
    assert len(ran.stderr.splitlines()) <= 2


def test_bad_rows_are_named_and_the_others_go_on(roundup: Roundup, tmp_path: Path) -> None:
    """A binary cell and one of 10 MB cost their rows, by file and line, and nothing else."""
    (tmp_path / "l.csv").write_bytes(
        b"title,abstract\n"
        + b"Bad \0 cell,x\n"
        + b"Huge," + b"x" * 10_000_000 + b"\n"
        + f"Fine,{ABSTRACT!r}\n".replace("'", '"').encode()
    )  # fmt: skip
    ran = roundup("draft", "l.csv")
    assert ran.returncode == 3
    assert "l.csv:2: a cell holds binary data" in ran.stderr
    assert "l.csv:3: a cell holds 10.0 million characters" in ran.stderr
    assert len(items(tmp_path / "l.md")) == 1


@pytest.mark.parametrize(
    ("options", "says", "code"),
    [
        (("-o", "folder"), "folder is a folder", 2),
        (("--cache-dir", "l.csv"), "the cache in l.csv can't be used", 1),
        (("--prompt", "nope"), "there is no prompt named nope", 2),
        (("--date", "May"), "--date May is not a date", 2),
        (("--pdf-dir", "nope"), "--pdf-dir nope is not a folder", 2),
        (("--model", ""), "--model is empty", 2),
        (("--model", "openai/x", "--api-base", "localhost:8080"), "is not an address", 2),
        (("--model", "openai/x", "--api-base", "http://[::1"), "is not an address", 2),
        (("--model", "openai/x", "--api-base", "http://localhost:abc"), "is not an address", 2),
    ],
)
def test_a_bad_option_is_one_message(
    options: tuple[str, ...], says: str, code: int, roundup: Roundup, tmp_path: Path
) -> None:
    """Each bad option is one message with what to do, before anything is done."""
    write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    (tmp_path / "folder").mkdir()
    ran = roundup("draft", "l.csv", *options)
    assert ran.returncode == code
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 2
    assert not (tmp_path / "l.md").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a tmpfs needs root")
@pytest.mark.parametrize("full", ["cache", "post"])
def test_a_full_disk_loses_nothing(full: str, roundup: Roundup, tmp_path: Path) -> None:
    """A disk that is full is one message, and the post that was there stays whole."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs can't be mounted here")
    try:
        papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
        assert roundup("draft", papers, "-o", "small/p.md", "--cache-dir", "c").returncode == 0
        before = (small / "p.md").read_bytes()
        with (small / "fill").open("wb") as file, pytest.raises(OSError, match="No space"):
            file.write(b"x" * 200_000)
        write(tmp_path / "l.csv", {"title": "Another one", "abstract": ABSTRACT})
        cache = "small/c" if full == "cache" else "c"
        ran = roundup("draft", papers, "-o", "small/p.md", "--cache-dir", cache)
        assert ran.returncode == 1
        assert ("the cache in small/c" if full == "cache" else "small/p.md can't") in ran.stderr
        assert "Traceback" not in ran.stderr
        assert (small / "p.md").read_bytes() == before
        assert [path.name for path in small.glob(".p.md*tmp")] == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
