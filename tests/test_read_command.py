"""`roundup read`: what was understood of one paper, on a terminal and as JSON."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Roundup
from tests.paper_site import PaperSite

PAPERS = ROOT / "examples" / "papers"


def test_a_file_is_shown_as_it_was_understood(roundup: Roundup) -> None:
    """Title, abstract, outline with pages, and what of it would be sent stand on the screen."""
    shown = roundup("read", PAPERS / "durable.pdf")
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("What a Durable Record Costs")
    assert "2 pages with text" in lines[1]
    assert lines[1].endswith("read by pdfium")
    assert "We find that" in shown.stdout
    outline = [line for line in lines if " p. " in line]
    assert [line.split()[-1] for line in outline if "Introduction" in line or "Ref" in line] == [
        "Introduction",
        "References",
    ]
    assert any(line.startswith("* p.   1") and "Abstract" in line for line in outline)
    assert not any(line.startswith("*") and "References" in line for line in outline)


def test_everything_as_json(roundup: Roundup) -> None:
    """`--json` gives the document, each section's page, and the text that would be sent."""
    found = json.loads(roundup("read", PAPERS / "durable.pdf", "--json", "--context", 2048).stdout)
    assert found["title"].startswith("What a Durable Record Costs")
    assert [mark["page"] for mark in found["marks"]][:2] == [1, 2]
    assert {section["page"] for section in found["sections"]} <= {1, 2}
    assert found["sent"]["context"] == 2048
    assert 0 < found["sent"]["share"] < 1
    assert found["abstract"][:40] in " ".join(found["sent"]["text"].split())
    assert found["warnings"] == []


def test_the_text_and_what_would_be_sent(roundup: Roundup) -> None:
    """`--text` prints the paper's text, `--sent` the part that fits, with its pages marked."""
    text = roundup("read", PAPERS / "durable.pdf", "--text").stdout
    sent = roundup("read", PAPERS / "durable.pdf", "--sent").stdout
    assert "References" in text
    assert "[p. 2]" in sent
    assert "\nReferences" not in sent
    both = roundup("read", PAPERS / "durable.pdf", "--sent", "--text")
    assert both.returncode == 2
    assert "give one of them" in both.stderr


def test_an_address_is_fetched_once(roundup: Roundup, tmp_path: Path) -> None:
    """An address is fetched and read, and then it is known, without the site."""
    (tmp_path / "site").mkdir()
    shutil.copy(PAPERS / "waiting.pdf", tmp_path / "site" / "waiting.pdf")
    with PaperSite(tmp_path / "site") as site:
        address = f"{site.url}/v37/waiting.pdf"
        first = roundup("read", address)
        again = roundup("read", address)
        assert sum(site.asked.values()) == 1
    assert first.returncode == again.returncode == 0
    assert first.stdout == again.stdout
    offline = roundup("read", "https://example.org/other.pdf", "--offline")
    assert offline.returncode == 1
    assert "Traceback" not in offline.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nothing-here.pdf",), 2, "is no file and no address of a paper"),
        (("file:///etc/passwd",), 2, "is no file and no address of a paper"),
        (("broken.pdf",), 1, "the PDF"),
        (("page.pdf",), 1, "page.pdf is a web page"),
        ((str(PAPERS / "durable.pdf"), "--engine", "nope"), 2, "there are: auto, pdfium, pypdf"),
    ],
)
def test_what_cannot_be_read_is_one_message(
    arguments: tuple[str, ...], code: int, said: str, roundup: Roundup, tmp_path: Path
) -> None:
    """What can't be read says what it is, without a traceback."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nand nothing more %%EOF")
    (tmp_path / "page.pdf").write_bytes(b"<!doctype html><html>Sign in</html>")
    found = roundup("read", *arguments)
    assert found.returncode == code
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert len(found.stderr.strip().splitlines()) <= 2


@pytest.mark.parametrize("engine", ["pdfium", "pypdf"])
def test_the_engine_is_chosen(engine: str, roundup: Roundup) -> None:
    """`--engine` decides what reads the file, and the answer says what did."""
    found = json.loads(roundup("read", PAPERS / "durable.pdf", "--json", "--engine", engine).stdout)
    assert found["engine"] == engine


def test_a_password_opens(roundup: Roundup, shared: Path) -> None:
    """A file with a password opens with `--password` or its variable; else that is what it says."""
    locked = shared / "corpus" / "damaged" / "docling__2206.01062_pg3.pdf"
    refused = roundup("read", locked)
    assert refused.returncode == 1
    assert "password" in refused.stderr
    assert "--password" in refused.stderr
    wrong = roundup("read", locked, "--password", "wrong")
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr


def test_nothing_unseen_reaches_the_terminal(roundup: Roundup, tmp_path: Path) -> None:
    """Control characters that a paper's text holds are not printed."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(PAPERS / "durable.pdf"))
    writer.add_metadata({"/Title": "What a Durable Record Costs\x1b[2J"})
    writer.write(tmp_path / "evil.pdf")
    shown = roundup("read", "evil.pdf")
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout
