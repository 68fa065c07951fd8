"""What a written post says -> clean HTML, with nothing in it that runs or that calls somewhere.

Markdown is read as CommonMark with tables, footnotes and math between dollars, which is what the
dialects of blogs have in common. Comments go: they were for the author's eyes.
"""

import html
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarize.exports import math
from summarize.markup.article import addressed, without_liquid
from summarize.posts import Format, front
from summarize.posts.written import Block, Heading, Item, Text, Written

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKERS = re.compile("[\ue0f0\ue0f1]")
_MATH = re.compile("\ue0f0(\\d+)\ue0f1")
_KRAMDOWN = re.compile(r"^[ \t]*\{::?[^}\n]*\}[ \t]*$\n?", re.MULTILINE)
_IMAGE = re.compile(r'<img((?:\s+[\w-]+(?:="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HTML_NOTE = re.compile(r"\s*<details>|</details>\s*|<summary>Extra notes</summary>|<br>")
_BOXED = re.compile(r"<summary><div[^>]*>([^<]*)</div></summary>")  # for Pandoc's sake
_TAGS = frozenset(
    "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "title", "lang", "dir", "class"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "details": {"open"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "style"},
    "figure": {"style"},
    "div": {"style"},
}
_STYLES = {"width", "max-width", "text-align"}


@dataclass(frozen=True)
class Content:
    """A post's title, date and excerpt in plain words, and its body in HTML."""

    title: str
    date: str
    excerpt: str
    body: str


def content(
    written: Written,
    form: Format,
    source: Callable[[str], str],
    *,
    notes: bool = True,
    folds: bool = True,
    formula: Callable[[str, bool], str] = math.mathml,
    styles: dict[str, str] | None = None,
) -> Content:
    """Return what a post says.

    `source` gives an image's new address, or nothing where it can't be shown: then its words
    stand for it, linked to it. `folds` is whether the target knows `<details>`. `formula` sets a
    formula's TeX, and `styles` are what each tag is given, where no style sheet is read.
    """
    fields = front.values(written)
    excerpt = front.words(
        next((v for n in ("excerpt", "summary", "description") if (v := fields.get(n))), "")
    )
    formulas: list[str] = []
    markdown = _reader(form, lambda tex, display: _kept(formulas, formula(tex, display)))
    text = "".join(_blocks(written.blocks, notes=notes))
    text = without_liquid(text, "", 1, []) if form.liquid else addressed(text)
    text = _BOXED.sub(r"<summary>\1</summary>", text)
    clean = _clean(markdown.render(_MARKERS.sub("", text)), styles or {}, folds=folds)
    clean = _IMAGE.sub(lambda found: _image(found[1], source), clean)
    body = _MATH.sub(lambda found: formulas[int(found[1])], clean)
    return Content(front.title(written), front.words(fields.get("date")), excerpt, body)


def _kept(formulas: list[str], formula: str) -> str:
    """Keep a formula until the rest is cleaned; return what stands for it meanwhile."""
    formulas.append(formula)
    return f"\ue0f0{len(formulas) - 1}\ue0f1"


def _blocks(blocks: Iterable[Block], *, notes: bool) -> Iterable[str]:
    """Yield the Markdown of a post's blocks, but for its title, which stands above them."""
    first = next((b for b in blocks if isinstance(b, Heading)), None)
    for block in blocks:
        if block is first and block.text.startswith("# ") and _is_title(block, blocks):
            continue
        if isinstance(block, Item):
            yield (_renoted(block) if notes else block.having("notes", "")).text
        else:
            yield _KRAMDOWN.sub("", block.text)
        yield block.gap if block.gap.count("\n") > 1 or isinstance(block, Heading) else "\n\n"


def _is_title(heading: Heading, blocks: Iterable[Block]) -> bool:
    """Tell whether a heading is the post's title: nothing of its order follows it."""
    ours = [b for b in blocks if isinstance(b, Heading) and b.text.startswith("# ")]
    return ours == [heading] and next(iter(blocks), None) in {heading, Text("", "\n")}


def _renoted(item: Item) -> Item:
    """Return an entry whose notes are a list: Jekyll's are lines of HTML with dashes."""
    part = item.part("notes")
    lines = [line for line in _HTML_NOTE.sub("", part).split("\n") if line.strip()]
    if not part or "<b>" not in part or not all(line.lstrip().startswith("- ") for line in lines):
        return item
    notes = "".join(f"<li>{line.lstrip()[2:].strip()}</li>" for line in lines)
    folded = f"<details><summary>Extra notes</summary><ul>{notes}</ul></details>"
    return item.having("notes", f"\n    {folded}")


def _reader(form: Format, formula: Callable[[str, bool], str]) -> "MarkdownIt":
    """Return a reader of Markdown that gives headings the ids that links in the post lead to."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    def named(state: "object") -> None:
        tokens: list[Token] = state.tokens  # type: ignore[attr-defined]
        for token, inside in itertools.pairwise(tokens):
            if token.type == "heading_open":
                words = "".join(t.content for t in inside.children or [])
                token.attrSet("id", form.anchor(words))

    def rendered(tex: str, options: dict[str, bool]) -> str:
        return formula(tex, options["display_mode"])

    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.use(footnote_plugin)
    reader.use(dollarmath_plugin, allow_digits=False, double_inline=True, renderer=rendered)
    # Dollars in pairs within a line are inline, as kramdown has them.
    reader.add_render_rule(
        "math_inline_double", lambda _self, tokens, at, *_: formula(tokens[at].content, False)
    )
    reader.core.ruler.push("named_headings", named)
    return reader


def _clean(dirty: str, styles: dict[str, str], *, folds: bool) -> str:
    """Leave in HTML what is text, and take out all that runs, loads or asks."""
    import nh3

    tags = set(_TAGS) - (set() if folds else {"details", "summary"})
    attributes = {name: set(kept) for name, kept in _ATTRIBUTES.items() if name in {*tags, "*"}}
    for name in styles:
        attributes[name] = attributes.get(name, set()) - {"style"}
    return nh3.clean(
        dirty.encode("utf-8", "replace").decode(),  # a byte of a post that is no text shows as "?"
        tags=tags,
        clean_content_tags={"script", "style", "iframe", "object", "noscript", "svg"},
        attributes=attributes,
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={name: {"style": style} for name, style in styles.items()},
        filter_style_properties=_STYLES if not styles else None,
        link_rel=None,
    )


def _image(attributes: str, source: Callable[[str], str]) -> str:
    """Return an image with its new address, or its words where it has none."""
    found = dict(_ATTRIBUTE.findall(attributes))
    address, alt = html.unescape(found.get("src", "")), found.get("alt", "")
    if new := source(address):
        rest = "".join(f' {name}="{value}"' for name, value in found.items() if name != "src")
        return f'<img src="{html.escape(new)}"{rest}>'
    words = f"[image{': ' if alt else ''}{alt}]"
    is_web = address.lower().startswith(("http://", "https://"))
    return f'<a href="{html.escape(address)}">{words}</a>' if is_web else words
