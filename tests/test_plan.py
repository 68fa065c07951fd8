"""`roundup plan`: what a run would take, before anything is spent."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from summarize.cli.plan import span
from summarize.plan import money
from summarize.whole import sums
from tests.conftest import Roundup, StubServer
from tests.paper_site import PaperSite
from tests.test_draft import ABSTRACT, icml_list, write

HOSTED = ("--model", "openai/gpt-4o-mini")


def planned(roundup: Roundup, *arguments: object) -> dict[str, object]:
    """Return a plan as programs read it."""
    ran = roundup("plan", *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_a_conference_of_which_nothing_is_here(shared: Path, tmp_path: Path) -> None:
    """67 papers of OpenReview: what its quota makes of them, tokens and cost; no network for it.

    Neither litellm nor what reads PDFs or speaks HTTP is loaded.
    """
    code = (
        "import socket, sys\n"
        "def closed(*_): raise OSError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = closed\n"
        f"sys.argv = ['roundup', 'plan', {str(shared / 'data' / 'iclr2024.csv')!r}, "
        "'--model', 'openai/gpt-4o-mini']\n"
        "from summarize.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    for name in ('litellm', 'aiohttp', 'pypdf', 'pypdfium2', 'rich', 'numpy'):\n"
        "        assert name not in sys.modules, name\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "To fetch  67 PDFs, about 1 h 52 min" in ran.stdout
    assert "67 from openreview.net, which was seen to give about 36 an hour" in ran.stdout
    assert "To ask    67 papers of openai/gpt-4o-mini" in ran.stdout
    assert "Tokens    about 670,000 to read, 27,000 to write" in ran.stdout
    assert "Cost      about $0.12; $0.18 if all answers are as long as they may be" in ran.stdout


def test_what_is_here_is_counted(icml: Path, roundup: Roundup, tmp_path: Path) -> None:
    """What must be fetched, or only read, or is read already, is told apart by its real state."""
    with PaperSite(icml / "pdfs") as site:
        papers = icml_list(icml, tmp_path / "l.csv", site.url, count=6)
        at_first = planned(roundup, papers, *HOSTED, "--cache-dir", "c")
        assert (at_first["to_fetch"], at_first["texts"], at_first["unread"]) == (6, 0, 0)
        assert not site.seen
        assert roundup("draft", papers, "--limit", 4, "--cache-dir", "c").returncode == 0
        assert sum(site.asked.values()) == 4
    then = planned(roundup, papers, *HOSTED, "--cache-dir", "c")
    assert (then["to_fetch"], then["texts"], then["unread"]) == (2, 4, 0)
    asking = then["asking"]
    assert isinstance(asking, dict)
    assert (asking["papers"], asking["counted"]) == (6, 4)
    assert 24_000 < asking["tokens_read"] - 2 * asking["usual"] < 50_000  # 4 ICML papers
    roundup("cache", "clear", "--documents", "--cache-dir", "c")
    unread = planned(roundup, papers, *HOSTED, "--cache-dir", "c", "--pdf-dir", icml / "pdfs")
    assert (unread["to_fetch"], unread["texts"]) == (0, 0)
    assert unread["unread"] == 6
    extractive = planned(roundup, papers, "--cache-dir", "c")
    assert extractive["cost"] == {"about": 0.0, "most": 0.0, "batch": None}


@pytest.mark.slow
def test_a_plan_says_what_draft_then_does(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """What is asked is what was planned; what was paid for is planned, and asked, no more."""
    server = stub()
    papers = icml_list(icml, tmp_path / "l.csv", count=3)
    options = (*HOSTED, "--api-base", server.url + "/v1", "--pdf-dir", icml / "pdfs")
    before = planned(roundup, papers, *options, "--cache-dir", "c")
    assert before["unread"] == 3
    ran = roundup("draft", papers, *options, "--cache-dir", "c", "--json")
    assert ran.returncode == 0, ran.stderr
    assert "Asking openai/gpt-4o-mini about 3 papers: about $0.00" in ran.stderr
    cost, end = before["cost"], json.loads(ran.stdout.splitlines()[-1])
    assert isinstance(cost, dict)
    assert end["cost"] == pytest.approx(cost["about"], rel=0.4)
    after = planned(roundup, papers, *options, "--cache-dir", "c")
    assert (after["texts"], after["summaries"], after["unread"]) == (3, 3, 0)
    assert after["cost"] == {"about": 0.0, "most": 0.0, "batch": 0.0}
    again = roundup("draft", papers, *options, "--cache-dir", "c")
    assert "Asking" not in again.stderr
    assert len(server.questions()) == 3


def test_a_plan_of_papers_that_are_read_whole(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """`--read whole` is planned as it is drafted: each stretch, and the sum of their notes."""
    server = stub("--latency", "0.01")
    papers = icml_list(icml, tmp_path / "l.csv", count=3)
    options = (
        *HOSTED, "--api-base", server.url + "/v1", "--pdf-dir", icml / "pdfs", "--context", "4096",
        "--cache-dir", "c", "--read",
    )  # fmt: skip
    unread = asked_about(planned(roundup, papers, *options, "whole"))
    assert unread["papers"] == 3
    assert unread["requests"] > 3, "none of them fits the window"
    assert unread["usual"] > asked_about(planned(roundup, papers, *options, "fit"))["usual"]
    roundup("draft", papers, "--pdf-dir", icml / "pdfs", "--cache-dir", "c", "-o", "e.md")  # read
    before = asked_about(plan := planned(roundup, papers, *options, "whole"))
    assert (before["papers"], before["counted"]) == (3, 3)
    ran = roundup("draft", papers, *options, "whole", "--json")
    assert ran.returncode == 0, ran.stderr
    end = json.loads(ran.stdout.splitlines()[-1])
    assert len(server.questions()) == before["requests"]
    asked_again = end["requests"] - before["requests"]  # for quotes that are not there
    assert asked_again <= 3
    spare = 0.15 + asked_again / before["requests"]
    assert before["tokens_read"] == pytest.approx(end["tokens_read"], rel=spare)
    cost = plan["cost"]
    assert isinstance(cost, dict)
    assert end["cost"] == pytest.approx(cost["about"], rel=0.4)
    assert asked_about(planned(roundup, papers, *options, "whole"))["requests"] == 0
    assert asked_about(planned(roundup, papers, *options, "fit"))["requests"] == 3
    told = roundup("plan", papers, *options, "whole", "--prompt", "eli5")
    assert f"3 papers of openai/gpt-4o-mini in {before['requests']} requests" in told.stdout


def asked_about(plan: dict[str, object]) -> dict[str, int]:
    """Return what a plan says that a model would be asked."""
    asking = plan["asking"]
    assert isinstance(asking, dict)
    return asking


@pytest.mark.parametrize(
    ("parts", "tokens", "sent"),
    [(1, 3_000, []), (5, 3_000, [2_000]), (9, 2_000, [2_000, 1_600, 800]), (4, 500, [500] * 3)],
)
def test_sums_are_foreseen(parts: int, tokens: int, sent: list[int]) -> None:
    """Notes of parts are summed up as many together as fit, and sums of sums, if it takes these."""
    assert sums(parts, tokens, 400) == sent


def test_what_can_not_be_had_is_said(roundup: Roundup, tmp_path: Path) -> None:
    """Papers without an address, or beyond --offline, are left out, each reason once."""
    papers = write(
        tmp_path / "l.csv",
        {"title": "Nowhere"},
        {"title": "Far", "url": "https://arxiv.org/abs/1706.03762"},
        {"title": "Far, with an abstract", "url": "https://arxiv.org/abs/1706.03763",
         "abstract": ABSTRACT},
        {"title": "A file", "pdf": "missing.pdf"},
    )  # fmt: skip
    ran = roundup("plan", papers, "--offline", *HOSTED)
    assert ran.returncode == 0, ran.stderr
    assert "Left out  3 papers" in ran.stdout
    for reason in ("the list gives no address", "arxiv.org is not asked (--offline)",
                   "missing.pdf can't be read: No such file or directory"):  # fmt: skip
        assert f"1 × {reason}" in ran.stdout
    assert "To ask    1 paper of" in ran.stdout
    online = roundup("plan", papers, *HOSTED)
    assert "2 from arxiv.org, one every 3 s" in online.stdout
    abstracts = planned(roundup, papers, "--abstract-only", *HOSTED)
    assert (abstracts["texts"], abstracts["to_fetch"]) == (1, 0)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("extractive", "Cost      nothing"),
        ("ollama/qwen3", "Cost      nothing"),
        ("openai/of-tomorrow", "Cost      not known: litellm's price file does not list"),
        ("gpt-4o", "$2.50 and $10.00 a million tokens, by the price file of litellm"),
    ],
)
def test_a_cost_is_known_or_said_to_be_unknown(
    model: str, says: str, roundup: Roundup, tmp_path: Path
) -> None:
    """What is free costs nothing; what nobody knows the price of is not said to be free."""
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("plan", papers, "--abstract-only", "--model", model)
    assert says in ran.stdout, ran.stderr


def test_a_workspace_sets_what_it_sets_for_draft(roundup: Roundup, tmp_path: Path) -> None:
    """The options in roundup.toml hold for a plan as well, but for the way it is printed."""
    (tmp_path / "roundup.toml").write_text(
        '[draft]\nmodel = "gpt-4o"\nabstract-only = true\njson = true\nbudget = 2\n'
    )
    papers = write(tmp_path / "l.csv", {"title": "A paper", "abstract": ABSTRACT})
    ran = roundup("plan", papers)
    assert "To ask    1 paper of gpt-4o" in ran.stdout, ran.stderr


def test_a_list_of_nothing_but_events(roundup: Roundup, tmp_path: Path) -> None:
    """Where there is nothing to do, the plan says so."""
    with (tmp_path / "l.csv").open("w") as file:
        csv.writer(file).writerows([["title", "kind"], ["Lunch", "social"]])
    ran = roundup("plan", tmp_path / "l.csv", *HOSTED)
    assert ran.stdout.splitlines() == [
        "Papers    0",
        "At hand   0 texts, 0 summaries of this model and prompt",
        "To fetch  nothing",
        "To ask    nothing",
        "Cost      nothing",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "a few seconds"), (14, "about 10 s"), (89, "about 90 s"), (91, "about 2 min"),
     (3_569, "about 59 min"), (3_571, "about 1 h"), (6_700, "about 1 h 52 min")],
)  # fmt: skip
def test_a_time_is_said_as_well_as_it_is_known(seconds: float, words: str) -> None:
    """Times are rounded to what an estimate is worth."""
    assert span(seconds) == words


def test_money_is_said_as_well_as_it_is_known() -> None:
    """Cents, and less than ten of them more finely."""
    assert [money(sum_) for sum_ in (0, 0.0123, 0.126, 12)] == [
        "$0.00",
        "$0.0123",
        "$0.13",
        "$12.00",
    ]
