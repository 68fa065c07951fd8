"""What must never be shown: keys and passwords, once they are known, and texts without them.

A secret is made known where it is read; whatever goes out (a log, an error, a report) goes through
`hidden`. That is the second lock: no message is meant to hold one in the first place.
"""

import re
from collections.abc import Mapping
from typing import Any

SHOWN = "(key)"  # in place of a secret
_NAMES = re.compile(r"(?:_|^)(?:KEY|TOKEN|SECRET|PASSWORD)$")
_LEAST = 8  # characters: what is shorter would be found in innocent words
# What people write where a key must be but none is needed.
_NONE = frozenset("not-needed no-key-needed no-key-required sk-no-key-required lm-studio".split())
_known: set[str] = set()


def know(value: str) -> str:
    """Make a secret known, so that it is hidden from now on; return it as it is.

    What nobody could guess is hidden: a word, or what is shorter than eight characters, stays,
    since it may stand in a text for what it means.
    """
    value = value.strip()
    plain = value.isalpha() and len(value) < 20
    if len(value) >= _LEAST and not plain and value.lower() not in _NONE:
        _known.add(value)
    return value


def know_environment(environment: Mapping[str, str]) -> None:
    """Make known what variables hold whose names say that it is secret (`..._API_KEY`, ...)."""
    for name, value in environment.items():
        if _NAMES.search(name):
            know(value)


def public(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what is secret: for a process that reads a stranger's file."""
    return {name: value for name, value in environment.items() if not _NAMES.search(name)}


def hidden(text: str) -> str:
    """Return a text without any secret that is known."""
    for value in sorted(_known, key=len, reverse=True):  # one may begin like another
        if value in text:
            text = text.replace(value, SHOWN)
    return text


def hidden_in(value: Any) -> Any:
    """Return what goes out as JSON without any secret in its texts.

    In the JSON itself a secret may stand escaped, or look like a number.
    """
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, Mapping):
        return {name: hidden_in(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [hidden_in(each) for each in value]
    return value
