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
_MARKUP = re.compile(r"[`*\[\]|$]|(?<=\]):|(?<![^\W_])_|_(?![^\W_])")
# Python-Markdown loses the lines that follow a `&#` which begins nothing.
_ENTITY = re.compile(r"&(?=#|\w+;)")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;", "<": "&lt;", ">": "&gt;"})
_ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "{}<>[]|"})
# What some dialect takes for math, a table, a strike, a script, a citation, a mark, an emoji, or an
# address to be linked; no backslash is good against these in all of them.
_ANYWHERE = re.compile(
    r"[\\|$~^@]|==|\+\+|:(?=[\w+-]+:)|(?<=\]):|(?<=http):(?=//)|(?<=https):(?=//)|(?<=ftp):(?=//)"
    r"|(?<=www)\.",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"[`*\[\]]|(?<![^\W_])_|_(?![^\W_])")
_LINE_BREAK = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_LIQUID = re.compile(r"\{\{|\{%")
_COMMENTED = re.compile(  # as `comment` has them
    r"(?<=--)&gt;|(?<=--!)&gt;|&#124;|&#123;(?=&#123;|%)|(?<=&#123;)&#123;"
)
_UNSAFE_IN_URL = re.compile(r"[\s()<>\"'{}|\\^`\[\]]")


def plain(text: str) -> str:
    """Return the text on one line, without characters that can't be seen."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join(_UNSEEN.sub("", text).split())


def seen(text: str) -> str:
    """Return the text for a terminal or a log: on one line, its spaces as they are."""
    return _UNSEEN.sub("", _LINE_BREAK.sub(" ", text))


def markdown(text: str) -> str:
    """Escape plain words for the middle of a line of Markdown.

    Braces become entities, since Liquid and Jinja run before Markdown and know no backslash.
    So do backslashes: kramdown takes one that ends a line for a line break, even an escaped one.
    A colon after a bracket is escaped too: with it kramdown takes a whole item for the definition
    of a link, and drops it.
    """
    text = _ENTITY.sub("&amp;", plain(text)).replace("\\", "&#92;")
    text = _MARKUP.sub(lambda m: "\\" + m[0], text)
    return text.translate(_BRACES).replace("~~", "&#126;&#126;")


def portable(text: str) -> str:
    """Escape plain words for the middle of a line, whichever Markdown reads it.

    A backslash stands only before what it is good for everywhere; all else becomes an entity.
    """
    text = _ENTITY.sub("&amp;", plain(text))
    text = _ANYWHERE.sub(lambda m: "".join(f"\0{ord(sign)};" for sign in m[0]), text)
    text = _EMPHASIS.sub(lambda m: "\\" + m[0], text)
    return text.translate(_BRACES).replace("\0", "&#")


def raw_html(text: str) -> str:
    """Escape plain words for an HTML block, which Markdown leaves as it is."""
    return html.escape(plain(text), quote=False).translate({ord("{"): "&#123;", ord("}"): "&#125;"})


def attribute(text: str) -> str:
    """Escape plain words for an attribute of an HTML tag, in double quotes."""
    return raw_html(text).replace('"', "&quot;")


def comment(text: str) -> str:
    """Make the person's own text fit into one HTML comment, in which Liquid finds no tags.

    A bar becomes an entity: kramdown makes a table of a line that holds one, comments and all.
    """
    text = " ".join(text.split()).replace("-->", "--&gt;").replace("--!>", "--!&gt;")
    text = text.replace("|", "&#124;")
    return _LIQUID.sub(lambda m: m[0].replace("{", "&#123;"), text)


def uncommented(text: str) -> str:
    """Return a person's own words as they were before `comment` made them fit."""
    return _COMMENTED.sub(lambda m: html.unescape(m[0]), text)


def remark(text: str) -> str:
    """Make drafted words fit into one HTML comment, in which nothing at all finds a tag.

    WordPress runs shortcodes in comments too, as Jinja, ERB and PHP do theirs.
    """
    return plain(text).replace("--", "- -").translate(_ENTITIES)


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
