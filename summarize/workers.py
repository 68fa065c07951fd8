"""A pool of killable processes: one bad PDF costs one item, never the run.

Each worker is `python -m summarize.workers`, spoken to over its pipes in frames: a line of JSON,
then bytes. What comes back is JSON and never a pickle, since a worker has read a stranger's file.
A worker that is too slow or too large is killed, with whatever it has started and what that left on
disk, and another one takes its place (`concurrent.futures` would break the whole pool).
"""

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from pydantic import BaseModel, ValidationError

from summarize.errors import ExtractError
from summarize.secrets import public
from summarize.settings import MB, Settings

RECYCLE = 200  # calls after which a worker is replaced: memory lost to a parser is given back
WORN = 0.6  # of the memory it may take: a worker that once held more is replaced, too
MAX_ANSWER = 64 * MB

_WORN = b"!"  # before the answer of a worker that should be replaced

Result = TypeVar("Result", bound=BaseModel)


class Worker:
    """One process, its own folder for what it puts on disk, and how many calls it has served."""

    def __init__(
        self, process: asyncio.subprocess.Process, folder: tempfile.TemporaryDirectory[str]
    ) -> None:
        self._process = process
        self._folder = folder
        self.calls = 0

    @classmethod
    async def start(cls, memory: int) -> Self:
        """Start a process that limits itself to `memory` bytes, where the system can."""
        folder = tempfile.TemporaryDirectory(prefix="roundup-", ignore_cleanup_errors=True)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # no module from the folder that happens to be the current one
                "-m",
                "summarize.workers",
                str(memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=public(os.environ) | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder.name),
                start_new_session=True,  # a Ctrl-C is the parent's to handle
                limit=MAX_ANSWER,
            )
        except BaseException:
            folder.cleanup()
            raise
        return cls(process, folder)

    async def call(self, function: str, data: bytes, arguments: dict[str, Any]) -> bytes:
        """Send a call and return the answer's JSON. Raises `EOFError` when the process is gone."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        self.calls += 1
        head = {"function": function, "arguments": arguments, "size": len(data)}
        try:
            stdin.write(json.dumps(head).encode() + b"\n")
            stdin.write(data)
            await stdin.drain()
            answer = await stdout.readline()
        except (ConnectionError, ValueError) as error:
            raise EOFError from error
        if not answer.endswith(b"\n"):
            raise EOFError
        return answer

    async def end(self) -> None:
        """Kill the process and all that it started, wait until it is gone, and clear up."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own
        await self._process.wait()
        self._folder.cleanup()


class Readers(Protocol):
    """Who calls functions on files of strangers, where they can do no harm."""

    async def run(
        self,
        function: Callable[..., Result],
        returns: type[Result],
        data: bytes,
        *,
        started: Callable[[], None] = lambda: None,
        **arguments: str | int | bool,
    ) -> Result:
        """Call `function(data, **arguments)` where it can do no harm, and return its record.

        `started` is called when it begins. Raises the `ExtractError` that the function raised, or
        one that says why it came to no end.
        """
        return record(await self.call(named(function), data, arguments, started), returns)

    async def call(
        self,
        function: str,
        data: bytes,
        arguments: Mapping[str, str | int | bool],
        started: Callable[[], None] = ...,
    ) -> bytes:
        """Call a function by its name; return its answer for `record`. Raises as `run` does."""
        ...


class Pool(Readers):
    """Up to `Settings.workers` processes, started as they are needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.workers)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(worker.end() for worker in (*self._idle, *self._busy)))

    async def call(
        self,
        function: str,
        data: bytes,
        arguments: Mapping[str, str | int | bool],
        started: Callable[[], None] = lambda: None,
    ) -> bytes:
        """Call a function by its name, once a worker is free; return its answer for `record`.

        Raises the `ExtractError` that says that it took too long (`Settings.read_timeout`), or too
        much memory (`Settings.read_memory`), or that its worker crashed.
        """
        async with self._slots:
            started()
            worker = self._idle.pop() if self._idle else None
            worker = worker or await Worker.start(self._settings.read_memory)
            self._busy.add(worker)
            healthy = False
            try:
                async with asyncio.timeout(self._settings.read_timeout):
                    answer = await worker.call(function, data, dict(arguments))
                healthy = worker.calls < RECYCLE and not answer.startswith(_WORN)
            except TimeoutError as error:
                seconds = self._settings.read_timeout
                raise ExtractError(f"reading the PDF took longer than {seconds:.0f} s") from error
            except EOFError as error:
                raise ExtractError("reading the PDF crashed its reader") from error
            finally:
                self._busy.discard(worker)
                if healthy:
                    self._idle.append(worker)
                else:
                    await asyncio.shield(worker.end())
        return answer


def named(function: Callable[..., Any]) -> str:
    """Return a function's name, as a worker finds it by."""
    return f"{function.__module__}:{function.__qualname__}"


def failed(error: ExtractError) -> bytes:
    """Return an error as a worker answers with it."""
    return json.dumps({"error": error.message, "hint": error.hint}).encode()


def record(answer: bytes, returns: type[Result]) -> Result:
    """Read a worker's answer: a record. Raises the `ExtractError` that it met."""
    try:
        found = json.loads(answer.removeprefix(_WORN))
        if "error" in found:
            raise ExtractError(str(found["error"]), str(found.get("hint", "")))
        return returns.model_validate(found["record"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise ExtractError("reading the PDF gave nonsense") from error


# --- the other side -------------------------------------------------------------------------------


def _limit(memory: int) -> None:
    """Bound this process's memory, and have it end with its parent, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        # prctl(PR_SET_PDEATHSIG): Linux kills this process when the run is killed.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _worn(memory: int) -> bool:
    """Tell whether this process once held so much that what it gave back may lie in pieces."""
    held = _most_held()
    return held is not None and held > WORN * memory


def _most_held() -> int | None:
    """Return the most memory that this process has held, in bytes, where the system tells.

    Linux counts in `ru_maxrss` what the run itself held when it started this process, which may be
    a whole conference's post; `VmHWM` is this process's own.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        told = Path("/proc/self/status").read_text("ascii", "replace")
        return int(told.partition("VmHWM:")[2].split(maxsplit=1)[0]) * 1024
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _answer(head: dict[str, Any], data: bytes) -> bytes:
    module, _, name = head["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    try:
        found = function(data, **head["arguments"]).model_dump_json()
        return f'{{"record": {found}}}'.encode("utf-8", "replace")
    except ExtractError as error:
        return failed(error)
    except (MemoryError, RecursionError):
        return failed(ExtractError("reading the PDF took too much memory"))
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file breaks costs this file
        return failed(ExtractError(f"reading the PDF failed ({type(error).__name__})"))


def serve() -> None:
    """Answer calls from stdin until it ends. Stray prints of a library go nowhere."""
    memory = int(sys.argv[1])
    _limit(memory)
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while line := calls.readline():
        head = json.loads(line)
        answer = _answer(head, calls.read(head["size"]))
        answers.write((_WORN if _worn(memory) else b"") + answer + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve()
