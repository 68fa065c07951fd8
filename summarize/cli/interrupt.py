"""Ctrl-C: stop within a second, whatever is under way."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from summarize.log import tell

GRACE = 0.7  # seconds in which a run may close what it has open

T = TypeVar("T")


STOPPED = 130  # the exit code: 128 and the number of the signal


def run(work: Coroutine[Any, Any, T], how_to_go_on: Callable[[], str]) -> T:
    """Run a coroutine to its end; on Ctrl-C (or SIGTERM) close what is open, and end the process.

    The process is ended outright: a library that is being imported in a thread can't be
    cancelled, and one that has been takes its time to unload.
    """
    stopped = False

    def leave() -> None:
        print(f"\nroundup: stopped: {how_to_go_on()}", file=sys.stderr, flush=True)
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(STOPPED)

    async def interruptible() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def stop() -> None:
            nonlocal stopped
            if stopped:
                leave()
            stopped = True
            tell("run ends", "run", level="warning", how="it was stopped (Ctrl-C)")
            watchdog = threading.Timer(GRACE, leave)
            watchdog.daemon = True
            watchdog.start()
            task.cancel()

        with suppress(NotImplementedError):  # Windows has its own way, which asyncio follows
            loop.add_signal_handler(signal.SIGINT, stop)
            loop.add_signal_handler(signal.SIGTERM, stop)
        return await work

    try:
        return asyncio.run(interruptible())
    except (asyncio.CancelledError, KeyboardInterrupt):
        leave()
        raise
