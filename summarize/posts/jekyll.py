"""Jekyll Markdown: front matter, a heading per day, numbered items, notes in `<details>`."""

import re
from collections.abc import Iterator

from summarize.posts import blocks, escape
from summarize.posts.format import Format
from summarize.posts.frame import fill
from summarize.posts.post import Drafted, Item, ItemNote, Own, Post

_INDENT = "    "
_LIST = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")


def render(post: Post) -> str:
    """Render a post. Only what is `Drafted` is escaped; the person's own words stay theirs."""
    blocks = [front_matter(post), *post.introduction, *_papers(post)]
    if post.colophon:
        blocks += ["---", *(f"*{paragraph}*" for paragraph in post.colophon)]
    blocks[0] += "\n" + blocks.pop(1) if len(blocks) > 1 else "\n"
    blocks[-1] += "\n"  # rather than to the whole, of which there would be another
    return "\n\n".join(blocks)


def framed(post: Post, frame: str) -> str:
    """Render a post in a frame of the person's own, if there is one; its entries are the same."""
    if not frame:
        return render(post)
    text = fill(frame, post, "\n\n".join(_papers(post)))
    return text if text.endswith("\n") else f"{text}\n"


def _papers(post: Post) -> Iterator[str]:
    for section in post.sections:
        # The first item follows its heading at once, as in the posts this is made after.
        before = f"# {escape.markdown(section.heading)}\n" if section.heading else ""
        for item in section.items:
            yield before + _item(item)
            before = ""


def front_matter(post: Post) -> str:
    """Return the fields that stand above a post, between their fences."""
    lines = ["---", f"title: {escape.yaml(post.title)}", f"date: {post.date}"]
    for name, values in (("categories", post.categories), ("tags", post.tags)):
        if values:
            lines += [f"{name}:", *(f"{_INDENT}- {escape.yaml(value)}" for value in values)]
    if post.image:  # as Minimal Mistakes has it, and as jekyll-seo-tag does
        image = escape.yaml(post.image)
        lines += ["header:", f"{_INDENT}teaser: {image}", f"image: {image}"]
    lines += [f"excerpt: {escape.yaml(post.excerpt)}", "---"]
    return "\n".join(lines)


def _item(item: Item) -> str:
    title = f"**{escape.markdown(item.title.text) or '(no title)'}**"
    url = escape.url(item.url)
    line = _line(item)
    head = "1. " + ("⭐️ " if item.star else "") + (f"[{title}]({url})" if url else title)
    # A list of theirs stands below the title: behind it it would be none.
    is_list = isinstance(item.line, Own) and _LIST.match(line)
    between = f"\n{_INDENT}" if is_list else " - "
    text = head + (f"{between}{line}" if line else "")
    todo = f"<!-- **TODO:** {escape.comment(item.todo.markdown)} -->" if item.todo else ""
    unseen = escape.remark(item.check)
    check = f"<!-- **CHECK:** {unseen} -->" if unseen else ""
    marks = [mark for mark in (check, todo) if mark]
    below = [*_figure(item), *(_details(item) if item.notes else ())]
    if not below:
        return " ".join([text, *marks])
    return "\n".join([text, *below, *(_INDENT + mark for mark in marks)])


def _line(item: Item) -> str:
    parts = [_text(item.line)] if item.line else []
    if item.remark:
        remark = escape.markdown(item.remark)
        parts.append(f"*({remark})*" if item.line else f"*{remark}.*")
    return " ".join(parts)


def _text(line: Own | Drafted) -> str:
    if isinstance(line, Drafted):
        return escape.markdown(line.text)
    # Their words may run over several lines; the indent keeps them inside the item.
    return f"\n{_INDENT}".join(line.markdown.strip().splitlines())


def _page(note: ItemNote) -> str:
    """Return a note's page, as a link into the PDF where there is one."""
    if not note.page:
        return ""
    link = escape.url(note.link)
    return f' (<a href="{link}">p. {note.page}</a>)' if link else f" (p. {note.page})"


def _figure(item: Item) -> Iterator[str]:
    """Yield the lines of a figure. Its style keeps it within a phone's page, whatever the theme."""
    if figure := item.figure:
        alt = escape.attribute(figure.alt)
        size = f'width="{figure.width}" height="{figure.height}"'
        yield _INDENT + "<figure>"
        yield (
            f'{_INDENT * 2}<img src="{figure.src}" alt="{alt}" {size} loading="lazy" '
            'style="max-width: 100%; height: auto">'
        )
        yield f"{_INDENT * 2}<figcaption>{escape.raw_html(figure.credit)}</figcaption>"
        yield _INDENT + "</figure>"


def _details(item: Item) -> Iterator[str]:
    yield _INDENT + "<details>"
    yield _INDENT * 2 + "<summary>Extra notes</summary>"
    for i, note in enumerate(item.notes, 1):
        page = _page(note)
        end = "<br>" if i < len(item.notes) else ""
        text = escape.raw_html(note.text.text)
        yield f"{_INDENT * 2}- <b>{escape.raw_html(note.label)}:</b> {text}{page}{end}"
    yield _INDENT + "</details>"


FORMAT = Format(render=render, framed=framed, item=_item, parse=blocks.parse, liquid=True)
