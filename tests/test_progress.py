"""Progress: what people read on stderr, and programs on stdout."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from summarize import secrets
from summarize.errors import OutputError
from summarize.progress import Events, Lines, Live, Progress, Several, describe
from summarize.records import Done, Grounded, Outcome, Paper, Receipt, Skipped, Summary
from summarize.report import REMEDIES, Report, Tally

EVIL = "A\x1b[31m T\x1b]0;owned\x07i\x9bt\u202ele\u2066\r\nx\ud800"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800]")


def done(paper: Paper, **receipt: object) -> Done:
    """Return a paper with a summary."""
    return Done(
        paper=paper,
        grounded=Grounded(summary=Summary(tldr="So.", notes=())),
        receipt=Receipt.model_validate({"model": "m", "prompt": "p", "basis": "paper", **receipt}),
    )


def report(*outcomes: Outcome) -> Report:
    """Return what a run with these outcomes came to."""
    return Report(outcomes=outcomes, rejected=0, tally=Tally(), seconds=1.0, post=Path("p.md"))


def run(listener: Progress, papers: list[Paper]) -> None:
    """Tell a listener of a whole run, in which every second paper is skipped."""
    outcomes: list[Outcome] = []
    listener.begin(len(papers))
    for i, paper in enumerate(papers):
        for stage in ("fetch", "extract", "wait", "ask"):
            listener.stage(paper, stage)
        outcomes.append(Skipped(paper=paper, stage="fetch", reason=EVIL) if i % 2 else done(paper))
        listener.outcome(outcomes[-1])
    listener.notice(EVIL)
    listener.end()
    listener.report(report(*outcomes))


PAPERS = [
    Paper(key=f"k{i}", title=f"{EVIL} {i} of a rather long title :cat: [b]") for i in range(6)
]


@pytest.mark.parametrize("times", [1, 2])
def test_each_run_is_counted_anew(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run after another, as comparing has them, goes no further than its own total."""
    stream = io.StringIO()
    lines, live = Lines(stream), Live()
    monkeypatch.setattr(live, "_console", Console(file=io.StringIO()))
    for _ in range(times):
        for listener in (lines, live):
            run(listener, PAPERS)
    counts = re.findall(r"^\[(\d+)/6\]", stream.getvalue(), re.MULTILINE)
    assert counts == [str(n) for n in range(1, 7)] * times
    (task,) = live._bar.tasks
    assert (task.completed, task.total) == (6, 6)


# --- lines ----------------------------------------------------------------------------------------


def test_lines() -> None:
    """A log has a line for each paper, counted, and the report below."""
    stream = io.StringIO()
    run(Lines(stream), [Paper(key="a", title="One"), Paper(key="b", title="Two")])
    lines = stream.getvalue().splitlines()
    assert lines[0] == "[1/2] done (0.0 s): One"
    assert lines[1].startswith("[2/2] skipped (fetch): Two: ")
    assert lines[-1] == "Wrote p.md"
    assert any(line.startswith("  1 × skipped (fetch): ") for line in lines)


def test_what_was_not_had_has_a_way_on() -> None:
    """A report says what to do about PDFs that could not be had, and only where there are such."""
    gone = Skipped(paper=Paper(key="b", title="Two"), stage="fetch", reason="no answer")
    unread = Skipped(paper=Paper(key="c", title="Three"), stage="extract", reason="no PDF")
    assert REMEDIES["fetch"] in report(gone, gone).lines()
    assert REMEDIES["fetch"] not in report(unread).lines()


def test_lines_hold_nothing_unseen() -> None:
    """What titles and servers say reaches a log without controls, on one line each."""
    stream = io.StringIO()
    run(Lines(stream), PAPERS)
    assert not UNSEEN.search(stream.getvalue())
    said = [*report().lines(), "the reason", REMEDIES["fetch"]]
    assert stream.getvalue().count("\n") == 6 + 1 + len(said)


# --- live -----------------------------------------------------------------------------------------


def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Put a terminal of 80 columns in stderr's place; called in a test, after pytest's own."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", stream)
    for name in ("NO_COLOR", "TTY_INTERACTIVE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    return stream


def test_live_keeps_its_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """On 80 columns the counts and times are whole, and what is under way is shortened."""
    terminal(monkeypatch)
    live = Live()
    live.begin(1234)
    for i in range(30):
        live.stage(Paper(key=f"k{i}", title="A title far too long for this " * 4), "fetch")
        live.stage(Paper(key=f"w{i}", title="Another"), "wait")
    live.outcome(done(PAPERS[0]))
    console = Console(file=io.StringIO(), width=80)
    console.print(live._bar.get_renderable())
    live.end()
    assert isinstance(console.file, io.StringIO)
    (line,) = console.file.getvalue().splitlines()
    assert re.match(r"papers .{12}    1/1234 0:00:0\d left [-:\d]{7} fetching 30, wait", line)
    assert line.rstrip().endswith("…")
    assert len(line) <= 80


def test_live_holds_nothing_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What titles and servers say reaches a terminal without controls, marks or emoji of theirs."""
    screen = terminal(monkeypatch)
    run(Live(), PAPERS)
    shown = screen.getvalue()
    assert "skipped (fetch): A[31m T]0;ownedit" in shown
    assert ":cat: [b]" in shown
    ours = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown.replace("\r", ""))
    assert not UNSEEN.search(ours)
    assert "\x1b[31m T" not in shown


# --- events ---------------------------------------------------------------------------------------


def test_events_are_ascii() -> None:
    """Events are one JSON object a line, in ASCII, and give back every character."""
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    run(Events(stdout), PAPERS)
    events = [json.loads(line) for line in raw.getvalue().decode("ascii").splitlines()]
    assert [event["event"] for event in events[:2]] == ["begin", "stage"]
    assert events[-1]["event"] == "end"
    assert next(e for e in events if e["event"] == "skipped")["reason"] == EVIL


class _Failing(io.StringIO):
    """A stream that can't be written to."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, _: str, /) -> int:
        """Fail."""
        raise self._error


def test_events_that_can_not_be_written() -> None:
    """A full disk behind stdout is said; a reader that has gone is left to the caller."""
    with pytest.raises(OutputError, match="stdout can't be written: No space left on device"):
        Events(_Failing(OSError(28, "No space left on device"))).begin(1)
    with pytest.raises(BrokenPipeError):
        Events(_Failing(BrokenPipeError(32, "Broken pipe"))).begin(1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_stdout() -> None:
    """After an event that could not be written Python ends in silence, with its own code."""
    script = (
        "import sys\nfrom summarize.progress import Events\n"
        "from summarize.errors import OutputError\n"
        "try: Events(sys.stdout).begin(1)\nexcept OutputError: sys.exit(7)"
    )
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-c", script],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=60,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (7, b"")


def test_several() -> None:
    """Every listener is told everything."""
    one, two = io.StringIO(), io.StringIO()
    run(Several([Lines(one), Lines(two)]), PAPERS)
    assert one.getvalue() == two.getvalue() != ""


# --- the report -----------------------------------------------------------------------------------


def test_report_says_what_was_read_in_part() -> None:
    """The report counts the papers that were read in part, and lists what could not be read."""
    paper = Paper(key="k", title="T")
    made = report(
        done(paper),
        done(paper, share=0.5),
        done(paper, unread=("7 of 11 pages can't be read",)),
        done(paper, unread=("7 of 11 pages can't be read",)),
        done(paper, unread=("a", "b"), share=0.5),
    )
    assert made.counts()["read_in_part"] == 4
    lines = made.lines()
    assert "4 read in part" in lines[0]
    assert "  2 × read in part: 7 of 11 pages can't be read" in lines
    assert "  1 × read in part: a; b" in lines


@pytest.mark.parametrize("secret", ['pass"wörd\\1', "20261122"])
def test_no_secret_is_in_an_event(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However JSON would spell it; and a number that looks like one stays a number."""
    monkeypatch.setattr(secrets, "_known", set())
    secrets.know(secret)
    stream = io.StringIO()
    Events(stream).tell("notice", text=f"it is {secret}", tokens=20261122, all=[{"of": secret}])
    told = json.loads(stream.getvalue())
    assert told == {
        "event": "notice", "text": "it is (key)", "tokens": 20261122, "all": [{"of": "(key)"}],
    }  # fmt: skip


def test_where_a_source_is_wanting() -> None:
    """A paper of a list is said with its line; one of a post has none, and is said without."""

    def said(paper: Paper) -> str:
        return describe(Skipped(paper=paper, stage="source", reason="no address"))

    assert said(Paper(key="k", title="T", where="l.csv:2")) == (
        "skipped (source): l.csv:2: T: no address"
    )
    assert said(Paper(key="k", title="T")) == "skipped (source): T: no address"
