"""The embedded summarizer: picks sentences of the paper. No key, no model, no network.

A TLDR is the clause that most resembles what people write of papers: `trimming` and `clauses` cut
sentences to what can stand, `standing` tells what leans on other sentences, and `ranker`, trained
on SciTLDR (Cachola et al., 2020), chooses. Notes are exact sentences, each chosen by what announces
its kind.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from summarize.backends.backend import Backend, Model
from summarize.records import Reply, Request
from summarize.settings import Clock, Settings

VERSION = "5"
"""Raised when the same passages give another answer."""


@asynccontextmanager
async def _connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
    async def ask(request: Request) -> Reply:
        # Its rules take a while to be made ready: a run that finds all in the cache needs none.
        from summarize.backends.extractive.summary import summarize

        title, *passages = request.passages
        summary = summarize(title.text, passages)
        return Reply(text=json.dumps(summary.model_dump(mode="json"), ensure_ascii=False))

    yield Model(ask)


BACKEND = Backend(connect=_connect, picks=True, endpoint=lambda _: f"embedded-{VERSION}")
