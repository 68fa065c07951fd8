"""A model of a run over a long list: sites, readers and a model that papers wait for, as events.

Each paper is fetched, read and asked about; each of these has room for so many at once, and limits
of its own. Times are in seconds.
"""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

MINUTE = 60.0
Events = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Site:
    """Where PDFs come from: `quota` of them in each `window`, one every `pace`."""

    seconds: float  # one PDF
    at_once: int = 4
    quota: int | None = None
    window: float = 3_600.0
    pace: float = 0.0

    def alone(self, papers: int) -> float:
        """Return the least time that so many papers take here."""
        if not papers:
            return 0.0
        waits = (papers - 1) // self.quota * self.window if self.quota else 0.0
        return max(waits, papers * self.pace, papers * self.seconds / self.at_once)


@dataclass(frozen=True)
class Asked:
    """A model: `at_once` requests, each of so many seconds and tokens; its limits in a minute."""

    at_once: int
    seconds: float
    tokens: int = 0
    rpm: int | None = None
    tpm: int | None = None

    def alone(self, papers: int) -> float:
        """Return the least time that so many papers take here."""
        rate = self.at_once / self.seconds
        if self.rpm:
            rate = min(rate, self.rpm / MINUTE)
        if self.tpm:
            rate = min(rate, self.tpm / self.tokens / MINUTE)
        return papers / rate


@dataclass(frozen=True)
class Conference:
    """A list and what it is drafted with. `copies` of its papers are at the second site as well.

    Those are fetched there: whoever runs the command again meanwhile, which goes past a site that
    is over its quota, has the others first. `ahead` is how far the walk goes before what it yields
    in order.
    """

    papers: int
    first: Site | None
    model: Asked
    copies: int = 0
    second: Site | None = None
    readers: int = 2
    read: float = 0.2  # one paper
    ahead: int | None = None
    start: float = 0.0  # before the first paper

    def alone(self) -> dict[str, float]:
        """Return how long each part would take if it were all there is."""
        return {
            "the site": self.first.alone(self.papers - self.copies) if self.first else 0.0,
            "the copies": self.second.alone(self.copies) if self.second else 0.0,
            "reading": self.papers * self.read / self.readers,
            "the model": self.model.alone(self.papers),
        }


def simulate(conference: Conference) -> float:
    """Return the seconds until the last paper is done."""
    world = simpy.Environment()
    done = world.process(_walk(world, conference))
    world.run(done)
    return float(world.now)


def _walk(world: simpy.Environment, conference: Conference) -> Events:
    """Start each paper in the list's order, but not too far ahead of the first that is not done."""
    yield world.timeout(conference.start)
    sites = [_Site(world, each) for each in (conference.first, conference.second) if each]
    readers = simpy.Resource(world, conference.readers)
    model = _Model(world, conference.model)
    waiting: deque[simpy.Process] = deque()
    for number in range(conference.papers):
        while conference.ahead and len(waiting) >= conference.ahead:
            yield waiting.popleft()
        # Those with a copy are spread evenly over the list.
        share = conference.copies / conference.papers
        copied = int((number + 1) * share) > int(number * share)
        site = sites[-1 if copied else 0] if sites else None
        waiting.append(world.process(_paper(world, conference, site, readers, model)))
    yield from waiting


def _paper(
    world: simpy.Environment, conference: Conference, site: "_Site | None",
    readers: simpy.Resource, model: "_Model",
) -> Events:  # fmt: skip
    if site:
        yield from site.fetch()
        with readers.request() as turn:
            yield turn
            yield world.timeout(conference.read)
    yield from model.ask()


@dataclass
class _Site:
    world: simpy.Environment
    site: Site
    opened: float = -1e9
    left: int = 0
    next: float = 0.0
    slots: simpy.Resource = field(init=False)

    def __post_init__(self) -> None:
        self.slots = simpy.Resource(self.world, self.site.at_once)

    def fetch(self) -> Events:
        with self.slots.request() as turn:
            yield turn
            begin = max(self.next, self.world.now)
            self.next = begin + self.site.pace
            yield self.world.timeout(begin - self.world.now)
            while self.site.quota and not self._leave(self.site.quota):
                yield self.world.timeout(self.opened + self.site.window - self.world.now)
            yield self.world.timeout(self.site.seconds)

    def _leave(self, quota: int) -> bool:
        """Take one of the window's quota, if there is any; a window begins with its first."""
        if self.world.now >= self.opened + self.site.window:
            self.opened, self.left = self.world.now, quota
        self.left -= 1
        return self.left >= 0


@dataclass
class _Model:
    world: simpy.Environment
    model: Asked
    passed: deque[float] = field(default_factory=deque)  # when requests were sent
    slots: simpy.Resource = field(init=False)

    def __post_init__(self) -> None:
        self.slots = simpy.Resource(self.world, self.model.at_once)

    def ask(self) -> Events:
        with self.slots.request() as turn:
            yield turn
            while (pause := self._pause()) > 1e-6:
                yield self.world.timeout(pause)
            self.passed.append(self.world.now)
            yield self.world.timeout(self.model.seconds)

    def _pause(self) -> float:
        """Return the seconds until the limits of the last minute let one more request pass."""
        while self.passed and self.passed[0] <= self.world.now - MINUTE:
            self.passed.popleft()
        limits = [self.model.rpm] if self.model.rpm else []
        if self.model.tpm:
            limits.append(max(1, self.model.tpm // self.model.tokens))
        over = [limit for limit in limits if len(self.passed) >= limit]
        return max((self.passed[-n] + MINUTE - self.world.now for n in over), default=0.0)
