"""`roundup prompts`: what is asked, seen and changed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from summarize.cli import voice as voices
from summarize.cli.options import AllowPrivate, CacheDir, Context, Offline
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

app = typer.Typer(
    help="List, show, make, check and choose prompts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="A prompt's name, or its .toml file.")]


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List the prompts there are: yours first, and * before the one in use."""
    from summarize import prompts

    workspace: Workspace = ctx.obj
    used = workspace.draft.get("prompt", "default")
    for name, path in prompts.paths(workspace.prompt_dirs).items():
        try:
            said = prompts.read(path).description
        except InputError as error:
            said = f"can't be used: {error.message}"
        whose = "shipped" if path.parent == prompts.SHIPPED else "yours"
        typer.echo(f"{'*' if name == used else ' '} {name:20} {whose:8} {said}")


@app.command("show")
def show(
    ctx: typer.Context,
    name: Name,
    paper: Annotated[
        str | None,
        typer.Argument(metavar="[FILE|URL]", help="A paper: shows what would be sent for it."),
    ] = None,
    context: Context = None,
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="As with `draft --lang`.")] = "",
    voice: Annotated[bool, typer.Option("--voice", help="As with `draft --voice`.")] = False,
    offline: Offline = False,
    allow_private: AllowPrivate = False,
    cache_dir: CacheDir = None,
) -> None:
    """Print a prompt, or exactly what would be sent of it for a paper."""
    from summarize import prompts
    from summarize.cli import read
    from summarize.fitting import Fit
    from summarize.settings import Settings

    workspace: Workspace = ctx.obj
    prompt = prompts.load(name, workspace.prompt_dirs)
    examples = voices.load(workspace) if voice else ()
    prompt = prompts.adapted(prompt, language=lang, voice=examples)
    if paper is None:
        _print(_turns(("system", prompt.system), ("user", prompt.user)))
        return
    settings = Settings(
        cache_dir=workspace.cache_dir(cache_dir),
        offline=offline,
        allow_private=allow_private,
        contact=workspace.contact,
        mirrors=workspace.mirrors,
        workers=1,
        window=context,
    )
    given = read.paper_of(paper)
    document = read.document_of(given, settings)
    request, share = prompts.for_model(
        prompt, given, document, tokens=Fit.first(settings, prompt).paper, model="", endpoint=""
    )
    _print(_turns(*((message.role, message.content) for message in request.messages)))
    size = sum(len(message.content) for message in request.messages)
    typer.echo(f"{size:,} characters; {share:.0%} of the paper's text", err=True)


def _turns(*messages: tuple[str, str]) -> Iterator[str]:
    for role, content in messages:
        yield f"--- {role} ---"
        yield from content.strip().split("\n")


def _print(lines: Iterator[str]) -> None:
    from summarize.posts.escape import seen

    for line in lines:
        typer.echo(seen(line))


@app.command("new")
def new(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    like: Annotated[
        str, typer.Option("--from", metavar="NAME", help="The prompt to begin with.")
    ] = "default",
) -> None:
    """Make a prompt of your own: a copy of another, to edit."""
    from summarize import files, prompts

    workspace: Workspace = ctx.obj
    if not re.fullmatch(r"[\w-]+", name):
        raise InputError(f"{name} can't be a prompt's name", "use letters, digits and hyphens")
    path = workspace.root / "prompts" / f"{name}.toml" if workspace.root else Path(f"{name}.toml")
    if path.exists():
        raise InputError(f"{path} is there already", "edit it, or choose another name")
    prompts.load(like, workspace.prompt_dirs)
    text = prompts.find(like, workspace.prompt_dirs).read_text("utf-8")
    text = re.sub(r'(?m)^name = ".*"$', f'name = "{name}"', text, count=1)
    files.create(path, text)
    prompts.read(path)
    use = name if workspace.root else str(path)
    typer.echo(f"{path}: edit it, look at it with `roundup prompts show {use} paper.pdf`")


@app.command("check")
def check(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Prompts' names or files. Default: all."),
    ] = None,
) -> None:
    """Check prompts: one line for each mistake, with its file and line."""
    from summarize import prompts

    workspace: Workspace = ctx.obj
    wrong = 0
    for name in names or prompts.paths(workspace.prompt_dirs):
        try:
            prompt = prompts.load(name, workspace.prompt_dirs)
        except InputError as error:
            wrong += 1
            typer.echo(f"{error.message}" + (f" ({error.hint})" if error.hint else ""))
        else:
            typer.echo(f"{prompt.name} {prompt.version}: good")
    if wrong:
        raise typer.Exit(InputError.exit_code)


@app.command("use")
def use(ctx: typer.Context, name: Name) -> None:
    """Let `draft` and `regenerate` use a prompt from now on, in this workspace."""
    from summarize import prompts
    from summarize.cli.remembered import remember

    workspace: Workspace = ctx.obj
    prompts.load(name, workspace.prompt_dirs)
    path = remember(workspace, prompt=name)
    typer.echo(f"{path} says now: prompt {name}")


def _quoted(name: str) -> str:
    import json

    return json.dumps(name, ensure_ascii=False)
