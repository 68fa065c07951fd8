"""What a backend is."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from summarize.records import Reply, Request
from summarize.settings import Clock, Settings

Ask = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True)
class Backend:
    """A way to have requests answered.

    `connect` opens it: within its context, the function that it gives asks one request, and
    raises `ReplyError` for a request that will not be answered and `BackendError` when none
    will. `picks` is true for a summarizer that reads passages rather than messages.
    `service` names who would read the paper's text, or is None when it stays on this machine.
    `endpoint` names where a model is served, never by host and port. `located` fills in the
    address that the provider's own environment variable gives: who would read the text must be
    known before it is sent.
    """

    connect: Callable[[Settings, Clock], AbstractAsyncContextManager[Ask]]
    picks: bool = False
    service: Callable[[Settings], str | None] = lambda _: None
    endpoint: Callable[[Settings], str] = lambda _: ""
    located: Callable[[Settings, Mapping[str, str]], Settings] = lambda settings, _: settings
