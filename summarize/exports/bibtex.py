"""The papers of a post or a list in BibTeX, in UTF-8, as Zotero, JabRef and biber take it."""

from collections.abc import Iterator

from summarize.exports.cited import Cited, cited
from summarize.exports.export import Export, Sheet

_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#",
        "$": r"\$", "_": r"\_", "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    }
)  # fmt: skip


def render(sheet: Sheet) -> bytes:
    """Return an entry for each paper."""
    return "\n".join(_entry(paper) for paper in cited(sheet.papers)).encode("utf-8", "replace")


def _entry(paper: Cited) -> str:
    kind = "inproceedings" if paper.venue and not paper.arxiv else "misc"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(paper) if value)
    return f"@{kind}{{{paper.key},\n{lines}}}\n"


def _fields(paper: Cited) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{paper.title.translate(_TEX)}}}"  # twice braced: its capitals stay
    yield "author", " and ".join(_author(*name) for name in paper.authors)
    yield ("howpublished" if paper.arxiv else "booktitle"), paper.venue.translate(_TEX)
    yield "year", paper.year
    yield "doi", paper.doi
    yield "eprint", paper.arxiv
    yield "archiveprefix", "arXiv" if paper.arxiv else ""
    # An address stands as it is; what would end the field is written as addresses write it.
    yield "url", paper.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
    yield "abstract", paper.abstract.translate(_TEX)


def _author(given: str, family: str) -> str:
    given, family = given.translate(_TEX), family.translate(_TEX)
    return f"{family}, {given}" if given else f"{{{family}}}"


EXPORT = Export(render, ".bib", of_list=True)
