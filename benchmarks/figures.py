"""Take the figures of papers, lay them on contact sheets to be looked at, and time it.

    python benchmarks/figures.py OUT [--shared PATH] [--papers N] [--seed N] [--only NAME ...]

OUT is a folder: a picture of each figure, and contact sheets of six. Time is the processor time of
this process, one paper after the other.
"""

import argparse
import base64
import random
import sys
import textwrap
import time
from pathlib import Path

from arguments import arguments
from machine import described
from PIL import Image, ImageDraw, ImageFont

from summarize.errors import ExtractError
from summarize.figures.take import take
from summarize.records import Figure, TakenFigure

ACROSS, DOWN = 3, 2
CELL = (560, 520)
MOST_BYTES, MOST_SECONDS = 200_000, 1.5  # what is asked


def main() -> int:
    """Take the figures and print what they came to."""
    options = _options()
    folders = ("corpus/icml2015/pdfs", "corpus/papers")
    found = sorted(path for each in folders for path in (options.shared / each).glob("*.pdf"))
    if not found:
        print("The papers are not there: --shared names their folder.", file=sys.stderr)
        return 2
    random.Random(options.seed).shuffle(found)
    chosen = found[options.skip :][: options.papers]
    if options.only:
        chosen = [path for path in found if any(name in path.name for name in options.only)]
    options.out.mkdir(parents=True, exist_ok=True)
    take(found[0].read_bytes())  # all is imported
    rows: list[tuple[str, TakenFigure | None, float]] = []
    for path in chosen:
        pdf, started = path.read_bytes(), time.process_time()
        try:
            taken: TakenFigure | None = take(pdf)
        except ExtractError as error:
            print(f"{path.name}: {error.message}")
            taken = None
        rows.append((path.stem, taken, time.process_time() - started))
        print(_said(*rows[-1]), flush=True)
    _sheets(rows, options.out)
    _sum(rows)
    return 0


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--papers", type=int, default=30, metavar="N")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="of the shuffled papers")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="papers with this in their name")
    return parser.parse_args()


def _size(taken: TakenFigure) -> int:
    return len(base64.b64decode(taken.webp))


def _said(name: str, taken: TakenFigure | None, seconds: float) -> str:
    if taken is None:
        return f"{name:44} nothing {seconds:6.2f} s"
    figure = taken.figure
    what = figure.label or "first page"
    return (
        f"{name:44} {what:12} p. {figure.page:<3} {figure.width:>4} x {figure.height:<4} "
        f"{_size(taken) / 1000:6.1f} kB {seconds:6.2f} s"
    )


def _sum(rows: list[tuple[str, TakenFigure | None, float]]) -> None:
    taken = [each for _, each, _ in rows if each]
    sizes, times = [_size(each) for each in taken], sorted(seconds for *_, seconds in rows)
    print(described(["paper-roundup", "pypdfium2", "Pillow"]))
    print(
        f"{len(rows)} papers: {sum(bool(t.figure.label) for t in taken)} figures, "
        f"{sum(not t.figure.label for t in taken)} first pages; "
        f"largest {max(sizes) / 1000:.0f} kB (asked: < {MOST_BYTES // 1000}), "
        f"longest {times[-1]:.2f} s (asked: < {MOST_SECONDS}), "
        f"median {times[len(times) // 2]:.2f} s"
    )


def _sheets(rows: list[tuple[str, TakenFigure | None, float]], out: Path) -> None:
    """Write each picture, and contact sheets of all of them."""
    font = ImageFont.load_default(15)
    for at in range(0, len(rows), ACROSS * DOWN):
        sheet = Image.new("RGB", (ACROSS * CELL[0], DOWN * CELL[1]), "#dddddd")
        pen = ImageDraw.Draw(sheet)
        for place, (name, taken, _) in enumerate(rows[at : at + ACROSS * DOWN]):
            x, y = place % ACROSS * CELL[0], place // ACROSS * CELL[1]
            if taken is None:
                pen.text((x + 8, y + 8), name, "red", font)
                continue
            path = out / f"{name}.webp"
            path.write_bytes(base64.b64decode(taken.webp))
            picture = Image.open(path)
            picture.thumbnail((CELL[0] - 12, CELL[1] - 90))
            sheet.paste(picture, (x + 6, y + 84))
            pen.text((x + 8, y + 4), f"{at + place + 1}. {name}"[:64], "#900000", font)
            pen.text((x + 8, y + 24), _caption(taken.figure), "black", font)
        sheet.save(out / f"sheet-{at // (ACROSS * DOWN) + 1}.png")


def _caption(figure: Figure) -> str:
    said = f"{figure.label or 'FIRST PAGE'}, p. {figure.page}: {figure.caption}"
    return textwrap.fill(said, 72, max_lines=3).encode("latin-1", "replace").decode("latin-1")


if __name__ == "__main__":
    raise SystemExit(main())
