"""What an export is, and what it is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from summarize.posts import Format
from summarize.posts.written import Written
from summarize.records import Paper


@dataclass(frozen=True)
class Image:
    """An image's bytes, and their kind as MIME names it."""

    data: bytes
    mime: str


def _none(_address: str) -> Image | None:
    return None


@dataclass(frozen=True)
class Sheet:
    """A post as it stands, or a list: what there is to be set.

    `image` gives what an address in the post leads to, where that is a file here. `template` is
    the person's own, `notes` whether the extra notes are wanted where they can't be folded.
    """

    papers: tuple[Paper, ...] = ()
    written: Written = field(default_factory=Written)
    form: Format | None = None
    image: Callable[[str], Image | None] = _none
    template: str = ""
    notes: bool = False


@dataclass(frozen=True)
class Export:
    """A way to set a post. `variables` are those of a template, where it takes one.

    `of_list` is whether a list of papers is enough: no post is needed.
    """

    render: Callable[[Sheet], bytes]
    ending: str
    variables: tuple[str, ...] = ()
    of_list: bool = False
