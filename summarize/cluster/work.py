"""What a worker does: it asks a model of its own, or reads a PDF, and answers in JSON.

These functions run inside Dask's worker, on its event loop; a PDF is read in a killable process
below it, as on a single machine. What is open stays open for the next task.
"""

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from summarize import backends
from summarize.backends import Model, balanced
from summarize.cluster import wire
from summarize.cluster.wire import Asking
from summarize.errors import BackendError, ExtractError, RoundupError, Transient
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings
from summarize.workers import Pool, failed

PATIENCE = 20.0  # seconds for which a slot waits for the worker's own server to come back
LOOK_AGAIN = 1.0
_AT_ONCE = 512  # readers: how many there are, Dask's resources say

_asked: dict[str, "Asked"] = {}
_pools: dict[tuple[float, int], Pool] = {}


async def ask(order: str) -> str:
    """Ask a request of this worker's model."""
    try:
        asking, request = wire.ordered(order)
        assert request is not None
        return wire.answer(await _model(asking).ask(request))
    except RoundupError as error:
        return wire.refusal(error, _name())


async def count(order: str) -> str:
    """Count a request's tokens, where this worker's server can tell."""
    try:
        asking, request = wire.ordered(order)
        assert request is not None
        return wire.answer(await (await _model(asking).open()).count(request))
    except RoundupError as error:
        return wire.refusal(error, _name())


async def ready(order: str) -> str:
    """See that this worker's model will answer; return its context window, if it is known."""
    try:
        asking, _ = wire.ordered(order)
        return wire.answer(await (await _model(asking).open()).ready())
    except RoundupError as error:
        return wire.refusal(error, _name())


async def extract(
    function: str, data: bytes, arguments: dict[str, Any], timeout: float, memory: int
) -> bytes:
    """Call a function that reads a PDF, in a killable process; return its answer as it is."""
    limits = (timeout, memory)
    if limits not in _pools:
        _pools[limits] = Pool(Settings(workers=_AT_ONCE, read_timeout=timeout, read_memory=memory))
    try:
        return await _pools[limits].call(function, data, arguments)
    except ExtractError as error:
        return failed(error)


class Asked:
    """One model as this worker asks it, by what its own environment says of keys and addresses.

    A server that is found dead is waited for by whoever holds a slot, so that a worker without one
    does not draw all the work to itself by failing fastest.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._model: Model | None = None
        self._is_down = False

    async def open(self) -> Model:
        """Return the model, connected. Raises `InputError` where this worker lacks its address."""
        async with self._opening:
            if self._model is None:
                settings = self._asking.applied()
                bases = os.environ.get(self._asking.base, "").split()
                settings = replace(
                    settings, api_base=bases[0] if bases else None, more_bases=tuple(bases[1:])
                )
                backend = balanced.over(backends.choose(settings.model), settings)
                settings = backend.located(settings, os.environ)
                self._model = await self._stack.enter_async_context(
                    backend.connect(settings, Clock())
                )
            return self._model

    async def ask(self, request: Request) -> Reply:
        """Ask. Raises `Transient` for what another worker may do, or this one later."""
        model = await self.open()
        await self._back(model)
        try:
            return await model.ask(request)
        except RoundupError as error:
            if not isinstance(error.__cause__, Transient):
                raise
            self._is_down = True  # until it says that it is ready
            raise error.__cause__ from None

    async def _back(self, model: Model) -> None:
        """Wait until the server is back that was found dead."""
        clock = Clock()
        until = clock.monotonic() + PATIENCE
        while self._is_down:
            try:
                await model.ready()
                self._is_down = False
            except BackendError as error:
                if clock.monotonic() >= until:
                    raise Transient(error.message, error.hint) from error
                await clock.sleep(LOOK_AGAIN)


def _model(asking: Asking) -> Asked:
    name = repr(asking)
    if name not in _asked:
        _asked[name] = Asked(asking)
    return _asked[name]


def _name() -> str:
    """Return how Dask calls this worker."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return "here"
