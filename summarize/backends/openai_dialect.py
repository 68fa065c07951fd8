"""OpenAI's chat completions, as llama.cpp, vLLM, LM Studio and many others serve them."""

import re
from typing import Final
from urllib.parse import urlsplit

from summarize.backends.dialect import (
    HINT,
    PROBING,
    Server,
    held,
    mapping,
    number,
    refusal,
    reply,
)
from summarize.errors import BackendError, ReplyError
from summarize.records import Json, Reply, Request
from summarize.schema import PROBE, summary_schema
from summarize.settings import Settings
from summarize.web import Answer, Api

# Where servers tell the context window, in the entry of a model or of their own properties.
_WINDOWS = (
    "max_model_len",
    "loaded_context_length",
    "context_length",
    "max_context_length",
    "n_ctx",
)
_SCHEMA = re.compile(r"response_format|json_schema|schema|grammar|guided", re.IGNORECASE)


class OpenAI:
    """One model of a server that speaks like OpenAI."""

    def __init__(self, server: Server, model: str, settings: Settings) -> None:
        self._server = server
        self._model = model
        self._settings = settings
        self._tokenizes = server.tokenizes
        self._form = 0  # which of `_FORMS` the server takes

    @staticmethod
    def path_of(base: str) -> str:
        """Return the path of the routes, for an address that has none."""
        return "" if urlsplit(base).path.strip("/") else "/v1"

    async def listed(self, api: Api) -> dict[str, int | None]:
        """Return the models that the server lists, with their windows where the list has them."""
        return {name: _window(entry) for name, entry in (await self._entries(api)).items()}

    async def _entries(self, api: Api) -> dict[str, Json]:
        answer = await api.get(f"{api.base}/models")
        if answer.status == 405:
            return {}  # it has no list, but may have a model
        if answer.status != 200:
            raise refusal(answer, self._settings, self._server, proven=False)
        entries = mapping(answer.data).get("data")
        if not isinstance(entries, list):
            raise BackendError(f"{api.base} is not a server of models", HINT)
        return {str(entry["id"]): entry for entry in entries if "id" in mapping(entry)}

    async def ready(self, api: Api) -> int | None:
        """See that the server lists its models, and look for the window of the one asked for."""
        models = await self._entries(api)
        entry = models.get(self._model, {})
        if models and not entry and self._server.lists:
            known = ", ".join(sorted(models)[:8])
            raise BackendError(
                f"{self._server.name} has no model {self._model}", f"there are: {known}"
            )
        entry = entry or next(iter(models.values()), {})
        self._tokenizes = self._tokenizes or entry.get("owned_by") == "llamacpp"
        window = _window(entry)
        if self._tokenizes:
            properties = mapping((await api.get(f"{api.root}/props")).data)
            window = _window(mapping(properties.get("default_generation_settings"))) or window
        elif self._server.native:  # its own list tells more than OpenAI's
            more = await api.get(f"{api.root}{self._server.native}/{self._model}")
            window = _window(mapping(more.data)) or window
        return window

    async def count(self, api: Api, request: Request) -> int | None:
        """Return how many tokens a request has, as llama.cpp tells, its chat template included."""
        if not self._tokenizes:
            return None
        messages = [message.model_dump() for message in request.messages]
        laid = await api.post(f"{api.root}/apply-template", {"messages": messages})
        prompt = mapping(laid.data).get("prompt")
        body = {"content": prompt, "add_special": True, "parse_special": True}
        found = await api.post(f"{api.root}/tokenize", body) if isinstance(prompt, str) else laid
        tokens = mapping(found.data).get("tokens")
        if not isinstance(tokens, list):
            self._tokenizes = False
            return None
        return len(tokens)

    async def ask(self, api: Api, request: Request, *, proven: bool) -> Reply:
        """Send a request once; a server that can't take a schema in one form is given another."""
        schema = summary_schema(request.reply_tokens)
        while True:
            body = self._body(request, schema)
            answer = await api.post(f"{api.base}/chat/completions", body)
            if answer.status == 200:
                return self._reply(answer, proven=proven)
            unwilling = answer.status in {400, 422, 500, 501} and _SCHEMA.search(answer.said)
            if proven or not unwilling or self._form + 1 >= len(_FORMS):
                raise refusal(answer, self._settings, self._server, proven=proven)
            self._form += 1

    async def enforces(self, api: Api) -> bool:
        """Tell, by one tiny request, whether the model is held to the schema that is sent."""
        answer = await api.post(f"{api.base}/chat/completions", self._body(PROBING, PROBE))
        return answer.status == 200 and held(self._reply(answer, proven=True))

    def _body(self, request: Request, schema: Json) -> Json:
        body: Json = {
            "model": self._model,
            "messages": [message.model_dump() for message in request.messages],
            "max_tokens": request.reply_tokens,
            **request.params,
        }
        form = _FORMS[self._form](schema)
        return body | ({"response_format": form} if form else {})

    def _reply(self, answer: Answer, *, proven: bool) -> Reply:
        try:
            choice = answer.data["choices"][0]
            text = choice["message"].get("content")
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            said = f"{self._server.name} answered, but with no reply in it"
            raise ReplyError(said) if proven else BackendError(said, HINT) from error
        usage = mapping(answer.data.get("usage"))
        return reply(
            text,
            read=usage.get("prompt_tokens"),
            written=usage.get("completion_tokens"),
            finish=choice.get("finish_reason"),
        )


# How servers take a schema; most take the first, llama-cpp-python only the second.
_FORMS: Final = (
    lambda schema: {
        "type": "json_schema",
        "json_schema": {"name": "Summary", "schema": schema, "strict": True},
    },
    lambda schema: {"type": "json_object", "schema": schema},
    lambda _: None,
)
OPENAI = OpenAI


def _window(entry: Json) -> int | None:
    held = entry | mapping(entry.get("meta"))
    found = (held.get(name) for name in _WINDOWS)
    return next(filter(None, map(number, found)), None)
