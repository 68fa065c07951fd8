"""Reading lists in: a file a person keeps -> the entries of a post.

To add a format: one file with `read(data, name) -> ReadingList`, and one line in `TABLES`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from summarize.errors import InputError
from summarize.records import ReadingList
from summarize.tables import csv

Reader = Callable[[bytes, str], ReadingList]

TABLES: dict[str, Reader] = {
    "csv": csv.read,
}

MAX_LIST = 200 * 1024 * 1024

# What a file is when its first bytes say so, and what to do about it.
_NOT_LISTS = (
    (b"%PDF", "a PDF", "give a CSV that lists it, or name a folder of PDFs with --pdf-dir"),
    (b"PK\x03\x04", "a spreadsheet or a zip archive", "save it as CSV first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as CSV first"),
    (b"\x1f\x8b", "gzip-compressed", "unpack it first"),
    (b"SQLite format 3", "a database", "export a table as CSV first"),
    (b"\x89PNG", "an image", "give a CSV with a title or url column"),
    (b"\xff\xd8\xff", "an image", "give a CSV with a title or url column"),
    (b"\x7fELF", "a program", "give a CSV with a title or url column"),
    (b"<!DOCTYPE", "a web page", "give a CSV with a title or url column"),
    (b"<html", "a web page", "give a CSV with a title or url column"),
)


def read(path: Path) -> ReadingList:
    """Read a reading list.

    Raises `InputError` for a file that is no list at all; rows that can't be used are in
    the result's `rejected`, by file and line.
    """
    # A name may hold bytes that are no text, and those can't be printed or kept.
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    if name == "-":
        raise InputError("reading from a pipe is not supported", "save it to a file and name that")
    if re.match(r"https?:[/\\]", name, re.IGNORECASE):  # a `Path` makes one slash of two
        raise InputError(f"{name} is an address, not a file", "download it first and name the file")
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder, not a reading list", "name a CSV file")
        if path.stat().st_size > MAX_LIST:
            raise InputError(f"{name} is larger than {MAX_LIST // 2**20} MB", "split the list")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{name} can't be read: {error.strerror or error}", "check the name and its permissions"
        ) from error
    if not data.strip():
        raise InputError(f"{name} is empty", "a reading list is a CSV with a title or url column")
    for magic, what, hint in _NOT_LISTS:
        if data[: len(magic)].lower() == magic.lower():
            raise InputError(f"{name} is {what}, not a reading list", hint)
    return TABLES["csv"](data, name)
