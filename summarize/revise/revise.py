"""A whole draft, or what some papers came to, brought into the post that was there. Pure."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping, Sequence, Set
from dataclasses import replace
from typing import cast

from summarize.merge import Merged, identity
from summarize.posts import colophon, made
from summarize.posts.written import Block, Item, Text, Written
from summarize.records import Event, Outcome, Skipped
from summarize.revise import renewing
from summarize.revise.entries import entry_of, name_of, names, without
from summarize.revise.versions import Before, Now, Result, Revised
from summarize.spool import Kept, Lines, Spool
from summarize.state import Known, State

_COLOPHON = "Drafted with roundup "


def redrafted(fresh: str, results: Sequence[Result], before: Before, now: Now) -> Revised:
    """Merge a whole draft into the post that was there."""
    known, failed = _known(results, now)
    if before.text is None and not before.state.base:
        return Revised(Merged(Written()), _remembering(fresh, known, now), fresh=fresh)
    new = now.form.parse(fresh)
    if before.state.base and before.state.format != now.asked.format:
        before = _moved(before, new, now)
    base = new if before.state.text == fresh else now.form.parse(before.state.text)
    new, earlier = _with_earlier(new, base, failed, now)
    had = before.state.papers
    kept = {name: _facts(had[name]) for name in earlier if name in had}
    if earlier:
        known = _over(known, kept)
        new = _with_colophon(new, known, now)
    return _revised(base, new, known, earlier, before, now)


def _known(results: Iterable[Result], now: Now) -> tuple[Mapping[str, Known], Set[str]]:
    """Return what is to be remembered of each paper, and which could not be summarized.

    Both by the names of their entries. What is remembered lies in a file, for whole conferences.
    """
    spooled: Spool[Known] = Spool()
    at: dict[str, int] = {}
    failed: set[str] = set()
    for result in results:  # of two that are one entry, the last says what is known of it
        name = name_of(entry_of(result))
        failed.discard(name)
        if isinstance(result, Event):
            at.pop(name, None)
            continue
        if isinstance(result, Skipped):
            failed.add(name)
        at[name] = len(spooled)
        spooled.append(_facts(Known(paper=result.paper, made=made(result, now.by))))
    return Kept(at, spooled.__getitem__), failed


def _over(known: Mapping[str, Known], newer: dict[str, Known]) -> Mapping[str, Known]:
    """Return what is known of papers, where something else is to be known of some of them."""
    return ChainMap(newer, cast("MutableMapping[str, Known]", known))  # which nobody writes to


def _moved(before: Before, new: Written, now: Now) -> Before:
    """Return a post as it would be in another format, of which this is a fresh draft."""
    from summarize.merge.moving import moved

    base, mine = now.form.parse(before.state.text), now.form.parse(before.text or "")
    base, mine = moved(base, mine, new)
    state = before.state.model_copy(update={"base": Lines(base.text)})
    return replace(before, text=mine.text if before.text is not None else None, state=state)


def renewed(
    results: Sequence[Outcome], before: Before, now: Now, *, whole: bool = False
) -> Revised:
    """Merge what some of a post's papers came to into it: its other entries stay as they are.

    With `whole`, entries are renewed with all that their list says; else only their summaries are.
    """
    state, base = before.state, now.form.parse(before.state.text)
    mine = now.form.parse(before.text or "")
    ours = {identity(entry): entry for entry in reversed(base.items)}
    entries = {identity(entry): entry for entry in (*mine.items, *base.items)}
    fresh, earlier = dict[str, Known](), list[str]()
    items: dict[str, tuple[str, Item]] = {}
    for result in results:
        entry = renewing.rendered(result, now)
        name = identity(entry)
        had = state.papers.get(name)
        if isinstance(result, Skipped) and renewing.is_summarized(entries.get(name), had):
            earlier += [name] if had is not None else []
            continue
        fresh[name] = _facts(Known(paper=result.paper, made=made(result, now.by)))
        if whole:
            entry = renewing.with_figure(entry, ours.get(name), now)
            items[name] = (result.paper.section, entry)
        else:
            items[name] = ("", renewing.summary(entries.get(name), entry, is_ours=name in ours))
    known = _over(state.papers, fresh)
    new = _with_colophon(renewing.put(base, items, now.form), known, now)
    if whole:  # an entry that was taken out, and is asked for by name, is a new one
        back = items.keys() - names(mine)
        base = without(base, back)
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
    merged, remembered = Merged(without(new, {*dropped}), removed=gone, dropped=dropped), new
    if before.text is not None and before.text.strip() and before.is_touched:
        from summarize.merge.merge import merge

        merged = merge(base, now.form.parse(before.text), new, dropped)
        if not base.front and not any(isinstance(block, Text) for block in base.blocks):
            entries = tuple(block for block in new.blocks if not isinstance(block, Text))
            remembered = Written(blocks=entries)
    state = _remembering(remembered.text, known, now, merged.dropped)
    return Revised(merged, state, tuple(known[name].paper.name for name in earlier))


def _remembering(
    text: str, known: Mapping[str, Known], now: Now, dropped: tuple[str, ...] = ()
) -> State:
    """Return what is to be remembered of a post that was generated as this text."""
    # Lines and papers that are made when they are asked for: a conference's need not be held.
    update = {"base": Lines(text), "papers": known, "dropped": dropped}
    return now.asked.model_copy(update=update)


def _gone(base: Written, new: Written) -> tuple[str, ...]:
    here = names(new)
    return tuple(entry.title for entry in base.items if identity(entry) not in here)


def _facts(entry: Known) -> Known:
    """Return what is remembered of a paper: not where it stands, which the post itself says.

    Its abstract is remembered where it may be all that there is to read.
    """
    facts = {"section": "", "star": False, "todo": "", "where": ""}
    if entry.made is not None and entry.made.basis == "paper":
        facts["abstract"] = ""
    return Known(paper=entry.paper.model_copy(update=facts), made=entry.made)


def _with_earlier(
    new: Written, base: Written, failed: Set[str], now: Now
) -> tuple[Written, list[str]]:
    """Let papers that could not be summarized this time keep the summary that they had."""
    if not failed and not now.asked.figures:
        return new, []
    before = {identity(entry): entry for entry in base.items}
    blocks: list[Block] = []
    earlier: list[str] = []
    for block in new.blocks:
        if not isinstance(block, Item):
            blocks.append(block)
            continue
        name = identity(block)
        had = before.get(name)
        entry = renewing.with_figure(block, had, now)
        if had is not None and name in failed and not renewing.has_failed(had):
            earlier.append(name)
            entry = replace(renewing.summary(entry, had, is_ours=True), gap=entry.gap)
        blocks.append(entry)
    return Written(new.front, tuple(blocks)), earlier


def _with_colophon(written: Written, known: Mapping[str, Known], now: Now) -> Written:
    """Let a post say of itself who summarized its papers, if it says so."""
    here = names(written)
    by_whom = (known[name].made for name in known if name in here)
    said = now.form.aside(colophon(by_whom, now.date, now.by.version))
    begins = now.form.aside(_COLOPHON).partition(_COLOPHON.strip())[0] + _COLOPHON
    blocks = tuple(
        replace(b, text=said) if isinstance(b, Text) and b.text.startswith(begins) else b
        for b in written.blocks
    )
    return replace(written, blocks=blocks)
