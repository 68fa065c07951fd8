"""Targets: what models, their servers and catalogs answer."""

import asyncio
import contextlib
import json
from functools import cache, partial
from typing import Any

from summarize import grounding, replies
from summarize.backends.dialect import Dialect, Server
from summarize.backends.ollama_dialect import OLLAMA
from summarize.backends.openai_dialect import OPENAI
from summarize.catalogs import CATALOGS, Catalog
from summarize.errors import RoundupError
from summarize.matching import Candidate, choose
from summarize.records import Message, Reply, Request
from summarize.settings import Settings
from summarize.text.evidence import Evidence
from summarize.text.lines import Line, Page
from summarize.text.sections import document
from summarize.web.api import Answer, parsed
from tests.conftest import SHARED
from tests.fuzz.target import Target, Way, pieces, text_of

_PAPER = (
    "A Study of Things\n\nAbstract\nWe study 3 things on ImageNet, and find that they are 12.5% "
    "better than others. Our method does not need labels.\n\n1 Introduction\nThings matter."
)
_SAID = "We study 3 things on ImageNet, and find that they are 12.5% better than others."
_GOOD = {"tldr": "Three things are 12.5% better.", "notes": [
    {"kind": "result", "text": "12.5% better.", "quote": _SAID, "page": 1}]}  # fmt: skip


@cache
def _evidence() -> Evidence:
    pages = [Page(tuple(map(Line, _PAPER.split("\n"))))]
    return Evidence(document(pages, engine="x", sha256=""))


def replied(data: bytes) -> None:
    """Read a model's reply, and hold it against the paper."""
    summary = replies.parse(Reply(text=text_of(data)))
    grounded = grounding.ground(summary, _evidence())
    assert len(grounded.claims) == len(grounded.summary.notes)
    grounding.missing(summary, _evidence())


class _Api:
    """A server that answers the same to everything; the first byte says with which status."""

    base = root = "http://127.0.0.1"

    def __init__(self, data: bytes) -> None:
        status = (200, 200, 400, 401, 404, 413, 429, 500, 503)[data[0] % 9 if data else 0]
        self._answer = Answer(status, parsed(data[1:]))

    async def get(self, url: str) -> Answer:
        """Answer."""
        return self._answer

    async def post(self, url: str, body: dict[str, Any]) -> Answer:
        """Answer."""
        return self._answer


_REQUEST = Request(model="m", messages=(Message(role="user", content="x"),), reply_tokens=100)
_SETTINGS = Settings(model="local/m", api_base="http://127.0.0.1")


def answered(dialect: type[Dialect], data: bytes) -> None:
    """Ask all that a server is asked."""
    server = Server(
        "a server", dialect, "http://127.0.0.1", tokenizes=True, lists=True, native="/x"
    )
    api: Any = _Api(data)
    one = dialect(server, "m", _SETTINGS)
    asked = (
        lambda: one.ready(api), lambda: one.listed(api), lambda: one.enforces(api),
        lambda: one.count(api, _REQUEST), lambda: one.ask(api, _REQUEST, proven=False),
        lambda: one.ask(api, _REQUEST, proven=True),
    )  # fmt: skip
    for ask in asked:
        with contextlib.suppress(RoundupError):
            _LOOP.run_until_complete(ask())


_LOOP = asyncio.new_event_loop()


def looked_up(catalog: Catalog, data: bytes) -> None:
    """Read a catalog's answer, and choose among the papers in it."""
    found = catalog.read(parsed(data))
    for paper in found:
        paper.model_dump_json().encode()
    choose(
        Candidate("A Study of Things", ("A. Author",)),
        ((Candidate(paper.title, paper.authors), paper) for paper in found),
    )


def _catalog_seeds() -> dict[str, list[bytes]]:
    apis = SHARED / "apis"
    real: dict[str, list[bytes]] = {
        "OpenReview": pieces(apis / "openreview" / "v2_notes_accepted_scrubbed.json", 9_000, 1),
        "arXiv": pieces(apis / "arxiv" / "atom_search_au_del_maestro.xml", 9_000, 1),
        "Hugging Face": pieces(apis / "huggingface" / "daily_papers_trimmed.json", 9_000, 1),
    }
    said = {"title": "A", "abstract": "C", "venue": "D", "TLDR": "E"}
    content = {name: {"value": value} for name, value in said.items()}
    note = {"id": "x", "forum": "x", "content": {**content, "authors": {"value": ["B"]}}}
    work = {
        "DOI": "10.1/X",
        "title": ["A"],
        "author": [{"given": "B", "family": "C"}],
        "published": {"date-parts": [[2020, 5, 7]]},
        "abstract": "<jats:p>D</jats:p>",
    }
    paper = {
        "paperId": "a",
        "title": "A",
        "externalIds": {"ArXiv": "2310.13018", "DOI": "10.1/X"},
        "authors": [{"name": "B"}],
        "abstract": "C",
        "venue": "D",
    }
    made = [
        {"notes": [note]}, {"notes": [{**note, "content": {"title": "A", "authors": ["B"]}}]},
        [paper, None], {"data": [paper]}, {"message": {"items": [work]}}, {"message": work},
        {"id": "2310.13018", "title": "A", "authors": [{"name": "B"}], "summary": "C"},
        [{"paper": {"id": "2310.13018", "title": "A", "githubRepo": "https://github.com/a/b"}}],
    ]  # fmt: skip
    all_of = [json.dumps(one).encode() for one in made]
    return {c.name: [*real.get(c.name, []), *all_of] for c in CATALOGS}


def _answer_seeds() -> dict[str, list[bytes]]:
    message = {"role": "assistant", "content": json.dumps(_GOOD)}
    made: list[Any] = [
        {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 5, "completion_tokens": 6}},
        {"message": message, "prompt_eval_count": 5, "eval_count": 6, "done_reason": "stop"},
        {"data": [{"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx": 4096}}]},
        {"default_generation_settings": {"n_ctx": 4096}, "prompt": "x", "tokens": [1, 2]},
        {"model_info": {"llama.context_length": 4096}, "capabilities": ["thinking"]},
        {"models": [{"name": "m"}]},
        {"error": {"message": "maximum context length is 4096 tokens, you sent 5000 tokens in the "
                   "messages", "n_prompt_tokens": 5000, "n_ctx": 4096}},
        {"error": "response_format is not supported"}, {"detail": [{"msg": "no"}]},
    ]  # fmt: skip
    seeds = [bytes([n]) + json.dumps(one).encode() for one in made for n in (0, 2, 7)]
    return {"openai": seeds, "ollama": seeds}


def _reply_seeds() -> dict[str, list[bytes]]:
    good = json.dumps(_GOOD)
    found = [
        good,
        f"Sure!\n```json\n{good}\n```\n",
        f"<think>hm</think>{good}",
        json.dumps(_GOOD, indent=2),
    ]
    return {"reply": [text.encode() for text in found]}


_TOKENS = (
    '"tldr"', '"notes"', '"kind"', '"quote"', '"page"', '"text"', "{", "}", "[", '"', "\\u0000",
    "null",
    "<think>", "</think>", "```", "1e999", "-1", '"choices"', '"message"', '"content"', '"usage"',
    '"error"', '"models"', '"data"', '"id"', '"name"', "true", "[[", '"a":', "\\ud800", "...",
)  # fmt: skip
_CATALOGS: dict[str, Way] = {c.name: partial(looked_up, c) for c in CATALOGS}
TARGETS = {
    "replies": Target({"reply": replied}, _reply_seeds, _TOKENS),
    "answers": Target(
        {"openai": partial(answered, OPENAI), "ollama": partial(answered, OLLAMA)},
        _answer_seeds,
        _TOKENS,
    ),
    # What can't be read raises `ValueError`, and is asked for again.
    "catalogs": Target(_CATALOGS, _catalog_seeds, _TOKENS, (ValueError,)),
}
