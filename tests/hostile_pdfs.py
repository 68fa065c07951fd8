"""PDFs whose own words are an attack: their title, their text, what they say of themselves."""

import textwrap

from tests.faults.papers import assembled

LEFT, TOP, WIDE = 60, 760, 88  # points, points, characters


def pdf(title: str, said: list[str], **info: str) -> bytes:
    """Return a paper of one page with a title and sentences, of whatever characters.

    What is not ASCII is drawn as some letter or other, which the font says is to be read as it.
    `info` is the file's metadata, such as `Title`.
    """
    codes = {chr(code): code for code in range(32, 127)}
    lines = [(16, line) for line in textwrap.wrap(title, 55)] + [(11, "Abstract")]
    lines += [(10, line) for line in textwrap.wrap(" ".join(said), WIDE)]
    out, y = ["BT"], TOP
    for size, line in lines:
        for char in line:
            codes.setdefault(char, min(255, 33 + len(codes)))
        shown = bytes(codes[char] for char in line).hex()
        out.append(f"/F1 {size} Tf 1 0 0 1 {LEFT} {y} Tm <{shown}> Tj")
        y -= size + 2
    return _file("\n".join([*out, "ET"]).encode(), _to_unicode(codes), info)


def _to_unicode(codes: dict[str, int]) -> bytes:
    """Return the table that says how the font's codes are read."""
    pairs = [f"<{code:02X}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    parts = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    said = "\n".join("\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"]) for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{said}\nendcmap end end"
    ).encode()


def _file(page: bytes, to_unicode: bytes, info: dict[str, str]) -> bytes:
    told = " ".join(
        f"/{name} <feff{value.encode('utf-16-be', 'replace').hex()}>"
        for name, value in info.items()
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
        b"/Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode),
        f"<< {told} >>".encode(),
    ]
    return assembled(objects, b"/Info 7 0 R ")
