"""What is checked of a summary reaches the post, the last line of a run, and the next question."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from summarize.ask import ask
from summarize.output import check
from summarize.records import Message, Reply, Request
from summarize.text.abstract import from_abstract
from tests.conftest import Roundup

STORY = (
    "We measured the journeys of 40 gulls on Skomer over three winters. "
    "Our model outperforms the older LIFT model by 12.5% on the Skomer dataset. "
    "The gulls do not rest on ships, but they follow them for many hours at night. "
    "Storms were left out of the theory, since too few of them were recorded."
)
TRUE = "The gulls do not rest on ships, but they follow them for many hours at night."
GAIN = "Our model outperforms the older LIFT model by 12.5% on the Skomer dataset."
CLOSE = "Storms were left out of theory, since too few of them recorded"  # two words are gone
NOWHERE = "crows are cleverer than all other birds of the coast"


def reply(tldr: str, *notes: tuple[str, str, str]) -> str:
    """Return a model's answer: a line, and notes of a kind, a text and a quote each."""
    listed = [{"kind": k, "text": t, "quote": q, "page": None} for k, t, q in notes]
    return json.dumps({"tldr": tldr, "notes": listed})


FREE = reply(
    "We measured the journeys of 90 gulls on Skomer over three winters.",
    ("idea", TRUE, TRUE),
    ("result", "The model beats the older LIFT model by 17% on Skomer.", GAIN),
    ("limitation", "Storms were left out of the theory.", CLOSE),
    ("problem", "Crows are cleverer.", NOWHERE),
)
STRICT = reply("We measured the journeys of 40 gulls on Skomer.", ("idea", TRUE, TRUE))


@pytest.fixture
def drafts(roundup: Roundup, tmp_path: Path) -> "Drafts":
    """Return a function that drafts a post of one abstract, answered for by a file of replies."""
    (tmp_path / "list.csv").write_text(
        f'title,url,abstract\nGulls,https://example.org/gulls,"{STORY}"\n', "utf-8"
    )
    return Drafts(roundup, tmp_path)


class Drafts:
    """A list of one paper, and the post that is drafted of it."""

    def __init__(self, roundup: Roundup, folder: Path) -> None:
        self.roundup, self.folder = roundup, folder

    def __call__(self, answer: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Draft the post, the model answering so."""
        (self.folder / "a.jsonl").write_text(json.dumps({"text": answer}) + "\n", "utf-8")
        return self.roundup(
            "draft", "list.csv", "--abstract-only", "--model", "replay:a.jsonl",
            "-o", "post.md", "--cache-dir", "c", *more,
        )  # fmt: skip

    @property
    def post(self) -> str:
        """The post as it stands."""
        return (self.folder / "post.md").read_text("utf-8")


def test_what_is_not_in_the_paper_is_marked(drafts: Drafts) -> None:
    """The post keeps what is flagged, and says in a comment which of its words are not there."""
    done = drafts(FREE)
    assert done.returncode == 0, done.stderr
    assert "90 gulls" in drafts.post
    (check,) = [line for line in drafts.post.splitlines() if "**CHECK:**" in line]
    assert check.strip().startswith("<!-- **CHECK:** not in the paper: TLDR: 90")
    assert "Result: 17%" in check
    assert "Idea" not in check


def test_a_true_summary_has_nothing_to_check(drafts: Drafts) -> None:
    """A post of which every claim is borne out has no such comment."""
    assert drafts(STRICT).returncode == 0
    assert "CHECK" not in drafts.post


def test_strict_leaves_flagged_claims_out(drafts: Drafts) -> None:
    """With --strict what is flagged is left out, what is supported stays, and the post says why."""
    done = drafts(FREE, "--strict")
    assert done.returncode == 0, done.stderr
    assert "90 gulls" not in drafts.post
    assert "17%" not in drafts.post
    assert TRUE in drafts.post
    assert "Storms were left out of the theory." in drafts.post
    assert "The TLDR is left out: it says more than the paper does." in drafts.post


def test_a_post_stays_strict(drafts: Drafts) -> None:
    """What was left out stays out when a post is renewed or drafted again, until it is not."""
    assert drafts(FREE, "--strict").returncode == 0
    strict = drafts.post
    renew = ("regenerate", "post.md", "--cache-dir", "c")
    assert drafts.roundup(*renew).returncode == 0
    assert drafts.post == strict
    assert drafts(FREE).returncode == 0
    assert drafts.post == strict
    (key,) = [known.paper.key for known in check(drafts.folder / "post.md").state.papers.values()]
    back = drafts.roundup("history", key, "--use", 1, "--post", "post.md", "--cache-dir", "c")
    assert back.returncode == 0, back.stderr
    assert drafts.post == strict
    assert drafts.roundup(*renew, "--no-strict").returncode == 0
    assert "90 gulls" in drafts.post


def test_how_a_run_ends(drafts: Drafts) -> None:
    """A draft ends with how many claims were checked, supported, repaired, dropped and flagged."""
    said = drafts(FREE).stderr
    assert "5 claims checked: 2 supported, 1 repaired, 1 dropped, 2 flagged" in said


def asked(*answers: str) -> list[Request]:
    """Return what a model was asked of the story that answers so, one after the other."""
    requests: list[Request] = []

    async def send(request: Request) -> Reply:
        requests.append(request)
        return Reply(text=answers[len(requests) - 1])

    first = Request(model="m", endpoint="e", messages=(Message(role="user", content=STORY),))
    asyncio.run(ask(first, from_abstract(STORY), send))
    return requests


def test_a_quote_that_is_not_there_is_asked_for_again_once() -> None:
    """The second question names the quote and no other; a second wrong answer asks no third."""
    requests = asked(FREE, FREE, FREE)
    assert len(requests) == 2
    again = requests[1].messages[-1].content
    assert NOWHERE in again
    assert GAIN not in again
    assert CLOSE not in again


def test_quotes_that_are_there_are_asked_for_once() -> None:
    """A summary whose quotes are all in the paper, be it nearly, costs one request."""
    assert len(asked(STRICT)) == 1
    assert len(asked(reply("Gulls follow ships at night.", ("limitation", TRUE, CLOSE)))) == 1


def test_regenerating_renews_the_evidence(drafts: Drafts) -> None:
    """After `regenerate`, `evidence` shows the claims that the post now holds."""
    drafts(FREE)
    (drafts.folder / "b.jsonl").write_text(json.dumps({"text": STRICT}) + "\n", "utf-8")
    done = drafts.roundup("regenerate", "post.md", "--model", "replay:b.jsonl", "--cache-dir", "c")
    assert done.returncode == 0, done.stderr
    shown = drafts.roundup("evidence", "post.md", "--cache-dir", "c").stdout
    assert "We measured the journeys of 40 gulls on Skomer." in shown
    assert "90 gulls" not in shown


def test_renewing_one_keeps_the_evidence_of_the_others(roundup: Roundup, tmp_path: Path) -> None:
    """What `regenerate --only` leaves alone is shown as before, with what it renewed."""
    row = '{0},https://example.org/{0},"' + STORY + '"'
    (tmp_path / "l.csv").write_text(
        "\n".join(["title,url,abstract", row.format("gulls"), row.format("terns")]) + "\n", "utf-8"
    )
    for name, answer in (("a", FREE), ("b", STRICT)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"text": answer}) + "\n", "utf-8")
    cache = ("--cache-dir", "c")
    roundup("draft", "l.csv", "--abstract-only", "--model", "replay:a.jsonl", "-o", "p.md", *cache)
    listed = roundup("evidence", "p.md", *cache).stdout
    key = next(s.rpartition("(")[2].rstrip(")") for s in listed.splitlines() if "terns (" in s)
    renewed = roundup("regenerate", "p.md", "--only", key, "--model", "replay:b.jsonl", *cache)
    assert renewed.returncode == 0, renewed.stderr
    shown = roundup("evidence", "p.md", *cache).stdout
    gulls, terns = shown[: shown.index("terns (")], shown[shown.index("terns (") :]
    assert "90 gulls" in gulls
    assert "90 gulls" not in terns
    assert "40 gulls" in terns
