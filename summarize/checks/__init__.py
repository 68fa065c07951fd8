"""What is amiss in a post before it is published. Pure.

To add a check: a function in one of the files, and its line in `CHECKS`.
"""

from collections.abc import Callable, Iterable, Iterator

from summarize.checks import entries, footnotes, links, markup, numbers
from summarize.checks.finding import Finding, Sheet

CHECKS: dict[str, Callable[[Sheet], Iterable[Finding]]] = {
    "front-matter": markup.front_matter,
    "details": markup.details,
    "template": markup.template,
    "math": markup.math,
    "table": markup.table,
    "html": markup.html_left_out,
    "footnote": footnotes.footnotes,
    "link": links.broken,
    "duplicate": links.duplicates,
    "alt": links.without_words,
    "take": entries.without_take,
    "todo": entries.open_todos,
    "doubt": entries.doubtful,
    "placeholder": entries.placeholders,
    "offer": entries.open_offers,
    "number": numbers.unknown,
}


def findings(sheet: Sheet) -> Iterator[Finding]:
    """Yield all that is amiss, in the order of the post's lines."""
    found = [finding for check in CHECKS.values() for finding in check(sheet)]
    yield from sorted(found, key=lambda finding: finding.line)


__all__ = ["CHECKS", "Finding", "Sheet", "findings"]
