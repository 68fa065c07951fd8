"""The sentences of an abstract -> all lines that may become its TLDR. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarize.backends.extractive.clauses import MAX_CHARACTERS, Clause, clauses, finite
from summarize.backends.extractive.cues import announces
from summarize.backends.extractive.standing import leans, places

MOST_WORDS = 36  # of a line that is joined of two
MOST_FIRST = 22  # of its first half
MOST_APART = 4  # sentences between the two
MOST_JOINED = 30
_POINTING = re.compile(r"^(?:it|this|these|they)\b", re.IGNORECASE)
_SECOND = re.compile(
    r"^(?:we|our|the(?! (?:first|second|third|last|latter|former|other)\b)|it|this|these|they|"
    r"experiments|results)\b",
    re.IGNORECASE,
)
_WE = re.compile(
    r"^We (?=(?:\w+ly )?(?:show|demonstrate|prove|evaluate|validate|verify|find|apply|test|compare|"
    r"provide|derive|discuss|analy[sz]e|illustrate|report|establish|study|investigate|introduce|"
    r"propose|present|develop|describe|use|conduct|explore|train|achieve|obtain|give|examine|"
    r"perform|observe|extend|design|argue)\b)"
)


class Candidate(NamedTuple):
    """A line that may become the TLDR, with the number of its sentence and how it was cut."""

    sentence: int
    clause: Clause

    @property
    def text(self) -> str:
        """The line itself."""
        return self.clause.text


# What is not done yet would read, cut from its sentence, as if it were.
_LATER = re.compile(
    r"\b(?:future (?:work|research|directions?|studies)|in (?:the )?future|(?:would|may|might) be "
    r"(?:interesting|worthwhile|useful) to|worth investigating|left (?:for|open)|we leave|"
    r"we plan)\b",
    re.IGNORECASE,
)


def candidates(sentences: Sequence[str]) -> list[Candidate]:
    """Return the clauses of all sentences, and what can be joined of two."""
    cut = [
        Candidate(i, clause)
        for i, sentence in enumerate(sentences)
        if not _LATER.search(sentence)
        for clause in clauses(sentence)
    ]
    joined: list[Candidate] = []
    for candidate in _joined(cut):
        joined.append(candidate)
        if len(joined) == MOST_JOINED:
            break
    return [*cut, *joined]


def _joined(cut: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield lines of two clauses: what was done, then what leans on it, such as how it went."""
    for one in cut:
        text = one.text
        if (
            ";" in text
            or "aside" in one.clause.front
            or len(text.split()) > MOST_FIRST
            or not announces(text)
            or leans(text)
        ):
            continue
        for other in cut:
            apart = other.sentence - one.sentence
            if (
                0 < apart <= MOST_APART
                and len(text.split()) + len(other.text.split()) <= MOST_WORDS
                and _SECOND.match(other.text)
                and (apart == 1 or not _POINTING.match(other.text))
                and other.clause.front in {"", "that"}
                and ";" not in other.text
                and not places(other.text)
                and finite(other.text)
            ):
                line = _line(text, other.text)
                if len(line) > MAX_CHARACTERS:
                    continue
                yield Candidate(one.sentence, Clause(line, "join" + "+" * apart, other.clause.back))


def _line(one: str, other: str) -> str:
    """Return "We do this, and show that." or "This is done; it works." of two sentences."""
    one = one.rstrip(".")
    if one.startswith("We ") and _WE.match(other):
        return f"{one}, and {_WE.sub('', other)}"
    first = other.split(maxsplit=1)[0]
    named = any(c.isupper() for c in first[1:])
    return f"{one}; {other if named else other[0].lower() + other[1:]}"
