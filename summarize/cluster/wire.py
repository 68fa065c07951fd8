"""What goes to a worker and comes back: orders and answers, as JSON.

An order names what is needed and where to find it; a worker's answer is a reply or the error that
a single machine would have met.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarize import __version__, errors
from summarize.errors import BackendError, InputError, RoundupError, Transient
from summarize.records import Json, Reply, Request
from summarize.settings import Settings

# What of the settings decides how a model is asked. None of it is secret or a place.
_TRAVEL = (
    "model",
    "window",
    "reply_tokens",
    "request_timeout",
    "local_timeout",
    "keep_alive",
    "connect_timeout",
    "patience",
    "jobs",
    "rpm",
    "tpm",
)
# What an error says beside its message, by the names of its attributes.
_SAID = ("free", "retry_after", "busy", "tokens", "window", "kept", "tries")


@dataclass(frozen=True)
class Asking:
    """How a model is to be asked: by which settings, where, and so many `attempts` at one request.

    `base` names the environment variable that holds the address of the worker's server.
    """

    settings: Json
    base: str
    attempts: int

    @classmethod
    def of(cls, settings: Settings, base: str, attempts: int) -> "Asking":
        """Return what of the settings is for a worker."""
        return cls({name: getattr(settings, name) for name in _TRAVEL}, base, attempts)

    def applied(self) -> Settings:
        """Return settings that hold it."""
        return replace(Settings(**self.settings), attempts=self.attempts)


def order(asking: Asking, request: Request | None = None) -> str:
    """Return an order to ask a model; without a request, to see that it is ready."""
    told = {"version": __version__, "asking": vars(asking)}
    asked = {"request": request.model_dump(mode="json")} if request else {}
    return json.dumps(told | asked)


def ordered(text: str) -> tuple[Asking, Request | None]:
    """Read an order. Raises `BackendError` for one of another version."""
    told = json.loads(text)
    if told["version"] != __version__:
        raise BackendError(
            f"a worker has roundup {__version__}, this machine {told['version']}",
            f"install paper-roundup[cluster]=={told['version']} on every worker",
        )
    request = told.get("request")
    return Asking(**told["asking"]), Request.model_validate(request) if request else None


def answer(found: Reply | int | None) -> str:
    """Return a reply, or a number of tokens where one is known, as a worker sends it."""
    return json.dumps({"found": found.model_dump() if isinstance(found, Reply) else found})


def refusal(error: RoundupError, worker: str) -> str:
    """Return an error as a worker sends it; where it is the worker's own, with its name."""
    if isinstance(error, InputError):  # what it was given there is the worker's, not the person's
        error = BackendError(error.message, error.hint)
    where = f"worker {worker}: " if isinstance(error, BackendError | Transient) else ""
    said = {name: getattr(error, name) for name in _SAID if hasattr(error, name)}
    told = {"error": type(error).__name__, "message": where + error.message, "hint": error.hint}
    return json.dumps(told | {"said": said})


def answered(text: str) -> Json | int | None:
    """Return what a worker found. Raises the error that it met."""
    told = json.loads(text)
    if "error" not in told:
        found: Json | int | None = told["found"]
        return found
    raise _met(told)


def replied(text: str) -> Reply:
    """Return the reply that a worker sends. Raises the error that it met."""
    return Reply.model_validate(answered(text))


def _met(told: Json) -> RoundupError:
    kind = getattr(errors, told["error"], BackendError)
    error: RoundupError = kind(told["message"], told["hint"])
    for name, value in told["said"].items():
        setattr(error, name, value)
    return error


def combined(errors_met: Sequence[RoundupError]) -> RoundupError:
    """Return the first of several errors, and how many more there are."""
    first, more = errors_met[0], len(errors_met) - 1
    if more:
        first.message += f" (and {more} more of its workers)"
    return first
