"""The batches of hosted providers, through litellm's functions for files and batches.

A file of requests, one JSON a line, is answered within a day at about half the price (OpenAI's
Batch API, whose format Azure shares). litellm sends it as it is, so that what its chat function
would have changed for a model (a parameter's name, one that the model does not take) is asked
of litellm before.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from summarize.backends.backend import Batches, Flight
from summarize.backends.litellm import load, reply_format, said_of
from summarize.backends.providers import key_hint, key_of, maker
from summarize.errors import (
    BackendError,
    Garbled,
    Refused,
    ReplyError,
    RoundupError,
    TooLong,
    Transient,
)
from summarize.records import Json, Reply, Request
from summarize.secrets import hidden
from summarize.settings import Clock, Settings
from summarize.web import patiently, retry_after

T = TypeVar("T")

# Where each provider answers what stands in a batch. What is not here has no batches for us.
_ROUTES: Final = {"openai": "/v1/chat/completions", "azure": "/chat/completions"}
_ENDED: Final = frozenset({"completed", "failed", "expired", "cancelled"})
_PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_PAGE, _PAGES = 100, 10  # of the latest batches that are looked through for one of ours


def offered(settings: Settings, clock: Clock) -> Batches | None:
    """Return the batches of a model's provider; None where it has none that we know."""
    return _Batches(settings, clock) if maker(settings.model) in _ROUTES else None


class _Batches:
    """The batches of one model."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = asyncio.Lock()
        self._litellm: Any = None

    async def line(self, request: Request) -> bytes:
        """Return a request as a line, in the form that the model takes it in."""
        lib = await self._lib()
        name, provider, _, _ = lib.get_llm_provider(self._settings.model)
        options = lib.utils.get_optional_params(
            model=name,
            custom_llm_provider=provider,
            response_format=reply_format(request.reply_tokens),
            drop_params=True,
            **{"max_tokens": request.reply_tokens, **request.params},
        )
        more = options.pop("extra_body", None) or {}
        options.pop("stream", None)
        messages = [message.model_dump() for message in request.messages]
        line = {
            "custom_id": request.key,
            "method": "POST",
            "url": _ROUTES[maker(self._settings.model)],
            "body": {"model": name, "messages": messages, **options, **more},
        }
        return json.dumps(line).encode() + b"\n"

    async def upload(self, lines: bytes) -> str:
        """Hand in a file of requests; return its id."""
        file = await self._asked("acreate_file", file=("roundup.jsonl", lines), purpose="batch")
        return str(file.id)

    async def start(self, file: str) -> str:
        """Have a file answered. A batch of it that is there already is not made again.

        That is looked up before each try: an answer that was lost on its way says nothing of
        whether the batch was made.
        """
        route = _ROUTES[maker(self._settings.model)]
        tried = False

        async def once() -> str:
            nonlocal tried
            if found := await self._find(file, tried=tried):
                return found
            tried = True
            made = await self._once(
                "acreate_batch", completion_window="24h", endpoint=route, input_file_id=file
            )
            return str(made.id)

        return await self._patiently(once)

    async def look(self, batch: str) -> Flight | None:
        """Return how a batch is getting on; None when the provider knows none of this id."""
        quiet = {"batch_ignore_default_logging": True}  # or litellm reads all answers for its log
        try:
            found = await self._asked("aretrieve_batch", batch_id=batch, litellm_metadata=quiet)
        except _Unknown:
            return None
        counts = found.request_counts
        files = (found.output_file_id, found.error_file_id)
        return Flight(
            status=found.status,
            answered=getattr(counts, "completed", None) or 0,
            ended=found.status in _ENDED,
            files=tuple(file for file in files if file),
            problem=_problem(found),
        )

    async def read(self, file: str) -> Mapping[str, Reply | ReplyError]:
        """Return what a file of answers holds; none when the provider no longer has it."""
        try:
            content = (await self._asked("afile_content", file_id=file)).content
        except _Unknown:
            return {}
        return {key: self._answer(line) for key, line in _lines(content)}

    # --- how ---

    async def _lib(self) -> Any:
        async with self._lock:
            if self._litellm is None:
                self._litellm = await asyncio.to_thread(load)
        return self._litellm

    async def _find(self, file: str, *, tried: bool) -> str | None:
        """Return the id of a batch of this file, if one was made.

        A server that lists no batches has none to show, as long as none was `tried` to be made.
        """
        after = None
        for _ in range(_PAGES):
            try:
                page = await self._once("alist_batches", limit=_PAGE, after=after)
            except Refused as error:
                if tried or after or not _no_list(error.__cause__):
                    raise
                return None
            found = getattr(page, "data", None) or []
            for batch in found:
                if batch.input_file_id == file:
                    return str(batch.id)
            if len(found) < _PAGE:
                break
            after = found[-1].id
        return None

    async def _asked(self, function: str, **options: Any) -> Any:
        return await self._patiently(lambda: self._once(function, **options))

    async def _patiently(self, once: Callable[[], Awaitable[T]]) -> T:
        """Do it until it is done, or until it does not pass."""
        settings = self._settings
        try:
            async for attempt in patiently(
                settings.attempts, settings.patience, self._clock, stage="batch"
            ):
                with attempt:
                    done = await once()
        except Transient as error:
            raise BackendError(
                f"{settings.model}: its batches can't be reached: {error.message}",
                "run the same command again later: what was submitted is remembered",
            ) from error
        return done

    async def _once(self, function: str, **options: Any) -> Any:
        lib, settings = await self._lib(), self._settings
        try:
            return await getattr(lib, function)(
                custom_llm_provider=maker(settings.model),
                api_base=settings.api_base,
                api_key=key_of(settings),
                max_retries=0,
                timeout=settings.request_timeout,
                **options,
            )
        except Exception as error:
            raise self._meaning(error) from error

    def _meaning(self, error: Exception) -> RoundupError:
        """Return what an exception of litellm, or of the OpenAI client below it, means."""
        model, status = self._settings.model, getattr(error, "status_code", None)
        said = said_of(error)
        if status in {401, 403} or "api_key" in said:
            return BackendError(
                f"{model}: the service refused the key", f"{key_hint(model)}, then run again"
            )
        if status == 404:
            return _Unknown(
                f"{model}: the service has no such batch, file or route: {said}",
                "check --api-base, or try without --batch",
            )
        if status in _PASSING or type(error).__name__ in {"APIConnectionError", "APITimeoutError"}:
            headers = getattr(getattr(error, "response", None), "headers", None) or {}
            return Transient(
                f"its server answered {status}" if status else "its server gives no answer",
                retry_after=retry_after(headers.get("retry-after"), self._clock.now()),
            )
        return Refused(f"{model}: the service refuses the batch: {said}", "try without --batch")

    def _answer(self, line: Json) -> Reply | ReplyError:
        """Return the reply in a line of a file of answers, or what there is in its place."""
        response = _object(line.get("response"))
        status, body = _count(response, "status_code"), _object(response.get("body"))
        error = _object(line.get("error")) or _object(body.get("error"))
        said = " ".join(f"{error.get('message') or error.get('code') or ''}".split())[:300]
        if line.get("error") or status is None:
            return ReplyError(f"the batch has no answer: {said or 'nothing is said of why'}")
        if status == 200:
            return self._reply(body)
        if "context" in str(error.get("code")) or "maximum context" in said:
            return TooLong("the paper is longer than the model's context window")
        if status in _PASSING:
            return Garbled(f"the service answered {status}")
        return ReplyError(f"the service refused the request ({status}): {said}")

    def _reply(self, body: Json) -> Reply | ReplyError:
        try:
            choice = body["choices"][0]
            text = hidden(choice["message"].get("content") or "")
        except (KeyError, IndexError, TypeError, AttributeError):
            return Garbled("the service answered, but with no reply in it")
        usage = _object(body.get("usage"))
        read, written = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
        return Reply(
            text=str(text),
            tokens_read=read,
            tokens_written=written,
            finish=str(choice.get("finish_reason") or "stop"),
            cost=self._cost(read, written),
        )

    def _cost(self, read: int | None, written: int | None) -> float | None:
        """Return what a reply cost at the price of batches, in US dollars; None if not known."""
        lib, model = self._litellm, self._settings.model
        if read is None or written is None:
            return None
        usage = lib.Usage(
            prompt_tokens=read, completion_tokens=written, total_tokens=read + written
        )
        try:
            lib.get_model_info(model)
            paid = lib.cost_calculator.batch_cost_calculator(usage=usage, model=model)
        except Exception:  # noqa: BLE001 - it raises anything for a model it has no price of
            return None
        return float(sum(paid))


class _Unknown(Refused):
    """The service has nothing of that id."""


def _no_list(error: BaseException | None) -> bool:
    """Tell whether litellm, since 1.110, tripped over a list of batches that is null."""
    return isinstance(error, TypeError) and "NoneType" in str(error)


def _problem(batch: Any) -> str:
    """Return why a batch left requests unanswered; "" for one that came to its end."""
    if batch.status not in _ENDED - {"completed"}:
        return ""
    errors = getattr(batch.errors, "data", None) or []
    said = "; ".join(dict.fromkeys(str(error.message) for error in errors if error.message))
    return f"its batch {batch.status.replace('cancelled', 'was cancelled')}" + (
        f": {said[:300]}" if said else ""
    )


def _lines(content: bytes) -> Iterator[tuple[str, Json]]:
    """Yield the lines of a file of answers that can be read, with the keys of their requests."""
    for text in content.decode("utf-8", "replace").split("\n"):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict) and isinstance(line.get("custom_id"), str):
            yield line["custom_id"], line


def _object(data: Any) -> Json:
    return data if isinstance(data, dict) else {}


def _count(data: Json, name: str) -> int | None:
    value = data.get(name)
    return value if isinstance(value, int) and value >= 0 else None
