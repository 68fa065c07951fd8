"""What an engine gives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    """The raw text of each page in order.

    `title` is what the file's metadata gives; `headline` is what is set largest at the head of
    the first page, where the engine can tell.
    """

    pages: tuple[str, ...]
    title: str = ""
    headline: str = ""
    warnings: tuple[str, ...] = ()
