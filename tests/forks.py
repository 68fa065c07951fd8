"""Commands in processes that begin with the program imported: forks of one that waits for them.

Importing is most of a short command's time, and most tests of commands run several. A fork shares
nothing with the others from there on: it has its own folder, environment, arguments and output,
and ends as a process of its own does. What is to be seen of the start itself runs a new process.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LIGHT = "import summarize.__main__, summarize.pipeline, summarize.backends.local, aiohttp"
HEAVY = f"{LIGHT}; from summarize.backends import litellm; litellm.load()"
HOSTED = ("openai/", "anthropic/", "gemini/", "azure/", "gpt-")
# What a process reads as it starts, and a fork has read already.
AT_START = ("PYTHON", "LC_", "LANG")


def forkable(options: dict[str, Any]) -> bool:
    """Tell whether a command can run in a fork: with nothing but what one is told."""
    there = options.get("env", os.environ)
    names = {name for name in (*there, *os.environ) if name.startswith(AT_START)}
    same = all(there.get(name) == os.environ.get(name) for name in names)
    return same and sys.platform == "linux" and options.keys() <= {"cwd", "env", "input", "timeout"}


class Forks:
    """A process that has imported what `preload` says, and forks for each command."""

    def __init__(self, preload: str) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            code = f"{preload}\nfrom tests.forks import serve\nserve({theirs.fileno()})"
            self._process = subprocess.Popen(
                [sys.executable, "-c", code], cwd=ROOT, pass_fds=[theirs.fileno()]
            )

    def close(self) -> None:
        """End it: it does when nobody can ask it any more."""
        self._ours.close()
        self._process.wait()

    def run(
        self,
        arguments: list[str],
        *,
        cwd: object,
        timeout: float,
        env: dict[str, str] | None = None,
        input: str = "",  # noqa: A002 - as subprocess has it
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as `subprocess.run` does, its output captured as text."""
        told = {"arguments": arguments, "cwd": os.fspath(str(cwd)), "env": dict(env or os.environ)}
        answer, end = os.pipe()
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(input.encode())
            given.seek(0)
            files = [given.fileno(), out.fileno(), err.fileno(), end]
            try:
                socket.send_fds(self._ours, [json.dumps(told).encode()], files)
            finally:
                os.close(end)
            with os.fdopen(answer) as ended:
                pid = int(ended.readline())
                if not select.select([ended], [], [], timeout)[0]:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(arguments, timeout)
                code = int(ended.readline())
            said = []
            for file in (out, err):
                file.seek(0)
                said.append(file.read().decode().replace("\r\n", "\n"))
        return subprocess.CompletedProcess(arguments, code, *said)


def serve(channel: int) -> None:
    """Fork for each command that is told, until nobody can tell any more."""
    import gc

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=channel) as asked:
        while True:
            told, files, _, _ = socket.recv_fds(asked, 1_000_000, 4)
            if not told:
                return
            if os.fork() == 0:
                asked.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _watch(json.loads(told), files)
            for file in files:
                os.close(file)


def _watch(told: dict[str, Any], files: list[int]) -> None:
    """Run a command in a fork, say its process and then how it ended; never returns."""
    *streams, answer = files
    pid = os.fork()
    if pid == 0:
        os.close(answer)
        _command(told, streams)
    os.write(answer, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(answer, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _command(told: dict[str, Any], streams: list[int]) -> None:
    """Be the command; never returns."""
    import atexit
    import random
    import threading
    import traceback

    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["env"])
    tempfile.tempdir = None
    random.seed()
    sys.argv = ["roundup", *told["arguments"]]
    code = 0
    try:
        from summarize.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201
    except BaseException:  # noqa: BLE001 - as the interpreter says what nobody caught
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
