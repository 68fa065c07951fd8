"""One request in the log: of which host, how long it took, what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from summarize.errors import RoundupError
from summarize.log import Fact, Level, tell
from summarize.settings import Clock


@contextmanager
def asked(host: str, stage: str, clock: Clock, url: str = "") -> Iterator[dict[str, Fact]]:
    """Log what happens within as one request; facts that are put in go with it.

    A failure is logged with its message, and goes on. Seconds are those of the monotonic clock.
    """
    facts: dict[str, Fact] = {"host": host, **({"url": _shown(url)} if url else {})}
    began = clock.monotonic()
    try:
        yield facts
    except RoundupError as error:
        facts["problem"] = error.message
        raise
    finally:
        level: Level = "warning" if "problem" in facts else "info"
        tell("host asked", stage, level=level, **facts, seconds=round(clock.monotonic() - began, 3))


def _shown(url: str) -> str:
    """Return an address without what may be secret in it: all of a query but the paper's id."""
    try:
        parts = urlsplit(url)
        ids = parse_qs(parts.query).get("id", [])
        host = parts.hostname or ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{parts.path}" + (f"?id={ids[0]}" if ids else "")
