"""A numbered entry of a post <-> its parts, as every format of Markdown has them."""

import re

from summarize.posts.written import Item, Part, PartName

# A title is a link, or words in bold. An address may hold brackets in pairs, and words behind it.
_START = re.compile(
    r"(?P<number>\d{1,9}[.)][ \t]+)"
    r"(?P<star>(?:⭐\ufe0f?[ \t]*)+)?"
    r"(?P<title>"
    r"\[(?:\\.|[^\\\n])*?\]\((?:[^()\s]|\([^()\s]*\))*(?:[ \t]+\"[^\"\n]*\")?\)"
    r"|\*\*(?:\\.|[^\\\n])*?\*\*(?!\*)"
    r")"
)
# Each begins with a letter outside of its name's group, so that only those places are tried.
_PARTS = re.compile(
    r"\n(?P<blank>[ \t\r]*\n)"
    r"|<(?P<notes>details>\s*<summary>(?:<div[^>]*>)?Extra notes(?:</div>)?</summary>.*?</details>)"
    r"|<(?P<figure>div><figure\b(?:(?!</figure>).)*</figure></div>|figure\b[^>]*>.*?</figure>)"
    r"|<(?P<todo>!--\s*\*\*TODO:\*\*.*?-->)"
    r"|<(?P<check>!--\s*\*\*CHECK:\*\*.*?-->)"
    r"|<(?P<offer>!-- roundup offers for the .*?-->)"
    r"|<(?P<comment>!--.*?-->)",
    re.DOTALL,
)
INDENT = "    "


def is_item(text: str) -> bool:
    """Tell whether a line, or a run of them, begins a numbered entry."""
    return text[:1].isdigit() and _START.match(text) is not None


def item(text: str, gap: str = "\n\n") -> Item:
    """Cut an entry into its parts. Raises `ValueError` for what is none."""
    start = _START.match(text)
    if start is None:
        raise ValueError("not a numbered entry with a title")
    head: list[tuple[PartName, str | None]] = [
        ("number", start["number"]),
        ("star", start["star"]),
        ("title", start["title"]),
    ]
    parts = [Part(name, words) for name, words in head if words]
    parts += _body(text[start.end() :])
    return Item(tuple(parts), gap)


def _body(text: str) -> list[Part]:
    """Cut what follows the title: a line up to the first thing with a name, and the rest."""
    parts: list[Part] = []
    at, in_line = 0, True

    def rest(end: int) -> None:
        if end > at:
            parts.append(Part("line" if in_line else "", text[at:end]))

    seen: set[str] = set()
    for found in _PARTS.finditer(text):
        name = str(found.lastgroup)
        if name == "comment" or name in seen:
            continue
        if name == "blank":
            if in_line:
                rest(found.start())
                at, in_line = found.start(), False
            continue
        start = _with_space(text, at, found.start())
        rest(start)
        parts.append(Part(name, text[start : found.end()]))  # type: ignore[arg-type]
        at, in_line = found.end(), False
        if name != "offer":
            seen.add(name)
    rest(len(text))
    return parts


def _with_space(text: str, least: int, at: int) -> int:
    """Return where the white space before a place begins, with one line end at most."""
    before = text[least:at].rstrip(" \t")
    if before.endswith("\n"):
        before = before[:-1].removesuffix("\r").rstrip(" \t")
    return least + len(before)


def offer(field: str, words: str) -> str:
    """Return a comment that offers a newer text for a field where the person's own stays."""
    words = " ".join(words.split()).replace("-->", "--&gt;").replace("--!>", "--!&gt;")
    return f"<!-- roundup offers for the {field}: {words.replace('|', '&#124;')} -->"
