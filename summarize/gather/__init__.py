"""Lists that are fetched: a venue at OpenReview, a query at arXiv, a page of proceedings.

To add a source: one file with its function, and one line in `SOURCES`.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from summarize.errors import InputError
from summarize.leaves import Leaves

if TYPE_CHECKING:
    from summarize.gather.asking import Asking
    from summarize.records import ReadingList

Gather = Callable[[str, "Asking"], "Awaitable[ReadingList]"]
SOURCES: Mapping[str, Gather] = Leaves(
    "summarize.gather",
    {
        "openreview": "openreview.gather",
        "arxiv": "arxiv.gather",
        "http": "pages.gather",
        "https": "pages.gather",
    },
)
_SCHEME = re.compile(r"([a-z]{4,10}):(.+)", re.IGNORECASE | re.DOTALL)


def is_live(source: str) -> bool:
    """Tell whether a source is fetched rather than read from a file."""
    found = _SCHEME.fullmatch(source)
    return found is not None and found[1].lower() in SOURCES


async def gather(source: str, asking: "Asking") -> "ReadingList":
    """Fetch a list. Raises `InputError` for what is none, `FetchError` where it can't be had."""
    found = _SCHEME.fullmatch(source.strip())
    if not found or found[1].lower() not in SOURCES:
        known = ", ".join(f"{name}:..." for name in SOURCES)
        raise InputError(f"{source} is no source that is fetched", f"there are: {known}")
    name = found[1].lower()
    rest = source.strip() if name.startswith("http") else found[2].strip()
    return await SOURCES[name](rest, asking)


__all__ = ["SOURCES", "gather", "is_live"]
