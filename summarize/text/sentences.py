"""Text -> sentences, where "Fig. 3", "et al. (2014)" and "e.g. this" end none."""

import re
from collections.abc import Iterator

from summarize.records import Document, Passage

_END = re.compile(
    r"([.!?][\"'”’)\]]{0,2})\s+(?=[\"'“‘(\[]?(?:[A-Z0-9Α-ΩÀ-ÝА-Я]|[a-z]{1,4}[A-Z]{2}))"
)
_ABBREVIATIONS = frozenset(
    f"{word}."
    for word in "cf vs etc al resp approx ca viz fig figs eq eqs eqn "
    "sec secs ch tab alg thm def prop lem cor ref refs app no nos vol pp p dr mr mrs ms prof st jr "
    "sr inc ltd co univ dept ed eds jan feb mar apr jun jul aug sep oct nov dec".split()
)
_LONG = 1 + max(map(len, _ABBREVIATIONS))  # of so long a word no end is that of a shortened one
_JOINED = re.compile(r"[^\w.]+")  # what may stand before an abbreviation without a space


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the `[start, end)` of each sentence in the text."""
    start = 0
    for found in _END.finditer(text):
        end = found.end(1)
        is_long = end >= _LONG and text[end - _LONG : end - 1].isalpha()  # as half of them are
        if text[end - 1] == "." and not is_long and _abbreviated(text[max(start, end - 12) : end]):
            continue
        yield start, end
        start = found.end()
    if text[start:].strip():
        yield start, len(text.rstrip())


def _abbreviated(tail: str) -> bool:
    """Tell whether the full stop at the end of a sentence so far is that of a shortened word.

    An initial is one, "i.e." and its like are, and so is the number that a list's item begins with.
    """
    before, letter = tail[-3:-2], tail[-2:-1]
    if not before.isalnum() and (letter.isupper() or (before == "." and letter.isalpha())):
        return True
    if len(tail) <= 3 and tail[:-1].isdigit():
        return True
    word = tail.rsplit(maxsplit=1)[-1].lower()
    return word in _ABBREVIATIONS or (
        not word[:-1].isalpha() and _JOINED.split(word)[-1] in _ABBREVIATIONS
    )


def passages(document: Document, kinds: frozenset[str] | None = None) -> Iterator[Passage]:
    """Yield the document's sentences with their pages, from sections of these kinds."""
    from summarize.text.tidy import one_line  # its patterns, which nothing else here needs

    for section in document.sections:
        if kinds is not None and section.kind not in kinds:
            continue
        stretch = document.text[section.start : section.end]
        for start, end in sentences(stretch):
            # Thousands a paper, of values that are known to be right: not validated one by one.
            yield Passage.model_construct(
                text=one_line(stretch[start:end]),
                page=document.page_at(section.start + start),
                kind=section.kind,
            )
