"""The leaves that a cluster gives to a run: a backend, and a pool of readers."""

import dataclasses
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from summarize.backends import Ask, Backend, Model
from summarize.backends.patient import Patient
from summarize.cluster import wire, work
from summarize.cluster.address import Address
from summarize.cluster.link import Link
from summarize.cluster.wire import Asking
from summarize.errors import ExtractError, InputError, RoundupError, Transient
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings
from summarize.workers import Pool, Readers

BASE = "ROUNDUP_API_BASE"  # where a worker looks for its server, unless another name is given
OWN_ATTEMPTS = 3  # at one request, by a worker at its own server, before another may have it
_SOMEWHERE = "http://127.0.0.1"  # where a worker's server is, as far as this machine knows
_ALL_AT_ONCE = 4096  # requests: how many there are at once, the workers' slots say


class Cluster:
    """One cluster, for one run. `base` names the variable that holds a worker's server's address.

    A cluster that is started here gets `variables` into its workers' environment, and `slots` for
    as many requests at once, over all of its workers.
    """

    def __init__(
        self,
        address: Address,
        *,
        base: str = BASE,
        variables: Mapping[str, str] | None = None,
        slots: int = 8,
        readers: int = 1,
        most: int | None = None,
    ) -> None:
        """Take the most requests at once that the person wants, if they say so."""
        self.address = address
        self._most = most
        self._base = base
        workers = address.workers or os.cpu_count() or 1
        each, reading = -(-slots // workers), -(-readers // workers)
        self._start: dict[str, Any] = {
            "n_workers": workers,
            "threads_per_worker": each + reading,
            "resources": {"model": each, "pdf": reading},
            "env": dict(variables or {}),
        }
        self._link: Link | None = None

    # --- reading ---

    @asynccontextmanager
    async def readers(self, settings: Settings) -> AsyncIterator[Readers]:
        """Give what reads PDFs on the workers; open, too, what the model is asked through."""
        async with (
            Link(self.address, Clock(), self._start, self._most) as self._link,
            Pool(settings) as pool,
        ):
            yield _Readers(self._link, pool, settings)

    # --- asking ---

    def backend(self, own: Backend) -> Backend:
        """Return a backend whose model the workers ask, each as its `own` environment says."""

        @asynccontextmanager
        async def connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
            assert self._link is not None, "enter `readers` first"
            async with own.connect(settings, clock) as here:
                if own.picks:
                    yield dataclasses.replace(here, ask=self._picked(here, settings))
                else:
                    hosted = own.service(settings) is not None
                    yield _model(self._link, settings, clock, self._base, hosted=hosted)

        def service(settings: Settings) -> str | None:
            where = None if self.address.is_here else f"the workers of {self.address.host}"
            return ", and ".join(filter(None, (where, own.service(settings)))) or None

        def located(settings: Settings, environment: Mapping[str, str]) -> Settings:
            said = environment.get(self._base, "").split()
            given = said[0] if said else settings.api_base
            try:
                return own.located(dataclasses.replace(settings, api_base=given), environment)
            except InputError:
                if given:
                    raise
                # Only the workers know where it is.
                here = dataclasses.replace(settings, api_base=_SOMEWHERE)
                return own.located(here, environment)

        return own._replace(connect=connect, service=service, located=located)

    def _picked(self, here: Model, settings: Settings) -> Ask:
        """Return what picks a paper's sentences where papers are read: on workers, or else here."""
        assert self._link is not None
        link, asking = self._link, Asking.of(settings, self._base, 1)

        async def ask(request: Request) -> Reply:
            await link.open()
            if not link.workers("pdf"):
                return await here.ask(request)
            text = await link.run(work.ask, wire.order(asking, request), resource="pdf")
            return wire.replied(text)

        return ask


def _model(link: Link, settings: Settings, clock: Clock, base: str, *, hosted: bool) -> Model:
    """Return the model that workers ask.

    A hosted one sends each request once, since each try may be charged, and is paced from here,
    since its limits hold for all workers together. A worker's own server is paced there.
    """
    asking = Asking.of(settings, base, 1 if hosted else OWN_ATTEMPTS)
    counts = True

    async def once(request: Request) -> Reply:
        text = await link.run(work.ask, wire.order(asking, request), resource="model")
        try:
            return wire.replied(text)
        except Transient as error:
            error.busy = error.busy and hosted
            raise

    async def ready() -> int | None:
        windows: list[int] = []
        met: list[RoundupError] = []
        for text in await link.everywhere(work.ready, wire.order(asking), resource="model"):
            try:
                window = wire.answered(text)
                windows += [window] if isinstance(window, int) else [0]
            except RoundupError as error:
                met.append(error)
        if not windows:
            raise wire.combined(met)
        return min(filter(None, windows), default=None)

    async def count(request: Request) -> int | None:
        nonlocal counts
        if not counts:
            return None
        await link.open("model")
        order, workers = wire.order(asking, request), link.workers("model")
        try:
            found = wire.answered(await link.run(work.count, order, workers=workers))
        except Transient:
            return None  # whoever was to count died
        counts = isinstance(found, int)
        return found if isinstance(found, int) else None

    patient = Patient(once, dataclasses.replace(settings, jobs=_ALL_AT_ONCE), clock)
    return Model(patient.ask, ready, count, patient.hold, link.slots["model"])


class _Readers(Readers):
    """Reads PDFs on workers that have `pdf`; where there are none, on this machine.

    So it is with PDFs that ask for a password: it does not leave this machine.
    """

    def __init__(self, link: Link, pool: Pool, settings: Settings) -> None:
        self._link = link
        self._pool = pool
        self._settings = settings

    async def call(
        self,
        function: str,
        data: bytes,
        arguments: Mapping[str, str | int | bool],
        started: Callable[[], None] = lambda: None,
    ) -> bytes:
        """Call a function by its name; return its answer, as `Pool` does."""
        link, settings = self._link, self._settings
        await link.open()
        if arguments.get("password") or not link.workers("pdf"):
            return await self._pool.call(function, data, arguments, started)
        async with link.slots["pdf"]:
            started()
            try:
                answer: bytes = await link.run(
                    work.extract, function, data, arguments,
                    settings.read_timeout, settings.read_memory, resource="pdf",
                )  # fmt: skip
            except Transient as error:
                raise ExtractError(f"reading the PDF failed: {error.message}") from error
        return answer
