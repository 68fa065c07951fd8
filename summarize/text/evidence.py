"""Where in a paper something is said: its sentences by their words, quotes nearly as given."""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from functools import cached_property
from heapq import nlargest
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from summarize.records import Document
from summarize.text.alignment import Found, aligned
from summarize.text.sentences import sentences
from summarize.text.stems import WORD, content, folded, squeezed, stem, stems

MIN_QUOTE = 16  # letters and digits: a shorter one stands in many places
GRAM = 9  # letters and digits of the pieces by which a quote's place is guessed
MOST_PLACES = 4  # that are looked at
MOST_SAID = 8  # sentences that may say what is looked for

PIECE = 512  # characters of a text that are looked through to find a place in it
LETTERS = re.compile(r"[^\W_]+")
# What a prompt puts between a paper's lines; also the half of it with which a quote begins or ends.
_MARKS = re.compile(r"\[p\. \d+\]|(?:^|\s)#{1,6} |^\s*(?:p\. )?\d+\]\s|\s\[p\.$")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\(\.\.\.\)|\.\.\.+|…)\s*")


class Said(NamedTuple):
    """A sentence of the paper, `[start, end)`, and how much of what was looked for it says."""

    span: tuple[int, int]
    share: float


class Evidence:
    """A document made ready to be looked into."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self._held: dict[str, list[int]] = {}
        self._found: dict[str, Found | None] = {}
        self._said: dict[frozenset[str], list[Said]] = {}

    @cached_property
    def folded(self) -> str:
        """The text in lower case, every character at its place."""
        return folded(self.text)

    @cached_property
    def addressed(self) -> list[tuple[int, int]]:
        """The `[start, end)` of the sentences that speak to a model."""
        if self.document.addressed is not None:
            return [*self.document.addressed]
        from summarize.text.addressed import addressed  # patterns that take a while to compile

        return addressed(self.text)

    @cached_property
    def _flat(self) -> str:
        """The folded text on one line, every character at its place."""
        return self.folded.replace("\n", " ")

    @cached_property
    def _pieces(self) -> list[str]:
        """The letters and digits of the text, by stretches of `PIECE` characters of it."""
        starts = range(0, len(self.folded), PIECE)
        return [squeezed(self.folded[at : at + PIECE]) for at in starts]

    @cached_property
    def squeezed(self) -> str:
        """The letters and digits of the text."""
        return "".join(self._pieces)

    @cached_property
    def _before(self) -> list[int]:
        """How many letters and digits stand before each piece."""
        return [0, *accumulate(map(len, self._pieces))]

    def _offset(self, at: int) -> int:
        """Return where in the text its letter or digit number `at` stands."""
        piece = bisect_right(self._before, at) - 1
        left = at - self._before[piece]
        for run in LETTERS.finditer(self.folded, piece * PIECE):
            if left < run.end() - run.start():
                return run.start() + left
            left -= run.end() - run.start()
        return len(self.text)

    # --- quotes -----------------------------------------------------------------------------------

    def find(self, quote: str) -> Found | None:
        """Find a quote: exactly but for marks, case and breaks, or nearly, as models copy.

        Nearly is: most of its words in their order, and no number or negation that is not there.
        A quote with gaps (...) is found where its parts are, in order; the longest gives the place.
        Each is looked for once.
        """
        if quote not in self._found:
            self._found[quote] = self._sought(quote)
        return self._found[quote]

    def _sought(self, quote: str) -> Found | None:
        quote = _MARKS.sub(" ", quote)
        parts = [part for part in _ELLIPSIS.split(quote) if len(squeezed(part)) >= MIN_QUOTE]
        if not parts:
            return None
        found = [self._exactly(part) or self._nearly(part) for part in parts]
        known = [place for place in found if place]
        if len(known) < len(found) or sorted(known, key=lambda f: f.start) != known:
            return None
        return max(known, key=lambda f: f.end - f.start)

    def _exactly(self, quote: str) -> Found | None:
        plain = " ".join(folded(quote).split())
        if (at := self._flat.find(plain)) >= 0:  # as nearly all are
            return Found(at, at + len(plain))
        letters = squeezed(plain)
        at = self.squeezed.find(letters)
        if at < 0:
            return None
        return Found(self._offset(at), self._offset(at + len(letters) - 1) + 1)

    def _nearly(self, quote: str) -> Found | None:
        letters = squeezed(folded(quote))
        words = [m[0] for m in WORD.finditer(folded(quote))]
        best: tuple[float, Found] | None = None
        for at in self._places(letters):
            start = self._offset(max(0, at - len(letters) // 3))
            end = self._offset(min(len(self.squeezed) - 1, at + len(letters) * 5 // 3)) + 1
            share, found = aligned(words, self.folded, start, end)
            if found and (best is None or share > best[0]):
                best = share, found
        return best[1] if best else None

    def _places(self, letters: str) -> list[int]:
        """Guess where a quote may begin, counted in letters and digits, the likeliest first."""
        votes: Counter[int] = Counter()
        width = max(len(letters) // 2, 24)
        for i in range(0, len(letters) - GRAM + 1, 4):
            at, times = self.squeezed.find(letters[i : i + GRAM]), 0
            while at >= 0 and times < 12:
                bucket = (at - i) // width
                votes[bucket] += 2
                votes[bucket + 1] += 1
                votes[bucket - 1] += 1
                at, times = self.squeezed.find(letters[i : i + GRAM], at + 1), times + 1
        return [
            bucket * width + width // 2 for bucket, n in votes.most_common(MOST_PLACES) if n > 3
        ]

    def within(self, text: str, start: int, end: int) -> Found | None:
        """Find a text in a stretch of the paper, nearly as given."""
        words = [m[0] for m in WORD.finditer(folded(text))]
        return aligned(words, self.folded, start, end)[1]

    # --- sentences --------------------------------------------------------------------------------

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The `[start, end)` of the document's sentences, but for those of its references."""
        kinds = [s for s in self.document.sections if s.kind not in {"references", "figure"}]
        spans = [(s.start, s.end) for s in kinds] or [(0, len(self.text))]
        return [
            (start + a, start + b)
            for start, end in spans
            for a, b in sentences(self.text[start:end])
        ]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentences that a stretch touches."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = bisect_left(self._starts, end)
        touched = [(a, b) for a, b in self.sentences[first:last] if b > start]
        return min([start, *(a for a, _ in touched)]), max([end, *(b for _, b in touched)])

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def _holding(self, wanted: str) -> list[int]:
        """Return the numbers of the sentences that hold a word of this stem, looked up once.

        A word begins with its stem: only where that stands is it looked at, and of a sentence that
        holds it the rest is not.
        """
        if not wanted:
            return []
        if wanted not in self._held:
            text, starts, numbers = self.folded, self._starts, list[int]()
            at = text.find(wanted)
            while at >= 0:
                onwards = at + len(wanted)
                if not (at and text[at - 1].isalnum()):
                    number = bisect_right(starts, at) - 1
                    end = self.sentences[number][1] if number >= 0 else 0
                    word = WORD.match(text, at) if at < end else None
                    if word and stem(word[0]) == wanted:
                        numbers.append(number)
                        onwards = end
                at = text.find(wanted, onwards)
            self._held[wanted] = numbers
        return self._held[wanted]

    def _weight(self, holding: list[int]) -> float:
        """Return how much a word tells of where it is said: its inverse sentence frequency."""
        return math.log(1 + len(self.sentences) / (1 + len(holding)))

    def said(self, text: str, *, without: frozenset[str] = frozenset()) -> list[Said]:
        """Return the sentences that say most of a text's words, the best first.

        Words in `without`, which are what is to be checked, don't count.
        """
        wanted = content(stems(text)) - without
        if wanted not in self._said:
            total, scores = 0.0, defaultdict[int, float](float)
            for holding in map(self._holding, sorted(wanted)):  # ties fall alike in every run
                weight = self._weight(holding)
                total += weight
                for i in holding:
                    scores[i] += weight
            best = nlargest(MOST_SAID, scores.items(), key=itemgetter(1))
            self._said[wanted] = [Said(self.sentences[i], score / total) for i, score in best]
        return self._said[wanted]
