"""`roundup plan`: what `draft` would take, before anything is spent."""

import json as json_
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import choice, keys
from summarize.cli.options import (
    AbstractOnly,
    ApiBases,
    CacheDir,
    Context,
    Engine,
    Jobs,
    Limit,
    List,
    Model,
    Offline,
    Only,
    Password,
    PdfDir,
    Profile,
    PromptName,
    ReadHow,
    bases,
    checked_base,
    engine_of,
    folder,
    meant_for,
    whole,
)
from summarize.cli.workspace import Workspace

if TYPE_CHECKING:
    from summarize.plan import Fetch, Plan
    from summarize.records import Json

MAX_REASONS = 8  # for which texts can't be had that are said; --json gives all


def plan(
    ctx: typer.Context,
    list_: List,
    model: Model = "extractive",
    api_base: ApiBases = None,
    context: Context = None,
    prompt: PromptName = "default",
    pdf_dir: PdfDir = None,
    abstract_only: AbstractOnly = False,
    offline: Offline = False,
    engine: Engine = "auto",
    password: Password = "",
    read: ReadHow = "fit",
    only: Only = None,
    limit: Limit = None,
    jobs: Jobs = 8,
    profile: Profile = "",
    cache_dir: CacheDir = None,
    json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Say what drafting a list would take: what is here, what must be fetched, tokens, cost, time.

    Takes the options of `draft`. Nothing is fetched, read, sent or spent.
    """
    from summarize import backends, prompts
    from summarize import plan as plans
    from summarize.cli import interrupt, lists, profiles
    from summarize.settings import Clock, Settings

    workspace: Workspace = ctx.obj
    settings = Settings(
        model=model,
        **bases(meant_for(ctx, model, api_base)),
        jobs=jobs,
        cache_dir=workspace.cache_dir(cache_dir),
        pdf_dir=folder(pdf_dir),
        list_dir=list_.parent,
        offline=offline,
        abstract_only=abstract_only,
        engine=engine_of(engine),
        password=password,
        window=context,
        whole=whole(read),
    )
    settings = profiles.applied(profile, settings, ctx)
    loaded = prompts.load(prompt, workspace.prompt_dirs)
    backend = backends.choose(model)
    settings = backend.located(settings, keys.environment(workspace))
    checked_base(settings.api_base)
    reading = lists.spooled(lists.read(list_, workspace))
    entries = choice.of(reading.entries, only or [], limit)
    made = interrupt.run(
        plans.make(entries, prompt=loaded, backend=backend, settings=settings, clock=Clock()),
        lambda: "nothing was fetched, sent or spent",
    )
    if json:
        rejected = [*reading.rejected]
        typer.echo(json_.dumps({**_everything(made, model), "rejected_rows": rejected}, indent=1))
        return
    for notice in (*reading.notices, *reading.rejected):
        typer.echo(_seen(notice), err=True)
    for name, lines in _table(made, model, settings.jobs):
        for label, line in zip_longest([name], lines, fillvalue=""):
            typer.echo(f"{label:10}{_seen(line)}")


def _seen(line: str) -> str:
    """Return a line of nothing but what can be seen: a list can say anything."""
    from summarize.posts.escape import seen

    return seen(line)


def _table(plan: "Plan", model: str, jobs: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of a plan, each a name and its lines."""
    from summarize.report import counted

    yield "Papers", [f"{plan.papers}"]
    here = [f"{counted(plan.texts, 'text')}, {_summaries(plan.summaries)} of this model and prompt"]
    here += [f"{counted(plan.unread, 'PDF')} to be read"] if plan.unread else []
    yield "At hand", here
    if plan.fetches:
        first = f"{counted(plan.to_fetch, 'PDF')}, {span(plan.fetching_seconds)}"
        yield "To fetch", [first, *(f"  {line}" for f in plan.fetches for line in _limits(f))]
    else:
        yield "To fetch", ["nothing"]
    if plan.problems:
        reasons = Counter(why for _, why in plan.problems).most_common(MAX_REASONS)
        said = [f"  {count} × {why}" for why, count in reasons]
        yield "Left out", [counted(len(plan.problems), "paper"), *said]
    yield "To ask", _asking(plan, model, jobs)
    if plan.asking.tokens_read:
        yield "Tokens", _tokens(plan)
    yield "Cost", _cost(plan)
    if plan.seconds is not None and plan.fetches and plan.asking.papers:
        yield "In all", [span(plan.seconds)]


def _summaries(number: int) -> str:
    return f"{number} {'summary' if number == 1 else 'summaries'}"


def _limits(fetch: "Fetch") -> Iterator[str]:
    """Say what a host is asked for, and how fast it gives."""
    if fetch.hourly:
        yield f"{fetch.pdfs} from {fetch.host}, which was seen to give about {fetch.hourly} an hour"
        if fetch.pdfs > fetch.hourly:
            yield "past that, run draft again an hour later: what is done is kept"
    elif fetch.pace:
        yield f"{fetch.pdfs} from {fetch.host}, one every {fetch.pace:g} s"
    else:
        yield f"{fetch.pdfs} from {fetch.host}"


def _asking(plan: "Plan", model: str, jobs: int) -> list[str]:
    from summarize.report import counted

    if not plan.asking.papers:
        return ["nothing"]
    first = f"{counted(plan.asking.papers, 'paper')} of {model}"
    if plan.asking.requests > plan.asking.papers:
        first += f" in {plan.asking.requests} requests"
    if plan.asking.seconds is None:
        return [f"{first}; how long that takes is your machine's to say"]
    return [f"{first}, {span(plan.asking.seconds)}" + (f" with {jobs} at once" if jobs > 1 else "")]


def _tokens(plan: "Plan") -> list[str]:
    from summarize.report import counted

    asking = plan.asking
    lines = [
        f"about {_rough(asking.tokens_read)} to read, {_rough(asking.tokens_written)} to write"
    ]
    if rest := asking.papers - asking.counted:
        known = f"{asking.counted} counted, " if asking.counted else ""
        what = f"{counted(rest, 'paper')} not read yet: {_rough(asking.usual)} taken for each"
        lines.append(known + what)
    return lines


def _cost(plan: "Plan") -> list[str]:
    """Say what it costs, and by which prices."""
    from summarize.plan import money
    from summarize.prices import source

    if plan.price is None or plan.cost is None:
        return ["not known: litellm's price file does not list the model"]
    if plan.price.free or not plan.asking.papers:
        return ["nothing"]
    rate = plan.price.rates[0]
    return [
        f"about {money(plan.cost.about)}; {money(plan.cost.most)} if all answers are as long as "
        "they may be",
        f"${_price(rate.read)} and ${_price(rate.written)} a million tokens, by {source()}",
    ]


def _price(dollars: float) -> str:
    """Return the price of a million tokens: in cents, or as small as it is."""
    million = dollars * 1e6
    return f"{million:.2f}" if abs(million - round(million, 2)) < 1e-9 else f"{million:g}"


def _rough(number: int) -> str:
    """Return a number of tokens, no more exact than it is known."""
    return f"{round(number, 2 - len(str(number))):,}"


def span(seconds: float) -> str:
    """Return a stretch of time in words, no more exact than it is known."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds, -1):.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    words = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return f"about {' '.join(words)}"


def _everything(plan: "Plan", model: str) -> "Json":
    """Return the plan for programs. Times are in seconds, costs in US dollars."""
    import dataclasses

    cost, price = plan.cost, plan.price
    return {
        "papers": plan.papers,
        "texts": plan.texts,
        "unread": plan.unread,
        "summaries": plan.summaries,
        "to_fetch": plan.to_fetch,
        "fetches": [dataclasses.asdict(fetch) for fetch in plan.fetches],
        "left_out": [{"key": paper.key, "reason": why} for paper, why in plan.problems],
        "asking": {"model": model, **dataclasses.asdict(plan.asking)},
        "cost": dataclasses.asdict(cost) if cost else None,
        "price": {
            "provider": price.provider,
            "read": price.rates[0].read,
            "written": price.rates[0].written,
        }
        if price
        else None,
        "fetching_seconds": plan.fetching_seconds,
        "seconds": plan.seconds,
    }
