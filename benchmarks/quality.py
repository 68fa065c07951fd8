"""How good is what was read: against the known title, abstract and text, and by itself."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from golds import Gold
from rapidfuzz import fuzz

NEAR = 0.90  # of 1: an abstract that is the known one, but for how its formulas are set
EDGE = 30  # letters at which two abstracts must begin or end alike
SAME_EDGE = 0.80
LISTS = 3  # entries in a paper that has a list: two may be footnotes

_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_MONTH = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?\s(?:\d\d?,\s)?)?"
# How entries of reference lists end or go on, and sentences do not:
# "NIPS, 2013." "Cohan. 2019. SciBERT" "345-367 (2019)." "2019, 12 (3), 345" "2019;12:345".
_ENTRY = re.compile(
    rf"[^\s(][,.]\s{_MONTH}{_YEAR}\.(?=\s|$)"
    rf"|\d\s\({_YEAR}\)\.(?=\s|$)"
    rf"|(?<!\()\b{_YEAR}[,;]\s?\d+\s?(?:\(\d+\))?[,:]\s?\w?\d+"
)
# "Bates D, Maechler M (2014). lme4": sentences may end so as well, but seldom three together.
_LIKE_ONE = re.compile(rf"(?<!al\.)(?<=\S)\s\({_YEAR}\)\.\s(?=[^\W\d_a-z]|[«“\"])")
READ = {"abstract", "introduction", "body", "conclusion"}
"""The kinds of sections that are read as what the paper says."""


@dataclass(frozen=True)
class Judged:
    """One paper as one program read it. `None` where nothing can be said."""

    paper: str
    title: bool | None = None
    abstract: float | None = None
    begins: bool | None = None
    ends: bool | None = None
    contained: float | None = None
    leaked: tuple[str, ...] | None = None
    references: bool | None = None
    words: float | None = None
    runs: float | None = None
    true_words: float | None = None
    true_runs: float | None = None
    got_title: str = ""
    got_abstract: str = ""


def judged(told: dict[str, Any], gold: Gold) -> Judged:
    """Judge what one program told of one paper. A paper that it could not read is all wrong."""
    text = told.get("text", "")
    parts = _judged_parts(told, gold) if "title" in told or "error" in told else {}
    compared = text if gold.whole else _without_references(text, told.get("sections"))
    known, true = bool(gold.text), gold.true
    words, runs = similarity(compared, gold.text) if known else (0.0, 0.0)
    return Judged(
        told["paper"],
        got_title=told.get("title", ""),
        got_abstract=told.get("abstract", ""),
        contained=contained(gold.abstract, text) if gold.abstract else None,
        words=words if known and not true else None,
        runs=runs if known and not true else None,
        true_words=words if known and true else None,
        true_runs=runs if known and true else None,
        **parts,
    )


def _judged_parts(told: dict[str, Any], gold: Gold) -> dict[str, Any]:
    """Judge the parts of a document, which pages of text do not have."""
    text = told.get("text", "")
    sections = [(kind, text[start:end]) for kind, start, end in told.get("sections", [])]
    parts: dict[str, Any] = {
        "leaked": tuple(e for kind, body in sections if kind in READ for e in entries(body)),
    }
    if len(entries(text)) >= LISTS:
        parts["references"] = any(kind == "references" and entries(body) for kind, body in sections)
    if gold.title:
        parts["title"] = letters(told.get("title", "")) == letters(gold.title)
    if gold.abstract:
        got, known = letters(told.get("abstract", "")), letters(gold.abstract)
        parts["abstract"] = fuzz.ratio(got, known) / 100
        parts["begins"] = fuzz.ratio(got[:EDGE], known[:EDGE]) >= 100 * SAME_EDGE
        parts["ends"] = fuzz.ratio(got[-EDGE:], known[-EDGE:]) >= 100 * SAME_EDGE
    return parts


def letters(text: str) -> str:
    """Return a text's letters and digits alone, case and ligatures aside."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def contained(abstract: str, text: str) -> float:
    """Return how much of an abstract stands in one piece in a text's beginning, from 0 to 1."""
    known = letters(abstract)
    return fuzz.partial_ratio(known, letters(text[:12_000])) / 100 if text else 0.0


def similarity(text: str, known: str) -> tuple[float, float]:
    """Return the F1 of two texts' words, and of their runs of five words.

    Runs tell of order too, and cost little where a footnote stands elsewhere as a whole.
    """
    got, wanted = _words(text), _words(known)
    return _f1(got, wanted), _f1(_runs_of(5, got), _runs_of(5, wanted))


def _f1(got: Iterable[object], wanted: Iterable[object]) -> float:
    found, known = Counter(got), Counter(wanted)
    return 2 * (found & known).total() / max(1, found.total() + known.total())


def _runs_of(length: int, words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _without_references(text: str, sections: list[tuple[str, int, int]] | None) -> str:
    """Return a text without its reference list, as far as a program tells where that is.

    Pages alone do not tell; there it is what follows its heading.
    """
    if sections is None:
        headings = list(re.finditer(r"(?im)^[\W\d_]*(?:references|bibliography)\W*$", text))
        return text[: headings[-1].start()] if headings else text
    for kind, start, end in sorted(sections, key=lambda section: -section[1]):
        if kind == "references":
            text = text[:start] + text[end:]
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def entries(text: str) -> list[str]:
    """Return what looks like entries of a reference list, where two or more stand together.

    One alone is a sentence or a footnote.
    """
    sure = [match.start() for match in _ENTRY.finditer(text)]
    likely = [match.start() for match in _LIKE_ONE.finditer(text)]
    places = _together(sure, 2, 900) | _together(sorted(sure + likely), 3, 1_200)
    return [text[max(0, place - 60) : place + 20] for place in sorted(places)]


def _together(places: list[int], least: int, within: int) -> set[int]:
    """Return the places, in their order, that stand with `least - 1` others `within` characters."""
    runs = [places[i : i + least] for i in range(len(places) - least + 1)]
    return {place for run in runs if run[-1] - run[0] < within for place in run}
