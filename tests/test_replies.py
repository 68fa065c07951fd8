"""Replies: whatever a model sends is a summary, or an error that it can act on."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import replies
from summarize.errors import ReplyError
from summarize.records import Note, Reply, Summary

NOTE: dict[str, Any] = {"kind": "idea", "text": "A note.", "quote": "The words.", "page": 2}
GOOD: dict[str, Any] = {"tldr": "It works.", "notes": [NOTE]}
SUMMARY = Summary(
    tldr="It works.", notes=(Note(kind="idea", text="A note.", quote="The words.", page=2),)
)
TEXT = json.dumps(GOOD)


def parse(text: str, finish: str = "stop") -> Summary:
    """Parse a reply of this text."""
    return replies.parse(Reply(text=text, finish=finish))


def note(**fields: object) -> Note:
    """Return the one note of a reply, some of its fields set."""
    (found,) = parse(json.dumps({"tldr": "It works.", "notes": [NOTE | fields]})).notes
    return found


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff \n{TEXT}\n",
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}\n```\nAnything else?",
        f"Here is the summary you asked for: {TEXT} I hope it helps!",
        f"The object {{tldr, notes}} follows, as {{this}}: {TEXT}",
        f'{{"thought": "first {{this}}"}} {TEXT}',
        f"<think>It may be {json.dumps(GOOD | {'tldr': 'Not this.'})}</think>{TEXT}",
        f"It may be so.</think>\n{TEXT}",
        f"<think>a</think>b<think>c</think>{TEXT}",
        f'{{"tldr": "", "notes": []}} or rather {TEXT}',
        f'{{"tldr": "...", "notes": []}} for example {TEXT}',
        json.dumps([GOOD]),
        json.dumps({"name": "Summary", "arguments": {}}) + TEXT,
        json.dumps(GOOD | {"confidence": 0.9}),
        TEXT + json.dumps(GOOD | {"tldr": "The second is not taken."}),
        json.dumps({"tldr": " It\n works.\t", "notes": [NOTE | {"text": "A\nnote. "}]}),
        TEXT.replace("It works.", "It\nworks."),
        json.dumps({"tldr": "It works.", "notes": [NOTE | {"extra": [1]}]}),
    ],
)
def test_summaries(text: str) -> None:
    """A summary is read through fences, prose, thoughts, examples and stray white space."""
    assert parse(text) == SUMMARY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        (" \n\t", "it is empty"),
        ("I can't help with that.", "it holds no JSON object"),
        ("{}", "the JSON object has no field tldr"),
        ("[1, 2]", "it holds no JSON object"),
        ("<think>and so on", "it holds thoughts and no answer; answer at once"),
        (f"<think>{TEXT}", "it holds thoughts and no answer; answer at once"),
        (f"{TEXT}</think>", "it holds no JSON object"),
        (TEXT[:-10], "it holds no JSON object"),
        ('{"summary": "It works."}', "the JSON object has no field tldr"),
        ('{"tldr": null, "notes": []}', "tldr: Input should be a valid string"),
        ('{"tldr": 3, "notes": []}', "tldr: Input should be a valid string"),
        ('{"tldr": " ", "notes": []}', "tldr: String should have at least 1 character"),
        ('{"tldr": "\\ud800", "notes": []}', "tldr: Input should be a valid string"),
        (
            json.dumps({"tldr": "x" * 301, "notes": []}),
            "tldr: String should have at most 300 characters",
        ),
        ('{"tldr": "...", "notes": []}', "tldr: it says nothing"),
        ('{"tldr": "<TLDR>", "notes": []}', "tldr: it says nothing"),
        ('{"tldr": "N/A", "notes": []}', "tldr: it says nothing"),
        ('{"tldr": "string", "notes": []}', "tldr: it says nothing"),
        ('{"tldr": "So.", "notes": "none"}', "notes: Input should be a valid tuple"),
        ('{"tldr": "So.", "notes": ["one"]}', "notes.0: Input should be a valid dictionary"),
        (
            json.dumps({"tldr": "So.", "notes": [NOTE, NOTE | {"kind": "praise"}]}),
            "notes.1.kind: Input should be 'problem', 'idea'",
        ),
        (
            json.dumps({"tldr": "So.", "notes": [NOTE | {"kind": {}}]}),
            "notes.0.kind: Input should be 'problem', 'idea'",
        ),
        (
            json.dumps({"tldr": "So.", "notes": [NOTE | {"text": ""}]}),
            "notes.0.text: String should have at least 1 character",
        ),
        (
            json.dumps({"tldr": "So.", "notes": [NOTE | {"text": "x" * 301}]}),
            "notes.0.text: String should have at most 300 characters",
        ),
        (json.dumps({"tldr": "So.", "notes": [{"kind": "idea"}]}), "notes.0.text: "),
    ],
)
def test_what_is_no_summary(text: str, said: str) -> None:
    """A reply that is no summary raises an error that says what is wrong with it."""
    with pytest.raises(ReplyError) as caught:
        parse(text)
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize("finish", ["length", "max_tokens"])
def test_cut_replies(finish: str) -> None:
    """A reply that was cut off at its limit is refused, even if it happens to parse."""
    with pytest.raises(ReplyError, match="cut off at its token limit"):
        parse(TEXT, finish)


def test_notes_may_be_none() -> None:
    """A reply with no notes, or null for them, is a summary without notes."""
    for text in (
        '{"tldr": "So."}',
        '{"tldr": "So.", "notes": null}',
        '{"tldr": "So.", "notes": []}',
    ):
        assert parse(text) == Summary(tldr="So.", notes=())


def test_too_many_notes_are_cut() -> None:
    """Of more than eight notes the first eight are taken, whatever the others are."""
    notes = [NOTE | {"text": f"Note {i}."} for i in range(9)] + ["no note"]
    found = parse(json.dumps({"tldr": "So.", "notes": notes})).notes
    assert [n.text for n in found] == [f"Note {i}." for i in range(8)]


@pytest.mark.parametrize(
    ("quote", "kept"),
    [("x" * 900, "x" * 600), ("a\n  b", "a b"), (None, ""), (3, ""), ("", "")],
)
def test_quotes_are_mended(quote: object, kept: str) -> None:
    """A quote that is too long is cut, and one that is none is empty."""
    assert note(quote=quote).quote == kept


@pytest.mark.parametrize(
    ("page", "read"),
    [
        (3, 3),
        ("3", 3),
        (" 12 ", 12),
        (9999, 9999),
        (10_000, None),
        (0, None),
        (-1, None),
        (2.5, None),
        (float("inf"), None),
        (float("nan"), None),
        (None, None),
        ("p. 3", None),
        ("²", None),
        ("9" * 5000, None),
        ([3], None),
    ],
)
def test_pages_are_hints(page: object, read: int | None) -> None:
    """A page is read as number or digits, and any other is left out rather than refused."""
    assert note(page=page).page == read


@pytest.mark.parametrize(
    "text", ['{"a":' * 40_000, '{"tldr":' + "[" * 190_000, "{" * 200_000, '{"' * 99_000]
)
def test_nesting_takes_no_time(text: str) -> None:
    """A reply that nests without end is refused in a moment."""
    started = time.process_time()
    with pytest.raises(ReplyError):
        parse(text)
    assert time.process_time() - started < 2


def test_only_the_beginning_is_read() -> None:
    """What stands beyond any reply's length is not read."""
    with pytest.raises(ReplyError, match="no JSON object"):
        parse(" x" * replies.MAX_REPLY + TEXT)


# --- anything at all ------------------------------------------------------------------------------

_BITS = ['{"tldr":', '"So."', ',"notes":', "[", "]", "}", "{", "null", '"', "<think>", "</think>"]
_BITS += [json.dumps(NOTE), '"kind":"idea"', '"page":"²"', ",", "1e999", "\\u", "```", TEXT]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tldr", "notes", "kind", "text", "quote", "page"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(_BITS), max_size=14).map("".join),
        _json.map(json.dumps),
        st.fixed_dictionaries({"tldr": _json, "notes": _json}).map(json.dumps),
        st.dictionaries(st.sampled_from(list(NOTE)), _json).map(
            lambda fields: json.dumps({"tldr": "So.", "notes": [NOTE | fields]})
        ),
    )
)
def test_any_reply(text: str) -> None:
    """Any text at all is a valid summary or a reply error, and nothing else."""
    try:
        summary = parse(text)
    except ReplyError:
        return
    assert Summary.model_validate_json(summary.model_dump_json()) == summary


_line = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_summaries = st.builds(
    Summary,
    tldr=_line.map("So ".__add__),
    notes=st.lists(
        st.builds(Note, kind=st.sampled_from(["idea", "question"]), text=_line, quote=_line,
                  page=st.none() | st.integers(1, 9999)),
        max_size=8,
    ).map(tuple),
)  # fmt: skip
_prose = st.text(max_size=40).filter(lambda text: "{" not in text and "<" not in text)


@settings(max_examples=150, deadline=None)
@given(
    _summaries.filter(lambda s: "think>" not in s.model_dump_json()), _prose, _prose, st.booleans()
)
def test_any_summary_reads_back(summary: Summary, before: str, after: str, ascii_: bool) -> None:
    """Any summary, as JSON inside any prose, reads back as it was."""
    text = json.dumps(summary.model_dump(mode="json"), ensure_ascii=ascii_)
    assert parse(f"{before}{text}{after}") == summary
