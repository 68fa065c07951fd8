"""What was read worst: for whoever wants to read it better."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from corpora import Corpus
from golds import Gold
from quality import Judged, letters

SHOWN = 12  # abstracts and texts at most
FINE = 0.98  # an abstract this near is not shown, where it begins and ends as it should
WORDS = 24  # shown of a stretch


def worst(corpus: Corpus, papers: list[Judged]) -> Iterator[str]:
    """Yield lines on the wrong titles, the worst abstracts, leaked references and worst texts."""
    golds = {paper.path.stem: paper.gold for paper in corpus.papers}
    yield f"\n{corpus.name}: titles that are wrong"
    for paper in papers:
        if paper.title is False:
            yield f"  {paper.paper}"
            yield from _differences(golds[paper.paper].title, paper.got_title)
    yield f"\n{corpus.name}: abstracts, the worst first"
    yield from _abstracts(golds, papers)
    yield f"\n{corpus.name}: reference lists"
    for paper in papers:
        if paper.leaked:
            yield f"  {paper.paper}: {len(paper.leaked)} entries in a body, such as"
            yield from (f"    {' '.join(entry.split())}" for entry in paper.leaked[:3])
        if paper.references is False:
            yield f"  {paper.paper}: no section of its own"
    yield f"\n{corpus.name}: runs of five words, the worst first"
    scored = [(p.true_runs if p.runs is None else p.runs, p.paper) for p in papers]
    for score, name in sorted((s, n) for s, n in scored if s is not None)[:SHOWN]:
        yield f"  {score:.3f} {name}"


def _abstracts(golds: dict[str, Gold], papers: list[Judged]) -> Iterator[str]:
    """Yield the abstracts that are not as they should be, each with where it differs."""
    known = [(paper.abstract, paper) for paper in papers if paper.abstract is not None]
    poor = [(s, p) for s, p in known if s < FINE or not p.begins or not p.ends]
    for score, paper in sorted(poor, key=lambda pair: pair[0])[:SHOWN]:
        wrong = [edge for edge in ("begins", "ends") if not getattr(paper, edge)]
        yield "  " + " ".join([f"{score:.3f}", paper.paper, *(f"({edge} wrong)" for edge in wrong)])
        yield from _differences(golds[paper.paper].abstract, paper.got_abstract)


def _differences(known: str, got: str) -> Iterator[str]:
    """Yield the stretches of words in which two texts differ."""
    olds, news = known.split(), got.split()
    matcher = SequenceMatcher(None, [*map(letters, olds)], [*map(letters, news)], autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind != "equal":
            yield f"    known [{_shortened(olds[start:end])}] read [{_shortened(news[begin:stop])}]"


def _shortened(words: list[str]) -> str:
    if len(words) <= WORDS:
        return " ".join(words)
    half = WORDS // 2
    return f"{' '.join(words[:half])} ... {' '.join(words[-half:])} ({len(words)} words)"
