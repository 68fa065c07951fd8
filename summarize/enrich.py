"""What catalogs know of the papers of a list, asked in turn and put together.

Each catalog is asked only about papers of which something is lacking that it may give: by an
identifier, where one is known, else by the title. What one says (an arXiv id) helps to ask the
next. A paper that is found by a title is taken where `matching` is sure; one that is found by an
identifier, unless its title has hardly a word of the list's: then an address is mistaken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from summarize import sources
from summarize.catalogs import CATALOGS, IDENTIFIERS, Catalog, Found, Identifier
from summarize.errors import FetchError
from summarize.lookup import Lookup
from summarize.matching import related
from summarize.records import Paper
from summarize.sources import arxiv, doi, huggingface, openreview
from summarize.web import HostDown

FIELDS = ("title", "authors", "abstract", "venue", "published", "code", "arxiv", "author_tldr")
_CALLED = {"author_tldr": "tldr"}  # where a field has another name among what was found
_TRUST = {catalog.name: catalog.trust for catalog in CATALOGS}


class Listener(Protocol):
    """Hears how the asking goes."""

    def asking(self, catalog: str, papers: int) -> None:
        """A catalog is going to be asked about so many papers."""

    def through(self, papers: int) -> None:
        """It has been, about so many more."""

    def notice(self, text: str) -> None:
        """Something the person should know, in one line."""


@dataclass(frozen=True)
class Value:
    """What goes into a cell, who says so, and whether they were asked by the title."""

    text: str
    catalog: str
    by_title: bool


@dataclass
class Entry:
    """A paper of the list, what it lacks, and what was found of it so far.

    `identifiers` grow with what is found. `problems` say why something could not be had.
    """

    paper: Paper
    lacking: frozenset[str]
    identifiers: dict[str, str] = field(default_factory=dict)
    found: list[tuple[Found, bool]] = field(default_factory=list)  # and whether by its title
    problems: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The list's title, else that of the catalog that is trusted most."""
        return self.paper.title or next((f.title for f, _ in self._best() if f.title), "")

    @property
    def authors(self) -> Sequence[str]:
        """The list's authors, else the catalogs'."""
        return self.paper.authors or next((f.authors for f, _ in self._best() if f.authors), ())

    def values(self) -> dict[str, Value]:
        """Return what was found of what is lacking, by field."""
        values: dict[str, Value] = {}
        for name in FIELDS if self.found else ():
            said = ((_text(found, name), found, how) for found, how in self._best())
            text, found, how = next((one for one in said if one[0]), ("", None, False))
            if name in self.lacking and found:
                values[name] = Value(text, found.catalog, how)
        return values

    def still_lacks(self, catalog: Catalog, *, besides: str = "") -> bool:
        """Tell whether the catalog may give something, `besides` this, that nobody has given."""
        if any(found.catalog == catalog.unless for found, _ in self.found if catalog.unless):
            return False
        wanted = self.lacking - self.values().keys() - {besides}
        return bool({_CALLED.get(name, name) for name in wanted} & catalog.gives)

    def identifier(self, catalog: Catalog) -> Identifier | None:
        """Return the name that the catalog knows the paper by, if it has one."""
        kinds = (kind for kind in catalog.knows if kind in self.identifiers)
        return next((Identifier(kind, self.identifiers[kind]) for kind in kinds), None)

    def take(self, found: Found, *, by_title: bool) -> None:
        """Take what was found, unless it is another paper's."""
        if not by_title and self.paper.title and not related(self.paper.title, found.title):
            self.problems.append(
                f"{found.catalog} has another paper at its address (“{found.title}”): see the row"
            )
            return
        self.found.append((found, by_title))
        for kind in IDENTIFIERS:
            if value := getattr(found, kind):
                self.identifiers.setdefault(kind, value)

    def _best(self) -> list[tuple[Found, bool]]:
        return sorted(self.found, key=lambda one: -_TRUST.get(one[0].catalog, 0))


def identifiers(addresses: Iterable[str]) -> dict[str, str]:
    """Return the names by which catalogs may know a paper, from its addresses alone."""
    known: dict[str, str] = {}
    for parts in filter(None, map(sources.split, addresses)):
        for kind, source in (
            ("openreview", openreview.SOURCE),
            ("arxiv", arxiv.SOURCE),
            ("arxiv", huggingface.SOURCE),
            ("doi", doi.SOURCE),
        ):
            if value := source.key(parts):
                # A DOI of arXiv's is an arXiv id.
                kind_of = "arxiv" if kind == "doi" and not value.startswith("10.") else kind
                known.setdefault(kind_of, value)
    return known


async def enrich(entries: Sequence[Entry], lookup: Lookup, listener: Listener) -> bool:
    """Ask every catalog in turn for what is lacking; return whether all of them answered.

    What can't be asked is said, and left.
    """
    whole = True
    for catalog in CATALOGS:
        lacking = [entry for entry in entries if entry.still_lacks(catalog)]
        known = [entry for entry in lacking if entry.identifier(catalog)]
        # A date alone is not worth a search for each paper.
        others = [
            entry
            for entry in lacking
            if catalog.by_title
            and entry.title
            and not entry.identifier(catalog)
            and entry.still_lacks(catalog, besides="published")
        ]
        if not known and not others:
            continue
        listener.asking(catalog.name, len(known) + len(others))
        try:
            await _by_ids(catalog, known, lookup, listener)
            await _by_title(catalog, others, lookup, listener)
        except HostDown as error:
            whole = False
            hint = f" ({error.hint})" if error.hint else ""
            listener.notice(f"{catalog.name} was not asked any further: {error.message}{hint}")
    return whole


async def _by_ids(
    catalog: Catalog, entries: Sequence[Entry], lookup: Lookup, listener: Listener
) -> None:
    named = [(entry, one) for entry in entries if (one := entry.identifier(catalog))]
    if not named:
        return
    asked = list(dict.fromkeys(one for _, one in named))
    answers = await lookup.by_ids(catalog, asked, listener.through)
    for entry, one in named:
        answer = answers.get(one)
        if isinstance(answer, Found):
            entry.take(answer, by_title=False)
        elif isinstance(answer, FetchError):
            entry.problems.append(_unanswered(catalog, answer))
        elif not catalog.unless:
            entry.problems.append(f"{catalog.name} does not have it")
    if down := next((a for a in answers.values() if isinstance(a, HostDown)), None):
        raise down


async def _by_title(
    catalog: Catalog, entries: Sequence[Entry], lookup: Lookup, listener: Listener
) -> None:
    down: HostDown | None = None
    for entry in entries:
        try:
            if down:
                raise down
            found = await lookup.by_title(catalog, entry.title, entry.authors)
        except FetchError as error:
            down = error if isinstance(error, HostDown) else None
            entry.problems.append(_unanswered(catalog, error))
            continue
        listener.through(1)
        if found:
            entry.take(found, by_title=True)
        else:
            entry.problems.append(f"{catalog.name} has none that is surely of this title")
    if down:
        raise down


def _unanswered(catalog: Catalog, error: FetchError) -> str:
    """Say of a paper why a catalog said nothing; why it was given up is said once, for all."""
    if isinstance(error, HostDown):
        return f"{catalog.name} was not asked"
    return f"{catalog.name}: {error.message}"


def _text(found: Found, name: str) -> str:
    """Return a field as a list's cell has it."""
    value = getattr(found, _CALLED.get(name, name))
    if name == "authors":
        between = "; " if any("," in one or " and " in one for one in value) else ", "
        return between.join(value)
    if name == "arxiv":  # a spreadsheet takes 2310.13010 for a number, and drops its last 0
        return f"arXiv:{value}" if value else ""
    return str(value)
