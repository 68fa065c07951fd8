"""Scans: read by OCR where Tesseract is there, and named as what they are where it is not."""

import asyncio
import io
import os
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarize import read
from summarize.engines import ENGINES, Extracted, ocr
from summarize.errors import ExtractError
from summarize.records import Document
from summarize.settings import Settings
from summarize.text.lines import Page
from summarize.workers import Pool
from tests.conftest import ROOT
from tests.processes import gone

DEMO = ROOT / "examples" / "papers" / "waiting.pdf"
SCAN = "the PDF holds images without text: it may be a scan"
TEXT = "A page of a paper that says in plain words what it is about, and then some more. "


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return Tesseract's version, or skip the test where it is not there.

    It is waited for, however busy the machine is.
    """
    for module, name in ((read, "SECONDS"), (ocr, "SECONDS"), (ocr, "PAGE_SECONDS")):
        monkeypatch.setattr(module, name, 100.0)
    return ocr.version() or pytest.skip("needs Tesseract, and pytesseract")


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide Tesseract."""
    monkeypatch.setenv("PATH", str(tmp_path))


def scan(pages: int = 1, turn: int = 0, dpi: int = 150) -> bytes:
    """Return a PDF of pictures of a few lines each."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (8 * dpi, 6 * dpi), 255)
    font = ImageFont.load_default(size=dpi // 6)
    lines = "\n".join(textwrap.wrap(TEXT * 6, 75))
    ImageDraw.Draw(image).text((dpi // 2, dpi // 2), lines, fill=0, font=font, spacing=dpi // 12)
    images = [image.rotate(turn, expand=True)] * pages
    made = io.BytesIO()
    images[0].save(made, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
    return made.getvalue()


def pages_of(monkeypatch: pytest.MonkeyPatch, *pages: Page) -> None:
    """Have the first engine give these pages, whatever the file holds."""
    monkeypatch.setitem(ENGINES, "pdfium", lambda *_: Extracted(pages))


# --- with Tesseract -------------------------------------------------------------------------------


def test_a_scan_is_read(tesseract: str) -> None:
    """A page that is a picture becomes a document, which says how it was read."""
    document = read.read(scan())
    assert document.engine == "ocr"
    assert document.warnings == (f"read by OCR (Tesseract {tesseract}), which makes mistakes",)
    assert document.unread == ()
    assert document.text.split()[:12] == TEXT.split()[:12]
    assert document.text.count("plain words") >= 5


def test_a_page_on_its_head_is_read(tesseract: str) -> None:
    """A scan that lies upside down is turned upright first, where Tesseract can tell."""
    if "osd" not in ocr._installed():
        pytest.skip("needs Tesseract's osd")
    assert read.read(scan(turn=180), engine="ocr").text.count("plain words") >= 5


def test_the_engine_can_be_asked_for(tesseract: str) -> None:
    """Whatever a PDF holds is read by OCR when that is asked for, as many pages as are wanted."""
    document = read.read(scan(2), engine="ocr", max_pages=1)
    assert document.engine == "ocr"
    assert document.unread == ("only 1 of 2 pages were read by OCR",)


def test_a_photograph_is_no_text(tesseract: str) -> None:
    """A picture of no letters stays a reason, and says that OCR was tried."""
    from PIL import Image

    made = io.BytesIO()
    Image.linear_gradient("L").save(made, "PDF")
    with pytest.raises(ExtractError, match="OCR finds no more on its pages"):
        read.read(made.getvalue())


def test_a_blank_page_is_not_asked_about(tesseract: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of one colour costs no time: Tesseract is not asked what stands on it."""
    from PIL import Image

    monkeypatch.delattr(ocr._Reader, "_words")
    for grey in (0, 20, 255):
        made = io.BytesIO()
        Image.new("L", (400, 600), grey).save(made, "PDF")
        assert ocr.extract(made.getvalue(), 5).pages == (Page(),)


def test_a_scanned_page_among_others_is_read(
    tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is a picture in a good document is read, and the document says which."""
    pages_of(monkeypatch, Page.of(TEXT * 10), Page(picture=0.9))
    document = read.read(scan(2))
    assert document.engine == "pdfium"
    assert document.warnings == (
        f"page 2 is read by OCR (Tesseract {tesseract}), which makes mistakes",
    )
    assert document.unread == ()
    assert document.text.count("plain words") >= 15


def test_nonsense_text_is_read_again(tesseract: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose text layer is gibberish is read as a person sees it."""
    shifted = TEXT.translate({ord(c): ord(c) + 1 for c in "abcdefghijklmnopqrstuvwxy"})
    monkeypatch.setitem(ENGINES, "pdfium", lambda *_: Extracted((Page.of(shifted * 10),)))
    assert read.read(scan()).engine == "ocr"


def test_pages_have_a_size_and_a_limit() -> None:
    """However large or small a page says it is, its picture has a bounded number of pixels."""
    import pypdf
    import pypdfium2

    for width, height in ((14_400, 14_400), (14_400, 3), (612, 792), (1, 1)):
        writer = pypdf.PdfWriter()
        writer.add_blank_page(width, height)
        made = io.BytesIO()
        writer.write(made)
        document = pypdfium2.PdfDocument(made.getvalue())
        drawn = ocr._drawn(document, 0)
        document.close()
        assert drawn is not None
        across, down = drawn[0].size
        assert across * down <= 1.01 * ocr.MAX_PIXELS
        assert max(across, down) <= ocr.MAX_SIDE + 1


@pytest.mark.parametrize(
    ("installed", "script", "languages"),
    [
        ("eng osd", "", "eng"),
        ("eng osd", "Cyrillic", "eng"),  # none that would fit
        ("eng osd deu", "", "eng+deu"),
        ("eng osd rus deu", "Cyrillic", "rus+eng"),
        ("eng osd rus", "Latin", "eng"),
        ("eng afr deu fra spa osd", "", "eng"),  # all that there are: nobody chose them
        ("deu osd", "", "deu"),
        ("afr deu fra spa", "", "afr"),
        ("osd", "", "eng"),
    ],
)
def test_languages(installed: str, script: str, languages: str) -> None:
    """English is read, and what else was installed on purpose; another script by its own."""
    assert ocr.chosen(installed.split(), script) == languages


# --- without --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_tesseract")
def test_a_scan_is_named_where_tesseract_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract a scan is a reason that says what it is and what to install."""
    pages_of(monkeypatch, Page(picture=0.98), Page())
    with pytest.raises(ExtractError, match=f"^{SCAN}$") as raised:
        read.read(scan())
    assert "apt install tesseract-ocr" in raised.value.hint
    assert "paper-roundup[ocr]" in raised.value.hint
    with pytest.raises(ExtractError, match="Tesseract is missing"):
        read.read(scan(), engine="ocr")


@pytest.mark.usefixtures("no_tesseract")
def test_gibberish_is_named_where_tesseract_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract a text layer of nonsense is a reason with a hint, never a document."""
    pages_of(monkeypatch, Page.of("".join(map(chr, range(1, 32))) * 20))
    monkeypatch.setattr(Page, "text", "\x01\x02\x03" * 300)  # what no line can hold
    with pytest.raises(ExtractError, match="gibberish") as raised:
        read.read(DEMO.read_bytes())
    assert raised.value.hint == ocr.HINT


def test_the_binding_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pytesseract there is no OCR either, and nothing fails."""
    monkeypatch.setitem(sys.modules, "pytesseract", None)
    assert ocr.version() == ""


@pytest.mark.usefixtures("no_tesseract")
def test_scanned_pages_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that are pictures in a good document are named as missing where none can read them."""
    good, picture = Page.of(TEXT * 10), Page(picture=0.8)
    stamped = replace(Page.of("3"), picture=0.8)
    figure = replace(good, picture=0.6)  # a large picture, and text beside it
    pages_of(monkeypatch, good, picture, stamped, figure, picture, good)
    assert read.read(DEMO.read_bytes()).unread == ("pages 2-3, 5 are images without text",)
    pages_of(monkeypatch, good, picture, Page())
    assert read.read(DEMO.read_bytes()).unread == ("page 2 is images without text",)


def test_many_scanned_pages_are_not_waited_for(
    tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A paper with a long appendix of pictures is not read by OCR, unless it is mostly pictures."""
    asked: list[int] = []

    def pages(_pdf: bytes, wanted: Any, *_: Any, **__: Any) -> dict[int, Page]:
        asked.extend(wanted)
        return {}

    monkeypatch.setattr(ocr, "read_pages", pages)
    good, picture = Page.of(TEXT * 10), Page(picture=0.8)
    pages_of(monkeypatch, *[good] * 10, *[picture] * 6)
    assert read.read(DEMO.read_bytes()).unread == ("pages 11-16 are images without text",)
    assert asked == []
    pages_of(monkeypatch, good, *[picture] * 6)
    read.read(DEMO.read_bytes())
    assert asked == [1, 2, 3, 4, 5, 6]


# --- time, processes and files --------------------------------------------------------------------

Fake = Callable[[str], None]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    """Return a function that puts a Tesseract in the way that does what a shell script says."""
    pytest.importorskip("pytesseract")
    if sys.platform == "win32":
        pytest.skip("needs a shell")

    def put(script: str) -> None:
        program = tmp_path / "bin" / "tesseract"
        program.parent.mkdir()
        program.write_text(
            "#!/bin/sh\n"
            'case "$1" in\n'
            "--version) echo tesseract 5.9.0; exit;;\n"
            "--list-langs) echo eng; exit;;\n"
            f"esac\n{script}\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")

    return put


def test_the_first_pages_are_read_until_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long scan the first pages are read, as many as the time allows, and the rest is said."""
    now, took = [100.0], 5.0

    def page(self: Any, image: Any, scale: float) -> Page:
        now[0] += took
        return Page.of(TEXT * 10)

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(ocr, "version", lambda: "5")
    monkeypatch.setattr(ocr, "_installed", lambda: frozenset({"eng"}))
    monkeypatch.setattr(ocr, "_drawn", lambda document, index: (index, 1.0))
    monkeypatch.setattr(ocr._Reader, "page", page)
    extracted = ocr.extract(scan(8, dpi=30), 500, seconds=13)
    assert len(extracted.pages) == 3
    assert extracted.unread == ("only 3 of 8 pages were read by OCR",)
    now[0], took = 100.0, 1.0
    assert len(ocr.extract(scan(8, dpi=30), 5, seconds=13).pages) == 5


def test_a_page_that_takes_too_long_is_given_up(fake: Fake) -> None:
    """A Tesseract that never answers costs the time that there was, and is named."""
    fake("exec sleep 100")
    before = time.monotonic()
    with pytest.raises(ExtractError, match="not one page was read within 2 s"):
        ocr.extract(scan(dpi=50), 500, seconds=2)
    assert time.monotonic() - before < 8


def test_a_tesseract_that_fails_is_a_reason(fake: Fake, capfd: pytest.CaptureFixture[str]) -> None:
    """A Tesseract that crashes or talks is a reason, and nothing of it is seen on the screen."""
    fake("echo a complaint >&2; exit 3")
    with pytest.raises(ExtractError, match="not one page was read"):
        ocr.extract(scan(dpi=50), 500)
    assert capfd.readouterr() == ("", "")


def test_a_killed_worker_takes_tesseract_along(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When a worker is killed in the midst of OCR, so is Tesseract, and no file of it stays."""
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc")
    fake(f'echo $$ > "{tmp_path}/pid"; echo "$1" > "{tmp_path}/input"; exec sleep 100')
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    async def work() -> None:
        async with Pool(Settings(workers=1, read_timeout=60)) as pool:
            task = asyncio.create_task(pool.run(read.read, Document, scan(dpi=50), engine="ocr"))
            for _ in range(600):
                if (tmp_path / "input").exists() and (tmp_path / "input").read_text():
                    break
                await asyncio.sleep(0.05)
            assert folder in Path((tmp_path / "input").read_text().strip()).parents
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(work())
    assert gone(int((tmp_path / "pid").read_text()))
    assert list(folder.iterdir()) == []


def test_one_thread_is_enough(tesseract: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tesseract is told to use one thread: the pool's workers are what uses the other cores."""
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    ocr.extract(scan(dpi=50), 500, seconds=100)
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


@pytest.mark.slow
def test_a_paper_of_wrong_letters_is_read(tesseract: str, shared: Path) -> None:
    """A real page whose every letter is said to be another one is read as it looks."""
    pdf = (shared / "corpus" / "damaged" / "olmocr__olmo-page-1.pdf").read_bytes()
    document = read.read(pdf)
    assert document.engine == "ocr"
    assert "Accelerating the Science of Language Models" in document.text
    assert "Language models (LMs) have become ubiqui" in document.text


@pytest.mark.slow
def test_handwriting_is_not_made_into_words(tesseract: str, shared: Path) -> None:
    """What Tesseract makes of handwriting is not taken for text."""
    pdf = (shared / "corpus" / "damaged" / "olmocr__lincoln_letter.pdf").read_bytes()
    with pytest.raises(ExtractError, match="OCR finds no more"):
        read.read(pdf)
