"""Numbers that an entry says and its paper does not."""

import re
from collections.abc import Iterator

from summarize.checks.finding import Finding, Sheet
from summarize.merge import identity
from summarize.posts.written import Item, unescaped

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,])\d+(?:\.\d+)?(?!\w)")
_IN_TEXT = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_ASIDE = re.compile(
    r"\(\[?(?:<a [^>]*>)?p\. \d+.*?\)(?:\))?|\]\([^)]*\)|https?://\S+|<[^>]*>|&#?\w+;"
    r"|\d+ of \d+ pages"
)
_WORDS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        range(1, 13),
        strict=True,
    )
)
_YEARS = range(1950, 2100)  # a person says when something was, and papers often don't


def unknown(sheet: Sheet) -> Iterator[Finding]:
    """Find numbers of an entry's line and notes that stand nowhere in its paper."""
    for at, block in sheet.blocks():
        text = sheet.texts.get(identity(block), "") if isinstance(block, Item) else ""
        if not isinstance(block, Item) or not text:
            continue
        known = _known(f"{text} {block.title}")
        offset = at
        for part in block.parts:
            if part.name in {"line", "notes"}:
                words = _ASIDE.sub(lambda found: " " * len(found[0]), part.text)
                for found in _NUMBER.finditer(words):
                    if not _is_known(found[0], known):
                        yield Finding(
                            sheet.line(offset + found.start()), "number",
                            f"the paper does not say {found[0]}: {unescaped(block.title)[:50]}",
                            "look it up (roundup evidence), and correct it",
                        )  # fmt: skip
            offset += len(part.text)


def _known(text: str) -> frozenset[float]:
    """Return the numbers of a text, those in words too."""
    said = {float(found.replace(",", "")) for found in _IN_TEXT.findall(text)}
    words = {*re.findall(r"[a-z]+", text.lower())} & _WORDS.keys()
    return frozenset(said | {float(_WORDS[word]) for word in words})


def _is_known(number: str, known: frozenset[float]) -> bool:
    """Tell whether a number is one of these, as it is or as a share of a hundred."""
    value = float(number.replace(",", ""))
    if value in _YEARS and "." not in number:
        return True
    return any(round(v, 9) in known for v in (value, value / 100, value * 100))
