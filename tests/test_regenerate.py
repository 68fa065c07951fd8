"""Regenerating: a new prompt or model over a post that a person has made their own."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from summarize import output
from summarize.posts import FORMATS
from tests.conftest import ROOT, Roundup, StubServer
from tests.test_draft import icml_list

KILLS = int(os.environ.get("KILLS", "12"))  # moments at which a run is killed
DEMO = ROOT / "examples" / "demo.csv"


def replies(folder: Path, *names: str) -> list[str]:
    """Write a file of replies for each name; return the models that answer with them."""
    for name in names:
        answer = {"tldr": f"Summary {name} says what was found.", "notes": []}
        line = json.dumps({"text": json.dumps(answer)})
        (folder / f"{name}.jsonl").write_text(line + "\n", "utf-8")
    return [f"replay:{name}.jsonl" for name in names]


@pytest.fixture
def post(roundup: Roundup, tmp_path: Path) -> Path:
    """Return a post of the demo's four papers, drafted with the replies `a`."""
    model, _ = replies(tmp_path, "a", "b")
    ran = roundup("draft", DEMO, "-o", "p.md", "--model", model, "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    return tmp_path / "p.md"


def renew(roundup: Roundup, *more: str) -> subprocess.CompletedProcess[str]:
    """Regenerate the post with the replies `b`."""
    return roundup("regenerate", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c", *more)


def test_what_was_left_alone_is_renewed(roundup: Roundup, post: Path) -> None:
    """Every summary that nobody touched is the new one; the edited one stays, with an offer."""
    text = post.read_text("utf-8")
    post.write_text(text.replace("Summary a says", "I say", 1) + "\nMy own words.\n", "utf-8")
    ran = renew(roundup)
    assert ran.returncode == 0, ran.stderr
    renewed = post.read_text("utf-8")
    assert renewed.count("- Summary b says what was found.") == 3
    assert "- I say what was found." in renewed
    assert "<!-- roundup offers for the TLDR: Summary b says what was found. -->" in renewed
    assert renewed.endswith("\nMy own words.\n")
    assert "`replay:b.jsonl`" in renewed
    assert re.search(r"1 newer text offered .*\n  p\.md:\d+: <!-- roundup offers", ran.stderr)
    assert renew(roundup).returncode == 0
    assert post.read_text("utf-8") == renewed


CHECK = "<!-- **CHECK:** not in the paper: TLDR: {} times -->"


def flagging(folder: Path, **tldrs: str) -> None:
    """Write a file of replies for each name, with this TLDR and no notes."""
    for name, tldr in tldrs.items():
        line = json.dumps({"text": json.dumps({"tldr": tldr, "notes": []})})
        (folder / f"{name}.jsonl").write_text(line + "\n", "utf-8")


def test_what_is_to_be_checked_is_renewed(roundup: Roundup, tmp_path: Path) -> None:
    """A CHECK comes with a summary that needs one, is renewed with it, and goes with it."""
    abstract = "We find that cats purr when they are fed, and that dogs bark at night."
    (tmp_path / "l.csv").write_text(f'title,abstract\nPaper A,"{abstract}"\n', "utf-8")
    purr = "Cats purr when they are fed {} times, and dogs bark at night."
    flagging(tmp_path, x=purr.format(41), y=purr.format(57))
    assert roundup("draft", "l.csv", "-o", "p.md", "--cache-dir", "c").returncode == 0
    post = tmp_path / "p.md"
    assert "CHECK" not in post.read_text("utf-8")
    for model, number in (("replay:x.jsonl", "41"), ("replay:y.jsonl", "57"), ("extractive", "")):
        ran = roundup("regenerate", "p.md", "--model", model, "--cache-dir", "c")
        assert ran.returncode == 0, ran.stderr
        found = re.findall("<!-- .*?CHECK.*?-->", post.read_text("utf-8"))
        assert found == ([CHECK.format(number)] if number else [])


def test_only_one(roundup: Roundup, post: Path) -> None:
    """With --only the others stay as they are, and the post says who wrote which."""
    keys = [known.paper.key for known in output.check(post).state.papers.values()]
    assert renew(roundup, "--only", keys[1]).returncode == 0
    text = post.read_text("utf-8")
    assert (text.count("- Summary a"), text.count("- Summary b")) == (3, 1)
    assert "and their extra notes, 3 were written by `replay:a.jsonl`" in text
    assert "1 was written by `replay:b.jsonl`" in text
    ran = renew(roundup, "--only", "nope")
    assert (ran.returncode, "no paper with the key nope" in ran.stderr) == (2, True)


def test_diff_changes_nothing(roundup: Roundup, post: Path) -> None:
    """`diff` prints what `regenerate` then does, and writes nothing."""
    before = post.read_text("utf-8")
    ran = roundup("diff", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c", "-q")
    assert ran.returncode == 0, ran.stderr
    assert post.read_text("utf-8") == before
    renew(roundup)
    after = post.read_text("utf-8")
    plus = [line[1:] for line in ran.stdout.splitlines() if re.match(r"\+(?!\+\+ )", line)]
    assert plus == [line for line in after.splitlines() if line not in before.splitlines()]
    ran = roundup("diff", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    assert (ran.stdout, "p.md would stay as it is" in ran.stderr) == ("", True)


def test_a_failure_keeps_the_summary_that_was_there(roundup: Roundup, post: Path) -> None:
    """A paper that can't be summarized this time keeps its summary, and the run says so."""
    bad = json.dumps({"text": "no summary"})
    (post.parent / "bad.jsonl").write_text(bad + "\n", "utf-8")
    before = post.read_text("utf-8")
    ran = roundup("regenerate", "p.md", "--model", "replay:bad.jsonl", "--cache-dir", "c")
    assert ran.returncode == 3
    assert "4 summaries kept from before" in ran.stderr
    assert post.read_text("utf-8") == before


def test_what_was_taken_out_is_not_asked_for(roundup: Roundup, post: Path) -> None:
    """An entry that a person took out is neither put in again nor paid for, draft after draft."""
    only = ("--only", "what-a-durable-record-costs-synced-appends-and-sqlite-commits-compared")
    text = post.read_text("utf-8")
    first = text.index("1. **")
    post.write_text(text[:first] + text[text.index("1. ", first + 1) :], "utf-8")
    for _ in range(2):
        ran = roundup("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
        assert ran.returncode == 0, ran.stderr
        assert "3 of 3 papers done" in ran.stderr
        assert "What a Durable Record Costs" not in post.read_text("utf-8")
        said = [line for line in ran.stderr.splitlines() if "taken out of p.md" in line]
        assert [line.count("What a Durable Record Costs") for line in said] == [1]
        assert f"(--only {only[1]} puts it back, or --force" in said[0]
    options = ("--model", "replay:b.jsonl", "--cache-dir", "c")
    ran = roundup("draft", DEMO, "-o", "p.md", *only, *options)
    assert ran.returncode == 0, ran.stderr
    assert post.read_text("utf-8").count("**What a Durable Record Costs") == 1
    assert post.read_text("utf-8").count("- Summary b") == 4


def test_a_post_that_was_cut_says_what_it_lacks(roundup: Roundup, post: Path) -> None:
    """Of a post that lost entries, one line says which stay out; what it names puts them back."""
    drafting = ("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    whole = post.read_text("utf-8")
    starts = [found.start() for found in re.finditer(r"^1\. ", whole, re.MULTILINE)]
    post.write_text(whole[: starts[3] - 20], "utf-8")
    ran = roundup(*drafting)
    assert ran.returncode == 0, ran.stderr
    (line,) = (line for line in ran.stderr.splitlines() if "taken out" in line)
    assert line.startswith("2 entries were taken out of p.md, and stay out: ")
    (key,) = re.findall(r"\(--only (\S+) puts one back", line)
    ran = roundup(*drafting, "--only", key)
    assert len(re.findall(r"^1\. ", post.read_text("utf-8"), re.MULTILINE)) == 4
    assert "1 entry of the list was taken out of p.md" in roundup(*drafting).stderr
    assert "taken out" not in roundup(*drafting, "--force").stderr
    assert len(re.findall(r"^1\. ", post.read_text("utf-8"), re.MULTILINE)) == 5


def test_an_entry_under_another_bullet_is_said_to_stay_out(roundup: Roundup, post: Path) -> None:
    """What is no numbered entry any more is a person's text: that it counts so, is said."""
    post.write_text(post.read_text("utf-8").replace("1. **", "* **", 1), "utf-8")
    ran = roundup("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    assert "1 entry of the list was taken out of p.md, and stays out: " in ran.stderr


def test_papers_are_read_where_they_were(icml: Path, roundup: Roundup, tmp_path: Path) -> None:
    """What a draft read from a folder is not fetched to be summarized anew."""
    icml_list(icml, tmp_path / "l.csv", count=2)
    first, _ = replies(tmp_path, "a", "b")
    drafting = ("draft", "l.csv", "-o", "p.md", "--pdf-dir", icml / "pdfs", "--engine", "pypdf")
    ran = roundup(*drafting, "--model", first, "--cache-dir", "c", "--offline")
    assert ran.returncode == 0, ran.stderr
    ran = renew(roundup, "--offline")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "p.md").read_text("utf-8").count("- Summary b says") == 2


def test_the_server_that_was_asked_is_asked_again(
    roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A model's address is remembered with a post for models of its kind; no password in it is."""
    server = stub("--latency", "0")
    cache = ("--cache-dir", "c", "--quiet", "--yes")
    asking = ("--model", "local/stub", "--api-base", f"{server.url}/v1")
    assert roundup("draft", DEMO, "-o", "p.md", *asking, *cache).returncode == 0
    before = len(server.requests())
    ran = roundup("regenerate", "p.md", "--prompt", "eli5", *cache)
    assert ran.returncode == 0, ran.stderr
    assert len(server.requests()) > before
    assert server.url not in (tmp_path / ".p.md.roundup.json").read_text("utf-8")
    ran = roundup("regenerate", "p.md", "--model", "llamacpp/stub", *cache)
    assert server.url not in ran.stderr
    secret = f"http://me:word@{server.url.partition('//')[2]}/v1"
    assert roundup("draft", DEMO, "-o", "q.md", *asking[:3], secret, *cache).returncode == 0
    held = [file.read_bytes() for file in (tmp_path / "c").rglob("*") if file.is_file()]
    assert not any(b"me:word" in data for data in held)


def test_a_prompt_that_nobody_reads_is_told(roundup: Roundup) -> None:
    """A prompt for the embedded summarizer, which takes none, is said to change nothing."""
    drafting = ("draft", DEMO, "-o", "p.md", "--cache-dir", "c")
    assert "changes nothing" not in roundup(*drafting).stderr
    ran = roundup(*drafting, "--prompt", "eli5")
    assert ran.stderr.count("the prompt eli5 changes nothing") == 1
    ran = roundup("regenerate", "p.md", "--prompt", "eli5", "--cache-dir", "c")
    assert ran.stderr.count("the prompt eli5 changes nothing") == 1


@pytest.mark.parametrize("command", ["draft", "regenerate"])
def test_an_empty_post_is_made_anew(roundup: Roundup, post: Path, command: str) -> None:
    """A post that a failed save left empty is whole again, and says where its backup is."""
    drafting = ("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    post.write_text(post.read_text("utf-8") + "\nMine.\n", "utf-8")
    backup = re.search(r"kept as (.*)\n", roundup(*drafting, "--force").stderr)
    whole = post.read_text("utf-8")
    assert backup
    post.write_text("\n", "utf-8")
    ran = roundup(*drafting) if command == "draft" else renew(roundup)
    assert ran.returncode == 0, ran.stderr
    said = [line for line in ran.stderr.splitlines() if "is empty, and so no post" in line]
    assert [line.rpartition(" is ")[2] for line in said] == [backup[1]]
    assert "taken out" not in ran.stderr
    assert "gone from the list" not in ran.stderr
    assert post.read_text("utf-8") == whole


def test_an_empty_post_of_which_nothing_is_known(roundup: Roundup, tmp_path: Path) -> None:
    """There is nothing to renew in an empty file: the list is what is needed."""
    (tmp_path / "p.md").write_text("", "utf-8")
    ran = roundup("regenerate", "p.md")
    assert (ran.returncode, "p.md is empty, and nothing is known" in ran.stderr) == (2, True)


def test_a_damaged_note_is_said(roundup: Roundup, post: Path) -> None:
    """Without its note all of a post is the person's: it stays, and one line says so and why."""
    note = post.parent / ".p.md.roundup.json"
    note.write_bytes(note.read_bytes()[:500])
    before = post.read_text("utf-8")
    entries = before[before.index("\n1. ") : before.index("\n---\n", 10)]
    ran = renew(roundup)  # whose papers only the note knows
    assert (ran.returncode, ".p.md.roundup.json is damaged" in ran.stderr) == (2, True)
    drafting = ("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    ran = roundup(*drafting)
    assert ran.returncode == 0, ran.stderr
    (line,) = (line for line in ran.stderr.splitlines() if " is damaged (" in line)
    assert line.startswith(".p.md.roundup.json is damaged (it is not JSON, or cut short): ")
    assert "everything there counts as yours" in line
    kept = re.search(r"it is kept as (\S+\.damaged), and", line)
    assert kept
    assert (post.parent / kept[1]).is_file()
    assert entries in post.read_text("utf-8")
    assert "damaged" not in roundup(*drafting).stderr


def test_a_read_only_post_is_refused(roundup: Roundup, post: Path) -> None:
    """Nothing is put in the place of a post that is read-only, unless by force; `diff` reads it."""
    drafting = ("draft", DEMO, "-o", "p.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    before = post.read_text("utf-8")
    post.chmod(0o444)
    for ran in (roundup(*drafting), renew(roundup)):
        assert (ran.returncode, ran.stderr.count("p.md is read-only")) == (1, 1)
        assert "chmod u+w p.md" in ran.stderr
        assert "papers done" not in ran.stderr
    assert post.read_text("utf-8") == before
    assert roundup("diff", "p.md", "--cache-dir", "c").returncode == 0
    ran = roundup(*drafting, "--force")
    assert ran.returncode == 0, ran.stderr
    assert "The post that was there is kept as" in ran.stderr


def test_papers_gone_from_the_list_are_told(roundup: Roundup, tmp_path: Path) -> None:
    """An entry of a paper that the list has no more goes, unless it was edited; both are said."""
    abstract = "We find that cats purr when they are fed, and that dogs bark when they are not fed."
    head, rows = "title,abstract\n", [f'Paper {n},"{abstract}"\n' for n in ("A", "B", "C")]
    papers, post = tmp_path / "l.csv", tmp_path / "l.md"
    papers.write_text(head + "".join(rows), "utf-8")
    assert roundup("draft", papers).returncode == 0
    papers.write_text(head + "".join(rows[:2]), "utf-8")
    ran = roundup("draft", papers)
    assert "1 entry gone from the list" in ran.stderr
    assert "Paper C" not in post.read_text("utf-8")
    post.write_text(
        post.read_text("utf-8").replace("**Paper B** - ", "**Paper B** - Mine: "), "utf-8"
    )
    papers.write_text(head + rows[0], "utf-8")
    ran = roundup("draft", papers)
    assert "1 entry not in the list any more, and kept" in ran.stderr
    assert "**Paper B** - Mine: " in post.read_text("utf-8")


def test_history(roundup: Roundup, post: Path) -> None:
    """Every summary of a paper stays, and any of them can be put back."""
    renew(roundup)
    key = next(iter(output.check(post).state.papers.values())).paper.key
    listed = roundup("history", key, "--cache-dir", "c").stdout
    assert re.search(r"1  \d{4}-\d\d-\d\d  replay:a\.jsonl  default 1\n +Summary a says", listed)
    assert re.search(r"2  \d{4}-\d\d-\d\d  replay:b\.jsonl  default 1\n +Summary b says", listed)
    ran = roundup("history", key, "--use", 1, "--post", "p.md", "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    text = post.read_text("utf-8")
    assert (text.count("- Summary a"), text.count("- Summary b")) == (1, 3)
    for wrong in ((key, "--use", 3), ("nope",)):
        ran = roundup("history", *wrong, "--cache-dir", "c")
        assert (ran.returncode, "Traceback" in ran.stderr) == (2, False)


def test_no_post(roundup: Roundup, tmp_path: Path) -> None:
    """A post that is not there, or holds no paper, is refused with a hint."""
    (tmp_path / "empty.md").write_text("# Hello\n", "utf-8")
    for name, said in (("none.md", "there is no post"), ("empty.md", "holds no entry")):
        ran = roundup("regenerate", name)
        assert (ran.returncode, said in ran.stderr) == (2, True)


def test_the_readers_own_post(roundup: Roundup, shared: Path, tmp_path: Path) -> None:
    """Regenerated over, every line of the reader's stays; only empty places are filled."""
    mine = (shared / "seeds" / "iclr2024_roundup.md").read_text("utf-8")
    (tmp_path / "post.md").write_text(mine, "utf-8")
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    shutil.copy(ROOT / "examples" / "papers" / "durable.pdf", pdfs / "uNrFpDPMyo.pdf")
    shutil.copy(ROOT / "examples" / "papers" / "waiting.pdf", pdfs / "fpoAYV6Wsk.pdf")
    ran = roundup("regenerate", "post.md", "--offline", "--pdf-dir", pdfs, "--cache-dir", "c")
    assert ran.returncode == 3, ran.stderr  # 65 PDFs are not there
    assert "2 of 67 papers done" in ran.stderr
    text = (tmp_path / "post.md").read_text("utf-8")
    lines = iter(text.split("\n"))
    assert [line for line in mine.split("\n") if line not in lines] == []
    assert text.count("<summary>Extra notes</summary>") == 6
    assert "roundup offers" not in text
    assert "Not summarized" not in text


def test_the_readers_own_post_over_their_list(
    roundup: Roundup, shared: Path, tmp_path: Path
) -> None:
    """Drafted over with their list, nothing of theirs moves or changes; notes are filled in."""
    mine = (shared / "seeds" / "iclr2024_roundup.md").read_text("utf-8")
    post = tmp_path / "post.md"
    post.write_text(mine, "utf-8")
    papers = shared / "data" / "iclr2024_with_abstracts.csv"
    ran = roundup("draft", papers, "-o", post, "--abstract-only", "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    text = post.read_text("utf-8")
    words = iter(text.split())
    assert [word for word in mine.split() if word not in words] == []
    assert text.count("<summary>Extra notes</summary>") > 40
    assert "roundup offers" not in text


@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * KILLS)
def test_killed_at_any_moment(roundup: Roundup, post: Path) -> None:
    """Kill -9 during a regenerate leaves the old post or the new one, and a note that agrees.

    Every second time at any moment of the run, else when it writes: before that little can break.
    The last one hits a run that has written its post.
    """
    whole, took = {}, 0.0
    post.write_text(post.read_text("utf-8") + "\nMy own words.\n", "utf-8")
    for name in "aba":
        began = time.monotonic()
        roundup("regenerate", "p.md", "--model", f"replay:{name}.jsonl", "--cache-dir", "c")
        took = time.monotonic() - began
        whole[name] = post.read_text("utf-8")
    assert whole["a"] != whole["b"]
    random_ = random.Random(6)
    found: Counter[str] = Counter()
    for number in range(KILLS):
        old = "a" if post.read_text("utf-8") == whole["a"] else "b"
        new = {"a": "b", "b": "a"}[old]
        command = [sys.executable, "-m", "summarize", "regenerate", "p.md", "-q"]
        process = subprocess.Popen(
            [*command, "--model", f"replay:{new}.jsonl", "--cache-dir", "c"], cwd=post.parent
        )
        last = number == KILLS - 1
        awaited = post if last else post.parent / ".p.md.roundup.json"
        before = awaited.stat().st_ino
        until = time.monotonic() + 60
        awaits = last or number % 2
        while awaits and awaited.stat().st_ino == before and process.poll() is None:
            assert time.monotonic() < until
        until = time.monotonic() + random_.uniform(0, 0.01 if number % 2 else took)
        while time.monotonic() < until:
            pass
        process.kill()
        process.wait()
        now = post.read_text("utf-8")
        name = next(name for name in "ab" if whole[name] == now)
        prior = output.check(post)
        assert prior.ours
        assert f"Summary {name} says" in prior.state.text
        assert f"Summary {'b' if name == 'a' else 'a'} says" not in prior.state.text
        found["new" if name == new else "old"] += 1
    assert found["new"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_todo_stays_where_its_format_has_it(
    format_: str, roundup: Roundup, tmp_path: Path
) -> None:
    """Regenerating twice with nothing new leaves every format's post as it is, TODOs and all."""
    pdf = ROOT / "examples" / "papers" / "durable.pdf"
    (tmp_path / "l.csv").write_text(f"title,pdf,todo\nA paper,{pdf},read the appendix\n")
    drafting = ("draft", "l.csv", "-o", "p.md", "--format", format_, "--cache-dir", "c")
    assert roundup(*drafting).returncode == 0
    post = tmp_path / "p.md"
    before = post.read_text("utf-8")
    assert "Extra notes" in before
    for _ in range(2):
        assert roundup("regenerate", "p.md", "--cache-dir", "c").returncode == 0
        assert post.read_text("utf-8") == before
