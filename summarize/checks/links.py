"""Links that lead nowhere, entries that are there twice, images without words."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from summarize.checks.finding import Finding, Sheet
from summarize.merge import identity
from summarize.posts.written import Heading, Item, unescaped

_INLINE = re.compile(
    r"(?P<bang>!?)\[(?P<words>(?:\\.|[^\\\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?P<url>(?:[^()\n]|\([^()\n]*\))*)\)"
)
_HREF = re.compile(r"<(?P<tag>a|img)\b[^>]*?\b(?:href|src)\s*=\s*[\"'](?P<url>[^\"']*)", re.I)
_AUTO = re.compile(r"<(?P<url>https?://[^>\s]+)>")
_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ID = re.compile(r"\b(?:id|name)\s*=\s*[\"']([^\"']+)|\{#([\w.-]+)")
_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".pdf")


def addresses(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Yield where each address stands in a post, and the address."""
    for pattern in (_INLINE, _HREF, _AUTO):
        for found in pattern.finditer(sheet.shown):
            url = found["url"].strip()
            titled = re.match(r"(\S+)\s+[\"'(].*[\"')]$", url)
            yield found.start("url"), html.unescape(titled[1] if titled else url.strip("<>"))


def broken(sheet: Sheet) -> Iterator[Finding]:
    """Find addresses that no browser can follow, and headings and files that are not there."""
    ids = {found[1] or found[2] for found in _ID.finditer(sheet.text)}
    for block in sheet.written.blocks:
        if isinstance(block, Heading):
            ids.add(sheet.form.anchor(unescaped(block.text.lstrip("#"))))
    for at, url in addresses(sheet):
        if (wrong := _wrong(url, ids, sheet)) is not None:
            yield Finding(sheet.line(at), "link", *wrong)


def _wrong(url: str, ids: set[str], sheet: Sheet) -> tuple[str, str] | None:
    """Say what is wrong with an address, and what to do; None where nothing is."""
    if not url:
        return "a link that leads nowhere", "give it an address, or take the brackets away"
    if "{{" in url or "{%" in url:
        return None  # the site's own doing
    if re.search(r"\s", url):
        return f"an address with a space in it: {url[:60]}", "write the space as %20"
    if url.startswith("#"):
        if url[1:] and url[1:] not in ids:
            return f"no heading has the id {url[1:]}", "name one that is there, or link elsewhere"
        return None
    try:
        parts = urlsplit(url)
        host, good_port = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        host, good_port = None, False
        parts = urlsplit("")
    if "://" in url or parts.scheme in {"http", "https"}:
        if parts.scheme not in {"http", "https"} or not host or not good_port:
            return f"no address of the web: {url[:60]}", "write it as https://host/path"
        return None
    path = unquote(url.partition("#")[0].partition("?")[0])
    if path.lower().endswith(_FILES) and not sheet.exists(path):
        return f"there is no file {path}", "put it there, or correct its path"
    return None


def duplicates(sheet: Sheet) -> Iterator[Finding]:
    """Find entries of a paper that has one already."""
    first: dict[str, int] = {}
    for at, block in sheet.blocks():
        if isinstance(block, Item):
            line = sheet.line(at)
            before = first.setdefault(identity(block), line)
            if before != line:
                says = f"the paper of line {before} again: {block.title[:60]}"
                yield Finding(line, "duplicate", says, "keep one of the two")


def without_words(sheet: Sheet) -> Iterator[Finding]:
    """Find images that say nothing to who can't see them."""
    do = "say in a few words what it shows"
    for found in _INLINE.finditer(sheet.shown):
        if found["bang"] and not found["words"].strip():
            says = f"an image without words: {found['url'][:60]}"
            yield Finding(sheet.line(found.start()), "alt", says, do)
    for found in _IMG.finditer(sheet.shown):
        if not re.search(r"\balt\s*=\s*(\"\s*[^\s\"]|'\s*[^\s'])", found[0]):
            yield Finding(sheet.line(found.start()), "alt", "an <img> without alt text", do)
