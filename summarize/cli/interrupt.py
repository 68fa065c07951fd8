"""Ctrl-C: stop within a second, whatever is under way."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

from summarize.errors import RoundupError

GRACE = 0.7  # seconds in which a run may close what it has open

T = TypeVar("T")


class Stopped(RoundupError):
    """The person stopped the run."""

    exit_code: ClassVar[int] = 130


def run(work: Coroutine[Any, Any, T], how_to_go_on: Callable[[], str]) -> T:
    """Run a coroutine to its end, or until Ctrl-C (or SIGTERM). Raises `Stopped`."""
    stopped = False

    def message() -> str:
        return f"stopped: {how_to_go_on()}"

    def leave() -> None:
        """End the process: a library that is being imported in a thread can't be cancelled."""
        print(f"\nroundup: {message()}", file=sys.stderr, flush=True)
        os._exit(Stopped.exit_code)

    async def interruptible() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def stop() -> None:
            nonlocal stopped
            if stopped:
                leave()
            stopped = True
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
    except (asyncio.CancelledError, KeyboardInterrupt) as error:
        raise Stopped(message()) from error
