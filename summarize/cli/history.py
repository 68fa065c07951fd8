"""`roundup history`: every summary of a paper that was ever made, and how to have one back."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import forms
from summarize.cli.options import CacheDir
from summarize.cli.running import told
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.records import Grounded, Paper, Past


def history(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="A paper's key, such as its id.")],
    use: Annotated[
        int | None,
        typer.Option("--use", min=1, metavar="N", help="Put summary number N into the post."),
    ] = None,
    post: Annotated[
        Path | None,
        typer.Option(
            "--post", metavar="POST", help="Which post. Default: the workspace's one that has it."
        ),
    ] = None,
    cache_dir: CacheDir = None,
) -> None:
    """List every summary of a paper that is kept: its prompt, its model, its date.

    What was paid for stays. Putting one back costs nothing, and leaves what you wrote as it is.
    """
    workspace: Workspace = ctx.obj
    folder = workspace.cache_dir(cache_dir)
    found = _found(folder, key)
    if not found:
        raise InputError(
            f"no summary of {key} is kept in {folder}", "see --cache-dir, and `roundup cache info`"
        )
    if use is None:
        for number, (past, grounded) in enumerate(found, 1):
            about = ", from the abstract" if past.basis == "abstract" else ""
            typer.echo(f"{number:3}  {past.when[:10]}  {past.model}  {past.prompt}{about}")
            _print(grounded.summary.tldr)
        return
    if use > len(found):
        raise InputError(f"{key} has {len(found)} summaries", "choose one of their numbers")
    _put_back(post or _post_of(workspace, key), key, *found[use - 1], workspace)


def _print(text: str) -> None:
    from summarize.posts.escape import seen

    for line in textwrap.wrap(seen(text), 90):
        typer.echo(f"     {line}")


def _found(folder: Path, key: str) -> "list[tuple[Past, Grounded]]":
    from summarize.settings import Settings
    from summarize.store import Store

    if not folder.is_dir():
        return []
    store = Store(Settings(cache_dir=folder))
    store.open()
    try:
        return store.history(key)
    finally:
        store.close()


def _papers(post: Path, workspace: Workspace) -> "dict[str, Paper]":
    from summarize import output, revise

    prior = output.check(post)
    written = forms.read(post, prior, workspace).parse(prior.text or "")
    return {paper.key: paper for paper in revise.papers(written, prior.state)}


def _post_of(workspace: Workspace, key: str) -> Path:
    """Return the workspace's post with a paper. Raises `InputError` unless there is just one."""
    posts = sorted(workspace.posts.glob("*.*md")) if workspace.posts else []
    having = [post for post in posts if key in _papers(post, workspace)]
    if len(having) != 1:
        what = "no post is known to hold" if not having else f"{len(having)} posts hold"
        raise InputError(f"{what} {key}", "name the post: --post POST")
    return having[0]


def _put_back(
    post: Path, key: str, past: "Past", grounded: "Grounded", workspace: Workspace
) -> None:
    """Put a summary into a post, as if it had just been made."""
    from summarize import __version__, output, posts, revise
    from summarize.backends import choose
    from summarize.records import Done, Receipt

    if not post.is_file():
        raise InputError(f"there is no post {post}", "name one that holds the paper")
    paper = _papers(post, workspace).get(key)
    if paper is None:
        raise InputError(f"{post} holds no paper with the key {key}", "see the keys of its entries")
    prior = output.check(post)
    output.see_that_it_may_change(post, prior)
    receipt = Receipt(
        model=past.model, prompt=past.prompt, basis=past.basis, share=grounded.share, cached=True
    )
    picks = choose(past.model).picks
    by = posts.Colophon(__version__, past.model, past.prompt, picks)
    now = revise.Now(by, forms.read(post, prior, workspace), prior.date, prior.state)
    remarks = forms.amiss(post, prior)
    outcome = Done(paper=paper, grounded=grounded, receipt=receipt)
    revised = revise.renewed([outcome], revise.Before(prior.text, prior.state), now)
    backup = output.write(post, revised.text, prior, prior.date, revised.state)
    for remark in (*remarks, *told(revised, post)):
        typer.echo(remark)
    if backup:
        typer.echo(f"The post that was there is kept as {backup}")
    typer.echo(f"Wrote {post}")
