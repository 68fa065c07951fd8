"""The connection to a cluster: what is submitted there comes back, whoever dies meanwhile.

A worker that dies costs what it had in hand: Dask gives that to another. A scheduler that dies
forgets everything: what was submitted is submitted again once it is back.
"""

import asyncio
import contextlib
import functools
import logging
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal, Self

from summarize.backends import Slots
from summarize.cluster.address import Address
from summarize.errors import BackendError, Transient
from summarize.settings import Clock

Resource = Literal["model", "pdf"]
RESOURCES: tuple[Resource, ...] = ("model", "pdf")
CONNECTING = 10.0  # seconds for a scheduler to answer at first
PATIENCE = 120.0  # seconds in which one that was there may come back
WORKERS = 60.0  # seconds in which a worker of the right kind may come
LOOK_AGAIN = 1.0  # seconds between looks at which workers there are
CONNECTED = 0.2  # seconds between looks at whether the scheduler is back
AHEAD = 1  # requests for each worker beyond its slots, so that a free one need not wait for us
LOST = 4  # times that a task may lose its worker: then it is what kills them


class Link:
    """A connection that is opened when it is first needed. Enter it around all of its use."""

    def __init__(
        self, address: Address, clock: Clock, start: Mapping[str, Any], most: int | None = None
    ) -> None:
        """Take the options with which a cluster of this run's own is started.

        `most` requests are asked at once, whatever the workers could take.
        """
        self._most = most
        self.slots = {name: Slots(0) for name in RESOURCES}
        self._address = address
        self._clock = clock
        self._start = start
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._at = address.scheduler
        self._client: Any = None
        self._workers: dict[str, dict[Resource, int]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def workers(self, resource: Resource) -> list[str]:
        """Return the addresses of the workers that have some of a resource."""
        return [name for name, has in self._workers.items() if has.get(resource)]

    async def open(self, resource: Resource | None = None) -> None:
        """Connect; with a resource, see that there are workers that have it.

        Raises `BackendError` where there is no scheduler, or no such worker comes.
        """
        await self._connected()
        until = self._clock.monotonic() + WORKERS
        while resource and not self.workers(resource):
            if self._clock.monotonic() > until:
                raise BackendError(
                    f"no worker at {self._at} has the resource `{resource}`",
                    f"start some: dask worker {self._at} --nthreads 4 "
                    f'--resources "{resource}=4", with paper-roundup[cluster] installed',
                )
            await self._clock.sleep(LOOK_AGAIN / 4)
            await self._look()

    async def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        resource: Resource | None = None,
        workers: Sequence[str] | None = None,
    ) -> Any:
        """Have a function called on a worker; return what it returns.

        Raises `BackendError` where the scheduler has gone and does not come back, `Transient`
        where worker after worker died of it, or all of the `workers` that were to be asked.
        """
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        for _ in range(LOST):
            client = await self._connected()
            key = f"roundup-{function.__name__}-{uuid.uuid4().hex}"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a PDF is large
                future = client.submit(
                    function, *arguments, key=key, pure=False, workers=workers,
                    resources={resource: 1} if resource else None,
                )  # fmt: skip
            try:
                return await self._result(future, workers)
            except KilledWorker:
                continue
            except (FutureCancelledError, OSError):
                continue  # the scheduler has forgotten it
            except ImportError as error:
                raise BackendError(
                    f"a worker at {self._at} has no roundup: {error}",
                    "install paper-roundup[cluster] on every worker, as it is here",
                ) from error
            finally:
                with contextlib.suppress(Exception):
                    future.release()
        raise Transient(f"the workers that were given it died, {LOST} times")

    async def everywhere(
        self, function: Callable[..., Any], *arguments: Any, resource: Resource
    ) -> list[Any]:
        """Have a function called on every worker that has a resource; return what each returns.

        A worker that dies meanwhile is none of them. Raises `BackendError` where all do, again and
        again.
        """

        async def told(name: str) -> list[Any]:
            with contextlib.suppress(Transient):
                return [await self.run(function, *arguments, workers=[name])]
            return []

        for _ in range(LOST):
            await self.open(resource)
            found = await asyncio.gather(*map(told, self.workers(resource)))
            if any(found):
                return [each for one in found for each in one]
        raise BackendError("every worker died when it was asked")

    # --- how ---

    async def _result(self, future: Any, workers: Sequence[str] | None) -> Any:
        """Wait for a result. Raises `Transient` once none of these workers is there.

        Dask would wait for them to come back, and who comes back has another address.
        """
        result = asyncio.ensure_future(future.result())
        try:
            while not result.done():
                if workers and not self._workers.keys() & {*workers}:
                    raise Transient("the worker that was given it died")
                await asyncio.wait({result}, timeout=LOOK_AGAIN if workers else None)
            return result.result()
        finally:
            result.cancel()

    async def _connected(self) -> Any:
        """Return the client, once it is connected. Raises `BackendError`."""
        if self._client is not None and self._client.status == "running":
            return self._client
        async with self._opening:
            if self._client is None:
                await self._open()
            until = self._clock.monotonic() + PATIENCE
            while self._client.status != "running":
                if self._clock.monotonic() > until:
                    raise BackendError(
                        f"the scheduler at {self._at} has gone, and did not come back within "
                        f"{PATIENCE:.0f} s",
                        "start it, then run the same command again: what is done is kept",
                    )
                if self._client.status == "closed":
                    with contextlib.suppress(OSError):
                        self._client = await self._connect(CONNECTED * 10)
                await self._clock.sleep(CONNECTED)
            return self._client

    async def _open(self) -> None:
        quiet()
        if self._address.is_started_here:
            self._at = await self._stack.enter_async_context(_started(self._start))
        try:
            self._client = await self._connect(CONNECTING)
        except OSError as error:
            raise BackendError(
                f"no scheduler answers at {self._at}",
                "start one (dask scheduler), or correct --cluster",
            ) from error
        self._stack.push_async_callback(self._close)
        await self._look()
        watching = asyncio.create_task(self._watch())
        self._stack.callback(watching.cancel)

    async def _connect(self, timeout: float) -> Any:
        from distributed import Client

        # What comes from workers is text and bytes; what names a function is this program.
        return await Client(  # type: ignore[no-untyped-call]
            self._at, asynchronous=True, timeout=timeout, set_as_default=False
        )

    async def _close(self) -> None:
        with contextlib.suppress(Exception):
            await self._client.close(timeout=1)

    async def _watch(self) -> None:
        """See which workers there are: they come and go."""
        while True:
            await self._clock.sleep(LOOK_AGAIN)
            with contextlib.suppress(Exception):  # the scheduler may be gone
                await self._look()

    async def _look(self) -> None:
        if self._client.status != "running":
            return
        told = await self._client.scheduler.identity(n_workers=-1)
        self._workers = {
            name: {r: _usable(worker, r) for r in RESOURCES}
            for name, worker in told["workers"].items()
        }
        for resource, slots in self.slots.items():
            have = sum(has[resource] for has in self._workers.values())
            if resource == "model":
                # One that lies ready is not asked yet: the workers' slots are the limit then.
                ready = AHEAD * len(self.workers(resource))
                have = self._most if self._most and have > self._most else have + ready
            if have:  # between a worker's two lives is not the end
                await slots.resize(have)


def _usable(worker: Mapping[str, Any], resource: Resource) -> int:
    """Return how much of a resource a worker can use at once: each task takes a thread of it."""
    return min(int(worker["resources"].get(resource, 0)), int(worker["nthreads"]))


@asynccontextmanager
async def _started(options: Mapping[str, Any]) -> AsyncIterator[str]:
    """Start a cluster on this machine, which ends with the context; give its address."""
    from distributed import LocalCluster

    async with LocalCluster(  # type: ignore[no-untyped-call]
        asynchronous=True, processes=True, host="127.0.0.1", dashboard_address=None,
        silence_logs=logging.CRITICAL, **options,
    ) as cluster:  # fmt: skip
        yield str(cluster.scheduler_address)


@functools.cache
def quiet() -> None:
    """Import Dask, and keep it from speaking of what is ours to say."""
    try:
        import distributed  # noqa: F401 - it configures its loggers on import
    except ImportError as error:
        raise BackendError(
            "--cluster needs Dask", "install it: pip install 'paper-roundup[cluster]'"
        ) from error
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"distributed", "tornado", "bokeh", "asyncio"}:
            logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"(distributed|dask|tornado)(\.|$)")
