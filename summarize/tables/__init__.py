"""Reading lists in: wherever a person's papers are listed -> the entries of a post.

A list is told by what it holds, whatever its name ends in. To add a format: one file with a `TABLE`
(its `knows` and `read`), and one line below, beside those that are told as it is.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from summarize.errors import InputError
from summarize.leaves import Leaves
from summarize.records import ReadingList
from summarize.tables.table import Given, Table

_BY_JSON = {  # told by the names in their JSON
    "openreview": "openreview.TABLE",
    "virtual": "virtual.TABLE",
    "daily-papers": "daily_papers.TABLE",
    "wordpress": "wordpress.TABLE",
    "dblp": "dblp.TABLE",
    "semantic-scholar": "semanticscholar.TABLE",
    "papercopilot": "papercopilot.TABLE",
    "csl": "csl.TABLE",
    "json": "objects.TABLE",
    "json-lines": "objects.LINES",
    "broken-json": "objects.BROKEN",
}
_BY_MARKUP = {
    "arxiv": "arxiv.TABLE",
    "arxiv-listing": "arxiv.LISTING",
    "openreview-challenge": "openreview.CHALLENGED",
    "pmlr": "proceedings.PMLR",
    "cvf": "proceedings.CVF",
    "webpage": "webpage.TABLE",
}
_BY_LINES = {
    "ris": "ris.TABLE",
    "zotero": "zotero.TABLE",
    "csv": "csv.TABLE",
    "bibtex": "bibtex.TABLE",
    "pasted": "pasted.TABLE",
    "addresses": "addresslist.TABLE",
    "markdown": "markdown.TABLE",
    "ghost": "ghost.TABLE",
}
# The first that knows a list reads it: those that can be sure before those that can't.
TABLES: Mapping[str, Table] = Leaves(
    "summarize.tables",
    {"spreadsheet": "sheets.TABLE", **_BY_JSON, **_BY_MARKUP, **_BY_LINES},
)
_SIGNS = {"ris": "TY ", "zotero": "Item Type"}  # what their lists have at their head
MAX_LIST = 200 * 1024 * 1024
STDIN = "-"

# What a file is when its first bytes say so, and what to do about it.
_NOT_LISTS = (
    (b"%PDF", "a PDF", "give a list that names it, or name a folder of PDFs with --pdf-dir"),
    (b"\x1f\x8b", "gzip-compressed", "unpack it first"),
    (b"SQLite format 3", "a database", "export a table as CSV first"),
    (b"\x89PNG", "an image", "give a CSV with a title or url column"),
    (b"\xff\xd8\xff", "an image", "give a CSV with a title or url column"),
    (b"\x7fELF", "a program", "give a CSV with a title or url column"),
)


def read(path: Path) -> ReadingList:
    """Read a reading list from a file, or from the standard input where it is `-`.

    Raises `InputError` for what is no list at all; rows that can't be used are in the result's
    `rejected`, by file and line.
    """
    # A name may hold bytes that are no text, and those can't be printed or kept.
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    if name == STDIN:
        return parse(_piped(), "stdin")
    if re.match(r"https?:[/\\]|(?:openreview|arxiv):", name, re.IGNORECASE):
        address = re.sub(r"(?i)^(https?:)[/\\]+", r"\1//", name)  # a `Path` makes one slash of two
        raise InputError(
            f"{address} is an address, not a file",
            f"make a list of it first: roundup import '{address}' -o list.csv",
        )
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder, not a reading list", "name a file in it")
        if path.stat().st_size > MAX_LIST:
            raise _too_large(name)
        with path.open("rb") as file:
            return parse(_whole(file, name), name)
    except OSError as error:
        raise InputError(
            f"{name} can't be read: {error.strerror or error}", "check the name and its permissions"
        ) from error


def parse(data: bytes, name: str) -> ReadingList:
    """Read a list from its bytes. Raises `InputError` where they are none; `name` is its name."""
    if not data.strip():
        raise InputError(f"{name} is empty", "a reading list is a CSV with a title or url column")
    for magic, what, hint in _NOT_LISTS:
        if data[: len(magic)].lower() == magic.lower():
            raise InputError(f"{name} is {what}, not a reading list", hint)
    given = Given(data, name)
    del data  # so that it can be let go of while the list is made
    likely = (TABLES[name] for name in TABLES if _may_be(name, given))
    table = next((table for table in likely if table.knows(given)), TABLES["csv"])
    return table.read(given)


def _may_be(name: str, given: Given) -> bool:
    """Tell whether a format is worth asking: most lists are plain text, and nobody's export."""
    if name == "spreadsheet":
        return not given.head[:4].isprintable()
    if name in _BY_JSON:
        return given.head.startswith(("{", "["))
    return _SIGNS.get(name, "<" if name in _BY_MARKUP else "") in given.head


def _piped() -> bytes:
    """Return what the standard input holds."""
    if sys.stdin.isatty():
        raise InputError("- reads a list from a pipe, and there is none", "name a file instead")
    return _whole(sys.stdin.buffer, "stdin")


def _whole(file: IO[bytes], name: str) -> bytes:
    """Return all that a file holds. A pipe or a device does not say before how much that is."""
    data = file.read(MAX_LIST + 1)
    if len(data) > MAX_LIST:
        raise _too_large(name)
    return data


def _too_large(name: str) -> InputError:
    return InputError(f"{name} is larger than {MAX_LIST // 2**20} MB", "split the list")
