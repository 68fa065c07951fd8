"""Broken, locked and hostile PDFs: each ends as it should, and costs nothing but itself."""

import asyncio
import contextlib
import io
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from summarize import read
from summarize.engines import ENGINES, Extracted
from summarize.errors import ExtractError
from summarize.records import Document
from summarize.settings import MB, Settings
from summarize.text.lines import Page
from summarize.workers import Pool
from tests import mutate
from tests.conftest import ROOT
from tests.processes import Peak, fresh

SECONDS = 20.0  # the longest that any file may take
SETTINGS = Settings(workers=2, read_timeout=SECONDS)
GOOD = (
    "dpr-2p",
    "layoutparser-2p",
    "otsl-pg9_2305.03393",
    "fr_olap_egc",
    "distillation_1503.02531",
)

# What must be seen of a file: each word of its `expect` stands for a document or for a reason.
SEEN = {
    "broken": r"can't be opened: it is damaged|is damaged: |is cut off",
    "encrypted": r"^the PDF is protected by a password$",
    "not_a_pdf": r"^it is (no PDF|an empty file|.*, not a PDF)$",
    "no_pages": r"^the PDF has no pages$",
    "incomplete": r"^the PDF is cut off: its end is missing$",
    "too_little_text": r"too little text \(\d+ characters? on \d+ pages?\)",
    "no_text": r"it may be a scan|too little text",
    "gibberish": r"text is gibberish",
    # A bomb that does not go off holds too little.
    "limit": r"took longer than|too much memory|crashed its reader|too little text",
}
WITH_OCR = {"no_text_or_ocr", "gibberish_or_ocr"}


def fits(end: Document | ExtractError, expect: str) -> bool:
    """Tell whether a file ended as it should."""
    words = [expect] if expect in SEEN else expect.split("_or_")
    if expect == "document_with_hidden_text":
        return isinstance(end, Document) and bool(end.unseen)
    if isinstance(end, Document):
        return expect in WITH_OCR or "document" in words
    return any(re.search(SEEN[word], end.message) for word in words if word in SEEN)


@dataclass
class Ran:
    """What became of each file, how long it took, and how much memory all took together.

    `printed` is what was written to stderr, `left` what was left on disk.
    """

    ends: dict[str, Document | ExtractError]
    seconds: dict[str, float]
    peak: int
    printed: bytes
    left: list[Path]


@contextlib.contextmanager
def printing_to(file: IO[bytes]) -> Iterator[None]:
    """Have everything that is written to stderr, by whatever process, go to a file."""
    kept = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def run(files: list[Path], folder: Path) -> Ran:
    """Read the files through the pool, all at once, with `folder` for what is put on disk."""
    ends: dict[str, Document | ExtractError] = {}
    seconds: dict[str, float] = {}

    async def one(pool: Pool, file: Path) -> None:
        clock = asyncio.get_running_loop().time
        began = [clock()]
        try:
            ends[file.name] = await pool.run(
                read.read,
                Document,
                file.read_bytes(),
                started=lambda: began.append(clock()),
            )
        except ExtractError as error:
            ends[file.name] = error
        seconds[file.name] = clock() - began[-1]

    async def work() -> None:
        async with Pool(SETTINGS) as pool:
            await asyncio.gather(*(one(pool, file) for file in files))

    with tempfile.TemporaryFile() as file:
        with Peak() as peak, printing_to(file), pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(folder))
            asyncio.run(work())
        file.seek(0)
        return Ran(ends, seconds, peak.bytes, file.read(), list(folder.iterdir()))


@pytest.mark.slow
@pytest.mark.timeout(400)  # a minute where nothing else runs
def test_damaged_files_among_good_ones(shared: Path, tmp_path: Path) -> None:
    """Each of 54 damaged files ends as it should, in good time and without noise or remains.

    The good papers among them are untouched.
    """
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc")
    corpus = shared / "corpus"
    index = json.loads((corpus / "damaged" / "index.json").read_text("utf-8"))
    expected = {file["file"]: file["expect"] for file in index}
    assert len(expected) == 54
    # Its text layer is nonsense: it is a document where there is OCR, and time for it.
    expected["olmocr__olmo-page-1.pdf"] = "gibberish_or_ocr"
    files = [corpus / "damaged" / name for name in sorted(expected)]
    for place, name in enumerate(GOOD):
        files.insert(9 * place, corpus / "papers" / f"{name}.pdf")

    ran = fresh(run, files, tmp_path)

    ends = {name: ran.ends[name] for name in expected}
    assert {n: end for n, end in ends.items() if not fits(end, expected[n])} == {}
    reasons = [end.message for end in ends.values() if isinstance(end, ExtractError)]
    assert [said for said in reasons if not mutate.sane(said)] == []
    assert not re.search(r"[a-z](?:Error|Exception)|pypdf|pdfium", " ".join(reasons))
    assert {name: took for name, took in ran.seconds.items() if took > SECONDS + 1} == {}
    assert ran.peak < 1_500 * MB
    assert ran.printed == b""
    assert ran.left == []
    for name in GOOD:
        path = corpus / "papers" / f"{name}.pdf"
        assert ran.ends[path.name] == read.read(path.read_bytes())


# --- passwords ------------------------------------------------------------------------------------


def locked(user: str, owner: str = "the owner's", algorithm: str = "AES-256") -> bytes:
    """Return the demo, encrypted."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=ROOT / "examples" / "papers" / "waiting.pdf")
    writer.encrypt(user, owner, algorithm=algorithm)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


READERS = sorted({"auto", *ENGINES} - {"ocr"})


@pytest.mark.parametrize("engine", READERS)
@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_password_opens_what_it_locks(engine: str, algorithm: str) -> None:
    """With its password a file is read, without one or with a wrong one it says what is wrong."""
    pdf = locked("open sesame", algorithm=algorithm)
    assert "We find that" in read.read(pdf, engine, password="open sesame").text
    with pytest.raises(ExtractError, match=r"^the PDF is protected by a password$") as raised:
        read.read(pdf, engine)
    assert raised.value.hint == "give it with --password"
    with pytest.raises(ExtractError, match="the password does not open it"):
        read.read(pdf, engine, password="open barley")


@pytest.mark.parametrize("engine", READERS)
def test_an_owners_password_locks_nobody_out(engine: str) -> None:
    """A file that anyone may open is read, whatever password is given for others."""
    pdf = locked("")
    assert read.read(pdf, engine).text == read.read(pdf, engine, password="another file's").text


def test_a_password_is_any_text() -> None:
    """A password may be in any script, and an odd one is no failure."""
    assert read.read(locked("Größe 漢字"), password="Größe 漢字").text
    assert read.read(locked("Größe", algorithm="RC4-128"), password="Größe").text
    with pytest.raises(ExtractError, match="the password does not open it"):
        read.read(locked("x"), password="\udcff\0y")


def test_the_password_of_a_known_file(shared: Path) -> None:
    """A file locked by LibreOffice is opened with the password that is known for it."""
    name = "sample-files__libreoffice-writer-password.pdf"
    pdf = (shared / "corpus" / "damaged" / name).read_bytes()
    assert read.read(pdf, password="openpassword").text
    with pytest.raises(ExtractError, match="the password does not open it"):
        read.read(pdf, password="closedpassword")


def test_a_password_is_not_asked_for_in_vain(shared: Path) -> None:
    """What another file's lock left behind in a library is not said of a file without one."""
    zero = (shared / "corpus" / "damaged" / "zero-pages.pdf").read_bytes()
    for engine in READERS:
        with pytest.raises(ExtractError, match="protected"):
            read.read(locked("x"), engine)
        with pytest.raises(ExtractError, match=r"^the PDF has no pages$"):
            read.read(zero, engine)


# --- limits ---------------------------------------------------------------------------------------


def test_a_cut_paper_says_so(shared: Path) -> None:
    """A paper whose end is missing is a reason, or is read and says that more was there."""
    for path in sorted((ROOT / "examples" / "papers").glob("*.pdf")):
        pdf = path.read_bytes()
        for tenth in range(1, 10):
            with pytest.raises(ExtractError, match=r"^the PDF is cut off: its end is missing$"):
                read.read(pdf[: len(pdf) * tenth // 10])
    name = "truncated-tail-64.pdf"
    document = read.read((shared / "corpus" / "damaged" / name).read_bytes(), max_pages=2)
    assert "the PDF is cut off: what stood at its end is missing" in document.unread


@pytest.mark.skipif(sys.platform == "win32", reason="needs an alarm")
def test_repairs_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pypdf never gets done with a file, or catches all that is thrown at it, it is left."""
    import pypdf as library

    from summarize.engines import pypdf

    def forever(*_: object) -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    rest = signal.setitimer(signal.ITIMER_REAL, 100.0)
    monkeypatch.setattr(library, "PdfReader", forever)
    monkeypatch.setattr(pypdf, "SECONDS", 0.1)
    with pytest.raises(ExtractError, match=r"^the PDF is damaged, and it takes too long to repair"):
        pypdf.extract(b"%PDF-1.4", 500)
    left, _ = signal.setitimer(signal.ITIMER_REAL, *rest)
    assert 90 < left < 100  # another's alarm is still to come


def test_text_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file with more text than any paper has the first part is read, and the rest is said."""
    page = Page.of("A line of some forty characters, to be sure.\n" * 50)
    monkeypatch.setattr(read, "MAX_TEXT", 10_000)
    monkeypatch.setitem(ENGINES, "pdfium", lambda *_: Extracted((page,) * 20))
    document = read.read((ROOT / "examples" / "papers" / "waiting.pdf").read_bytes())
    assert document.unread == ("the PDF holds more than 10,000 characters: the rest was not read",)
    assert 8_000 < len(document.text) < 11_000
    assert document.page_at(len(document.text) - 1) == 5


def test_what_is_no_pdf_is_named_to_readers_of_files() -> None:
    """Bytes that are something else are named for what they are, by every engine."""
    for engine in ("auto", *ENGINES):
        with pytest.raises(ExtractError, match=r"^it is a web page, not a PDF$"):
            read.read(b"<!doctype html><html>", engine)


# --- mutants --------------------------------------------------------------------------------------


def read_mutants(files: list[bytes]) -> mutate.Ends:
    """Read 60 mutants of these files through the pool."""
    return asyncio.run(mutate.run(mutate.mutants(files, 60, 7), files[0], SETTINGS))


@pytest.mark.slow
def test_mutants_of_good_papers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each of 60 mutants is a document or a reason in plain words, and the pool works on."""
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc")
    monkeypatch.setenv("PATH", str(tmp_path))  # no OCR: it takes seconds for each
    papers = sorted((ROOT / "examples" / "papers").glob("*.pdf"))
    ends = fresh(read_mutants, [path.read_bytes() for path in papers])
    assert ends.strange == []
    assert ends.works
    assert ends.documents >= 15
    assert ends.documents + ends.reasons.total() == 60
    assert ends.peak < 1_500 * MB
    assert max(ends.seconds)[0] <= SECONDS + 1


def test_mutants_are_the_same_for_the_same_seed() -> None:
    """A mutant that was found can be made again from its seed."""
    files = [path.read_bytes() for path in sorted((ROOT / "examples" / "papers").glob("*.pdf"))]
    first, again = (list(mutate.mutants(files, 20, 3)) for _ in range(2))
    assert first == again
    assert len({pdf for _, pdf in first} - set(files)) >= 18
