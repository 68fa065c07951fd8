"""Words without their inflection, and texts without what does not count when they are compared."""

import re
from collections.abc import Iterable
from functools import lru_cache

_OTHERS = re.compile(r"[\W_]+")
_PLAIN_OTHERS = bytes(code for code in range(0x80) if not chr(code).isalnum())
WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*%?")
_STOP = frozenset(
    "the a an of and or to in on for with by from as at is are was were be been being this that "
    "these those it its we our us they them their which who whose such than then thus can could "
    "may might will would also both each other more most some any all into over under between "
    "through during has have had do does did when where while how what if so but however there "
    "very using via based i e g s t al et here show shows paper propose present".split()
)
NEGATIONS = frozenset(
    "not no never cannot neither nor without fails fail failed unable hardly barely none nothing "
    "isn't aren't doesn't don't didn't won't wasn't weren't can't couldn't".split()
)


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word in lower case without its inflection, roughly."""
    word = word.lower()
    for ending in ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "es", "ed", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order."""
    return [stem(m[0]) for m in WORD.finditer(text)]


def content(words: Iterable[str]) -> frozenset[str]:
    """Return those words that say something."""
    return frozenset(words) - _STOPPED


_STOPPED = frozenset(stem(word) for word in _STOP)


def folded(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.replace("ς", "σ")  # which of the two it becomes depends on what follows


def squeezed(text: str) -> str:
    """Return the letters and digits of a text."""
    # What is plain ASCII, as nearly all is, goes by its bytes: ten times as fast.
    kept = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN_OTHERS)
    if kept.isascii():
        return kept.decode("ascii")
    return _OTHERS.sub("", kept.decode("utf-8", "surrogatepass"))
