"""Papers by the thousand, made by a seed out of the corpora's words: each with bytes of its own."""

import csv
import random
import textwrap
from functools import cache
from pathlib import Path

from tests.conftest import ROOT, SHARED


@cache
def _abstracts() -> list[str]:
    """Return abstracts of the corpora; where those are not there, paragraphs of our own."""
    if not SHARED.is_dir():
        pages = [(ROOT / name).read_text("utf-8") for name in ("README.md", "SECURITY.md")]
        found = [" ".join(part.split()) for page in pages for part in page.split("\n\n")]
        return [text for text in found if len(text) > 300 and text[0].isalpha()]
    with (SHARED / "data" / "iclr2024_with_abstracts.csv").open(encoding="utf-8") as file:
        found = [row.get("abstract") or "" for row in csv.DictReader(file)]
    return [" ".join(text.split()) for text in found if len(text) > 400]


def sentences(number: int, seed: int) -> list[str]:
    """Return the sentences of a paper: of three abstracts, with a word of its own in the first."""
    rng = random.Random(f"{seed} {number}")
    text = " ".join(rng.sample(_abstracts(), 3))
    plain = text.encode("ascii", "ignore").decode()
    return [f"We present system {seed}-{number}, and study it.", *plain.split(". ")]


def title(number: int, seed: int) -> str:
    """Return a title that no other paper has."""
    rng = random.Random(f"{seed} {number}")
    words = [word for word in rng.choice(_abstracts()).split() if word.isalpha() and len(word) > 4]
    return f"{' '.join(rng.sample(words, min(5, len(words)))).title()} {seed}-{number}"


def pdf(number: int, seed: int) -> bytes:
    """Return a paper of two pages as a PDF."""
    said = sentences(number, seed)
    half = len(said) // 2
    head = [(16, line) for line in textwrap.wrap(title(number, seed), 60)]
    first = [*head, (11, "Abstract"), *_set(said[:half])]
    second = [(11, "1 Introduction"), *_set(said[half:])]
    return _file([_page(first), _page(second)])


def make(folder: Path, count: int, seed: int, base: str = "") -> Path:
    """Write a list of so many papers, and return it; their PDFs are to be found below `base`."""
    papers = folder / f"papers-{seed}.csv"
    with papers.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "url"])
        writer.writerows([title(n, seed), f"{base}/{seed}/{n}.pdf"] for n in range(count))
    return papers


def served(path: str, _body: bytes) -> tuple[str, bytes] | None:
    """Return what a paper site has at `/SEED/NUMBER.pdf`."""
    parts = path.removesuffix(".pdf").strip("/").split("/")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        return None
    return "application/pdf", pdf(int(parts[1]), int(parts[0]))


def _set(said: list[str]) -> list[tuple[int, str]]:
    return [(10, line) for line in textwrap.wrap(". ".join(said) + ".", 95)][:60]


def _page(lines: list[tuple[int, str]]) -> bytes:
    """Return the content of a page with these lines, and the sizes of their letters."""
    out, y = ["BT"], 760
    for size, line in lines:
        safe = line.replace("\\", "").replace("(", "").replace(")", "")
        out.append(f"/F1 {size} Tf 1 0 0 1 60 {y} Tm ({safe}) Tj")
        y -= size + 2
    return "\n".join([*out, "ET"]).encode("latin-1", "replace")


def _file(pages: list[bytes]) -> bytes:
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R"
            b" >> >> /Contents %d 0 R >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page))
    return assembled(objects)


def assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return the PDF of these objects: the first is its catalog; `trailer` names others."""
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(data))
    )
