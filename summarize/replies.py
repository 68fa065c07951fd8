"""A raw reply -> a Summary, or an error that a model can act on. Pure."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from summarize.errors import CutOff, ReplyError
from summarize.records import Note, Reply, Summary
from summarize.text.tidy import one_line

MAX_REPLY = 200_000  # characters; a summary is a hundredth of it
MAX_TRIES = 1_000  # braces at which an object may begin; each costs the length of the reply
_MAX_QUOTE = Note.model_fields["quote"].metadata[0].max_length
_MAX_NOTES = Summary.model_fields["notes"].metadata[0].max_length
_PLACEHOLDER = re.compile(r"^[\W_]*(?:string|tldr|text|n/?a|none|null|todo|tbd)?[\W_]*$", re.I)
_OPENING = re.compile(r'\{(?=\s*["}])')
_PAGE = re.compile(r"^\s*\d{1,4}\s*$")


def parse(reply: Reply) -> Summary:
    """Read a summary out of a reply, through thoughts, fences and prose around it.

    Raises `ReplyError`, whose message says what is wrong in words that can be sent back; `CutOff`
    for a reply that ended at its limit, even if it happens to parse.
    """
    if reply.finish in {"length", "max_tokens", "MAX_TOKENS"}:
        raise CutOff("the reply was cut off at its token limit")
    text = _answer(reply.text[:MAX_REPLY])
    problem = "it holds no JSON object"
    for found in _objects(text):
        if "tldr" not in found:
            problem = "the JSON object has no field tldr"
            continue
        try:
            summary = Summary.model_validate(_normal(found))
        except ValidationError as error:
            problem = _said(error)
            continue
        if _PLACEHOLDER.match(summary.tldr):
            problem = "tldr: it says nothing"
            continue
        return summary
    raise ReplyError(problem)


def _answer(text: str) -> str:
    """Return what follows a reasoning model's thoughts."""
    _, closed, rest = text.rpartition("</think>")
    if closed:
        return rest
    if "<think>" in text:
        raise ReplyError("it holds thoughts and no answer; answer at once")
    if not text.strip():
        raise ReplyError("it is empty")
    return text


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in a text, outermost first, in order."""
    decoder = json.JSONDecoder(strict=False)  # real models do break lines inside strings
    end = 0
    for opening in itertools.islice(_OPENING.finditer(text), MAX_TRIES):
        if opening.start() < end:
            continue
        try:
            found, end = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            continue
        yield found


def _normal(found: dict[str, Any]) -> dict[str, Any]:
    """Mend what is beside the point: white space, an overlong quote, one note too many."""
    notes = found.get("notes") or []
    if isinstance(notes, list):
        notes = [_note(note) if isinstance(note, dict) else note for note in notes[:_MAX_NOTES]]
    return {"tldr": _line(found["tldr"]), "notes": notes}


def _note(note: dict[str, Any]) -> dict[str, Any]:
    page = note.get("page")
    page = int(page) if isinstance(page, str) and _PAGE.match(page) else page
    quote = note.get("quote")
    return {
        "kind": note.get("kind"),
        "text": _line(note.get("text")),
        "quote": one_line(quote)[:_MAX_QUOTE] if isinstance(quote, str) else "",
        # What page a quote stands on is looked up; the model's own word is only a hint.
        "page": page if isinstance(page, int) and 1 <= page <= 9999 else None,
    }


def _line(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}"
