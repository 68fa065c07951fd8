"""Replies from a file, in order or by request: for tests, and to show a run without a model.

`replay:FILE` reads JSON lines `{"text": ..., "key": ...}`. A line with a key answers the request
of that key, each time; lines without one are handed out in turn, the last one for ever.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from summarize.backends.backend import Backend, Model
from summarize.errors import BackendError
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    path = Path(settings.model.partition(":")[2])
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        keyed = {line["key"]: Reply(text=line["text"]) for line in lines if "key" in line}
        turns = [Reply(text=line["text"]) for line in lines if "key" not in line]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackendError(f"{path} is not a file of replies: {error}") from error

    async def ask(request: Request) -> Reply:
        if request.key in keyed:
            return keyed[request.key]
        if not turns:
            raise BackendError(f"{path} holds no reply to {request.key}")
        return turns.pop(0) if len(turns) > 1 else turns[0]

    yield Model(ask)


BACKEND = Backend(connect=_connect)
