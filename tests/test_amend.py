"""Lists that are written to: what a person wrote stays, byte for byte."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import files
from summarize.amend import Sheet
from summarize.errors import InputError, OutputError

LIST = b'title,url,take\r\n"A title, long",https://x.org/a,"two\r\nlines"\r\n,https://x.org/b,\r\n'


def test_empty_cells_are_filled() -> None:
    """What is empty is filled, what is new comes in a column at the end, and the rest stays."""
    sheet = Sheet(LIST, "list.csv")
    now = sheet.amended({0: {"title": "Other", "code": "c"}, 1: {"title": 'The "B"', "venue": "V"}})
    assert now.data == (
        b'title,url,take,venue,code\r\n"A title, long",https://x.org/a,"two\r\nlines",,c\r\n'
        b'"The ""B""",https://x.org/b,,V,\r\n'
    )
    assert now.columns == ("venue", "code")


def test_nothing_new_changes_nothing() -> None:
    """Where nothing is found, no byte changes."""
    assert Sheet(LIST, "list.csv").amended({0: {"title": "Other"}, 1: {"title": ""}}).data == LIST


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_row_is_added_in_the_lists_own_way(end: str, delimiter: str, encoding: str) -> None:
    """A row that is added has the list's delimiter, line ends and encoding; the rest stays."""
    text = delimiter.join(["title", "url", "take"]) + end
    text += delimiter.join(["Ü", "https://x.org/a", "mine"]) + end
    data = text.encode(encoding)
    now = Sheet(data, "list.csv").amended({}, [{"title": "É", "url": "https://x.org/b"}]).data
    assert now.startswith(data)
    row = now.decode(encoding)[len(text) :] if encoding != "utf-8-sig" else now.decode(encoding)
    assert row.endswith(delimiter.join(["É", "https://x.org/b", ""]) + end)


def test_a_list_without_a_last_line_end() -> None:
    """A row is put on a line of its own also where the last one was not ended."""
    now = Sheet(b"title,url\nA,b.org/a", "list.csv").amended({}, [{"title": "B"}])
    assert now.data == b"title,url\nA,b.org/a\nB,"


def test_a_list_whose_cells_are_all_quoted() -> None:
    """Where each cell is quoted, so is what is new."""
    now = Sheet(b'"title","url"\n"A",""\n', "list.csv").amended({0: {"venue": "V"}})
    assert now.data == b'"title","url","venue"\n"A","","V"\n'


def test_what_a_spreadsheet_would_run() -> None:
    """What a stranger wrote is a text in a spreadsheet, and no formula."""
    now = Sheet(b"title,url\n,b.org/a\n", "list.csv").amended({0: {"title": "=HYPERLINK(1)"}})
    assert now.data == b"title,url\n =HYPERLINK(1),b.org/a\n"


def test_an_encoding_that_is_too_small() -> None:
    """What windows-1252 can't hold is refused in place, and made UTF-8 elsewhere."""
    data = "title,url\nÜ,\n".encode("cp1252")
    sheet = Sheet(data, "list.csv")
    with pytest.raises(InputError, match="windows-1252"):
        sheet.amended({0: {"venue": "数"}})
    now = sheet.amended({0: {"venue": "数"}}, recode=True)
    assert now.data.decode("utf-8") == "title,url,venue\nÜ,,数\n"
    assert "UTF-8" in now.notice


def test_rows_that_cannot_be_used_stay() -> None:
    """A row that is broken, an event and an empty line are left as they are."""
    data = b'title,url,kind\nA,,\n"broken" cell,,\n\nParty,,social\nB,,\n'
    now = Sheet(data, "list.csv").amended({0: {"venue": "V"}}).data.split(b"\n")
    assert now[1] == b"A,,,V"
    assert now[3] == b""
    assert now[4] == b"Party,,social,"
    assert b'"broken" cell,,' in now[2]


@pytest.mark.parametrize("data", [b"# My list\n\n- [A](https://x.org)\n", b"a,b\n1,2\n", b"[]"])
def test_what_is_no_such_list(data: bytes) -> None:
    """A list that is no CSV is refused in one message that says what to do."""
    with pytest.raises(InputError, match="only such a list is written to") as error:
        Sheet(data, "list.md")
    assert "roundup import" in error.value.hint


CELL = st.text(st.sampled_from("ab,;\"'\n é数=|\t "), max_size=8)


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=5),
    values=st.dictionaries(
        st.integers(0, 5),
        st.dictionaries(st.sampled_from(["title", "venue", "code", "abstract"]), CELL),
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t"),
)
def test_no_cell_is_lost(
    rows: list[list[str]], values: dict[int, dict[str, str]], end: str, delimiter: str
) -> None:
    """Whatever a list holds and whatever is found, each cell that held something still does."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
    writer.writerows([["title", "url", "take"], *rows])
    sheet = Sheet(file.getvalue().encode(), "list.csv")
    papers = {row for row, _ in sheet.papers}
    fills = {row: cells for row, cells in values.items() if row in papers}
    try:
        now = sheet.amended(fills, [{"title": "New one"}]).data.decode()
    except OutputError:
        return  # nothing is written rather than anything lost
    read = list(csv.reader(io.StringIO(now, newline=""), delimiter=delimiter))
    for old, new in zip(rows, read[1:], strict=False):
        if any(cell.strip() for cell in old):
            assert [b for a, b in zip(old, new, strict=False) if a.strip()] == [
                a for a in old if a.strip()
            ]
    assert read[-1][0] == "New one"


def test_a_list_that_was_changed_meanwhile(tmp_path: Path) -> None:
    """A list that its owner saved while catalogs were asked is left as it is."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"theirs, newer")
    with pytest.raises(OutputError, match="was changed"):
        files.replace(path, b"ours", b"theirs")
    assert path.read_bytes() == b"theirs, newer"
    backup = files.replace(path, b"ours", b"theirs, newer")
    assert path.read_bytes() == b"ours"
    assert backup is not None
    assert backup.read_bytes() == b"theirs, newer"
