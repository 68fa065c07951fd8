"""The pictures of a post that is drafted: its papers' figures, and its teaser."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarize.cli import site
from summarize.errors import OutputError

if TYPE_CHECKING:
    from summarize.figures.beside import Hugo
    from summarize.records import Event, Outcome
    from summarize.revise import Revised
    from summarize.settings import Settings
    from summarize.state import State

DRAWING = "1"
"""Raised when the same papers give another teaser, so that a cached one is drawn again."""
TITLE = 2  # times that a word of a title counts


class Pictures:
    """Knows where a post's pictures go, draws its teaser, and writes what the post shows."""

    def __init__(self, post: Path, form: str, settings: "Settings") -> None:
        """Take a post's path, and the name of the format that it is in."""
        from summarize.figures import beside

        self._beside = beside
        self._settings = settings
        self._place = beside.place(post, _hugo(post, form))
        self._teaser: bytes | None = None

    def located(self, result: "Outcome | Event") -> "Outcome | Event":
        """Return a result whose figure says where the post finds its picture."""
        return self._beside.located(result, self._place)

    def teaser(self, title: str, results: "Sequence[Outcome | Event]") -> str:
        """Draw the teaser, unless it was drawn before, and return its address."""
        self._teaser = _kept(_wanted(title, results), self._settings)
        return self._place.path(self._beside.TEASER)

    def write(
        self, revised: "Revised", results: "Sequence[Outcome | Event]"
    ) -> "tuple[State, list[str]]":
        """Write the pictures that the post shows; return what to remember, and what to say.

        The figure of an entry whose person took it out is shown nowhere: it is not written either.
        """
        images = _images(revised.text, results, self._settings)
        if self._teaser and self._place.path(self._beside.TEASER) in revised.text:
            images[self._beside.TEASER] = self._teaser
        known = revised.state.pictures
        remembered, theirs = self._beside.write(images, self._place, known)
        said = [f"{self._place.folder / name} is your own picture, and stays" for name in theirs]
        return revised.state.model_copy(update={"pictures": remembered}), said


def _hugo(post: Path, form: str) -> "Hugo | None":
    """Return the site of Hugo's that a post lies in, if it is a page of one."""
    from summarize.figures.beside import Hugo

    found = site.above(post) if form == "hugo" else None
    if found is None or found.format != form:
        return None
    return Hugo(found.root, site.below(found))


def _images(
    text: str, results: "Sequence[Outcome | Event]", settings: "Settings"
) -> dict[str, bytes]:
    """Return the pictures that a post shows, by their names. Raises `OutputError` without them."""
    import asyncio

    from summarize.figures import beside
    from summarize.records import Done
    from summarize.store import Store

    if not settings.figures:
        return {}
    shown = [
        (beside.name(result.paper.key, result.figure), result.figure)
        for result in results
        if isinstance(result, Done) and result.figure and result.figure.src in text
    ]
    if not shown:
        return {}

    async def load() -> dict[str, bytes]:
        async with Store(settings) as store:
            found = [(name, await store.image(figure.sha256)) for name, figure in shown]
            return {name: data for name, data in found if data is not None}

    images = asyncio.run(load())
    if len(images) < len(shown):
        raise OutputError(
            f"the cache has lost {len(shown) - len(images)} pictures of the post",
            "run the same command again: they are drawn anew",
        )
    return images


def _wanted(title: str, results: "Sequence[Outcome | Event]") -> str:
    """Return what the teaser shows, as JSON."""
    from summarize.records import Event
    from summarize.teaser.draw import Teaser

    papers = [result for result in results if not isinstance(result, Event)]
    stars = [result.paper.star for result in papers]
    days = len({result.paper.section for result in papers} - {""})
    lines = [f"{len(papers)} paper{'s' * (len(papers) != 1)}"]
    lines[0] += f", {sum(stars)} starred" if any(stars) else ""
    lines += [f"in {days} sections"] if days > 1 else []
    texts = [_said(result) for result in papers]
    return Teaser(
        title=title, lines=tuple(lines), texts=tuple(texts), stars=tuple(stars)
    ).model_dump_json()


def _said(result: "Outcome") -> str:
    """Return a paper's own words, as far as a post is made of them."""
    from summarize.records import Done

    parts = [result.paper.title] * TITLE + [result.paper.abstract]
    if isinstance(result, Done):
        summary = result.grounded.summary
        parts += [summary.tldr, *(note.quote or note.text for note in summary.notes)]
    return "\n".join(parts)


def _kept(wanted: str, settings: "Settings") -> bytes:
    """Return the teaser's picture: from the cache, else drawn in a worker."""
    import asyncio

    from summarize.records import Picture
    from summarize.store import Store
    from summarize.workers import Pool

    key = f"teaser {hashlib.sha256(wanted.encode()).hexdigest()} {DRAWING}"

    async def work() -> bytes:
        async with Store(settings) as store, Pool(settings) as pool:
            known = await store.document(key, Picture)
            if known is None:
                from summarize.teaser import draw

                known = await pool.run(draw.draw, Picture, wanted.encode())
                await store.keep_document(key, known)
            return base64.b64decode(known.png)

    return asyncio.run(work())
