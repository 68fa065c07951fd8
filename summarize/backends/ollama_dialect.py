"""Ollama's own interface: its OpenAI-like one can't be told how much context to use."""

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

WINDOW = 16_384  # tokens that are asked for, if the model has them: most of a paper
# What goes under a name of its own in Ollama's options; all else goes as it is.
_NAMES = {"max_tokens": "num_predict", "max_completion_tokens": "num_predict"}
_AROUND = frozenset({"keep_alive", "think"})  # params that stand beside the options


class Ollama:
    """One model of an Ollama server."""

    def __init__(self, server: Server, model: str, settings: Settings) -> None:
        self._server = server
        self._model = model
        self._settings = settings
        self._window = settings.window or WINDOW
        self._thinks = False

    @staticmethod
    def path_of(base: str) -> str:
        """Return nothing: the routes begin right at the address."""
        return ""

    async def ready(self, api: Api) -> int | None:
        """See that Ollama has the model; return the context that it will be asked to use."""
        answer = await api.post(f"{_root(api)}/api/show", {"model": self._model})
        if answer.status == 404:
            raise BackendError(
                f"Ollama has no model {self._model}",
                f"`ollama pull {self._model}` gets it{await self._others(api)}",
            )
        if answer.status != 200:
            raise refusal(answer, self._settings, self._server, proven=False)
        found = mapping(answer.data)
        told = mapping(found.get("model_info"))
        longest = (number(v) for k, v in told.items() if k.endswith(".context_length"))
        self._window = min([self._window, *filter(None, longest)])
        able = found.get("capabilities")
        self._thinks = isinstance(able, list) and "thinking" in able
        return self._window

    async def listed(self, api: Api) -> dict[str, int | None]:
        """Return the models that Ollama has; their windows it tells one by one."""
        answer = await api.get(f"{_root(api)}/api/tags")
        if answer.status != 200 or not isinstance(answer.data, dict):
            raise refusal(answer, self._settings, self._server, proven=False)
        models = answer.data.get("models")
        listed = models if isinstance(models, list) else ()
        return {str(model["name"]): None for model in listed if "name" in mapping(model)}

    async def _others(self, api: Api) -> str:
        names = list(await self.listed(api))
        return f"; there are: {', '.join(names[:8])}" if names else ""

    async def enforces(self, api: Api) -> bool:
        """Tell, by one tiny request, whether the model is held to the schema that is sent."""
        answer = await api.post(f"{_root(api)}/api/chat", self._body(PROBING, PROBE))
        return answer.status == 200 and held(self._reply(answer, proven=True))

    async def count(self, api: Api, request: Request) -> int | None:
        """Return nothing: Ollama does not tell."""
        return None

    async def ask(self, api: Api, request: Request, *, proven: bool) -> Reply:
        """Send a request once."""
        body = self._body(request, summary_schema(request.reply_tokens))
        answer = await api.post(f"{_root(api)}/api/chat", body)
        if answer.status != 200:
            raise refusal(answer, self._settings, self._server, proven=proven)
        return self._reply(answer, proven=proven)

    def _body(self, request: Request, schema: Json) -> Json:
        params = dict(request.params)
        around: Json = {name: params.pop(name) for name in _AROUND & params.keys()}
        options: Json = {
            # Without it Ollama takes a few thousand tokens, and cuts off the rest unseen.
            "num_ctx": self._window,
            "num_predict": request.reply_tokens,
            **{_NAMES.get(name, name): value for name, value in params.items()},
        }
        return {
            "model": self._model,
            "messages": [message.model_dump() for message in request.messages],
            "stream": False,
            "format": schema,
            "keep_alive": self._settings.keep_alive,
            **({"think": False} if self._thinks else {}),
            **around,
            "options": options,
        }

    def _reply(self, answer: Answer, *, proven: bool) -> Reply:
        data = mapping(answer.data)
        message = data.get("message")
        if not isinstance(message, dict):
            said = "Ollama answered, but with no reply in it"
            raise ReplyError(said) if proven else BackendError(said, HINT)
        return reply(
            message.get("content"),
            read=data.get("prompt_eval_count"),
            written=data.get("eval_count"),
            finish=data.get("done_reason"),
        )


OLLAMA = Ollama


def _root(api: Api) -> str:
    """Return the address without the path of OpenAI's routes, which people know better."""
    return api.base.removesuffix("/v1").removesuffix("/api")
