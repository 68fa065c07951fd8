"""The work that peers are put to: real papers with their texts; and what came of each paper."""

import csv
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarize.read import read

TEXT = "A plausible summary of the paper at hand, in one plain sentence."
"""What the stub says where it was not asked for a schema."""
SYSTEM = (
    "Summarize the paper as a JSON object with one field, tldr, one plain sentence; nothing else."
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"tldr": {"type": "string", "maxLength": 300}},
    "required": ["tldr"],
    "additionalProperties": False,
}
RUN = 3  # words in a row that are looked for
_ITEM = r"^\d+\. \[?\*\*(.+?)\*\*(?:\]\([^)]*\))? - (.+)$"
_LEFT_OUT = ("<!--", "*Not summarized")  # says itself that there is no summary
ENOUGH = 0.6  # of a line's runs that must be the paper's


@dataclass(frozen=True)
class Paper:
    """A paper of the work; `name` is also that of its file."""

    name: str
    title: str
    abstract: str
    text: str
    pdf: Path


@dataclass(frozen=True)
class Came:
    """How many papers have their summary, another text in its place, or nothing."""

    right: int
    wrong: int
    lost: int


def papers(shared: Path, count: int) -> list[Paper]:
    """Return the first so many papers of ICML 2015, each with what was read of it."""
    corpus = shared / "corpus" / "icml2015"
    with (corpus / "icml2015.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:count]
    return [_paper(row, corpus / "pdfs") for row in rows]


def _paper(row: dict[str, str], pdfs: Path) -> Paper:
    pdf = pdfs / row["url"].rpartition("/")[2].replace(".html", ".pdf")
    document = read(pdf.read_bytes())
    return Paper(pdf.stem, row["title"], document.abstract or "", document.text, pdf)


def listed(work: list[Paper], path: Path) -> Path:
    """Write the papers as a reading list."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "pdf"])
        writer.writerows((paper.title, paper.pdf) for paper in work)
    return path


def kept(work: list[Paper], out: Path) -> dict[str, str]:
    """Return the line that a peer's files have of each paper, where there is one."""
    files = ((paper.name, out / paper.name) for paper in work)
    return {name: _line(path.read_text("utf-8")) for name, path in files if path.is_file()}


def _line(text: str) -> str:
    """Return the TLDR of a file that holds it, or an object with it, or what is there instead."""
    try:
        said = json.loads(text)
    except ValueError:
        return text.strip()
    return str(said.get("tldr", text)) if isinstance(said, dict) else text


def posted(work: list[Paper], post: Path) -> dict[str, str]:
    """Return the line that a post of ours has of each paper, where there is one."""
    found, titles = {}, {_letters(paper.title): paper.name for paper in work}
    for title, line in re.findall(_ITEM, post.read_text("utf-8"), re.M):
        name = titles.get(_letters(html.unescape(title)))
        if name and not line.startswith(_LEFT_OUT):
            found[name] = html.unescape(line)
    return found


def judged(work: list[Paper], lines: dict[str, str]) -> Came:
    """Count the papers by what became of them.

    A line is right where its words are this paper's, and no other's more; or the stub's one
    answer to those that ask for no schema. Cut short, empty, another paper's, or anything else
    that stands where a summary should, it is wrong.
    """
    runs = {paper.name: set(_runs(paper.text)) for paper in work}
    right = wrong = 0
    for paper in work:
        if (line := lines.get(paper.name, "").strip()) == "":
            wrong += paper.name in lines
            continue
        good = line.startswith(TEXT) or _is_of(line, paper, runs)
        right, wrong = right + good, wrong + (not good)
    return Came(right, wrong, len(work) - right - wrong)


def _is_of(line: str, paper: Paper, runs: dict[str, set[str]]) -> bool:
    if not (whole := re.fullmatch(r"(.*?)\s*\\?\[[0-9a-f]{8}\\?\].*", line, re.S)):
        return False  # the stub ends each line with the name of its request
    said = list(_runs(re.sub(r"\[p\. \d+\]", " ", whole[1])))
    shares = {name: sum(run in known for run in said) for name, known in runs.items()}
    return shares[paper.name] >= ENOUGH * len(said) and max(shares.values()) == shares[paper.name]


def _runs(text: str) -> Iterator[str]:
    """Yield each run of words, by their letters and digits alone."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return (" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
