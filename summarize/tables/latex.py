"""LaTeX in a title, a name or an abstract -> the words that it sets. Math stays as it is."""

import functools
import re
from typing import Any

_BARE = re.compile(r"\\([&%$#_{}])")
_COMMAND = re.compile(r"\\[a-zA-Z'\"`^~=.]")
_MATH = re.compile(r"(\$[^$]*\$)")


def unwrapped(text: str) -> str:
    r"""Return a text without the braces and commands of LaTeX: `{\v S}` -> "Š"."""
    if "\\" not in text and "{" not in text:
        return text.replace("~", " ") if "~" in text else text
    return "".join(
        part if part.startswith("$") and len(part) > 1 else _words(part)
        for part in _MATH.split(text)
    )


def _words(text: str) -> str:
    if _COMMAND.search(text):
        try:
            text = str(_decoder().latex_to_text(text))
        except Exception:  # noqa: BLE001 - a parser of something that may be no LaTeX at all
            text = _COMMAND.sub("", text)
    text = _BARE.sub(r"\1", text)
    return text.replace("{", "").replace("}", "").replace("~", " ")


@functools.cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim", keep_comments=True, strict_latex_spaces=False)
