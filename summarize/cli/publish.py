"""`roundup publish`: a post, as it is now, to one's own site: as a draft, and renewed in place."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import keys
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.markup import Article
    from summarize.publishing import Publishing, Told
    from summarize.sites import Account, Site


def publish(
    ctx: typer.Context,
    post: Annotated[Path, typer.Argument(metavar="POST", help="A post, in any format.")],
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="ROUNDUP_SITE",
            help="The site's address. Default: where the post was published last.",
        ),
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="`wordpress` or `ghost`. Default: what the post was published at, or whose "
            "variables are set.",
        ),
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Sign in and look, say what would be done, and change nothing."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write what the site would be sent into a file, and ask no site.",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Overwrite what was edited at the site (it is kept beside the post), or make a "
            "new draft of a post that was deleted there.",
        ),
    ] = False,
    allow_http: Annotated[
        bool,
        typer.Option("--allow-http", help="Sign in over plain http, which others may read."),
    ] = False,
) -> None:
    """Publish a post at your WordPress or Ghost site, as a draft; renew it there the next time.

    What the post says now is sent, with its images; comments (TODOs, your notes) stay at home.
    Signs in with ROUNDUP_WORDPRESS_USER and ROUNDUP_WORDPRESS_PASSWORD (an application password),
    or with ROUNDUP_GHOST_KEY (an Admin API key).
    """
    from summarize import markup, pictures, publishing
    from summarize import output as out
    from summarize.published import load

    workspace: Workspace = ctx.obj
    if not post.is_file():
        raise InputError(f"there is no post {post}", "name a post's file")
    article = markup.read(out.check(post).text or "", str(post))
    for notice in article.notices:
        typer.echo(notice, err=True)
    if output:
        _written(article, kind or workspace.site_kind, post, output)
        return
    images = pictures.found(article.images, post)
    copies = load(post)
    base = (to or workspace.site or copies.last).strip().rstrip("/")
    if not base:
        raise InputError("no site is named", "name it: --to https://blog.example.org")
    known = copies.at.get(base)
    set_ = keys.environment(workspace)
    name = _kind(kind or (known.kind if known else "") or workspace.site_kind, set_)
    work = publishing.Publishing(post, article, images, name, base, force)
    _run(work, set_, allow_http=allow_http, dry_run=dry_run)


def _kind(named: str, set_: Mapping[str, str]) -> str:
    """Return the kind of a site. Raises `InputError` where nothing says it."""
    from summarize.sites import SITES

    if named:
        if named not in SITES:
            raise InputError(f"there is no kind of site {named}", f"there are: {', '.join(SITES)}")
        return named
    ready = [name for name, site in SITES.items() if all(map(set_.get, site.variables))]
    if len(ready) == 1:
        return ready[0]
    wanted = "; ".join(f"{' and '.join(s.variables)} for {s.name}" for s in SITES.values())
    if ready:
        raise InputError("more than one kind of site is set up", "say which: --kind wordpress")
    raise InputError("nothing says how to sign in", f"set {wanted}")


def _secrets(site: "Site", set_: Mapping[str, str]) -> dict[str, str]:
    """Return what signs in. Raises `InputError` naming what is not there."""
    found = {name: set_.get(name, "").strip() for name in site.variables}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            f"{site.name} is signed in to with {' and '.join(site.variables)}",
        )
    return found


def _run(work: "Publishing", set_: Mapping[str, str], *, allow_http: bool, dry_run: bool) -> None:
    from summarize.cli import interrupt
    from summarize.settings import Clock
    from summarize.sites import SITES

    site = SITES[work.kind]
    secrets = _secrets(site, set_)

    async def go() -> None:
        async with site.connect(work.base, secrets, Clock(), allow_http) as account:
            who = await account.greet()
            if dry_run:
                await _rehearse(work, account, who)
            else:
                _say(await work.run(account), work)

    interrupt.run(go(), lambda: "run the same command again: what is there is not sent twice")


async def _rehearse(work: "Publishing", account: "Account", who: str) -> None:
    remote, new = await work.foresee(account)
    what = f"renew {remote.edit} ({remote.status})" if remote else "make a new draft"
    typer.echo(f"Signed in as {who} at {work.base}")
    typer.echo(f"Would {what}: {work.article.title}")
    for picture in work.pictures:
        typer.echo(f"  image {picture.source} ({len(picture.data) / 1000:.0f} kB)")
    typer.echo(f"Would send {new} of {len(work.pictures)} images. Nothing was changed.")


def _say(told: "Told", work: "Publishing") -> None:
    """Say what came of it."""
    for notice in told.notices:
        typer.echo(notice, err=True)
    if told.backup:
        typer.echo(f"What the site said before is kept in {told.backup}")
    if not told.changed:
        typer.echo(f"Nothing to send: the site says what the post says ({told.remote.edit})")
        return
    noun = "image" if told.uploaded == 1 else "images"
    images = f", {told.uploaded} {noun} sent" if told.uploaded else ""
    if told.made:
        typer.echo(f"Made a draft{images}: {told.remote.edit}")
    elif told.remote.is_public:
        typer.echo(f"Renewed the published post{images}: {told.remote.link}")
    else:
        typer.echo(f"Renewed the {told.remote.status}{images}: {told.remote.edit}")


def _written(article: "Article", kind: str, post: Path, output: Path) -> None:
    """Write what a site would be sent, its images as the post names them."""
    from summarize import files
    from summarize import output as out
    from summarize.markup import blocks, ghost, wordpress

    if output.resolve() == post.resolve():
        raise InputError(f"-o {output} is the post itself", "name another file")
    if kind == "ghost":
        text = ghost.rendered(blocks(article.html))
    elif article.markup:
        text = wordpress.placed(article.markup, {})
    else:
        text = wordpress.rendered(blocks(article.html))
    out.check(output)
    files.save(output, text + "\n")
    typer.echo(f"Wrote {output}")
