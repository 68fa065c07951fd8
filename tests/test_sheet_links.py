"""Addresses behind the cells of a spreadsheet: told by Excel and OpenDocument, where they are."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import tables
from summarize.tables import links
from tests.test_lists import opendocument

ARXIV = "https://arxiv.org/abs/1706.03762"


def excel(path: Path) -> Path:
    """Write a workbook whose papers are linked in each of the ways there are."""
    book = openpyxl.Workbook()
    book.active.title = "About"
    sheet = book.create_sheet("Papers & more")
    for row in (
        ["", "Title", "Link", "PDF"],
        ["", "Behind the title", "", ""],
        ["", "Behind words", "here", "file"],
        ["", "Both", "https://e.org/said", ""],
        ["", '=HYPERLINK("https://e.org/f?a=1&b=2","By a formula")', "", ""],
        ["", "Mail", "", ""],
    ):
        sheet.append(row)
    sheet["B2"].hyperlink = ARXIV
    sheet["C3"].hyperlink = "https://e.org/link"
    sheet["D3"].hyperlink = "https://e.org/a.pdf"
    sheet["B4"].hyperlink = "https://e.org/behind"
    sheet["B6"].hyperlink = "mailto:me@e.org"
    book.save(path)
    return path


def test_excel(tmp_path: Path) -> None:
    """What a title or a word such as "here" leads to is the paper's; what is said comes first."""
    reading = tables.read(excel(tmp_path / "l.xlsx"))
    assert [(e.title, e.url, getattr(e, "pdf", "")) for e in reading.entries] == [
        ("Behind the title", ARXIV, ""),
        ("Behind words", "https://e.org/link", "https://e.org/a.pdf"),
        ("Both", "https://e.org/said", ""),
        ("", "https://e.org/f?a=1&b=2", ""),  # nobody has calculated its words yet
        ("Mail", "", ""),
    ]


def test_opendocument(tmp_path: Path) -> None:
    """A cell's links count by where it stands, also behind cells and rows that stand for many."""
    linked = "<text:a xlink:href='https://e.org/2'>B</text:a>"
    plain = opendocument(
        [["Title", "x", "y", "Take"], ["A", "", "", "t"], [""] * 4, [linked, "", "", ""]]
    )
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    empty = b'<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>'
    content = parts["content.xml"].replace(
        b"<table:table-row>" + empty * 4,
        b'<table:table-row table:number-rows-repeated="2">'
        b'<table:table-cell table:number-columns-repeated="4"/>',
    )
    content = content.replace(
        b'xmlns:text="', b'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:text="', 1
    )
    path = tmp_path / "l.ods"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (parts | {"content.xml": content}).items():
            archive.writestr(name, data)
    reading = tables.read(path)
    assert [(e.title, e.url, e.where) for e in reading.entries] == [
        ("A", "", f"{path}:2"),
        ("B", "https://e.org/2", f"{path}:5"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_workbook(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A part that is damaged costs its links, and nothing else."""
    path = tmp_path_factory.getbasetemp() / "fuzzed.xlsx"
    if not path.exists():
        excel(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(parts[name]))] * 2)))
    parts[name] = parts[name][:at] + data.draw(st.binary(max_size=8)) + parts[name][end:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    found = links.behind(out.getvalue(), "Papers & more")
    assert all(isinstance(address, str) for row in found.values() for address in row.values())


def test_entities_are_not_unfolded() -> None:
    """A workbook that defines entities is one without links."""
    out = io.BytesIO()
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><text:a xlink:href="https://e.org">&a;</text:a>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", bomb)
    assert links.behind(out.getvalue(), "x") == {}
