"""Figures: which part of a page is one, which one is taken, and where its picture goes."""

import base64
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from summarize.engines import pdfium
from summarize.engines.opening import opened
from summarize.errors import ExtractError, OutputError
from summarize.figures import beside
from summarize.figures.captions import captions
from summarize.figures.choice import promise
from summarize.figures.extent import Extent, extent
from summarize.figures.sheet import Sheet, sheet
from summarize.figures.take import take
from summarize.records import Figure, TakenFigure
from summarize.text.layout import layout
from summarize.text.tidy import tidy
from tests.drawings import HIGH, inserted, line, pdf, plot, prose

CAPTION = "Figure 1. Overview of our method, in which all is drawn."


def found(data: bytes) -> tuple[Sheet, Extent | None]:
    """Return the first page as it was drawn, and where the figure of its first caption stands."""
    pages = pdfium.extract(data, 9, "").pages
    placed, measure = layout([tidy(page) for page in pages])
    said = captions(placed)
    document = opened(data)
    drawn = sheet(document[0], pages[0].lines, placed, said, measure)
    assert drawn is not None
    figure = next(each for each in said if each.label)
    return drawn, extent(drawn, figure)


def picture(taken: TakenFigure) -> Image.Image:
    """Return the picture of what was taken."""
    return Image.open(io.BytesIO(base64.b64decode(taken.webp)))


def holds(box: Extent | None, left: float, bottom: float, right: float, top: float) -> bool:
    """Tell whether a box, in pixels from above, is that of a drawing, in points from below."""
    assert box is not None
    wanted = (left, HIGH - top, right, HIGH - bottom)
    grown = [box.box[0] - wanted[0], box.box[1] - wanted[1]]
    grown += [wanted[2] - box.box[2], wanted[3] - box.box[3]]
    return all(-9 <= edge <= 1 for edge in grown)


def test_one_column() -> None:
    """A figure is the drawing above its caption: no text above it, and no caption below."""
    content = prose(72, 760, 12) + plot(150, 400, 460, 560) + line(CAPTION, 150, 380)
    _, box = found(pdf(content + prose(72, 350, 14)))
    assert holds(box, 150, 400, 460, 560)


def test_its_lettering() -> None:
    """What is written at a drawing's edges belongs to it: ticks, titles, the names of its parts."""
    content = prose(72, 760, 12) + plot(150, 420, 460, 560)
    content += line("0.1        0.5        0.9", 180, 409, 8) + line("(a) Before", 260, 399, 8)
    content += line("Error by round", 260, 564, 8) + line(CAPTION, 150, 375)
    _, box = found(pdf(content + prose(72, 350, 14)))
    assert box is not None
    assert box.box[1] <= HIGH - 570
    assert box.box[3] >= HIGH - 399


def test_two_columns() -> None:
    """A figure of one column takes nothing of the other, whose text stands beside it."""
    left = prose(54, 740, 40, words=8)
    content = left + plot(330, 560, 540, 720) + line(CAPTION[:45], 320, 540)
    _, box = found(pdf(content + prose(318, 520, 20, words=8)))
    assert holds(box, 330, 560, 540, 720)


def test_a_formula_that_ends_in_the_gutter() -> None:
    """The full stop of the next column's formula is no mark below a figure's corner."""
    left = (
        prose(54, 740, 12, words=8)
        + line("x = a + b + c .", 222, 566)
        + prose(54, 540, 24, words=8)
    )
    content = left + plot(292, 575, 540, 720) + line(CAPTION[:45], 320, 540)
    _, box = found(pdf(content + prose(318, 520, 20, words=8)))
    assert holds(box, 292, 575, 540, 720)


def test_across_two_columns() -> None:
    """A figure that is drawn over both columns is taken whole, though its caption is short."""
    text = prose(54, 440, 28, words=8) + prose(318, 440, 28, words=8)
    content = plot(60, 520, 550, 720) + line("Figure 1. Both columns.", 60, 500)
    _, box = found(pdf(content + text))
    assert holds(box, 60, 520, 550, 720)


def test_a_running_head() -> None:
    """A running head and the rule below it are no part of a figure at the top of its page."""
    head = line("Proceedings of Nothing", 250, 752, 8) + "1 w 54 745 m 558 745 l S\n"
    content = head + plot(150, 560, 460, 720) + line(CAPTION, 150, 540)
    _, box = found(pdf(content + prose(72, 510, 28)))
    assert holds(box, 150, 560, 460, 720)


def test_an_equation_above() -> None:
    """A formula between the text and a figure stays out of it."""
    content = prose(72, 760, 10) + line("y = a x + b", 270, 610) + plot(150, 400, 460, 560)
    content += line(CAPTION, 150, 380) + prose(72, 350, 14)
    _, box = found(pdf(content))
    assert holds(box, 150, 400, 460, 560)


def test_labels_that_read_like_headings() -> None:
    """Small words beside or above a drawing belong to it, though a heading might begin so."""
    content = prose(72, 760, 12) + plot(200, 400, 460, 560) + line("1 Source", 160, 480, 5, "/B")
    content += line("A Nearest neighbour", 290, 564, 7, "/B") + line(CAPTION, 150, 380)
    _, box = found(pdf(content + prose(72, 350, 14)))
    assert holds(box, 160, 400, 460, 569)


def test_a_caption_within_a_picture() -> None:
    """A page that a figure shows keeps the caption on it: the figure's own stands below."""
    inside = plot(150, 400, 460, 600) + line("Figure 9. A caption on the page shown.", 170, 450, 6)
    content = prose(72, 760, 8) + line(CAPTION, 150, 380) + prose(72, 350, 14)
    data = inserted(pdf(content), inside, (150, 400, 460, 600))
    pages = pdfium.extract(data, 9, "").pages
    placed, measure = layout([tidy(page) for page in pages])
    said = captions(placed)
    drawn = sheet(opened(data)[0], pages[0].lines, placed, said, measure)
    assert drawn is not None
    outer = next(each for each in said if each.label == "Figure 1")
    inner = next(each for each in said if each.label == "Figure 9")
    assert holds(extent(drawn, outer), 150, 400, 460, 600)
    assert extent(drawn, inner) is None


def test_words_alone_are_no_figure() -> None:
    """A listing, a formula or a table under a figure's caption is not shown as one."""
    content = prose(72, 760, 12) + line("x = 1", 250, 560) + line("y = 2", 250, 540)
    _, box = found(pdf(content + line(CAPTION, 150, 500) + prose(72, 470, 20)))
    assert box is None


def test_the_most_telling() -> None:
    """An overview of the method is taken rather than the plot that comes before it."""
    first = prose(72, 760, 12) + plot(200, 450, 400, 560)
    first += line("Figure 1. Sensitivity to hyperparameters in an ablation.", 150, 430)
    second = prose(72, 760, 12) + plot(80, 380, 530, 560)
    second += line("Figure 2. Overview of our proposed framework.", 150, 360)
    rest = prose(72, 330, 14)
    taken = take(pdf(first + rest, second + rest))
    assert (taken.figure.label, taken.figure.page) == ("Figure 2", 2)
    assert taken.figure.caption == "Overview of our proposed framework."
    shown = picture(taken)
    assert shown.size == (taken.figure.width, taken.figure.height)
    assert shown.width / shown.height == pytest.approx(450 / 180, rel=0.08)


def test_early_promises_more() -> None:
    """Of two captions that say the same, the one on the earlier page promises more."""
    placed, _ = layout([tidy(page) for page in pdfium.extract(
        pdf(*(prose(72, 760, 12) + line(f"Figure {n}. The same words.", 72, 400) for n in (1, 2))),
        9, "",
    ).pages])  # fmt: skip
    one, two = captions(placed)
    assert promise(one, "", 10) > promise(two, "", 10)


@pytest.mark.parametrize("caption", ["", "Table 1. Figures of two methods on three data sets."])
def test_without_a_figure(caption: str) -> None:
    """A paper in which nothing is a figure shows its first page, and has no label to claim one."""
    ruled = "1 w 150 520 m 460 520 l S 150 460 m 460 460 l S\n" + line("ours  1  2  3", 200, 490)
    content = prose(72, 760, 12) + (line(caption, 150, 540) + ruled if caption else "")
    taken = take(pdf(content + prose(72, 440, 20)))
    assert (taken.figure.label, taken.figure.page) == ("", 1)
    assert picture(taken).width == 800


def test_a_scan_is_shown() -> None:
    """A page without any text is shown as it is."""
    assert take(pdf(plot(100, 100, 500, 700))).figure.label == ""


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"<html>"])
def test_no_pdf(data: bytes) -> None:
    """What can't be opened is an error of its own kind, which costs a figure and no more."""
    with pytest.raises(ExtractError):
        take(data)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged(data: st.DataObject) -> None:
    """However a file is damaged, there is a picture or that error."""
    whole = pdf(prose(72, 760, 12) + plot(150, 400, 460, 560) + line(CAPTION, 150, 380))
    at = data.draw(st.integers(0, len(whole) - 1))
    junk = data.draw(st.binary(max_size=8))
    try:
        taken = take(whole[:at] + junk + whole[at + len(junk) :])
    except ExtractError:
        return
    assert picture(taken).size == (taken.figure.width, taken.figure.height)


def test_real_ones(icml: Path) -> None:
    """Three papers give the figures that a person chose for them, none of 200 kB."""
    for name, label in (("lian15", "Figure 1"), ("you15", "Figure 1"), ("an15", "")):
        taken = take((icml / "pdfs" / f"{name}.pdf").read_bytes())
        assert taken.figure.label == label
        assert len(base64.b64decode(taken.webp)) < 200_000


# --- beside a post --------------------------------------------------------------------------------

FIGURE = Figure(label="Figure 3", page=2, width=9, height=9, sha256="0")


def test_beside_a_post(tmp_path: Path) -> None:
    """Outside of a Jekyll site the pictures lie in a folder beside the post, named after it."""
    where = beside.place(tmp_path / "my post.md")
    assert where.folder == tmp_path / "my post-figures"
    assert where.src("a.webp") == "my%20post-figures/a.webp"


@pytest.mark.parametrize(
    ("has", "folder"), [((), "assets/images"), (("assets/img",), "assets/img")]
)
def test_in_a_site(tmp_path: Path, has: tuple[str, ...], folder: str) -> None:
    """In a Jekyll site they lie where its images do, and the site's address goes before theirs."""
    (tmp_path / "_config.yml").touch()
    for each in has:
        (tmp_path / each).mkdir(parents=True)
    where = beside.place(tmp_path / "notes" / "_posts" / "2024-05-07-x.md")
    assert where.folder == tmp_path / folder / "2024-05-07-x"
    assert where.src("a.webp") == f"{{{{ '/{folder}/2024-05-07-x/a.webp' | relative_url }}}}"
    assert where.path("teaser.png") == f"/{folder}/2024-05-07-x/teaser.png"


@given(st.text(max_size=300), st.text(max_size=300))
def test_names(one: str, other: str) -> None:
    """A name is safe on every system, and no two keys share one."""
    name = beside.name(one, FIGURE)
    assert name.endswith("figure-3.webp")
    assert name.isascii()
    assert name == name.casefold()
    assert len(name) < 120
    assert not set(name) & set('/\\:*?"<>| ')
    assert (one == other) == (name == beside.name(other, FIGURE))


def test_a_picture_of_ones_own_stays(tmp_path: Path) -> None:
    """Ours are renewed; one that somebody put there, known or not, and a link, are left alone."""
    where = beside.place(tmp_path / "p.md")
    known, theirs = beside.write({"a": b"one", "b": b"one", "c": b"one"}, where, {})
    assert not theirs
    (where.folder / "b").write_bytes(b"their own")
    (where.folder / "d").write_bytes(b"was there before")
    (where.folder / "c").unlink()
    (where.folder / "c").symlink_to("a")
    news = dict.fromkeys("abcd", b"two")
    again, theirs = beside.write(news, where, known)
    assert theirs == ["b", "c", "d"]
    assert (where.folder / "a").read_bytes() == b"two"
    assert (where.folder / "b").read_bytes() == b"their own"
    assert (where.folder / "d").read_bytes() == b"was there before"
    assert beside.write(news, where, again) == (again, theirs)


def test_a_full_disk(tmp_path: Path) -> None:
    """Where a picture can't be written, that is said with its path."""
    (tmp_path / "p-figures").write_text("a file, not a folder")
    with pytest.raises(OutputError, match="p-figures"):
        beside.write({"a": b"one"}, beside.place(tmp_path / "p.md"), {})
