"""What of the entries, and of the words around them, is still open."""

import re
from collections.abc import Iterator

from summarize.checks.finding import Finding, Sheet
from summarize.posts.compose import ODD
from summarize.posts.written import Item

_TODO = re.compile(r"<!--\s*\*\*(?P<what>TODO|CHECK):\*\*\s*(?P<words>.*?)\s*-->", re.DOTALL)
_PLACE = re.compile(r"<!--\s*(?P<words>YOUR WORDS:.*?)\s*-->", re.DOTALL)
_LEFT = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b|(?i:\blorem ipsum\b)|\(no title\)")
_OFFER = re.compile(r"<!-- roundup offers for the (?P<what>[^:]*):|^# roundup offers: ", re.M)


def without_take(sheet: Sheet) -> Iterator[Finding]:
    """Find entries that say nothing of their paper."""
    for at, block in sheet.blocks():
        if not isinstance(block, Item):
            continue
        line, title = block.field("line"), block.title[:60]
        said = re.sub(r"<!--.*?-->", "", line, flags=re.DOTALL).strip()
        if said.startswith("*Not summarized:"):
            yield Finding(
                sheet.line(at), "take", f"not summarized: {title}",
                "write a line, or draft again: the entry says why it failed",
            )  # fmt: skip
        elif not said:
            yield Finding(
                sheet.line(at), "take", f"nothing is said of it: {title}",
                "write a line behind the title, or take the entry out",
            )  # fmt: skip


def open_todos(sheet: Sheet) -> Iterator[Finding]:
    """Find TODOs, and words that were marked to be checked."""
    for found in _TODO.finditer(sheet.text):
        words = " ".join(found["words"].partition(ODD)[0].split()).rstrip("; ")[:80]
        do = "do it" if found["what"] == "TODO" else "look it up (roundup evidence), correct it"
        if words:
            yield Finding(
                sheet.line(found.start()), "todo", f"{found['what']}: {words}",
                f"{do}, then take the comment out",
            )  # fmt: skip


def doubtful(sheet: Sheet) -> Iterator[Finding]:
    """Find lines that were marked since they do not read like a summary of their paper."""
    for found in _TODO.finditer(sheet.text):
        _, marked, why = found["words"].partition(ODD)
        if marked:
            yield Finding(
                sheet.line(found.start()), "doubt", f"{ODD}{' '.join(why.split())[:120]}",
                "see whether the paper told the model what to say (roundup evidence), correct it, "
                "then take the comment out",
            )  # fmt: skip


def placeholders(sheet: Sheet) -> Iterator[Finding]:
    """Find places for words that nobody filled, and words that were to be replaced."""
    for found in _PLACE.finditer(sheet.text):
        says = f"a place for your words: {' '.join(found['words'].split())[12:80]}"
        yield Finding(
            sheet.line(found.start()), "placeholder", says, "write there, or take the comment out"
        )
    for found in _LEFT.finditer(sheet.shown):
        yield Finding(
            sheet.line(found.start()), "placeholder", f"left over, for all to read: {found[0]}",
            "write what belongs there",
        )  # fmt: skip


def open_offers(sheet: Sheet) -> Iterator[Finding]:
    """Find newer texts that were offered beside the person's own."""
    for found in _OFFER.finditer(sheet.text):
        what = f"a newer {found['what'] or 'value'} is offered"
        yield Finding(sheet.line(found.start()), "offer", what, "take it, or take the comment out")
