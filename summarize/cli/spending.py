"""Before money is spent: say how much it will be, ask where it is much, hold it to a budget."""

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from summarize.errors import InputError

if TYPE_CHECKING:
    from summarize.backends import Backend
    from summarize.budget import Budget
    from summarize.plan import Plan
    from summarize.prices import Price
    from summarize.progress import Progress
    from summarize.records import Entry, Prompt
    from summarize.settings import Clock, Settings


def budget(dollars: float | None, price: "Price | None", settings: "Settings") -> "Budget | None":
    """Return the budget of a run, where one was given.

    Raises `InputError` where it can't be held, since nobody knows what a request would cost.
    """
    if dollars is None:
        return None
    if not math.isfinite(dollars):
        raise InputError(f"--budget {dollars} is no sum", "give dollars, such as --budget 2.00")
    if price is None:
        raise InputError(
            f"--budget can't be held: what {settings.model} costs is not known",
            "leave --budget out, or use a model of which `roundup plan` knows the cost",
        )
    from summarize.budget import Budget

    return Budget(dollars, price)


def see_that_it_has_batches(
    backend: "Backend", settings: "Settings", clock: "Clock", budget: float | None
) -> None:
    """Raise `InputError` for a batch that can't be had."""
    if settings.batch and backend.batches(settings, clock) is None:
        raise InputError(
            f"--batch: roundup knows of no batches for {settings.model}",
            "leave it out, or name a model of OpenAI's or Azure's",
        )
    if settings.batch and budget is not None:
        raise InputError(
            "--budget can't hold a batch, whose price is known when it comes back",
            "`roundup plan` says what it may cost; --limit submits fewer papers",
        )


def foresee(
    entries: "Sequence[Entry]",
    prompt: "Prompt",
    backend: "Backend",
    settings: "Settings",
    clock: "Clock",
    progress: "Progress",
    *,
    ask_above: float,
    budget: "Budget | None",
    yes: bool,
) -> None:
    """Before anything is fetched or sent, say what it is going to cost, where it costs anything."""
    from summarize.prices import price_of

    price = price_of(settings.model, prompt)
    if price.free if price else backend.service(settings) is None:
        return
    from summarize import plan as plans
    from summarize.cli import interrupt

    plan = interrupt.run(
        plans.make(entries, prompt=prompt, backend=backend, settings=settings, clock=clock),
        lambda: "nothing was fetched, sent or spent",
    )
    seek(plan, settings, progress, ask_above=ask_above, budget=budget, yes=yes)


def seek(
    plan: "Plan",
    settings: "Settings",
    progress: "Progress",
    *,
    ask_above: float,
    budget: "Budget | None",
    yes: bool,
) -> None:
    """Say what a run is going to cost, and see that the person agrees where it is much.

    Nobody is asked who gave a budget, or who isn't there. Raises `InputError` when they disagree.
    """
    from summarize.plan import money
    from summarize.report import counted

    if not plan.asking.papers:
        return
    what = f"Asking {settings.model} about {counted(plan.asking.papers, 'paper')}"
    if plan.cost is None:
        progress.notice(f"{what}: what that costs is not known")
        return
    held = f"; --budget holds it to ${budget.dollars:.2f}" if budget else ""
    progress.notice(f"{what}: about {money(plan.cost.about)}{held}")
    if budget or yes or plan.cost.about <= ask_above:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    if not typer.confirm(f"Spend about {money(plan.cost.about)}?", err=True):
        raise InputError(
            "nothing was spent",
            "--budget holds a run to a sum, --limit to its first papers; `roundup plan` says more",
        )
