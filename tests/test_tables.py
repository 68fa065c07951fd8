"""Reading lists: what a person's spreadsheet may write, and what is made of it."""

import csv as writer
import io
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ftfy.chardata import CHARMAP_ENCODINGS
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import tables
from summarize.errors import InputError
from summarize.records import Entry, Event, Paper, ReadingList
from summarize.tables import addresses, columns, csv, repair
from summarize.tables.rows import MAX_CELL
from summarize.tables.table import Given

NAME = "list.csv"
FORUM = "https://openreview.net/forum?id="
ROWS = "title,url,star\nGrüße aus Köln,https://example.org/a,1\nPlain,https://example.org/b,\n"


def read(text: str | bytes) -> ReadingList:
    """Read a list from its text."""
    return csv.read(Given(text if isinstance(text, bytes) else text.encode(), NAME))


def papers(entries: Sequence[Entry]) -> list[Paper]:
    """Return the papers among entries."""
    return [entry for entry in entries if isinstance(entry, Paper)]


def only(text: str | bytes) -> Paper:
    """Return the one paper of a list."""
    (paper,) = read(text).entries
    assert isinstance(paper, Paper)
    return paper


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("title", "A Title", "title", "A Title"),
        ("Paper Title", "A Title", "title", "A Title"),
        ("NAME", "A Title", "title", "A Title"),
        ("paper", "A Title", "title", "A Title"),
        ("paper", "https://example.org/a", "url", "https://example.org/a"),
        ("url", "https://example.org/a", "url", "https://example.org/a"),
        (" Link ", "https://example.org/a", "url", "https://example.org/a"),
        ("website", "https://example.org/a", "url", "https://example.org/a"),
        ("paper_url", "https://example.org/a", "url", "https://example.org/a"),
        ("openreview", "agPpmEgf8C", "url", f"{FORUM}agPpmEgf8C"),
        ("forum_id", "agPpmEgf8C", "url", f"{FORUM}agPpmEgf8C"),
        ("OpenReview URL", f"{FORUM}agPpmEgf8C", "url", f"{FORUM}agPpmEgf8C"),
        ("arxiv", "2310.13018", "url", "https://arxiv.org/abs/2310.13018"),
        ("arXiv ID", "arXiv:2310.13018v2", "url", "https://arxiv.org/abs/2310.13018v2"),
        ("eprint", "hep-th/9901001", "url", "https://arxiv.org/abs/hep-th/9901001"),
        ("doi", "10.1145/3292500", "url", "https://doi.org/10.1145/3292500"),
        ("DOI", "doi:10.1145/3292500", "url", "https://doi.org/10.1145/3292500"),
        ("url", "2310.13018", "url", "https://arxiv.org/abs/2310.13018"),
        ("pdf_url", "papers/a.pdf", "pdf", "papers/a.pdf"),
        ("filename", "papers/a.pdf", "pdf", "papers/a.pdf"),
    ],
)
def test_naming_columns(header: str, cell: str, field: str, value: str) -> None:
    """A column that can name a paper is known by any of its names and makes a list alone."""
    paper = only(f"{header}\n{cell}\n") if field != "pdf" else only(f"{header},title\n{cell},T\n")
    assert getattr(paper, field) == value


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("authors", "Ada Lovelace; Alan Turing", "authors", ("Ada Lovelace", "Alan Turing")),
        ("Author", "Ada Lovelace, Alan Turing", "authors", ("Ada Lovelace", "Alan Turing")),
        ("by", "A. Lovelace, B. C, and D. E", "authors", ("A. Lovelace", "B. C", "D. E")),
        ("authors", "Ada Lovelace and Alan Turing", "authors", ("Ada Lovelace", "Alan Turing")),
        ("authors", "Lovelace, Ada; Turing, Alan", "authors", ("Lovelace, Ada", "Turing, Alan")),
        ("Conference", "ICLR", "venue", "ICLR"),
        ("abstract", "We  study\nit.", "abstract", "We study it."),
        ("abs", "We study it.", "abstract", "We study it."),
        ("abs", "https://arxiv.org/abs/2310.13018", "url", "https://arxiv.org/abs/2310.13018"),
        ("day", "Day 1", "section", "Day 1"),
        ("Session", "Orals", "section", "Orals"),
        ("track", "Orals", "section", "Orals"),
        ("favourite", "yes", "star", True),
        ("Must-Read", "x", "star", True),
        ("to_read", "", "star", False),
        ("todo", "read\nthis", "todo", "read this"),
        ("My Take", "Neat.\nReally.", "take", "Neat.\nReally."),
        ("comments", "Neat.", "take", "Neat."),
    ],
)
def test_other_columns(header: str, cell: str, field: str, value: object) -> None:
    """A column that says more of a paper is known by any of its names."""
    assert getattr(only(f'title,{header}\nT,"{cell}"\n'), field) == value


@pytest.mark.parametrize(
    ("header", "row", "field", "value"),
    [
        ("notes,comments", "Neat.,Odd.", "take", "Neat.\nOdd."),
        ("notes,comments", ",Odd.", "take", "Odd."),
        ("notes,comments", "Neat.,Neat. ", "take", "Neat."),
        ("comment,my take,remarks", "a,b,c", "take", "a\nb\nc"),
        ("todo,action", "read,share", "todo", "read; share"),
        ("next step,todo", ",share", "todo", "share"),
        ("link,url", ",https://example.org/a", "url", "https://example.org/a"),
        ("link,url", "https://example.org/a,https://b.org/", "url", "https://example.org/a"),
        ("paper,link", "Words,https://example.org/a", "url", "https://example.org/a"),
        ("session,track", ",Orals", "section", "Orals"),
        ("star,favourite", ",x", "star", True),
        ("star,favourite", "no,x", "star", False),
    ],
)
def test_columns_of_one_meaning(header: str, row: str, field: str, value: object) -> None:
    """Of columns that mean the same each counts: takes and todos together, else the first."""
    reading = read(f"title,{header}\nT,{row}\n")
    assert getattr(reading.entries[0], field) == value
    assert reading.notices == ()


@pytest.mark.parametrize("header", ["priority", "interesting"])
def test_what_is_no_star(header: str) -> None:
    """A column that grades papers is no column of stars."""
    reading = read(f"title,{header}\nT,high\n")
    assert not reading.entries[0].star
    assert reading.notices == (f"list.csv: columns not used: {header}",)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_column_order(order: tuple[int, ...]) -> None:
    """The order of the columns does not matter."""
    header, row = ["star", "url", "todo", "title"], ["1", "https://example.org/a", "skim", "T"]
    paper = only("\n".join(",".join(line[i] for i in order) for line in (header, row)))
    assert (paper.title, paper.url, paper.star, paper.todo) == ("T", row[1], True, "skim")


def test_section_joins_day_date_and_session() -> None:
    """A row stands under its day, date and session, each said once."""
    text = 'day,date,session,title\nDay 1,"May 7, 2024",Orals,A\nOrals,,Orals,B\n,,,C\n'
    assert [e.section for e in read(text).entries] == ["Day 1 - May 7, 2024 - Orals", "Orals", ""]


def test_unused_columns_are_noticed() -> None:
    """A column that means nothing here is named in a notice, and a nameless one is not."""
    notices = read("title,score,,Area of it\nT,1,2,3\n").notices
    assert notices == ("list.csv: columns not used: score, Area of it",)


@pytest.mark.parametrize(
    "yes",
    ["1", "x", "X", "yes", "TRUE", "y", "⭐", "⭐️", "*", "★", "1.0", "later", "☑", "☑️", "[x]", "✔️"],
)
def test_star_is_true(yes: str) -> None:
    """Anything in a column of stars that is no clear no is a star."""
    assert columns.truth(yes)


@pytest.mark.parametrize(
    "no",
    [
        *(
            "",
            " ",
            "0",
            "0.0",
            "-",
            "no",
            "No ",
            "N",
            "FALSE",
            "nan",
            "low",
            "Nope",
            "not",
            "never",
        ),
        *("☆", "☐", "☐\ufe0e", "[ ]", "[]", "✗", "✘", "❌", "❌\ufe0f"),
    ],
)
def test_star_is_false(no: str) -> None:
    """A clear no in a column of stars is no star."""
    assert not columns.truth(no)


# --- kinds of row ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["event", "Workshop", "social", "Keynote talk", "tutorials"])
def test_events_pass_through(kind: str) -> None:
    """A row of an event's kind keeps the person's own words and is not taken for a paper."""
    text = f"kind,title,url,star,todo,take,day\n{kind},Meetup,https://example.org,x,go,Fun!,Day 2\n"
    assert read(text).entries == (
        Event(
            title="Meetup",
            url="https://example.org",
            kind="" if kind == "event" else kind,
            section="Day 2",
            star=True,
            todo="go",
            take="Fun!",
            where="list.csv:2",
        ),
    )


@pytest.mark.parametrize(
    "kind", ["", "paper", "Poster", "oral", "conferencePaper", "workshop paper", "Demo Papers"]
)
def test_papers_are_no_events(kind: str) -> None:
    """A row of any other kind, or of a kind of paper, is a paper."""
    assert only(f"kind,title\n{kind},T\n").title == "T"


@pytest.mark.parametrize(
    "kind",
    ["Poster Session 2", "Workshop Poster", "Oral session", "Spotlight", "spotlight talks"],
)
@pytest.mark.parametrize(
    "more", ["https://example.org/a,,", ",a.pdf,", ",,We study it."], ids=["url", "pdf", "abstract"]
)
def test_shown_papers_are_no_events(kind: str, more: str) -> None:
    """A row of a poster, an oral or a spotlight is a paper if it has something to read."""
    assert only(f"kind,title,url,pdf,abstract\n{kind},T,{more}\n").title == "T"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("Poster session", ","),
        ("Oral Sessions", ","),
        ("spotlight talk", ","),
        ("Invited talk", "https://example.org/a,We study it."),
        ("Session", "https://example.org/a,"),
    ],
)
def test_sessions_are_events(kind: str, more: str) -> None:
    """A session with nothing to read is an event, and so is any talk that shows no paper."""
    (entry,) = read(f"kind,title,url,abstract\n{kind},T,{more}\n").entries
    assert isinstance(entry, Event)


def test_rows_that_name_nothing() -> None:
    """A row with neither title nor address, and an event without a title, are rejected by line."""
    reading = read("kind,title,star\npaper,,x\ntalk,,\npaper,T,\n")
    assert [entry.title for entry in reading.entries] == ["T"]
    assert reading.rejected == (
        "list.csv:2: neither a title nor an address",
        "list.csv:3: an event without a title",
    )


def test_blank_rows_are_passed_over() -> None:
    """Blank lines and rows of empty cells are neither entries nor rejected, and still count."""
    reading = read("\n\ntitle,url\n\n,\nT,https://example.org/a\n  ,\n")
    assert [entry.where for entry in reading.entries] == ["list.csv:6"]
    assert reading.rejected == ()


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (f"T,{FORUM}agPpmEgf8C,", "agPpmEgf8C"),
        ("T,https://arxiv.org/abs/2310.13018v3,", "2310.13018"),
        ("T,https://example.org/x,https://arxiv.org/pdf/2310.13018", "2310.13018"),
        ("A Fine Title!,https://example.org/x,", "a-fine-title"),
        ("Schrödinger's Čat,,", "schrodinger-s-cat"),
        ("注意力机制,,", "注意力机制"),
        (",https://example.org/x.php?id=1,", "https-example-org-x-php-id-1"),
        (",example.org/x,", "https-example-org-x"),
        (",example.org,", "example-org"),
    ],
)
def test_keys(row: str, key: str) -> None:
    """A paper's key is the identifier in its addresses, else its title, else its address."""
    assert only(f"title,url,pdf\n{row}\n").key == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!!!,", "???,"),
        (f"{'long ' * 30}part one,", f"{'long ' * 30}part two,"),
        (",https://example.org/p?id=1", ",https://example.org/p?id=2"),
        (f",https://example.org/{'p' * 90}/1", f",https://example.org/{'p' * 90}/2"),
        (f"{'?' * 30},", f"{'!' * 30},"),
    ],
)
def test_keys_differ(one: str, other: str) -> None:
    """Two papers that differ in title or address have keys that differ, and are not joined."""
    keys = [paper.key for paper in papers(read(f"title,url\n{one}\n{other}\n").entries)]
    assert len(set(keys)) == 2
    assert all(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Introduction,https://a.org/1", "Introduction,https://a.org/2"),
        ("C++ memory,https://a.org/1", "C# memory,https://a.org/2"),
        ("C++ memory,", "C# memory,"),
        ("A survey of memory in C++,", "A survey of memory in C#,"),
        ("Scaling to 1.5 billion parameters,", "Scaling to 15 billion parameters,"),
        (f"Introduction,{FORUM}x1", f"Introduction,{FORUM}introduction"),
        (f"Introduction,{FORUM}introduction", "Introduction,https://a.org/1"),
    ],
)
def test_titles_of_one_slug(one: str, other: str) -> None:
    """Papers whose titles agree in their slugs alone stay apart, under keys of their own."""
    text = f"title,url\n{one}\n{other}\n"
    keys = [paper.key for paper in papers(read(text).entries)]
    assert len(set(keys)) == 2
    assert keys == [paper.key for paper in papers(read(text).entries)]


def test_taken_keys() -> None:
    """Who comes first has the plain key, the others have a hash of their address and title."""
    text = "title,url\n" + "".join(f"Introduction,https://a.org/{i}\n" for i in range(3))
    keys = [paper.key for paper in papers(read(text).entries)]
    assert keys == ["introduction", "introduction-35faa5", "introduction-7677e5"]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("www.example.org/p.pdf", "https://www.example.org/p.pdf"),
        ("www.example.org", "https://www.example.org"),
        (" openreview.net/forum?id=x ", "https://openreview.net/forum?id=x"),
        ("arXiv.org/abs/2310.13018", "https://arXiv.org/abs/2310.13018"),
        ("proceedings.mlr.press/v37/a15.html", "https://proceedings.mlr.press/v37/a15.html"),
        ("doi.org/10.1145/3292500", "https://doi.org/10.1145/3292500"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136"),
        ("10.1145/3292500", "https://doi.org/10.1145/3292500"),
        ("example.org", None),
        ("example.org:99999/a", None),
        ("example.org/a and more", None),
        ("a.pdf", None),
        ("www.pdf", None),
        ("papers.pdf/a", None),
        ("papers/a.pdf", None),
        ("../papers/a.pdf", None),
        ("2310.1301", None),
        ("A Title. With/Without", None),
        ("Node.js?", None),
        ("ftp://example.org/a", None),
        ("", None),
    ],
)
def test_addresses(text: str, address: str | None) -> None:
    """An address may lack its scheme or be a bare identifier; other text is no address."""
    assert addresses.spelled_out(text) == address


@pytest.mark.parametrize(
    ("cell", "pdf"),
    [
        ("https://example.org/a.pdf", "https://example.org/a.pdf"),
        ("www.example.org/a.pdf", "https://www.example.org/a.pdf"),
        ("arxiv.org/pdf/2310.13018", "https://arxiv.org/pdf/2310.13018"),
        ("proceedings.mlr.press/v37/a.pdf", "https://proceedings.mlr.press/v37/a.pdf"),
        *(
            (path, path)
            for path in "a.pdf www.a.pdf papers/a.pdf ./a.pdf ../a.pdf ~/a.pdf papers.v2/a.pdf "
            "J.Smith/a.pdf cs.LG/a.pdf 2.intro/a.pdf a.pdf/a.pdf C:\\a.pdf /x.org/a.pdf".split()
        ),
    ],
)
def test_pdf_cells(cell: str, pdf: str) -> None:
    """A PDF's address may lack its scheme, and a path is left as it is."""
    assert only(f"title,pdf\nT,{cell}\n").pdf == pdf


@pytest.mark.parametrize(
    ("header", "cell", "url", "key"),
    [
        ("url", "arxiv.org/abs/2310.13018v2", "https://arxiv.org/abs/2310.13018v2", "2310.13018"),
        ("openreview", "openreview.net/forum?id=x1", f"{FORUM}x1", "x1"),
        ("arxiv", "arxiv.org/abs/2310.13018", "https://arxiv.org/abs/2310.13018", "2310.13018"),
        ("doi", "doi.org/10.1145/3292500", "https://doi.org/10.1145/3292500", "10.1145/3292500"),
        ("paper", "openreview.net/forum?id=x1", f"{FORUM}x1", "x1"),
        ("abs", "arxiv.org/abs/2310.13018", "https://arxiv.org/abs/2310.13018", "2310.13018"),
        ("arxiv", "2310.1301", "2310.1301", "t"),
        ("paper", "2310.1301", "2310.1301", "t"),
    ],
)
def test_addresses_in_columns(header: str, cell: str, url: str, key: str) -> None:
    """An address without a scheme gives the paper's key; a cut identifier gives no link."""
    paper = only(f"{header},title\n{cell},T\n")
    assert (paper.url, paper.key, paper.title) == (url, key, "T")


# --- dialects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_dialects(encoding: str, delimiter: str, end: str) -> None:
    """Any delimiter, line end and byte-order mark gives the same papers, without a notice."""
    text = ROWS.replace(",", delimiter).replace("\n", end)
    reading = read(text.encode(encoding))
    assert [(p.title, p.url, p.star, p.where) for p in papers(reading.entries)] == [
        ("Grüße aus Köln", "https://example.org/a", True, "list.csv:2"),
        ("Plain", "https://example.org/b", False, "list.csv:3"),
    ]
    assert reading.notices == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":", "^"])
def test_excel_hint(delimiter: str) -> None:
    """Excel's first line `sep=;` sets the delimiter, whichever it is."""
    paper = only(f"sep={delimiter}\r\ntitle{delimiter}star\r\nT{delimiter}1\r\n")
    assert (paper.title, paper.star, paper.where) == ("T", True, "list.csv:3")


def test_big_endian_mark() -> None:
    """A big-endian UTF-16 file is read by its mark."""
    assert only(b"\xfe\xff" + "title\nGrüße\n".encode("utf-16-be")).title == "Grüße"


def test_quoted_newlines() -> None:
    """A quoted cell may hold line breaks and quotes; the rows after it keep their line numbers."""
    reading = read('title,take\n"A ""fine""\r\ntitle","one\n\ntwo"\nB,\n')
    assert [(e.title, e.take, e.where) for e in reading.entries] == [
        ('A "fine" title', "one\n\ntwo", "list.csv:2"),
        ("B", "", "list.csv:6"),
    ]


def test_short_rows() -> None:
    """A row with fewer cells than the header lacks only what it lacks."""
    assert only("title,url,star\nT\n").title == "T"


# --- encodings ------------------------------------------------------------------------------------


def test_mojibake_begins_with_what_an_encoding_of_single_bytes_has() -> None:
    """Whatever ftfy takes a text to have been read as, its letters are suspect; emoji never are."""
    for encoding in CHARMAP_ENCODINGS:
        letters = bytes(range(128, 256)).decode(encoding, "replace")
        assert all(repair.SUSPECT.search(letter + "\x80") for letter in letters), encoding
    assert not repair.SUSPECT.search("⭐\ufe0f 论文")


def test_mojibake_is_repaired() -> None:
    """UTF-8 read as something else is undone, with one notice that names the first row."""
    text = "title,take\nPlain,\nSchrÃ¶dingerâ€™s cat,It isnâ€™t\nCafÃ©,\n"
    reading = read(text)
    assert [e.title for e in reading.entries][1:] == ["Schrödinger’s cat", "Café"]
    assert reading.entries[1].take == "It isn’t"
    assert reading.notices == ("list.csv:3: mojibake repaired (in 2 rows)",)


@pytest.mark.parametrize(
    "title", ["Müller–Ölçer", "Ünïcödé ⭐️", "Ёлка и ёж", "注意力机制", "naïve Ångström", "π ≈ 3"]
)
def test_sound_text_is_left_alone(title: str) -> None:
    """Text beyond ASCII that is as it should be is not repaired."""
    reading = read(f"title\n{title}\n")
    assert reading.entries[0].title == title
    assert reading.notices == ()


def test_windows_1252() -> None:
    """A file that is not UTF-8 is read as windows-1252, and a notice says so."""
    reading = read("title\nSchrödinger’s café\n".encode("cp1252"))
    assert reading.entries[0].title == "Schrödinger’s café"
    assert reading.notices == ("list.csv is not UTF-8: read as windows-1252",)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_damaged_utf8(mark: bytes) -> None:
    """In a file that is UTF-8, a row with other bytes is rejected by line, and no other."""
    rows = [b"title,take", "Café,".encode(), b"Caf\xe9,", b"B,\xff\xfe", b"C,"]
    reading = read(mark + b"\n".join(rows))
    assert [(e.title, e.where) for e in reading.entries] == [
        ("Café", "list.csv:2"),
        ("C", "list.csv:5"),
    ]
    assert reading.rejected == (
        "list.csv:3: a cell holds bytes that are no text",
        "list.csv:4: a cell holds bytes that are no text",
    )
    assert reading.notices == ()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (b"\x01\xff\x9d", "a cell holds bytes that are no text"),
        (b"\0\xff\x9d", "a cell holds binary data"),
    ],
)
def test_binary_rows(cell: bytes, said: str) -> None:
    """A row of binary data in a file of plain ASCII is rejected, and the file is no other."""
    reading = read(b"title\nA long enough title for the share of NUL\n" + cell + b"\nB\n")
    assert [entry.where for entry in reading.entries] == ["list.csv:2", "list.csv:4"]
    assert reading.rejected == (f"list.csv:3: {said}",)
    assert reading.notices == ()


def test_damaged_header() -> None:
    """A column whose name is no text is not used, and its notice can be printed."""
    reading = read(b"title,Gr\xfc\xdfe\n" + "Köln,1\n".encode())
    assert reading.entries[0].title == "Köln"
    assert reading.notices == ("list.csv: columns not used: Gr\\xfc\\xdfe",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"title\nSchr\x9ddinger\n", "is in an encoding that is not known"),
        ("title\nT\n".encode("utf-16") + b"\0", "is damaged UTF-16"),
        (b"\xff\xfe" + b"t\0\0\xd8x\0", "is damaged UTF-16"),
        ("title\nT\n".encode("utf-32") + b"\0", "is damaged UTF-32"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, said: str) -> None:
    """A file that nobody can decode is an error that says how to save it."""
    with pytest.raises(InputError) as caught:
        read(data)
    assert caught.value.message == f"list.csv {said}"
    assert "CSV UTF-8" in caught.value.hint


# --- damage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damaged",
    [
        '"An open quote, and a comma',
        '"An "inner" quote, and a comma',
        '"T" text after,https://example.org/z',
        ',"An open quote\u2028, and, more',
    ],
)
def test_stray_quote(damaged: str) -> None:
    """A stray quote costs its own row alone, by its line; the rows after it keep theirs."""
    reading = read(f'title,url\nA,\n{damaged}\nB,\n"C, c",https://example.org/c\nD,\n')
    assert [(e.title, e.where) for e in reading.entries if e.where != "list.csv:3"] == [
        ("A", "list.csv:2"),
        ("B", "list.csv:4"),
        ("C, c", "list.csv:5"),
        ("D", "list.csv:6"),
    ]
    assert all(said.startswith("list.csv:3: ") for said in reading.rejected)
    assert len(reading.entries) + len(reading.rejected) == 5


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("bin\0ary", "a cell holds binary data"),
        ("x" * 10_000_000, "a cell holds 10.0 million characters"),
        ("x" * (MAX_CELL + 1), "a cell holds 1.0 million characters"),
        ("T,https://example.org,more", "it has 3 cells, the header has 2"),
        ('"T" and, "U', "a quote is opened and not closed, or text follows a closed one"),
    ],
    ids=["nul", "10 MB", "just too long", "too many cells", "quotes"],
)
def test_rows_that_cannot_be_used(cell: str, said: str) -> None:
    """A row that can't be used is rejected by file and line, and the rest is read."""
    head = "title,url,x" if "quote" in said else "title,url"
    reading = read(f"{head}\nA,\n{cell}\nB,\nC,https://example.org/{'c' * 40}\n")
    assert reading.rejected == (f"list.csv:3: {said}",)
    assert [(e.title, e.where) for e in reading.entries] == [
        ("A", "list.csv:2"),
        ("B", "list.csv:4"),
        ("C", "list.csv:5"),
    ]


def test_longest_cell_that_is_read() -> None:
    """A cell as long as the limit is read, header cells included."""
    assert len(only(f"title,{'h' * 200_000},abstract\nT,,{'x' * MAX_CELL}\n").abstract) == MAX_CELL


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"%PDF-1.7\n...", "is a PDF, not a reading list"),
        (b"PK\x03\x04xl/workbook", "is a damaged spreadsheet or zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a damaged or locked spreadsheet"),
        (b"\x1f\x8b\x08\0", "is gzip-compressed, not a reading list"),
        (b"SQLite format 3\0", "is a database, not a reading list"),
        (b"\x89PNG\r\n", "is an image, not a reading list"),
        (b"<!doctype HTML><html>", "is a web page, not a reading list"),
        (b"title\0\0\0\0", "is a binary file, not a reading list"),
        ("title\n".encode("utf-16-le"), "is a binary file, not a reading list"),
        (b"name_of,score\na,1\n", "is not a reading list: it has no title or url column"),
        (b"just some words\nand more\n", "is not a reading list: it has no title or url column"),
        (b"w" * 300_000, "is not a reading list: it has no title or url column"),
        (b"sep=;\n", "is not a reading list: it has no title or url column"),
        (b"title,url\n", "has a header but no rows"),
        (b"title,url\n\n,\n", "has a header but no rows"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_list(data: bytes, said: str, tmp_path: Path) -> None:
    """A file that is no list raises an error that names it and says what to do."""
    path = tmp_path / NAME
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        tables.read(path)
    assert caught.value.message == f"{path} {said}"
    assert caught.value.hint


def test_no_file(tmp_path: Path) -> None:
    """A folder, and a file that is not there, are errors that name them."""
    with pytest.raises(InputError, match="is a folder, not a reading list"):
        tables.read(tmp_path)
    with pytest.raises(InputError, match=r"none\.csv can't be read: No such file"):
        tables.read(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("path", "said", "hint"),
    [
        (
            "https://example.org/list.csv",
            "https://example.org/list.csv is an address, not a file",
            "make a list of it first: roundup import 'https://example.org/list.csv' -o list.csv",
        ),
        (
            "HTTP://example.org/list.csv",
            "HTTP://example.org/list.csv is an address, not a file",
            "make a list of it first: roundup import 'HTTP://example.org/list.csv' -o list.csv",
        ),
        (
            "openreview:ICLR.cc/2024/Conference",
            "openreview:ICLR.cc/2024/Conference is an address, not a file",
            "make a list of it first: roundup import 'openreview:ICLR.cc/2024/Conference' "
            "-o list.csv",
        ),
    ],
)
def test_what_is_no_file(path: str, said: str, hint: str) -> None:
    """An address is an error that says what to do instead."""
    with pytest.raises(InputError) as caught:
        tables.read(Path(path))
    assert (caught.value.message.replace("\\", "/"), caught.value.hint) == (said, hint)


def test_file_name_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's name may hold any bytes: what is said of its rows can be printed all the same."""
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    monkeypatch.setattr(Path, "stat", lambda _: os.stat_result([0] * 10))
    monkeypatch.setattr(Path, "open", lambda *_: io.BytesIO(b"title\nT\n"))
    where = tables.read(Path("\udcff.csv")).entries[0].where
    assert where.encode().endswith(b".csv:2")


def test_lists_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file past the limit is refused before it is read."""
    path = tmp_path / NAME
    path.write_text(ROWS)
    monkeypatch.setattr(tables, "MAX_LIST", 20)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was read"))
    with pytest.raises(InputError, match="is larger than 0 MB"):
        tables.read(path)


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="needs /dev/zero")
def test_what_has_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a device that never ends no more is read than a list may have."""
    monkeypatch.setattr(tables, "MAX_LIST", 2**20)
    with pytest.raises(InputError, match="/dev/zero is larger than 1 MB"):
        tables.read(Path("/dev/zero"))


# --- duplicates -----------------------------------------------------------------------------------


def test_duplicates_lose_nothing() -> None:
    """The same paper twice is one, with both takes and todos, any star, and a notice."""
    reading = read(
        "title,url,authors,star,todo,take,pdf\n"
        "A Title That Is Long Enough,,,,read,First.,\n"
        "Other,https://example.org/o,,,,,\n"
        "A title that is long enough,https://example.org/a,Ada,x,share,Second.,a.pdf\n"
    )
    assert reading.entries[0] == Paper(
        key="a-title-that-is-long-enough",
        title="A Title That Is Long Enough",
        url="https://example.org/a",
        authors=("Ada",),
        star=True,
        todo="read; share",
        take="First.\nSecond.",
        pdf="a.pdf",
        where="list.csv:2",
    )
    assert [entry.title for entry in reading.entries] == ["A Title That Is Long Enough", "Other"]
    assert reading.notices == (
        "list.csv:4: the same paper as line 2, joined: A Title That Is Long Enough",
    )


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("A,https://arxiv.org/abs/2310.13018v1", "B,https://arxiv.org/pdf/2310.13018v2", 1),
        ("A,https://arxiv.org/abs/2310.13018", "B,https://huggingface.co/papers/2310.13018", 1),
        (f"A,{FORUM}x1", f"A,{FORUM}x2", 2),
        ("Introduction,https://arxiv.org/abs/2310.13018", "Introduction,", 1),
        ("Introduction,", "INTRODUCTION!,https://a.org/1", 1),
        ("Introduction,https://a.org/1", "Introduction,https://a.org/1", 1),
        ("Introduction,https://a.org/1", "Introduction,https://a.org/2", 2),
        ("A Title: Long Enough to Tell,https://a.org/1", "A title – long enough to tell,", 1),
        ("A Title Long Enough to Tell,https://a.org/1", "A Title Long Enough to Tell,b.org/2", 1),
        ("Programming in C++ by examples,", "Programming in C# by examples,", 2),
        ("Same,", "Same,", 1),
        ("!!!,", "!!!,", 1),
        ("C++,", "C++,", 1),
        (",https://a.org/1", ",https://a.org/1", 1),
        (",https://a.org/1", "T,https://a.org/1", 2),
    ],
)
def test_what_is_a_duplicate(one: str, other: str, count: int) -> None:
    """Papers are the same by identifier, by a title long enough to tell, or by title and place."""
    assert len(read(f"title,url\n{one}\n{other}\n").entries) == count


def test_a_title_that_comes_late() -> None:
    """A paper that a later row names is one with the rows of that title that stand before it."""
    address = "https://arxiv.org/abs/2310.13018"
    reading = read(f"title,url,take\n,{address},a\nShort,,b\nShort,{address},c\n")
    (paper,) = papers(reading.entries)
    assert (paper.title, paper.url, paper.take) == ("Short", address, "a\nc\nb")


def test_short_titles_by_place() -> None:
    """A short title without an address goes with the first of that title, but not by its PDF."""
    reading = read(
        "title,url,pdf\nIntro,,a.pdf\nIntro,,b.pdf\nIntro,https://a.org/1,\nIntro,https://a.org/2,\n"
        "Intro,,b.pdf\n"
    )
    assert [(p.url, p.pdf) for p in papers(reading.entries)] == [
        ("https://a.org/1", "a.pdf"),
        ("", "b.pdf"),
        ("https://a.org/2", ""),
    ]
    assert len(reading.notices) == 2


def test_a_later_identifier_is_the_key() -> None:
    """Two rows of one paper have the identifier that either has, and are found by it again."""
    text = "title,url\nSame,\nSame,https://arxiv.org/abs/2310.13018\nOther,arxiv:2310.13018\n"
    assert only(text).key == "2310.13018"


def test_duplicate_keeps_the_second_address() -> None:
    """A duplicate's address that differs is kept as a place to look for the PDF."""
    text = "title,url\nA,https://arxiv.org/abs/2310.13018\nA,https://arxiv.org/pdf/2310.13018v2\n"
    paper = only(text)
    assert paper.url == "https://arxiv.org/abs/2310.13018"
    assert paper.pdf == "https://arxiv.org/pdf/2310.13018v2"


def test_events_are_never_joined() -> None:
    """The same event twice is two: a social may well happen on each day."""
    text = "kind,title,url\ntalk,A Talk That Is Long Enough,https://e.org\n"
    assert len(read(text + text.splitlines()[1] + "\n").entries) == 2


def test_two_addresses_in_a_row() -> None:
    """Of two addresses in a row, the first is linked to and the second may hold the PDF."""
    paper = only(f"title,arxiv,openreview\nT,2310.13018,{FORUM}x\n")
    assert (paper.url, paper.pdf) == (f"{FORUM}x", "https://arxiv.org/abs/2310.13018")
    assert paper.key == "x"


# --- real lists -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iclr2024.csv", "iclr2024_with_abstracts.csv"])
def test_iclr_short_list(shared: Path, name: str) -> None:
    """A reader's own list gives all its papers, events, days, stars and todos, with no notice."""
    reading = tables.read(shared / "data" / name)
    found = papers(reading.entries)
    assert len(found) == 67
    assert len(reading.entries) - len(found) == 3
    assert len({entry.section for entry in reading.entries}) == 5
    assert sum(entry.star for entry in reading.entries) == 28
    assert sum(bool(entry.todo) for entry in reading.entries) == 31
    assert (reading.notices, reading.rejected) == ((), ())
    assert found[0].key == "agPpmEgf8C"
    assert all(bool(paper.abstract) == ("abstracts" in name) for paper in found)


def test_iclr_accepted(shared: Path) -> None:
    """A list of all accepted papers is read whole, though its columns go by other names."""
    reading = tables.read(shared / "data" / "iclr2024_accepted.csv")
    found = papers(reading.entries)
    assert len(found) == len(reading.entries) == 2251
    assert reading.rejected == ()
    assert all(p.title and p.abstract and p.url == FORUM + p.key for p in found)
    assert len({paper.key for paper in found}) == 2251
    assert [notice.partition(": ")[2][:16] for notice in reading.notices] == ["columns not used"]


# --- anything at all ------------------------------------------------------------------------------

_BITS = [b"title", b"url", b",", b";", b"\t", b'"', b"\n", b"\r", b"\0", b"sep=", b"x", b"\xff\xfe"]
_BITS += [b"https://a.org/", b"kind", b"talk", "é".encode(), "Ã¶".encode(), b"\xe9", b"\x80"]
_BITS += [b"C++", b"C#", b"Introduction", b"www.a.org/p.pdf", b"2310.1301", b"\xc3", b"\x01\xff"]
_HEADS = [b"", b"title,url\n", b"\xef\xbb\xbftitle;kind;star\r\n", b"\xff\xfe", b"url\tabs\r", b'"']
_HEADS += [b"kind,title,paper,pdf,notes,comments\n", b"sep=", b"\xff\xfe\0\0", b"\xfe\xff"]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(_HEADS),
    st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(_BITS), max_size=60).map(b"".join)),
)
def test_any_bytes(head: bytes, body: bytes) -> None:
    """Any bytes at all are a list or no list: nothing else can come of them."""
    try:
        reading = read(head + body)
    except InputError:
        return
    assert reading.entries or reading.rejected
    keys = [paper.key for paper in papers(reading.entries)]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    reading.model_dump_json().encode()  # no lone surrogate in it


@pytest.mark.parametrize("seed", range(8))
def test_any_damage(seed: int) -> None:
    """Whatever bytes of a sound list are overwritten, its rows are read or rejected, and said."""
    chance = random.Random(seed)
    data = bytearray(("title,take,url\n" + "Grüße,schön,https://a.org/\n" * 40).encode())
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(20, len(data))] = chance.randrange(256)
    reading = read(bytes(data))
    assert reading.entries or reading.rejected
    assert "\ufffd" not in reading.model_dump_json()


_WORDS = st.text(alphabet="abcXYZ 019.,;:|'\"\t&<{é中文\n-", max_size=40)


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[list[tuple[str, str]], bytes]:
    """Return titles and addresses, and a file of some dialect that holds them."""
    found = [
        (f"n{i} {' '.join(title.split())}".strip(), f"https://example.org/{i}")
        for i, title in enumerate(draw(st.lists(_WORDS, min_size=1, max_size=8)))
    ]
    quoting = draw(st.sampled_from([writer.QUOTE_ALL, writer.QUOTE_MINIMAL]))
    options: dict[str, Any] = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "quoting": quoting,
        "lineterminator": draw(st.sampled_from(["\n", "\r\n", "\r"])),
    }
    header = draw(st.permutations(["title", "url", "take", "unknown"]))
    file = io.StringIO(newline="")
    sheet = writer.DictWriter(file, header, **options)
    sheet.writeheader()
    for title, url in found:
        take, unknown = draw(_WORDS).replace("\n", " "), draw(_WORDS).replace("\n", " ")
        if quoting == writer.QUOTE_ALL and draw(st.booleans()):
            title = title.replace(" ", "\n")  # noqa: PLW2901 - as it stands in the cell
        sheet.writerow({"title": title, "url": url, "take": take, "unknown": unknown})
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return found, file.getvalue().encode(encoding)


@settings(max_examples=150, deadline=None)
@given(_sheets())
def test_any_sheet_reads_back(sheet: tuple[list[tuple[str, str]], bytes]) -> None:
    """What a spreadsheet writes, in any dialect, reads back to the same titles and addresses."""
    wanted, data = sheet
    reading = read(data)
    assert [(paper.title, paper.url) for paper in papers(reading.entries)] == wanted
    assert reading.rejected == ()
