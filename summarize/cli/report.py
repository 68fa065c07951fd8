"""`roundup report`: what the last run came to, and the walk of one paper through it."""

import json as json_
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli.options import CacheDir
from summarize.cli.workspace import Workspace
from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.account import Account
    from summarize.runs import Told

SLOWEST = 5  # hosts that are named
MOST = 20  # papers, and other things, that are named of one kind


def report(
    ctx: typer.Context,
    post: Annotated[
        Path | None,
        typer.Argument(metavar="[POST]", help="The last run about this post. Default: the last."),
    ] = None,
    trace: Annotated[
        str,
        typer.Option(
            metavar="KEY",
            help="Show the whole walk of one paper instead, by its key or a part of its title.",
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    cache_dir: CacheDir = None,
) -> None:
    """Say what the last run came to: counts, retries by cause, slowest hosts, tokens, money.

    Also of a run that stopped, or was killed. Reads the log in the cache, of the last 30 runs.
    """
    from summarize import account as accounts
    from summarize import runs
    from summarize.posts.escape import seen
    from summarize.secrets import hidden, hidden_in

    workspace: Workspace = ctx.obj
    folder = workspace.cache_dir(cache_dir)
    lines = runs.last(folder, post)
    if lines is None:
        what = f"of {post} " if post else ""
        raise InputError(
            f"no run {what}is known in {folder}",
            "draft first: roundup draft LIST; or name the cache of the run with --cache-dir",
        )
    if trace:
        walk = _walk(lines, trace)
        told = [json_.dumps(hidden_in(line)) for line in walk] if json else list(_shown(walk))
    else:
        made = accounts.account(lines)
        told = [json_.dumps(hidden_in(made.as_json()), indent=1)] if json else list(_lines(made))
    for line in told:
        typer.echo(line if json else seen(hidden(line)))


def _lines(made: "Account") -> Iterator[str]:
    """Yield what a person wants to know of a run."""
    yield from _figures(made)
    yield from _again(made)
    yield from _hosts(made)
    yield from _named("skipped", ((s, f"{s['stage']}: {s['reason']}") for s in made.skipped))
    heading = "to check, since these do not read like summaries of their papers"
    yield from _named(heading, ((d, d["why"]) for d in made.doubtful))


def _figures(made: "Account") -> Iterator[str]:
    from summarize.report import counted

    facts, begun = made.facts, made.begun.replace("T", " ")[:19]
    yield f"{facts.get('command') or 'run'} {facts.get('post', '')}".rstrip()
    who = facts.get("model", "") + (f", prompt {facts['prompt']}" if facts.get("prompt") else "")
    yield f"begun {begun} UTC, {_time(made.seconds)}, by {who}: {made.ended}"
    parts = [f"{made.done} of {counted(made.papers, 'paper')} done"]
    parts += [f"{made.cached} from the cache"] if made.cached else []
    parts += [f"{made.from_abstract} from the abstract alone"] if made.from_abstract else []
    parts += [f"{made.waiting} waiting for a batch"] if made.waiting else []
    parts += [f"{len(made.skipped)} skipped"] if made.skipped else []
    yield ", ".join(parts)
    if made.fetched or made.read:
        yield f"PDFs: {made.fetched} fetched ({made.size / 1e6:.1f} MB), {made.read} read"
    if made.requests:
        money = "" if made.cost is None else f", ${made.cost:.4f}"
        tokens = f"{made.tokens_read:,} tokens read, {made.tokens_written:,} written"
        yield f"replies: {made.requests}; {tokens}{money}"
    if made.arrived:
        yield f"replies that an earlier run was given: {made.arrived}, not asked for again"
    yield from (f"  {n} × no summary: {why}" for why, n in made.refused.most_common(MOST))


def _again(made: "Account") -> Iterator[str]:
    from summarize.report import counted

    causes = made.causes()
    if causes:
        times = sum(again.times for _, again in causes)
        waited = sum(again.waited for _, again in causes)
        yield f"asked again {counted(times, 'time')}, {_time(waited)} waited in all"
    for cause, again in causes[:MOST]:
        yield f"  {again.times} × {cause} ({_time(again.waited)})"


def _hosts(made: "Account") -> Iterator[str]:
    from summarize.report import counted

    hosts = made.slowest()
    if hosts:
        yield "slowest hosts, by the median of a request's time"
    for (name, stage), host in hosts[:SLOWEST]:
        failed = f" ({host.failed} failed)" if host.failed else ""
        longest = max(host.seconds, default=0.0)
        yield (
            f"  {name} ({stage}): {host.usual:.2f} s, {longest:.2f} s at most; "
            f"{counted(host.requests, 'request')}{failed}, {host.size / 1e6:.1f} MB"
        )


def _named(heading: str, papers: "Iterable[tuple[dict[str, str], str]]") -> Iterator[str]:
    """Yield a heading, and each reason with the papers that it holds for."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for paper, why in papers:
        by_reason[why].append(paper["title"] or paper["key"])
    if by_reason:
        yield heading
    for why, names in by_reason.items():
        yield f"  {len(names)} × {why}"
        yield from (f"      {name}" for name in names[:MOST])
        if len(names) > MOST:
            yield f"      and {len(names) - MOST} more; --json gives all"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _walk(lines: "Sequence[Told]", wanted: str) -> "list[Told]":
    """Return the lines about one paper. Raises `InputError` where there are none."""
    from summarize.cli.recording import named

    titles = {line["key"]: "" for line in lines if line["key"]}
    titles |= {line["key"]: str(line["title"]) for line in lines if line["key"] and "title" in line}
    key = named(wanted, titles)
    return [line for line in lines if line["key"] == key]


def _shown(walk: "Sequence[Told]") -> Iterator[str]:
    """Yield the lines of a walk, each with the time since its first."""
    from summarize.cli.recording import shown

    begun = _when(walk[0])
    yield walk[0]["key"]
    for line in walk:
        yield f"+{_when(line) - begun:7.2f} s  {shown(line)}"


def _when(line: "Told") -> float:
    try:
        return datetime.fromisoformat(line["time"]).timestamp()
    except ValueError:
        return 0.0
