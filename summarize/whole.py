"""Reading a paper that is longer than a model's context: notes of every stretch, then their sum.

Map, then reduce: each stretch is asked for as a summary of its own, and one request makes the
paper's summary of these. What was asked of a stretch is kept, so that a stop loses nothing paid.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from summarize.ask import total
from summarize.errors import Awaited, CutOff, PaperError, TooLong
from summarize.fitting import LEAST
from summarize.records import Document, Grounded, Request
from summarize.report import WHOLE
from summarize.store import Store
from summarize.text.excerpt import CHARACTERS_PER_TOKEN, Excerpt
from summarize.text.stretches import halves, stretches

T = TypeVar("T")

MOST_LEVELS = 8  # of sums of sums: each has at most half as many parts as the one before
_SUM = "what was noted of each part of the paper, in order, with sentences of it in quotes"


class Whole:
    """Reads one paper, all of it.

    `render` makes a request of a text and of words for what it is; `asked` asks it, and raises
    `TooLong` where it does not fit; `learn` is told of requests that did not, and with how many
    tokens of the paper; `room` returns how many are thought to fit by now. A paper is cut, and its
    stretches are halved, in the same way in each run: so what was kept is found again.
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        *,
        render: Callable[[str, str], Request],
        asked: Callable[[Request], Awaitable[Grounded]],
        learn: Callable[[Request, int, TooLong], None],
        room: Callable[[], int],
    ) -> None:
        self._document = document
        self._store = store
        self._render = render
        self._asked = asked
        self._learn = learn
        self._room = room
        self._lost = 0  # requests whose replies were cut off
        self._sums: dict[str, Grounded] = {}  # of what was noted, by the keys of their requests
        self._warnings: list[str] = []

    async def read(self, tokens: int, basis: str) -> Grounded:
        """Return the summary of all of the paper, sent in at most so many tokens at a time.

        `basis` is what a paper is called that fits into one request. Raises `ReplyError`.
        """
        parts = stretches(self._document, tokens)
        if len(parts) == 1:
            try:
                return await self._noted(self._render(basis, parts[0].text), _size(parts[0]))
            except TooLong:
                parts = self._smaller(parts[0])
        found = [note for notes in await _all(map(self._notes, parts)) for note in notes]
        texts = [self._text(excerpt, grounded) for excerpt, grounded in found]
        summary = await self._sum(texts, tokens)
        spent = [*(grounded for _, grounded in found), *self._sums.values()]
        return summary.model_copy(
            update={
                "share": 1.0,
                "requests": sum(g.requests for g in spent) + self._lost,
                "tokens_sent": total([g.tokens_sent for g in spent]),
                "tokens_read": total([g.tokens_read for g in spent]),
                "tokens_written": total([g.tokens_written for g in spent]),
                "cost": total([g.cost for g in spent]),
                "warnings": tuple(dict.fromkeys(self._warnings)),
            }
        )

    # --- map ---

    async def _notes(self, stretch: Excerpt) -> list[tuple[Excerpt, Grounded]]:
        """Return what is noted of a stretch, or of the parts of one that does not fit."""
        request = self._render(_part(self._document, stretch), stretch.text)
        try:
            return [(stretch, await self._noted(request, _size(stretch)))]
        except TooLong:
            smaller = self._smaller(stretch)
        return [note for notes in await _all(map(self._notes, smaller)) for note in notes]

    async def _noted(self, request: Request, tokens: int) -> Grounded:
        """Return the reply to a request: the one that was kept, or a new one, which is kept."""
        found = await self._store.reply(request.key, Grounded)
        if found and found.share >= WHOLE:
            return found
        if tokens > self._room():
            raise TooLong("it is longer than what is known to fit")
        try:
            grounded = await self._asked(request)
        except TooLong as error:
            if isinstance(error, CutOff) or error.kept:
                self._warnings.append(f"{error.message}: asked again with less at a time")
            if isinstance(error, CutOff):
                self._lost += error.tries
            else:
                self._learn(request, tokens, error)
            raise
        await self._store.keep_reply(request.key, grounded)
        return grounded

    def _smaller(self, stretch: Excerpt) -> list[Excerpt]:
        if _size(stretch) < LEAST:
            raise TooLong("even a short stretch of the paper is too long for the model's context")
        return halves(self._document, stretch)

    # --- reduce ---

    async def _sum(self, texts: list[str], tokens: int) -> Grounded:
        """Return one summary of what was noted; of sums of it, where it is too long for one."""
        room = int(tokens * CHARACTERS_PER_TOKEN)
        for _ in range(MOST_LEVELS):
            groups = list(_groups([_shortened(text, room // 2) for text in texts], room))
            joined = ["\n\n".join(group) for group in groups]
            try:
                sums = await _all(map(self._noted_sum, joined))
            except TooLong:
                room //= 2
                continue
            if len(sums) == 1:
                return sums[0]
            numbers = count(1)
            texts = [self._said(f"Part {next(numbers)}", grounded) for grounded in sums]
        raise TooLong("what was noted of the paper's parts is too long for the model's context")

    async def _noted_sum(self, text: str) -> Grounded:
        request = self._render(_SUM, text)
        made = await self._noted(request, int(len(text) / CHARACTERS_PER_TOKEN))
        self._sums[request.key] = made  # also where another one of its row is too long
        return made

    def _text(self, stretch: Excerpt, grounded: Grounded) -> str:
        pages = _pages(self._document, stretch)
        return self._said(pages[0].upper() + pages[1:], grounded)

    def _said(self, what: str, grounded: Grounded) -> str:
        """Return a summary as text. It quotes only what the paper was found to say."""
        summary = grounded.summary
        lines = [f"{what}: {summary.tldr}"]
        for note, claim in zip(summary.notes, grounded.claims, strict=True):
            lines.append(f"- {note.kind}: {note.text}")
            if claim.supported:
                quote = " ".join(self._document.text[claim.start : claim.end].split())
                lines.append(f'  "{quote}"' + (f" [p. {claim.page}]" if claim.page else ""))
        return "\n".join(lines)


def begun(
    document: Document, tokens: int, basis: str, render: Callable[[str, str], Request]
) -> list[tuple[Excerpt, Request]]:
    """Return the stretches in which a paper is read, each with its request, if all of them fit."""
    parts = stretches(document, tokens)
    if len(parts) == 1:
        return [(parts[0], render(basis, parts[0].text))]
    return [(part, render(_part(document, part), part.text)) for part in parts]


def sums(parts: int, tokens: int, each: int) -> list[int]:
    """Return how many tokens are sent of what was noted, for each sum of it, by estimate.

    There are so many parts, with `each` tokens noted of one, and `tokens` fit into a request.
    """
    sent = list[int]()
    for _ in range(MOST_LEVELS):
        if parts <= 1:
            break
        most = max(2, tokens // each)  # together: each is cut to half of the room
        groups = -(-parts // most)
        sent += [min(tokens, each * min(most, parts - at * most)) for at in range(groups)]
        parts = groups
    return sent


def _part(document: Document, stretch: Excerpt) -> str:
    return f"a part of the paper, {_pages(document, stretch)}"


def _pages(document: Document, stretch: Excerpt) -> str:
    first = document.page_at(stretch.sections[0].start)
    last = document.page_at(stretch.sections[-1].end - 1)
    if first is None or last is None:
        return "without pages"
    return f"page {first}" if first == last else f"pages {min(first, last)} to {max(first, last)}"


def _size(stretch: Excerpt) -> int:
    """Return how many tokens of the paper a stretch has, by estimate."""
    return int(sum(s.end - s.start for s in stretch.sections) / CHARACTERS_PER_TOKEN)


def _groups(texts: Sequence[str], room: int) -> Iterator[list[str]]:
    """Yield the texts in order, as many together as fit; each is at most half of the room."""
    group, left = list[str](), room
    for text in texts:
        if group and len(text) > left:
            yield group
            group, left = [], room
        group.append(text)
        left -= len(text)
    yield group


def _shortened(text: str, room: int) -> str:
    """Leave out the last lines of a text that is too long."""
    return text if len(text) <= room else text[: max(text.rfind("\n", 0, room), room // 2)]


async def _all(work: Iterable[Awaitable[T]]) -> list[T]:
    """Do it all at once and to the end, so that what is paid for is kept; then raise what failed.

    What waits for a batch comes before a paper's own failure, which can wait as well.
    """
    done = await asyncio.gather(*work, return_exceptions=True)
    failed = [each for each in done if isinstance(each, BaseException)]
    for error in sorted(
        failed, key=lambda e: (isinstance(e, PaperError), not isinstance(e, Awaited))
    ):
        raise error
    return [each for each in done if not isinstance(each, BaseException)]
