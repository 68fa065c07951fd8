"""Draws the teaser: 1,200 by 630 pixels, as whoever shows a link wants it. For a worker."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarize.records import Picture, Record
from summarize.teaser.layout import Disc, discs
from summarize.teaser.topics import topics

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 1200, 630
TWICE = 2  # everything is drawn twice as large, and then halved: its edges are smooth
MARGIN, COLUMN = 64, 520  # of the page, and the right end of its words
MAP = (560, 44, 1160, 560)  # left, top, right, bottom
PAPER, INK, SOFT = "#fbfaf7", "#1f2430", "#687083"
COLOURS = ("#3566b8", "#d1603d", "#2f8f6b", "#8a5bb5", "#c59a1f", "#4797ad")
STAR = "#f2b41c"
MOST_TITLE = 140  # characters
# Fonts that know more letters than Pillow's own, where a system has one.
_FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf",
    "msyh.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc", "segoeui.ttf",
)  # fmt: skip
_NONE = "\uffff"  # a character that no font has


class Teaser(Record):
    """What a teaser shows: a title, lines below it, and each paper's words and whether it stars."""

    title: str
    lines: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    stars: tuple[bool, ...] = ()


def draw(data: bytes) -> Picture:
    """Return the picture of a `Teaser`, which comes as JSON. The same one gives the same pixels."""
    from PIL import Image, ImageDraw

    wanted = Teaser.model_validate_json(data)
    image = Image.new("RGB", (TWICE * WIDTH, TWICE * HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _map(pen, wanted)
    _words(pen, wanted)
    pen.rectangle((0, 0, 12 * TWICE, TWICE * HEIGHT), fill=COLOURS[0])
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return Picture(
        png=base64.b64encode(_png(small)).decode(), width=WIDTH, height=HEIGHT, found=True
    )


def _png(image: "Image") -> bytes:
    """Write a picture of few colours as a PNG of 256, a third as large."""
    from PIL.Image import Dither

    out = io.BytesIO()
    image.quantize(256, dither=Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _words(pen: Any, wanted: Teaser) -> None:
    """Write the title as large as it fits, and the lines at the foot."""
    title = wanted.title if len(wanted.title) <= MOST_TITLE else f"{wanted.title[:MOST_TITLE]} …"
    for size in (68, 60, 52, 46, 40, 34, 28):
        font = _font(size, title)
        rows = _wrapped(title, font, COLUMN - MARGIN)
        if len(rows) * size * 1.18 <= 330 and all(
            font.getlength(row) <= TWICE * (COLUMN - MARGIN) for row in rows
        ):
            break
    y = 76.0
    for row in rows:
        # There is no bold cut of the font: a thin stroke makes it half bold.
        pen.text((TWICE * MARGIN, TWICE * y), row, INK, font, stroke_width=1, stroke_fill=INK)
        y += size * 1.18
    pen.rectangle(
        (TWICE * MARGIN, TWICE * (y + 22), TWICE * (MARGIN + 72), TWICE * (y + 27)), fill=COLOURS[1]
    )
    y = HEIGHT - 64 - 38 * len(wanted.lines)
    for line in wanted.lines:
        pen.text((TWICE * MARGIN, TWICE * y), line, SOFT, _font(27, line))
        y += 38


def _wrapped(text: str, font: Any, width: float) -> list[str]:
    """Return text in rows that are no wider; what knows no spaces is cut between letters."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if font.getlength(longer) <= TWICE * width:
            rows[-1] = longer
        else:
            rows.append(word)
        while font.getlength(rows[-1]) > TWICE * width and not rows[-1].isascii():
            cut = next(
                i
                for i in range(len(rows[-1]), 0, -1)
                if font.getlength(rows[-1][:i]) <= TWICE * width or i == 1
            )
            rows[-1:] = [rows[-1][:cut], rows[-1][cut:]]
    return [row for row in rows if row]


def _map(pen: Any, wanted: Teaser) -> None:
    """Draw the topics as discs with a dot for each of their papers, starred ones in gold."""
    found = topics(wanted.texts)
    placed = discs([len(topic.members) for topic in found], MAP)
    for at, (topic, disc) in enumerate(zip(found, placed, strict=True)):
        colour = COLOURS[at % len(COLOURS)]
        _circle(pen, disc.x, disc.y, disc.radius, _mixed(colour, 0.14))
        size = max(min(0.36 * disc.radius / (len(topic.members) ** 0.5), 11.0), 2.5)
        for member, (x, y) in zip(topic.members, disc.dots, strict=True):
            if member < len(wanted.stars) and wanted.stars[member]:
                _circle(pen, x, y, size + 2.5, PAPER)
                _circle(pen, x, y, size + 1.0, STAR)
            else:
                _circle(pen, x, y, size, colour)
    for at, (topic, disc) in enumerate(zip(found, placed, strict=True)):
        _label(pen, topic.words, disc, COLOURS[at % len(COLOURS)])


def _label(pen: Any, words: Sequence[str], disc: Disc, colour: str) -> None:
    """Write a topic's name on a plate over the foot of its disc."""
    text = " · ".join(words)
    if not text:
        return
    font = _font(22, text)
    half, y = font.getlength(text) / 2 / TWICE, disc.y + disc.radius
    x = min(max(disc.x, MAP[0] + half + 4), WIDTH - 16 - half - 12)
    plate = [TWICE * v for v in (x - half - 12, y - 17, x + half + 12, y + 17)]
    pen.rounded_rectangle(plate, TWICE * 17, fill=PAPER, outline=_mixed(colour, 0.5), width=2)
    pen.text((TWICE * x, TWICE * y), text, colour, font, anchor="mm", stroke_width=0)


def _circle(pen: Any, x: float, y: float, radius: float, colour: str) -> None:
    pen.ellipse([TWICE * v for v in (x - radius, y - radius, x + radius, y + radius)], fill=colour)


def _mixed(colour: str, share: float) -> str:
    """Return a colour thinned with the paper's."""
    pairs = [(int(colour[i : i + 2], 16), int(PAPER[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def _font(size: float, text: str) -> Any:
    """Return Pillow's own font, or the first on this system that has all of a text's letters."""
    from PIL import ImageFont

    own = ImageFont.load_default(TWICE * size)
    if _has(own, text):
        return own
    folders = ("/usr/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
    found = {
        path.name: path
        for folder in folders
        for ending in ("*.ttc", "*.ttf")
        for path in sorted(Path(folder).rglob(ending))
    }
    for name in _FONTS:
        if name in found:
            font = ImageFont.truetype(found[name], TWICE * size)
            if _has(font, text):
                return font
    return own


def _has(font: Any, text: str) -> bool:
    """Tell whether a font has all letters of a text: those it lacks look like one that none has."""
    lacking = bytes(font.getmask(_NONE))
    return all(bytes(font.getmask(c)) != lacking for c in set(text) if not c.isspace())
