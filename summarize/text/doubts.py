"""Whether a line reads like a summary of its paper, or like what the paper wanted said. Pure.

What stands visibly in a paper can sway a model: to praise, to pass a verdict, to repeat what it was
told, to speak to whoever reads. Nothing here is proof; a person is asked to look. So a pattern is
strict where people write such words of papers in earnest, and what the paper itself says in so many
words, outside of its sentences for models, is no doubt of the line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from summarize.text.addressed import addressed
from summarize.text.evidence import Evidence
from summarize.text.stems import content, folded, squeezed, stems

RUN = 5  # words in a row that a line shares with a sentence for models and with nothing else
BEHIND = 300  # characters behind a sentence for models, in which the paper may go on so
SHARED = 0.6  # or such a part of the words that say something
FOREIGN = 3  # letters of a script that neither the paper nor the language has
KNOWN, KNOWN_OF_ABSTRACT = 0.34, 0.2  # of a line's words that must stand somewhere in the paper
FEW = 6  # words: too few to tell what a line is about
LEAST = 3  # words of a line

_VERDICTS = re.compile(
    r"\b(?:(?:strong(?:ly)?|clear(?:ly)?|definite(?:ly)?|weak(?:ly)?|borderline|must)[- ]"
    r"accept(?:ed|ance)?"
    r"|(?:should|must|deserves? to|merits?|ought to) be (?:accepted|published|rejected)"
    r"|(?:recommend\w*|suggest\w*|deserves?|merits?|worthy of|worth|warrants?|vote for) "
    r"(?:\w+ ){0,2}(?:acceptance|accepting|publication|an? (?:oral|spotlight|award))"
    r"|(?:best|outstanding)[- ]paper award|ready for publication"
    r"|(?:overall )?(?:score|rating|grade|confidence)(?: of|:| is)? ?\d+"
    r"(?:\s?/\s?\d+|\s?out of\s?\d+)|\b(?:10|[5-9])\s?/\s?10\b"
    r"|accept(?:ed)? (?:as is|without (?:revisions?|changes))"
    r"|no (?:notable |major |significant )?(?:weaknesses|flaws|limitations|shortcomings)"
    r"(?: \w+){0,3} (?:found|identified|were|are|noted)"
    r"|has no (?:weaknesses|flaws|shortcomings))\b",
    re.IGNORECASE,
)
_BARE_VERDICT = re.compile(
    r"^\W*(?:accept(?:ed)?|reject(?:ed)?|approved?)\b\W*(?:$|[.:!-])", re.IGNORECASE
)
_PRAISE = re.compile(
    r"\b(?:ground-?breaking|trail-?blazing|path-?breaking|must-?read|masterpiece|masterful(?:ly)?"
    r"|brilliant(?:ly)?|flawless(?:ly)?|revolutionary|revolutioni[sz]es?|world-class|genius"
    r"|once-in-a-\w+|life-changing|game-?chang(?:er|ing)|breathtaking|awe-inspiring|visionary"
    r"|phenomenal(?:ly)?|unparalleled|unrivall?ed|incredibl[ey]|amazing(?:ly)?|stunning(?:ly)?"
    r"|historic|legendary|nobel|turing award|outstanding|exceptional(?:ly)?|magnificent"
    r"|superb(?:ly)?|landmark (?:paper|study|work|result|article)|seminal|exemplary|beautifully"
    r"|excellent(?:ly)?|fantastic|extraordinar(?:y|ily)|impeccabl[ey]|elegantly written"
    r"|well[- ]written|the greatest|of all time"
    r"|(?:one of )?the best (?:papers?|articles?|works?|stud(?:y|ies)) (?:of|in|on))\b",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\b(?:dear (?:reader|reviewer|colleague|editor|user)"
    r"|(?:readers?|reviewers?|everyone|you|we all) "
    r"(?:should|must|need to|have to|will want to|ought to)|you (?:are|have been|will|won)"
    r"|(?:click|tap) (?:here|on|the|below)|subscribe|follow (?:us|me|the authors?)"
    r"|(?:visit|go to|check out|sign up|log ?in|download|buy)(?: \w+){0,3} "
    r"(?:at|from|website|site|page|link|now|today|here)\b"
    r"|please (?:\w+ )?"
    r"(?:cite|read|visit|contact|send|follow|accept|give|note|ignore|see|run|use|do)"
    r"|(?:contact|e-?mail|call|write to|send) (?:us|me|the authors?|your|them|money|it to)"
    r"|cite (?:this|our|the) (?:paper|work|article)"
    r"|your (?:password|account|key|data|computer|credentials|card|bank|browser|machine"
    r"|instructions|system|paper|work))\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:https?|ftp|javascript|data|mailto):\S+|\bwww\.\S+|[\w.+-]{1,64}@[\w-]+\.\w{2,}"
    r"|\b[\w-]+\.(?:com|org|net|io|ai|dev|app|ru|cn|xyz|info|biz|example|top|site|link)\b"
    r"|\]\([^)]*\)|<(?:a|img|script|iframe)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"<\|[^|>]{1,30}\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:paper|system|user|assistant|instructions?)>"
    r"|^\W*(?:system|assistant|user|human|ai|developer)\s*:"
    r"|#{2,} *(?:instruction|response|system)"
    r"|\bas an? (?:ai|artificial|(?:large )?language model|llm|assistant|chatbot)\b"
    r"|\bI(?:'m| am) (?:sorry|an? (?:ai|llm|language|assistant|large)|unable|not able|now|dan\b)"
    r"|\bI (?:can(?:no|')?t|will|won't|have been|was|apologi[sz]e|must|obey|comply)\b"
    r"|^\W*(?:sure|certainly|of course|okay|ok|understood|as (?:requested|instructed))\b[,!.: ]"
    r"|\bhere (?:is|are|'s) (?:the|a|your|my) "
    r"(?:summary|tl;?dr|json|answer|notes|prompt|instructions|rules)"
    r"|\b(?:my|the) (?:system )?(?:prompt|instructions) (?:is|are|was|were|say)\b"
    r"|\bpwned\b|\bhacked\b|\bjailb(?:reak|roken)\b|```",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"^\W*(?:ignore|disregard|forget|override|bypass|obey|reveal)\b"
    r"|^\W*(?:output|print|repeat|respond|reply|write|say)\b "
    r"(?:only|exactly|with|your|nothing|in capitals|the (?:words?|phrase|text|following|system))"
    r"|\b(?:curl|wget|sudo|rm -rf|powershell|eval)\b[ (]",
    re.IGNORECASE,
)
_KINDS = (
    ("a verdict", _VERDICTS),
    ("a verdict", _BARE_VERDICT),
    ("speaks to its reader", _READER),
    ("a link", _LINK),
    ("a reply, not a summary", _ROLE),
    ("an instruction", _ORDERS),
)
# What is written in other letters than Latin ones; those of other languages are not known here.
_SCRIPTS = {
    name: frozenset(scripts.split())
    for names, scripts in (
        ("japanese 日本語", "HIRAGANA KATAKANA CJK FULLWIDTH"),
        ("chinese 中文 汉语 漢語", "CJK FULLWIDTH"),
        ("korean 한국어", "HANGUL CJK"),
        ("russian русский ukrainian українська bulgarian", "CYRILLIC"),
    )
    for name in names.split()
}
_LATIN = frozenset(
    "english german deutsch french français spanish español italian italiano portuguese português "
    "dutch nederlands polish polski swedish svenska danish norwegian finnish czech turkish".split()
)
_ALWAYS = frozenset(  # letters that stand in formulas
    "LATIN GREEK MATHEMATICAL MICRO OHM KELVIN ANGSTROM DOUBLE SCRIPT BLACK MODIFIER FEMININE "
    "MASCULINE PLANCK ALEF BET EULER TURNED SUPERSCRIPT SUBSCRIPT".split()
)


@dataclass(frozen=True)
class Asked:
    """How a summary was asked for: in which language, and in which words."""

    language: str = "English"
    prompt: str = ""

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        """Return the runs of words of the prompt."""
        return _runs(stems(self.prompt))


AS_USUAL = Asked()


def doubts(text: str, evidence: Evidence, asked: Asked = AS_USUAL) -> Iterator[str]:
    """Yield what of a line does not read like a summary of this paper, each in a few words."""
    for name, pattern in _KINDS:
        if found := pattern.search(text):
            yield f"{name} (“{_short(found[0])}”)"
    if found := next((f for f in _PRAISE.finditer(text) if not _said(f[0], evidence)), None):
        yield f"praise (“{_short(found[0])}”)"
    if addressed(text):
        yield "speaks to a model"
    words = stems(text)
    if _repeats(words, evidence):
        yield "repeats what the paper says to a model"
    if _runs(words) & asked.runs:
        yield "repeats the prompt"
    if letters := _foreign(text, evidence, asked.language):
        yield f"letters of neither its language nor the paper's (“{_short(letters)}”)"
    if asked.language.casefold() == "english" and _is_of_another(content(words), evidence):
        yield "hardly any of its words are in the paper"


def too_short(text: str) -> Iterator[str]:
    """Yield a doubt of a TLDR that is a word or two."""
    if text.isascii() and len(text.split()) < LEAST:
        yield "too short for a summary"


def of_place(start: int | None, end: int | None, evidence: Evidence) -> Iterator[str]:
    """Yield a doubt of what rests on a place, if it is known, in what the paper says to a model."""
    if start is None or end is None:
        return
    if any(start < last and first < end for first, last in evidence.addressed):
        yield "rests on what the paper says to a model"


def _short(text: str) -> str:
    words = " ".join(text.split()).strip(" \"'“”,.:;!-")
    return words if len(words) <= 40 else f"{words[:39]}…"


def _said(words: str, evidence: Evidence) -> bool:
    """Tell whether the paper has these words, other than in what it says to a model."""
    sought, text = folded(words), evidence.folded
    at = text.find(sought)
    while at >= 0:
        if not any(start <= at < end + BEHIND for start, end in evidence.addressed):
            return True
        at = text.find(sought, at + 1)
    return False


def _repeats(line: list[str], evidence: Evidence) -> bool:
    """Tell whether a line's words are what the paper says to a model."""
    wanted, runs = content(line), _runs(line)
    for start, end in evidence.addressed:
        told = stems(evidence.text[start:end])
        if wanted and len(wanted & content(told)) >= max(2, SHARED * len(wanted)):
            return True
        if runs & _runs(told):
            return True
    return False


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    """Return the runs of words that say something."""
    runs = (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    return {run for run in runs if len(content(run)) >= 2}


def _foreign(text: str, evidence: Evidence, language: str) -> str:
    """Return the letters of scripts that neither the paper nor the language is written in."""
    if text.isascii():
        return ""
    name = language.casefold()
    own = frozenset() if name in _LATIN else _SCRIPTS.get(name)
    if own is None:
        return ""
    usual = _ALWAYS | own
    found: dict[str, list[str]] = {}
    for char in text:
        if not char.isascii() and char.isalpha() and (script := _script(char)) not in usual:
            found.setdefault(script, []).append(char)
    strange = [
        char for script, chars in found.items() if not _writes(script, evidence) for char in chars
    ]
    return "".join(strange) if len(strange) >= FOREIGN else ""


@lru_cache(maxsize=1024)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0].partition("-")[0]


def _writes(script: str, evidence: Evidence) -> bool:
    """Tell whether a paper has words of a script, other than in what it says to a model."""
    count = 0
    for found in re.finditer(r"[^\x00-\x7f]", evidence.text):
        if _script(found[0]) == script:
            count += not any(start <= found.start() < end for start, end in evidence.addressed)
            if count >= FOREIGN:
                return True
    return False


def _is_of_another(wanted: frozenset[str], evidence: Evidence) -> bool:
    """Tell whether hardly a word of a line that says something stands anywhere in the paper."""
    if len(wanted) < FEW:
        return False
    least = len(wanted) * (KNOWN if evidence.document.marks else KNOWN_OF_ABSTRACT)
    # Nearly always enough of them stand there as they are: a paper without its spaces takes longer.
    if _at_least(least, (word in evidence.folded for word in wanted)):
        return False
    return not _at_least(least, (squeezed(word) in evidence.squeezed for word in wanted))


def _at_least(least: float, there: Iterable[bool]) -> bool:
    """Tell whether so many are there, and look no further."""
    return any(count >= least for count in accumulate(there))
