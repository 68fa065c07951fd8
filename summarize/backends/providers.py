"""Who makes a hosted model: where its server and its key are said to be."""

import os
from collections.abc import Mapping

from summarize.settings import Settings

# Where each provider's server is, if its variable says so: litellm would read them unseen.
BASES = {
    "": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "azure": ("AZURE_API_BASE",),
    "anthropic": ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
}
# The variables of which one holds a provider's key.
KEYS = {
    "anthropic": ("ANTHROPIC_API_KEY",),
    "azure": ("AZURE_API_KEY",),
    "cohere": ("COHERE_API_KEY",),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "groq": ("GROQ_API_KEY",),
    "mistral": ("MISTRAL_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "together_ai": ("TOGETHERAI_API_KEY", "TOGETHER_AI_API_KEY"),
    "xai": ("XAI_API_KEY",),
}
# The providers of names without one, by how they begin.
_BARE = {"gpt-": "openai", "chatgpt-": "openai", "o1": "openai", "o3": "openai", "o4": "openai",
         "claude-": "anthropic"}  # fmt: skip


def provider(model: str) -> str:
    """Return the provider that a model's name begins with; "" where litellm knows it otherwise."""
    prefix, slash, _ = model.partition("/")
    return prefix if slash else ""


def maker(model: str) -> str:
    """Return the provider of a model, also of one that is called by its bare name."""
    bare = next((name for start, name in _BARE.items() if model.startswith(start)), "")
    return provider(model) or bare


def key_variables(model: str) -> tuple[str, ...]:
    """Return the variables of which one holds the key of a model's provider, where known."""
    return KEYS.get(maker(model), ())


def missing_key(model: str, environment: Mapping[str, str]) -> str:
    """Return what to set, if none of a provider's variables is."""
    names = key_variables(model)
    return "" if any(environment.get(name) for name in names) else " or ".join(names)


def key_of(settings: Settings) -> str | None:
    """Return the key; a placeholder where a server of one's own wants none: litellm's client does.

    Where neither is known here, litellm looks for one itself.
    """
    if settings.api_key:
        return settings.api_key
    own = settings.api_base and provider(settings.model) == "openai"
    return "none" if own and not os.environ.get("OPENAI_API_KEY") else None


def key_hint(model: str) -> str:
    """Return what to look at where the key was refused."""
    names = key_variables(model)
    return f"check {' or '.join(names)} in the environment" if names else "check the provider's key"
