"""Whoever answers a request: the embedded summarizer, or a model.

To add a backend: one file with a `BACKEND`, and one line in `BACKENDS`. What a model's name
begins with (`extractive`, `replay:FILE`) chooses; every other name is litellm's.
"""

from importlib import import_module

from summarize.backends.backend import Ask, Backend
from summarize.errors import InputError

# Named by module, so that choosing one loads no other.
BACKENDS: dict[str, str] = {
    "extractive": "summarize.backends.extractive",
    "replay": "summarize.backends.replay",
    "litellm": "summarize.backends.litellm",
}

__all__ = ["BACKENDS", "Ask", "Backend", "choose"]


def choose(model: str) -> Backend:
    """Return the backend that a model's name asks for. Raises `InputError` for no name at all."""
    if not model.strip():
        raise InputError("--model is empty", "name a model, or leave it out for `extractive`")
    prefix = model.partition(":")[0]
    name = prefix if prefix in BACKENDS else "litellm"
    backend: Backend = import_module(BACKENDS[name]).BACKEND
    return backend
