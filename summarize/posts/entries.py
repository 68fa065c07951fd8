"""A post in Markdown that every dialect reads alike: goldmark, Pandoc, Python-Markdown, GitHub's.

The notes are a list of Markdown within `<details>`, each tag after a blank line: where a renderer
leaves HTML out (goldmark does unless it is told otherwise, and Pandoc for a PDF), they are an
unfolded list, and nothing of them is lost. A figure is Markdown within `<figure>` for the same
reason, and because sites move and copy the images of Markdown alone.
"""

from collections.abc import Callable, Iterator

from summarize.posts import blocks, escape
from summarize.posts.format import Format
from summarize.posts.frame import fill
from summarize.posts.post import Drafted, Item, ItemFigure, ItemNote, Own, Post

_INDENT = "    "
_SUMMARY = "Extra notes"
Front = Callable[[Post], list[str]]


def dialect(
    front: Front,
    anchor: Callable[[str], str],
    *,
    titled: bool = False,
    tight: bool = False,
    ending: str = ".md",
) -> Format:
    """Return a format of this Markdown. `front` gives the lines of its front matter, if it has any.

    With `titled`, the title stands above the text as a heading of the first order; else the target
    puts it there, from the front matter. With `tight`, an entry is no paragraph beside its title's:
    its figure and the words of its fold stand in a `<div>`, its comments touch what they follow.
    """

    def one(entry: Item) -> str:
        return item(entry, tight=tight)

    def render(post: Post) -> str:
        lines = front(post)
        head = "\n".join(["---", *lines, "---"]) + "\n\n" if lines else ""
        parts = [f"# {escape.portable(post.title) or 'Roundup'}"] if titled else []
        if post.image and not lines:  # no front matter could name it
            parts.append(f"![{escape.portable(post.title)}]({post.image})")
        parts += [*post.introduction, *papers(post, one)]
        if post.colophon:
            parts += ["---", *(f"*{paragraph}*" for paragraph in post.colophon)]
        return head + "\n\n".join(parts) + "\n"

    def framed(post: Post, frame: str) -> str:
        if not frame:
            return render(post)
        text = fill(frame, post, "\n\n".join(papers(post, one)))
        return text if text.endswith("\n") else f"{text}\n"

    return Format(
        render=render, framed=framed, item=one, parse=blocks.parse, heading=heading,
        words=escape.portable, anchor=anchor, ending=ending, dated=False,
    )  # fmt: skip


def fields(**values: str | tuple[str, ...]) -> list[str]:
    """Return fields of front matter, without those that are empty; texts are quoted."""
    lines: list[str] = []
    for name, value in values.items():
        if isinstance(value, tuple):
            lines += [f"{name}:", *(f"  - {escape.yaml(word)}" for word in value)] if value else []
        elif value:
            lines.append(f"{name}: {value if name == 'date' else escape.yaml(value)}")
    return lines


def heading(text: str) -> str:
    """Return a section's heading; the first order is the title's."""
    return f"## {escape.portable(text)}"


def papers(post: Post, item: Callable[[Item], str]) -> Iterator[str]:
    """Yield the headings and entries of a post."""
    for section in post.sections:
        if section.heading:
            yield heading(section.heading)
        yield from (item(entry) for entry in section.items)


def item(entry: Item, *, tight: bool = False) -> str:
    """Render an entry: star, title, line, notes folded away, and what only its author sees."""
    title = f"**{escape.portable(entry.title.text) or '(no title)'}**"
    url = escape.url(entry.url)
    line = _line(entry)
    text = "1. " + ("⭐️ " if entry.star else "") + (f"[{title}]({url})" if url else title)
    text += f" - {line}" if line else ""
    marks = []
    if entry.check:
        unseen = escape.remark(entry.check)
        marks.append(f"<!-- **CHECK:** {unseen} -->")
    if entry.todo:
        marks.append(f"<!-- **TODO:** {escape.comment(entry.todo.markdown)} -->")
    below = [*_figure(entry.figure, tight=tight), *_details(entry.notes, tight=tight)]
    if not below:
        return " ".join([text, *marks])
    if tight:
        return "\n".join([text, *below]) + "".join(marks)
    return "\n".join([text, *below, *(_INDENT + mark for mark in marks)])


def _line(entry: Item) -> str:
    parts = [_text(entry.line)] if entry.line else []
    if entry.remark:
        remark = escape.portable(entry.remark)
        parts.append(f"*({remark})*" if entry.line else f"*{remark}.*")
    return " ".join(parts)


def _text(line: Own | Drafted) -> str:
    if isinstance(line, Drafted):
        return escape.portable(line.text)
    return f"\n{_INDENT}".join(line.markdown.strip().splitlines())


def _figure(figure: ItemFigure | None, *, tight: bool) -> Iterator[str]:
    """Yield the lines of a figure, never wider than it is nor than the page it is shown on."""
    if figure is None:
        return
    box, end = ("<div>", "</div>") if tight else ("", "")
    yield f'{_INDENT}{box}<figure style="max-width: {figure.width}px; overflow: auto">'
    yield ""
    # An image alone in its paragraph is made a figure by Pandoc, with its alt as a second caption.
    yield f"{_INDENT}![{escape.portable(figure.alt)}]({figure.src})<br>"
    yield ""
    yield f"{_INDENT}<figcaption>"
    yield ""
    yield f"{_INDENT}{escape.portable(figure.credit)}"
    yield ""
    yield f"{_INDENT}</figcaption>"
    yield f"{_INDENT}</figure>{end}"


def _details(notes: tuple[ItemNote, ...], *, tight: bool) -> Iterator[str]:
    if not notes:
        return
    # Alone, Pandoc makes a paragraph of the words as soon as anybody writes one below any entry.
    words = f'<div style="display: inline">{_SUMMARY}</div>' if tight else _SUMMARY
    yield f"{_INDENT}<details>"
    yield f"{_INDENT}<summary>{words}</summary>"
    yield ""
    for note in notes:
        label, text = escape.portable(note.label), escape.portable(note.text.text)
        yield f"{_INDENT}- **{label}:** {text}{_page(note)}"
    yield ""
    yield f"{_INDENT}</details>"


def _page(note: ItemNote) -> str:
    if not note.page:
        return ""
    link = escape.url(note.link)
    return f" ([p. {note.page}]({link}))" if link else f" (p. {note.page})"
