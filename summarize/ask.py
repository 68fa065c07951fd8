"""Stage: a request -> a grounded summary (ask, parse, ask again, ground). Without a store."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

from summarize import grounding, replies
from summarize.backends import Ask
from summarize.errors import BackendError, CutOff, Garbled, OverBudget, ReplyError
from summarize.fitting import see_that_it_was_read
from summarize.log import tell
from summarize.records import Document, Grounded, Message, Reply, Request, Summary
from summarize.text.evidence import Evidence

if TYPE_CHECKING:
    from summarize.text.doubts import Asked

TRIES = 3  # replies, of which one must be a summary
_GROUNDING = ThreadPoolExecutor(1, "grounding")
MAX_ECHO = 2_000  # characters of an invalid reply that are sent back
MAX_SAID = 200  # and of those that go into the log

_REPAIR = (
    "That reply can't be used: {problem}. Answer again with the one JSON object that was asked "
    "for, and nothing around it."
)

_QUOTES = (
    "These quotes are not in the paper:\n{quotes}\nAnswer again with the one JSON object that was "
    "asked for; copy each quote from the paper, word for word, or leave its note out."
)


async def ask(
    request: Request,
    document: Document,
    send: Ask,
    *,
    counted: int | None = None,
    tries: int = TRIES,
    language: str = "English",
) -> Grounded:
    """Ask until a reply is a valid summary, and ground it.

    `language` is what summaries are asked for in; `counted` is how many tokens the request has,
    where the server can tell. Raises `ReplyError` when no reply was valid, `TooLong` when less of
    the paper should be sent (`CutOff`, after so many tries, for this paper alone), and what `send`
    raises.
    """
    turn, answers, problem = request, list[Reply](), ""
    for attempt in range(tries):
        try:
            reply = await send(turn)
        except Garbled as error:
            tell("no summary", "ask", level="warning", cause=error.message)
            problem, turn = error.message, _reseeded(turn, attempt)
            continue
        answers.append(reply)
        if turn is request:
            see_that_it_was_read(request, reply, counted)
        try:
            summary = replies.parse(reply)
        except CutOff as error:
            error.tries = attempt + 1
            raise
        except ReplyError as error:
            problem = error.message
            tell("no summary", "ask", level="warning", cause=problem, said=reply.text[:MAX_SAID])
            turn = request.followed_by(
                Message(role="assistant", content=reply.text[:MAX_ECHO] or "(nothing)"),
                Message(role="user", content=_REPAIR.format(problem=problem)),
            )
            continue
        asked = len(answers)
        how = _asked(language, _system(request))
        grounded = await _quoted(turn, reply, summary, Evidence(document), send, answers, how)
        return grounded.model_copy(
            update={
                "requests": attempt + 1 + len(answers) - asked,
                "tokens_read": total([a.tokens_read for a in answers]),
                "tokens_written": total([a.tokens_written for a in answers]),
                "cost": total([a.cost for a in answers]),
            }
        )
    raise no_summary(problem)


def no_summary(problem: str) -> ReplyError:
    """Return what ends a paper's walk after as many replies as are worth paying for."""
    return ReplyError(f"{TRIES} replies in a row were no summary; of the last: {problem}")


async def _quoted(
    turn: Request,
    reply: Reply,
    summary: Summary,
    evidence: Evidence,
    send: Ask,
    answers: list[Reply],
    how: "Asked",
) -> Grounded:
    """Ground a summary; quotes that the paper does not hold are asked for again, once.

    The better of the two answers counts. What goes wrong the second time leaves the first.
    """
    # In a thread, and in one alone: a paper takes some milliseconds, answers come many at once, and
    # the loop must go on sending.
    loop = asyncio.get_running_loop()
    grounded = await loop.run_in_executor(_GROUNDING, grounding.ground, summary, evidence, how)
    missing = grounding.missing(summary, evidence)
    if not missing or not turn.messages:
        return grounded
    tell("quotes asked for again", "ask", count=len(missing))
    listed = "\n".join(f"- {quote[:200] or '(none)'}" for quote in missing)
    again = turn.followed_by(
        Message(role="assistant", content=reply.text[:MAX_ECHO]),
        Message(role="user", content=_QUOTES.format(quotes=listed)),
    )
    try:
        second = await send(again)
        answers.append(second)
        other = grounding.ground(replies.parse(second), evidence, how)
    except (ReplyError, OverBudget, BackendError):
        return grounded  # what was paid for is not lost
    better = len(other.summary.notes) > len(grounded.summary.notes)
    return other if better else grounded


@lru_cache(maxsize=4)
def _asked(language: str, prompt: str) -> "Asked":
    """Return how summaries are asked for: of a run's papers nearly always alike."""
    from summarize.text.doubts import Asked

    return Asked(language, prompt)


def _system(request: Request) -> str:
    """Return what the model was told before the paper's text."""
    return next((turn.content for turn in request.messages if turn.role == "system"), "")


def _reseeded(request: Request, attempt: int) -> Request:
    """Return a request whose answer is another one, also where a model always says the same."""
    return request.model_copy(update={"params": {**request.params, "seed": attempt + 1}})


def total(figures: list[float | None] | list[int | None]) -> float | int | None:
    """Add up what is known; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
