"""The id that each renderer of Markdown gives a heading: where a link to it leads. Pure."""

import re

# A heading of which an id is sure: no dashes that become typographic, no marks, no other letters.
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ,.]|-(?!-))*")


def is_plain(heading: str) -> bool:
    """Tell whether a renderer's id of a heading is sure enough to link to."""
    return _PLAIN.fullmatch(heading) is not None


def github(heading: str) -> str:
    """Return the id that kramdown, GitHub and goldmark give: a hyphen for each space."""
    return re.sub(r"[^\w\- ]", "", heading.strip()).lower().replace(" ", "-")


def pandoc(heading: str) -> str:
    """Return the id that Pandoc gives, and Quarto with it: dots stay.

    Source: the extension `auto_identifiers` in https://pandoc.org/MANUAL.html.
    """
    kept = re.sub(r"[^\w\-. ]", "", heading).lower()
    return re.sub(r"^[\W\d_]+", "", "-".join(kept.split()))


def python_markdown(heading: str) -> str:
    """Return the id that Python-Markdown's `toc` gives, and MkDocs with it: one hyphen a gap."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
