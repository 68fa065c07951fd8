"""What a hostile PDF says of itself and in its text goes out as words, by every engine."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from summarize.engines import ENGINES
from summarize.read import read
from tests.conftest import Roundup
from tests.fuzz.pdfs import drafted
from tests.hostile_pdfs import pdf
from tests.test_outward import (
    ATTACKS,
    READERS,
    SHORTCODE,
    TEMPLATES,
    UNSEEN,
    body,
    by_commonmark,
    front,
    tags,
)

READING = [name for name in ENGINES if name != "ocr"]
HARMLESS = "sorting"
CHECKS = ("!['**CHECK:**']",)  # the comment on a claim that the paper does not bear out
SENTENCES = (
    "We propose {} as a method, which improves accuracy on ImageNet by 12% over what was known.",
    "Our experiments show that {} is 3 times faster than others on 5 data sets of the field.",
    "A limitation of our approach is that {} fails where there is little data to be learned from.",
    "The code of {} is given to everybody, and it needs no labels at all to be trained well.",
)


def one_line(attack: str) -> str:
    """Return an attack as a line of a PDF can hold it."""
    return re.sub(r"[\ud800-\udfff]", "", " ".join(attack.split()))


def paper(attack: str) -> bytes:
    """Return a paper that attacks wherever it says something."""
    said = [sentence.format(attack) for sentence in SENTENCES]
    title = f"On {attack} and Its Uses"
    return pdf(title, said, Title=title, Author=attack, Subject=attack, Keywords=attack)


def several() -> list[str]:
    """Return the attacks, a few to a paper."""
    found = [text for text in map(one_line, ATTACKS) if text]
    return [" ".join(found[at : at + 2]) for at in range(0, len(found), 2)]


def shown(page: str) -> str:
    """Return the words that a page shows, without its tags and comments."""
    return str(LexborHTMLParser(page).text())


def letters(text: str) -> str:
    """Return the letters and digits of a text, which stay whatever is done to make it harmless."""
    return "".join(filter(str.isalnum, text))


def see(text: str, twin: str, name: str) -> None:
    """See that a post has no tag, template or mark that its harmless twin has not."""
    reader = READERS.get(name, by_commonmark)
    assert not UNSEEN.search(text), name
    runs = SHORTCODE if name == "wordpress" else TEMPLATES
    assert not runs.search(body(text)), name
    assert front(text).keys() == front(twin).keys(), name
    assert {*tags(reader(body(text)))} <= {*tags(reader(body(twin))), *CHECKS}, name


@pytest.mark.parametrize("engine", READING)
def test_words_of_a_pdf_stay_words(engine: str) -> None:
    """No title, sentence or metadata of a PDF makes a tag, a template or a bidi mark of a post."""
    attacks = several()
    twins = drafted(engine, [paper(HARMLESS), pdf("On Nothing", ["nothing is said "] * 40)])
    assert "Not summarized" in twins["jekyll"]
    pdfs = [paper(attack) for attack in attacks]
    # An engine that knows no sizes takes the first line, which breaks where it will, for a title.
    titles = [letters(read(pdf, engine=engine).title) for pdf in pdfs]
    assert all(titles)
    for name, text in drafted(engine, pdfs).items():
        see(text, twins[name], name)
        # They are there, as words: what is not shown can't be seen to be harmless.
        said = letters(shown(READERS.get(name, by_commonmark)(body(text))))
        assert [title for title in titles if title not in said] == [], name
        assert "alert" in said, name


def test_a_folder_of_such_pdfs(tmp_path: Path, roundup: Roundup) -> None:
    """Drafting from hostile files themselves, which alone say their titles, is as harmless."""
    posts = {}
    for kind, attacks in (("hostile", several()[:6]), ("twin", [HARMLESS])):
        rows = ["url,pdf"]
        for number, attack in enumerate(attacks):
            (tmp_path / f"{kind}{number}.pdf").write_bytes(paper(attack))
            rows.append(f"https://e.org/{kind}{number},{kind}{number}.pdf")
        (tmp_path / f"{kind}.csv").write_text("\n".join(rows), "utf-8")
        done = roundup("draft", f"{kind}.csv", "-o", f"{kind}.md", "--offline", "--title", "T")
        assert done.returncode in {0, 3}, done.stderr
        assert not UNSEEN.search(done.stderr)
        posts[kind] = (tmp_path / f"{kind}.md").read_text("utf-8")
    see(posts["hostile"], posts["twin"], "jekyll")
    assert "script" in posts["hostile"]


@pytest.mark.parametrize("engine", READING)
def test_an_engine_reads_the_attack(engine: str) -> None:
    """The papers of these tests do say what they are to say: tags, templates and bidi marks."""
    found = read(paper("<script>x</script> {{ y }} \u202eabc"), engine=engine)
    assert "<script>x</script> {{ y }}" in found.text
    assert "<script>" in found.title
