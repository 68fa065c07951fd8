"""`roundup read`: what was understood of one paper, which is why its summary is what it is."""

import json as json_
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli.options import (
    AllowPrivate,
    CacheDir,
    Context,
    Engine,
    Offline,
    Password,
    engine_of,
)
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.records import Document, Json, Paper
    from summarize.settings import Settings
    from summarize.text.excerpt import Excerpt

WIDTH = 100  # columns, at most
_APART = {"caption": "captions", "footnote": "footnotes", "figure": "lettering in figures"}


def read(
    ctx: typer.Context,
    paper: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="A PDF, or the address of a paper.")
    ],
    context: Context = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the paper's text, and no more.")
    ] = False,
    sent: Annotated[
        bool, typer.Option("--sent", help="Print what a model would be sent, and no more.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    engine: Engine = "auto",
    password: Password = "",
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    cache_dir: CacheDir = None,
) -> None:
    """Show what was understood of one paper: title, abstract, outline, warnings.

    Says what of it a model with such a context would be sent. Nothing is sent anywhere.
    """
    from summarize import prompts
    from summarize.fitting import Fit
    from summarize.settings import Settings
    from summarize.text.excerpt import excerpt

    if text + sent + json > 1:
        raise InputError("--text, --sent and --json each print something else", "give one of them")
    workspace: Workspace = ctx.obj
    settings = Settings(
        cache_dir=workspace.cache_dir(cache_dir),
        offline=offline,
        allow_private=allow_private,
        contact=workspace.contact,
        mirrors=workspace.mirrors,
        engine=engine_of(engine),
        password=password,
        workers=1,
        window=context,
    )
    prompt = prompts.load(workspace.draft.get("prompt", "default"), workspace.prompt_dirs)
    document = document_of(paper_of(paper), settings)
    chosen = excerpt(document, Fit.first(settings, prompt).paper)
    if json:
        everything = _everything(document, chosen, context)
        typer.echo(json_.dumps(everything, indent=1))  # ASCII fits whatever encoding stdout has
    elif text or sent:
        _print((document.text if text else chosen.text).split("\n"))
    else:
        width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
        _print(_lines(document, chosen, context, width))


def _print(lines: Iterable[str]) -> None:
    """Print lines, of nothing but what can be seen: a paper can say anything."""
    from summarize.posts.escape import seen

    for line in lines:
        typer.echo(seen(line))


def paper_of(given: str) -> "Paper":
    """Make a paper of a file or an address. Raises `InputError` for what is neither."""
    from summarize import sources
    from summarize.records import Paper

    if Path(given).expanduser().is_file():
        return Paper(key=Path(given).stem, pdf=str(Path(given).expanduser().absolute()))
    paper = Paper(key=given, url=given)
    if "://" not in given or not sources.candidates(paper):
        raise InputError(
            f"{given} is no file and no address of a paper",
            "give a PDF's path, or an address such as https://arxiv.org/abs/1706.03762",
        )
    return paper


def document_of(paper: "Paper", settings: "Settings") -> "Document":
    """Fetch and read one paper."""
    from summarize.cli import interrupt
    from summarize.library import Library
    from summarize.progress import Several
    from summarize.report import Tally
    from summarize.settings import Clock
    from summarize.store import Store
    from summarize.web import Web
    from summarize.workers import Pool

    async def work() -> "Document":
        async with AsyncExitStack() as stack:
            library = Library(
                settings,
                store=await stack.enter_async_context(Store(settings)),
                web=await stack.enter_async_context(Web(settings, Clock())),
                pool=await stack.enter_async_context(Pool(settings)),
                progress=Several([]),
                tally=Tally(),
            )
            stack.push_async_callback(library.close)
            return (await library.document(paper))[0]

    return interrupt.run(work(), lambda: "nothing was lost")


def _lines(
    document: "Document", chosen: "Excerpt", context: int | None, width: int
) -> Iterator[str]:
    """Yield what a person wants to see."""
    from summarize.report import counted

    pages = {mark.page for mark in document.marks}
    yield document.title or "(no title found)"
    yield (
        f"{counted(len(pages), 'page')} with text, {len(document.text):,} characters, "
        f"read by {document.engine}"
    )
    yield ""
    yield from textwrap.wrap(document.abstract or "(no abstract found)", width)
    yield ""
    yield from _outline(document, chosen)
    yield ""
    where = f"fits a context of {context:,} tokens" if context else "would be sent, as a rule"
    yield f"Of its text, {chosen.share:.0%} {where}: about {chosen.tokens:,}, marked * above"
    for what in (*document.unread, *document.warnings):
        yield f"! {what}"


def _outline(document: "Document", chosen: "Excerpt") -> Iterator[str]:
    """Yield a line for each section, with its page, its length and whether it would be sent."""
    starts = {section.start for section in chosen.sections}
    apart: Counter[str] = Counter()
    for section in document.sections:
        size = section.end - section.start
        if section.kind in _APART:
            apart[section.kind] += size
        elif size or section.heading:
            # The start of what is sent may lie after the blank that a section begins with.
            is_sent = any(section.start <= start < section.end for start in starts)
            name = "  " * (section.level - 1) + (section.heading or f"({section.kind})")
            page = document.page_at(section.start) or "-"
            yield f"{'*' if is_sent else ' '} p. {page:>3}  {size:>7,}  {name}"
    for kind, size in apart.items():
        is_sent = any(section.kind == kind for section in chosen.sections)
        yield f"{'*' if is_sent else ' '} {'':6}  {size:>7,}  ({_APART[kind]})"


def _everything(document: "Document", chosen: "Excerpt", context: int | None) -> "Json":
    """Return the document and what would be sent, for programs."""
    found = document.model_dump(mode="json")
    for section, as_json in zip(document.sections, found["sections"], strict=True):
        as_json["page"] = document.page_at(section.start)
    found["marks"] = [mark._asdict() for mark in document.marks]
    found["sent"] = {
        "context": context,
        "tokens": chosen.tokens,
        "share": chosen.share,
        "text": chosen.text,
    }
    return found
