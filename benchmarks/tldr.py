"""How near the embedded summarizer's TLDRs come to those that people wrote, beside simpler ways.

    python benchmarks/tldr.py [--shared PATH] [--papers N] [--lines FILE]

Every line is made as `roundup draft --abstract-only` makes it: title and abstract in, TLDR out.
"""

import argparse
import csv
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from machine import described
from scitldr import Reference, rouge, scitldr

from summarize.backends.extractive.cues import announces
from summarize.backends.extractive.standing import leans
from summarize.backends.extractive.summary import summarize
from summarize.errors import ReplyError
from summarize.text.sentences import passages

RESAMPLES = 1_000
SEED = 7
ASKED = (42.8, 21.0, 35.0)
ASKED_TOLD = 0.35  # of the lines that may share more than half of their content with the title
_ITEM = re.compile(r"^1\. (?:⭐️ )?\[\*\*(.+?)\*\*\]\((\S+?)\) - (.+)$", re.MULTILINE)
_STOP = frozenset(
    "a an the of in on for to and or with by from at as is are be was were that this these those "
    "we "
    "our it its their which using via can not into than then both".split()
)


def iclr2018(shared: Path) -> list[Reference]:
    """Return the papers of ICLR 2018 with their authors' own lines."""
    path = shared / "apis" / "reference_tldr" / "iclr2018_accepted_with_author_tldr.json"
    return [
        Reference(r["title"], r["abstract"], (r["tldr"],)) for r in json.loads(path.read_text())
    ]


def takes(shared: Path) -> list[Reference]:
    """Return the papers of the reader's own post with what they wrote of each."""
    with (shared / "data" / "iclr2024_with_abstracts.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        abstracts = {row["url"]: row["abstract"] for row in csv.DictReader(file)}
    post = (shared / "seeds" / "iclr2024_roundup.md").read_text("utf-8")
    found = []
    for title, url, take in _ITEM.findall(post):
        line = re.sub(r"<!--.*?-->|<[^>]+>|\[([^]]+)\]\([^)]*\)", lambda m: m[1] or "", take)
        if abstracts.get(url):
            found.append(Reference(title, abstracts[url], (line.strip(),)))
    return found


# --- ways to make a line --------------------------------------------------------------------------


def sentences(paper: Reference) -> list[str]:
    """Return an abstract's sentences, as the summarizer is given them."""
    return [p.text for p in passages(paper.document)] or [paper.abstract]


def roundup(paper: Reference) -> str:
    """Return the embedded summarizer's TLDR."""
    try:
        return summarize(paper.title, list(passages(paper.document))).tldr
    except ReplyError:
        return ""


def oracle(paper: Reference) -> str:
    """Return the sentence that is nearest to a reference: what picking one whole could reach."""
    return max(sentences(paper), key=lambda s: sum(rouge(s, paper.lines)))


def announced(paper: Reference) -> str:
    """Return the first sentence in which the authors say what they do; else the first."""
    told = sentences(paper)
    return next((s for s in told if announces(s)), told[0])


def sumy(name: str) -> Callable[[Reference], str]:
    """Return a summarizer of the package sumy that picks one sentence."""
    from importlib import import_module

    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.nlp.stemmers import Stemmer
    from sumy.utils import get_stop_words

    class Words:
        """Words as sumy wants them, without a download."""

        def to_words(self, text: str) -> tuple[str, ...]:
            return tuple(re.findall(r"[^\W_]+", text))

    module = import_module(f"sumy.summarizers.{name.lower().replace('rank', '_rank')}")
    summarizer = getattr(module, f"{name}Summarizer")(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")

    def line(paper: Reference) -> str:
        told = [Sentence(s, Words()) for s in sentences(paper)]
        if len(told) < 2:
            return str(told[0])
        return str(summarizer(ObjectDocumentModel([Paragraph(told)]), 1)[0])

    return line


WAYS: dict[str, Callable[[Reference], str]] = {
    "roundup": roundup,
    "one-sentence oracle": oracle,
    "lead sentence": lambda paper: sentences(paper)[0],
    "title": lambda paper: paper.title,
    "first “we propose/show”": announced,
    "sumy LexRank": sumy("LexRank"),
    "sumy TextRank": sumy("TextRank"),
}


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What one way came to over a corpus. ROUGE is in percent, with 95% intervals."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    told: float  # share of the lines that say little beyond the title
    leaning: float  # share of the lines that point at something not said
    words: float
    milliseconds: float


def measured(way: Callable[[Reference], str], papers: Sequence[Reference]) -> tuple[Row, list[str]]:
    """Make a line of every paper, and compare it."""
    started = time.process_time()
    lines = [way(paper) for paper in papers]
    took = 1000 * (time.process_time() - started) / len(papers)
    scores = 100 * np.array([rouge(x, p.lines) for x, p in zip(lines, papers, strict=True)])
    chosen = np.random.default_rng(SEED).integers(0, len(papers), (RESAMPLES, len(papers)))
    means = scores[chosen].mean(axis=1)
    row = Row(
        tuple(scores.mean(axis=0)),
        tuple(np.percentile(means, 2.5, axis=0)),
        tuple(np.percentile(means, 97.5, axis=0)),
        float(np.mean([told_by_title(x, p.title) for x, p in zip(lines, papers, strict=True)])),
        float(np.mean([leans(line) for line in lines])),
        float(np.mean([len(line.split()) for line in lines])),
        took,
    )
    return row, lines


def told_by_title(line: str, title: str) -> bool:
    """Tell whether more than half of a line's content words stand in the title."""
    from scitldr import tokens

    own = set(tokens(line)) - _STOP
    return len(own & set(tokens(title))) > 0.5 * len(own)


def main() -> None:
    """Measure every way over every corpus, and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--papers", type=int, metavar="N", help="no more than N of each corpus")
    parser.add_argument("--lines", type=Path, metavar="FILE", help="write all lines there, as JSON")
    arguments = parser.parse_args()
    if not arguments.shared.is_dir():
        print(f"there is no folder {arguments.shared}: name it with --shared", file=sys.stderr)
        raise SystemExit(2)
    print(described(["numpy", "rouge-score", "sumy"]), end="\n\n")
    random.seed(SEED)
    corpora = {
        "SciTLDR-A dev": scitldr(arguments.shared, "dev"),
        "ICLR 2018, the authors' lines": iclr2018(arguments.shared),
        "ICLR 2024, the reader's takes": takes(arguments.shared),
    }
    kept = {}
    for corpus, given in corpora.items():
        papers = given[: arguments.papers]
        print(f"**{corpus}**: {len(papers)} papers\n")
        print("| | ROUGE-1 | ROUGE-2 | ROUGE-L | told by the title | leaning | words | ms |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|")
        for name, way in WAYS.items():
            row, lines = measured(way, papers)
            figures = (
                f"{m:.1f} ({a:.1f}-{b:.1f})"
                for m, a, b in zip(row.mean, row.low, row.high, strict=True)
            )
            print(
                f"| {name} | {' | '.join(figures)} | {row.told:.1%} | {row.leaning:.1%} | "
                f"{row.words:.1f} | {row.milliseconds:.1f} |",
                flush=True,
            )
            if name == "roundup":
                kept[corpus] = [
                    {"title": p.title, "line": x, "references": p.lines}
                    for x, p in zip(lines, papers, strict=True)
                ]
                if corpus.startswith("SciTLDR"):
                    met = all(m >= a for m, a in zip(row.mean, ASKED, strict=True))
                    said = "met" if met and row.told <= ASKED_TOLD else "**missed**"
                    print(
                        f"| *asked* | {' | '.join(f'≥ {a}' for a in ASKED)} | ≤ 35% | | | {said} |"
                    )
        print()
    if arguments.lines:
        arguments.lines.write_text(json.dumps(kept, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
