"""Long inputs: whether the time that a parser takes grows with their length, or with its square.

Each token that means something is repeated to 32 kB, alone and within sound input. What takes long
is given four times as much: a parser whose time grows with the square takes sixteen times as long.
"""

import signal
import time
from collections.abc import Iterator
from types import FrameType

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

SIZE = 32_000  # bytes
LONG = 0.2  # seconds of this process that so much may take unquestioned
GROWTH = 8.0  # times as long, for four times as much
MOST = 8.0  # seconds for 128 kB
COMMON = (
    " ", "\n", "\t", "a", "a ", "0", "(", ")", "[", "]", "{", "}", "<", ">", '"', "'", "*", "_",
    "`", "~",
    "#", "&", "\\", "/", "-", "=", "|", ":", ";", ",", ".", "!", "$", "%", "@", "é", "中", "\0",
    "](", "![",
    "[[", "<a", "</a>", "<!--", "-->", "**", "a*", "{{", "{%", "$$", "\n\n", "\n- ", "\n1. ",
    "\n> ", "\n# ",
    "https://a.b/", "&amp;", "<b>", "<div>", "\n|a|b|", "a:b\n", "\u202e", "\\(", "“", "...", "A. ",
)  # fmt: skip


class TooLong(Exception):
    """It took more than is waited for."""


def cases(target: Target, way: str, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield long inputs, each with what it is made of: a token, alone or within a seed."""
    seed = next(iter(target.seeds().get(way, [])), b"")[:4_000]
    half = len(seed) // 2
    for token in dict.fromkeys((*COMMON, *target.tokens)):
        data = token.encode() * (size // len(token.encode()))
        yield f"{token!r}", data
        if seed:
            yield f"{token!r} within a seed", seed[:half] + data + seed[half:]
    if seed:
        yield "a seed again and again", seed * (size // len(seed) + 1)


def seconds(target: Target, way: str, data: bytes) -> float:
    """Return how long this process is at it; `MOST` where it is given up."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
    start = time.process_time()
    try:
        target.run(way, data)
    except Exception as error:  # noqa: BLE001 - what breaks is the fuzzer's to tell
        if isinstance(error, TooLong):
            return MOST
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


def report(name: str) -> bool:
    """Print what grows too fast; return whether anything does."""
    target, bad = TARGETS[name], False
    for way in target.ways:
        worst, count = (0.0, ""), 0
        longer = dict[str, bytes]()
        for what, data in cases(target, way, SIZE):
            took, count = seconds(target, way, data), count + 1
            worst = max(worst, (took, what))
            if took < LONG:
                continue
            longer = longer or dict(cases(target, way, 4 * SIZE))
            more = seconds(target, way, longer[what])
            if more >= MOST or more > GROWTH * took:
                bad = True
                print(f"GROWS {name} {way}: {what}: {took:.1f} s, then {more:.1f} s", flush=True)
        most = f"{worst[0]:.2f} s at most ({worst[1]})"
        print(f"{name} {way}: {count} inputs of {SIZE // 1000} kB, {most}", flush=True)
    return bad
