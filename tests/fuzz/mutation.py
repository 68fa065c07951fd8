"""Changes to JSON that leave it JSON: what a fuzzer that knows of bytes alone seldom finds."""

import json
import random
from typing import Any

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, 10**40, 1e308, float("nan"), "", "x", " ", "7",
    "\ud800", "\0",
    "é\u202e", "a\nb", [], {}, [[]], [None], [{}], {"": None}, {"x": {}}, ["x"], [1], "x" * 300,
)  # fmt: skip
_DEPTH = 300


def changed(data: bytes, seed: int) -> bytes | None:
    """Return an input whose JSON says something else; None where it has none.

    A byte or two before it name a way, and what more a target wants.
    """
    rng = random.Random(seed)
    start = next((at for at in range(min(3, len(data))) if data[at] in b"{["), None)
    if start is None:
        return None
    try:
        value = json.loads(data[start:])
    except (ValueError, RecursionError):
        return None
    for _ in range(rng.choice((1, 1, 2, 5))):
        value = _with(value, rng)
    text = json.dumps(value, ensure_ascii=rng.random() < 0.8)
    return data[:start] + text.encode("utf-8", "surrogatepass")


def _with(value: Any, rng: random.Random, depth: int = 0) -> Any:
    """Return a value with one change somewhere in it."""
    inside = isinstance(value, dict | list) and value and rng.random() < 0.85 and depth < _DEPTH
    if not inside:
        return rng.choice(_VALUES)
    if isinstance(value, dict):
        name = rng.choice([*value])
        kind = rng.randrange(8)
        if kind == 0:
            return {k: v for k, v in value.items() if k != name}
        if kind == 1:
            return value | {rng.choice(("", "\ud800", name + "x")): value[name]}
        if kind == 2:
            return value | {name: [value[name]]}
        return value | {name: _with(value[name], rng, depth + 1)}
    at, kind = rng.randrange(len(value)), rng.randrange(8)
    if kind == 0:
        return [*value[:at], *value[at + 1 :]]
    if kind == 1:
        return [*value, value[at]]
    if kind == 2:
        return {"x": value}
    return [*value[:at], _with(value[at], rng, depth + 1), *value[at + 1 :]]
