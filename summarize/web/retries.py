"""When to ask again: after what the server said, or after a random while."""

import contextlib
import email.utils
import random
from typing import TYPE_CHECKING

from summarize.errors import Transient
from summarize.log import tell
from summarize.settings import Clock

if TYPE_CHECKING:
    import tenacity

LONGEST = 900.0  # seconds after which one request is not tried again


def retry_after(value: str | None, now: float) -> float | None:
    """Read a `Retry-After` header, in either of its forms, as seconds from `now`.

    RFC 9110, 10.2.3: a number of seconds, or a date. What is neither is None.
    """
    if not value:
        return None
    with contextlib.suppress(ValueError):
        return max(0.0, float(value))
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def patiently(
    attempts: int, patience: float, clock: Clock, *, stage: str
) -> "tenacity.AsyncRetrying":
    """Return the one retry loop: on `Transient`, after what the server said or with jitter.

    The log is told of each time, as of a `stage` of the run.
    """
    import tenacity

    jitter = tenacity.wait_random_exponential(multiplier=0.5, max=min(20.0, patience))

    def wait(state: "tenacity.RetryCallState") -> float:
        error = state.outcome.exception() if state.outcome else None
        stated = error.retry_after if isinstance(error, Transient) else None
        # A little more than was asked for, and not all at once.
        return jitter(state) if stated is None else min(stated, patience) + random.uniform(0, 0.25)

    def told(state: "tenacity.RetryCallState") -> None:
        error = state.outcome.exception() if state.outcome else None
        cause = error.message if isinstance(error, Transient) else type(error).__name__
        waits = round(state.next_action.sleep, 3) if state.next_action else 0.0
        tell(
            "asked again",
            stage,
            level="warning",
            cause=cause,
            attempt=state.attempt_number,
            waits=waits,
        )

    return tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception_type(Transient),
        wait=wait,
        # A server that hangs is not waited for ten times over.
        stop=tenacity.stop_after_attempt(attempts) | tenacity.stop_after_delay(LONGEST),
        before_sleep=told,
        sleep=clock.sleep,
        reraise=True,
    )
