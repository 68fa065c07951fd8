"""The fields of a post's front matter and their values, whoever wrote it. Pure."""

import datetime
import re
import tomllib
from collections.abc import Iterable

from summarize.posts.written import Field, Heading, Written, unescaped


def cut(lines: Iterable[str], begins: re.Pattern[str]) -> list[Field]:
    """Cut the lines between the fences into fields, each with all its lines.

    `begins` is what a field begins with, and gives its `name`; comments between have none.
    """
    fields: list[Field] = []
    for line in lines:
        if named := begins.match(line):
            fields.append(Field(named["name"].strip("\"'"), line + "\n"))
        elif line.startswith("#") or not fields or not fields[-1].name:
            fields.append(Field("", line + "\n"))
        else:
            fields[-1] = Field(fields[-1].name, fields[-1].text + line + "\n")
    return fields


def values(written: Written) -> dict[str, object]:
    """Return the fields of the front matter: YAML, or Hugo's TOML. What is neither has none."""
    import yaml

    text = "".join(field.text for field in written.front)
    body = "\n".join(text.rstrip().split("\n")[1:-1])
    try:
        found = tomllib.loads(body) if text.startswith("+++") else yaml.safe_load(body)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {str(k): v for k, v in found.items()} if isinstance(found, dict) else {}


def words(value: object) -> str:
    """Return a value as words: a date as it is written, nothing for what is none."""
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def title(written: Written) -> str:
    """Return the title of a post: its front matter's, else its first heading's of the first order.

    It is plain words, also where the format has it in Markdown.
    """
    found = words(values(written).get("title"))
    first = next((b for b in written.blocks if isinstance(b, Heading)), None)
    if not found and first is not None and first.text.startswith("# "):
        found = first.text[2:].strip()
    return unescaped(found)
