"""Hugo's TOML front matter: merged field by field with what is generated, and never lost."""

import datetime
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.merge.fields import front as merged
from summarize.posts import front, toml
from summarize.posts.blocks import parse
from summarize.posts.entries import fields
from summarize.posts.written import Field, Written
from tests.test_check import found

BASE = parse(
    '---\ntitle: "T"\ndate: 2024-05-07\ntags:\n  - "a"\n  - "b"\nsummary: "Old"\n---\n'
).front
NEW = parse(
    '---\ntitle: "T"\ndate: 2024-05-07\ntags:\n  - "a"\n  - "b"\nsummary: "New"\n'
    'images:\n  - "/t.png"\n---\n'
).front
# As `hugo convert toTOML` writes it, in its own order and quotes, and a person's own fields.
CONVERTED = """\
+++
date = "2024-05-07"
draft = true
summary = 'Old'
tags = ['a',
  'b']
title = "T"

[params]
summary = "of a table"
+++

"""


def text_of(written: tuple[Field, ...]) -> str:
    """Return front matter as it stands."""
    return "".join(field.text for field in written)


def test_what_they_left_alone_is_renewed() -> None:
    """A field that says what was generated is renewed, a new one comes before the tables."""
    mine = parse(CONVERTED).front
    made = text_of(merged(BASE, mine, NEW))
    assert made == CONVERTED.replace("summary = 'Old'", 'summary = "New"').replace(
        "[params]", 'images = ["/t.png"]\n[params]'
    )
    again = parse(made).front
    assert text_of(merged(NEW, again, NEW)) == made


def test_what_they_changed_stays() -> None:
    """Theirs stays, and a newer value is offered in a comment, until they take it out."""
    mine = parse(CONVERTED.replace("'Old'", "'Mine'").replace('title = "T"\n', "")).front
    made = text_of(merged(BASE, mine, NEW))
    assert "summary = 'Mine'\n# roundup offers: summary = \"New\"\n" in made
    assert "title" not in made
    assert tomllib.loads(made.strip().strip("+"))["params"] == {"summary": "of a table"}


def test_of_a_post_that_is_all_theirs() -> None:
    """Front matter that was never generated stays, every character of it."""
    mine = parse(CONVERTED).front
    assert merged((), mine, NEW) == mine


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["title", "summary", "description", "tags", "images"]),
        st.text(max_size=20) | st.lists(st.text(max_size=8), min_size=1, max_size=3).map(tuple),
    )
)
def test_any_values_are_written_as_toml(values: dict[str, str | tuple[str, ...]]) -> None:
    """Whatever a field says, its TOML says the same as its YAML."""
    lines = "\n".join(["---", *fields(**values), "---", ""])
    yaml = parse(lines).front
    fences = (Field("", "+++\n"), Field("", "+++\n"))
    made = Written(toml.like(yaml, fences))
    assert front.values(made) == front.values(Written(yaml))
    assert parse(made.text).front == made.front


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a = 1", "[t]", "# c", "", " b", '"q" = 2', "+++", "x\r", "]"])))
def test_any_lines_are_cut_into_fields(lines: list[str]) -> None:
    """Whatever stands between the fences, the fields are all of it, and merging keeps it."""
    text = "\n".join(["+++", *lines, "+++", "", "Words."])
    written = parse(text)
    assert written.text == text
    assert text_of(merged((), written.front, NEW)) == text_of(written.front)
    there = text_of(merged(BASE, written.front, NEW))
    for field in written.front:
        assert field.text in there


@pytest.mark.parametrize(
    ("theirs", "same"),
    [("2024-05-07", True), ("2024-05-07T00:00:00Z", True), ('"2024-05-07"', True),
     ("2024-05-08", False), ("nonsense", False)],
)  # fmt: skip
def test_a_day_is_its_date(theirs: str, same: bool) -> None:
    """However a day is written, it is that day."""
    mine = parse(f"+++\ndate = {theirs}\n+++\n").front
    ours = parse("---\ndate: 2024-05-07\n---\n").front
    newer = parse("---\ndate: 2024-06-01\n---\n").front
    made = text_of(merged(ours, mine, newer))
    assert ("date = 2024-06-01" in made.split("#")[0]) == same
    assert datetime.date(2024, 5, 7).isoformat() not in made or not same


def test_toml_that_is_none_is_found() -> None:
    """`check` says where front matter is no TOML."""
    assert found('+++\ntitle = "x"\ndate = nonsense\n+++\n', "hugo") == [(3, "front-matter")]
    assert found('+++\ntitle = "x"\n+++\n', "hugo") == []
