"""Pages of one's own: running text, captions and drawings at known places."""

import io

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from tests import sheets
from tests.sheets import Sheet

WIDE, HIGH = 612.0, 792.0
PROSE = "Readers of this page will find that words follow words and that nothing else is said"


def pdf(*pages: str) -> bytes:
    """Return a PDF with a page for each content; its fonts are `/F` and `/B`, which is bold."""
    writer = PdfWriter()
    for content in pages:
        sheet = Sheet(writer, writer.add_blank_page(WIDE, HIGH))
        sheet.page[NameObject("/Resources")] = DictionaryObject()
        font, bold = sheet.font(), sheet.add("/Font", sheets.helvetica("-Bold"))
        sheet.after(content.replace("/F ", f"{font} ").replace("/B ", f"{bold} "))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def line(text: str, x: float, y: float, size: float = 10, font: str = "/F") -> str:
    """Return a line of text, its baseline at `y`."""
    return f"BT {font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def inserted(pdf: bytes, content: str, bounds: tuple[float, float, float, float]) -> bytes:
    """Return the PDF with a drawing inserted into its first page, as a figure's file is."""

    def change(sheet: Sheet) -> None:
        sheet.after(f"{sheet.add('/XObject', sheets.form(sheet, content, bounds=bounds))} Do")

    return sheets.changed(pdf, change)


def prose(x: float, top: float, lines: int, words: int = 16) -> str:
    """Return a paragraph from `top` downwards, 12 points a line."""
    said = PROSE.split()[:words]
    return "".join(line(" ".join(said), x, top - 12 * (i + 1)) for i in range(lines))


def plot(left: float, bottom: float, right: float, top: float) -> str:
    """Return a frame with curves in it, and ticks below it that are written."""
    middle = (left + right) / 2
    curves = "".join(
        f"{left} {bottom + step} m {middle} {top} {middle} {bottom} {right} {top - step} c S\n"
        for step in range(5, 60, 10)
    )
    frame = f"0 0 0 RG 1 w {left} {bottom} {right - left} {top - bottom} re S\n"
    return frame + curves
