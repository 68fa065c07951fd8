"""The addresses behind the words of a spreadsheet's cells, which calamine does not tell.

Excel keeps them behind the cells, by their names (ECMA-376, part 1, 18.3.1.47), OpenDocument within
them (ODF 1.3, part 3, 6.1.8); in both, a formula may say HYPERLINK("address", "words").
"""

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.parsers import expat

Links = dict[int, dict[int, str]]
"""The address behind each cell that has one: by its row, then its column, both from 0."""

_CHUNK = 1 << 20
_LONGEST = 1 << 16  # bytes of a cell's tags and formula, or of a link
_CELL = r'<(?:\w+:)?c\b[^>]*?\br="(?P<cell>[A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^>]*>'
_FORMULA = re.compile(rf'{_CELL}\s*HYPERLINK\(\s*"(?P<address>[^"<]+)"'.encode())
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b(?P<attributes>[^>]*)>")
_REF = re.compile(rb'\bref="(?P<cell>[A-Z]{1,3}\d{1,7})')
_ID = re.compile(rb'\w+:id="(?P<id>[^"]+)"')
_SAID = re.compile(r'HYPERLINK\(\s*"(?P<address>[^"]+)"')


def behind(data: bytes, sheet: str) -> Links:
    """Return what the cells of a workbook's sheet are linked to.

    The workbook has been read before; one whose links can't be is a list without links.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {*archive.namelist()}
            if "content.xml" in names:
                return _of_opendocument(archive, sheet)
            return _of_excel(archive, sheet) if "xl/workbook.xml" in names else {}
    except (zipfile.BadZipFile, ET.ParseError, expat.ExpatError, LookupError, ValueError, OSError,
            RuntimeError, NotImplementedError):  # fmt: skip
        return {}


def _of_excel(archive: zipfile.ZipFile, sheet: str) -> Links:
    path = _path(archive, sheet)
    targets = _related(archive, path)
    found: Links = {}

    def put(cell: bytes, address: str) -> None:
        letters, digits = re.fullmatch(rb"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = column * 26 + letter - ord("A") + 1
        found.setdefault(int(digits) - 1, {}).setdefault(column - 1, address)

    for chunk in _chunks(archive, path):
        if b"HYPERLINK(" in chunk:
            for formula in _FORMULA.finditer(chunk):
                put(formula["cell"], html.unescape(formula["address"].decode("utf-8", "replace")))
        for link in _LINK.finditer(chunk) if targets else ():
            ref, name = _REF.search(link["attributes"]), _ID.search(link["attributes"])
            if ref and name and (target := targets.get(name["id"].decode("utf-8", "replace"))):
                put(ref["cell"], target)
    return found


def _path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return where in a workbook of Excel's a sheet is."""
    targets = _related(archive, "xl/workbook.xml")
    for element in _parsed(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            name = next(v for k, v in element.attrib.items() if k.endswith("}id"))
            return posixpath.normpath(posixpath.join("/xl", targets[name])).lstrip("/")
    raise LookupError(sheet)


def _related(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Return what a part of a workbook relates to, by the ids that the part gives it."""
    folder, name = posixpath.split(path)
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in archive.NameToInfo:
        return {}
    found = (dict(element.attrib) for element in _parsed(archive.read(rels)))
    return {one["Id"]: one["Target"] for one in found if "Id" in one and "Target" in one}


def _parsed(data: bytes) -> ET.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # which could unfold for ever
        raise ValueError("a part of a workbook defines entities")
    return ET.fromstring(data)  # noqa: S314 - it defines no entities


def _of_opendocument(archive: zipfile.ZipFile, sheet: str) -> Links:
    if not any(b"<text:a" in c or b"HYPERLINK(" in c for c in _chunks(archive, "content.xml")):
        return {}
    reader = _OpenDocument(sheet)
    with archive.open("content.xml") as content:
        reader.parser.ParseFile(content)
    return reader.found


class _OpenDocument:
    """Walks through a sheet of OpenDocument's, counting rows and cells; some stand for many."""

    def __init__(self, sheet: str) -> None:
        self.found: Links = {}
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._sheet, self._inside = sheet, False
        self._row = self._column = 0
        self._rows = self._columns = 1

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table:table":
            self._inside, self._row = given.get("table:name") == self._sheet, 0
        elif not self._inside:
            return
        elif tag == "table:table-row":
            self._column, self._rows = 0, int(given.get("table:number-rows-repeated", "1"))
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = int(given.get("table:number-columns-repeated", "1"))
            if said := _SAID.search(given.get("table:formula", "")):
                self._put(said["address"])
        elif tag == "text:a" and (address := given.get("xlink:href")):
            self._put(address)

    def _end(self, tag: str) -> None:
        if tag == "table:table":
            self._inside = False
        elif tag == "table:table-row":
            self._row += self._rows
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self._column += self._columns

    def _put(self, address: str) -> None:
        self.found.setdefault(self._row, {}).setdefault(self._column, address)

    def _refuse(self, *_: object) -> None:
        raise ValueError("a sheet defines entities")


def _chunks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yield a part of an archive in pieces that overlap: what is short is whole in one of them."""
    before = b""
    with archive.open(path) as part:
        while piece := part.read(_CHUNK):
            yield before + piece
            before = piece[-_LONGEST:]
