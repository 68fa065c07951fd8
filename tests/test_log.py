"""What a run tells of itself: the log, the walk of one paper, the report."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import log, runs, secrets
from summarize.account import _COUNTS, account
from tests.conftest import Roundup, StubServer
from tests.paper_site import PaperSite
from tests.test_draft import ABSTRACT, icml_list, write

FIELDS = {"time", "level", "key", "stage", "what"}


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log, each of them whole."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.slow
def test_all_that_happens_is_in_the_log(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """One event a line, with its time, level, key, stage and what; a report and a walk show it.

    Of three papers one is gone; their host is in trouble, and the model errs.
    """
    server = stub("--script", "invalid,429")

    def faults(path: str, attempt: int) -> str:
        if path.endswith("allamanis15.pdf"):
            return "404"
        return "503" if attempt == 1 else ""

    with PaperSite(icml / "pdfs", faults=faults) as site:
        papers = icml_list(icml, tmp_path / "l.csv", site.url, 3)
        faulty = roundup(
            "draft", papers, "--model", "local/stub", "--api-base", f"{server.url}/v1",
            "--cache-dir", "c", "--log-file", "run.log", "--jobs", "1",
        )  # fmt: skip

    assert faulty.returncode == 3, faulty.stderr
    told = lines(tmp_path / "run.log")
    assert all(line.keys() >= FIELDS for line in told)
    assert (tmp_path / "run.log").stat().st_mode & 0o077 == 0
    assert [line["what"] for line in told][:: len(told) - 1] == ["run begins", "run ends"]
    assert told == lines(next((tmp_path / "c" / "runs").iterdir()))
    known = {line["key"] for line in told if line["what"] == "fetched"}
    assert len(known) == 2

    made = json.loads(roundup("report", "--json", "--cache-dir", "c").stdout)
    assert (made["papers"], made["done"], made["downloads"]) == (3, 2, 2)
    assert made["ended"] == "with something left out"
    (skipped,) = made["skipped"]
    assert "has no such page (404)" in skipped["reason"]
    causes = {again["cause"]: again["times"] for again in made["asked_again"]}
    assert causes["127.0.0.1 is over quota (503)"] == 2
    assert causes["the server answered 429"] == 1
    assert list(made["replies_refused"].values()) == [1]
    requests = {host["stage"]: host["requests"] for host in made["hosts"]}
    assert requests == {"fetch": 2 * 2 + 1, "ask": made["requests"] + 1}
    assert made["tokens_read"] > 1000

    said = roundup("report", "l.md", "--cache-dir", "c").stdout
    assert "2 of 3 papers done, 1 skipped" in said
    assert "2 × 127.0.0.1 is over quota (503)" in said
    assert "1 × fetch: 127.0.0.1 has no such page (404)" in said

    (refused,) = [each["key"] for each in told if each["what"] == "no summary"]
    (done,) = [each for each in told if each["what"] == "done" and each["key"] == refused]
    ran = roundup("report", "--trace", done["title"][:30].upper(), "--cache-dir", "c")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(done["key"])
    walk = [line.split("s  ", 1)[1] for line in ran.stdout.splitlines()[1:]]
    assert [line[:20].rstrip() for line in walk if line.startswith(("fetch", "extract"))] == [
        "fetch    begins", "fetch    host asked:", "fetch    asked again", "fetch    host asked:",
        "fetch    fetched: by", "extract  begins", "extract  read: engin",
    ]  # fmt: skip
    assert any(line.startswith("ask      no summary: cause") for line in walk)
    assert walk[-1].startswith("end      done: ")
    ran = roundup("report", "--trace", "no-such", "--cache-dir", "c")
    assert ran.returncode == 2
    assert "--trace no-such is no paper of the list" in ran.stderr


def test_a_trace_is_shown_as_it_happens(roundup: Roundup, tmp_path: Path) -> None:
    """`--trace` shows one paper's lines beside the outcomes; a wrong key asks nothing."""
    rows = [{"title": f"Paper {name}", "abstract": ABSTRACT} for name in ("one", "two")]
    write(tmp_path / "l.csv", *rows)
    command = ("draft", "l.csv", "--abstract-only", "--cache-dir", "c")
    ran = roundup(*command, "--trace", "two")
    assert ran.returncode == 0, ran.stderr
    shown = [line for line in ran.stderr.splitlines() if line.startswith("+")]
    assert shown
    assert "title Paper two" in shown[-1]
    assert "Paper one" not in " ".join(shown)
    ran = roundup("regenerate", "l.md", "--cache-dir", "c", "--trace", "two")
    assert any(line.startswith("+") for line in ran.stderr.splitlines())
    for wrong in ("three", "paper"):
        ran = roundup(*command, "--trace", wrong)
        assert ran.returncode == 2
        assert "keys are: " in ran.stderr


def test_each_post_has_its_own_last_run(roundup: Roundup, tmp_path: Path) -> None:
    """`report POST` tells the last run about that post, `report` the last of all; none is said."""
    write(tmp_path / "l.csv", {"title": "Paper", "abstract": ABSTRACT})
    assert roundup("report", "--cache-dir", "c").returncode == 2
    for post in ("a.md", "b.md"):
        roundup("draft", "l.csv", "--abstract-only", "--cache-dir", "c", "-o", post)
    assert "/a.md" in roundup("report", "a.md", "--cache-dir", "c").stdout
    assert "/b.md" in roundup("report", "--cache-dir", "c").stdout
    ran = roundup("report", "other.md", "--cache-dir", "c")
    assert ran.returncode == 2
    assert "no run of other.md is known" in ran.stderr


def test_a_log_that_cannot_be_written(roundup: Roundup, tmp_path: Path) -> None:
    """It is refused before anything is done; a disk that fills later is told, and ends no run."""
    write(tmp_path / "l.csv", {"title": "Paper", "abstract": ABSTRACT})
    command = ("draft", "l.csv", "--abstract-only", "--cache-dir", "c", "--log-file")
    ran = roundup(*command, "no/such/folder.log")
    assert ran.returncode == 2
    assert "--log-file no/such/folder.log can't be written" in ran.stderr
    assert not (tmp_path / "l.md").exists()
    if Path("/dev/full").exists():
        ran = roundup(*command, "/dev/full")
        assert ran.returncode == 0, ran.stderr
        assert "/dev/full is not the whole log: No space left on device" in ran.stderr


@pytest.mark.slow
def test_a_killed_run_has_told_what_it_did(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """Of a run that is killed the report says what it came to, and that it was."""
    # A paper's quotes may be asked for again: these are the replies of two papers at least.
    server = stub("--latency", "0.05", "--script", "ok,ok,ok,ok,hang")
    papers = icml_list(icml, tmp_path / "l.csv", count=8)
    process = subprocess.Popen(
        [sys.executable, "-m", "summarize", "draft", papers, "--pdf-dir", icml / "pdfs",
         "--model", "local/stub", "--api-base", f"{server.url}/v1", "--jobs", "1", "-q",
         "--cache-dir", "c"], cwd=tmp_path,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    kept = tmp_path / "c" / "runs" / "00000001.jsonl"
    while not (kept.exists() and kept.read_text().count('"done"') >= 2):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = kept.read_text().count('"done"')
    assert 2 <= done <= 4
    said = roundup("report", "--cache-dir", "c").stdout
    assert f"{done} of 8 papers done" in said
    assert "it ended early: it was killed, or is still under way" in said


def test_a_run_that_stops_says_why(roundup: Roundup, tmp_path: Path) -> None:
    """The report of a run that an error ended names the error."""
    write(tmp_path / "l.csv", {"title": "Paper", "abstract": ABSTRACT})
    ran = roundup(
        "draft", "l.csv", "--abstract-only", "--cache-dir", "c", "--model", "local/m",
        "--api-base", "http://127.0.0.1:9/v1",
    )  # fmt: skip
    assert ran.returncode == 1
    said = roundup("report", "--cache-dir", "c").stdout
    assert "it stopped: local/m gives no answer: nothing listens" in said
    assert "0 of 1 paper done" in said


def test_only_the_newest_logs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache keeps so many logs, the newest; a damaged line costs that line."""
    monkeypatch.setattr(runs, "KEPT", 3)
    for number in range(5):
        made = runs.begun(tmp_path)
        assert made
        made.write(runs.written(log.Line(f"number {number}", "run"), time.time()))
        made.close()
    names = [path.name for path in runs.kept(tmp_path)]
    assert names == ["00000003.jsonl", "00000004.jsonl", "00000005.jsonl"]
    newest = runs.kept(tmp_path)[-1]
    newest.write_bytes(b'\x00\xff{"half\n[]\n' + newest.read_bytes() + b'{"time": "2')
    assert [line["what"] for line in runs.last(tmp_path) or []] == ["number 4"]


@settings(max_examples=40)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_log(data: bytes) -> None:
    """Whatever stands in a log, it is read and accounted for."""
    told = list(runs._lines(data.splitlines()))
    assert account(told).papers == 0


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@settings(max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"what": st.sampled_from(sorted(_COUNTS)), "time": st.text(max_size=5),
             "level": st.just("info"), "stage": st.text(max_size=5), "key": st.text(max_size=5)},
            optional=dict.fromkeys(
                ("papers", "seconds", "bytes", "cost", "tokens_read", "waits", "host", "cause"),
                _VALUES,
            ),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_lines_make_an_account(told: list[dict[str, Any]]) -> None:
    """Whatever the facts of a log's lines are, they come to figures that are JSON."""
    assert json.loads(json.dumps(account(told).as_json()))["ended"] is not None


def test_a_log_holds_no_secret(tmp_path: Path) -> None:
    """What is known to be secret stands in no line, wherever a message had it."""
    secrets.know("sk-very-secret-1")
    secrets.know_environment({"FIREWORKS_API_KEY": "fw_0123456789", "OPENAI_API_KEY": "none"})
    made = runs.at(tmp_path / "l")
    problem = "no: sk-very-secret-1, fw_0123456789, none"
    made.write(runs.written(log.Line("asked", "ask", facts={"problem": problem}), 0.0))
    made.close()
    assert lines(tmp_path / "l")[0]["problem"] == "no: (key), (key), none"
