"""GGUF files: what their heads say, and how much context fits beside them."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize.backends.gguf import LEAST_WINDOW, WINDOW, fitting_window, free_memory
from summarize.backends.gguf_header import Header, NotGguf, header
from summarize.settings import MB


def text(value: str) -> bytes:
    """Spell a string as GGUF does."""
    return struct.pack("<Q", len(value)) + value.encode()


def number(name: str, value: int) -> bytes:
    """Spell a pair of a name and an unsigned number."""
    return text(name) + struct.pack("<II", 4, value)


PAIRS = [
    text("general.architecture") + struct.pack("<I", 8) + text("llama"),
    text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
    text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 3) + bytes(12),
    number("llama.context_length", 32_768),
    number("llama.block_count", 32),
    number("llama.embedding_length", 4_096),
    number("llama.attention.head_count", 32),
    number("llama.attention.head_count_kv", 8),
]
WHOLE = b"GGUF" + struct.pack("<IQQ", 3, 0, len(PAIRS)) + b"".join(PAIRS)


def test_a_head_says_what_context_costs(tmp_path: Path) -> None:
    """Two bytes for each key and value of each layer: 128 kB a token for this model."""
    path = tmp_path / "m.gguf"
    path.write_bytes(WHOLE)
    assert header(path) == Header("llama", 32_768, 2 * 32 * 8 * (128 + 128))


@pytest.mark.parametrize(
    ("memory", "window"),
    [
        (300 * MB + 131_072 * 5_000, 5_000 // 256 * 256),
        (100_000 * MB, WINDOW),
        (0, LEAST_WINDOW),
    ],
)
def test_the_context_fits_the_memory(memory: int, window: int, tmp_path: Path) -> None:
    """As much context as is free beside the weights, no more than is of use, and never none."""
    path = tmp_path / "m.gguf"
    path.write_bytes(WHOLE)
    assert fitting_window(path, memory + len(WHOLE)) == window
    assert free_memory() > 0


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, len(WHOLE)), put=st.binary(max_size=40), end=st.integers(0, len(WHOLE)))
def test_a_damaged_head_is_said(start: int, put: bytes, end: int, tmp_path: Path) -> None:
    """Whatever the bytes, they are read or refused in words, and nothing else happens."""
    path = tmp_path / "m.gguf"
    path.write_bytes(WHOLE[:start] + put + WHOLE[end:])
    with contextlib.suppress(NotGguf):
        assert header(path).bytes_per_token >= 0
