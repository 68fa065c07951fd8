"""What a post says of a paper's figure: to who can't see it, and whose it is."""

import re

from summarize.posts.escape import plain
from summarize.posts.post import ItemFigure
from summarize.records import Done, Figure

_END = re.compile(r"(?<=[^\W_]{3})([.!?])\s+(?=[^\W\d_a-z])")  # no abbreviation is as long
OF_PAGE = 0.5  # of its own size: a whole page must not fill the post
MOST_ALT, MOST_CREDIT = 300, 160  # characters of a caption


def pictured(done: Done) -> ItemFigure | None:
    """Return a paper's figure as it stands in a post; None where no picture is beside the post."""
    figure = done.figure
    if figure is None or not figure.src:
        return None
    title = plain(done.paper.title) or "the paper"
    size = 1.0 if figure.label else OF_PAGE
    return ItemFigure(
        src=figure.src,
        width=round(size * figure.width),
        height=round(size * figure.height),
        alt=_alt(figure, title),
        credit=_credit(figure, title),
    )


def _alt(figure: Figure, title: str) -> str:
    if not figure.label:
        return f"The first page of “{title}”"
    return _shortened(figure.caption, MOST_ALT) or f"{figure.label} of “{title}”"


def _credit(figure: Figure, title: str) -> str:
    """Say which figure it is, of which paper, and in a sentence of its caption what it shows."""
    if not figure.label:
        return f"The first page of “{title}”, in which no figure was found"
    said = _shortened(figure.caption, MOST_CREDIT)
    of = f"{figure.label} of “{title}”, p. {figure.page}"
    return f"{of}: {said}" if said else of


def _shortened(caption: str, most: int) -> str:
    """Return the sentences of a caption that fit, or as many words of the first."""
    said = plain(caption)
    if len(said) <= most:
        return said
    ends = [found.end(1) for found in _END.finditer(said, 0, most)]
    return said[: ends[-1]] if ends else said[:most].rsplit(" ", 1)[0] + " …"
