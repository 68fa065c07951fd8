"""What is known of a paper of `corpus/papers`: its title, abstract and text, whoever gave them.

A text is `true` where it was made by hand or from the paper's source; the others are what another
program read in the same PDF, which is agreement rather than truth. One is not `whole` if it lacks
the reference list.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

_TEI = "{http://www.tei-c.org/ns/1.0}"


@dataclass(frozen=True)
class Gold:
    """What a reader should find. What is empty is not known."""

    title: str = ""
    abstract: str = ""
    text: str = ""
    true: bool = True
    whole: bool = True

    @property
    def known(self) -> int:
        """How many things are known of the paper."""
        return sum(map(bool, (self.title, self.abstract, self.text)))


def gold_of(pdf: Path) -> Gold:
    """Return what the folder `gold` beside a PDF knows of it."""
    folder = pdf.parent / "gold"
    gold = Gold()
    for ending, read in _READERS.items():
        path = folder / f"{pdf.stem}.{ending}"
        if path.exists():
            gold = read(path.read_text("utf-8"))
    published = json.loads((folder / "expected_title_abstract.json").read_text("utf-8"))
    if row := published.get(pdf.stem):
        gold = replace(gold, title=row["title"], abstract=row["abstract"])
    return gold


def _latex(source: str) -> Gold:
    title = re.search(r"\\title\{(.+?)\}\s*$", source, re.M)
    abstract = re.search(r"\\begin\{abstract\}(.+?)\\end\{abstract\}", source, re.S)
    body = source.partition(r"\begin{document}")[2]
    return Gold(
        _without_commands(title[1]) if title else "",
        _without_commands(abstract[1]) if abstract else "",
        _without_commands(body),
        whole=False,
    )


def _without_commands(source: str) -> str:
    """Return the words of LaTeX as they are printed, near enough to compare words."""
    text = re.sub(r"(?<!\\)%.*", "", source)
    text = re.sub(r"\\(?:begin|end)\{[^}]*\}(?:\[[^]]*\])?(?:\{[lcr|]+\})?", " ", text)
    unprinted = r"cite\w*|label|\w*ref|includegraphics|bibliography\w*|vspace|hspace"
    text = re.sub(rf"\\(?:{unprinted})\*?(?:\[[^]]*\])?\{{[^}}]*\}}", " ", text)
    text = re.sub(r"\\([%&$#_{}])", r"\1", text)
    return re.sub(r"\\[a-zA-Z]+\*?|[{}$~]", " ", text)


def _markdown_of_latex(text: str) -> Gold:
    text = re.sub(r"<!--[^>]*-->|^Image:.*$|^- \S+ *$", "", text, flags=re.M)
    text = re.sub(r"\[\w+\d{4}\w*(?:, ?\w+)*\]", "", text)  # keys of citations
    return _headed(_without_commands(text.replace("%", r"\%")))


def _headed(text: str) -> Gold:
    """Read a text whose title, if it is marked, is the first heading, and its abstract headed."""
    title = re.search(r"^# +(.+)$", text, re.M)
    abstract = re.search(
        r"^[#* ]*abstract\b[*. ]*(.+?)"
        r"^(?:[#*\d. ]*introduction[* ]*$|\d+\n+introduction$|keywords:|\d\n\# introduction)",
        text,
        re.M | re.S | re.I,
    )
    return Gold(title[1] if title else "", abstract[1] if abstract else "", text)


def _read_by_another(text: str) -> Gold:
    return replace(_headed(_joined(text)), true=False)


def _joined(text: str) -> str:
    """Return a text without the hyphens of line-ends, which some programs leave within words."""
    return re.sub(r"(?<=[a-z])- (?=[a-z\ufb00-\ufb06])", "", text)


def _numbered_lines(text: str) -> Gold:
    return _read_by_another(re.sub(r"^\d{3}(?:\n|(?=\D))", "", text, flags=re.M))


def _longer_than_the_pdf(text: str) -> Gold:
    return replace(_headed(_joined(text)), text="")


def _by_hand(text: str) -> Gold:
    """Read a text that begins with its title and has no abstract."""
    return Gold(text.partition("\n\n")[0], "", text)


def _tei(source: str) -> Gold:
    root = ElementTree.fromstring(source)
    title = root.findtext(f".//{_TEI}titleStmt/{_TEI}title", "")
    abstract = " ".join(_passages(root, "abstract"))
    text = "\n".join([title, abstract, *_passages(root, "body"), *_passages(root, "back")])
    return Gold(title, abstract, _joined(text), true=False)


def _passages(root: ElementTree.Element, part: str) -> list[str]:
    """Return the headings, paragraphs, captions and references of a part of a TEI document."""
    wanted = {f"{_TEI}{name}" for name in ("head", "p", "figDesc", "note")}
    found = root.find(f".//{_TEI}{part}")
    elements = [] if found is None else found.iter()
    return ["".join(element.itertext()) for element in elements if element.tag in wanted]


_READERS: dict[str, Callable[[str], Gold]] = {
    "docling-latex.md": _markdown_of_latex,
    "source.tex": _latex,
    "handmade.txt": _by_hand,
    "docling.md": lambda text: Gold(text=text),
    "grobid.tei.xml": _tei,
    "pymupdf4llm.txt": _read_by_another,
    "llmjudge.txt": _numbered_lines,
    "unstructured.md": _read_by_another,
    "unstructured-fullpaper.md": _longer_than_the_pdf,  # the PDF is the paper's first two pages
}
