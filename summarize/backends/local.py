"""Servers of one's own: Ollama, llama.cpp, LM Studio, vLLM, llamafile, and any like them.

They are asked directly, without litellm, which costs seconds and 165 MB: more than a small board
has to give. What a model's name begins with says which server it is; what differs between servers
is in their dialects (`openai_dialect`, `ollama_dialect`).
"""

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from summarize.backends.backend import Backend, Model
from summarize.backends.dialect import Dialect, Server
from summarize.backends.ollama_dialect import OLLAMA
from summarize.backends.openai_dialect import OPENAI
from summarize.backends.patient import Patient
from summarize.errors import BackendError, InputError, Transient
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings
from summarize.web import Api, Unreachable, is_loopback

_KEY = "ROUNDUP_API_KEY"
SERVERS = {
    "ollama": Server(
        "Ollama", OLLAMA, "http://127.0.0.1:11434", ("OLLAMA_API_BASE", "OLLAMA_HOST"),
        start="ollama serve", loads=True,
    ),
    "llamacpp": Server(
        "llama.cpp", OPENAI, "http://127.0.0.1:8080/v1", ("LLAMACPP_API_BASE",),
        start="llama-server -m MODEL.gguf", tokenizes=True,
    ),
    "lmstudio": Server(
        "LM Studio", OPENAI, "http://127.0.0.1:1234/v1", ("LM_STUDIO_API_BASE",),
        start="lms server start", key="LM_STUDIO_API_KEY", lists=True, native="/api/v0/models",
        loads=True,
    ),
    "vllm": Server(
        "vLLM", OPENAI, "http://127.0.0.1:8000/v1", ("HOSTED_VLLM_API_BASE", "VLLM_API_BASE"),
        start="vllm serve MODEL", key="HOSTED_VLLM_API_KEY", lists=True,
    ),
    "llamafile": Server(
        "llamafile", OPENAI, "http://127.0.0.1:8080/v1", ("LLAMAFILE_API_BASE",),
        start="./MODEL.llamafile --server", tokenizes=True,
    ),
    "local": Server("the server", OPENAI, "", ("OPENAI_BASE_URL",), start="your model's server"),
}  # fmt: skip
# litellm's names for the same servers.
ALIASES = {"ollama_chat": "ollama", "lm_studio": "lmstudio", "hosted_vllm": "vllm"}


def server(model: str) -> tuple[Server, str]:
    """Return the server that a model's name begins with, and what the server calls the model."""
    prefix, _, name = model.partition("/")
    return SERVERS[ALIASES.get(prefix, prefix)], name


def located(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Fill in the server's address and key; a host alone gets its scheme and port."""
    found, name = server(settings.model)
    if not name:
        raise InputError(f"--model {settings.model} names no model", "write ollama/qwen3, say")
    given = next((environment[v] for v in found.variables if environment.get(v)), "")
    base = settings.api_base or given or found.base
    if not base:
        raise InputError(
            f"--model {settings.model} needs the address of its server",
            "give it with --api-base http://localhost:8080/v1, say",
        )
    key = settings.api_key or environment.get(_KEY, "") or environment.get(found.key, "")
    return dataclasses.replace(settings, api_base=_whole(base, found), api_key=key)


def _whole(base: str, found: Server) -> str:
    """Complete an address: `OLLAMA_HOST` may be a host and port, and 0.0.0.0 is where to listen."""
    if "://" not in base:
        parts, usual = urlsplit(f"//{base}"), urlsplit(found.base)
        base = f"http://{parts.hostname or usual.hostname}:{parts.port or usual.port}{parts.path}"
    base = base.replace("//0.0.0.0", "//127.0.0.1")
    return base.rstrip("/") + found.dialect.path_of(base)


def _host(settings: Settings) -> str:
    return urlsplit(settings.api_base or "").hostname or "localhost"


def _service(settings: Settings) -> str | None:
    return None if is_loopback(_host(settings)) else _host(settings)


def _endpoint(settings: Settings) -> str:
    return "local" if is_loopback(_host(settings)) else _host(settings)


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    found, name = server(settings.model)
    api = Api(
        settings.api_base or found.base, clock,
        key=settings.api_key, timeout=settings.local_timeout,
    )  # fmt: skip
    async with api:
        caller = Caller(found, name, api, settings, clock)
        yield Model(caller.patient.ask, caller.ready, caller.count)


class Caller:
    """Asks one model of one server."""

    def __init__(
        self, found: Server, name: str, api: Api, settings: Settings, clock: Clock
    ) -> None:
        self.patient = Patient(self._once, settings, clock)
        self._server = found
        self._api = api
        self._settings = settings
        self._clock = clock
        self._dialect: Dialect = found.dialect(found, name, settings)

    async def ready(self) -> int | None:
        """See that the server is there and has the model; wait while it loads it."""
        for _ in range(self._settings.attempts):
            try:
                return await self._dialect.ready(self._api)
            except Unreachable as error:
                raise BackendError(
                    f"{self._settings.model} gives no answer: {error.message}",
                    f"start {self._server.name} ({self._server.start}), or correct --api-base",
                ) from error
            except Transient as error:
                problem = error
                await self._clock.sleep(min(error.retry_after or 2.0, self._settings.patience))
        raise BackendError(
            f"{self._settings.model} gives no answer: {problem.message}",
            f"see what {self._server.name} says at {self._api.base}",
        ) from problem

    async def count(self, request: Request) -> int | None:
        """Return how many tokens a request has by the server's own tokenizer, if it tells."""
        try:
            return await self._dialect.count(self._api, request)
        except Transient:
            return None  # asking waits for it to come back, and tells what is wrong

    async def _once(self, request: Request) -> Reply:
        return await self._dialect.ask(self._api, request, proven=self.patient.answers > 0)


BACKEND = Backend(connect=_connect, service=_service, endpoint=_endpoint, located=located)

__all__ = ["ALIASES", "BACKEND", "SERVERS", "Caller", "server"]
