"""Blocks -> the HTML that Ghost's editor takes for its own: paragraphs, lists, cards.

Ghost makes Lexical of it (`?source=html`). What it has no card for goes into its HTML card, where
it stays as it is. Sources: https://docs.ghost.org/admin-api/posts/creating-a-post and the parsers
of Ghost's own cards (`@tryghost/kg-default-nodes`).
"""

from html import escape

from summarize.markup import flow, wordpress

_BEGIN, _END = "<!--kg-card-begin: html-->", "<!--kg-card-end: html-->"


def rendered(blocks: flow.Flow) -> str:
    """Return the HTML of blocks."""
    return "\n".join(_block(block) for block in blocks)


def _block(of: flow.Block) -> str:
    match of:
        case flow.Paragraph():
            return f"<p>{of.html}</p>"
        case flow.Heading():
            # Ghost gives headings ids of its own; links within the post need the ones they name.
            anchor = f'{_BEGIN}<a id="{escape(of.anchor)}"></a>{_END}\n' if of.anchor else ""
            return f"{anchor}<h{of.level}>{of.html}</h{of.level}>"
        case flow.Listing():
            return listing(of)
        case flow.Quote():
            inner = "<br><br>".join(
                block.html if isinstance(block, flow.Paragraph) else _block(block)
                for block in of.blocks
            )
            return f"<blockquote>{inner}</blockquote>"
        case flow.Code():
            named = f' class="language-{escape(of.language)}"' if of.language else ""
            return f"<pre><code{named}>{escape(of.text, quote=False)}</code></pre>"
        case flow.Image():
            return _image(of)
        case flow.Table():
            return card(wordpress.table(of))
        case flow.Rule():
            return "<hr>"
        case flow.More():
            return ""  # Ghost cuts lists of posts by the excerpt
        case flow.Details():
            return _toggle(of)
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


def _toggle(of: flow.Details) -> str:
    """Return what folds away, as Ghost's toggle card."""
    return (
        '<div class="kg-card kg-toggle-card" data-kg-toggle-state="close">'
        f'<div class="kg-toggle-heading"><h4 class="kg-toggle-heading-text">{of.summary}</h4></div>'
        f'<div class="kg-toggle-content">{rendered(of.blocks)}</div></div>'
    )


def _image(of: flow.Image) -> str:
    width = f' width="{of.width}"' if of.width else ""
    image = f'<img src="{escape(of.media.url)}" class="kg-image" alt="{escape(of.alt)}"{width}>'
    if of.link:
        image = f'<a href="{escape(of.link)}">{image}</a>'
    caption = f"<figcaption>{of.caption}</figcaption>" if of.caption else ""
    return f'<figure class="kg-card kg-image-card">{image}{caption}</figure>'
