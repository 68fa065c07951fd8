"""What an engine gives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    """The raw text of each page in order, and the title that the file's metadata gives."""

    pages: tuple[str, ...]
    title: str = ""
    warnings: tuple[str, ...] = ()
