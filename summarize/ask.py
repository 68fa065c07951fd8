"""Stage: a request -> a grounded summary (ask, parse, ask again, ground). Without a store."""

from summarize import grounding, replies
from summarize.backends import Ask
from summarize.errors import ReplyError, TooLong
from summarize.records import Document, Grounded, Message, Reply, Request, Summary

REPAIRS = 2  # times that an invalid reply is asked again
MAX_CHARACTERS_PER_TOKEN = 7.0  # English papers have 3 to 5
MIN_CHECKED = 4_000  # characters; servers that cache a prompt's beginning may not count it
MAX_ECHO = 2_000  # characters of an invalid reply that are sent back

_REPAIR = (
    "That reply can't be used: {problem}. Answer again with the one JSON object that was asked "
    "for, and nothing around it."
)

_QUOTES = (
    "These quotes are not in the paper:\n{quotes}\nAnswer again with the one JSON object that was "
    "asked for; copy each quote from the paper, word for word, or leave its note out."
)


async def ask(request: Request, document: Document, send: Ask) -> Grounded:
    """Ask until a reply is a valid summary, at most three times, and ground it.

    Raises `ReplyError` when none was, and what `send` raises.
    """
    turn, answers, problem = request, list[Reply](), ""
    for _ in range(1 + REPAIRS):
        reply = await send(turn)
        answers.append(reply)
        _see_that_it_was_read(turn, reply)
        try:
            summary = replies.parse(reply)
        except ReplyError as error:
            problem = error.message
            turn = request.followed_by(
                Message(role="assistant", content=reply.text[:MAX_ECHO] or "(nothing)"),
                Message(role="user", content=_REPAIR.format(problem=problem)),
            )
            continue
        grounded = await _quoted(turn, reply, summary, document, send, answers)
        return grounded.model_copy(
            update={
                "requests": len(answers),
                "tokens_read": total([a.tokens_read for a in answers]),
                "tokens_written": total([a.tokens_written for a in answers]),
                "cost": total([a.cost for a in answers]),
            }
        )
    raise ReplyError(f"{len(answers)} replies in a row were no summary; of the last: {problem}")


async def _quoted(
    turn: Request,
    reply: Reply,
    summary: Summary,
    document: Document,
    send: Ask,
    answers: list[Reply],
) -> Grounded:
    """Ground a summary; quotes that the paper does not hold are asked for again, once.

    The better of the two answers counts. What goes wrong the second time leaves the first.
    """
    grounded = grounding.ground(summary, document)
    missing = grounding.missing(summary, document)
    if not missing or not turn.messages:
        return grounded
    listed = "\n".join(f"- {quote[:200] or '(none)'}" for quote in missing)
    again = turn.followed_by(
        Message(role="assistant", content=reply.text[:MAX_ECHO]),
        Message(role="user", content=_QUOTES.format(quotes=listed)),
    )
    try:
        second = await send(again)
        answers.append(second)
        other = grounding.ground(replies.parse(second), document)
    except (ReplyError, TooLong):
        return grounded
    better = len(other.summary.notes) > len(grounded.summary.notes)
    return other if better else grounded


def _see_that_it_was_read(request: Request, reply: Reply) -> None:
    """Raise `TooLong` where the server read far less than was sent: some cut without a word.

    No tokenizer makes more than `MAX_CHARACTERS_PER_TOKEN` of a paper's text on average.
    """
    sent = sum(len(message.content) for message in request.messages)
    read = reply.tokens_read
    if read is not None and sent > MIN_CHECKED and sent > read * MAX_CHARACTERS_PER_TOKEN:
        raise TooLong(f"the model's server cut the prompt: it read only {read:,} tokens of it")


def total(figures: list[float | None] | list[int | None]) -> float | int | None:
    """Add up what is known; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
