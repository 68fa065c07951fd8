"""Footnotes that lead nowhere, or that nothing leads to."""

import re
from collections.abc import Iterator

from summarize.checks.finding import Finding, Sheet

# Below an entry a footnote is indented as the entry's text is; `[^a-z]+` is no footnote.
_NOTE = re.compile(
    r"(?P<start>^(?:>[ \t]?|[ \t])*)?\[\^(?P<name>[^\]\s]+)\](?![+*?{])(?P<colon>:)?", re.MULTILINE
)


def footnotes(sheet: Sheet) -> Iterator[Finding]:
    """Find references without a footnote, which are shown as text, and footnotes without one."""
    if sheet.name == "wordpress":  # block markup has footnotes of its own
        return
    references, notes = dict[str, int](), dict[str, int]()
    for found in _NOTE.finditer(sheet.shown):
        is_note = found["start"] is not None and found["colon"]
        (notes if is_note else references).setdefault(found["name"], sheet.line(found.start()))
    for name, line in references.items():
        if name not in notes:
            says = f"there is no footnote [^{name}]: it is shown as text"
            yield Finding(
                line, "footnote", says, f"write one, on a line of its own: [^{name}]: ..."
            )
    for name, line in notes.items():
        if name not in references:
            says = f"nothing leads to the footnote [^{name}], and no reader sees it"
            yield Finding(line, "footnote", says, "put its mark where it belongs, or take it out")
    read = [line for name, line in references.items() if name in notes]
    if read and not sheet.knows_footnotes:
        yield Finding(
            min(read), "footnote", f"the site's {sheet.name} shows footnotes as text",
            "in its configuration: markdown_extensions: [footnotes]",
        )  # fmt: skip
