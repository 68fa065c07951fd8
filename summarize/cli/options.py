"""Options that more than one command has."""

from pathlib import Path
from typing import Annotated

import typer

from summarize.errors import InputError

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


def engine_of(name: str) -> str:
    """Return the name of an engine. Raises `InputError` where there is none of that name."""
    if name == "auto":  # nearly always: the engines need not be imported
        return name
    from summarize.engines import ENGINES

    if name not in ENGINES:
        raise InputError(f"there is no engine {name}", f"there are: auto, {', '.join(ENGINES)}")
    return name
