"""Blocks -> the HTML that Ghost's editor takes for its own: paragraphs, lists, cards.

Ghost makes Lexical of it (`?source=html`). What it has no card for goes into its HTML card, where
it stays as it is. Sources: https://docs.ghost.org/admin-api/posts/creating-a-post and the parsers
of Ghost's own cards (`@tryghost/kg-default-nodes`).
"""

import re
from collections.abc import Set
from html import escape

from summarize.markup import flow

_BEGIN, _END = "<!--kg-card-begin: html-->", "<!--kg-card-end: html-->"
_WITHIN = re.compile(r'href="#([^"]+)"')


def rendered(blocks: flow.Flow) -> str:
    """Return the HTML of blocks."""
    linked = {*_WITHIN.findall(repr(blocks))}
    return "\n".join(_block(block, linked) for block in blocks)


def _block(of: flow.Block, linked: Set[str]) -> str:
    match of:
        case flow.Paragraph():
            return f"<p>{of.html}</p>"
        case flow.Heading():
            # Ghost gives headings ids of its own; links within the post need the ones they name.
            anchor = card(f'<a id="{escape(of.anchor)}"></a>') if of.anchor in linked else ""
            return f"{anchor}<h{of.level}>{of.html}</h{of.level}>"
        case flow.Listing():
            return listing(of)
        case flow.Quote():
            inner = "<br><br>".join(
                block.html if isinstance(block, flow.Paragraph) else _block(block, linked)
                for block in of.blocks
            )
            return f"<blockquote>{inner}</blockquote>"
        case flow.Code():
            named = f' class="language-{escape(of.language)}"' if of.language else ""
            return f"<pre><code{named}>{escape(of.text, quote=False)}</code></pre>"
        case flow.Image():
            return _image(of)
        case flow.Table():
            return _table(of)
        case flow.Rule():
            return "<hr>"
        case flow.More():
            return ""  # Ghost cuts lists of posts by the excerpt
        case flow.Details():
            return _details(of)
        case flow.Raw():
            return card(of.html)


def card(html: str) -> str:
    """Return HTML that Ghost keeps as it stands."""
    return f"{_BEGIN}\n{html}\n{_END}"


def listing(of: flow.Listing) -> str:
    """Return a list, and the lists within it."""
    tag = "ol" if of.ordered else "ul"
    start = f' start="{of.start}"' if of.ordered and of.start != 1 else ""
    items = "".join(
        f"<li>{item.html}{''.join(map(listing, item.nested))}</li>" for item in of.items
    )
    return f"<{tag}{start}>{items}</{tag}>"


def _details(of: flow.Details) -> str:
    """Return what folds away, as HTML: Ghost's toggle card would keep its words and no link."""
    return card(f"<details><summary>{of.summary}</summary>{_bare(of.blocks)}</details>")


def _bare(blocks: flow.Flow) -> str:
    """Return blocks as HTML alone, within a card."""
    inner = "\n".join(_block(block, set()) for block in blocks)
    return inner.replace(f"{_BEGIN}\n", "").replace(f"\n{_END}", "")


def _table(of: flow.Table) -> str:
    def cell(one: flow.Cell, tag: str) -> str:
        align = f' style="text-align:{one.align}"' if one.align else ""
        return f"<{tag}{align}>{one.html}</{tag}>"

    def rows(found: tuple[tuple[flow.Cell, ...], ...], tag: str) -> str:
        return "".join(f"<tr>{''.join(cell(one, tag) for one in row)}</tr>" for row in found)

    head = f"<thead>{rows(of.head, 'th')}</thead>" if of.head else ""
    return card(f"<table>{head}<tbody>{rows(of.body, 'td')}</tbody></table>")


def _image(of: flow.Image) -> str:
    width = f' width="{of.width}"' if of.width else ""
    image = f'<img src="{escape(of.media.url)}" class="kg-image" alt="{escape(of.alt)}"{width}>'
    if of.link:
        image = f'<a href="{escape(of.link)}">{image}</a>'
    caption = f"<figcaption>{of.caption}</figcaption>" if of.caption else ""
    return f'<figure class="kg-card kg-image-card">{image}{caption}</figure>'
