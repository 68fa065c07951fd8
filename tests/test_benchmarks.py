"""What the benchmarks rest on: how a paper's line is judged, a simulated conference, plots."""

import importlib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
TEXT = "We measure the speed of glaciers in spring with small seismic sensors. They are slow."
OTHER = "A reading of papyri from Oxyrhynchus shows that letters to tax collectors were formal."


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module of the benchmarks by its name."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def _judged(load: Any, line: str | None) -> tuple[int, int, int]:
    work = load("work")
    papers = [
        work.Paper(name, name, "The abstract.", text, Path())
        for name, text in (("glaciers", TEXT), ("papyri", OTHER))
    ]
    lines = {"papyri": f"{OTHER} [0123abcd]"}
    came = work.judged(papers, lines if line is None else lines | {"glaciers": line})
    return came.right - 1, came.wrong, came.lost


@pytest.mark.parametrize(
    ("line", "came"),
    [
        (f"{TEXT[:70]} [0123abcd]", (1, 0, 0)),
        (rf"{TEXT[:70]} \[0123abcd\] *(from the abstract)*", (1, 0, 0)),
        (f"{OTHER} [0123abcd]", (0, 1, 0)),  # another paper's
        ("Words that neither of the two has anywhere. [0123abcd]", (0, 1, 0)),
        (TEXT[:40], (0, 1, 0)),  # cut short
        ('{"tldr": "We meas', (0, 1, 0)),
        ("The abstract.", (0, 1, 0)),
        ("Error", (0, 1, 0)),
        ("", (0, 1, 0)),
        (None, (0, 0, 1)),
    ],
)
def test_a_peers_line_is_right_only_as_the_papers_own_whole_summary(
    load: Any, line: str | None, came: tuple[int, int, int]
) -> None:
    """What is cut, empty or another paper's counts as wrong, what is not there as lost."""
    assert _judged(load, line) == came


def test_a_post_is_read_for_its_lines_and_not_for_what_was_left_out(
    load: Any, tmp_path: Path
) -> None:
    """A paper that a post says nothing of, but why, has no line that is right."""
    work = load("work")
    papers = [work.Paper(f"p{n}", f"A & B, part {n}", "", TEXT, Path()) for n in (1, 2, 3)]
    (tmp_path / "post.md").write_text(
        f"1. [**A &amp; B, part 1**](https://x.org/1) - {TEXT[:70]} \\[0123abcd\\]\n\n"
        f"1. **A &amp; B, part 2** - {TEXT[:70]} \\[0123abcd\\]\n\n"
        "1. **A &amp; B, part 3** - *Not summarized: the server said no.*\n"
    )
    lines = work.posted(papers, tmp_path / "post.md")
    assert set(lines) == {"p1", "p2"}
    assert work.judged(papers, lines) == work.Came(2, 0, 1)


@pytest.mark.parametrize(
    ("case", "seconds"),
    [
        ({"papers": 16, "model": {"at_once": 4, "seconds": 2.0}}, 8),
        ({"papers": 61, "model": {"at_once": 8, "seconds": 1.0, "rpm": 30}}, 121),
        ({"papers": 30, "model": {"at_once": 8, "seconds": 1.0, "tokens": 100, "tpm": 1000}}, 122),
        (
            {
                "papers": 30,
                "first": {"seconds": 0.0, "quota": 10, "window": 100.0},
                "model": {"at_once": 30, "seconds": 1.0},
            },
            201,
        ),
        (
            {
                "papers": 30,
                "copies": 20,
                "first": {"seconds": 0.0, "quota": 10, "window": 100.0},
                "second": {"seconds": 0.0, "pace": 3.0},
                "model": {"at_once": 30, "seconds": 1.0},
            },
            58,
        ),
    ],
)
def test_a_simulated_list_takes_as_long_as_the_limit_that_binds_says(
    load: Any, case: dict[str, Any], seconds: float
) -> None:
    """Slots, requests and tokens a minute, a site's quota, and copies that go round it."""
    pytest.importorskip("simpy", reason="needs simpy, of the group `benchmarks`")
    model = load("conference")
    told = dict(case, model=model.Asked(**case["model"]), read=0.0)
    for site in ("first", "second"):
        told[site] = model.Site(**case[site]) if site in case else None
    assert model.simulate(model.Conference(**told)) == pytest.approx(seconds, abs=1.01)


def test_a_plot_is_whole_and_follows_the_readers_colours(load: Any) -> None:
    """A chart parses as XML, names its lines, and has colours for dark pages."""
    chart = load("plot").chart(
        "Speed & more", "at once", "papers", {"ideal": [(1, 1), (128, 128)], "ours": [(1, 0.9)]},
        ideal="ideal",
    )  # fmt: skip
    root = ET.fromstring(chart)
    said = {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Speed & more", "ideal", "ours"} <= said
    assert "prefers-color-scheme: dark" in chart


def test_a_line_alone_says_its_figures_instead_of_its_name(load: Any) -> None:
    """The title names it, and each point has its value beside it."""
    chart = load("plot").chart("Memory", "papers", "MB", {"MB of it": [(10, 40.04), (100, 101.2)]})
    said = [each.text for each in ET.fromstring(chart).iter("{http://www.w3.org/2000/svg}text")]
    assert "MB of it" not in said
    assert said[-2:] == ["40", "101"]
