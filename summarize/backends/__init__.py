"""Whoever answers a request: the embedded summarizer, or a model.

To add a backend: one file with a `BACKEND`, and one line in `BACKENDS`. What a model's name
begins with (`extractive`, `replay:FILE`, `ollama/...`) chooses; every other name is litellm's.
"""

from importlib import import_module

from summarize.backends.backend import Ask, Backend, Batches, Flight, Model
from summarize.backends.slots import Slots
from summarize.errors import InputError

# Named by module, so that choosing one loads no other.
BACKENDS: dict[str, str] = {
    "extractive": "summarize.backends.extractive",
    "replay": "summarize.backends.replay",
    "gguf": "summarize.backends.gguf",
    "local": "summarize.backends.local",
    "litellm": "summarize.backends.litellm",
}
# The servers that `local` speaks to, and litellm's names for them.
LOCAL = frozenset(
    "ollama llamacpp lmstudio vllm llamafile local ollama_chat lm_studio hosted_vllm".split()
)

__all__ = [
    "BACKENDS",
    "LOCAL",
    "Ask",
    "Backend",
    "Batches",
    "Flight",
    "Model",
    "Slots",
    "choose",
]


def choose(model: str) -> Backend:
    """Return the backend that a model's name asks for. Raises `InputError` for no name at all."""
    if not model.strip():
        raise InputError("--model is empty", "name a model, or leave it out for `extractive`")
    prefix, _, _ = model.partition("/")
    name = "local" if prefix in LOCAL else model.partition(":")[0]
    name = name if name in BACKENDS else "litellm"
    backend: Backend = import_module(BACKENDS[name]).BACKEND
    return backend
