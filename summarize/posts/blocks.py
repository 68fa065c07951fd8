"""Text -> a Written post: front matter, headings, numbered entries, and whatever else is there.

An entry begins with a number at the margin and a title in bold or a link, and goes on as Markdown
has it: over lines that follow at once, and over indented ones after a blank. Nothing inside a
comment or a code block begins anything.
"""

import bisect
import itertools
import re
from collections.abc import Iterator

from summarize.posts import toml
from summarize.posts.front import cut
from summarize.posts.items import is_item, item
from summarize.posts.written import Block, Field, Heading, Text, Written

_FENCE = re.compile(r"[ \t]*(?P<mark>`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_ENDS_ITEM = re.compile(
    r"#{1,6}[ \t]|\d{1,9}[.)][ \t]|[-*+][ \t]|(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$"
)
_INDENTED = re.compile(r" {2}|\t| \t")
_FENCES = {"---": ("---", "..."), toml.FENCE: (toml.FENCE,)}
_FIELD = re.compile(r"(?P<name>[\w-]+)[ \t]*:")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def parse(text: str) -> Written:
    """Cut a post into its pieces. Whatever the text, its pieces are all of it, in order."""
    front_, at = front(text)
    return Written(front_, tuple(_blocks(text[at:])))


def front(text: str) -> tuple[tuple[Field, ...], int]:
    """Return the fields of the front matter, YAML or TOML, and where it ends."""
    lines = text.split("\n")
    closing = _FENCES.get(lines[0].rstrip(), ())
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in closing), 0)
    if not end:
        return (), 0
    close = end + 1
    while close < len(lines) - 1 and not lines[close].strip():
        close += 1  # the blank lines below are the fence's
    opening = Field("", lines[0] + "\n")
    inside = lines[1:end]
    named = toml.cut(inside) if toml.is_toml([opening]) else cut(inside, _FIELD)
    fields = [opening, *named]
    fence = "\n".join(lines[end:close]) + ("\n" if close < len(lines) else "")
    fields.append(Field("", fence))
    return tuple(fields), sum(len(field.text) for field in fields)


def _blocks(text: str) -> Iterator[Block]:
    lines = text.split("\n")
    held = _held(lines)
    at, count = 0, len(lines)
    if text and _is_blank(lines[0]):
        at = _past_blanks(lines, 0)
        yield Text("", "\n".join(lines[:at]) + ("\n" if at < count else ""))
    while at < count and (at < count - 1 or lines[at]):
        end = _end(lines, held, at)
        after = _past_blanks(lines, end)
        body = "\n".join(lines[at:end])
        gap = "\n" + "\n".join(lines[end:after]) + "\n" if after > end else "\n"
        if after >= count:  # what follows the last line end is not a line
            gap = "\n" + "\n".join(lines[end:after]) if after > end else ""
        yield _block(body, gap)
        at = after


def _block(body: str, gap: str) -> Block:
    if is_item(body):
        return item(body, gap)
    return Heading(body, gap) if _HEADING.match(body) and "\n" not in body else Text(body, gap)


def _end(lines: list[str], held: list[int], at: int) -> int:
    """Return the line after the block that begins at this one."""
    if _HEADING.match(lines[at]) and held[at] == at:
        return at + 1
    in_item = is_item(lines[at])
    here = held[at] + 1
    while here < len(lines):
        line = lines[here]
        if _is_blank(line):
            following = _past_blanks(lines, here)
            goes_on = in_item and following < len(lines) and bool(_INDENTED.match(lines[following]))
            if not goes_on:
                return here
            here = following
        elif _HEADING.match(line) or is_item(line) or (in_item and _ENDS_ITEM.match(line)):
            return here
        here = held[here] + 1
    return len(lines)


def _held(lines: list[str]) -> list[int]:
    """Return for each line the last one that a comment or a code block beginning on it holds."""
    held = list(range(len(lines)))
    code, comments = _code(lines), _comments(lines)
    at = 0
    while at < len(lines):
        end = code.get(at, at)
        if end == at:
            while end in comments:  # where one is closed, another may begin
                end = comments[end]
        held[at] = end
        at = end + 1
    return held


def _code(lines: list[str]) -> dict[int, int]:
    """Return from which line to which each code block goes. One that is never closed is none."""
    spans: dict[int, int] = {}
    opened, mark = -1, ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if not found:
            continue
        if opened < 0:
            opened, mark = at, found["mark"]
        elif found["mark"].startswith(mark) and not line.strip().strip(mark[0]):
            spans[opened] = at
            opened = -1
    return spans


def _comments(lines: list[str]) -> dict[int, int]:
    """Return from which line to which each comment of several lines goes."""
    text = "\n".join(lines)
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    spans: dict[int, int] = {}
    for found in _COMMENT.finditer(text, 0, text.rfind("-->") + 3):
        first = bisect.bisect_right(starts, found.start()) - 1
        last = bisect.bisect_right(starts, found.end() - 1) - 1
        if last > first:
            spans[first] = last
    return spans


def _past_blanks(lines: list[str], at: int) -> int:
    while at < len(lines) and _is_blank(lines[at]):
        at += 1
    return at


def _is_blank(line: str) -> bool:
    return not line.strip(" \t\r")
