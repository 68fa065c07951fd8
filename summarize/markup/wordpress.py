"""Blocks -> WordPress's block markup, as its own editor writes it.

Source: https://developer.wordpress.org/block-editor/reference-guides/core-blocks/ and, for how
attributes are escaped, `serialize_block_attributes` of WordPress itself.
"""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Any

from summarize.markup import flow
from summarize.markup.flow import Media

# Older sites have no block for this; they show its HTML.
DETAILS = "details"
_SHORTCODE = re.compile(r"\[(?=/?[A-Za-z_\[])")
_TAG = re.compile(r"(<[^>]*>)")
_IMAGE_BLOCK = re.compile(
    r"<!-- wp:image(?: (?P<json>\{.*?\}))? -->(?P<inner>.*?)<!-- /wp:image -->", re.DOTALL
)
_IMG = re.compile(r"<img\b[^>]*>")
_SRC = re.compile(r"(?<=\ssrc=)(?P<quote>[\"'])(?P<src>.*?)(?P=quote)")
_CLASS = re.compile(r"\sclass=\"([^\"]*)\"")
_COMMENT = re.compile(r"<!--(?! /?wp:|\s*more\s*-->|\s*nextpage\s*-->).*?-->\n*", re.DOTALL)


def rendered(blocks: flow.Flow, *, has_details: bool = True) -> str:
    """Return the markup of blocks. `has_details` says whether the site knows the block for them."""
    return "\n\n".join(_block(block, has_details=has_details) for block in blocks)


def block(name: str, html: str, **attributes: Any) -> str:
    """Return one block: its HTML between the comments that name it."""
    kept = {key: value for key, value in attributes.items() if value is not None}
    said = f" {_json(kept)}" if kept else ""
    return f"<!-- wp:{name}{said} -->\n{html}\n<!-- /wp:{name} -->"


def placed(markup: str, media: Mapping[str, Media], *, has_details: bool = True) -> str:
    """Return block markup that a person keeps as it goes out.

    Their notes to themselves stay at home, and images are shown from where they lie now.
    """
    out = _COMMENT.sub("", markup).strip("\n")
    out = _IMAGE_BLOCK.sub(lambda found: _image_block(found, media), out)
    out = _IMG.sub(lambda found: _moved(found[0], media), out)
    if not has_details:
        out = re.sub(r"<!-- (/?)wp:details(?: \{.*?\})? -->", r"<!-- \1wp:html -->", out)
    return re.sub(r"\n{3,}", "\n\n", out)


def _image_block(found: re.Match[str], media: Mapping[str, Media]) -> str:
    """Tell an image's block by which number the site knows the image."""
    image = _IMG.search(found["inner"])
    source = _SRC.search(image[0]) if image else None
    known = media.get(unescape(source["src"])) if source else None
    if image is None or known is None or known.id is None:
        return found[0]
    try:
        attributes = json.loads(found["json"] or "{}")
    except ValueError:
        return found[0]
    moved = _moved(image[0], media)
    classes = _CLASS.search(moved)
    others = [c for c in (classes[1].split() if classes else []) if not c.startswith("wp-image-")]
    bare = _CLASS.sub("", moved).rstrip("/> ")
    named = f'{bare} class="{" ".join([*others, f"wp-image-{known.id}"])}"/>'
    inner = found["inner"].replace(image[0], named).strip("\n")
    return block("image", inner, **{**attributes, "id": known.id})


def _moved(image: str, media: Mapping[str, Media]) -> str:
    def at(found: re.Match[str]) -> str:
        known = media.get(unescape(found["src"]))
        return f'"{escape(known.url)}"' if known else found[0]

    return _SRC.sub(at, image)


def _json(attributes: Mapping[str, Any]) -> str:
    """Return attributes so that nothing in them ends the comment that they stand in."""
    text = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("--", "\\u002d\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return text.replace("&", "\\u0026").replace('\\"', "\\u0022")


def words(html: str) -> str:
    """Return inline HTML in which WordPress finds no shortcode, such as `[video]`."""
    pieces = _TAG.split(html)
    return "".join(p if p.startswith("<") else _SHORTCODE.sub("&#91;", p) for p in pieces)


def _block(of: flow.Block, *, has_details: bool) -> str:
    match of:
        case flow.Paragraph():
            return paragraph(of.html)
        case flow.Heading():
            return heading(of.html, of.level, of.anchor)
        case flow.Listing():
            return listing(of)
        case flow.Quote():
            inner = rendered(of.blocks, has_details=has_details)
            return block("quote", f'<blockquote class="wp-block-quote">{inner}</blockquote>')
        case flow.Code():
            return _code(of)
        case flow.Image():
            return _image(of)
        case flow.Table():
            return _table(of)
        case flow.Rule():
            return rule()
        case flow.More():
            return block("more", "<!--more-->")
        case flow.Details():
            return details(of.summary, rendered(of.blocks), known=has_details)
        case flow.Raw():
            return block("html", of.html)


def paragraph(html: str) -> str:
    """Return a paragraph of inline HTML."""
    return block("paragraph", f"<p>{words(html)}</p>")


def heading(html: str, level: int, anchor: str = "", **attributes: str) -> str:
    """Return a heading. A `fontSize` among the attributes is one of the names that themes have."""
    size = attributes.get("fontSize")
    classes = "wp-block-heading" + (f" has-{size}-font-size" if size else "")
    name = f' id="{escape(anchor)}"' if anchor else ""
    html = f'<h{level} class="{classes}"{name}>{words(html)}</h{level}>'
    return block("heading", html, level=level if level != 2 else None, **attributes)


def listing(of: flow.Listing) -> str:
    """Return a list, and the lists within it."""
    found = [item(i.html + "".join(map(listing, i.nested))) for i in of.items]
    return items(found, ordered=of.ordered, start=of.start)


def item(html: str) -> str:
    """Return an item of a list."""
    return block("list-item", f"<li>{words(html)}</li>")


def items(found: Iterable[str], *, ordered: bool = False, start: int = 1) -> str:
    """Return a list of such items. An ordered one counts from `start`."""
    tag = "ol" if ordered else "ul"
    counts = ordered and start != 1
    at = f' start="{start}"' if counts else ""
    inner = "\n\n".join(found)
    html = f'<{tag}{at} class="wp-block-list">{inner}</{tag}>'
    return block("list", html, ordered=True if ordered else None, start=start if counts else None)


def rule() -> str:
    """Return a line across."""
    return block("separator", '<hr class="wp-block-separator has-alpha-channel-opacity"/>')


def details(summary: str, inner: str, *, known: bool = True) -> str:
    """Return blocks folded away, as HTML where the site does not know the block for it."""
    if not known:
        inner = re.sub(r"<!-- /?wp:.*? -->\n?", "", inner)
    html = f'<details class="wp-block-details"><summary>{words(summary)}</summary>{inner}</details>'
    return block(DETAILS if known else "html", html)


def _code(of: flow.Code) -> str:
    named = f"language-{of.language}" if of.language else None
    classes = f"wp-block-code {escape(named)}" if named else "wp-block-code"
    text = escape(of.text, quote=False).replace("[", "&#91;")
    html = f'<pre class="{classes}"><code>{text}</code></pre>'
    return block("code", html, className=named)


def _image(of: flow.Image) -> str:
    """Return an image on its own, with its caption below it."""
    number, align = of.media.id, of.align or None
    classes = " ".join(
        [
            "wp-block-image",
            *([f"align{align}"] if align else []),
            *(["size-full"] if number else []),
            *(["is-resized"] if of.width else []),
        ]
    )
    named = f' class="wp-image-{number}"' if number else ""
    width = f' width="{of.width}"' if of.width else ""
    image = f'<img src="{escape(of.media.url)}" alt="{escape(of.alt)}"{named}{width}/>'
    if of.link:
        image = f'<a href="{escape(of.link)}">{image}</a>'
    caption = (
        f'<figcaption class="wp-element-caption">{words(of.caption)}</figcaption>'
        if of.caption
        else ""
    )
    return block(
        "image",
        f'<figure class="{classes}">{image}{caption}</figure>',
        align=align,
        id=number,
        width=of.width,
        sizeSlug="full" if number else None,
        linkDestination="custom" if of.link else ("none" if number else None),
    )


def _table(of: flow.Table) -> str:
    html = f'<figure class="wp-block-table">{table(of)}</figure>'
    return block("table", html, hasFixedLayout=False)


def table(of: flow.Table) -> str:
    """Return a table as HTML."""
    head = f"<thead>{_rows(of.head, 'th')}</thead>" if of.head else ""
    body = f"<tbody>{_rows(of.body, 'td')}</tbody>" if of.body else ""
    return f"<table>{head}{body}</table>"


def _rows(rows: Iterable[Iterable[flow.Cell]], tag: str) -> str:
    def cell(of: flow.Cell) -> str:
        align = f' class="has-text-align-{of.align}" data-align="{of.align}"' if of.align else ""
        return f"<{tag}{align}>{words(of.html)}</{tag}>"

    return "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
