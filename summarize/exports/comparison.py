"""A comparison as Markdown, as lines for a terminal, and as one self-contained HTML page."""

import html
import textwrap
from collections.abc import Iterator, Sequence

from summarize.compare import Column, marked, totals
from summarize.posts import escape
from summarize.records import Claim, Done, Note, Outcome

_WIDEST = 72  # columns of a terminal, for one summary
_STYLE = """
:root { color-scheme: light dark; --edge: #8884; --soft: #6b7280; --mark: #fde68a; --ok: #15803d;
  --no: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --soft: #9ca3af; --mark: #713f12; --ok: #4ade80;
  --no: #f87171; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; text-wrap: balance; }
h3 { font-size: .95rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .5rem 0; }
.soft { color: var(--soft); font-size: .85rem; }
.row { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.card { border: 1px solid var(--edge); border-radius: .5rem; padding: .9rem 1rem; min-width: 0; }
.tldr { font-size: 1.05rem; overflow-wrap: anywhere; }
mark { background: var(--mark); color: inherit; border-radius: .2rem; padding: 0 .1em; }
ul { list-style: none; margin: .75rem 0 0; padding: 0; border-top: 1px solid var(--edge); }
li { margin-top: .6rem; overflow-wrap: anywhere; }
li b { text-transform: capitalize; }
blockquote { margin: .15rem 0 0; padding-left: .7rem; border-left: 2px solid var(--edge);
  color: var(--soft); font-size: .85rem; }
.found { color: var(--ok); }
.missing { color: var(--no); }
li .found, li .missing { font-size: .8rem; white-space: nowrap; }
"""


def page(columns: Sequence[Column], title: str) -> str:
    """Return the comparison as one HTML page that needs nothing but itself."""
    body = "\n".join(_rows(columns))
    heads = "\n".join(
        f'<div class="card"><h3>{_text(c.name)}</h3><p class="soft">{_text(totals(c))}</p></div>'
        for c in columns
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{_text(title)}</h1>\n<p class="soft">Words that the first column does not have are '
        "<mark>marked</mark>, and in the first those that the second does not have, wherever two "
        "summaries are alike enough.</p>\n"
        f'<div class="row">{heads}</div>\n{body}\n</body>\n</html>\n'
    )


def _rows(columns: Sequence[Column]) -> Iterator[str]:
    for outcomes in zip(*(column.outcomes for column in columns), strict=True):
        cards = "\n".join(
            f'<div class="card"><h3 class="soft">{_text(column.name)}</h3>'
            f"{_card(outcome, _other(outcomes, at))}</div>"
            for at, (column, outcome) in enumerate(zip(columns, outcomes, strict=True))
        )
        yield f'<h2>{_text(outcomes[0].paper.name)}</h2>\n<div class="row">{cards}</div>'


def _other(outcomes: Sequence[Outcome], at: int) -> Outcome:
    """Return what one of several is compared with: the first, or for the first the second."""
    return outcomes[0] if at else outcomes[min(1, len(outcomes) - 1)]


def _card(outcome: Outcome, other: Outcome) -> str:
    if not isinstance(outcome, Done):
        return f'<p class="missing">Not summarized: {_text(outcome.reason)}</p>'
    tldr = outcome.grounded.summary.tldr
    words = "".join(
        f"<mark>{_text(part)}</mark>" if differs else _text(part)
        for differs, part in marked(tldr, _tldr(other) or tldr)
    )
    notes = "".join(_note(note, claim) for note, claim in _notes(outcome))
    return f'<p class="tldr">{words}</p>' + (f"<ul>{notes}</ul>" if notes else "")


def _note(note: Note, claim: Claim) -> str:
    where = f"quote found on p. {claim.page}" if claim.page else "quote found"
    sign = (
        f'<span class="found">✓ {where}</span>'
        if claim.supported
        else '<span class="missing">✗ quote not found in the text</span>'
    )
    quote = f"<blockquote>{_text(note.quote)}</blockquote>" if note.quote else ""
    return f"<li><b>{note.kind}:</b> {_text(note.text)} {sign}{quote}</li>"


def _notes(outcome: Done) -> list[tuple[Note, Claim]]:
    return list(zip(outcome.grounded.summary.notes, outcome.grounded.claims, strict=True))


def _tldr(outcome: Outcome) -> str:
    return outcome.grounded.summary.tldr if isinstance(outcome, Done) else ""


def _text(words: str) -> str:
    """Escape plain words, white space at their ends and all."""
    return html.escape(escape.seen(words))


def markdown(columns: Sequence[Column], title: str) -> str:
    """Return the comparison as Markdown, the words that differ in bold."""
    lines = [f"# {escape.markdown(title)}", ""]
    lines += [f"- **{escape.markdown(c.name)}:** {escape.markdown(totals(c))}" for c in columns]
    for outcomes in zip(*(column.outcomes for column in columns), strict=True):
        lines += ["", f"## {escape.markdown(outcomes[0].paper.name)}"]
        for at, (column, outcome) in enumerate(zip(columns, outcomes, strict=True)):
            lines += ["", f"### {escape.markdown(column.name)}", ""]
            lines += _in_markdown(outcome, _other(outcomes, at))
    return "\n".join(lines) + "\n"


def _in_markdown(outcome: Outcome, other: Outcome) -> Iterator[str]:
    if not isinstance(outcome, Done):
        yield f"*Not summarized: {escape.markdown(outcome.reason)}.*"
        return
    tldr = outcome.grounded.summary.tldr
    yield "".join(_bold(differs, part) for differs, part in marked(tldr, _tldr(other) or tldr))
    notes = _notes(outcome)
    if notes:
        yield ""
    for note, claim in notes:
        where = f"p. {claim.page}" if claim.page else "found"
        sign = where if claim.supported else "not found in the text"
        yield f"- {note.kind.capitalize()}: {escape.markdown(note.text)} ({sign})"


def _bold(differs: bool, part: str) -> str:
    words = part.strip()
    if not words:
        return part
    said = escape.markdown(words)
    before, after = part[: part.index(words[0])], part[len(part.rstrip()) :]
    return f"{before}**{said}**{after}" if differs else f"{before}{said}{after}"


def lines(columns: Sequence[Column], width: int, *, colour: bool) -> Iterator[str]:
    """Yield the comparison for a terminal of this width: side by side where there is room."""
    across = max(1, (width + 3) // (len(columns) and 3 + 36))
    across = len(columns) if len(columns) <= across else 1
    wide = min(_WIDEST, (width - 3 * (across - 1)) // across)
    for column in columns:
        yield f"{column.name}: {totals(column)}"
    for outcomes in zip(*(column.outcomes for column in columns), strict=True):
        yield ""
        yield from textwrap.wrap(f"# {escape.seen(outcomes[0].paper.name)}", width)
        cells = [
            _cell(column.name, outcome, _other(outcomes, at), wide, colour=colour)
            for at, (column, outcome) in enumerate(zip(columns, outcomes, strict=True))
        ]
        if across == 1:
            for cell in cells:
                yield from (line for line, _ in cell)
                yield ""
            continue
        for at in range(max(map(len, cells))):
            row = [cell[at] if at < len(cell) else ("", 0) for cell in cells]
            yield " | ".join(line + " " * (wide - length) for line, length in row).rstrip()


def _cell(
    name: str, outcome: Outcome, other: Outcome, width: int, *, colour: bool
) -> list[tuple[str, int]]:
    """Return the lines of a summary, each with how wide it is to the eye."""
    rows = [(line, len(line)) for line in textwrap.wrap(f"[{name}]", width)]
    if not isinstance(outcome, Done):
        said = f"Not summarized: {escape.seen(outcome.reason)}"
        return rows + [(line, len(line)) for line in textwrap.wrap(said, width)]
    tldr = outcome.grounded.summary.tldr
    rows += _wrapped(marked(tldr, _tldr(other) or tldr), width, colour=colour)
    for note, claim in _notes(outcome):
        where = f" (p. {claim.page})" if claim.page else ""
        sign = where if claim.supported else " (not found)"
        said = f"- {note.kind.capitalize()}: {escape.seen(note.text)}{sign}"
        rows += [(line, len(line)) for line in textwrap.wrap(said, width, subsequent_indent="  ")]
    return rows


def _wrapped(
    parts: Sequence[tuple[bool, str]], width: int, *, colour: bool
) -> list[tuple[str, int]]:
    """Wrap a text whose differing words are underlined, or set in stars without colour."""
    rows: list[tuple[str, int]] = []
    line, length = "", 0
    for differs, part in parts:
        for word in escape.seen(part).split():
            plain = f"*{word}*" if differs and not colour else word
            shown = f"\x1b[1;4m{word}\x1b[0m" if differs and colour else plain
            if length and length + 1 + len(plain) > width:
                rows.append((line, length))
                line, length = "", 0
            line, length = (
                (f"{line} {shown}", length + 1 + len(plain)) if length else (shown, len(plain))
            )
    return [*rows, (line, length)] if length else rows
