"""What a post was drafted from: kept in parts, so that no post is too long for memory."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from summarize.records import Done, Drafting, Outcome
    from summarize.settings import Settings
    from summarize.store import Store

PART = 50  # papers


def remember(
    post: Path, results: "Sequence[Outcome]", settings: "Settings", *, whole: bool
) -> None:
    """Keep what a post was drafted from: `roundup evidence` shows it.

    What was known of a paper stays where the run had nothing newer; and unless it was over the
    `whole` post, also what was known of those that it left alone.
    """
    import asyncio

    from summarize.records import Done, Drafting
    from summarize.spool import Spool, give_back
    from summarize.store import Store

    give_back()  # what writing the post has taken

    async def keep() -> None:
        async with Store(settings) as store:
            name = str(post.resolve())
            made = {r.paper.key: i if isinstance(r, Done) else None for i, r in enumerate(results)}
            before: Spool[Done] = Spool()
            known: dict[str, int] = {}
            order = dict[str, None]()
            async for done in _each(store, name):
                order[done.paper.key] = None
                if made.get(done.paper.key) is None and (not whole or done.paper.key in made):
                    known[done.paper.key] = len(before)
                    before.append(done)
            keys = made if whole else {**order, **made}
            kept = [key for key in keys if made.get(key) is not None or key in known]

            def found(key: str) -> Done:
                at = made.get(key)
                done = before[known[key]] if at is None else results[at]
                assert isinstance(done, Done)
                return done

            parts = [kept[at : at + PART] for at in range(0, len(kept), PART)] or [[]]
            for number, part in enumerate(parts):
                record = Drafting(
                    done=tuple(map(found, part)),
                    parts=len(parts),
                    pdf_dir=str(settings.pdf_dir.resolve()) if settings.pdf_dir else "",
                    # From where the paths of their PDFs are said, as in the post itself.
                    list_dir=str(post.resolve().parent),
                    engine=settings.engine,
                    model=settings.model,
                    bases=tuple(filter(_tells_no_secret, _bases(settings))),
                    whole=settings.whole,
                )
                await store.keep_drafting(name, record, number)

    asyncio.run(keep())


def last(post: Path, settings: "Settings") -> "Drafting":
    """Return the first part of what a post was drafted from, and how; empty where it is unknown."""
    import asyncio

    from summarize.records import Drafting
    from summarize.store import Store

    async def look() -> Drafting | None:
        async with Store(settings) as store:
            return await store.drafting(str(post.resolve()), Drafting)

    found = asyncio.run(look()) if settings.cache_dir.is_dir() else None
    return found or Drafting()


def _bases(settings: "Settings") -> "Sequence[str]":
    return [settings.api_base, *settings.more_bases] if settings.api_base else []


def _tells_no_secret(address: str) -> bool:
    parts = urlsplit(address)
    return not (parts.username or parts.password or parts.query)


async def known(store: "Store", post: Path) -> "Drafting | None":
    """Return what a post was drafted from, all of its parts in one, if it is still here."""
    from summarize.records import Drafting

    name = str(post.resolve())
    first = await store.drafting(name, Drafting)
    if first is None or first.parts == 1:
        return first
    done = [done async for done in _each(store, name)]
    return first.model_copy(update={"done": tuple(done), "parts": 1})


async def _each(store: "Store", name: str) -> "AsyncIterator[Done]":
    """Yield the papers that a post was drafted from, as far as their parts are still here."""
    from summarize.records import Drafting

    first = await store.drafting(name, Drafting)
    for number in range(first.parts if first else 0):
        part = await store.drafting(name, Drafting, number) if number else first
        for done in part.done if part else ():
            yield done
