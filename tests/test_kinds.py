"""What a file is, and whether all of it is there."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.kinds import is_cut, is_whole, kind, named
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\r\n junk " * 50 + b"%PDF-1.4", "PDF"),
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \r\n", "an empty file"),
        (b"  <!DOCTYPE html><html>", "a web page"),
        (b'<?xml version="1.0"?><html xmlns="x">', "a web page"),
        (b'<?xml version="1.0"?><feed>', "XML"),
        (b'{"message": "no"}', "JSON"),
        (b"{\\rtf1\\ansi", "an RTF file"),
        (b"PK\x03\x04 word/document.xml", "a zip archive"),
        (b"\x1f\x8b\x08", "gzip data"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"\\documentclass{article}", "LaTeX source"),
        (b"\x89PNG\r\n", "an image"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        (b"root:x:0:0", "no PDF"),
    ],
)
def test_a_file_is_named_by_its_first_bytes(head: bytes, what: str) -> None:
    """What comes in place of a PDF is told by how it begins."""
    assert kind(head) == what


def test_what_is_no_pdf_is_said_so() -> None:
    """A name says what a file is, and that it should be a PDF."""
    assert named(b"{}") == "JSON, not a PDF"
    assert named(b"") == "an empty file"
    assert named(b"root:x:0:0") == "no PDF"


def demo() -> bytes:
    """Return a good PDF that is always at hand."""
    return (ROOT / "examples" / "papers" / "waiting.pdf").read_bytes()


@pytest.fixture(scope="session")
def papers(icml: Path, shared: Path) -> list[bytes]:
    """Return the good PDFs of the corpora."""
    files = [*(icml / "pdfs").glob("*.pdf"), *(shared / "corpus" / "papers").glob("*.pdf")]
    assert len(files) >= 108
    return [file.read_bytes() for file in sorted(files)]


def test_good_papers_are_whole(papers: list[bytes]) -> None:
    """Every good PDF has its end, whatever stands before its header and after its end."""
    for pdf in papers:
        assert is_whole(pdf)
        assert not is_cut(pdf)
        assert is_whole(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" * 4 + pdf)
        assert is_whole(pdf + b"\r\n0\r\n\r\n")
        assert is_whole(pdf + b"<html>the session has ended</html>" * 200)


def test_cut_papers_are_not_whole(papers: list[bytes]) -> None:
    """A PDF cut at any of 50 places counts as whole nowhere before its real end."""
    rng = random.Random(1)
    for pdf in papers:
        end = pdf.rindex(b"%%EOF") + len(b"%%EOF")
        for at in (rng.randrange(end) for _ in range(50)):
            assert not is_whole(pdf[:at]), at
        assert is_whole(pdf[:end])


def test_papers_with_a_piece_missing_are_not_whole(papers: list[bytes]) -> None:
    """A PDF that lost a piece in its middle does not count as whole."""
    rng = random.Random(2)
    lost = 0
    for pdf in papers:
        middle, size = len(pdf) // 2, rng.choice((4_096, 65_536, 300_000))
        lost += not is_whole(pdf[:middle] + pdf[middle + size :])
    assert lost == len(papers)


def test_every_byte_of_the_end_counts() -> None:
    """A PDF cut anywhere in its last lines, up to its very last word, is not whole."""
    pdf = demo()
    end = pdf.rindex(b"%%EOF") + len(b"%%EOF")
    assert not any(is_whole(pdf[:at]) for at in range(end - 60, end))
    assert all(is_whole(pdf[:at]) for at in range(end, len(pdf) + 1))


def test_a_hole_where_an_object_should_be() -> None:
    """A PDF whose table leads to nothing but zeros, or past the end, is not whole."""
    pdf = demo()
    at = pdf.index(b"\n7 0 obj") + 1
    assert not is_whole(pdf[:at] + bytes(64) + pdf[at + 64 :])
    entry = b"%010d 00000 n" % at
    assert entry in pdf
    assert not is_whole(pdf.replace(entry, b"%010d 00000 n" % (len(pdf) + 5)))


def test_the_damaged_files_that_are_cut(shared: Path) -> None:
    """Files that lost their end are not whole; one with a page of HTML after its end is."""
    folder = shared / "corpus" / "damaged"
    whole = {"trailing-html": True, "truncated-tail-64": False, "truncated-1k": False}
    for name, so in whole.items():
        pdf = (folder / f"{name}.pdf").read_bytes()
        assert is_whole(pdf) is so
        assert is_cut(pdf) is not so
    assert not is_cut(
        (folder / "pdf.js__issue9105_other.pdf").read_bytes()
    )  # broken, but all there


def test_a_file_made_for_the_web_says_how_long_it_is() -> None:
    """The first part of a linearized file is a PDF of its own, but not whole."""
    head = b"%%PDF-1.5\n1 0 obj\n<</Linearized 1/L %d>>\nendobj\n"
    end = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\nstartxref\n%d\n%%%%EOF\n"
    first = head % 9_999
    assert not is_whole(first + end % len(first))
    first = head % 90
    assert is_whole(first + end % len(first))


def test_line_ends_taken_for_text() -> None:
    """A file whose line ends were made longer has its table later than it says, and is whole."""
    pdf = demo()
    assert is_whole(pdf)
    at = pdf.index(b"\nendobj\n")
    assert is_whole(pdf[:at] + pdf[at:].replace(b"\nendobj\n", b"\r\nendobj\r\n"))
    assert not is_whole(pdf[:at] + pdf[at:].replace(b"\nendobj\n", b"\nendobj", 3))


@given(st.binary(max_size=3_000), st.integers(0, 2_000), st.sampled_from(range(5)))
def test_any_bytes_can_be_judged(noise: bytes, at: int, where: int) -> None:
    """No bytes whatever, alone or in the end of a real file, make the judgement fail."""
    pdf = demo()
    end = len(pdf) - at
    for data in (noise, pdf[:end] + noise, noise + pdf, pdf[:end] + noise + pdf[end:],
                 b"%PDF-" + noise * where + b"startxref 5 %%EOF"):  # fmt: skip
        assert is_whole(data) in {True, False}
        assert is_cut(data) in {True, False}
        assert kind(data[:8_192])
