"""Backends: who is asked, who may read, and what each failure means for the run."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from summarize import backends, prices
from summarize.backends import BACKENDS, Ask, litellm
from summarize.errors import BackendError, InputError, ReplyError, RoundupError
from summarize.records import Message, Passage, Reply, Request
from summarize.settings import Clock, Settings

REQUEST = Request(
    model="m",
    messages=(Message(role="user", content="x"),),
    passages=(
        Passage(text="A title", kind="front"),
        Passage(text="We propose a method that does one thing well on all our data.", page=2),
    ),
)


def ask(settings: Settings, clock: Clock, times: int = 1) -> Reply:
    """Ask the backend of these settings the same thing a number of times."""

    async def connected() -> Reply:
        async with backends.choose(settings.model).connect(settings, clock) as model:
            if settings.api_base:
                await model.ready()
            for _ in range(times - 1):
                await model.ask(REQUEST)
            return await model.ask(REQUEST)

    return asyncio.run(connected())


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_every_backend_is_whole(name: str) -> None:
    """Each backend in the table loads, and says who would read the text and where."""
    backend = backends.choose(name)
    settings = Settings(model=f"{name}/x")
    assert backend.service(settings) is None or isinstance(backend.service(settings), str)
    assert isinstance(backend.endpoint(settings), str)


@pytest.mark.parametrize("name", sorted({*BACKENDS} - {"litellm"}))
def test_what_holds_no_budget_is_free(name: str) -> None:
    """Every backend whose tries can't be held to a budget charges nothing for them."""
    price = prices.find(f"{name}/x")
    assert price is not None
    assert price.free


def test_no_model_is_an_input_error() -> None:
    """An empty model name is refused, with what to do."""
    with pytest.raises(InputError, match="--model is empty"):
        backends.choose(" ")


@pytest.mark.parametrize(
    ("model", "base", "service"),
    [
        ("openai/gpt-4o", None, "openai"),
        ("anthropic/claude", None, "anthropic"),
        ("gpt-4o", None, "the provider of gpt-4o"),
        ("openai/x", "http://127.0.0.1:8080/v1", None),
        ("openai/x", "http://localhost:1", None),
        ("openai/x", "https://models.example.org/v1", "models.example.org"),
        ("openai/x", "http://192.168.1.5:8080/v1", "192.168.1.5"),
        ("ollama_chat/qwen3", None, None),
        ("ollama/qwen3", "https://far.example.org", "far.example.org"),
    ],
)
def test_who_would_read_the_text(model: str, base: str | None, service: str | None) -> None:
    """What leaves the machine is named; what stays on it needs no leave."""
    assert backends.choose(model).service(Settings(model=model, api_base=base)) == service


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("ollama_chat/qwen3", "OLLAMA_API_BASE"),
        ("hosted_vllm/x", "HOSTED_VLLM_API_BASE"),
        ("ollama/x", "OLLAMA_HOST"),
        ("openai/gpt-4o", "OPENAI_BASE_URL"),
        ("gpt-4o", "OPENAI_BASE_URL"),
    ],
)
def test_a_variable_can_not_hide_a_service(model: str, variable: str) -> None:
    """An address in a provider's own variable is known before text is sent, and a flag beats it."""
    backend = backends.choose(model)
    environment = {variable: "https://far.example.org/v1"}
    located = backend.located(Settings(model=model), environment)
    assert backend.service(located) == "far.example.org"
    given = Settings(model=model, api_base="http://localhost:1/v1")
    assert backend.located(given, environment) == given


def test_an_endpoint_has_no_port() -> None:
    """The same local model on another port is the same model to the cache."""
    endpoint = backends.choose("openai/x").endpoint
    one, other = (Settings(api_base=f"http://127.0.0.1:{port}/v1") for port in (1, 2))
    assert endpoint(one) == endpoint(other) == "local"
    assert endpoint(Settings()) == ""
    assert endpoint(Settings(api_base="https://a.example.org:99/v1")) == "a.example.org"


def test_replay_answers_from_its_file(tmp_path: Path, clock: Clock) -> None:
    """Replies come by the request's key, else in turn, the last one for ever."""
    file = tmp_path / "replies.jsonl"
    file.write_text('{"text": "one"}\n{"text": "two"}\n')
    settings = Settings(model=f"replay:{file}")
    assert [ask(settings, clock, n).text for n in (1, 2, 3)] == ["one", "two", "two"]
    file.write_text(json.dumps({"key": REQUEST.key, "text": "mine"}) + '\n{"text": "other"}\n')
    assert ask(settings, clock, 2).text == "mine"
    file.write_text("nonsense")
    with pytest.raises(BackendError, match="is not a file of replies"):
        ask(settings, clock)


def test_extractive_answers_in_the_schema(clock: Clock) -> None:
    """The embedded summarizer gives the same JSON that a model is asked for."""
    reply = json.loads(ask(Settings(), clock).text)
    assert reply["tldr"] == "We propose a method that does one thing well on all our data."


# --- litellm, its library replaced by one that raises what it is told ---


class Double(ModuleType):
    """Stands in for litellm: the same exceptions, and a scripted `acompletion`."""

    def __init__(self, script: list[Any]) -> None:
        super().__init__("litellm")
        self.script = script
        self.calls: list[dict[str, Any]] = []
        self.closed = False
        base = type("BadRequestError", (Exception,), {})
        for name in (
            "AuthenticationError", "PermissionDeniedError", "NotFoundError", "RateLimitError",
            "Timeout", "APIConnectionError", "InternalServerError", "ServiceUnavailableError",
            "BadGatewayError",
        ):  # fmt: skip
            setattr(self, name, type(name, (Exception,), {"status_code": 0}))
        self.BadRequestError = base
        self.ContextWindowExceededError = type("ContextWindowExceededError", (base,), {})
        self.ContentPolicyViolationError = type("ContentPolicyViolationError", (base,), {})

    async def acompletion(self, **options: Any) -> Any:
        """Answer, or raise, what the script says next."""
        self.calls.append(options)
        step = self.script.pop(0) if self.script else "fine"
        if step == "fine":
            usage = SimpleNamespace(prompt_tokens=10, completion_tokens=5)
            message = SimpleNamespace(content="text")
            choice = SimpleNamespace(message=message, finish_reason="stop")
            hidden = {"response_cost": 0.01}
            return SimpleNamespace(choices=[choice], usage=usage, _hidden_params=hidden)
        name, headers = step if isinstance(step, tuple) else (step, {})
        error = getattr(self, name)(name)
        error.litellm_response_headers = headers
        raise error

    async def close_litellm_async_clients(self) -> None:
        """Note that it was closed."""
        self.closed = True


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """Put the double in litellm's place."""
    module = Double([])
    monkeypatch.setitem(sys.modules, "litellm", module)
    yield module
    assert module.closed or not module.calls


def test_no_proxy_reads_what_stays_here(
    double: Double, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a proxy set, a server on this machine is still asked directly."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("NO_PROXY", "example.com")
    ask(Settings(model="openai/x"), clock)
    assert os.environ["NO_PROXY"] == "example.com,localhost,127.0.0.1,::1"


def test_a_reply_says_what_it_cost(double: Double, clock: Clock) -> None:
    """Tokens, cost and how it ended are the service's own figures; litellm retries nothing."""
    reply = ask(Settings(model="openai/x"), clock)
    assert reply == Reply(text="text", tokens_read=10, tokens_written=5, cost=0.01)
    (call,) = double.calls
    assert call["max_retries"] == 0
    schema = call["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["tldr", "notes"]
    assert schema["$defs"]["Note"]["required"] == ["kind", "text", "quote", "page"]


def test_each_try_is_held_to_a_budget(double: Double, clock: Clock) -> None:
    """A guard sees every try, and which of them the service itself refused, free of charge."""
    double.script = ["APIConnectionError", ("RateLimitError", {"retry-after": "1"}), "fine"]
    tries: list[object] = []

    def guard(send: Ask) -> Ask:
        async def guarded(request: Request) -> Reply:
            try:
                tries.append(await send(request))
            except RoundupError as error:
                tries.append(error.free)
                raise
            return Reply(text="held")

        return guarded

    async def connected() -> Reply:
        settings = Settings(model="openai/x", api_base="http://localhost:9")
        async with backends.choose("openai/x").connect(settings, clock) as model:
            model.hold(guard)
            return await model.ask(REQUEST)

    assert asyncio.run(connected()).text == "held"
    assert tries[:2] == [False, True]
    assert len(tries) == 3


@pytest.mark.parametrize(
    "name",
    ["RateLimitError", "Timeout", "APIConnectionError", "InternalServerError",
     "ServiceUnavailableError", "BadGatewayError"],
)  # fmt: skip
def test_what_passes_is_asked_again(name: str, double: Double, clock: Clock) -> None:
    """A quota, a time-out or a broken server is asked again until it answers."""
    double.script = [name] * 3
    assert ask(Settings(model="openai/x"), clock).text == "text"
    assert len(double.calls) == 4


def test_retry_after_is_kept_to(double: Double, clock: Clock) -> None:
    """The next try comes no sooner than the service asked for."""
    double.script = [("RateLimitError", {"retry-after": "33"})]
    before = clock.monotonic()
    ask(Settings(model="openai/x"), clock)
    assert 33 <= clock.monotonic() - before < 34


@pytest.mark.parametrize(
    ("name", "says", "hint"),
    [
        ("AuthenticationError", "refused the key", "check OPENAI_API_KEY"),
        ("PermissionDeniedError", "refused the key", "check OPENAI_API_KEY"),
        ("NotFoundError", "knows no such model", "check --model"),
        ("BadRequestError", "can't be sent", "check --model"),
    ],
)
def test_what_does_not_pass_stops_the_run(
    name: str, says: str, hint: str, double: Double, clock: Clock
) -> None:
    """A wrong key or model is said once, with what to do, and not asked again."""
    double.script = [name]
    with pytest.raises(BackendError, match=says) as caught:
        ask(Settings(model="openai/x"), clock)
    assert hint in caught.value.hint
    assert len(double.calls) == 1


@pytest.mark.parametrize(
    "name", ["ContextWindowExceededError", "ContentPolicyViolationError", "BadRequestError"]
)
def test_what_is_one_papers_fault_skips_it(name: str, double: Double, clock: Clock) -> None:
    """A refusal of one paper by a service that answers others costs that paper alone."""
    double.script = ["fine", name]
    with pytest.raises(ReplyError):
        ask(Settings(model="openai/x"), clock, times=2)


def test_a_service_that_never_answers_stops_the_run(double: Double, clock: Clock) -> None:
    """When every try fails and nothing ever came, the run stops and says how to go on."""
    double.script = ["InternalServerError"] * 99
    with pytest.raises(BackendError, match="gives no answer") as caught:
        ask(Settings(model="openai/x", attempts=4), clock)
    assert len(double.calls) == 4
    assert "run the same command again" in caught.value.hint


def test_nothing_listening_is_said_at_once(double: Double, clock: Clock) -> None:
    """A local address where no server is costs one connection and no import."""
    settings = Settings(model="openai/x", api_base="http://127.0.0.1:9/v1")
    with pytest.raises(BackendError, match="nothing listens at"):
        ask(settings, clock)
    assert double.calls == []


@pytest.mark.parametrize("model", ["openai/x", "gpt-4o"])
def test_a_server_of_ones_own_needs_no_key(
    model: str, double: Double, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an OpenAI-compatible server of one's own is given a placeholder, never a hosted one."""
    ask(Settings(model=model), clock)
    assert double.calls[0]["api_key"] is None
    monkeypatch.setattr(litellm, "listens", lambda *_: asyncio.sleep(0, result=True))
    ask(Settings(model=model, api_base="http://127.0.0.1:1"), clock)
    assert double.calls[1]["api_key"] == ("none" if model == "openai/x" else None)
