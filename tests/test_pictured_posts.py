"""`draft --figures --teaser`: pictures in a post, what is drawn again, what stays a person's."""

import hashlib
import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from summarize.merge.merge import merge
from summarize.posts import FORMATS
from summarize.posts.post import Drafted, Item, ItemFigure, ItemNote
from summarize.records import Picture
from summarize.teaser.draw import HEIGHT, WIDTH, Teaser, draw
from summarize.teaser.layout import discs
from summarize.teaser.topics import topics
from tests.conftest import Roundup

DEMO = Path(__file__).parent.parent / "examples" / "demo.csv"
FORM = FORMATS["jekyll"]


class Drafting:
    """A post of the demo's papers, and the folder of its pictures."""

    def __init__(self, roundup: Roundup, folder: Path) -> None:
        self._roundup = roundup
        self.post = folder / "post.md"
        self.folder = folder / "post-figures"
        self._cache = folder / "cache"

    def draft(self, *flags: str) -> CompletedProcess[str]:
        """Draft it, and see that all went well."""
        done = self._roundup(
            "draft", DEMO, "-o", self.post, "--cache-dir", self._cache, "--json", *flags
        )
        assert done.returncode == 0, done.stderr
        return done

    def regenerate(self) -> None:
        """Renew its summaries."""
        done = self._roundup("regenerate", self.post, "--cache-dir", self._cache)
        assert done.returncode == 0, done.stderr

    @property
    def text(self) -> str:
        """The post as it stands."""
        return self.post.read_text("utf-8")

    def pictures(self) -> dict[str, str]:
        """Return the checksum of each picture."""
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in self.folder.iterdir()}


@pytest.fixture
def drafting(roundup: Roundup, tmp_path: Path) -> Drafting:
    """Return a post of the demo's papers with all its pictures."""
    made = Drafting(roundup, tmp_path)
    made.draft("--figures", "--teaser")
    return made


def drawn(done: CompletedProcess[str]) -> int:
    """Return how many papers came to having a figure drawn."""
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return sum(event.get("stage") == "figure" for event in events)


def test_a_post_with_pictures(drafting: Drafting) -> None:
    """Each entry shows a picture that is there, as large as it says, with words for the blind."""
    shown = re.findall(
        r'<img src="post-figures/([^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)"', drafting.text
    )
    assert len(shown) == 4
    for name, alt, width, height in shown:
        with Image.open(drafting.folder / name) as image:
            size = image.size
        assert size[0] / size[1] == pytest.approx(int(width) / int(height), rel=0.02)
        assert len(alt) > 15
    assert drafting.text.count("<figcaption>") == 4
    assert 'image: "post-figures/teaser.png"' in drafting.text
    with Image.open(drafting.folder / "teaser.png") as image:
        assert image.size == (WIDTH, HEIGHT)
    again = drafting.pictures(), drafting.text
    assert drawn(drafting.draft()) == 0  # and no flag is needed to keep them
    assert (drafting.pictures(), drafting.text) == again


def test_what_a_person_did_stays(drafting: Drafting) -> None:
    """A figure taken out stays out, a caption of one's own stays, and so does a picture."""
    entries = [entry for entry in FORM.parse(drafting.text).items if entry.part("figure")]
    gone, changed = (entry.part("figure") for entry in entries[:2])
    text = drafting.text.replace(gone, "")
    text = text.replace(changed, re.sub(r"<figcaption>.*<", "<figcaption>Look!<", changed))
    drafting.post.write_text(text, "utf-8")
    names = re.findall(r"post-figures/([^\"]+\.webp)", gone + entries[2].part("figure"))
    (drafting.folder / names[0]).unlink()
    (drafting.folder / names[1]).write_bytes(b"my own picture")
    done = drafting.draft("--figures")
    assert "is your own picture" in done.stdout + done.stderr
    drafting.regenerate()
    assert names[0] not in drafting.text
    assert drafting.text.count("<figcaption>Look!<") == 1
    assert drafting.text.count("<figure>") == 3
    assert not (drafting.folder / names[0]).exists()
    assert (drafting.folder / names[1]).read_bytes() == b"my own picture"


def test_without_figures_again(drafting: Drafting) -> None:
    """They can be had away with again; the files stay, since they may be used elsewhere."""
    before = drafting.pictures()
    drafting.draft("--no-figures", "--no-teaser")
    assert "<figure>" not in drafting.text
    assert "image:" not in drafting.text
    assert drafting.pictures() == before


def test_a_figure_that_cannot_be_had(roundup: Roundup, tmp_path: Path) -> None:
    """A paper that is only an abstract has an entry without a figure, and nothing fails for it."""
    list_ = tmp_path / "list.csv"
    list_.write_text(
        "title,abstract\nOne,"
        + "We show that a careful look at a page finds its figures in a second or less. " * 4
    )
    done = roundup(
        "draft", list_, "--figures", "--abstract-only", "-o", tmp_path / "p.md", "--cache-dir",
        tmp_path / "cache",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "<figure>" not in (tmp_path / "p.md").read_text("utf-8")


# --- an entry with a figure -----------------------------------------------------------------------


def entry(figure: ItemFigure | None, *, notes: bool = True) -> Item:
    """Return an entry with a figure or without one."""
    note = ItemNote(label="Idea", text=Drafted(text="Both purr."))
    return Item(
        key="k", title=Drafted(text="Cats"), url="https://a.org/1", figure=figure,
        line=Drafted(text="They purr."), notes=(note,) if notes else (),
    )  # fmt: skip


@given(alt=st.text(max_size=80), credit=st.text(max_size=80), notes=st.booleans())
def test_it_reads_back(alt: str, credit: str, notes: bool) -> None:
    """Whatever a caption says, its figure is one part of the entry, and its words stay words."""
    figure = ItemFigure(src="f/a.webp", width=3, height=2, alt=alt, credit=credit)
    text = FORM.item(entry(figure, notes=notes))
    (item,) = FORM.parse(text).items
    assert item.text == text
    assert item.part("figure").strip().startswith("<figure>")
    assert item.part("figure").count("<") == 5
    assert "{{" not in text
    assert item.field("line") == "They purr."


def test_a_figure_that_comes_to_an_edited_entry() -> None:
    """A person's own line stays when their entry gets a figure, and the figure is below it."""
    base = FORM.parse(FORM.item(entry(None, notes=False)))
    mine = FORM.parse(FORM.item(entry(None, notes=False)).replace("They purr.", "I like them."))
    figure = ItemFigure(src="f/a.webp", width=3, height=2, alt="a", credit="b")
    new = FORM.parse(FORM.item(entry(figure)))
    (item,) = merge(base, mine, new).written.items
    assert item.field("line") == "I like them."
    assert item.part("figure") == new.items[0].part("figure")
    assert item.text.index("<figure>") < item.text.index("<details>")


# --- the teaser -----------------------------------------------------------------------------------

CATS = [f"Cats that purr at night, and whiskers of a feline, number {n}" for n in "abcd"]
SHIPS = [f"Ships that sail the ocean under canvas and a mast, number {n}" for n in "abcd"]


def test_topics() -> None:
    """Papers that speak of the same are one topic, named by words that they say."""
    found = topics([*CATS, *SHIPS])
    assert sorted(topic.members for topic in found) == [(0, 1, 2, 3), (4, 5, 6, 7)]
    for topic, said in zip(sorted(found, key=lambda t: t.members), (CATS, SHIPS), strict=True):
        assert all(word in said[0].casefold() for word in topic.words)


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_topics_of_anything(texts: list[str]) -> None:
    """Each paper is in one topic at most, and the same papers give the same topics."""
    found = topics(texts)
    members = [member for topic in found for member in topic.members]
    assert len(members) == len({*members}) <= len(texts)
    assert found == topics(texts)


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), max_size=6))
def test_discs(sizes: list[int]) -> None:
    """No disc covers another's middle, none leaves the map, and each paper has its dot."""
    placed = discs(sizes, (0, 0, 600, 500))
    assert [len(disc.dots) for disc in placed] == sizes
    for disc in placed:
        assert disc.x - disc.radius >= -1
        assert disc.x + disc.radius <= 601
        assert disc.y - disc.radius >= -1
        assert disc.y + disc.radius <= 501


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(["A Title", "", "論文のまとめ" * 8, "Ünïcode " * 40, "x" * 300]))
def test_the_teaser(title: str) -> None:
    """Any title gives a picture, and the same one each time."""
    wanted = Teaser(title=title, lines=("8 papers",), texts=(*CATS, *SHIPS), stars=(True,) * 8)
    made: Picture = draw(wanted.model_dump_json().encode())
    assert (made.width, made.height) == (WIDTH, HEIGHT)
    assert made == draw(wanted.model_dump_json().encode())
