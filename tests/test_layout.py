"""Pages of lines with boxes: margins, reading order, what stands apart, headings, the title."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count, islice, pairwise
from typing import NamedTuple, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize.records import Document, SectionKind
from summarize.text.lines import BROKEN, Line, Page
from summarize.text.margins import without_margins
from summarize.text.sections import document

WIDTH, HEIGHT = 612.0, 792.0
LEFT, TOP = 72.0, 680.0
SECOND = 320.0  # where the second of two columns begins
WORDS = 13  # of a line of prose
FEW = 6  # of one in a column


class Sheet:
    """A page that is set from the top down; what is set first stands first in the file."""

    def __init__(self, top: float = TOP, left: float = LEFT) -> None:
        self.lines: list[Line] = []
        self.top = top
        self.left = left

    def at(self, left: float, top: float) -> Self:
        """Go on at another place."""
        self.left, self.top = left, top
        return self

    def add(
        self, *texts: str, size: float = 10.0, gap: float = 0.0, indent: float = 0.0,
        bold: bool = False, small: bool = False,
    ) -> Self:  # fmt: skip
        """Set lines below each other, the first of them `gap` points further down."""
        size = 8.0 if small else size
        self.top -= gap
        for text in texts:
            left = self.left + indent
            right = left + 0.5 * size * len(text)
            self.lines.append(Line(text, left, self.top - size, right, self.top, size, bold))
            self.top -= 1.2 * size
        return self

    @property
    def page(self) -> Page:
        """The page as an engine gives it."""
        return Page(tuple(self.lines), WIDTH, HEIGHT)


def word(key: str, number: int) -> str:
    """Return the word of this number: six letters, of which no two words have the same."""
    a, b, c = number // 676, number // 26 % 26, number % 26
    return f"q{key}{chr(97 + a)}{chr(97 + b)}{chr(97 + c)}s"


def prose(key: str, count: int, words: int = WORDS) -> list[str]:
    """Return lines of prose, all of whose words are new; the key, a letter, is in each."""
    return [" ".join(word(key, i * words + j) for j in range(words)) for i in range(count)]


def columns(left: Iterable[str], right: Iterable[str], top: float = TOP) -> Sheet:
    """Return a page of two columns, the one drawn after the other."""
    return Sheet(top).add(*left).at(SECOND, top).add(*right)


def made_of(*sheets: Sheet | Page, title: str = "", outline: Sequence[str] = ()) -> Document:
    """Return the document of pages."""
    pages = [sheet.page if isinstance(sheet, Sheet) else sheet for sheet in sheets]
    return document(pages, engine="test", sha256="", title=title, outline=outline)


def texts(made: Document, kind: SectionKind) -> list[str]:
    """Return the texts of a document's sections of one kind."""
    return [made.text[s.start : s.end].strip("\n") for s in made.sections if s.kind == kind]


def parts(made: Document) -> list[tuple[SectionKind, str, int]]:
    """Return the kinds, headings and levels of a document's sections, as far as they have one."""
    return [(s.kind, s.heading, s.level) for s in made.sections if s.heading]


def running(made: Document) -> list[str]:
    """Return the lines of what runs through a document's pages."""
    apart = [s.start for s in made.sections if s.kind in {"caption", "footnote", "figure"}]
    return made.text[: min(apart, default=len(made.text) + 1)].rstrip("\n").split("\n")


# --- rows and columns -----------------------------------------------------------------------------


def test_columns_drawn_across_each_other() -> None:
    """Two columns that a file draws line by line, across each other, are read one by one."""
    left, right = prose("l", 20, FEW), prose("r", 20, FEW)
    drawn = columns(left, right).lines
    mixed = chain.from_iterable(zip(drawn[:20], drawn[20:], strict=True))
    made = made_of(Page(tuple(mixed), WIDTH, HEIGHT))
    assert running(made) == left + right


def test_full_lines_part_the_columns() -> None:
    """On a page that is put in order, a line across both columns ends what stands above it."""
    above, below = columns(prose("a", 8, FEW), prose("b", 8, FEW)), Sheet()
    full = Sheet(below.top - 100).add(*prose("f", 1))
    below = columns(prose("c", 8, FEW), prose("d", 8, FEW), top=full.top)
    lines = sorted(above.lines + full.lines + below.lines, key=lambda line: (-line.top, line.left))
    keys = [line[1] for line in running(made_of(Page(tuple(lines), WIDTH, HEIGHT)))]
    assert "".join(keys) == "a" * 8 + "b" * 8 + "f" + "c" * 8 + "d" * 8


def test_a_page_drawn_bottom_up() -> None:
    """A page whose file draws it from the bottom up is read from the top down."""
    page = Sheet().add(*prose("a", 30)).page
    made = made_of(replace(page, lines=page.lines[::-1]))
    assert running(made) == prose("a", 30)


def test_a_good_order_is_left_alone() -> None:
    """The order of the file stands where it goes down columns, but for a few steps back up.

    A file knows more than boxes tell: here what the right column quotes stands left of it.
    """
    left, right = prose("l", 20, FEW), prose("r", 20, FEW)
    assert running(made_of(columns(left, right))) == left + right
    aside = columns(left, right[:10]).at(LEFT, TOP - 300).add(*prose("a", 4, FEW))
    aside.at(SECOND, TOP - 130).add(*right[10:])
    assert running(made_of(aside)) == left + right[:10] + prose("a", 4, FEW) + right[10:]


def test_raised_letters_do_not_split_a_line() -> None:
    """Pieces of a line around a raised letter are one line, with a space where one was left."""
    sheet = Sheet().add(*prose("a", 3)).add("the squared x").add(*prose("b", 3))
    at = sheet.lines[3]
    raised = Line("2", at.right, at.bottom + 5, at.right + 4, at.top + 3, 7.0)
    after = Line("of it", raised.right + 3, at.bottom, raised.right + 28, at.top, 10.0)
    next_to = Line(", so", after.right, at.bottom, after.right + 20, at.top, 10.0)
    sheet.lines[4:4] = [raised, after, next_to]
    made = made_of(sheet)
    assert running(made)[3] == "the squared x2 of it, so"
    assert len(running(made)) == 7


def test_lines_of_two_columns_are_no_row() -> None:
    """Lines of the same height in two columns, and two cells of a table, stay apart."""
    sheet = columns(prose("l", 1, FEW), prose("r", 1, FEW))
    assert running(made_of(sheet)) == prose("l", 1, FEW) + prose("r", 1, FEW)


def test_a_page_without_boxes_keeps_its_order() -> None:
    """Pages of which no more than the text is known are read in the order of their lines."""
    lines = prose("z", 4) + prose("a", 30)
    assert running(made_of(Page.of("\n".join(lines)))) == lines


# --- margins --------------------------------------------------------------------------------------


def numbered(sheet: Sheet, first: int, *, left: float = 30.0, width: int = 3) -> Sheet:
    """Number a page's lines in its margin, as submissions do: one number below the other."""
    tops = [line.top for line in sheet.lines]
    lines = sheet.lines
    sheet.lines = []
    for number, top in enumerate(tops, first):
        sheet.at(left, top).add(f"{number:0{width}d}", small=True)
    sheet.lines += lines
    return sheet


@pytest.mark.parametrize("left", [30.0, WIDTH - 30.0])
@pytest.mark.parametrize("width", [1, 3])
def test_line_numbers_in_the_margin(left: float, width: int) -> None:
    """Line numbers vanish, left or right of the text, with leading zeros or without."""
    pages = [numbered(Sheet().add(*prose(key, 40)), 40 * i, left=left, width=width)
             for i, key in enumerate("abc")]  # fmt: skip
    assert running(made_of(*pages)) == prose("a", 40) + prose("b", 40) + prose("c", 40)


def test_line_numbers_beside_a_figure_with_ticks() -> None:
    """Line numbers vanish where a figure has more numbers than the margin; those of it stay."""
    sheet = numbered(Sheet().add(*prose("a", 30)), 162)
    ticks = [str(20 * tick) for tick in range(1, 41)]
    for i, tick in enumerate(ticks):
        sheet.at(LEFT + 10 + 30 * (i % 10), 240 - 40 * (i // 10)).add(tick, small=True)
    found = made_of(sheet).text.split("\n")
    assert [line for line in found if line.isdigit()] == ticks
    assert [line for line in found if not line.isdigit()] == prose("a", 30)


def test_line_numbers_without_boxes() -> None:
    """Line numbers vanish too where only the order of lines is known."""
    text = "\n".join([*(f"{i:03d}" for i in range(54)), *prose("a", 54)])
    assert running(made_of(Page.of(text))) == prose("a", 54)


def test_line_numbers_at_the_beginning_of_lines() -> None:
    """Line numbers that stand within their lines vanish, those of empty lines and of others too.

    A line with a raised letter has its number where the engine put it: it is known by the count.
    """
    texts = [f"{i} {line}" for i, line in enumerate(prose("a", 30), 5)]
    texts[7] = "12"
    words = prose("a", 30)
    texts[20] = f"{words[20]} 25 raised"
    made = made_of(Sheet().add(*texts))
    assert running(made) == [*words[:7], *words[8:20], f"{words[20]} raised", *words[21:]]


def test_numbers_in_the_text_stay() -> None:
    """The numbers of a list, of a table's column and of sentences are no line numbers."""
    items = [f"{i} {line}" for i, line in enumerate(prose("i", 9, 10), 1)]
    table = Sheet().add(*prose("a", 10)).add(*items)
    for i, top in enumerate(range(400, 260, -12)):  # counts, but between other cells
        table.at(120, top).add(f"case {chr(97 + i)}").at(250, top).add(str(i + 1))
        table.at(400, top).add("5.3 of them")
    table.at(LEFT, 230).add(*prose("b", 10))
    text = made_of(table).text.split("\n")
    assert [line for line in text if line[0].isdigit() and len(line) < 3] == [
        str(i + 1) for i in range(12)
    ]
    assert [line for line in text if line in items] == items


def test_dates_in_the_margin_stay() -> None:
    """Numbers beside the text that do not count its lines are text."""
    sheet, years = Sheet().add(*prose("a", 40)), [str(1900 + 7 * i) for i in range(12)]
    for i, year in enumerate(years):
        sheet.at(30, TOP - 36 * i).add(year, small=True)
    made = made_of(sheet)
    assert [line for line in made.text.split("\n") if line.isdigit()] == years


def test_running_lines_go() -> None:
    """Page numbers and running heads go, alternating left and right; the first page's title stays.

    What repeats within pages, as "Proof." does, stays, at their edges too if at no one height.
    """
    sheets = []
    for i, key in enumerate("abcdefgh"):
        sheet = Sheet(top=760)
        if i:
            head = f"A. Author and B. Author{' ' * 9}{i + 1}" if i % 2 else f"{i + 1} A Fine Title"
            sheet.add(head)
        sheet.at(LEFT, TOP)
        sheet.add(*(["A Fine Title"] if not i else []), size=16)
        sheet.add(*prose(key, 10)).add("Proof.").add(*prose(key.upper(), 20))
        sheet.at(LEFT, 60).add(f"Proceedings of It, 2015. Page {i + 1}", small=True)
        sheet.at(300, 40).add(f"– {i + 1} –")
        sheet.at(LEFT, 740 - 7 * i).add("Theorem.")
        sheets.append(sheet)
    lines = running(made_of(*sheets))
    assert [line for line in lines if line.startswith("q")] == [
        line for key in "abcdefgh" for line in prose(key, 10) + prose(key.upper(), 20)
    ]
    others = Counter(line for line in lines if not line.startswith("q"))
    assert others == {"A Fine Title": 1, "Proof.": 8, "Theorem.": 8}


@pytest.mark.parametrize("number", ["3", "- 3 -", "Page 3", "3/12", "iv", "3 of 12", "page 3 of 9"])
def test_a_page_number_alone(number: str) -> None:
    """A page number goes from the head or foot of a single page; the same amid a page stays."""
    made = made_of(Sheet(740).add(number).at(LEFT, TOP).add(*prose("a", 5)).add(number))
    assert running(made) == [*prose("a", 5), number]
    made = made_of(Sheet().add(*prose("a", 5)).at(300, 50).add(number))
    assert running(made) == prose("a", 5)


def test_a_number_of_a_formula_is_no_page_number() -> None:
    """A number at a page's edge that stands beside other things on its row is text."""
    sheet = Sheet(740).add("the square of it is").at(300, 740).add("3").at(340, 740).add("times so")
    made = made_of(sheet.at(LEFT, TOP).add(*prose("a", 20)))
    assert running(made) == ["the square of it is", "3", "times so", *prose("a", 20)]


def plain_pages(head: str, foot: str, count: int = 6) -> list[Page]:
    """Return pages of text alone, each with a header and a footer."""
    bodies = ["\n".join(prose(key, 12)) for key in "abcdefgh"[:count]]
    return [
        Page.of("\n".join([head.format(i), body, foot.format(i)])) for i, body in enumerate(bodies)
    ]


def test_running_lines_without_boxes() -> None:
    """Headers, footers and page numbers that repeat at the edges of pages of plain text go."""
    pages = without_margins(plain_pages("Learning to Test, page {}", "ICML 2015\n{}"))
    assert pages[0].lines[0].text == "Learning to Test, page 0"
    assert [len(page.lines) for page in pages] == [13, 12, 12, 12, 12, 12]
    assert all(line.text[0] == "q" for page in pages[1:] for line in page.lines)


def test_few_pages_of_plain_text_keep_their_lines() -> None:
    """What two pages of plain text have in common may be text, and a year within a page is."""
    pages = plain_pages("Same {0}", "Same too", count=2)
    assert without_margins(pages) == pages
    year = Page.of("\n".join([*prose("a", 9), "2015", *prose("b", 9)]))
    assert without_margins([year]) == [year]


def sideways(text: str, size: float = 20.0) -> Line:
    """Return a line that runs up the left edge of a page, such as arXiv's stamp."""
    return Line(text, 12, 220, 12 + size, 220 + 0.5 * size * len(text), size)


def test_stamps_and_watermarks_go() -> None:
    """A sideways stamp, as arXiv's is, and a slanted watermark go, wherever they are drawn."""
    slanted = [
        Line("CAUTION!!! THIS PAPER WAS", 175, 391, 442, 509, 44.5),
        Line("MADE FOR A TEST", 165, 214, 526, 443, 44.4),
    ]
    text = Sheet().add("A Title", size=16).add(*prose("a", 30)).lines
    for lines in (
        [sideways("arXiv:2310.13018v2 [cs.LG] 1 Oct 2023"), *slanted, *text],
        [*text, *slanted, sideways("arXiv:2310.13018v2 [cs.LG] 1 Oct 2023")],
    ):
        made = made_of(Page(tuple(lines), WIDTH, HEIGHT))
        assert made.title == "A Title"
        assert running(made) == ["A Title", *prose("a", 30)]


def test_high_symbols_are_no_stamps() -> None:
    """A line with a high bracket or a sum in it is level, though it is higher than its letters."""
    sheet = Sheet().add(*prose("a", 10), "so that the sum of it is as it was", *prose("b", 10))
    line = sheet.lines[10]
    sheet.lines[10] = replace(line, bottom=line.bottom - 6, top=line.top + 6)
    assert len(running(made_of(sheet))) == 21


def test_a_page_on_its_side_is_kept() -> None:
    """A page most of whose lines run sideways, such as a wide table, keeps them in their order."""
    lines = [
        Line(text, 72 + 12 * i, 72, 82 + 12 * i, 72 + 5 * len(text), 10)
        for i, text in enumerate(prose("s", 30))
    ]
    made = made_of(Sheet().add(*prose("a", 30)), Page(tuple(lines), WIDTH, HEIGHT))
    assert running(made) == prose("a", 30) + prose("s", 30)


# --- what stands apart ----------------------------------------------------------------------------

CAPTION = ["Figure 3. What is shown here, in more words than one line of the page has room for, so",
           "that it goes on."]  # fmt: skip


def figure(sheet: Sheet, caption: Sequence[str] = CAPTION) -> Sheet:
    """Set a figure: its lettering, then its caption."""
    sheet.add("Loss", "0.5", small=True, gap=10, indent=40).add("Step", small=True, indent=150)
    return sheet.add(*caption, size=9, gap=8).add(gap=12)


def test_captions_stand_apart() -> None:
    """A caption is a section of its own, headed by its figure's name; lettering is no text."""
    first = figure(Sheet().add(*prose("a", 10))).add(*prose("b", 10))
    second = Sheet().add("Table 12: Numbers of it.", size=9).add(
        "Name Count", "One 3.5", "Two 4.5", small=True, indent=30, gap=4
    ).add(*prose("c", 20), gap=12)  # fmt: skip
    made = made_of(first, second)
    assert running(made) == prose("a", 10) + prose("b", 10) + prose("c", 20)
    captions = [section for section in made.sections if section.kind == "caption"]
    assert [(section.heading, section.level) for section in captions] == [
        ("Figure 3", 1), ("Table 12", 1)
    ]  # fmt: skip
    assert [made.page_at(section.start) for section in captions] == [1, 2]
    assert texts(made, "caption") == ["\n".join(CAPTION), "Table 12: Numbers of it."]
    lettering = "Loss 0.5 Step Name Count One 3.5 Two 4.5"
    assert texts(made, "figure")[0].split() == lettering.split()
    assert [made.page_at(made.text.index(word)) for word in ("Loss", "One 3.5")] == [1, 2]


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Figure 1: It is shown.", "Figure 1"),
        ("Fig. 2. It is shown.", "Fig. 2"),
        ("FIG 12 | It is shown.", "FIG 12"),
        ("Figure 4 It is shown.", "Figure 4"),
        ("Table S3. It is told.", "Table S3"),
        ("TABLE 3.1: It is told.", "TABLE 3.1"),
        ("Algorithm 1 Do it.", "Algorithm 1"),
        ("Supplementary Figure 7. It is shown.", "Supplementary Figure 7"),
        ("Abbildung 2: Es wird gezeigt.", "Abbildung 2"),
        ("Tabelle 2: Es wird gezeigt.", "Tabelle 2"),
        ("Tableau 3 – Ce qui est.", "Tableau 3"),
        ("Scheme 2. It is shown.", "Scheme 2"),
    ],
)
def test_names_of_captions(caption: str, name: str) -> None:
    """A caption is known by how it begins, in the ways of journals and in some languages."""
    made = made_of(figure(Sheet().add(*prose("a", 10)), [caption]).add(*prose("b", 10)))
    assert parts(made) == [("caption", name, 1)]
    assert texts(made, "caption") == [caption]


@pytest.mark.parametrize(
    "line",
    [
        "Figure 2. It is so there, too, and more of it is said in this line, which ends not before",
        "Figure 2: the one that is above, and more of it is said in this line, which ends not",
        "Table 4. All of that stands there, with more that is said in this line, which ends here",
    ],
)
def test_a_sentence_is_no_caption(line: str) -> None:
    """A line of a paragraph that happens to begin with "Figure 2." is text, as are those around."""
    lines = [*prose("a", 8), "as it is said by one who knows it, and who has seen it all, in the",
             line, *prose("b", 8)]  # fmt: skip
    lines[8] += " supplement, see"
    made = made_of(Sheet().add(*lines))
    assert running(made) == lines
    assert parts(made) == []


def test_a_sentence_after_a_break_is_no_caption() -> None:
    """A paragraph that begins "Figure 2 shows" is text."""
    lines = ["Figure 2 shows what is so, in all of the ways that there are, and what is not."]
    made = made_of(Sheet().add(*prose("a", 8)).add(*lines, gap=12).add(*prose("b", 8)))
    assert parts(made) == []


def test_footnotes_stand_apart() -> None:
    """Footnotes go apart, with their pages, and the sentence around them is whole."""
    pages = [Sheet().add(*prose(key, 40)) for key in "abc"]
    pages[0].lines[-1] = pages[0].lines[-1].saying("a sentence that goes on, and on, over")
    pages[1].lines[0] = pages[1].lines[0].saying("the page, that is, to its very end")
    pages[0].add("1 A note of the first page.", small=True, gap=14)
    pages[1].add("∗ A note of the second", "page, of two lines.", "2 Another.", small=True, gap=14)
    made = made_of(*pages)
    assert "goes on, and on, over\nthe page, that is" in made.text
    assert texts(made, "footnote") == [
        "1 A note of the first page.\n∗ A note of the second\npage, of two lines.\n2 Another."
    ]
    assert [made.page_at(made.text.index(words)) for words in ("1 A note", "∗ A", "2 An")] == [
        1, 2, 2
    ]  # fmt: skip


def test_footnotes_of_both_columns() -> None:
    """Footnotes at the foot of each column stand apart, though text goes on at their height."""
    sheet = Sheet().add(*prose("l", 36, FEW))
    sheet.add("1 A note on the left,", "of three", "lines.", small=True, gap=14)
    sheet.at(SECOND, TOP).add(*prose("r", 39, FEW))
    sheet.add("2 A note on the right.", small=True, gap=14)
    made = made_of(sheet)
    assert running(made) == prose("l", 36, FEW) + prose("r", 39, FEW)
    assert texts(made, "footnote") == [
        "1 A note on the left,\nof three\nlines.\n2 A note on the right."
    ]


def test_small_print_amid_a_page_is_no_footnote() -> None:
    """Smaller type high up on a page, a page of it, and a list at a page's foot are text."""
    quoted = (
        Sheet().add(*prose("a", 10)).add(*prose("q", 6), small=True, gap=5).add(*prose("b", 20))
    )
    assert running(made_of(quoted)) == prose("a", 10) + prose("q", 6) + prose("b", 20)
    items = Sheet().add(*prose("a", 40)).add("1 Of a list.", "2 Of the list.", gap=14)
    items.add("∗ A note.", small=True, gap=14)
    assert running(made_of(items)) == [*prose("a", 40), "1 Of a list.", "2 Of the list."]
    high = Sheet().add(*prose("a", 10)).add("1 Of small type.", small=True, gap=14)
    assert running(made_of(high)) == [*prose("a", 10), "1 Of small type."]
    whole = Sheet().add(*prose("a", 30), *prose("b", 30), small=True)
    assert texts(made_of(whole), "footnote") == []


def test_a_broken_word_over_a_page_s_end() -> None:
    """A word that is broken at a page's end is whole, on its first page; a footnote between or not.

    A running head and a figure between its halves part it no more.
    """
    pages = [Sheet().add(*prose(key, 40)) for key in "ab"]
    pages[0].lines[-1] = pages[0].lines[-1].saying(f"and so it goes with every algo{BROKEN}")
    pages[0].add("1 A note of the first page.", small=True, gap=14)
    second = figure(Sheet()).add("rithm here, as said", *prose("b", 20))
    second.at(300, 740).add("12")
    made = made_of(pages[0], second)
    assert "every algorithm\nhere, as said" in made.text
    assert made.page_at(made.text.index("algorithm")) == 1
    assert made.page_at(made.text.index("here, as said")) == 2


# --- every word, with its page --------------------------------------------------------------------


class Plan(NamedTuple):
    """What to make a paper of: its pages' columns, each of paragraphs (their lines) and figures."""

    pages: list[list[list[int | None]]]
    columns: int
    margins: bool
    drawn: str
    hyphen: str


PLANS = st.builds(
    Plan,
    pages=st.lists(
        st.lists(
            st.lists(st.one_of(st.integers(6, 9), st.none()), min_size=1, max_size=3),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=5,
    ),
    columns=st.integers(1, 2),
    margins=st.booleans(),
    drawn=st.sampled_from(["as it is read", "across", "upwards"]),
    hyphen=st.sampled_from(["", "-", "‐", BROKEN]),
)


class Setter:
    """Sets a paper by a plan, every word of it another, and keeps the page of each."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known: dict[str, int] = {}
        self.fresh = (word("w", number) for number in count())
        self.broken = ""
        self.pages = [self.page(number) for number in range(1, len(plan.pages) + 1)]

    def words(self, number: int, page: int) -> list[str]:
        """Return as many new words of a page."""
        made = list(islice(self.fresh, number))
        self.known |= dict.fromkeys(made, page)
        return made

    def page(self, number: int) -> Page:
        """Set a page: its columns, a footnote below each, what is printed around them."""
        lefts = (LEFT, SECOND)[: self.plan.columns]
        lines = [
            line
            for left, blocks in zip(lefts, self.plan.pages[number - 1], strict=False)
            for line in self.column(left, blocks, number)
        ]
        if self.plan.drawn == "across":
            lines.sort(key=lambda line: (-line.top, line.left))
        if self.plan.drawn == "upwards":
            lines.reverse()
        sheet = Sheet()
        sheet.lines = lines
        if self.plan.margins and len(self.plan.pages) > 2:
            if self.plan.columns == 1 and len(lines) > 8:  # few numbers tell nothing
                numbered(sheet, 100 * number)
            sheet.at(LEFT, 760).add(f"Running Head {number}").at(300, 40).add(f"{number}")
        return sheet.page

    def column(self, left: float, blocks: Sequence[int | None], page: int) -> list[Line]:
        """Set a column's paragraphs and figures, and a footnote at its foot."""
        sheet = Sheet(left=left)
        for lines in blocks:
            if lines is None:
                label, *said = self.words(3, page)
                sheet.add(f"{label} 5", small=True, gap=14, indent=50)
                sheet.add(f"Figure 1: {said[0]} of it, said", f"{said[1]}.", size=9, gap=6)
                sheet.add(gap=14)
            else:
                sheet.add(*self.paragraph(lines, page))
        note = self.words(2, page)
        sheet.at(left, 120).add(f"1 {note[0]} is", f"{note[1]}.", small=True)
        return sheet.lines

    def paragraph(self, lines: int, page: int) -> Iterator[str]:
        """Yield lines; where the plan has hyphens, the last one goes on in the next paragraph."""
        per_line = FEW if self.plan.columns == 2 else WORDS
        for number in range(lines):
            made = self.words(per_line, page)
            if self.broken:
                made[0], self.broken = f"{self.broken} {made[0]}", ""
            if self.plan.hyphen and self.plan.drawn == "as it is read" and number == lines - 1:
                del self.known[made[-1]]
                self.broken = next(self.fresh)
                self.known[made[-1] + self.broken] = page
                made[-1] += self.plan.hyphen
            yield " ".join(made)


@settings(max_examples=200, deadline=None)
@given(PLANS)
def test_every_word_has_its_page(plan: Plan) -> None:
    """Whatever stands on pages, however drawn: each of its words is in the text once, on its page.

    A word that is broken over a line's, a column's or a page's end is whole, on its first page;
    nothing is lost but heads and numbers in the margins, and sections lie in the text in order.
    """
    paper = Setter(plan)
    if paper.broken:  # the last half of the last word is on no page
        paper.known = {w: page for w, page in paper.known.items() if not w.endswith(paper.broken)}
    made = made_of(*paper.pages)
    assert all(made.text.count(w) == 1 for w in paper.known)
    assert {w: made.page_at(made.text.index(w)) for w in paper.known} == paper.known
    assert "Running" not in made.text
    bounds = [offset for section in made.sections for offset in (section.start, section.end)]
    assert bounds == sorted(bounds)
    assert bounds[0] == 0
    assert bounds[-1] == len(made.text)
    between = [made.text[a:b] for a, b in pairwise([*bounds[1:], len(made.text)])][::2]
    assert not "".join(between).strip()


# --- headings -------------------------------------------------------------------------------------


def paper(*headings: str, size: float = 12.0, bold: bool = True, gap: float = 10.0) -> list[Sheet]:
    """Return a paper's pages: five lines of prose below each heading, three headings a page."""
    sheets = [Sheet().add("A Fine Title", size=16).add("Ada Lovelace", gap=10)]
    for i, heading in enumerate(headings):
        if i and i % 3 == 0:
            sheets.append(Sheet())
        lines = heading.split("\n")
        sheets[-1].add(*lines, size=size, bold=bold, gap=gap)
        sheets[-1].add(*prose(chr(97 + i), 5), gap=4)
    return sheets


def test_numbered_headings() -> None:
    """Numbered headings count on, with levels, and are of the kind of the section they stand in."""
    sheets = paper(
        "1 Introduction", "1.1 How It Began", "2. The Quiet Part", "2.1. THE MODEL",
        "2.1.1 A Detail", "3.1 Of Another Section", "9 Not Due", "4 After One Unread",
        "5 Conclusion", "5.1 Its End",
    )  # fmt: skip
    found = parts(made_of(*sheets))
    assert [part for part in found if part[1][0].isdigit()] == [
        ("introduction", "1 Introduction", 1),
        ("introduction", "1.1 How It Began", 2),
        ("body", "2. The Quiet Part", 1),
        ("body", "2.1. THE MODEL", 2),
        ("body", "2.1.1 A Detail", 3),
        ("body", "4 After One Unread", 1),
        ("conclusion", "5 Conclusion", 1),
        ("conclusion", "5.1 Its End", 2),
    ]


def test_rows_of_tables_are_no_headings() -> None:
    """A row such as "3 Layers", a common name in a table's head and a list's item are none.

    They look like the text, where headings do not.
    """
    sheets = paper("1 Introduction", "2 Methods")
    sheets[-1].add("Model", "3 Layers", "3. Layers of another kind", "3.1 Of It", gap=10)
    sheets[-1].add(*prose("z", 5))
    assert parts(made_of(*sheets)) == [
        ("introduction", "1 Introduction", 1), ("body", "2 Methods", 1)
    ]  # fmt: skip


def test_bold_headings_without_a_number() -> None:
    """A bold line above prose, with space above it, is a heading below the last numbered one.

    Bold words within a paragraph, and a bold line above no prose, are none.
    """
    sheets = paper("1 Introduction", "The Quiet Part", "2 Next")
    sheets[-1].add("Set in Bold", bold=True).add(*prose("y", 3))
    sheets[-1].add("Bold Cells", bold=True, gap=20).add("One 1", "Two 2", "Three 3")
    sheets[-1].add(*prose("z", 5), gap=20)
    assert parts(made_of(*sheets)) == [
        ("introduction", "1 Introduction", 1),
        ("introduction", "The Quiet Part", 2),
        ("body", "2 Next", 1),
    ]


@pytest.mark.parametrize("bold", [True, False])
def test_headings_over_two_lines(bold: bool) -> None:
    """A heading that does not fit a line goes on in the next; a broken word in it is whole."""
    sheets = paper(
        "1 Introduction",
        f"2. A Heading of Two Lines: the First{BROKEN}\nborn and the Last",
        bold=bold,
    )
    made = made_of(*sheets)
    assert parts(made)[1] == ("body", "2. A Heading of Two Lines: the Firstborn and the Last", 1)
    assert texts(made, "body") == ["\n".join(prose("b", 5))]


def test_the_outline_names_headings() -> None:
    """A line of larger type, neither bold nor numbered, is a heading where the outline has it.

    A number in the outline or on the page makes no difference, and tells the level.
    """
    sheets = paper("Introduction", "The Quiet Part", "7 The LOUD Part", "7.1 of them", bold=False)
    assert parts(made_of(*sheets)) == [("introduction", "Introduction", 1)]
    outline = ["1 Introduction", "1.1 The Quiet Part", "The Loud Part", "7.1 Of Them"]
    assert parts(made_of(*sheets, outline=outline)) == [
        ("introduction", "Introduction", 1),
        ("introduction", "The Quiet Part", 2),
        ("body", "7 The LOUD Part", 1),
        ("body", "7.1 of them", 2),
    ]


def test_appendix_letters() -> None:
    """After the references, a letter is an appendix's number; before, it is but a letter."""
    sheets = paper("1 Introduction", "A Gentle Start", "References", "A Proofs", "B.1 More of It",
                   "B.1.2 Still More", "Results")  # fmt: skip
    assert parts(made_of(*sheets)) == [
        ("introduction", "1 Introduction", 1),
        ("introduction", "A Gentle Start", 2),
        ("references", "References", 1),
        ("appendix", "A Proofs", 1),
        ("appendix", "B.1 More of It", 2),
        ("appendix", "B.1.2 Still More", 3),
        ("appendix", "Results", 1),
    ]
    rows = paper("1 Introduction", "References")
    rows[-1].add("B Layers", "C Heads", gap=10).add(*prose("z", 3))
    assert len(parts(made_of(*rows))) == 2
    assert len(parts(made_of(*[Page.of(sheet.page.text) for sheet in rows]))) == 2


def test_headings_set_like_the_text() -> None:
    """Where headings look like the text, the space above them tells them."""
    sheets = paper("1 Introduction", "2 Related Work", "3 The Quiet Part", "Conclusion",
                   size=10, bold=False)  # fmt: skip
    sheets[-1].add("Results").add(*prose("z", 5))
    assert [heading for _, heading, _ in parts(made_of(*sheets))] == [
        "1 Introduction", "2 Related Work", "3 The Quiet Part", "Conclusion"
    ]  # fmt: skip


def test_a_hyphen_above_a_heading_takes_none_of_it() -> None:
    """A line that ends in a hyphen leaves the heading below it as it is."""
    sheet = Sheet().add("1 Introduction", bold=True).add(*prose("a", 12), "it is well-")
    made = made_of(sheet.add("Experiments", gap=12, bold=True).add(*prose("b", 12), gap=6))
    assert "Experiments" in [section.heading for section in made.sections]
    assert "it is well-" in made.text.split("\n")


def test_a_page_of_captions_takes_no_time() -> None:
    """A page that is all captions and lettering is laid out in no time."""
    sheet = Sheet().add(*prose("a", 20))
    for number in range(900):
        sheet.at(LEFT, 420 - 0.4 * number).add(f"Table {number}: x", "x 1", size=6)
    before = time.process_time()
    made_of(sheet)
    assert time.process_time() - before < 0.4


def test_headings_in_capitals() -> None:
    """Headings that only their capitals tell from the text are found, with Roman numbers too."""
    sheets = paper("I. INTRODUCTION", "II. RELATED WORK", "III. RESULTS", "IV. CONCLUSION",
                   "REFERENCES", size=10, bold=False, gap=0)  # fmt: skip
    sheets[-1].add("Results").add(*prose("z", 5))
    assert [kind for kind, _, _ in parts(made_of(*sheets))] == [
        "introduction", "body", "body", "conclusion", "references"
    ]  # fmt: skip


def test_headings_of_other_languages() -> None:
    """The names of common sections are known in French and in German."""
    french = paper("Résumé", "1 Introduction", "2 Conclusion et perspectives", "Références")
    german = paper("Zusammenfassung", "1 Einleitung", "2 Ergebnisse", "Literatur")
    assert [kind for kind, _, _ in parts(made_of(*french))] == [
        "abstract", "introduction", "conclusion", "references"
    ]  # fmt: skip
    assert [kind for kind, _, _ in parts(made_of(*german))] == [
        "abstract", "introduction", "body", "references"
    ]  # fmt: skip


# --- the abstract ---------------------------------------------------------------------------------


def test_lists_do_not_end_an_abstract() -> None:
    """An abstract with a numbered list in it goes on to the next heading."""
    items = ["1. We show that it is so", "2. We find that it is not", "(3) And so", "3 Layers"]
    sheet = Sheet().add("A Fine Title", size=16).add("Abstract", size=12, bold=True, gap=10)
    sheet.add(*prose("a", 2), *items, *prose("b", 2), gap=4)
    sheet.add("1 Introduction", size=12, bold=True, gap=10).add(*prose("c", 9), gap=4)
    made = made_of(sheet)
    assert made.abstract == " ".join([*prose("a", 2), *items, *prose("b", 2)])
    assert [kind for kind, _, _ in parts(made)] == ["abstract", "introduction"]


@pytest.mark.parametrize("mark", ["Abstract—", "Abstract. ", "ABSTRACT ", "Summary: "])
def test_run_in_abstracts(mark: str) -> None:
    """An abstract that begins on its heading's own line, bold or not, is whole."""
    for bold in (True, False):
        lines = [mark + "It is so, said", *prose("a", 3)]
        sheet = Sheet().add("A Fine Title", size=16)
        sheet.add(*lines, bold=bold, gap=20)
        sheet.add("1 Introduction", size=12, bold=True, gap=10).add(*prose("c", 20), gap=4)
        assert made_of(sheet).abstract == " ".join(["It is so, said", *prose("a", 3)])


def test_an_abstract_told_by_its_size() -> None:
    """Without a heading, the abstract is the first paragraph of another size than the text."""
    sheet = Sheet().add("A Fine Title", size=16).add("Ada Lovelace", "Somewhere", gap=10)
    sheet.add(*prose("a", 4, 11), size=9, gap=20).add(*prose("b", 30), gap=20)
    assert made_of(sheet).abstract == " ".join(prose("a", 4, 11))


# --- the title ------------------------------------------------------------------------------------


def test_the_largest_type_is_the_title() -> None:
    """The title is what is set largest, over its lines, whatever stands above it; drawn last too.

    A word that is broken in it is whole, and a large initial is none of it.
    """
    sheet = Sheet(740).add("Proceedings of the Conference on It, 2015").add(
        f"A Title of Several Lines with a Bro{BROKEN}", "ken Word", size=15, gap=20
    ).add("Ada Lovelace", "Charles Babbage", size=11, gap=10)  # fmt: skip
    sheet.add(*prose("a", 20), gap=10)
    sheet.add("W", size=30)
    title = "A Title of Several Lines with a Broken Word"
    assert made_of(sheet).title == title
    late = sheet.lines[3:] + sheet.lines[:3]
    assert made_of(Page(tuple(late), WIDTH, HEIGHT)).title == title


@pytest.mark.parametrize("heading", ["Abstract", "Introduction", "1 Introduction", "Contents"])
def test_a_heading_is_no_title(heading: str) -> None:
    """A heading that is larger than the title, or the only line in bold, is not the title."""
    sheet = Sheet().add("A Fine Title", size=14).add("Ada Lovelace", gap=10)
    sheet.add(heading, size=18, gap=10).add(*prose("a", 20))
    assert made_of(sheet).title == "A Fine Title"
    plain = Sheet().add("A Fine Title").add("Ada Lovelace", gap=10)
    plain.add(heading, bold=True, gap=10).add(*prose("a", 20))
    assert made_of(plain).title == "A Fine Title"


def test_a_bold_title() -> None:
    """Where all is of one size, the first bold lines are the title."""
    sheet = Sheet().add("A Journal, Vol. 1").add("A Fine Title", "of Two Lines", bold=True, gap=10)
    sheet.add("Ada Lovelace", gap=10).add(*prose("a", 20), gap=10)
    assert made_of(sheet).title == "A Fine Title of Two Lines"


def test_the_first_lines_are_the_title() -> None:
    """Where nothing tells a title, it is the first line, less notices, and what goes on from it."""
    sheet = Sheet().add("Published as a conference paper", "A Fine Title of", "Two Lines", "Ada")
    assert made_of(sheet.add(*prose("a", 20), gap=10)).title == "A Fine Title of Two Lines"


def test_what_the_file_gives_as_title() -> None:
    """The file's own title stands only where its first page says it, whatever is set largest."""
    sheet = Sheet().add("JOURNAL OF IT", size=20).add("A Fine Title", size=14, gap=10)
    pages = [sheet.add(*prose("a", 20), gap=10), Sheet().add("Another Title", *prose("b", 20))]
    assert made_of(*pages).title == "JOURNAL OF IT"
    assert made_of(*pages, title="A fine  title").title == "A fine title"
    for said in ("Another Title", "Microsoft Word - it.doc", "untitled", "Journal", ""):
        assert made_of(*pages, title=said).title == "JOURNAL OF IT"


def test_the_first_page_with_text_has_the_title() -> None:
    """A blank or scanned cover before the first page with text has no title to give."""
    sheet = Sheet().add("A Fine Title", size=16).add(*prose("a", 20), gap=10)
    made = made_of(Page((), WIDTH, HEIGHT), sheet)
    assert made.title == "A Fine Title"
    assert made.page_at(0) == 2


def test_a_title_has_an_end() -> None:
    """A first page that is large type throughout gives no more than a title's length."""
    sheet = Sheet().add(*prose("a", 12), size=20).add(*prose("b", 20))
    assert 250 < len(made_of(sheet).title) <= 300


# --- anything at all ------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(-50, 900), st.sampled_from([0.0, -0.0, 1e-9, 10.0, 1e9, -1e9, 3.4e38, -3.4e38])
)
SAID = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs", "Co", "Cn", "Mn", "Lo", "Nd"]), max_size=8),
    st.sampled_from(
        ["Abstract", "ABSTRACT—We", "1 Introduction", "2. A Part", "References", "Appendix A", "12",
         "Figure 1: It", "Table 2. Of it", "∗ A note", "3 Methods", "a word-", f"word{BROKEN}",
         BROKEN, "-", "A B S T R A C T", "I NTRODUCTION", prose("a", 1)[0], prose("b", 1)[0]]
    ),
)  # fmt: skip
ANY_LINES = st.builds(
    Line, SAID, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS.map(abs), st.booleans()
) | st.builds(
    lambda text, left, top, bold: Line(text, left, top - 10, left + 5 * len(text), top, 10, bold),
    SAID, st.sampled_from([LEFT, SECOND]), st.floats(0, HEIGHT), st.booleans(),
)  # fmt: skip
ANY_PAGES = st.lists(
    st.builds(
        Page,
        st.lists(ANY_LINES, max_size=20).map(tuple),
        st.sampled_from([0.0, WIDTH, 1e-6, 1e7, -WIDTH]),
        st.sampled_from([0.0, HEIGHT, 1e-6, 1e7, -HEIGHT]),
    ),
    max_size=5,
)


def whole(made: Document, pages: int) -> bool:
    """Tell whether a document is as documents are, whatever it was made of."""
    bounds = [offset for section in made.sections for offset in (section.start, section.end)]
    starts = [mark.start for mark in made.marks]
    return (
        bounds == sorted(bounds)
        and (bounds[0], bounds[-1]) == (0, len(made.text))
        and starts == sorted(set(starts))
        and all(1 <= mark.page <= pages for mark in made.marks)
        and bool(not made.text or made.page_at(0))
        and not set(made.text) & set(f"{BROKEN}\0\r\ud800")
    )


@settings(max_examples=200, deadline=None)
@given(ANY_PAGES, st.text(max_size=30), st.lists(SAID, max_size=3))
def test_any_pages(pages: list[Page], title: str, outline: list[str]) -> None:
    """Pages of any lines with any boxes give a document whose parts lie in order in its text."""
    made = made_of(*pages, title=title, outline=outline)
    assert whole(made, len(pages))
    made.model_dump_json()


def test_letters_without_a_height_are_no_title() -> None:
    """A page whose letters all have the size 0 has no largest line, and is read all the same."""
    head = Line("ABSTRACT", 72, -10, 112, 0, 10, False)
    flat = Line("AAAA", 0, 0, 0, 0, 0, False)
    assert "AAAA" in made_of(Page((head, flat), 0, 0), title="").text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("boxes", [True, False])
@pytest.mark.parametrize(
    "line",
    [
        "a" * 200,
        "a-" * 100,
        f"al{BROKEN}",
        "Figure 1: It",
        "Table 1: It",
        "Abstract",
        "1 Introduction",
        "12",
        "∗ A note of it",
        "( ( ( (",
        "A B C D E F G H I J",
        "1.1.1.1.1.1.1.1.1.1.1",
    ],
)
def test_huge_pages_take_no_time(line: str, boxes: bool) -> None:
    """A page of thousands of lines, whatever they say and wherever they stand, takes a moment."""
    sheet = Sheet()
    if boxes:
        for i in range(20_000):
            sheet.at(20 + i * 104_729 % 500, 20 + i * 7919 % 700).add(line, small=True)
    else:
        sheet.lines = [Line(line)] * 20_000
    text = Sheet().add(*prose("a", 40))
    page = sheet.page if boxes else Page(tuple(sheet.lines))
    assert whole(made_of(text, page), 2)
