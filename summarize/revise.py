"""A post that is there already, and what a run came to -> the post as it should be now. Pure."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from summarize.merge import Merged, identity, named
from summarize.posts import Format, colophon, escape, item, made
from summarize.posts.compose import Colophon
from summarize.posts.written import Block, Heading, Item, Text, Written
from summarize.records import Entry, Event, Outcome, Paper, Skipped
from summarize.sources import key
from summarize.spool import Kept, Lines
from summarize.state import Known, Made, State
from summarize.text.slug import slug

_COLOPHON = "Drafted with roundup "
_FAILED = re.compile(r"(?:\*|<em>)Not summarized: ")
Result = Outcome | Event


@dataclass(frozen=True)
class Before:
    """The post that was there, if one was, and what is remembered of it."""

    text: str | None = None
    state: State = field(default_factory=State)


class Now(NamedTuple):
    """Who summarizes now, and how: `asked` is what a later run is to ask in the same way."""

    by: Colophon
    form: Format
    date: str
    asked: State
    strict: bool = False  # what says more than the paper bears out is left out


@dataclass(frozen=True)
class Revised:
    """A post as it should be now, and what to remember of it.

    `earlier` are the papers that could not be summarized this time and keep the summary they had.
    """

    merged: Merged
    state: State
    earlier: tuple[str, ...] = ()
    fresh: str = ""  # the post, where there was none to merge it into

    @property
    def text(self) -> str:
        """The post, every character of it."""
        return self.fresh or self.merged.written.text


def asked(before: Before, form: Format) -> list[Paper]:
    """Return the papers of a post; of one that is gone, those that it should have."""
    if before.text is not None:
        return papers(form.parse(before.text), before.state)
    return papers(_without(form.parse(before.state.text), {*before.state.dropped}), before.state)


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


def redrafted(fresh: str, results: Sequence[Result], before: Before, now: Now) -> Revised:
    """Merge a whole draft into the post that was there."""
    if before.text is None and not before.state.base:
        return _first(fresh, results, now)
    new = now.form.parse(fresh)
    if before.state.base and before.state.format != now.asked.format:
        before = _moved(before, new, now)
    base = now.form.parse(before.state.text)
    by_name = {_name(_entry(result)): result for result in results}
    new, earlier = _with_earlier(new, base, by_name, now)
    known = {
        name: Known(paper=result.paper, made=made(result, now.by))
        for name, result in by_name.items()
        if not isinstance(result, Event)
    }
    known |= {name: before.state.papers[name] for name in earlier if name in before.state.papers}
    if earlier:
        new = _with_colophon(new, known, now)
    return _revised(base, new, known, earlier, before, now)


def _moved(before: Before, new: Written, now: Now) -> Before:
    """Return a post as it would be in another format, of which this is a fresh draft."""
    from summarize.merge.moving import moved

    base, mine = now.form.parse(before.state.text), now.form.parse(before.text or "")
    base, mine = moved(base, mine, new)
    state = before.state.model_copy(update={"base": tuple(base.text.split("\n"))})
    return replace(before, text=mine.text if before.text is not None else None, state=state)


def _first(fresh: str, results: Sequence[Result], now: Now) -> Revised:
    """Return a draft where there was no post: as it is, with no piece of it in memory twice."""
    at = {_name(_entry(result)): index for index, result in enumerate(results)}
    at = {n: i for n, i in at.items() if not isinstance(results[i], Event)}

    def known(index: int) -> Known:
        result = results[index]
        assert not isinstance(result, Event)
        return _facts(Known(paper=result.paper, made=made(result, now.by)))

    # Lines and papers that are made when they are asked for: a conference's need not be held.
    update = {"base": Lines(fresh), "papers": Kept(at, known)}
    return Revised(Merged(Written()), now.asked.model_copy(update=update), fresh=fresh)


def renewed(
    results: Sequence[Outcome], before: Before, now: Now, *, whole: bool = False
) -> Revised:
    """Merge what some of a post's papers came to into it: its other entries stay as they are.

    With `whole`, entries are renewed with all that their list says; else only their summaries are.
    """
    state, base = before.state, now.form.parse(before.state.text)
    mine = now.form.parse(before.text or "")
    entries = {identity(entry): entry for entry in (*mine.items, *base.items)}
    known, earlier = dict(state.papers), list[str]()
    items: dict[str, tuple[str, Item]] = {}
    for result in results:
        rendered = _rendered(result, now)
        name = identity(rendered)
        if isinstance(result, Skipped) and _is_summarized(
            entries.get(name), state.papers.get(name)
        ):
            earlier += [name] if name in state.papers else []
            continue
        known[name] = Known(paper=result.paper, made=made(result, now.by))
        if whole:
            had = next((entry for entry in base.items if identity(entry) == name), None)
            items[name] = (result.paper.section, _with_figure(rendered, had, now))
        else:
            items[name] = ("", _summary(entries.get(name), rendered, is_ours=name in _names(base)))
    new = _with_colophon(_put(base, items, now.form), known, now)
    if whole:  # an entry that was taken out, and is asked for by name, is a new one
        back = items.keys() - _names(mine)
        base = _without(base, back)
        dropped = tuple(name for name in state.dropped if name not in back)
        before = replace(before, state=state.model_copy(update={"dropped": dropped}))
    return _revised(base, new, known, earlier, before, now)


def _revised(
    base: Written,
    new: Written,
    known: Mapping[str, Known],
    earlier: Iterable[str],
    before: Before,
    now: Now,
) -> Revised:
    """Merge, and say what to remember: of a frame that is not ours, nothing."""
    gone, dropped = _gone(base, new), before.state.dropped
    merged, remembered = Merged(_without(new, {*dropped}), removed=gone, dropped=dropped), new
    is_touched = before.text != before.state.text or bool(before.state.dropped)
    if before.text is not None and before.text.strip() and is_touched:
        from summarize.merge.merge import merge

        merged = merge(base, now.form.parse(before.text), new, before.state.dropped)
        if not base.front and not any(isinstance(block, Text) for block in base.blocks):
            entries = tuple(block for block in new.blocks if not isinstance(block, Text))
            remembered = Written(blocks=entries)
    state = now.asked.model_copy(
        update={
            "base": tuple(remembered.text.split("\n")),
            "papers": {name: _facts(entry) for name, entry in known.items()},
            "dropped": merged.dropped,
        }
    )
    return Revised(merged, state, tuple(known[name].paper.name for name in earlier))


def _gone(base: Written, new: Written) -> tuple[str, ...]:
    here = _names(new)
    return tuple(entry.title for entry in base.items if identity(entry) not in here)


def _without(written: Written, names: Set[str]) -> Written:
    kept = (b for b in written.blocks if not (isinstance(b, Item) and identity(b) in names))
    return replace(written, blocks=tuple(kept))


def _facts(entry: Known) -> Known:
    """Return what is remembered of a paper: not where it stands, which the post itself says.

    Its abstract is remembered where it may be all that there is to read.
    """
    facts = {"section": "", "star": False, "todo": "", "where": ""}
    if entry.made is not None and entry.made.basis == "paper":
        facts["abstract"] = ""
    return Known(paper=entry.paper.model_copy(update=facts), made=entry.made)


def _rendered(result: Result, now: Now) -> Item:
    """Return a result as the entry that it becomes."""
    return now.form.parse(now.form.item(item(result, strict=now.strict))).items[0]


def _names(written: Written) -> set[str]:
    return {identity(entry) for entry in written.items}


def _is_summarized(entry: Item | None, known: Known | None) -> bool:
    """Tell whether an entry says something that a failure must not replace."""
    if entry is None or known is None:
        return entry is not None
    return known.made is not None


def _with_earlier(
    new: Written, base: Written, results: Mapping[str, Result], now: Now
) -> tuple[Written, list[str]]:
    """Let papers that could not be summarized this time keep the summary that they had."""
    before = {identity(entry): entry for entry in base.items}
    blocks: list[Block] = []
    earlier: list[str] = []
    for block in new.blocks:
        name = identity(block) if isinstance(block, Item) else ""
        had = before.get(name)
        failed = isinstance(results.get(name), Skipped)
        if isinstance(block, Item):
            block = _with_figure(block, had, now)  # noqa: PLW2901
        if isinstance(block, Item) and failed and had and not _has_failed(had):
            earlier.append(name)
            blocks.append(replace(_summary(block, had, is_ours=True), gap=block.gap))
        else:
            blocks.append(block)
    return Written(new.front, tuple(blocks)), earlier


def _with_figure(entry: Item, had: Item | None, now: Now) -> Item:
    """Let an entry keep the figure that it had, where one is wanted and can't be had anew."""
    if had is None or not now.asked.figures or entry.part("figure"):
        return entry
    return entry.having("figure", had.part("figure"))


def _has_failed(entry: Item) -> bool:
    return bool(_FAILED.search(entry.field("line"))) or not (entry.field("line") or entry.notes)


def _summary(entry: Item | None, rendered: Item, *, is_ours: bool) -> Item:
    """Return an entry with another's summary: a generated one whole, of the person's only that.

    An entry without a base says nothing but its address and its summary, so that all the rest
    is known to be the person's.
    """
    if entry is None:
        return rendered
    folded = bool(entry.notes)
    if not is_ours:
        entry = entry.bare()
    for name in ("line", "notes", "check"):  # what is to be checked is said of that summary
        entry = entry.having(name, rendered.part(name))
    todo = entry.part("todo")
    # Where it stands is its format's business, and changes only with what it stands behind.
    if todo and bool(entry.notes) != folded and not todo.startswith("\n\n"):
        entry = entry.having("todo", ("\n    " if entry.notes else " ") + todo.lstrip())
    return entry


def _put(base: Written, items: Mapping[str, tuple[str, Item]], form: Format) -> Written:
    """Put entries into a post: in the place of those they are, else at the end of their section."""
    left = dict(items)
    blocks: list[Block] = []
    for block in base.blocks:
        found = left.pop(identity(block), None) if isinstance(block, Item) else None
        blocks.append(block if found is None else replace(found[1], gap=block.gap))
    for section, entry in left.values():
        at, needs_heading = _end_of(_words(form.heading(section)) if section else "", blocks)
        heading: list[Block] = [Heading(form.heading(section))] if needs_heading else []
        blocks[at:at] = [*heading, replace(entry, gap="\n\n")]
        if at and isinstance(blocks[at - 1], Item):
            blocks[at - 1] = replace(blocks[at - 1], gap="\n\n")
    return Written(base.front, tuple(blocks))


def _words(heading: str) -> str:
    return heading.lstrip("#").strip()


def _end_of(section: str, blocks: Sequence[Block]) -> tuple[int, bool]:
    """Return where the entries of a section end, and whether it has no heading yet."""
    current, last_item, end = "", -1, None
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            current = _words(block.text)
            end = at + 1 if current == section else end
        elif isinstance(block, Item):
            last_item = at
            end = at + 1 if current == section else end
    if end is not None:
        return end, False
    rules = (at for at, b in enumerate(blocks) if isinstance(b, Text) and b.text == "---")
    frame = next(rules, None)
    at = last_item + 1 if last_item >= 0 or frame is None else frame
    return at, bool(section)


def _with_colophon(written: Written, known: Mapping[str, Known], now: Now) -> Written:
    """Let a post say of itself who summarized its papers, if it says so."""
    here = _names(written)
    by_whom: list[Made | None] = [known[name].made for name in known if name in here]
    said = now.form.aside(colophon(by_whom, now.date, now.by.version))
    begins = now.form.aside(_COLOPHON).partition(_COLOPHON.strip())[0] + _COLOPHON
    blocks = tuple(
        replace(b, text=said) if isinstance(b, Text) and b.text.startswith(begins) else b
        for b in written.blocks
    )
    return replace(written, blocks=blocks)


def shares_none(text: str, entries: Iterable[Entry], form: Format) -> bool:
    """Tell whether a text holds no entry of these: then it is no post of theirs."""
    here = _names(form.parse(text))
    return not any(_name(entry) in here for entry in entries)


def wanted(entries: Sequence[Entry], before: Before, form: Format) -> Sequence[Entry]:
    """Return the entries of a list without those that the person took out of its post."""
    out = _taken_out(before, form)
    return [entry for entry in entries if _name(entry) not in out] if out else entries


def unwanted(entries: Sequence[Entry], before: Before, form: Format) -> list[Entry]:
    """Return the entries of a list that `wanted` leaves out."""
    out = _taken_out(before, form)
    return [entry for entry in entries if _name(entry) in out] if out else []


def _taken_out(before: Before, form: Format) -> set[str]:
    here = _names(form.parse(before.text or ""))
    return (_names(form.parse(before.state.text)) | {*before.state.dropped}) - here


def _name(entry: Entry) -> str:
    """Return the identity that an entry of a list has in its post."""
    url = html.unescape(escape.url(entry.url))
    return named(url, escape.plain(entry.title or entry.url) or "(no title)")


def _entry(result: Result) -> Entry:
    return result if isinstance(result, Event) else result.paper
