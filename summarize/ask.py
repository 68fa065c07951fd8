"""Stage: a request -> a grounded summary (ask, parse, ask again, ground). Without a store."""

from summarize import grounding, replies
from summarize.backends import Ask
from summarize.errors import ReplyError
from summarize.records import Document, Grounded, Message, Reply, Request

REPAIRS = 2  # times that an invalid reply is asked again
MAX_ECHO = 2_000  # characters of an invalid reply that are sent back

_REPAIR = (
    "That reply can't be used: {problem}. Answer again with the one JSON object that was asked "
    "for, and nothing around it."
)


async def ask(request: Request, document: Document, send: Ask) -> Grounded:
    """Ask until a reply is a valid summary, at most three times, and ground it.

    Raises `ReplyError` when none was, and what `send` raises.
    """
    turn, answers, problem = request, list[Reply](), ""
    for _ in range(1 + REPAIRS):
        reply = await send(turn)
        answers.append(reply)
        try:
            summary = replies.parse(reply)
        except ReplyError as error:
            problem = error.message
            turn = request.followed_by(
                Message(role="assistant", content=reply.text[:MAX_ECHO] or "(nothing)"),
                Message(role="user", content=_REPAIR.format(problem=problem)),
            )
            continue
        return Grounded(
            summary=summary,
            claims=grounding.check(summary, document),
            requests=len(answers),
            tokens_read=total([a.tokens_read for a in answers]),
            tokens_written=total([a.tokens_written for a in answers]),
            cost=total([a.cost for a in answers]),
        )
    raise ReplyError(f"{len(answers)} replies in a row were no summary; of the last: {problem}")


def total(figures: list[float | None] | list[int | None]) -> float | int | None:
    """Add up what is known; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
