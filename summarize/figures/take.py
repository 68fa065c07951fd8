"""Stage: PDF bytes -> its most telling figure, drawn. Without a store: it runs in a worker."""

import base64
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarize.engines import pdfium
from summarize.engines.drawing import Window
from summarize.engines.opening import opened
from summarize.errors import ExtractError
from summarize.figures import choice
from summarize.figures.captions import Caption, captions
from summarize.figures.extent import Extent, extent
from summarize.figures.sheet import Box, sheet
from summarize.figures.web_image import webp
from summarize.records import Figure, TakenFigure
from summarize.text.layout import Measure, Placed, layout
from summarize.text.lines import Page
from summarize.text.tidy import tidy

if TYPE_CHECKING:
    from PIL.Image import Image

PAGES = 40  # of a paper in which its figure is looked for
LOOKED_AT = 8  # captions whose figures are measured
SECONDS = 6.0  # of processor time, after which no more of them are: a busy machine finds the same
WIDEST, HIGHEST = 1_200, 1_000  # pixels of a figure
SHARPEST = 3.0  # pixels a point: a small figure is not blown up beyond
PAGE_WIDTH = 800  # pixels of a first page
MOST_PIXELS = 4_000_000


def take(pdf: bytes, title: str = "", password: str = "") -> TakenFigure:
    """Return a paper's most telling figure as a picture; else its first page, and say so.

    Raises `ExtractError` for a file that can't be opened, or whose first page can't be drawn.
    """
    ends = time.process_time() + SECONDS
    try:
        pages = pdfium.extract(pdf, PAGES, password).pages
    except ExtractError:
        pages = ()
    document = opened(pdf, password)
    try:
        found = _best(document, pages, title, ends)
        if found:
            caption, part, box = found
            image = _drawn(document[caption.page - 1], part, box)
            return _taken(image, caption.label, caption.text, caption.page)
        return _taken(_first_page(document), "", "", 1)
    except ValueError as error:
        raise ExtractError(str(error)) from error
    finally:
        document.close()


def _best(
    document: Any, pages: Sequence[Page], title: str, ends: float
) -> tuple[Caption, Window, Box] | None:
    """Return the caption, the page as it was drawn, and the box of the best figure on it."""
    placed, measure = layout([tidy(page) for page in pages])
    if not measure.size:
        return None
    said = captions(placed)
    figures = [each for each in said if each.label]
    figures.sort(key=lambda each: -choice.promise(each, title, len(pages)))
    best: tuple[float, Caption, Window, Box] | None = None
    sheets: dict[int, Any] = {}
    for caption in figures[:LOOKED_AT]:
        if time.process_time() > ends:
            break
        number = caption.page
        if number not in sheets:
            here = [each for each in said if each.page == number]
            sheets[number] = _sheet(document, number, pages, placed, here, measure)
        drawn = sheets[number]
        found: Extent | None = drawn and extent(drawn, caption)
        if not found:
            continue
        size = (found.width / drawn.width, found.height / drawn.height)
        score = choice.promise(caption, title, len(pages))
        score += choice.worth(*size, found.drawn, above=found.above)
        if best is None or score > best[0]:
            best = (score, caption, drawn.part, found.box)
    return best[1:] if best else None


def _sheet(
    document: Any,
    number: int,
    pages: Sequence[Page],
    placed: Sequence[Placed],
    said: Sequence[Caption],
    measure: Measure,
) -> Any:
    import pypdfium2

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        return None
    here = [each for each in placed if each.page == number]
    return sheet(page, pages[number - 1].lines, here, said, measure)


def _drawn(page: Any, part: Window, box: Box) -> "Image":
    """Draw a box of a page as large as the web needs it."""
    wide, high = page.get_size()
    unit = part.width / wide  # pixels a point of the sheet
    left, top, right, bottom = (edge / unit for edge in box)
    scale = min(WIDEST / (right - left), HIGHEST / (bottom - top), SHARPEST)
    crop = (left, max(high - bottom, 0), max(wide - right, 0), top)
    bitmap = page.render(scale=scale, crop=crop, draw_annots=False, may_draw_forms=False)
    image: Image = bitmap.to_pil().convert("RGB")
    return image


def _first_page(document: Any) -> "Image":
    import pypdfium2

    try:
        page = document[0]
        wide, high = page.get_size()
        scale = min(PAGE_WIDTH / max(wide, 1.0), (MOST_PIXELS / max(wide * high, 1.0)) ** 0.5)
        image: Image = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise ExtractError("its first page can't be drawn") from error
    return image


def _taken(image: "Image", label: str, caption: str, page: int) -> TakenFigure:
    import hashlib
    import io

    from PIL import Image

    data = webp(image)
    width, height = Image.open(io.BytesIO(data)).size
    figure = Figure(
        label=label,
        caption=caption,
        page=page,
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return TakenFigure(figure=figure, webp=base64.b64encode(data).decode())
