"""Runs inside this process, on a clock whose waits take no time: thousands of faults in minutes."""

import asyncio
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from summarize import backends, prompts, tables
from summarize.errors import RoundupError
from summarize.pipeline import Run
from summarize.progress import Several
from summarize.records import Done, Event, Skipped
from summarize.settings import Clock, Settings

DEADLINE = 600.0  # seconds of a run, on a busy machine: a hang is told by it
MOST_RUNS = 40


@dataclass
class Walked:
    """What one or more runs over a list came to."""

    done: int = 0  # by the last run
    runs: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # of papers left out, and of stops
    notices: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # what must never be: hangs and tracebacks
    tldrs: dict[str, str] = field(default_factory=dict)  # by paper


def quick(jump: Callable[[], float] = lambda: 0.0) -> Clock:
    """Return a clock on which waits are short; `jump` says how far its time of day is off."""
    start, elapsed = time.time(), 0.0

    async def sleep(seconds: float) -> None:
        nonlocal elapsed
        elapsed += seconds
        await asyncio.sleep(min(seconds, 0.002))

    return Clock(
        now=lambda: start + elapsed + jump(),
        monotonic=lambda: time.monotonic() + elapsed,
        sleep=sleep,
    )


def jumping(seed: int) -> Clock:
    """Return a clock whose time of day jumps by years, to and fro, at every look."""
    rng = random.Random(seed)
    return quick(lambda: rng.uniform(-3e8, 3e8))


class _Heard(Several):
    """Listens to notices."""

    def __init__(self, walked: Walked) -> None:
        super().__init__([])
        self._walked = walked

    def notice(self, text: str) -> None:
        self._walked.notices.append(text)


async def _walk(papers: Path, settings: Settings, clock: Clock, walked: Walked) -> None:
    backend = backends.choose(settings.model)
    run = Run(
        prompt=prompts.load("default", ()),
        backend=backend,
        settings=backend.located(settings, {}),
        clock=clock,
        progress=_Heard(walked),
    )
    walked.done = 0
    async for result in run.outcomes(tables.read(papers).entries):
        if isinstance(result, Done):
            walked.done += 1
            walked.tldrs[result.paper.name] = result.grounded.summary.tldr
        elif isinstance(result, Skipped):
            walked.reasons[result.reason] += 1
        else:
            assert isinstance(result, Event)


def walk(
    papers: Path,
    settings: Settings,
    *,
    until: int = 1,
    most: int = MOST_RUNS,
    clock: Clock | None = None,
    walked: Walked | None = None,
) -> Walked:
    """Run over a list until so many papers are done, as a person would who runs it again."""
    walked = walked or Walked()
    for _ in range(most):
        walked.runs += 1
        try:
            asyncio.run(
                asyncio.wait_for(_walk(papers, settings, clock or quick(), walked), DEADLINE)
            )
        except TimeoutError:
            walked.wrong.append("a hang")
        except RoundupError as error:
            walked.reasons[error.message] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it must not be
            walked.wrong.append(f"a traceback: {traceback.format_exc()[-900:]}")
        if walked.done >= until or walked.wrong:
            break
    return walked
