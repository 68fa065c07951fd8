"""The values of a post's front matter, whoever wrote it. Pure."""

import datetime
import tomllib

from summarize.posts.written import Heading, Written, unescaped


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
