"""What differs between the servers of models, and what their refusals mean."""

import json
import re
from typing import NamedTuple, Protocol

from summarize.errors import BackendError, Garbled, ReplyError, RoundupError, TooLong, Transient
from summarize.records import Json, Message, Reply, Request
from summarize.schema import PROBE
from summarize.settings import Settings
from summarize.web import Answer, Api

PASSING = frozenset({408, 425, 500, 502, 504})
BUSY = frozenset({429, 503, 529})
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|exceed\w*\W.{0,60}\b(?:context|tokens)\b"
    r"|prompt is too long|too many tokens|input is too long|\bn_ctx\b",
    re.IGNORECASE,
)
_WINDOW = re.compile(r"(?:context (?:length|size|window)|n_ctx)\D{0,30}?(\d{3,7})", re.IGNORECASE)
_TOKENS = re.compile(r"(\d{3,7}) (?:tokens )?in the (?:messages|input)|resulted in (\d{3,7})")
# llama.cpp answers 500 where what its model said does not parse: its server is well.
_GARBLED = re.compile(r"does not match the expected|failed to parse|unparsable|grammar", re.I)


class Server(NamedTuple):
    """A kind of server: what it speaks, where it is usually found, and how it is started.

    `variables` may give its address, `key` names the variable of its key. `lists` says that it
    knows no other models than those it lists; `tokenizes` that it is llama.cpp at heart, which
    tells how many tokens a text has; `native` is where it tells more of a model than OpenAI does;
    `loads` that it holds many models, and loads the one that is asked.
    """

    name: str
    dialect: type["Dialect"]
    base: str
    variables: tuple[str, ...] = ()
    start: str = ""
    key: str = ""
    lists: bool = False
    tokenizes: bool = False
    native: str = ""
    loads: bool = False


class Dialect(Protocol):
    """How one kind of server is spoken to."""

    def __init__(self, server: Server, model: str, settings: Settings) -> None: ...

    @staticmethod
    def path_of(base: str) -> str:
        """Return what is missing at the end of an address."""
        ...

    async def ready(self, api: Api) -> int | None:
        """See that the server has the model; return its context window in tokens, if it tells.

        Raises `BackendError` where it has not, `Transient` where it may have it soon.
        """
        ...

    async def listed(self, api: Api) -> dict[str, int | None]:
        """Return the models that the server has, each with its context window, if it tells.

        Raises what a refusal means.
        """
        ...

    async def enforces(self, api: Api) -> bool:
        """Tell, by one tiny request, whether the model is held to the schema that is sent."""
        ...

    async def count(self, api: Api, request: Request) -> int | None:
        """Return how many tokens a request has, if the server can tell."""
        ...

    async def ask(self, api: Api, request: Request, *, proven: bool) -> Reply:
        """Send a request once; `proven` says that the server has answered one before."""
        ...


def refusal(answer: Answer, settings: Settings, server: Server, *, proven: bool) -> RoundupError:
    """Return what a server's refusal means for the run."""
    model, said, status = settings.model, answer.said, answer.status
    if status in {401, 403}:
        key = " or ".join(filter(None, ("ROUNDUP_API_KEY", server.key)))
        return BackendError(f"{model}: the server refused the key", f"check {key}, then run again")
    if status == 413 or (status >= 400 and _TOO_LONG.search(said)):
        return _too_long(answer)
    if status in BUSY:
        what = f"{server.name} answered {status}"
        return Transient(what, retry_after=answer.retry_after, busy=True)
    if status == 500 and _GARBLED.search(said):
        return Garbled(f"{server.name} could not read what its model said: {said[:200]}")
    if status in PASSING:
        return Transient(f"{server.name} answered {status}", retry_after=answer.retry_after)
    if answer.is_page and not proven:
        said = f"what answers at the address sends web pages ({status}): it is no model's server"
        return BackendError(f"{model}: {said}", HINT)
    if status == 404:
        return BackendError(f"{model}: the server knows no such model or path: {said}", HINT)
    if proven:
        return ReplyError(f"{server.name} refused the request ({status}): {said}")
    return BackendError(f"{model}: {server.name} refuses the request ({status}): {said}", HINT)


def held(reply: Reply) -> bool:
    """Tell whether the reply to a probe is what only a model that is held to its schema says."""
    try:
        return bool(json.loads(reply.text) == {"word": PROBE["properties"]["word"]["enum"][0]})
    except ValueError:
        return False


PROBING = Request(
    model="", messages=(Message(role="user", content="Say hello to the world."),), reply_tokens=32
)
HINT = "check --model and --api-base; `roundup models` lists what is there"


def _too_long(answer: Answer) -> TooLong:
    """Return the refusal of a prompt that is too long, with the figures in it."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    figures = error if isinstance(error, dict) else {}
    window, tokens = _WINDOW.search(answer.said), _TOKENS.search(answer.said)
    return TooLong(
        "the paper is longer than the model's context window",
        tokens=number(figures.get("n_prompt_tokens"))
        or (int(tokens[1] or tokens[2]) if tokens else None),
        window=number(figures.get("n_ctx")) or (int(window[1]) if window else None),
    )


def number(value: object) -> int | None:
    """Return a figure of a server's; nothing for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def mapping(value: object) -> Json:
    """Return a JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def reply(text: object, *, read: object, written: object, finish: object) -> Reply:
    """Return a reply of what a server says; figures that are none it has not given."""
    return Reply(
        text=text if isinstance(text, str) else str(text or ""),
        tokens_read=number(read),
        tokens_written=number(written),
        finish=finish if isinstance(finish, str) and finish else "stop",
    )
