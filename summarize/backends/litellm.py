"""Every hosted model, and any other that litellm knows.

litellm is imported when the first request is due and not before: it costs seconds and 165 MB.
Its own retries are off, since they ignore `Retry-After` for most providers; ours read it.
"""

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from summarize.backends.backend import Backend, Batches, Model
from summarize.backends.patient import Patient
from summarize.backends.providers import (
    BASES,
    key_hint,
    key_of,
    key_variables,
    maker,
    missing_key,
    provider,
)
from summarize.errors import BackendError, ReplyError, RoundupError, TooLong, Transient
from summarize.prices import find
from summarize.records import Reply, Request
from summarize.schema import summary_schema
from summarize.secrets import hidden, know_environment
from summarize.settings import Clock, Settings
from summarize.web import is_loopback, listens, retry_after

_CLOSED: list[dict[str, Any]] = []
_LOOPBACK = "localhost,127.0.0.1,::1"


def reply_format(tokens: int) -> dict[str, Any]:
    """Return what asks for the fixed schema, as OpenAI spells it."""
    schema = summary_schema(tokens)
    return {
        "type": "json_schema",
        "json_schema": {"name": "Summary", "schema": schema, "strict": True},
    }


def _host(settings: Settings) -> str:
    return urlsplit(settings.api_base or "").hostname or ""


def _located(settings: Settings, environment: Mapping[str, str]) -> Settings:
    names = BASES.get(provider(settings.model), ())
    given = next((environment[name] for name in names if environment.get(name)), None)
    keys = key_variables(settings.model) or (f"{maker(settings.model).upper()}_API_KEY",)
    key = settings.api_key or next((k for name in keys if (k := environment.get(name))), "")
    return dataclasses.replace(settings, api_base=settings.api_base or given, api_key=key)


def _service(settings: Settings) -> str | None:
    if settings.api_base:
        return None if is_loopback(_host(settings)) else _host(settings)
    return provider(settings.model) or f"the provider of {settings.model}"


def _endpoint(settings: Settings) -> str:
    if not settings.api_base:
        return ""
    return "local" if is_loopback(_host(settings)) else _host(settings)


def said_of(error: Exception) -> str:
    """Return what an error says, on one line; a service may repeat a key in it."""
    return hidden(" ".join(str(getattr(error, "message", error)).split()))[:300]


def load() -> Any:
    """Import litellm as quietly as it can be: no network, no banner, no log."""
    import logging
    import warnings

    know_environment(os.environ)  # it finds keys there by itself
    # Both are read on import; without them it fetches price lists first.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    # A server on this machine is never asked by way of a proxy, which would read the text.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), _LOOPBACK)))
    # A request that is cancelled before litellm awaits its own coroutine.
    warnings.filterwarnings("ignore", r"coroutine '.*' was never awaited", RuntimeWarning)
    warnings.filterwarnings("ignore", module=r"(litellm|pydantic|openai|httpx|aiohttp)(\.|$)")
    try:
        import litellm
    except ModuleNotFoundError as error:
        if error.name != "litellm":
            raise
        raise BackendError(
            "hosted models are asked by way of litellm, which is not installed",
            "pip install litellm",
        ) from error

    litellm.suppress_debug_info = True  # its help banner goes to stdout
    litellm.drop_params = True
    litellm.telemetry = False
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx", "openai", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    caller = _Caller(settings, clock)
    try:
        yield Model(caller.ask, caller.ready, hold=caller.hold)
    finally:
        await caller.close()


class _Caller:
    """Asks one model; imports litellm when the first request is due."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = asyncio.Lock()
        self._litellm: Any = None
        self._patient = Patient(self._once, settings, clock)
        self.hold = self._patient.hold

    async def ready(self) -> int | None:
        """See that the key is there, and that something listens at an address that was given."""
        settings = self._settings
        base = settings.api_base
        if (
            not base
            and not settings.api_key
            and (missing := missing_key(settings.model, os.environ))
        ):
            raise BackendError(
                f"{settings.model} needs a key", f"set {missing} in the environment, then run again"
            )
        known = find(settings.model)
        if (
            not base
            and not known
            and not provider(settings.model)
            and not key_variables(settings.model)
        ):
            raise BackendError(
                f"no service is known that has a model {settings.model}",
                "write its provider before it, as in openai/gpt-4o-mini; for a server of your own, "
                "llamacpp/, ollama/ or local/",
            )
        local = base and is_loopback(_host(settings))  # further away, a proxy may stand
        if base and local and not await listens(base, settings.connect_timeout):
            raise BackendError(
                f"{settings.model} gives no answer: nothing listens at {base}",
                "start the model's server, or correct --api-base",
            ) from Transient("nothing listens there")
        return settings.window or (known.max_input if known and not base else None)

    async def ask(self, request: Request) -> Reply:
        """Ask, and ask again after what passes: a quota, a dropped connection, a bad gateway."""
        async with self._lock:
            if self._litellm is None:
                self._litellm = await asyncio.to_thread(load)
        return await self._patient.ask(request)

    async def _once(self, request: Request) -> Reply:
        settings = self._settings
        options: dict[str, Any] = {"max_tokens": request.reply_tokens, **request.params}
        try:
            response = await self._litellm.acompletion(
                model=settings.model,
                messages=[message.model_dump() for message in request.messages],
                response_format=reply_format(request.reply_tokens),
                timeout=settings.request_timeout,
                max_retries=0,
                api_base=settings.api_base,
                api_key=key_of(settings),
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
            meaning = self._meaning(error)
            # Where there are headers, the service itself said no: it charges nothing for that.
            meaning.free = bool(getattr(error, "litellm_response_headers", None))
            raise meaning from error

    def _meaning(self, error: Exception) -> RoundupError:
        """Return what litellm's exception means for the run."""
        lib, model = self._litellm, self._settings.model
        if isinstance(error, lib.AuthenticationError | lib.PermissionDeniedError) or (
            "Missing credentials" in str(error)
        ):
            return BackendError(
                f"{model}: the service refused the key", f"{key_hint(model)}, then run again"
            )
        if isinstance(error, lib.NotFoundError):
            return BackendError(f"{model}: the service knows no such model", "check --model")
        if isinstance(error, lib.ContextWindowExceededError):
            return TooLong("the paper is longer than the model's context window")
        if isinstance(error, lib.ContentPolicyViolationError):
            return ReplyError("the service refused this paper's text")
        if isinstance(error, lib.BadRequestError):
            said = said_of(error)
            if self._patient.answers:
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
            busy = status in {429, 503, 529} or isinstance(error, lib.RateLimitError)
            return Transient(what, retry_after=stated, busy=busy)
        return ReplyError(f"asking failed: {type(error).__name__}")

    async def close(self) -> None:
        """Close what litellm keeps open."""
        if self._litellm is not None:
            with suppress(Exception):
                await self._litellm.close_litellm_async_clients()
                # It would hand the closed ones out to the next run of this process. What it leaves
                # open in them is kept, or Python would complain of it.
                clients = self._litellm.in_memory_llm_clients_cache
                _CLOSED.append(dict(clients.cache_dict))
                clients.flush_cache()


def _batches(settings: Settings, clock: Clock) -> Batches | None:
    from summarize.backends.litellm_batches import offered

    return offered(settings, clock)


BACKEND = Backend(
    connect=_connect, service=_service, endpoint=_endpoint, located=_located, batches=_batches
)
