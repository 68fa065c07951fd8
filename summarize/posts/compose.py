"""What became of each entry -> a Post, in no format yet."""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from summarize.posts import anchors
from summarize.posts.escape import markdown, plain
from summarize.posts.pictured import pictured
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post, PostSection
from summarize.records import Done, Event, Outcome, Skipped, Summary
from summarize.report import WHOLE
from summarize.spool import Mapped
from summarize.state import Made


class Colophon(NamedTuple):
    """Who drafted the post: the tool, and whoever chose or wrote the words."""

    version: str
    model: str
    prompt: str
    picks: bool  # sentences of the papers, rather than a model's own


def compose(
    results: Sequence[Outcome | Event],
    *,
    title: str,
    date: str,
    colophon: Colophon,
    categories: Sequence[str] = (),
    tags: Sequence[str] = (),
    strict: bool = False,
    words: Callable[[str], str] = markdown,
    anchor: Callable[[str], str] = anchors.github,
    image: str = "",
) -> Post:
    """Build a post from the outcomes of a list, in the list's order.

    `strict` leaves out what says more than the paper bears out; `words` and `anchor` are those of
    the post's format. `image` is the teaser's address.
    """
    counts = _counted(results, colophon)
    topic = title.removesuffix("Roundup").strip() or title
    excerpt = f"TLDR; {_count(counts.papers, 'paper')} from {topic}, in one line each."
    sections = _sections(results, counts.below, strict=strict)
    return Post(
        title=title,
        date=date,
        categories=tuple(categories),
        tags=tuple(tags),
        excerpt=excerpt,
        image=image,
        introduction=tuple(_introduction(words(excerpt), counts, sections, anchor)),
        sections=tuple(sections),
        colophon=(_colophon(counts.made, date, colophon.version),),
    )


def _sections(
    results: Sequence[Outcome | Event], below: Mapping[str, Sequence[int]], *, strict: bool
) -> list[PostSection]:
    """Gather the items below their headings."""

    def made(at: int) -> Item:
        return item(results[at], strict=strict)

    # Each item is made when it is rendered, and let go of again: a post may have thousands.
    return [PostSection(heading=name, items=Mapped(found, made)) for name, found in below.items()]


def item(result: Outcome | Event, *, strict: bool = False) -> Item:
    """Return the entry of a paper, with what became of it, or of an event."""
    entry = result if isinstance(result, Event) else result.paper
    line: Own | Drafted | None = Own(markdown=entry.take) if entry.take else None
    notes: list[ItemNote] = []
    remark = check = ""
    if isinstance(result, Skipped):
        remark = f"Not summarized: {result.reason}"
    elif isinstance(result, Done):
        if strict:
            result = _without_flagged(result)
        summary = result.grounded.summary
        tldr = Drafted(text=summary.tldr)
        if line:  # the place of the line is theirs
            notes.append(ItemNote(label="TLDR", text=tldr))
        line = line or tldr
        claims = result.grounded.claims
        notes += [
            ItemNote(
                label=note.kind.capitalize(),
                text=Drafted(text=note.text),
                page=claim.page,
                link=f"{result.receipt.pdf}#page={claim.page}" if result.receipt.pdf else "",
            )
            for note, claim in zip(summary.notes, claims, strict=True)
        ]
        remark, check = _remark(result), _check(result)
    return Item(
        key="" if isinstance(result, Event) else result.paper.key,
        title=Drafted(text=entry.title or entry.url),
        url=entry.url,
        star=entry.star,
        line=line,
        remark=remark,
        figure=pictured(result) if isinstance(result, Done) else None,
        notes=tuple(notes),
        todo=Own(markdown=entry.todo) if entry.todo else None,
        check=check,
    )


ODD = "does not read like a summary of it: "  # in a CHECK, before which lines do not, and why
_LEFT_OUT = "The TLDR is left out: it says more than the paper does."
_DOUBTED = "The TLDR is left out: it does not read like a summary of the paper."


def _without_flagged(done: Done) -> Done:
    """Leave out the notes, and the TLDR, that say more than the paper bears out, or read oddly."""
    grounded = done.grounded
    kept = [
        (note, claim)
        for note, claim in zip(grounded.summary.notes, grounded.claims, strict=True)
        if not (claim.flags or claim.doubts)
    ]
    tldr = grounded.summary.tldr
    if grounded.tldr and (grounded.tldr.doubts or grounded.tldr.flags):
        tldr = _DOUBTED if grounded.tldr.doubts else _LEFT_OUT
    summary = Summary(tldr=tldr, notes=tuple(note for note, _ in kept))
    update = {"summary": summary, "claims": tuple(claim for _, claim in kept), "tldr": None}
    return done.model_copy(update={"grounded": grounded.model_copy(update=update)})


def _check(done: Done) -> str:
    """Say which words of the TLDR and the notes the paper does not bear out, or read oddly."""
    grounded = done.grounded
    claims = [("TLDR", grounded.tldr)] if grounded.tldr else []
    labels = [note.kind.capitalize() for note in grounded.summary.notes]
    claims += zip(labels, grounded.claims, strict=True)
    said = [f"{label}: {', '.join(claim.flags)}" for label, claim in claims if claim.flags]
    if grounded.tldr and not grounded.tldr.supported and not grounded.tldr.flags:
        said.insert(0, "TLDR: no passage of the paper says it")
    odd = [f"{label}: {', '.join(claim.doubts)}" for label, claim in claims if claim.doubts]
    parts = [f"not in the paper: {'; '.join(said)}"] if said else []
    parts += [f"{ODD}{'; '.join(odd)}"] if odd else []
    return "; ".join(parts)


def _remark(done: Done) -> str:
    """Say of a summary what it rests on, where that is less than the whole paper."""
    parts = ["from the abstract"] if done.receipt.basis == "abstract" else []
    if done.receipt.copy_read:
        parts.append(f"from {re.split('[:,]', done.receipt.copy_read)[0]}")
    if done.receipt.unread:
        parts.append(f"read in part: {'; '.join(done.receipt.unread)}")
    return ", ".join(parts)


def _introduction(
    excerpt: str,
    counts: "_Counts",
    sections: Sequence[PostSection],
    anchor: Callable[[str], str],
) -> Iterable[str]:
    """Yield the paragraphs of a skeleton: true counts, and places for the person's words."""
    headings = [section.heading for section in sections if section.heading]
    papers, starred = counts.papers, counts.starred
    yield excerpt
    yield "<!-- YOUR WORDS: who you are, and what you went looking for. -->"
    days = sum(heading.casefold().startswith("day") for heading in headings)
    over = f" over **{days}** days" if days > 1 else ""
    said = f"I short-listed {_count(papers, 'paper', bold=True)}{over}."
    if starred:
        them = "it" if papers == 1 else "them"
        said += f" Of those, I would like to actually read **{starred}** of {them}."
    first = plain(headings[0]) if headings else ""
    if anchors.is_plain(first):
        said += f" Feel free to skip to the [paper summaries below](#{anchor(first)})."
    yield said
    yield "<!-- YOUR WORDS: what surprised you, a trend you saw, a question you took home. -->"
    if starred:
        yield "⭐️s indicate papers that I'm particularly interested in reading."


def made(outcome: Outcome, by: Colophon) -> Made | None:
    """Return how a paper's summary came to be; None where there is none."""
    if not isinstance(outcome, Done):
        return None
    receipt = outcome.receipt
    return Made(
        model=by.model,
        prompt=by.prompt,
        picks=by.picks,
        basis=receipt.basis,
        in_part=receipt.share < WHOLE,
    )


class _Counts(NamedTuple):
    """What a post says of its papers as a whole: how many, how many with a star, how made.

    `below` says of each heading, in the order in which they first appear, which results are.
    """

    papers: int
    starred: int
    made: Counter[Made | None]
    below: "dict[str, array[int]]"


def _counted(results: Iterable[Outcome | Event], by: Colophon) -> _Counts:
    """Count a list's papers in one walk over its results, which are made anew for each."""
    starred, found = 0, Counter[Made | None]()
    below: dict[str, array[int]] = {}
    for at, result in enumerate(results):
        entry = result if isinstance(result, Event) else result.paper
        below.setdefault(entry.section, array("Q")).append(at)
        if not isinstance(result, Event):
            starred += result.paper.star
            found[made(result, by)] += 1
    return _Counts(found.total(), starred, found, below)


def colophon(papers: Iterable[Made | None], date: str, version: str) -> str:
    """Return what a post says of itself at its end: who summarized its papers, and from what."""
    return _colophon(Counter(papers), date, version)


def _colophon(papers: Counter[Made | None], date: str, version: str) -> str:
    done = Counter({made: count for made, count in papers.items() if made is not None})
    total, skipped = papers.total(), papers[None]
    abstracts = sum(count for made, count in done.items() if made.basis == "abstract")
    in_part = sum(count for made, count in done.items() if made.in_part)
    parts = [f"Drafted with roundup {version} on {date}.", *_by_whom(done)]
    if abstracts:
        rest = "rests" if abstracts == 1 else "rest"
        count = _count(abstracts, "summary")
        parts.append(f"{count} of {total} {rest} on the abstract alone.")
    if in_part:
        were = "was" if in_part == 1 else "were"
        parts.append(
            f"{in_part} of {_count(total, 'paper')} {were} read in part, as much as the "
            "model's context holds."
        )
    if skipped:
        say = "says" if skipped == 1 else "say"
        parts.append(f"{_count(skipped, 'paper')} could not be summarized and {say} so.")
    return " ".join(parts)


def _by_whom(done: Counter[Made]) -> Iterable[str]:
    """Yield a sentence for each of those who summarized."""
    summaries = "The one-line summaries and extra notes"
    counts = Counter[tuple[bool, bool | tuple[str, str]]]()
    for by, number in done.items():
        counts[by.picks, by.picks or (by.model, by.prompt)] += number
    for (picks, whom), count in counts.items():
        what = summaries
        if len(counts) > 1:
            what = f"Of the {done.total()} one-line summaries and their extra notes, {count}"
        if picks:
            yield (
                f"{what} are sentences of the papers themselves, picked by its embedded extractive "
                "summarizer; no language model wrote them."
            )
        elif isinstance(whom, tuple):
            were = "was" if len(counts) > 1 and count == 1 else "were"
            yield f"{what} {were} written by `{_code(whom[0])}` with the prompt `{_code(whom[1])}`."


def _code(text: str) -> str:
    """Return a name that can stand between backticks."""
    return plain(text).replace("`", "'").replace("{", "(").replace("}", ")")


def _count(number: int, noun: str, *, bold: bool = False) -> str:
    figure = f"**{number}**" if bold else str(number)
    plural = noun if number == 1 else f"{noun.removesuffix('y')}{'ies' if noun[-1] == 'y' else 's'}"
    return f"{figure} {plural}"
