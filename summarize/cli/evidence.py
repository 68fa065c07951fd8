"""`roundup evidence`: each claim of a post beside the passage and the page that it rests on."""

import contextlib
import html
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import choice, draftings, forms
from summarize.cli.options import CacheDir
from summarize.cli.workspace import Workspace
from summarize.errors import ExtractError, InputError

if TYPE_CHECKING:
    from summarize.library import Library
    from summarize.records import Claim, Document, Done, Drafting, Paper, Picture
    from summarize.settings import Settings
    from summarize.workers import Pool

WIDTH = 100  # columns, at most
MOST_PASSAGE = 600  # characters


@dataclass(frozen=True)
class Shown:
    """A claim with its passage: the paper's own words, and a picture of them where there is one."""

    label: str
    text: str
    claim: "Claim"
    passage: str = ""
    picture: "Picture | None" = None

    @property
    def verdict(self) -> str:
        """What the paper makes of it, in a few words."""
        if self.claim.doubts:
            return "does not read like a summary: " + ", ".join(self.claim.doubts)
        if not self.claim.supported:
            return "no passage found"
        if self.claim.flags:
            return "not in the paper: " + ", ".join(self.claim.flags)
        return "said nearly so" if self.claim.repaired else "supported"


def evidence(
    ctx: typer.Context,
    post: Annotated[Path, typer.Argument(metavar="POST", help="A post that `draft` wrote.")],
    key: Annotated[
        str | None,
        typer.Argument(metavar="KEY", help="Of one paper: its key, or a part of its title."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write one HTML page, with pictures of the pages."
        ),
    ] = None,
    cache_dir: CacheDir = None,
) -> None:
    """Show each claim of a post beside the passage and the page that it rests on.

    Reads what `draft` kept in the cache; nothing is fetched, and no model is asked.
    """
    from summarize.posts.escape import seen
    from summarize.settings import Settings

    workspace: Workspace = ctx.obj
    settings = Settings(cache_dir=workspace.cache_dir(cache_dir), offline=True, workers=1)
    shown = _gathered(post, key, settings, pictures=output is not None)
    if output:
        from summarize import files
        from summarize import output as out

        out.check(output)  # refuses what can't be written; a page is made anew each time
        files.save(output, _page(post, shown))
        typer.echo(f"Wrote {output}")
        return
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    for line in _lines(shown, width):
        typer.echo(seen(line))


def _gathered(
    post: Path, key: str | None, settings: "Settings", *, pictures: bool
) -> "list[tuple[Done, list[Shown]]]":
    """Return the papers of a post with their claims. Raises `InputError` where nothing is known."""
    from summarize.cli import interrupt

    async def work() -> "list[tuple[Done, list[Shown]]]":
        async with AsyncExitStack() as stack:
            drafting, library, pool = await _opened(post, settings, stack)
            if drafting is None:
                forms.see_that_it_is_a_post(post)
                raise InputError(
                    f"it is not known what {post} was drafted from",
                    "run `roundup draft` again with the same cache: what it did is not done twice",
                )
            chosen = _chosen(drafting, key)
            return [(d, await _of_paper(d, library, pool if pictures else None)) for d in chosen]

    return interrupt.run(work(), lambda: "nothing was lost")


def texts(post: Path, settings: "Settings") -> "list[tuple[Paper, str]]":
    """Return the texts of a post's papers, as far as they are here; none where nothing is known."""
    from summarize.cli import interrupt
    from summarize.errors import PaperError

    async def work() -> "list[tuple[Paper, str]]":
        found: list[tuple[Paper, str]] = []
        async with AsyncExitStack() as stack:
            drafting, library, _ = await _opened(post, settings, stack)
            for done in drafting.done if drafting else ():
                with contextlib.suppress(PaperError):
                    found.append((done.paper, (await library.document(done.paper))[0].text))
        return found

    return interrupt.run(work(), lambda: "nothing was lost") if settings.cache_dir.is_dir() else []


async def _opened(
    post: Path, settings: "Settings", stack: AsyncExitStack
) -> "tuple[Drafting | None, Library, Pool]":
    """Return what a post was drafted from, if that is known, and what reads its papers again."""
    from dataclasses import replace

    from summarize.library import Library
    from summarize.progress import Several
    from summarize.report import Tally
    from summarize.settings import Clock
    from summarize.store import Store
    from summarize.web import Web
    from summarize.workers import Pool

    store = await stack.enter_async_context(Store(settings))
    drafting = await draftings.known(store, post)
    there = replace(
        settings,
        engine=drafting.engine if drafting else settings.engine,
        list_dir=Path(drafting.list_dir) if drafting else settings.list_dir,
        pdf_dir=Path(drafting.pdf_dir) if drafting and drafting.pdf_dir else None,
    )
    pool = await stack.enter_async_context(Pool(there))
    library = Library(
        there,
        store=store,
        web=await stack.enter_async_context(Web(there, Clock())),
        pool=pool,
        progress=Several([]),
        tally=Tally(),
    )
    stack.push_async_callback(library.close)
    library.look_in(there.pdf_dir, [done.paper for done in drafting.done] if drafting else [])
    return drafting, library, pool


def _chosen(drafting: "Drafting", key: str | None) -> "list[Done]":
    if key is None:
        return list(drafting.done)
    wanted = key.casefold()
    found = [
        done
        for done in drafting.done
        if choice.is_among(done.paper.key, [key]) or wanted in done.paper.title.casefold()
    ]
    if not found:
        keys = ", ".join(done.paper.key for done in drafting.done[:5])
        raise InputError(f"no paper of the post has the key {key}", f"keys are: {keys}, ...")
    return found


async def _of_paper(done: "Done", library: "Library", pool: "Pool | None") -> list[Shown]:
    """Return the claims of one paper, with their passages as far as the paper is here."""
    from summarize.engines.passages import picture
    from summarize.errors import PaperError
    from summarize.records import Claim, Picture

    grounded = done.grounded
    lines = [("TLDR", grounded.summary.tldr, grounded.tldr or Claim(supported=False))]
    lines += [
        (note.kind.capitalize(), note.text, claim)
        for note, claim in zip(grounded.summary.notes, grounded.claims, strict=True)
    ]
    document: Document | None = None
    with contextlib.suppress(PaperError):
        document = (await library.document(done.paper))[0]
    pdf = await library.pdf(done.paper) if pool else None
    shown = []
    for label, text, claim in lines:
        passage, drawn = "", None
        if document and claim.start is not None and claim.end is not None:
            passage = " ".join(document.text[claim.start : claim.end].split())[:MOST_PASSAGE]
        if pool and pdf and passage and claim.page:
            try:
                drawn = await pool.run(picture, Picture, pdf, page=claim.page, passage=passage)
            except ExtractError:
                drawn = None
        shown.append(Shown(label, text, claim, passage, drawn))
    return shown


def _lines(shown: "list[tuple[Done, list[Shown]]]", width: int) -> Iterator[str]:
    """Yield what a terminal shows."""
    for done, claims in shown:
        yield f"{done.paper.name} ({done.paper.key})"
        for claim in claims:
            page = f", p. {claim.claim.page}" if claim.claim.page else ""
            yield f"  {claim.label}{page}: {claim.verdict}"
            yield from _indented(claim.text, width, "    ")
            if claim.passage and claim.passage != claim.text:
                yield from _indented(claim.passage, width, "    | ")
        if done.grounded.dropped:
            yield f"  {done.grounded.dropped} dropped: the paper does not bear them out"
        yield ""


def _indented(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d2129; background: #fff }
h2 { margin-top: 2.5rem; border-top: 1px solid #ddd; padding-top: 1rem }
section { display: grid; grid-template-columns: 20rem 1fr; gap: 1rem; margin: 1rem 0 }
img { max-width: 100%; height: auto; border: 1px solid #ccc }
blockquote { margin: 0 0 .5rem; padding-left: .8rem; border-left: 3px solid #cbd2dc;
  color: #454d59 }
.supported { color: #1a6b33 } .flagged { color: #a33b00 }
@media (max-width: 50rem) { section { grid-template-columns: 1fr } }
"""


def _page(post: Path, shown: "list[tuple[Done, list[Shown]]]") -> str:
    """Return one HTML page that needs nothing beside it."""
    say = html.escape
    parts = [
        "<!doctype html>",
        '<html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Evidence for {say(post.name)}</title><style>{_STYLE}</style>",
        f"<h1>Evidence for {say(post.name)}</h1>",
    ]
    for done, claims in shown:
        parts.append(f"<h2>{say(done.paper.name)}</h2>")
        for claim in claims:
            page = f", p. {claim.claim.page}" if claim.claim.page else ""
            good = claim.claim.supported and not (claim.claim.flags or claim.claim.doubts)
            kind = "supported" if good else "flagged"
            parts.append(
                f"<section><div><b>{say(claim.label)}</b>{page}<br>{say(claim.text)}<br>"
                f'<small class="{kind}">{say(claim.verdict)}</small></div><div>'
            )
            if claim.passage:
                parts.append(f"<blockquote>{say(claim.passage)}</blockquote>")
            if claim.picture:
                parts.append(
                    f'<img alt="page {claim.claim.page}" width="{claim.picture.width}" '
                    f'height="{claim.picture.height}" loading="lazy" '
                    f'src="data:image/png;base64,{claim.picture.png}">'
                )
            parts.append("</div></section>")
        if done.grounded.dropped:
            parts.append(
                f"<p>{done.grounded.dropped} dropped: the paper does not bear them out.</p>"
            )
    return "\n".join([*parts, "</html>", ""])
