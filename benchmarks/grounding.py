"""How well claims are checked: altered and foreign quotes, true and corrupted claims, speed.

    python benchmarks/grounding.py [--shared PATH] [--papers N] [--show N]

Quotes and claims are sentences of the ICML 2015 papers, altered by a script as models alter them.
"""

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpora import icml2015
from machine import described

from summarize import grounding
from summarize.records import Document, Note, Summary
from summarize.text import claims
from summarize.text.evidence import Evidence
from summarize.text.sentences import sentences
from summarize.text.stems import NEGATIONS
from summarize.text.tidy import one_line

CASES = 1_000
SEED = 11
_WORD = re.compile(r"[A-Za-z]{3,}")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w.,]*\d)(?=[\s%,.;)])")
_NAME = re.compile(r"(?<![.?!:] )(?<!^)\b(?=\w*[A-Z]\w*[A-Z0-9])[A-Za-z][\w-]{2,}\b")
_COMPARED = re.compile(
    r"\b(?:outperforms?|(?:better|worse|faster|slower|larger|smaller|higher|lower|more|less|fewer|"
    r"greater) (?:\w+ )?than)\b"
)
_TURNED = {
    "better": "worse", "worse": "better", "faster": "slower", "slower": "faster",
    "larger": "smaller", "smaller": "larger", "higher": "lower", "lower": "higher",
    "more": "less", "less": "more", "fewer": "more", "greater": "smaller",
    "outperforms": "underperforms", "outperform": "underperform",
}  # fmt: skip
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|does|do|has|have|will|should|could)\b(?! not)")
_NOT = re.compile(r"\b(?:not|cannot|never)\b ?")
_SAYING = {"We ": "The authors ", "we ": "they ", "our ": "their ", "Our ": "Their "}


@dataclass(frozen=True)
class Read:
    """A paper that was read, with the sentences that may be quoted."""

    document: Document

    @cached_property
    def evidence(self) -> Evidence:
        """The document, made ready once: as a summary's claims share it."""
        return Evidence(self.document)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The sentences of the running text that are words rather than formulas."""
        found = []
        for section in self.document.sections:
            if section.kind in {"abstract", "introduction", "body", "conclusion"}:
                for start, end in sentences(self.document.text[section.start : section.end]):
                    a, b = section.start + start, section.start + end
                    if 60 <= b - a <= 400 and _plain(self.document.text[a:b]):
                        found.append((a, b))
        return found

    def text(self, span: tuple[int, int]) -> str:
        """Return a sentence on one line."""
        return one_line(self.document.text[span[0] : span[1]])


def _plain(text: str) -> bool:
    letters = sum(c.isalpha() or c.isspace() or c in ",.-()" for c in text) / len(text)
    return letters > 0.93 and text[0].isupper() and text[-1] in ".?!"


# --- how models alter quotes ----------------------------------------------------------------------


def dropped(text: str, rng: random.Random, words: Sequence[str]) -> str:
    """Leave out one word in ten, but none that turns the sense."""
    kept = [w for w in text.split() if w.lower() in NEGATIONS or rng.random() > 0.1]
    return " ".join(kept)


def marked(text: str, rng: random.Random, words: Sequence[str]) -> str:
    """Change the punctuation, the quotes and the hyphens."""
    text = re.sub(r"[,;:]", lambda m: rng.choice(["", m[0], ",", " -"]), text)
    return text.replace("-", rng.choice([" ", "-", "–"])).rstrip(".") + rng.choice(["", ".", "..."])


def paraphrased(text: str, rng: random.Random, words: Sequence[str]) -> str:
    """Put another word for one in ten, but for none with a digit or a sense to turn."""
    told = text.split()
    free = [i for i, w in enumerate(told) if w.isalpha() and w.lower() not in NEGATIONS]
    for i in rng.sample(free, min(len(free), max(1, len(told) // 10))):
        told[i] = rng.choice(words)
    return " ".join(told)


ALTERED: dict[str, Callable[[str, random.Random, Sequence[str]], str]] = {
    "dropped words": dropped,
    "changed punctuation": marked,
    "one word in ten paraphrased": paraphrased,
}


def altered(reads: Sequence[Read], rng: random.Random) -> Iterator[tuple[str, Read, int, int, str]]:
    """Yield cases: how it was altered, the paper, where the quote stands, and the quote."""
    words = sorted({w.lower() for read in reads for w in _WORD.findall(read.document.text[:9_000])})
    kinds = [*ALTERED, "joined sentences"]
    for number in range(CASES):
        read = rng.choice(reads)
        at = rng.randrange(len(read.spans) - 1)
        kind, span = kinds[number % len(kinds)], read.spans[at]
        if kind == "joined sentences":
            # With the next one, as one sentence; or with a gap between the two.
            other = read.spans[at + 1]
            joint = rng.choice([" and ", "; ", " ", " ... "])
            text = read.text(span).rstrip(".") + joint + read.text(other)
            yield kind, read, span[0], other[1], text
        else:
            yield kind, read, *span, ALTERED[kind](read.text(span), rng, words)


# --- how claims go wrong --------------------------------------------------------------------------


def retold(text: str, rng: random.Random) -> str:
    """Retell a sentence truly, as a summary would: of the authors, without its asides."""
    text = re.sub(r"\s*\([^()]*\)", "", text)
    text = re.sub(
        r"^(?:However|Moreover|Furthermore|In addition|Finally|Thus|Hence|Therefore), ", "", text
    )
    if rng.random() < 0.5:
        for own, theirs in _SAYING.items():
            text = text.replace(own, theirs)
    if rng.random() < 0.3:
        words = text.split()
        text = " ".join(w for w in words if w not in {"the", "The", "a", "very", "also", "that"})
    return text


def renumbered(text: str, names: Sequence[str], rng: random.Random) -> str:
    """Change a number."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return ""
    at = rng.choice(found)
    old = at[0]
    new = old
    while new == old:
        digits = list(old)
        i = rng.choice([i for i, c in enumerate(digits) if c.isdigit()])
        digits[i] = rng.choice("123456789")
        new = "".join(digits)
    return text[: at.start()] + new + text[at.end() :]


def renamed(text: str, names: Sequence[str], rng: random.Random) -> str:
    """Put another name of the same paper for one."""
    found = list(_NAME.finditer(text))
    others = [n for n in names if n.lower() not in text.lower()]
    if not found or not others:
        return ""
    at = rng.choice(found)
    return text[: at.start()] + rng.choice(others) + text[at.end() :]


def turned(text: str, names: Sequence[str], rng: random.Random) -> str:
    """Turn a comparison round: its word, or its sides where a name stands on each."""
    found = _COMPARED.search(text)
    if not found:
        return ""
    word = found[0].split()[0]
    return text[: found.start()] + _TURNED[word] + text[found.start() + len(word) :]


def negated(text: str, names: Sequence[str], rng: random.Random) -> str:
    """Add a negation, or take one away."""
    if found := _NOT.search(text):
        word = "can " if found[0].startswith("cannot") else ""
        return text[: found.start()] + word + text[found.end() :]
    if any(w.lower() in NEGATIONS for w in text.split()):
        return ""
    if found := _AUXILIARY.search(text):
        return text[: found.end()] + " not" + text[found.end() :]
    return ""


CORRUPTED = {
    "number changed": renumbered,
    "name swapped": renamed,
    "comparison turned": turned,
    "negation": negated,
}


def corrupted(reads: Sequence[Read], rng: random.Random) -> Iterator[tuple[str, Read, str, str]]:
    """Yield cases: how it was corrupted, the paper, the true claim and the corrupted one."""
    names = {id(read): sorted(set(_NAME.findall(read.document.text[:40_000]))) for read in reads}
    for kind, spoil in CORRUPTED.items():
        made, tries = 0, 0
        while made < CASES // len(CORRUPTED) and tries < 200_000:
            tries += 1
            read = rng.choice(reads)
            true = retold(read.text(rng.choice(read.spans)), rng)
            wrong = spoil(true, names[id(read)], rng)
            if wrong and wrong != true and len(true.split()) >= 8:
                made += 1
                yield kind, read, true, wrong


# --- figures --------------------------------------------------------------------------------------


def quotes(reads: Sequence[Read], rng: random.Random, show: int) -> Iterator[str]:
    """Yield the rows on quotes."""
    found: dict[str, list[bool]] = {}
    for kind, read, start, end, text in altered(reads, rng):
        place = read.evidence.find(text[:600])
        pages = {read.document.page_at(start), read.document.page_at(end - 1)}
        good = place is not None and read.document.page_at(place.start) in pages
        found.setdefault(kind, []).append(good)
        if not good and show > 0:
            show -= 1
            print(f"not found ({kind}): {text}", file=sys.stderr)
    for kind, goods in found.items():
        yield f"| quotes found on their page: {kind} | {_share(goods)} | |"
    everything = [good for goods in found.values() for good in goods]
    yield _row("quotes found on their page", everything, least=0.97)
    refused = []
    for _ in range(CASES):
        one, other = rng.sample(list(reads), 2)
        text = one.text(rng.choice(one.spans))
        refused.append(other.evidence.find(text) is None)
    yield _row("quotes of other papers refused", refused, least=0.99)


def claimed(reads: Sequence[Read], rng: random.Random, show: int) -> Iterator[str]:
    """Yield the rows on claims."""
    flagged: dict[str, list[bool]] = {}
    false: list[bool] = []
    for kind, read, true, wrong in corrupted(reads, rng):
        told = list(claims.flags(wrong, read.evidence))
        flagged.setdefault(kind, []).append(bool(told))
        alarm = list(claims.flags(true, read.evidence))
        false.append(bool(alarm))
        if show > 0 and (alarm or not told):
            show -= 1
            print(
                f"{f'false alarm {alarm}' if alarm else 'missed'} ({kind}): {wrong}\n  {true}",
                file=sys.stderr,
            )
    yield _row("changed numbers flagged", flagged["number changed"], least=0.95)
    yield _row("swapped names flagged", flagged["name swapped"], least=0.90)
    yield f"| turned comparisons flagged | {_share(flagged['comparison turned'])} | |"
    yield f"| negations flagged | {_share(flagged['negation'])} | |"
    both = flagged["comparison turned"] + flagged["negation"]
    yield _row("turned comparisons and negations flagged", both, least=0.70)
    yield _row("true claims flagged", false, most=0.03)


def speed(reads: Sequence[Read], rng: random.Random) -> str:
    """Return the row on speed: a TLDR and eight notes of a paper, from its document on."""
    words = ["other", "such", "thing"]
    twelve = sorted(reads, key=lambda r: abs(len(r.document.text) - 55_000))[:8]
    times = []
    for read in twelve:
        picked = [read.text(s) for s in rng.sample(read.spans, 9)]
        notes = tuple(
            Note(kind="idea", text=text[:300], quote=paraphrased(text, rng, words), page=None)
            for text in picked[1:]
        )
        summary = Summary(tldr=retold(picked[0], rng)[:300], notes=notes)
        started = time.process_time()
        grounding.ground(summary, Evidence(read.document))
        times.append(1000 * (time.process_time() - started))
    median = statistics.median(times)
    said = "met" if median < 100 else "**missed**"
    return f"| nine lines against a long paper, ms (median) | {median:.0f} | < 100: {said} |"


def _share(goods: Sequence[bool]) -> str:
    return f"{sum(goods) / len(goods):.1%} of {len(goods)}"


def _row(name: str, goods: Sequence[bool], *, least: float = 0.0, most: float = 1.0) -> str:
    share = sum(goods) / len(goods)
    asked = f"≥ {least:.0%}" if least else f"≤ {most:.0%}"
    said = "met" if least <= share <= most else "**missed**"
    return f"| {name} | {_share(goods)} | {asked}: {said} |"


def main() -> None:
    """Read the papers, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--papers", type=int, default=67, metavar="N")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N cases gone wrong")
    arguments = parser.parse_args()
    if not arguments.shared.is_dir():
        print(f"there is no folder {arguments.shared}: name it with --shared", file=sys.stderr)
        raise SystemExit(2)
    from summarize.read import read

    corpus = icml2015(arguments.shared).first(arguments.papers)
    reads = [Read(read(paper.path.read_bytes())) for paper in corpus.papers]
    rng = random.Random(SEED)
    print(described(["pypdfium2"]), end="\n\n")
    print(f"{len(reads)} papers\n\n| | | asked |\n|---|--:|---|")
    for row in [*quotes(reads, rng, arguments.show), *claimed(reads, rng, arguments.show)]:
        print(row)
    print(speed(reads, rng))


if __name__ == "__main__":
    main()
