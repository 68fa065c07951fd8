"""`--read whole`: a paper longer than the window is read to its end, and nothing of it twice."""

import asyncio
import itertools
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.ask import ask
from summarize.errors import Awaited, ReplyError, TooLong
from summarize.records import Document, Grounded, Message, PageMark, Reply, Request, Section
from summarize.settings import Settings
from summarize.store import Store
from summarize.text.excerpt import CHARACTERS_PER_TOKEN, readable
from summarize.text.stretches import halves, stretches
from summarize.whole import Whole
from tests.conftest import Roundup, StubServer


def paper(sections: int = 6, sentences: int = 40) -> Document:
    """Return a paper of numbered sentences, a page to each section, with references behind."""
    texts = [
        "".join(
            f"In section {n} the sentence of number {m} says something of its own.\n"
            for m in range(sentences)
        )
        for n in range(1, sections + 1)
    ]
    text = "".join([*texts, "[1] A. Nobody. Not to be sent.\n"])
    ends = list(itertools.accumulate(map(len, texts)))
    starts = [0, *ends[:-1]]
    body = [
        Section(heading=f"{n} Part", kind="body", start=start, end=end)
        for n, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]
    last = Section(heading="References", kind="references", start=ends[-1], end=len(text))
    marks = tuple(PageMark(start, n) for n, start in enumerate(starts, 1))
    return Document(
        title="A long paper", text=text, marks=marks, sections=(*body, last), engine="test"
    )


class Model:
    """Quotes the first sentence that it is given, and takes so many characters at most."""

    def __init__(self, takes: int = 10**9) -> None:
        self.takes = takes
        self.asked: list[str] = []
        self.answered = 0
        self.fail = ""
        self.batched = False
        self.room = 10**9

    async def send(self, request: Request) -> Reply:
        """Answer one request."""
        text = request.messages[0].content
        self.asked.append(text)
        if request.size > self.takes:
            raise TooLong("too long")
        if self.fail and self.fail in text:
            raise ReplyError("no")
        if self.batched:
            raise Awaited("later")
        found = re.search(r"In section \d+ the sentence of number \d+ says something", text)
        assert found
        note = {"kind": "result", "text": "It says something.", "quote": found[0], "page": None}
        self.answered += 1
        return Reply(
            text=json.dumps({"tldr": f"It says {found[0][:30]}.", "notes": [note]}),
            tokens_read=request.size // 4,
            tokens_written=50,
            cost=0.5,
        )


def render(basis: str, text: str) -> Request:
    """Return a request of a text."""
    return Request(model="m", messages=(Message(role="user", content=f"{basis}\n{text}"),))


def read(model: Model, folder: Path, document: Document, tokens: int) -> Grounded:
    """Read a paper with a model, its replies being kept in a folder."""

    async def all_of_it() -> Grounded:
        async with Store(Settings(cache_dir=folder)) as store:
            whole = Whole(
                document,
                store,
                render=render,
                asked=lambda request: ask(request, document, model.send),
                learn=lambda *_: None,
                room=lambda: model.room,
            )
            return await whole.read(tokens, "the whole paper")

    return asyncio.run(all_of_it())


def sentences(texts: list[str]) -> set[str]:
    """Return what of the paper was sent."""
    return set(re.findall(r"In section \d+ the sentence of number \d+", "\n".join(texts)))


def test_all_of_a_paper_is_read(tmp_path: Path) -> None:
    """Every sentence is sent, in parts, and one request makes the summary, with quotes and pages.

    What all of it took adds up.
    """
    document, model = paper(), Model()
    grounded = read(model, tmp_path, document, 1000)
    assert len(sentences(model.asked)) == 6 * 40
    assert not any("Nobody" in text for text in model.asked)
    *parts, last = model.asked
    assert len(parts) >= 4
    assert parts[0].startswith("a part of the paper, pages 1 to 2\n")
    assert last.startswith("what was noted of each part")
    assert 'of number 0 says something" [p. 1]' in last
    assert grounded.claims[0].supported
    assert (grounded.claims[0].page, grounded.share) == (1, 1.0)
    assert (grounded.requests, grounded.cost) == (len(parts) + 1, 0.5 * (len(parts) + 1))
    assert grounded.tokens_written == 50 * (len(parts) + 1)


def test_a_paper_that_fits_is_asked_about_once(tmp_path: Path) -> None:
    """What fits into one request needs no notes of notes, and is called the whole paper."""
    model = Model()
    grounded = read(model, tmp_path, paper(1), 10_000)
    assert (len(model.asked), grounded.requests) == (1, 1)
    assert model.asked[0].startswith("the whole paper\n")


def test_what_does_not_fit_is_halved(tmp_path: Path) -> None:
    """A window that turns out smaller than thought costs nothing of the paper."""
    model = Model(takes=3_000)
    grounded = read(model, tmp_path, paper(), 2_000)
    fitted = [text for text in model.asked if len(text) <= 3_000]
    assert len(sentences(fitted)) == 6 * 40
    assert grounded.requests == model.answered == len(fitted)


def test_notes_of_notes(tmp_path: Path) -> None:
    """Where the notes of all parts are too long for one request, sums are made of sums."""
    model = Model(takes=2_400)
    grounded = read(model, tmp_path, paper(12), 600)
    sums = [text for text in model.asked if text.startswith("what was noted")]
    assert len(sums) > 2
    assert any("\nPart 2: " in text for text in sums)
    assert grounded.claims[0].page == 1


def test_a_stop_loses_nothing_paid(tmp_path: Path) -> None:
    """When one part fails, those that were answered are kept, and the next run asks the rest."""
    model = Model()
    model.fail = "In section 4"
    with pytest.raises(ReplyError, match="no"):
        read(model, tmp_path, paper(), 1000)
    had, model.fail = model.answered, ""
    assert had >= 3
    model.asked.clear()
    grounded = read(model, tmp_path, paper(), 1000)
    assert len(model.asked) == grounded.requests - had
    assert max(map(model.asked.count, model.asked)) == 1


def test_what_was_learnt_meanwhile(tmp_path: Path) -> None:
    """What is known not to fit is not tried; what was kept of a larger stretch is still used."""
    model = Model()
    model.fail = "In section 4"
    with pytest.raises(ReplyError, match="no"):
        read(model, tmp_path, paper(), 1000)
    had, model.fail, model.room = len(model.asked), "", 600
    model.asked.clear()
    read(model, tmp_path, paper(), 1000)
    assert all(len(text) < 700 * CHARACTERS_PER_TOKEN for text in model.asked)
    assert not any("In section 1 the sentence of number 5 " in text for text in model.asked)
    assert len(model.asked) < had + 3


def test_all_parts_go_into_one_batch(tmp_path: Path) -> None:
    """Where replies come with a batch, every part is asked for before anything is waited for.

    A part that has failed does not end the paper while others are in flight.
    """
    model = Model()
    model.batched, model.fail = True, "In section 4"
    with pytest.raises(Awaited):
        read(model, tmp_path, paper(), 1000)
    assert len(sentences(model.asked)) == 6 * 40


def test_a_window_that_is_too_small_is_a_reason(tmp_path: Path) -> None:
    """A model that takes next to nothing ends in one error rather than in a thousand requests."""
    model = Model(takes=100)
    with pytest.raises(TooLong, match="even a short stretch"):
        read(model, tmp_path, paper(), 1000)
    assert len(model.asked) < 100


@settings(deadline=None)
@given(
    lengths=st.lists(st.integers(0, 900), min_size=1, max_size=8),
    tokens=st.integers(1, 400),
    lines=st.integers(5, 200),
)
def test_stretches_are_all_of_it_and_fit(lengths: list[int], tokens: int, lines: int) -> None:
    """Whatever a paper's sections are, its stretches hold all of them once, and none is longer."""
    text = "".join(
        "\n" if n % lines == lines - 1 else "abcdefg"[n % 7] for n in range(sum(lengths))
    )
    ends = list(itertools.accumulate(lengths))
    sections = tuple(
        Section(heading="", kind="body", start=end - length, end=end)
        for end, length in zip(ends, lengths, strict=True)
    )
    document = Document(text=text, sections=sections, engine="test")
    room = max(1, int(tokens * CHARACTERS_PER_TOKEN))
    found = stretches(document, tokens)
    for cut in (found, [half for one in found for half in halves(document, one)]):
        ranges = [(s.start, s.end) for one in cut for s in one.sections]
        held = [at for start, end in ranges for at in range(start, end)]
        assert held == [at for s in readable(document) for at in range(s.start, s.end)]
        assert all(sum(s.end - s.start for s in one.sections) <= room for one in cut)


def test_whole_is_kept_apart_from_fit(
    icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A paper that was read in part is asked about again when all is wanted; then never again."""
    server = stub("--latency", "0.01")
    words = (
        "draft", icml / "icml2015.csv", "--limit", "1", "--pdf-dir", icml / "pdfs", "--json",
        "--model", "ollama/stub", "--api-base", server.url, "-o", "p.md",
    )  # fmt: skip

    def receipt(*more: str) -> dict[str, object]:
        ran = roundup(*words, *more)
        assert ran.returncode == 0, ran.stderr
        events = [json.loads(line) for line in ran.stdout.splitlines()]
        (found,) = (event["receipt"] for event in events if event["event"] == "done")
        return dict(found)

    def asked() -> int:
        return sum(r["target"] == "/api/chat" for r in server.requests())

    part = receipt()
    first = asked()
    assert part["requests"] == first
    assert float(str(part["share"])) < 0.9, "the stub's window is smaller than the paper"
    whole = receipt("--read", "whole")
    assert whole["share"] == 1.0
    assert whole["requests"] == asked() - first >= 3
    assert (
        whole["tokens_read"]
        == sum(
            (2 + len(" ".join(m["content"] for m in r["body"]["messages"])))
            // 4  # as the stub counts
            for r in server.requests()[-(asked() - first) :]
        )
    )
    before = asked()
    assert receipt("--read", "whole")["cached"]
    assert receipt()["cached"]
    assert asked() == before


def test_there_are_two_ways_to_read(roundup: Roundup, tmp_path: Path) -> None:
    """Any other word is refused, with those that there are."""
    (tmp_path / "l.csv").write_text("title\nA paper\n")
    ran = roundup("draft", "l.csv", "--read", "slowly")
    assert ran.returncode == 2
    assert "--read slowly is no way to read" in ran.stderr
