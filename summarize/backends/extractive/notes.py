"""The best sentence of each kind for the notes, by what announces it and where it stands. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarize.backends.extractive import cues
from summarize.backends.extractive.standing import leans, points_back
from summarize.backends.extractive.trimming import opened, unglued
from summarize.records import Note, Passage

MIN_LINE, MAX_LINE = 40, 300  # characters
MIN_NOTE = 8  # words: what is shorter says little alone
MAX_NOTES = 6
LEAST = 0.9  # of a sentence's worth as its kind
LEAST_BODY = 1.9  # likewise in the body, where much is announced that is no news

_WORD = re.compile(r"[^\W\d_][\w-]+")
_STOP = frozenset(
    "the a an of and or to in on for with by from as at is are was were be been being this that "
    "these those it its we our us they their which who whom whose such than then thus can could "
    "may might will would not no nor only also both each other more most some any all many into "
    "over under between through during has have had do does did using used use via based".split()
)
# What is no sentence of the paper's own prose, or can't be shown without what it speaks of.
_MARKED = re.compile(r"[@†‡§¶∗©]")
_JUNK = re.compile(
    r" (?:https?:|www\.|copyright|proceedings of|arxiv\b|(?:in )?section \d|see (?:fig|sec)|"
    r"the rest of (?:the|this) paper|organi[sz]ed as follows|is supported by|preliminary work\b|"
    r"under review\b|equal contribution)"
)
_LABELS = frozenset(
    "figure fig table notation notations algorithm theorem lemma proof definition corollary "
    "proposition remark equation supplementary correspondence appendix step input output".split()
)
_ELSEWHERE = re.compile(
    r" (?:(?:figures?|fig\.|tables?|tab\.|sections?|sec\.|eqs?\.|equations?|appendix|algorithm|"
    r"theorem|lemma)\s?\(?\d|as follows\b|denot(?:e[sd]?|ing)\b|defined (?:as|by)\b|following:?$)"
    r"|[=≤≥∈∑·]"
)
# What says nothing to a reader of the post, or was torn when the text was taken out of the paper:
# a mark of a footnote, a power that became a number, a formula, two sentences in one.
_UNREADABLE = re.compile(
    r" (?:notations?|preliminar\w*|throughout (?:the|this) paper|the remainder of|"
    r"(?:in|see|to) (?:the )?(?:appendix|supplement)\w*)\b"
    r"|[a-z]{4}\d(?=[ .,;])|[a-z]\.\d|[•▪]"
    r"|[a-z]\(10\d+\)|[`´∞]|[+−]\d|\( ?−| [.,]$|\(\d{1,2}\)| o [a-z]\b"
    r"| [a-eg-km-z]\d\b| [a-z]{1,2}, ?[b-hj-z]\b| set as \("
    r"|\b[a-z]\. (?:if|the|this|we|it|in|let|for)\b"
)
_CITED = re.compile(r"\((?:[^()]*\b(?:19|20)\d\d[a-z]?[^()]*)\)|\[\d[\d,\s–-]*\]")
_ODD = re.compile(r"[^\w\s,.\-'’]|[\d_]")  # neither a letter nor a sentence's usual marks
_FIRST = re.compile(r"\w+")


def whole(text: str) -> bool:
    """Tell whether a sentence can be shown: whole, not too long, and words rather than symbols."""
    if not MIN_LINE <= len(text) <= 4 * MAX_LINE or text[-1] not in ".!?\"'”’)":
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "\"'“‘"):
        return False
    tokens = text.split()
    stray = sum(len(t) == 1 and t not in {"a", "A", "I", "-", "–", "—", "&"} for t in tokens)
    return (
        len(tokens) >= 7
        and stray <= 2
        and len(_ODD.findall(text)) < 0.15 * len(text)
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
        and not _is_junk(text)
    )


def _is_junk(text: str) -> bool:
    first = _FIRST.match(text)
    return (
        first is None
        or first[0].lower() in _LABELS
        or "..." in text
        or _MARKED.search(text) is not None
        or _JUNK.search(cues.spaced(text)) is not None
    )


@dataclass(frozen=True)
class _Sentence:
    """A sentence that may stand in a post, with its place in its section (0 to 1)."""

    number: int
    passage: Passage
    place: float
    text: str
    """Its words without a heading before them, as a note shows them."""

    @cached_property
    def words(self) -> Counter[str]:
        return _content(self.text)

    @cached_property
    def spaced(self) -> str:
        return cues.spaced(self.passage.text)

    @cached_property
    def stands(self) -> bool:
        """Tell whether it reads by itself, below a title and a TLDR."""
        return (
            len(self.text.split()) >= MIN_NOTE
            and not points_back(self.text)
            and not _UNREADABLE.search(cues.spaced(self.text))
        )

    @cached_property
    def shape(self) -> float:
        """What its form costs it: length, references to elsewhere, citations, leaning."""
        text = self.passage.text
        words = len(text.split())
        cost = 0.03 * max(0, words - 30) + 0.05 * max(0, 12 - words)
        cost += 1.5 * bool(_ELSEWHERE.search(self.spaced)) + 0.3 * len(_CITED.findall(text))
        return cost + (0.4 if leans(text) else 0.0)


def notes(title: str, fit: Sequence[Passage], *, tldr: str, taken: int) -> list[Note]:
    """Pick the best sentence of each kind, none twice and none that says what another says.

    `taken` is the number of the sentence that the TLDR is cut from. A kind of which no sentence is
    surely one has no note: a wrong label is worse than none.
    """
    given = _sentences(fit)
    weights = _weights(given)
    centre = _centre(given, weights, title)
    used = [s.words for s in given if s.number == taken] + [_content(tldr)]
    chosen: list[tuple[cues.Kind, _Sentence]] = []
    for kind in sorted(cues.kinds(), key=lambda k: k.name in {"method", "idea"}):
        worth = [
            (_worth(s, kind, weights, centre), s) for s in given if s.passage.kind in kind.sections
        ]
        worth = [
            (v, s) for v, s in worth if v >= (LEAST_BODY if s.passage.kind == "body" else LEAST)
        ]
        worth.sort(key=lambda pair: (-pair[0], pair[1].number))
        for _, sentence in worth:
            if (
                kind.is_surely(sentence.spaced)
                and sentence.stands
                and all(_overlap(sentence.words, other) < 0.5 for other in used)
            ):
                chosen.append((kind, sentence))
                used.append(sentence.words)
                break
    order = {kind.name: i for i, kind in enumerate(cues.kinds())}
    chosen.sort(key=lambda pair: order[pair[0].name])
    return [
        Note(kind=kind.name, text=s.text, quote=s.passage.text, page=s.passage.page)
        for kind, s in chosen[:MAX_NOTES]
    ]


def _sentences(fit: Sequence[Passage]) -> list[_Sentence]:
    """Return the sentences that are short enough, with their places."""
    sizes = Counter(p.kind for p in fit)
    at: Counter[str] = Counter()
    found = []
    for number, passage in enumerate(fit):
        at[passage.kind] += 1
        if len(passage.text) <= MAX_LINE:
            place = at[passage.kind] / sizes[passage.kind]
            found.append(_Sentence(number, passage, place, opened(unglued(passage.text))))
    return found


def _content(text: str) -> Counter[str]:
    """Return the words of a text that say something, and how often each comes."""
    words = (m[0].casefold() for m in _WORD.finditer(text))
    return Counter(w for w in words if w not in _STOP)


def _weights(given: Sequence[_Sentence]) -> dict[str, float]:
    """Return each word's inverse document frequency, a sentence being a document."""
    frequency = Counter(word for s in given for word in s.words)
    return {word: math.log((1 + len(given)) / (1 + n)) + 1 for word, n in frequency.items()}


def _centre(
    given: Sequence[_Sentence], weights: Mapping[str, float], title: str
) -> dict[str, float]:
    """Return the sum of the title's and the abstract's sentences (of all if there is none)."""
    total: Counter[str] = Counter(m[0].casefold() for m in _WORD.finditer(title))
    for sentence in [s for s in given if s.passage.kind == "abstract"] or given:
        total.update(sentence.words)
    return {word: n * weights.get(word, 1.0) for word, n in total.items() if word not in _STOP}


def _worth(
    sentence: _Sentence, kind: cues.Kind, weights: Mapping[str, float], centre: Mapping[str, float]
) -> float:
    """Return how well a sentence would stand as a note of this kind; 0 where nothing says so."""
    cued = [weight for weight, cue in kind.cues if cue.search(sentence.spaced)]
    if not any(weight > 0 for weight in cued):
        return 0.0
    score = sum(cued) + kind.sections[sentence.passage.kind] - sentence.shape
    score += 0.4 * kind.place * (2 * sentence.place - 1)
    return score + 2.0 * _cosine(sentence.words, centre, weights)


def _cosine(
    words: Mapping[str, int], centre: Mapping[str, float], weights: Mapping[str, float]
) -> float:
    vector = {word: n * weights[word] for word, n in words.items()}
    dot = sum(value * centre.get(word, 0.0) for word, value in vector.items())
    norm = math.hypot(*vector.values()) * math.hypot(*centre.values())
    return dot / norm if norm else 0.0


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of the words of the shorter of two sentences that stand in the other."""
    smaller = min(len(one), len(other))
    return len(one.keys() & other.keys()) / smaller if smaller else 1.0
