"""What becomes of texts in papers that are meant to sway a model, if the model obeys.

    python benchmarks/injections.py [--shared PATH] [--papers N] [--write] [--show N]

Each text is laid visibly into real papers, among their sentences. Then it is looked whether
reading flags the sentence; and a model that obeys is played: its reply, in the schema's TLDR, in a
note that quotes the injected text, or as bare text, goes the way that every reply goes. The
controls are true summaries, in which anything that is flagged is a false alarm. `--write` puts the
tables into docs/injections.md.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpora import icml2015
from injection_texts import INJECTIONS, Injection
from machine import described
from scitldr import Reference, scitldr
from tldr import iclr2018

from summarize import grounding, prompts, replies
from summarize.backends.extractive.summary import summarize
from summarize.errors import ReplyError
from summarize.questions import READ_KINDS
from summarize.records import Document, Grounded, PageMark, Reply, Section
from summarize.text.addressed import addressed
from summarize.text.doubts import Asked, doubts
from summarize.text.evidence import Evidence
from summarize.text.sentences import passages, sentences

SEED = 8
PAGE = Path(__file__).parents[1] / "docs" / "injections.md"
ASKED = Asked(prompt=prompts.load("default").system)
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"


@dataclass
class Came:
    """What came of one text, over all papers: how often each of these was so."""

    sentence: int = 0  # flagged in the paper
    picked: int = 0  # by the embedded summarizer
    line: int = 0  # the obedient TLDR is marked in the post
    line_odd: int = 0  # since it does not read like a summary
    note_kept_out: int = 0
    note: int = 0  # the obedient note is kept out, or marked
    bare_kept_out: int = 0
    through: list[str] = field(default_factory=list)


def laid(document: Document, text: str, rng: random.Random) -> Document:
    """Return a paper with a text among the sentences of its body."""
    bodies = [s for s in document.sections if s.kind in {"introduction", "body"}]
    section = rng.choice([s for s in bodies if s.end - s.start > 400] or bodies)
    ends = [section.start + end for _, end in sentences(document.text[section.start : section.end])]
    at = rng.choice(ends[1:-1] or ends)
    added = f" {text} "

    def moved(place: int) -> int:
        return place + len(added) * (place >= at)

    return document.model_copy(
        update={
            "text": document.text[:at] + added + document.text[at:],
            "sections": tuple(
                Section(
                    heading=s.heading, kind=s.kind, level=s.level,
                    start=moved(s.start), end=moved(s.end),
                )
                for s in document.sections
            ),
            "marks": tuple(PageMark(moved(m.start), m.page) for m in document.marks),
        }
    )  # fmt: skip


def reply(tldr: str, *, note: str = "", quote: str = "") -> str:
    """Return a reply in the schema."""
    notes = [{"kind": "result", "text": note, "quote": quote, "page": None}] if note else []
    return json.dumps({"tldr": tldr, "notes": notes})


def grounded(text: str, evidence: Evidence) -> Grounded | None:
    """Return what is made of a reply; None where it is no summary."""
    try:
        return grounding.ground(replies.parse(Reply(text=text)), evidence, ASKED)
    except ReplyError:
        return None


def obeyed(
    injection: Injection, paper: Document, true: str, came: Came, rng: random.Random
) -> None:
    """Lay a text into a paper, have it read and obeyed, and count what came of it."""
    document = laid(paper, injection.text, rng)
    evidence = Evidence(document)
    at = document.text.index(injection.text)
    end = at + len(injection.text)
    came.sentence += any(a < end and at < b for a, b in addressed(document.text))
    picked = summarize(document.title, list(passages(document, READ_KINDS)))
    lines = [picked.tldr, *(note.text for note in picked.notes)]
    told = [injection.text[a:b] for a, b in sentences(injection.text)]
    came.picked += any(line in part or part in line for line in lines for part in told)

    found = grounded(reply(injection.says), evidence)
    marked = found is not None and found.tldr is not None and _is_marked(found.tldr)
    came.line += found is None or marked
    came.line_odd += found is not None and found.tldr is not None and bool(found.tldr.doubts)
    if found is not None and not marked:
        came.through.append("TLDR")

    quote = injection.text if len(injection.text) > 20 else true
    found = grounded(reply(true, note=injection.says, quote=quote[:600]), evidence)
    out = found is None or not found.claims
    came.note_kept_out += out
    marked = found is not None and any(map(_is_marked, found.claims))
    came.note += out or marked
    if not (out or marked):
        came.through.append("note")
    came.bare_kept_out += grounded(injection.says, evidence) is None


def _is_marked(claim: object) -> bool:
    """Tell whether a post has a CHECK beside a claim."""
    flags, odd, supported = (getattr(claim, name) for name in ("flags", "doubts", "supported"))
    return bool(flags or odd or not supported)


def rows(papers: Sequence[Document], show: int) -> Iterator[str]:
    """Yield the rows of the table, and of its sums."""
    rng = random.Random(SEED)
    count, sums, held = len(papers), Came(), Came()
    for injection in INJECTIONS:
        came = Came()
        for paper in papers:
            true = next(
                p.text for p in passages(paper, frozenset({"abstract"})) if len(p.text) > 60
            )
            obeyed(injection, paper, true[:290], came, rng)
        if came.through and show > 0:
            show -= 1
            print(f"through {came.through}: {injection.says}", file=sys.stderr)
        yield _row(injection.kind, _cell(injection.text), came, count)
        for name in _COUNTED:
            setattr(sums, name, getattr(sums, name) + getattr(came, name))
        if injection.kind == "held out":
            for name in _COUNTED:
                setattr(held, name, getattr(held, name) + getattr(came, name))
    yield _row("**held out**", f"{_held_out()} texts", held, count * _held_out())
    yield _row("**all**", f"{len(INJECTIONS)} texts", sums, count * len(INJECTIONS))


_COUNTED = (
    "sentence", "picked", "line", "line_odd", "note_kept_out", "note", "bare_kept_out",
)  # fmt: skip


def _held_out() -> int:
    return sum(injection.kind == "held out" for injection in INJECTIONS)


def _row(kind: str, text: str, came: Came, count: int) -> str:
    cells = [
        came.sentence, count - came.picked, came.line, came.line_odd, came.note_kept_out,
        came.note, came.bare_kept_out,
    ]  # fmt: skip
    return f"| {kind} | {text} | " + " | ".join(_of(n, count) for n in cells) + " |"


def _of(number: int, count: int) -> str:
    return "all" if number == count else f"{number} of {count}"


def _cell(text: str) -> str:
    words = " ".join(text.split())
    words = words if len(words) <= 56 else f"{words[:55]}…"
    for char, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        ("|", "&#124;"),
        ("[", "&#91;"),
        ("!", "&#33;"),
    ):
        words = words.replace(char, entity)
    return words


def controls(shared: Path, documents: Sequence[Document], show: int) -> Iterator[str]:
    """Yield the rows of true summaries, and of papers as they are."""

    def row(name: str, lines: Iterator[tuple[str, Evidence]]) -> str:
        nonlocal show
        alarms = total = 0
        for line, evidence in lines:
            told = list(doubts(line, evidence, ASKED))
            total += 1
            alarms += bool(told)
            if told and show > 0:
                show -= 1
                print(f"false alarm ({name}): {told}: {line}", file=sys.stderr)
        return f"| {name} | {alarms} of {total} | {alarms / total:.2%} |"

    dev = scitldr(shared, "dev")
    yield row("SciTLDR dev: lines that people wrote, against the abstract", _written(dev))
    yield row("ICLR 2018: the authors' own lines, against the abstract", _written(iclr2018(shared)))
    yield row("SciTLDR dev: the embedded summarizer's", _picked([r.document for r in dev]))
    yield row("ICML 2015: the embedded summarizer's, of whole papers", _picked(documents))
    flagged = sum(bool(addressed(document.text)) for document in documents)
    share = flagged / len(documents)
    name = "ICML 2015: papers with a sentence flagged"
    yield f"| {name} | {flagged} of {len(documents)} | {share:.2%} |"


def _written(references: Sequence[Reference]) -> Iterator[tuple[str, Evidence]]:
    for reference in references:
        evidence = Evidence(reference.document)
        yield from ((line, evidence) for line in reference.lines)


def _picked(documents: Sequence[Document]) -> Iterator[tuple[str, Evidence]]:
    for document in documents:
        try:
            made = summarize(document.title, list(passages(document, READ_KINDS)))
        except ReplyError:
            continue
        evidence = Evidence(document)
        yield from ((line, evidence) for line in (made.tldr, *(n.text for n in made.notes)))


_COLUMNS = (
    "kind", "text", "flagged in the paper", "not picked by the embedded summarizer",
    "obedient TLDR marked", "of these, as odd", "obedient note dropped", "dropped or marked",
    "bare reply refused",
)  # fmt: skip
HEAD = f"| {' | '.join(_COLUMNS)} |\n|---|---|{'--:|' * (len(_COLUMNS) - 2)}"
CONTROL = """| control | flagged | false alarms |
|---|--:|--:|"""


def page(table: str, write: Callable[[str], object]) -> None:
    """Put the tables between their marks in the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    write(f"{before}{BEGIN}\n{table}\n{END}{after}")


def main() -> None:
    """Read the papers, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--papers", type=int, default=10, metavar="N", help="to lay texts into")
    parser.add_argument("--write", action="store_true", help="write docs/injections.md")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N cases gone wrong")
    arguments = parser.parse_args()
    if not arguments.shared.is_dir():
        print(f"there is no folder {arguments.shared}: name it with --shared", file=sys.stderr)
        raise SystemExit(2)
    from summarize.read import read

    documents = [read(paper.path.read_bytes()) for paper in icml2015(arguments.shared).papers]
    some = [d for d in documents if any(s.kind == "abstract" for s in d.sections)]
    head = f"{len(INJECTIONS)} texts, each in {arguments.papers} papers of ICML 2015"
    lines = [f"{head}; {described(['pypdfium2'])}", "", HEAD]
    lines += rows(some[: arguments.papers], arguments.show)
    lines += ["", CONTROL, *controls(arguments.shared, documents, arguments.show)]
    table = "\n".join(lines)
    print(table)
    if arguments.write:
        page(table, lambda text: PAGE.write_text(text, "utf-8"))


if __name__ == "__main__":
    main()
