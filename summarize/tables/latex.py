"""LaTeX in a title, a name or an abstract -> the words that it sets. Math stays as it is."""

import functools
import logging
import re
from typing import Any

_BARE = re.compile(r"\\([&%$#_{}])")
# A command with what it is applied to: `\v s`, `\'{e}`, `\"\i`, `\emph{so}`, `\ss`.
_COMMAND = re.compile(
    r"\\(?:[cvuHkrbdt]\s+[a-zA-Z]"
    r"|[`'^\"~=.]\s*(?:\{\\?[a-zA-Z]+\}|\\?[a-zA-Z])"
    r"|[a-zA-Z]+\s*(?:\{[^{}]*\})?)"
)
_MATH = re.compile(r"((?<!\\)\$[^$]*(?<!\\)\$)")


def unwrapped(text: str) -> str:
    r"""Return a text without the braces and commands of LaTeX: `{\v S}` -> "Š"."""
    if "\\" not in text and "{" not in text:
        return text.replace("~", " ") if "~" in text else text
    return "".join(
        part if part.startswith("$") and len(part) > 1 else _words(part)
        for part in _MATH.split(text)
    )


def _words(text: str) -> str:
    if "\\" in text:
        text = _BARE.sub(r"\1", _COMMAND.sub(lambda found: _decoded(found[0]), text))
    return text.replace("{", "").replace("}", "").replace("~", " ")


@functools.lru_cache(maxsize=4_096)
def _decoded(command: str) -> str:
    """Return what a command sets. The same few are in all titles of a library."""
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        return str(_decoder().latex_to_text(command))
    except (LatexWalkerError, ValueError, IndexError, AttributeError, TypeError):
        return command.lstrip("\\")


@functools.cache
def _decoder() -> Any:
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim", keep_comments=True, strict_latex_spaces=False)
