"""Engines: what each gives of any PDF, and how pdfium's characters become lines."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from summarize.engines import ENGINES, Extracted
from summarize.errors import ExtractError
from summarize.read import read as read_document
from summarize.text.lines import BROKEN, Line
from summarize.text.tidy import Words, tidy
from tests.conftest import ROOT

DEMO = sorted((ROOT / "examples" / "papers").glob("*.pdf"))
WIDTH, HEIGHT = 612.0, 792.0
COMMON = re.compile(r"[a-z]{4,}")


TEXT = [name for name in ENGINES if name != "ocr"]  # OCR has tests of its own


def read(engine: str, pdf: bytes, pages: int = 500) -> Extracted:
    """Return what an engine makes of a file that needs no password."""
    return ENGINES[engine](pdf, pages, "")


def words(found: Extracted) -> Counter[str]:
    """Return the longer words of what was read, with those that lines break put together."""
    lines = [line.text for page in found.pages for line in tidy(page).lines]
    return Counter(COMMON.findall("\n".join(Words("\n".join(lines)).joined(lines)).casefold()))


# --- what every engine keeps to -------------------------------------------------------------------


@pytest.mark.parametrize("engine", TEXT)
def test_every_engine_gives_lines(engine: str) -> None:
    """An engine gives each page in order, as lines without breaks, in boxes on the page or none."""
    for path in DEMO:
        found = read(engine, path.read_bytes())
        assert len(found.pages) == 2
        assert "Abstract" in {line.text for line in found.pages[0].lines}
        assert "References" in {line.text for line in found.pages[1].lines}
        assert found.unread == ()
        assert found.unseen == ()
        for page in found.pages:
            assert 0.0 <= page.picture <= 1.0
            assert len(page.lines) > 40
            for line in page.lines:
                assert line.text.strip()
                assert not re.search(r"[\r\n\v\f\u2028]", line.text)
                assert bool(page.width) == bool(line.size)
                assert 0 <= line.left <= line.right <= page.width
                assert 0 <= line.bottom <= line.top <= page.height


@pytest.mark.parametrize("engine", TEXT)
def test_every_engine_reads_the_same(engine: str) -> None:
    """Engines read the same words, but for few: what one of them adds or loses is its mistake."""
    pdf = DEMO[0].read_bytes()
    found, first = words(read(engine, pdf)), words(read("pdfium", pdf))
    assert (found & first).total() > 0.95 * max(found.total(), first.total())


@pytest.mark.parametrize("engine", TEXT)
def test_every_engine_keeps_to_a_limit(engine: str) -> None:
    """An engine reads no more pages than it is asked for, and says how many there are."""
    found = read(engine, DEMO[0].read_bytes(), pages=1)
    assert len(found.pages) == 1
    assert found.unread == ("only the first 1 of 2 pages were read",)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_refuses_what_is_no_pdf(engine: str) -> None:
    """An engine raises an error with a reason for bytes that are no PDF, whatever they are."""
    for pdf in (b"", b"\0", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"<html>" * 999, b"%PDF" * 9999):
        with pytest.raises(ExtractError, match=r"^the PDF|^Tesseract is missing"):
            read(engine, pdf)


@pytest.mark.parametrize("engine", TEXT)
def test_every_engine_takes_empty_pages(engine: str) -> None:
    """A page without anything on it is a page without lines, and keeps its place."""
    found = read(engine, made("", "(Words of a page) Tj", ""))
    assert [page.text for page in found.pages] == ["", "Words of a page", ""]
    assert found.unread == ()


# --- PDFs made up ---------------------------------------------------------------------------------


def made(*contents: str, title: str = "", outline: Sequence[str] = ()) -> bytes:
    """Return a PDF of pages that show this: F1 is Helvetica, F2 in bold, at 10 points.

    Text begins in the upper left corner; `T*` goes to the next line.
    """
    writer = PdfWriter()
    fonts = DictionaryObject(
        {
            NameObject(name): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject(font),
                    NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                }
            )
            for name, font in (("/F1", "/Helvetica"), ("/F2", "/Helvetica-Bold"))
        }
    )
    for content in contents:
        page = writer.add_blank_page(WIDTH, HEIGHT)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 10 Tf 12 TL 72 700 Td {content} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title})
    for entry in outline:
        writer.add_outline_item(title=entry, page_number=0)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def lines(content: str) -> tuple[Line, ...]:
    """Return the lines that pdfium finds on a page that is not the first."""
    return read("pdfium", made("", content)).pages[1].lines


def test_where_lines_stand() -> None:
    """A line has the box of its letters in points, the height of their font, and its weight."""
    one, two, three = lines("(One line) Tj T* /F2 10 Tf (Two) Tj T* T* T* /F1 20 Tf (Three) Tj")
    assert [line.text for line in (one, two, three)] == ["One line", "Two", "Three"]
    assert one.left == two.left == pytest.approx(72, abs=1)
    assert one.right == pytest.approx(72 + 38, abs=3)
    assert one.bottom < 700 < one.top
    assert one.bottom - two.bottom == pytest.approx(12, abs=0.5)
    assert one.size == pytest.approx(two.size, rel=0.1)
    assert three.size == pytest.approx(2 * one.size, rel=0.05)
    assert [line.bold for line in (one, two, three)] == [False, True, False]


def test_raised_letters_do_not_make_a_line_higher() -> None:
    """A line that ends in a raised letter, or begins with one, is as high as its other letters."""
    plain, raised, begun, initial = lines(
        "(Some words) Tj T* (Some more words) Tj /F1 6 Tf 4 Ts (2) Tj 0 Ts T* "
        "4 Ts (3) Tj 0 Ts /F1 10 Tf (Further words) Tj T* T* "
        "/F1 20 Tf (A) Tj /F1 10 Tf (ll of it) Tj"
    )
    assert raised.text == "Some more words2"
    assert begun.text == "3Further words"
    assert initial.text == "All of it"
    assert {round(line.size, 1) for line in (raised, begun, initial)} == {round(plain.size, 1)}


def test_a_title_is_measured_letter_by_letter() -> None:
    """At the head of the first page a line is as high as its third largest letter.

    So are titles in small capitals, and lines that begin with a large initial are not.
    """
    capitals = "/F1 15 Tf (T) Tj /F1 12 Tf (WO) Tj /F1 15 Tf ( W) Tj /F1 12 Tf (ORDS ) Tj"
    three = "/F1 15 Tf (A) Tj /F1 12 Tf (GAIN) Tj"
    content = f"{capitals} {three} T* T* /F1 30 Tf (W) Tj /F1 10 Tf (ords of the text) Tj"
    title, text = read("pdfium", made(content)).pages[0].lines
    assert title.text == "Two Words Again"
    assert title.size == pytest.approx(1.5 * text.size, rel=0.02)


def test_small_capitals_are_lowered() -> None:
    """What is set in small capitals is read as it was written; other capitals stay."""
    found = lines(
        "/F1 12 Tf (I) Tj /F1 9.6 Tf (NTRODUCTION TO ) Tj /F1 12 Tf (I) Tj /F1 9.6 Tf (T) Tj T* "
        "/F1 12 Tf (IN CAPITALS) Tj T* (IN A ) Tj /F1 6 Tf (NOTE) Tj T* "
        "/F1 12 Tf (2 R) Tj /F1 9.6 Tf (ELATED) Tj T* "
        "/F1 12 Tf (ONE) Tj 40 0 Td /F1 9.6 Tf (TWO) Tj"
    )
    assert [line.text for line in found] == [
        "Introduction to It", "IN CAPITALS", "IN A NOTE", "2 Related", "ONE TWO"
    ]  # fmt: skip


def test_broken_words_end_lines() -> None:
    """A line that ends within a word is told, and its box is that of its letters."""
    found = lines("(Of every word that is a bro-) Tj T* (ken one there is another) Tj")
    assert [line.text for line in found] == [
        f"Of every word that is a bro{BROKEN}", "ken one there is another"
    ]  # fmt: skip
    assert found[0].right == lines("(Of every word that is a bro) Tj")[0].right


def test_columns_drawn_in_one_go() -> None:
    """Lines of two columns that a file draws as one are two, and no other lines are cut."""
    left = [f"what the left column says in line {i:02} of it" for i in range(12)]
    right = [f"what the right column says, line {i:02} of it" for i in range(12)]
    rows = [f"[({a}) -3000 ({b})] TJ T*" for a, b in zip(left, right, strict=True)]
    found = lines(" ".join(rows))
    assert sorted(line.text for line in found) == sorted(left + right)
    assert {round(line.left) for line in found} == {72, round(found[1].left)}
    whole = "(" + "one line of words that goes on over all of the page and back " * 2 + ") Tj T*"
    gaps = [f"[({left[0]} {'so ' * i}) -3000 ({right[0]} and more)] TJ T*" for i in range(8)]
    assert len(lines(whole * 24 + "".join(gaps))) == 32


def test_what_the_file_says_of_itself() -> None:
    """The title in the file's metadata and the titles of its outline are given as they are."""
    found = read("pdfium", made("(x) Tj", title="Ein Tïtle", outline=["1 One", "Two — 2"]))
    assert (found.title, found.outline) == ("Ein Tïtle", ("1 One", "Two — 2"))
    assert read("pdfium", made("(x) Tj")).outline == ()


@pytest.mark.parametrize(("engine", "damaged"), [("pdfium", "page"), ("pypdf", "contents")])
def test_a_page_that_fails_keeps_its_place(engine: str, damaged: str) -> None:
    """A page that can't be read is a page without lines, and it is said that there is one."""
    writer = PdfWriter(clone_from=io.BytesIO(made("(One) Tj", "(Two) Tj", "(Three) Tj")))
    page = writer.pages[1]
    contents = page["/Contents"].get_object()
    assert isinstance(contents, DecodedStreamObject)
    name = NameObject("/Unknown")
    if damaged == "page":
        page[NameObject("/Type")] = name
    else:
        contents[NameObject("/Filter")] = name
    held = io.BytesIO()
    writer.write(held)
    found = read(engine, held.getvalue())
    assert [page.text for page in found.pages] == ["One", "", "Three"]
    assert found.unread == ("1 of 3 pages can't be read",)


# --- real papers ----------------------------------------------------------------------------------


def test_accents_are_put_on_their_letters(icml: Path) -> None:
    """TeX's accents, which files draw apart from their letters, are composed with them."""
    found = read("pdfium", (icml / "pdfs" / "lima15.pdf").read_bytes())
    text = "\n".join(page.text for page in found.pages)
    assert text.count("Nyström") > 100
    assert text.count("Nystrom") < 3
    assert text.count("¨") < 3
    assert found.pages[0].lines[0].text == "Double Nyström Method:"


def test_a_line_that_an_accent_ends_is_as_long_as_its_letters(icml: Path) -> None:
    """What is raised behind a name goes on with its line, though the name's accent comes last."""
    document = read_document((icml / "pdfs" / "szorenyi15.pdf").read_bytes())
    assert "Eyke Hüllermeier2" in document.text


def test_small_capitals_of_a_paper(shared: Path) -> None:
    """A title and headings in small capitals are read as they were written."""
    pdf = (shared / "corpus" / "papers" / "iclr2026sub_common-corpus.pdf").read_bytes()
    said = {line.text for page in read("pdfium", pdf, 3).pages for line in page.lines}
    assert {"1 Introduction", "Abstract", "2 About Common Corpus"} <= said
    assert any(text.startswith("Common Corpus: The Largest") for text in said)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("papers/flashattention_2205.14135", 4),  # letters beyond the basic plane, and more
        ("icml2015/pdfs/nan15", 5),
        ("icml2015/pdfs/zhuc15", 4),
        ("damaged/pwl__therac", 0),  # the list begins with what is no text
        ("icml2015/pdfs/lima15", 0),  # as many in the list as in the text
    ],
)
def test_characters_are_found_in_the_list(shared: Path, name: str, page: int) -> None:
    """Each character of a page's text is asked about by its own place in pdfium's list."""
    import pypdfium2
    from pypdfium2 import raw

    from summarize.engines.calls import handle
    from summarize.engines.characters import Characters
    from summarize.engines.pdfium_text import _characters

    document = pypdfium2.PdfDocument((shared / "corpus" / f"{name}.pdf").read_bytes())
    textpage = document[page].get_textpage()
    text, places = _characters(Characters(handle(textpage)))
    listed = [raw.FPDFText_GetUnicode(textpage, at) for at in places]
    for char, code in zip(text, listed, strict=True):
        unit = int.from_bytes(char.encode("utf-16-be", "surrogatepass")[:2])
        assert unit == code or (char == BROKEN and code == 2)
    document.close()
