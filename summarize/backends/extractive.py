"""The embedded summarizer: picks sentences of the paper. No key, no model, no network.

A TLDR is the sentence of abstract or introduction that best says what the authors did: scored by
what announces a contribution, by how central it is to the abstract (cosine of tf-idf vectors, as
in Erkan and Radev's LexRank, 2004), by what it adds to the title, and by length and position.
Notes are exact sentences, each chosen by what announces its kind.
"""

import json
import math
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from summarize.backends.backend import Backend, Model
from summarize.errors import ReplyError
from summarize.records import Note, NoteKind, Passage, Reply, Request, Summary
from summarize.settings import Clock, Settings

VERSION = "2"
"""Raised when the same passages give another answer."""

MAX_LINE = 300
MAX_NOTES = 4

_WORD = re.compile(r"[^\W\d_][\w-]+")
_STOP = frozenset(
    "the a an of and or to in on for with by from as at is are was were be been being this that "
    "these those it its we our us they their which who whom whose such than then thus can could "
    "may might will would not no nor only also both each other more most some any all many into "
    "over under between through during has have had do does did using used use via based".split()
)

_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|note|letter)|the (?:paper|authors?))\s+"
    r"(?:also |then |here |further |first |instead |therefore |thus |now )*"
    r"(?:propose|present|introduce|develop|show|prove|demonstrate|describe|study|investigate|"
    r"provide|give|derive|design|establish|address|consider|analy[sz]e|find|report|measure|"
    r"explore|examine|argue|formulate|extend|devise|offer|suggest|apply|use|construct|build|"
    r"evaluate|compare|characteri[sz]e|obtain|initiate|reveal|observe|identify|learn|train)s?\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:propose|present|introduce|show|prove|demonstrate|find|develop)s?\b|\bnovel\b|\bnew\b",
    re.IGNORECASE,
)
_LEANS = re.compile(  # on a sentence before it
    r"^(?:this|these|those|it|its|they|their|such|however|moreover|furthermore|in addition|"
    r"additionally|thus|hence|therefore|consequently|as a result|for example|for instance|"
    r"in particular|specifically|finally|second|third|also|then|here|again|besides|"
    r"in contrast|on the other hand|nevertheless|but|and|or|so|yet|similarly|likewise)\b(?!\s+"
    r"(?:paper|work|article|study|note|letter)\b)",
    re.IGNORECASE,
)
_OPENINGS = re.compile(
    r"^(?:(?:in|with|through) (?:this|the present) (?:paper|work|article|study|note|letter)|"
    r"here|to (?:this|that) end|specifically|in particular|finally|moreover|furthermore|"
    r"in addition|additionally|more precisely|concretely|first|therefore|thus|hence|"
    r"consequently|accordingly|to address (?:this|these) [\w -]{3,40}|as a result|then|in short|"
    r"in summary|to summari[sz]e|overall)\s*,\s*",
    re.IGNORECASE,
)
# "To overcome these challenges, we ...": it leans on what came before, and "we" stands alone.
_LEAD_IN = re.compile(
    r"^[^,.;:]{0,70}\b(?:this|these|those|such|its|their|the above|light|response)\b[^,.;:]{0,50},"
    r"\s*(?:then |here )?(?=(?:we|this (?:paper|work|article|study))\b)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"; |: | -- |, (?:and|but|which|where|while|whereas|thus|thereby|so|yet|by|with|using|leading|"
    r"resulting|making|allowing|enabling|e\.g\.|i\.e\.|for example|such as)\b",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\s*\((?:e\.g\.,? |see |cf\. )?[A-Z][^()]{0,120}?\b(?:19|20)\d\d[a-z]?[^()]{0,120}\)"
    r"|\s*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]"
)
_JUNK = re.compile(
    r"[@†‡§¶∗]|https?:|www\.|copyright|proceedings of|©|\barxiv\b|^\W|^(?:figure|fig|table|"
    r"notations?|algorithm|theorem|lemma|proof|definition|corollary|proposition|remark|equation|supplementary|"
    r"correspondence|appendix|step|input|output)\b|\bin section \d|\bsection \d|\bsee (?:fig|sec)"
    r"|the rest of (?:the|this) paper|organi[sz]ed as follows|\.\.\.|is supported by",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:they|it|them|their|these|those|the (?:latter|former|above|resulting))\b", re.IGNORECASE
)
_SECOND = re.compile(
    r"^(?:we|our \w+) (?:also|further|additionally|finally|validate)\b", re.IGNORECASE
)

# What announces each kind of note, and in which sections it is looked for.
_KINDS: tuple[tuple[NoteKind, re.Pattern[str], frozenset[str]], ...] = (
    (
        "idea",
        re.compile(
            r"\b(?:key (?:idea|insight|observation|challenge)|main (?:idea|insight|contribution)|"
            r"our (?:idea|insight|intuition)|motivated by|inspired by|idea (?:is to|behind)|"
            r"we argue|we hypothesi[sz]e|contributions? (?:is|are))\b",
            re.IGNORECASE,
        ),
        frozenset({"abstract", "introduction", "conclusion", "body"}),
    ),
    (
        "method",
        re.compile(
            r"\b(?:we (?:propose|introduce|develop|use|employ|apply|design|derive|formulate|learn|"
            r"train|combine|adopt|extend|construct|measured?)|our (?:method|approach|algorithm|"
            r"model|framework|technique|analysis)|is based on|consists of)\b",
            re.IGNORECASE,
        ),
        frozenset({"abstract", "introduction", "conclusion"}),
    ),
    (
        "data",
        re.compile(
            r"\b(?:data ?sets?|corpus|corpora|benchmarks?|subjects|participants|patients|samples|"
            r"recordings|synthetic data|real[- ]world data|files)\b",
            re.IGNORECASE,
        ),
        frozenset({"abstract", "introduction", "conclusion", "body"}),
    ),
    (
        "result",
        re.compile(
            r"\b(?:outperforms?|improves?|improvements?|achieves?|results? (?:show|demonstrate|"
            r"indicate|suggest)|experiments? (?:show|demonstrate|indicate|suggest)|we (?:show|find|"
            r"found|observe|prove|demonstrate|obtain)|state[- ]of[- ]the[- ]art|faster|better than|"
            r"reduces?|significantly|competitive|\d+(?:\.\d+)?\s?(?:%|times|percent))(?!\w)",
            re.IGNORECASE,
        ),
        frozenset({"abstract", "introduction", "conclusion"}),
    ),
    (
        "limitation",
        re.compile(
            r"\b(?:limitations?|(?:is|are) limited to|future work|open (?:question|problem)s?|"
            r"remains? (?:open|unclear|to be)|does not (?:hold|apply|scale|address|cover)|"
            r"beyond the scope|we leave|would be interesting|one caveat|"
            r"left (?:for future|open))\b",
            re.IGNORECASE,
        ),
        frozenset({"conclusion", "body", "abstract"}),
    ),
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that may stand in a post, with its place in the paper (0 to 1) and its words."""

    passage: Passage
    place: float
    words: Counter[str]


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    async def ask(request: Request) -> Reply:
        title, *passages = request.passages
        summary = summarize(title.text, passages)
        return Reply(text=json.dumps(summary.model_dump(mode="json"), ensure_ascii=False))

    yield Model(ask)


def summarize(title: str, passages: Sequence[Passage]) -> Summary:
    """Pick a TLDR and up to four notes. Raises `ReplyError` when no sentence is fit to stand."""
    candidates = _candidates(passages)
    if not candidates:
        raise ReplyError("the text holds no whole sentence to pick")
    weights = _weights(candidates)
    centre = _centre(candidates, weights)
    title_words = set(_words(title))

    def worth(candidate: Candidate) -> float:
        return _worth(candidate, title_words, weights, centre)

    best = max((c for c in candidates if c.passage.kind in _SUMMARIES), key=worth, default=None)
    best = best or max(candidates, key=worth)
    notes = _notes(candidates, best, worth)
    return Summary(tldr=compress(best.passage.text), notes=tuple(notes))


_SUMMARIES = frozenset({"abstract", "introduction"})


def compress(sentence: str) -> str:
    """Take away what a sentence can stand without: an opening phrase, citations."""
    text = _LEAD_IN.sub("", _OPENINGS.sub("", _CITATION.sub("", sentence))).strip()
    return text[:1].upper() + text[1:] if text[:1].islower() and " " in text else text


def _candidates(passages: Sequence[Passage]) -> list[Candidate]:
    seen: set[str] = set()
    found = []
    for i, passage in enumerate(passages):
        text = _clause(passage.text) if len(passage.text) > MAX_LINE else passage.text
        if text not in seen and _stands(text):
            seen.add(text)
            shown = passage.model_copy(update={"text": text})
            found.append(Candidate(shown, i / max(len(passages), 1), Counter(_words(text))))
    return found


def _clause(sentence: str) -> str:
    """Return the longest beginning of a long sentence that ends where a clause does."""
    ends = (m.start() for m in _CLAUSE_END.finditer(sentence) if m.start() < MAX_LINE)
    return sentence[: max(ends, default=0)].rstrip(" ,;:–—-") + "."


def _stands(text: str) -> bool:
    """Tell whether a sentence can be shown: whole, short enough, and words rather than symbols."""
    if not 40 <= len(text) <= MAX_LINE or text[-1] not in ".!?\"'”’)":
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "\"'“‘") or _JUNK.search(text):
        return False
    letters = sum(c.isalpha() or c.isspace() or c in ",.-'’" for c in text) / len(text)
    tokens = text.split()
    stray = sum(len(t) == 1 and t not in {"a", "A", "I", "-", "–", "—", "&"} for t in tokens)
    return letters > 0.88 and len(tokens) >= 7 and stray <= 2 and _balanced(text)


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")


def _words(text: str) -> list[str]:
    return [w for w in (m[0].casefold() for m in _WORD.finditer(text)) if w not in _STOP]


def _weights(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return each word's inverse document frequency, a sentence being a document."""
    frequency = Counter(word for c in candidates for word in c.words)
    return {word: math.log((1 + len(candidates)) / (1 + n)) + 1 for word, n in frequency.items()}


def _centre(candidates: Sequence[Candidate], weights: dict[str, float]) -> dict[str, float]:
    """Return the sum of the abstract's sentence vectors (of all sentences if there is none)."""
    abstract = [c for c in candidates if c.passage.kind == "abstract"] or candidates
    total: Counter[str] = Counter()
    for candidate in abstract:
        total.update(candidate.words)
    return {word: n * weights[word] for word, n in total.items()}


def _cosine(words: Counter[str], centre: dict[str, float], weights: dict[str, float]) -> float:
    vector = {word: n * weights[word] for word, n in words.items()}
    dot = sum(value * centre.get(word, 0.0) for word, value in vector.items())
    norm = math.hypot(*vector.values()) * math.hypot(*centre.values())
    return dot / norm if norm else 0.0


def _worth(
    candidate: Candidate, title: set[str], weights: dict[str, float], centre: dict[str, float]
) -> float:
    text, kind = candidate.passage.text, candidate.passage.kind
    stripped = compress(text)
    length = len(stripped.split())
    words = set(candidate.words)
    told = len(words & title) / len(title) if title else 0.0
    score = 2.0 * _cosine(candidate.words, centre, weights)
    score += 1.6 * bool(_CONTRIBUTION.search(text))
    score += 0.5 * bool(_STRONG.search(text))
    score += 0.6 * min(told, 0.6)
    score -= 0.5 * candidate.place  # what comes first is what they did, then how it went
    score -= 0.8 * bool(_SECOND.match(stripped))
    score += {"abstract": 0.8, "introduction": 0.0}.get(kind, -0.6)
    score -= 1.5 * bool(_LEANS.match(stripped))
    score -= 0.8 * bool(_POINTS_BACK.search(stripped[:40]))
    score -= 0.05 * max(0, length - 32) + 0.12 * max(0, 12 - length)
    score -= 0.5 * (len(_CITATION.findall(text)) > 1)
    return score


def _notes(
    candidates: Sequence[Candidate], taken: Candidate, worth: Callable[[Candidate], float]
) -> list[Note]:
    """Pick the best sentence of each kind, none twice and none that says what another says."""
    chosen: list[tuple[NoteKind, Candidate]] = []
    used = [taken]
    for kind, cue, sections in _KINDS:
        fit = [
            c
            for c in candidates
            if c.passage.kind in sections
            and cue.search(c.passage.text)
            and not _LEANS.match(c.passage.text)
            and all(_overlap(c, other) < 0.5 for other in used)
        ]
        if fit:
            best = max(fit, key=worth)
            chosen.append((kind, best))
            used.append(best)
    return [
        Note(kind=kind, text=c.passage.text, quote=c.passage.text, page=c.passage.page)
        for kind, c in chosen[:MAX_NOTES]
    ]


def _overlap(one: Candidate, other: Candidate) -> float:
    """Return the share of the shorter sentence's words that stand in the other."""
    smaller = min(len(one.words), len(other.words))
    return len(one.words.keys() & other.words.keys()) / smaller if smaller else 1.0


BACKEND = Backend(connect=_connect, picks=True, endpoint=lambda _: f"embedded-{VERSION}")
