"""BibTeX, as Zotero, JabRef, Google Scholar and the ACL Anthology export it."""

import itertools
import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarize.records import ReadingList
from summarize.sources import arxiv
from summarize.tables.addresses import spelled_out
from summarize.tables.latex import unwrapped
from summarize.tables.rows import Row, first_last, listed
from summarize.tables.table import Given, Table

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_START = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
_STRING = re.compile(r"[ \t]*@[ \t]*string\b", re.IGNORECASE)
_BATCH = 500  # entries that are parsed at once: what is parsed takes ten times the room of its text
_AND = re.compile(r"\s+and\s+")
_PIECE = re.compile(r'\{(?P<braced>.*)\}|"(?P<quoted>.*)"|(?P<name>.*)', re.DOTALL)
_MONTHS = dict.fromkeys("jan feb mar apr may jun jul aug sep oct nov dec".split(), "")


def _knows(given: Given) -> bool:
    # A preamble of comments may stand before the first entry.
    found = _START.search(given.head)
    return found is not None and not given.head.startswith(("{", "[", "<"))


def read(given: Given) -> ReadingList:
    """Read the entries; one that breaks is said by its line, and those after it are read."""
    return listed(_rows(given), given, empty=("is BibTeX without entries", "export it once more"))


def _rows(given: Given) -> Iterator[Row]:
    # It says to the log what is said here, of each entry that breaks.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, String

    names: dict[str, str] = dict(_MONTHS)
    batches = _batches(given.text)
    given.release()
    for line, text in batches:
        for block in parse_string(text, parse_stack=[]).blocks:
            where = f"{given.name}:{line + (block.start_line or 0)}"
            if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
                block = block.ignore_error_block or block  # noqa: PLW2901 - a key means nothing here
            if isinstance(block, String):
                names[block.key.casefold()] = _value(block.value, names)
            elif isinstance(block, Entry):
                yield _row(block, where, names)
            elif getattr(block, "error", None) is not None:
                yield Row(where, problem="an entry of BibTeX that is not closed, or broken")


def _batches(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches of some entries, each with the line that it begins on."""
    starts = [found.start() for found in _START.finditer(text)]
    cuts = [0, *starts[_BATCH::_BATCH], len(text)]
    line = 1
    for start, end in itertools.pairwise(cuts):
        yield line, text[start:end]
        line += text.count("\n", start, end)


def _row(entry: "Entry", where: str, names: dict[str, str]) -> Row:
    said: dict[str, str] = {}
    for field in entry.fields:
        name = field.key.casefold()
        if name in _USED and name not in said and (value := _value(str(field.value), names)):
            said[name] = value

    def text(*fields: str) -> str:
        return next((unwrapped(said[name]) for name in fields if name in said), "")

    authors = (unwrapped(first_last(name)) for name in _AND.split(said.get("author", "")))
    return Row(
        where=where,
        title=text("title"),
        addresses=_addresses(said),
        pdf=_pdf(said.get("file", "")),
        authors=[name for name in authors if name and name != "others"],
        venue=text("booktitle", "journal", "journaltitle", "series", "school"),
        abstract=text("abstract"),
        take=text("annote", "annotation"),
    )


_USED = frozenset(
    "title author booktitle journal journaltitle series school abstract annote annotation url doi "
    "eprint archiveprefix eprinttype howpublished file".split()
)


def _value(raw: str, names: dict[str, str]) -> str:
    """Return what a field says: its braces and quotes taken off, its names looked up."""
    raw = raw.strip()
    if raw[:1] == "{" and raw[-1:] == "}" and "#" not in raw:
        return raw[1:-1].strip()
    pieces = _concatenated(raw)
    return "".join(_piece(piece, names) for piece in pieces).strip()


def _concatenated(raw: str) -> list[str]:
    """Split at the `#` that puts pieces together, outside of braces and quotes."""
    pieces, depth, quoted, start = [], 0, False, 0
    for at, letter in enumerate(raw):
        if letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
        elif letter == '"' and depth == 0:
            quoted = not quoted
        elif letter == "#" and depth == 0 and not quoted:
            pieces.append(raw[start:at])
            start = at + 1
    return [*pieces, raw[start:]]


def _piece(piece: str, names: dict[str, str]) -> str:
    found = _PIECE.fullmatch(piece.strip())
    assert found is not None
    if found["name"] is not None:
        return names.get(found["name"].casefold(), found["name"])
    return found["braced"] if found["braced"] is not None else found["quoted"]


def _addresses(said: dict[str, str]) -> list[str]:
    """Return where an entry is: by its url, its DOI, its arXiv identifier."""
    url = re.sub(r"\\([_%&#~])", r"\1", re.sub(r"^\\url\{(.*)\}$", r"\1", said.get("url", "")))
    linked = re.search(r"\\(?:url|href)\{([^}]*)\}", said.get("howpublished", ""))
    doi = said.get("doi", "").replace("\\_", "_")
    eprint = said.get("eprint", "")
    is_arxiv = said.get("archiveprefix", said.get("eprinttype", "arxiv")).casefold() == "arxiv"
    found = [
        spelled_out(url) or url,
        spelled_out(linked[1]) if linked else "",
        spelled_out(doi) if doi else "",
        arxiv.address_of(eprint) if is_arxiv else "",
    ]
    return list(dict.fromkeys(filter(None, found)))


def _pdf(file: str) -> str:
    """Return the path of a PDF from a `file` field: "Full Text:/a/b.pdf:application/pdf"."""
    for said in file.replace("\\_", "_").split(";"):
        # A drive's colon is escaped, or stands behind a single letter.
        parts = re.split(r"(?<!\\)(?<!(?<![A-Za-z])[A-Za-z]):", said)
        for part in parts:
            if part.casefold().endswith(".pdf"):
                return part.replace("\\:", ":").strip()
    return ""


TABLE = Table("BibTeX", _knows, read)
