"""The one way in which models are asked: paced, and again after what passes."""

from urllib.parse import urlsplit

from summarize.backends.backend import Ask, Guard
from summarize.backends.pace import Pace
from summarize.errors import BackendError, ReplyError, Transient
from summarize.records import Reply, Request
from summarize.secrets import hidden
from summarize.settings import Clock, Settings
from summarize.web import asked, patiently

CHARACTERS_PER_TOKEN = 4  # of a prompt: a service's limit of tokens a minute is held by estimate


class Patient:
    """Asks one service through a function that sends a request once.

    A quota, a dropped connection or a bad gateway passes; how long is waited, the service says.
    """

    def __init__(self, once: Ask, settings: Settings, clock: Clock) -> None:
        self.answers = 0  # a service that has answered is there; one that has not may not be
        self._once = once
        self._settings = settings
        self._clock = clock
        self._host = _host(settings)
        self._pace = Pace(clock, settings.jobs, settings.rpm, settings.tpm)

    def hold(self, guard: Guard) -> None:
        """Put a guard around each single try."""
        self._once = guard(self._once)

    async def ask(self, request: Request) -> Reply:
        """Ask until there is a reply.

        Raises `ReplyError` for one that the service does not answer, and `BackendError` where it
        has answered none.
        """
        settings, before = self._settings, self.answers
        try:
            async for attempt in patiently(
                settings.attempts, settings.patience, self._clock, stage="ask"
            ):
                with attempt:
                    reply = await self._try(request)
        except Transient as error:
            if self.answers > before:
                raise ReplyError(f"{error.message}, {settings.attempts} times") from error
            raise BackendError(
                f"{settings.model} gives no answer: {error.message}",
                "see that its server runs and that --api-base is right, then run the same "
                "command again: what is done is kept",
            ) from error
        self.answers += 1
        return reply

    async def _try(self, request: Request) -> Reply:
        tokens = request.size // CHARACTERS_PER_TOKEN + request.reply_tokens
        async with self._pace.turn(tokens):
            try:
                with asked(self._host, "ask", self._clock):
                    reply = await self._once(request)
            except Transient as error:
                if error.busy:
                    self._pace.refused(error.retry_after)
                raise
            self._pace.answered()
            # A server may repeat a key, and what it says is kept and shown.
            return reply.model_copy(update={"text": hidden(reply.text)})


def _host(settings: Settings) -> str:
    """Return what the log calls the service: its host, else what the model's name begins with."""
    base = urlsplit(settings.api_base or "")
    return base.hostname or settings.model.partition("/")[0]
