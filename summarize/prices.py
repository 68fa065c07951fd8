"""What models cost: looked up in litellm's price file, without importing litellm.

The file lies in litellm's package and is as old as the version that is installed. Importing
litellm to read it would take seconds and 165 MB.
"""

import functools
import importlib.util
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from summarize.records import Json, Prompt

FILE = "model_prices_and_context_window_backup.json"
# Asked on a machine of one's own, whatever the model: litellm's names for such servers, and ours.
LOCAL = frozenset(
    "extractive replay gguf local ollama ollama_chat llamacpp llamafile lmstudio lm_studio vllm "
    "hosted_vllm".split()
)
_MODES = frozenset({"chat", "completion", "responses"})
# They search the web for every request, and charge for that by a price of its own.
_SEARCHING = frozenset({"perplexity"})
_STEP = re.compile(r"(?:in|out)put_cost_per_token_above_(\d+)k_tokens")


class Rate(NamedTuple):
    """US dollars a token, where a prompt has more than `above` tokens.

    `most_read` and `most_written` are the dearest tokens of their kind: read into a cache, or
    written as a thought.
    """

    above: int
    read: float
    written: float
    most_read: float
    most_written: float


class Price(NamedTuple):
    """What a model of `provider` costs, by rates that begin with the one of a short prompt.

    `batch` is the rate of the provider's batch endpoint, and `request` what one request costs
    whatever its length. `max_input` and `max_output` are in tokens. What is not known is None.
    """

    provider: str
    rates: tuple[Rate, ...]
    batch: Rate | None = None
    request: float = 0.0
    max_input: int | None = None
    max_output: int | None = None

    @property
    def free(self) -> bool:
        """Whether nothing is charged."""
        return not self.most(2**30, 2**30)

    def of(self, read: int, written: int) -> float:
        """Return what a request costs that read and wrote so many tokens."""
        rate = next((r for r in reversed(self.rates) if read > r.above), self.rates[0])
        return self.request + read * rate.read + written * rate.written

    def most(self, read: int, written: int) -> float:
        """Return the most that a request can cost that reads and writes at most so many."""
        rates = [rate for rate in self.rates if rate.above <= read]
        return (
            self.request
            + read * max(rate.most_read for rate in rates)
            + written * max(rate.most_written for rate in rates)
        )


FREE = Price("local", (Rate(0, 0.0, 0.0, 0.0, 0.0),))


def price_of(model: str, prompt: Prompt) -> Price | None:
    """Return what a model costs; None where that is not known.

    A prompt that asks for a service tier asks for a price of its own.
    """
    return None if "service_tier" in prompt.params else find(model)


def find(model: str, book: Mapping[str, Json] | None = None) -> Price | None:
    """Return what a model costs, by its name as litellm takes it; None where that is unknown.

    A prefix such as `openai/` may be there or not, as in litellm. What runs on a machine of one's
    own costs nothing. `book` is a price file's content, if not litellm's.
    """
    prefix = re.split(r"[/:]", model, maxsplit=1)[0]
    if prefix in LOCAL:
        return FREE
    book = _book() if book is None else book
    provider, slash, rest = model.partition("/")
    if entry := book.get(_untuned(model)):
        return _price(entry)
    entry = book.get(_untuned(rest)) if slash else None
    # Without its provider, the same name may be another's: `cohere` is listed as `cohere_chat`,
    # `vertex_ai` as `vertex_ai-language-models`.
    if entry and re.match(rf"{re.escape(provider)}(?![a-z0-9])", _provider(entry)):
        return _price(entry)
    return None


def _untuned(name: str) -> str:
    """Return the name that a fine-tuned model is listed by: `ft:gpt-4o` for `ft:gpt-4o:org::id`."""
    return ":".join(name.split(":")[:2]) if name.startswith("ft:") else name


def _price(entry: Json) -> Price | None:
    provider, rates = _provider(entry), _rates(entry)
    if str(entry.get("mode")) not in _MODES or provider in _SEARCHING or 0 not in rates:
        return None
    return Price(
        provider=provider,
        rates=tuple(rates[above] for above in sorted(rates)),
        batch=_rate(entry, 0, "_batches"),
        request=_number(entry, "input_cost_per_request") or 0.0,
        max_input=_count(entry, "max_input_tokens"),
        max_output=_count(entry, "max_output_tokens"),
    )


def _rates(entry: Json) -> dict[int, Rate]:
    """Return the rates of an entry by the length of the prompts that they begin above."""
    found = {0: _rate(entry, 0)}
    for name in entry:
        if step := _STEP.fullmatch(name):
            above = int(step[1]) * 1000
            found[above] = _rate(entry, above, f"_above_{step[1]}k_tokens")
    tiers = entry.get("tiered_pricing")
    for tier in tiers if isinstance(tiers, list) else ():
        span = tier.get("range") if isinstance(tier, dict) else None
        begin = _number({"begin": span[0]}, "begin") if isinstance(span, list) and span else None
        if begin is not None:
            found[int(begin)] = _rate(tier, int(begin))
    return {above: rate for above, rate in found.items() if rate}


def _rate(entry: Json, above: int, suffix: str = "") -> Rate | None:
    """Return the rate whose fields end in `suffix`; a step may leave one as it was below it."""
    base = "" if above else suffix
    read = _number(entry, f"input_cost_per_token{suffix}", f"input_cost_per_token{base}")
    written = _number(entry, f"output_cost_per_token{suffix}", f"output_cost_per_token{base}")
    if read is None or written is None:
        return None
    cached = _number(entry, f"cache_creation_input_token_cost{suffix}") or 0.0
    thought = _number(entry, f"output_cost_per_reasoning_token{suffix}") or 0.0
    return Rate(above, read, written, max(read, cached), max(written, thought))


def _provider(entry: Json) -> str:
    return str(entry.get("litellm_provider", ""))


def _number(entry: Json, *names: str) -> float | None:
    """Return the first of these fields that is a price."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, int | float) and math.isfinite(value) and value >= 0:
            return float(value)
    return None


def _count(entry: Json, name: str) -> int | None:
    found = _number(entry, name)
    return int(found) if found else None


def source() -> str:
    """Say whose prices these are."""
    import importlib.metadata

    return f"the price file of litellm {importlib.metadata.version('litellm')}"


@functools.cache
def _book() -> Mapping[str, Json]:
    """Read the price file, once; nothing where it can't be had."""
    try:
        spec = importlib.util.find_spec("litellm")  # finds a package, and does not import it
    except ValueError:  # something else goes by its name
        return {}
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            found: Any = json.loads((Path(folder) / FILE).read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(found, dict):
            return {name: entry for name, entry in found.items() if isinstance(entry, dict)}
    return {}
