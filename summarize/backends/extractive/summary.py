"""A title and the sentences of a paper -> a TLDR and notes, in the paper's own words."""

from collections.abc import Iterator, Sequence

from summarize.backends.extractive import ranker
from summarize.backends.extractive.clauses import shortest
from summarize.backends.extractive.notes import notes, whole
from summarize.backends.extractive.standing import leans
from summarize.errors import ReplyError
from summarize.records import Passage, Summary
from summarize.text.addressed import addressed

MOST_SENTENCES = 60  # that a TLDR is looked for in: as many as an introduction may have
# Where a TLDR is looked for, in turn.
_PLACES: tuple[frozenset[str], ...] = (
    frozenset({"abstract"}),
    frozenset({"introduction"}),
    frozenset({"conclusion"}),
    frozenset({"front", "body"}),
)


def summarize(title: str, passages: Sequence[Passage]) -> Summary:
    """Pick a TLDR and a note of each kind. Raises `ReplyError` when no sentence is fit to stand."""
    once: dict[str, Passage] = {}
    for passage in _for_readers(passages):
        if whole(passage.text):
            once.setdefault(passage.text, passage)
    fit = list(once.values())
    if not fit:
        raise ReplyError("the text holds no whole sentence to pick")
    tldr, index = _tldr(title, fit)
    return Summary(tldr=tldr, notes=tuple(notes(title, fit, tldr=tldr, taken=index)))


def _for_readers(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Yield the passages that do not speak to a model."""
    text = "\n\n".join(passage.text for passage in passages)
    spans, at = addressed(text), 0
    for passage in passages:
        end = at + len(passage.text)
        if not any(first < end and at < last for first, last in spans):
            yield passage
        at = end + 2


def _tldr(title: str, fit: Sequence[Passage]) -> tuple[str, int]:
    """Return the line, and the number of the passage that it is cut from.

    A line of the abstract counts most; but one that leans, or only says what is known, gives way to
    one from the introduction or the conclusion that says what the authors did.
    """
    second: tuple[str, int] | None = None
    for kinds in _PLACES:
        chosen = [i for i, p in enumerate(fit) if p.kind in kinds][:MOST_SENTENCES]
        ranked = ranker.ranked(title, [fit[i].text for i in chosen])
        if not ranked:
            continue
        best = ranked[0].text, chosen[ranked[0].sentence]
        if ranker.finds(ranked[0]) and not leans(best[0]):
            return best
        if second is None or (leans(second[0]) and not leans(best[0])):
            second = best
    # Nothing does: the best of what there is, or the first sentence, cut to fit.
    return second or (shortest(fit[0].text), 0)
