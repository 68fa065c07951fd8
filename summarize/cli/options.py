"""Arguments and options that more than one command has, and their checks."""

import os
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import typer

from summarize.errors import InputError

Place = TypeVar("Place", str, list[str])

List = Annotated[
    Path,
    typer.Argument(
        metavar="LIST",
        help="The reading list: CSV, a spreadsheet, BibTeX, RIS, JSON, Markdown, an earlier post, "
        "addresses, ...; - reads it from a pipe.",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        envvar="ROUNDUP_MODEL",
        help="Who summarizes: `extractive` (embedded, no network); `ollama/...`, `llamacpp/...`, "
        "`lmstudio/...`, `vllm/...`, `llamafile/...`, `local/...` for a server of your own; "
        "`gguf:FILE` for a model's file; or any hosted model that litellm knows, such as "
        "openai/gpt-4o-mini.",
    ),
]
_WHERE = "The address of the model's server, for one of your own"
ApiBase = Annotated[
    str | None, typer.Option(metavar="URL", envvar="ROUNDUP_API_BASE", help=f"{_WHERE}.")
]
ApiBases = Annotated[
    list[str] | None,
    typer.Option(
        "--api-base",
        metavar="URL",
        envvar="ROUNDUP_API_BASE",
        help=f"{_WHERE} (again for more servers that have it: each is asked as it keeps up).",
    ),
]
Context = Annotated[
    int | None,
    typer.Option(
        min=2048,
        metavar="N",
        help="The model's context window in tokens. Default: what its server says, else a "
        "window that holds most of a paper.",
    ),
]
PromptName = Annotated[
    str, typer.Option(envvar="ROUNDUP_PROMPT", help="A prompt's name, or its .toml file.")
]
PdfDir = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A folder of PDFs to look in first: by key, by the last part of the paper's "
        "address, or by its title.",
    ),
]
AbstractOnly = Annotated[
    bool,
    typer.Option("--abstract-only", help="Summarize the abstracts in the list; fetch nothing."),
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY", help="Take only the paper of this key (again for more)."),
]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Take only the first N papers.")
]
Jobs = Annotated[
    int,
    typer.Option(
        min=1,
        max=512,
        metavar="N",
        help="Model requests at once, at most; fewer where a service is asked too much.",
    ),
]
Profile = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="`edge` is for a small board: one request at a time, a context of 4,096 tokens, "
        "one reader, small caches, plain output. Flags beside it hold.",
    ),
]
ReadHow = Annotated[
    str,
    typer.Option(
        "--read",
        metavar="HOW",
        help="What a model reads of a paper that is too long for it: `fit`, the main parts "
        "that fit, or `whole`, all of it, section by section (several requests).",
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="DOLLARS",
        help="Spend no more than this on a hosted model; papers beyond it are left out.",
    ),
]
AskAbove = Annotated[
    float,
    typer.Option(
        min=0,
        metavar="DOLLARS",
        help="Ask first when it is going to cost more than this, and no budget is given.",
    ),
]
ASK_ABOVE = 1.0
Rpm = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Model requests a minute, at most.")
]
Tpm = Annotated[int | None, typer.Option(min=1000, metavar="N", help="Tokens a minute, at most.")]
CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        envvar="ROUNDUP_CACHE_DIR",
        help="Where the cache is. Default: cache/ in a workspace, else your user cache.",
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no address beyond this machine.")]
AllowPrivate = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        envvar="ROUNDUP_ALLOW_PRIVATE",
        help="Fetch also what lies inside a private network or on this machine, for a server of "
        "your own: a list is not let in there otherwise.",
    ),
]
FormatName = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAME",
        help="What the post is written for: `jekyll`, `hugo`, `quarto`, `mkdocs`, `markdown` "
        "or `wordpress`. "
        "Default: what the post is in, else the workspace's, else `jekyll`.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="What reads PDFs: `pdfium`, `pypdf` or `ocr`; `auto` tries them in this order.",
    ),
]
Password = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        envvar="ROUNDUP_PDF_PASSWORD",
        help="The password of PDFs that ask for one.",
    ),
]

Figures = Annotated[
    bool | None,
    typer.Option(
        "--figures/--no-figures",
        help="Show the most telling figure of each paper, cut from its PDF. Default: as the post "
        "that is there does.",
    ),
]
Teaser = Annotated[
    bool | None,
    typer.Option(
        "--teaser/--no-teaser",
        help="Draw the post's teaser image: its title, its counts and a map of its topics. "
        "Default: as the post that is there has one.",
    ),
]
Strict = Annotated[
    bool | None,
    typer.Option(
        "--strict/--no-strict",
        help="Leave out what says more than the paper bears out. Default: as the post that is "
        "there does.",
    ),
]
Language = Annotated[
    str,
    typer.Option(
        "--lang", metavar="LANGUAGE", help="What a model writes in, such as German or 日本語."
    ),
]
Voice = Annotated[
    bool,
    typer.Option("--voice", help="Have a model write as you do: see `roundup voice learn`."),
]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", "-y", help="Ask nothing: the papers' text may go to a hosted model, at its price."
    ),
]


def is_said(ctx: typer.Context, name: str, *, by_variable: bool = True) -> bool:
    """Tell whether an option was set: by a flag, by `roundup.toml`, or by a variable."""
    source = ctx.get_parameter_source(name)
    variable = {"ENVIRONMENT"} if by_variable else set()
    return source is not None and source.name in {"COMMANDLINE", "DEFAULT_MAP"} | variable


def engine_of(name: str) -> str:
    """Return the name of an engine. Raises `InputError` where there is none of that name."""
    if name == "auto":  # nearly always: the engines need not be imported
        return name
    from summarize.engines import ENGINES

    if name not in ENGINES:
        raise InputError(f"there is no engine {name}", f"there are: auto, {', '.join(ENGINES)}")
    return name


def whole(how: str) -> bool:
    """Tell whether all of a paper is to be read. Raises `InputError` for what is no way to read."""
    if how not in {"fit", "whole"}:
        raise InputError(f"--read {how} is no way to read", "write --read fit or --read whole")
    return how == "whole"


def meant_for(ctx: typer.Context, model: str | None, place: Place | None) -> Place | None:
    """Return where a model's server is; None where it was remembered with another kind of model.

    A provider's key must not go to a server that was named for a model of one's own, nor that
    server's answers be kept as the provider's.
    """
    source = ctx.get_parameter_source("api_base")
    with_it = {
        "DEFAULT_MAP": ctx.obj.draft.get("model"),
        "ENVIRONMENT": os.environ.get("ROUNDUP_MODEL"),
    }
    other = with_it.get(source.name) if source and model else None
    return None if other and maker(other) != maker(model or "") else place


def maker(model: str) -> str:
    """Return what a model's name begins with: whose it is, or which kind of server has it."""
    return model.partition("/")[0]


def bases(given: list[str] | None) -> dict[str, Any]:
    """Return the addresses of a model's servers as settings."""
    first, *others = dict.fromkeys(given) if given else (None,)
    return {"api_base": first, "more_bases": tuple(others)}


def checked_base(text: str | None) -> str | None:
    """Return the address of a model's server, whether a flag or a variable gave it.

    Raises `InputError` for what is none.
    """
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise InputError(
            f"{text} is not an address of a model's server", "write it as http://localhost:8080/v1"
        )
    return text


def folder(path: Path | None) -> Path | None:
    """Return a folder of PDFs. Raises `InputError` where there is none."""
    if path is not None and not path.is_dir():
        raise InputError(f"--pdf-dir {path} is not a folder", "name a folder of PDFs")
    return path
