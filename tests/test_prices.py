"""What models cost, from litellm's price file."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import prices

ENTRY: dict[str, Any] = {
    "mode": "chat",
    "litellm_provider": "openai",
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 4e-06,
    "input_cost_per_token_batches": 5e-07,
    "output_cost_per_token_batches": 2e-06,
    "max_input_tokens": 128_000,
    "max_output_tokens": 16_384,
}


def test_the_price_file_is_had_without_litellm() -> None:
    """A hosted model's price comes from the installed litellm's file, and litellm is not loaded."""
    code = (
        "import sys\nfrom summarize import prices\nfound = prices.find('openai/gpt-4o-mini')\n"
        "assert found.provider == 'openai' and not found.free and found.max_input > 100_000\n"
        "assert found == prices.find('gpt-4o-mini')\nassert 'litellm' not in sys.modules\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
def test_prices_are_those_of_litellm() -> None:
    """What litellm charges for tokens, this charges too, but for discounts by the hour."""
    code = """
import json, os, sys
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm
from summarize import prices
litellm.suppress_debug_info = True
same = other = 0
for name, entry in litellm.model_cost.items():
    price = prices.find(name) if "/" in name or "-" in name else None
    if price is None or price is prices.FREE or "off_peak_pricing" in entry:
        continue
    for read, written in ((9_000, 400), (300_000, 2_000)):
        try:
            cost = sum(litellm.cost_per_token(
                name, read, written, custom_llm_provider=entry["litellm_provider"]))
        except Exception:
            continue
        assert cost <= price.most(read, written) * 1.000001, name
        same, other = same + (abs(cost - price.of(read, written)) < 1e-9), other + 1
print(json.dumps([same, other]))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    same, asked = json.loads(ran.stdout.splitlines()[-1])
    assert asked > 4_000
    assert same / asked > 0.99


@pytest.mark.parametrize(
    "model",
    ["extractive", "replay:answers.jsonl", "gguf:model.gguf", "ollama/qwen3", "ollama_chat/qwen3",
     "llamacpp/x", "llamafile/x", "lmstudio/x", "lm_studio/x", "vllm/x", "hosted_vllm/x",
     "local/x"],
)  # fmt: skip
def test_a_machine_of_ones_own_charges_nothing(model: str) -> None:
    """A local server's model is free, whatever it is called."""
    price = prices.find(model, {"x": ENTRY, model: ENTRY})
    assert price is not None
    assert price.free


def test_a_name_is_found_with_and_without_its_provider() -> None:
    """`openai/x` and `x` are one model, a tuned one is listed by its kind, others are unknown."""
    book = {"x": ENTRY, "ft:x": ENTRY, "cohere-x": {**ENTRY, "litellm_provider": "cohere_chat"}}
    assert prices.find("openai/x", book) == prices.find("x", book) is not None
    assert prices.find("openai/ft:x:me::1", book) is not None
    assert prices.find("cohere/cohere-x", book) is not None
    for unknown in ("anthropic/x", "open/x", "openai/y", "y", "openai/", "/x", ""):
        assert prices.find(unknown, book) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "embedding"},
        {"input_cost_per_token": None},
        {"output_cost_per_token": "4e-06"},
        {"output_cost_per_token": float("nan")},
        {"input_cost_per_token": -1},
        {"litellm_provider": "perplexity"},
    ],
)
def test_what_is_not_priced_by_the_token_is_unknown(fields: dict[str, Any]) -> None:
    """An entry without both prices, for another use, or with a search behind it, has no price."""
    assert prices.find("x", {"x": {**ENTRY, **fields}}) is None


def test_a_long_prompt_costs_by_its_own_rate() -> None:
    """Past a step both kinds of tokens cost what the step says; the most takes the dearest."""
    step = {
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "output_cost_per_token_above_200k_tokens": 6e-06,
        "cache_creation_input_token_cost": 1.25e-06,
        "output_cost_per_reasoning_token": 5e-06,
    }
    price = prices.find("x", {"x": {**ENTRY, **step}})
    assert price is not None
    assert price.of(200_000, 10) == pytest.approx(0.2 + 4e-05)
    assert price.of(200_001, 10) == pytest.approx(0.400002 + 6e-05)
    assert price.most(1_000, 10) == pytest.approx(0.00125 + 5e-05)
    assert price.batch is not None
    assert price.batch.read == 5e-07


_FIELDS = [
    "input_cost_per_token", "output_cost_per_token", "input_cost_per_token_above_128k_tokens",
    "output_cost_per_token_above_128k_tokens", "cache_creation_input_token_cost",
    "output_cost_per_reasoning_token", "input_cost_per_request", "input_cost_per_token_batches",
    "output_cost_per_token_batches", "max_input_tokens", "tiered_pricing", "litellm_provider",
    "mode", "range",
]  # fmt: skip
_PRICES = st.floats(0, 1e-3) | st.integers(0, 3)
_JSON = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.sampled_from(["", "chat", "x"])
    | _PRICES
)
_TIERS = st.lists(st.dictionaries(st.sampled_from(_FIELDS), _PRICES | st.lists(_JSON), max_size=4))


@given(
    st.dictionaries(st.sampled_from(_FIELDS), _JSON | _TIERS),
    st.booleans(),
    st.integers(0, 400_000),
    st.integers(0, 9_000),
    st.integers(0, 400_000),
    st.integers(0, 9_000),
)
def test_whatever_a_file_says_the_most_is_the_most(
    entry: dict[str, Any], whole: bool, read: int, written: int, less: int, fewer: int
) -> None:
    """An entry gives a price or none, and no smaller request costs more than the most."""
    price = prices.find("x", {"x": {**entry, **ENTRY} if whole else entry})
    if price is not None:
        most = price.most(read, written)
        assert price.of(min(less, read), min(fewer, written)) <= most * (1 + 1e-12)
