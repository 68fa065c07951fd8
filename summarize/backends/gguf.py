"""A GGUF file alone: llama.cpp's own server is started for it, on this machine, and stopped.

`gguf:PATH` needs the extra `local` (xllamacpp, which carries llama.cpp). The server listens on a
loopback port that the system chooses, has as much context as the machine has memory for, and ends
with the run, however the run ends: its life hangs on a pipe.
"""

import asyncio
import contextlib
import dataclasses
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from summarize.backends.backend import Backend, Model
from summarize.backends.dialect import Server
from summarize.backends.gguf_header import NotGguf, header
from summarize.backends.local import Caller
from summarize.backends.openai_dialect import OPENAI
from summarize.errors import BackendError, InputError
from summarize.records import Reply, Request
from summarize.settings import MB, Clock, Settings
from summarize.web import Api

WINDOW = 16_384  # tokens: room for most of a paper
LEAST_WINDOW = 2_048  # tokens
SPARE = 300 * MB  # of the machine's memory, for everything else
LOADING = 600.0  # seconds that a large model may take to load from a slow disk
HEAD = MB  # bytes of a file that, with its size, tell it from others

_SERVER = Server("llama.cpp", OPENAI, "", start="it was started for you", tokenizes=True)


def _path(settings: Settings) -> Path:
    return Path(settings.model.partition(":")[2]).expanduser()


def _located(settings: Settings, _: Mapping[str, str]) -> Settings:
    """See that there is a model in the file, and that it can be served. Asks one thing at once."""
    path = _path(settings)
    if settings.api_base:
        raise InputError(f"--api-base is not for {settings.model}: its server is started here")
    try:
        header(path)
    except (OSError, NotGguf) as error:
        raise InputError(
            f"{path} can't be used as a model: {error}", "name a .gguf file"
        ) from error
    if not find_spec("xllamacpp"):
        raise InputError(
            f"{settings.model} needs llama.cpp", "pip install 'paper-roundup[local]' has it"
        )
    return dataclasses.replace(settings, jobs=1)  # one paper has all of the processor


def _endpoint(settings: Settings) -> str:
    """Name the file by what it holds: another model under the same name is another model."""
    path = _path(settings)
    try:
        with path.open("rb") as file:
            held = hashlib.sha256(file.read(HEAD))
        held.update(str(path.stat().st_size).encode())
    except OSError:
        return "gguf"
    return f"gguf-{held.hexdigest()[:16]}"


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    async with contextlib.AsyncExitStack() as stack:
        served = _Served(settings, clock, stack)
        yield Model(served.ask, served.ready, served.count)


class _Served:
    """A model whose server is started when it is first needed."""

    def __init__(self, settings: Settings, clock: Clock, stack: contextlib.AsyncExitStack) -> None:
        self._settings = settings
        self._clock = clock
        self._stack = stack
        self._caller: Caller | None = None

    async def ready(self) -> int | None:
        """Start the server; return the context that it was given."""
        if self._caller is None:
            settings = self._settings
            base = await self._stack.enter_async_context(_serving(_path(settings), settings.window))
            api = Api(f"{base}/v1", self._clock, timeout=settings.local_timeout)
            await self._stack.enter_async_context(api)
            self._caller = Caller(_SERVER, _path(settings).name, api, settings, self._clock)
        return await self._caller.ready()

    async def ask(self, request: Request) -> Reply:
        """Ask the server."""
        assert self._caller, "ready comes first"
        return await self._caller.patient.ask(request)

    async def count(self, request: Request) -> int | None:
        """Return how many tokens a request has."""
        assert self._caller, "ready comes first"
        return await self._caller.count(request)


@asynccontextmanager
async def _serving(path: Path, window: int | None) -> AsyncIterator[str]:
    """Run a server for a file; give its address. Raises `BackendError` where it can't start."""
    tokens = window or fitting_window(path, free_memory())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "summarize.backends.gguf_server", str(path), str(tokens),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C is ours to handle
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    errors = asyncio.create_task(process.stderr.read())
    try:
        try:
            async with asyncio.timeout(LOADING):
                line = (await process.stdout.readline()).decode().split()
        except TimeoutError as error:
            raise BackendError(f"{path} was not loaded within {LOADING:.0f} s") from error
        if line[:1] != ["READY"]:
            said = (await errors).decode("utf-8", "replace").strip()
            last = said.splitlines()[-1][:200] if said else "llama.cpp ended without a word"
            raise BackendError(
                f"{path} can't be loaded: {last}",
                "see that the file is whole, and no newer than this llama.cpp",
            )
        yield line[1]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await errors


def fitting_window(path: Path, memory: int) -> int:
    """Return how many tokens of context a model can have in so many bytes of free memory.

    The weights take the file's size; each token of context takes, in every layer, a key and a
    value of two bytes for each dimension of each key-value head.
    """
    held = header(path)
    left = memory - path.stat().st_size - SPARE
    fits = left // held.bytes_per_token if held.bytes_per_token else WINDOW
    return max(LEAST_WINDOW, min(WINDOW, held.context_length or WINDOW, fits) // 256 * 256)


def free_memory() -> int:
    """Return how many bytes of memory are free; a guess where the system does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 4096 * MB


BACKEND = Backend(connect=_connect, endpoint=_endpoint, located=_located)
