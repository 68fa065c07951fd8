"""Every hosted model, and any other that litellm knows.

litellm is imported when the first request is due and not before: it costs seconds and 165 MB.
Its own retries are off, since they ignore `Retry-After` for most providers; ours read it.
"""

import asyncio
import dataclasses
import functools
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from summarize.backends.backend import Ask, Backend
from summarize.errors import BackendError, ReplyError, RoundupError, TooLong, Transient
from summarize.records import Reply, Request, Summary
from summarize.settings import Clock, Settings
from summarize.web import is_loopback, listens, patiently, retry_after

# Served on this machine unless an address says otherwise.
_LOCAL = {"ollama", "ollama_chat", "lm_studio", "llamafile", "hosted_vllm", "llamacpp"}
_LOOPBACK = "localhost,127.0.0.1,::1"
# Where each provider's server is, if its variable says so: litellm would read them unseen.
_BASES = {
    "": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "azure": ("AZURE_API_BASE",),
    "anthropic": ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    "ollama": ("OLLAMA_API_BASE",),
    "ollama_chat": ("OLLAMA_API_BASE",),
    "lm_studio": ("LM_STUDIO_API_BASE",),
    "llamafile": ("LLAMAFILE_API_BASE",),
    "hosted_vllm": ("HOSTED_VLLM_API_BASE",),
}
_KEYS = {
    "anthropic": "ANTHROPIC_API_KEY",
    "azure": "AZURE_API_KEY",
    "cohere": "COHERE_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "together_ai": "TOGETHERAI_API_KEY",
    "xai": "XAI_API_KEY",
}


@functools.cache
def _format() -> dict[str, Any]:
    """Return what asks for the fixed schema, as OpenAI spells it."""
    schema = Summary.model_json_schema()
    return {
        "type": "json_schema",
        "json_schema": {"name": "Summary", "schema": schema, "strict": True},
    }


def _provider(model: str) -> str:
    prefix, slash, _ = model.partition("/")
    return prefix if slash else ""


def _host(settings: Settings) -> str:
    return urlsplit(settings.api_base or "").hostname or ""


def _located(settings: Settings, environment: Mapping[str, str]) -> Settings:
    names = _BASES.get(_provider(settings.model), ())
    given = next((environment[name] for name in names if environment.get(name)), None)
    return dataclasses.replace(settings, api_base=settings.api_base or given)


def _service(settings: Settings) -> str | None:
    if settings.api_base:
        return None if is_loopback(_host(settings)) else _host(settings)
    provider = _provider(settings.model)
    if provider in _LOCAL:
        return None
    return provider or f"the provider of {settings.model}"


def _endpoint(settings: Settings) -> str:
    if not settings.api_base:
        return ""
    return "local" if is_loopback(_host(settings)) else _host(settings)


def _key_hint(model: str) -> str:
    name = _KEYS.get(_provider(model))
    return f"check {name} in the environment" if name else "check the provider's key"


def _load() -> Any:
    """Import litellm as quietly as it can be: no network, no banner, no log."""
    import logging
    import warnings

    # Both are read on import; without them it fetches price lists first.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    # A server on this machine is never asked by way of a proxy, which would read the text.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), _LOOPBACK)))
    # A request that is cancelled before litellm awaits its own coroutine.
    warnings.filterwarnings("ignore", r"coroutine '.*' was never awaited", RuntimeWarning)
    warnings.filterwarnings("ignore", module=r"(litellm|pydantic|openai|httpx|aiohttp)(\.|$)")
    import litellm

    litellm.suppress_debug_info = True  # its help banner goes to stdout
    litellm.drop_params = True
    litellm.telemetry = False
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx", "openai", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Ask]:
    caller = _Caller(settings, clock)
    try:
        yield caller.ask
    finally:
        await caller.close()


class _Caller:
    """Asks one model; imports litellm when the first request is due."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = asyncio.Lock()
        self._litellm: Any = None
        self._answers = 0  # a server that has answered is there; one that has not may not be

    async def ask(self, request: Request) -> Reply:
        """Ask, and ask again after what passes: a quota, a dropped connection, a bad gateway."""
        async with self._lock:
            if self._litellm is None:
                await self._there()
                self._litellm = await asyncio.to_thread(_load)
        before = self._answers
        try:
            async for attempt in patiently(
                self._settings.attempts, self._settings.patience, self._clock
            ):
                with attempt:
                    reply = await self._once(request)
        except Transient as error:
            if self._answers > before:
                raise ReplyError(f"{error.message}, {self._settings.attempts} times") from error
            raise BackendError(
                f"{self._settings.model} gives no answer: {error.message}",
                "see that its server runs and that --api-base is right, then run the same "
                "command again: what is done is kept",
            ) from error
        self._answers += 1
        return reply

    async def _there(self) -> None:
        """Raise `BackendError` at once where nothing listens at the address that was given."""
        base = self._settings.api_base
        local = base and is_loopback(_host(self._settings))  # further away, a proxy may stand
        if base and local and not await listens(base, self._settings.connect_timeout):
            raise BackendError(
                f"{self._settings.model} gives no answer: nothing listens at {base}",
                "start the model's server, or correct --api-base",
            )

    async def _once(self, request: Request) -> Reply:
        settings = self._settings
        options: dict[str, Any] = {"max_tokens": settings.reply_tokens, **request.params}
        try:
            response = await self._litellm.acompletion(
                model=settings.model,
                messages=[message.model_dump() for message in request.messages],
                response_format=_format(),
                timeout=settings.request_timeout,
                max_retries=0,
                api_base=settings.api_base,
                api_key=self._key(),
                **options,
            )
            choice = response.choices[0]
            usage = getattr(response, "usage", None)
            return Reply(
                text=choice.message.content or "",
                # litellm turns a missing usage into zeros.
                tokens_read=getattr(usage, "prompt_tokens", None) or None,
                tokens_written=getattr(usage, "completion_tokens", None) or None,
                finish=choice.finish_reason or "stop",
                cost=(getattr(response, "_hidden_params", None) or {}).get("response_cost"),
            )
        except Exception as error:
            raise self._meaning(error) from error

    def _key(self) -> str | None:
        """A server of one's own wants no key, but litellm's OpenAI client does."""
        own = self._settings.api_base and _provider(self._settings.model) == "openai"
        return "none" if own and not os.environ.get("OPENAI_API_KEY") else None

    def _meaning(self, error: Exception) -> RoundupError:
        """Return what litellm's exception means for the run."""
        lib, model = self._litellm, self._settings.model
        if isinstance(error, lib.AuthenticationError | lib.PermissionDeniedError) or (
            "Missing credentials" in str(error)
        ):
            return BackendError(
                f"{model}: the service refused the key", f"{_key_hint(model)}, then run again"
            )
        if isinstance(error, lib.NotFoundError):
            return BackendError(f"{model}: the service knows no such model", "check --model")
        if isinstance(error, lib.ContextWindowExceededError):
            return TooLong("the paper is longer than the model's context window")
        if isinstance(error, lib.ContentPolicyViolationError):
            return ReplyError("the service refused this paper's text")
        if isinstance(error, lib.BadRequestError):
            said = " ".join(str(getattr(error, "message", error)).split())[:300]
            if self._answers:
                return ReplyError(f"the service refused the request: {said}")
            return BackendError(f"{model}: the request can't be sent: {said}", "check --model")
        passing = (
            lib.RateLimitError,
            lib.Timeout,
            lib.APIConnectionError,
            lib.InternalServerError,
            lib.ServiceUnavailableError,
            lib.BadGatewayError,
        )
        if isinstance(error, passing):
            headers = getattr(error, "litellm_response_headers", None) or {}
            stated = retry_after(headers.get("retry-after"), self._clock.now())
            status = getattr(error, "status_code", "")
            what = f"its server answered {status}" if status else "its server can't be reached"
            return Transient(what, retry_after=stated)
        return ReplyError(f"asking failed: {type(error).__name__}")

    async def close(self) -> None:
        """Close what litellm keeps open."""
        if self._litellm is not None:
            with suppress(Exception):
                await self._litellm.close_litellm_async_clients()


BACKEND = Backend(connect=_connect, service=_service, endpoint=_endpoint, located=_located)
