"""Plain words -> text that can be nothing else in a post: no HTML, Liquid, math or list."""

import html
import json
import re
import unicodedata

# Controls, zero-width characters, and those that turn the direction of the text around them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_MARKUP = re.compile(r"[\\`*\[\]|$]|(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;", "<": "&lt;", ">": "&gt;"})
_UNSAFE_IN_URL = re.compile(r"[\s()<>\"'{}|\\^`\[\]]")


def plain(text: str) -> str:
    """Return the text on one line, without characters that can't be seen."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join(_UNSEEN.sub("", text).split())


def markdown(text: str) -> str:
    """Escape plain words for the middle of a line of Markdown.

    Braces become entities, since Liquid and Jinja run before Markdown and know no backslash.
    """
    text = _ENTITY.sub("&amp;", plain(text))
    text = _MARKUP.sub(lambda m: "\\" + m[0], text)
    return text.translate(_BRACES).replace("~~", "&#126;&#126;")


def raw_html(text: str) -> str:
    """Escape plain words for an HTML block, which Markdown leaves as it is."""
    return html.escape(plain(text), quote=False).translate({ord("{"): "&#123;", ord("}"): "&#125;"})


def comment(text: str) -> str:
    """Make the person's own text fit into one HTML comment."""
    return " ".join(text.split()).replace("-->", "--&gt;").replace("--!>", "--!&gt;")


def yaml(text: str) -> str:
    """Quote plain words for front matter."""
    return json.dumps(plain(text), ensure_ascii=False)


def url(address: str) -> str:
    """Make an address fit into a Markdown link; empty for what is not http or https."""
    address = _UNSEEN.sub("", address.strip())
    if not re.match(r"https?://[^/]", address, re.IGNORECASE):
        return ""
    quoted = _UNSAFE_IN_URL.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), address)
    return _ENTITY.sub("&amp;", quoted)
