"""What is asked of the nodes of HTML, as selectolax reads it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_WIDTH = re.compile(r"(?:^|;)\s*(?:max-)?width:\s*(\d+)(?:px)?\s*(?:;|$)")


def body(html: str) -> "LexborNode":
    """Return the body of a page that this HTML would make: HTML5 makes one of anything."""
    from selectolax.lexbor import LexborHTMLParser

    made = LexborHTMLParser(f"<!doctype html><body>{html.replace(chr(0), '')}").body
    assert made is not None
    return made


def children(node: "LexborNode") -> "Iterator[LexborNode]":
    """Yield what a node holds: elements, words, comments."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def solid(node: "LexborNode") -> "Iterator[LexborNode]":
    """Yield what a node holds, without white space."""
    return (child for child in children(node) if not is_blank(child))


def lone(node: "LexborNode", tag: str) -> "LexborNode | None":
    """Return what a node holds, if that is one such element and nothing else."""
    held = [*solid(node)]
    return held[0] if len(held) == 1 and held[0].tag == tag else None


def is_blank(node: "LexborNode") -> bool:
    """Tell whether a node is white space between others."""
    return node.tag == "-text" and not (node.text_content or "").strip()


def number(text: str | None, default: int) -> int:
    """Return a number as attributes hold it: HTML takes `300px` for 300."""
    found = re.match(r"\s*(\d{1,5})(?:px)?\s*$", text or "")
    return int(found[1]) if found else default


def width(node: "LexborNode") -> int:
    """Return the width in pixels that a node's style gives it at most; 0 without one."""
    found = _WIDTH.search(node.attributes.get("style") or "")
    return int(found[1]) if found else 0


def align(cell: "LexborNode") -> str:
    """Return how a cell's style sets its words: left, center or right; nothing without one."""
    found = re.search(r"text-align:\s*(left|center|right)", cell.attributes.get("style") or "")
    return found[1] if found else ""
