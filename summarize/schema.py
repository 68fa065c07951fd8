"""The fixed schema as a model is asked for it, bounded so that every answer ends."""

import copy
from functools import cache

from summarize.records import Json, Note, Summary

CHARACTERS_PER_TOKEN = 2.5  # of an answer, at least: names and numbers take more tokens than prose
TLDR, NOTE = 350, 60  # characters of JSON around a TLDR of full length, and around a note
MAX_TEXT = 300  # characters of a note, and of its quote where there is room for it
LEAST_TEXT = 120
_MOST: int = Summary.model_fields["notes"].metadata[0].max_length


@cache
def summary_schema(tokens: int) -> Json:
    """Return the JSON schema of a summary that takes at most so many tokens.

    A model of bounded strings and lists comes to an end; one of free strings may fill its context
    with the first of them. The fewer tokens, the fewer and shorter the notes.
    """
    room = max(0, int(tokens * CHARACTERS_PER_TOKEN) - TLDR)
    notes = max(1, min(_MOST, room // (2 * MAX_TEXT + NOTE)))
    text = max(LEAST_TEXT, min(MAX_TEXT, (room // notes - NOTE) // 2))
    schema = copy.deepcopy(Summary.model_json_schema())
    schema["properties"]["notes"]["maxItems"] = notes
    note = schema["$defs"][Note.__name__]["properties"]
    note["text"]["maxLength"] = note["quote"]["maxLength"] = text
    return schema


# A tiny one, which no model would answer unless it is held to it.
PROBE: Json = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": ["heliotrope"]}},
    "required": ["word"],
    "additionalProperties": False,
}
