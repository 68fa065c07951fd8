"""Which papers a post has, and which of a list's it should have. Pure."""

import html
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from urllib.parse import urlsplit

from summarize.merge import identity, named
from summarize.posts import Format, escape
from summarize.posts.written import Item, Written
from summarize.records import Entry, Event, Paper
from summarize.revise.versions import Before, Result
from summarize.sources import key
from summarize.state import State
from summarize.text.slug import slug


def asked(before: Before, form: Format) -> list[Paper]:
    """Return the papers of a post; of one that is gone, those that it should have."""
    if before.text is not None:
        return papers(form.parse(before.text), before.state)
    return papers(without(form.parse(before.state.text), {*before.state.dropped}), before.state)


def papers(written: Written, state: State) -> list[Paper]:
    """Return the papers among the entries of a post: those its list named, and those of a site.

    An entry whose address says nothing of a paper (a workshop's page, a social) is none.
    """
    found: dict[str, Paper] = {}
    for entry in written.items:
        name = identity(entry)
        known = state.papers.get(name)
        if known is not None:
            found.setdefault(name, known.paper)
        elif (identifier := key([entry.url])) or _is_pdf(entry.url):
            its_key = identifier or slug(entry.title)
            found.setdefault(name, Paper(key=its_key, title=entry.title, url=entry.url))
    return list(found.values())


def _is_pdf(address: str) -> bool:
    try:
        return urlsplit(address).path.endswith(".pdf")
    except ValueError:  # `//[`, which a person may have written
        return False


def shares_none(text: str, entries: Iterable[Entry], form: Format) -> bool:
    """Tell whether a text holds no entry of these: then it is no post of theirs."""
    here = names(form.parse(text))
    return not any(name_of(entry) in here for entry in entries)


def wanted(entries: Sequence[Entry], before: Before, form: Format) -> Sequence[Entry]:
    """Return the entries of a list without those that the person took out of its post."""
    out = _taken_out(before, form)
    return [entry for entry in entries if name_of(entry) not in out] if out else entries


def unwanted(entries: Sequence[Entry], before: Before, form: Format) -> list[Entry]:
    """Return the entries of a list that `wanted` leaves out."""
    out = _taken_out(before, form)
    return [entry for entry in entries if name_of(entry) in out] if out else []


def _taken_out(before: Before, form: Format) -> set[str]:
    if not before.is_touched:
        return set()
    here = names(form.parse(before.text or ""))
    return (names(form.parse(before.state.text)) | {*before.state.dropped}) - here


def names(written: Written) -> set[str]:
    """Return the identities of a post's entries."""
    return {identity(entry) for entry in written.items}


def without(written: Written, out: Set[str]) -> Written:
    """Return a post without the entries of these identities."""
    kept = (b for b in written.blocks if not (isinstance(b, Item) and identity(b) in out))
    return replace(written, blocks=tuple(kept)) if out else written


def name_of(entry: Entry) -> str:
    """Return the identity that an entry of a list has in its post."""
    url = html.unescape(escape.url(entry.url))
    return named(url, escape.plain(entry.title or entry.url) or "(no title)")


def entry_of(result: Result) -> Entry:
    """Return the entry of a list that a result is of."""
    return result if isinstance(result, Event) else result.paper
