"""The papers that a benchmark reads, in a fixed order, and what is known of them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from golds import Gold, gold_of


@dataclass(frozen=True)
class Paper:
    """A PDF, and what is known of it."""

    path: Path
    gold: Gold = field(default_factory=Gold)


@dataclass(frozen=True)
class Corpus:
    """Papers that are read together. Their names are their files'."""

    name: str
    papers: tuple[Paper, ...]

    def first(self, limit: int | None) -> "Corpus":
        """Return the corpus with no more than its first `limit` papers."""
        return Corpus(self.name, self.papers[:limit])


def icml2015(shared: Path) -> Corpus:
    """Return the 67 papers with the proceedings' own titles and abstracts."""
    folder = shared / "corpus" / "icml2015"
    lines = (folder / "gold.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    papers = (
        Paper(folder / "pdfs" / row["pdf"], Gold(row["title"], row["abstract"])) for row in rows
    )
    return Corpus("icml2015", tuple(papers))


def papers(shared: Path) -> Corpus:
    """Return the papers of many layouts; those of which most is known come first."""
    folder = shared / "corpus" / "papers"
    found = [Paper(path, gold_of(path)) for path in sorted(folder.glob("*.pdf"))]
    return Corpus("papers", tuple(sorted(found, key=lambda paper: -paper.gold.known)))
