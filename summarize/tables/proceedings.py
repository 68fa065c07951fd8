"""Pages of proceedings: a volume of PMLR, a conference at the Computer Vision Foundation."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from summarize.records import ReadingList
from summarize.tables.rows import Row, listed, one_line, plain
from summarize.tables.table import Given, Table

_HINT = "save the page that lists the papers, whole"

# --- PMLR -----------------------------------------------------------------------------------------

_PAPER = re.compile(r'<div class="paper">(.*?)(?=<div class="paper">|</body|\Z)', re.DOTALL)
_TITLE = re.compile(r'<p class="title">(.*?)</p>', re.DOTALL)
_AUTHORS = re.compile(r'<span class="authors">(.*?)</span>', re.DOTALL)
_INFO = re.compile(r'<span class="info">(.*?)</span>', re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>\s*([^<]*)', re.IGNORECASE)
_HEADING = re.compile(r"<h[34][^>]*>(.*?)</h[34]>", re.DOTALL)
_PROCEEDINGS = re.compile(r"Proceedings of (?:the |an )?(.*?)\s*,?\s*PMLR\b.*", re.DOTALL)
_BASE = "https://proceedings.mlr.press/"


def _is_pmlr(given: Given) -> bool:
    return given.head.startswith("<") and b'<div class="paper">' in given.data


def _read_pmlr(given: Given) -> ReadingList:
    """Read a volume's page, such as https://proceedings.mlr.press/v37/."""
    return listed(_pmlr(given), given, empty=("lists no papers", _HINT))


def _pmlr(given: Given) -> Iterator[Row]:
    text, at, line, section = given.text, 0, 1, ""
    for found in _PAPER.finditer(text):
        paper, start = found[1], found.start()
        # A heading stands before the papers of its session.
        section = _heading(text[at:start]) if not at else section
        line, at = line + text.count("\n", at, start), start
        links = {words.strip().lower(): html.unescape(url) for url, words in _LINK.findall(paper)}
        yield Row(
            where=f"{given.name}:{line}",
            title=_said(_TITLE, paper),
            addresses=[_joined(_BASE, links.get("abs", ""))],
            pdf=_joined(_BASE, links.get("download pdf", "")),
            authors=[one_line(name) for name in _said(_AUTHORS, paper).split(",")],
            venue=_PROCEEDINGS.sub(r"\1", _said(_INFO, paper)).rstrip(", "),
            section=section,
        )
        section = _heading(paper) or section


def _heading(text: str) -> str:
    """Return the last heading of a session in a stretch of a page."""
    return plain(headings[-1]) if (headings := _HEADING.findall(text)) else ""


# --- the Computer Vision Foundation ---------------------------------------------------------------

_ENTRY = re.compile(r'<dt class="ptitle">(.*?)(?=<dt class="ptitle">|</dl|\Z)', re.DOTALL)
_AUTHOR = re.compile(r'name="query_author"\s+value="([^"]*)"')
_BIBTEX = re.compile(r"^\s*(author|booktitle|year)\s*=\s*\{(.*)\}", re.MULTILINE)
_SITE = "https://openaccess.thecvf.com/"
_SHORT = re.compile(r".*\((\w[\w ]*)\)\s*(?:Workshops?)?\Z")


def _is_cvf(given: Given) -> bool:
    return given.head.startswith("<") and b'<dt class="ptitle">' in given.data


def _read_cvf(given: Given) -> ReadingList:
    """Read a conference's page, such as https://openaccess.thecvf.com/CVPR2026?day=all."""
    return listed(_cvf(given), given, empty=("lists no papers", _HINT))


def _cvf(given: Given) -> Iterator[Row]:
    text, at, line = given.text, 0, 1
    for found in _ENTRY.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        entry = found[1]
        links = _LINK.findall(entry)
        pages = [url for url, _ in links if "/html/" in url]
        pdfs = [url for url, words in links if words.strip().lower() == "pdf"]
        cited = {name: html.unescape(said) for name, said in _BIBTEX.findall(entry)}
        authors = [html.unescape(name) for name in _AUTHOR.findall(entry)]
        yield Row(
            where=f"{given.name}:{line}",
            title=plain(entry.partition("</dt>")[0]),
            addresses=[_joined(_SITE, html.unescape(url)) for url in pages[:1]],
            pdf=_joined(_SITE, html.unescape(pdfs[0])) if pdfs else "",
            authors=_cited(cited.get("author", "")) or authors,
            venue=" ".join(
                filter(None, (_shortened(cited.get("booktitle", "")), cited.get("year")))
            ),
        )


def _cited(authors: str) -> list[str]:
    """Return names from BibTeX's "Last, First and Last, First", which lists all of them."""
    names = (name.partition(",") for name in authors.split(" and ") if name.strip())
    return [f"{first.strip()} {last.strip()}".strip() for last, _, first in names]


def _shortened(booktitle: str) -> str:
    """Return "CVPR" for "Proceedings of the IEEE/CVF Conference on ... (CVPR)"."""
    return found[1] if (found := _SHORT.match(booktitle)) else booktitle


def _joined(base: str, url: str) -> str:
    """Return a link's whole address; nothing for one that is none."""
    try:
        return urljoin(base, url) if url else ""
    except ValueError:
        return ""


def _said(pattern: re.Pattern[str], text: str) -> str:
    return plain(found[1]).strip() if (found := pattern.search(text)) else ""


PMLR = Table("a volume's page at PMLR", _is_pmlr, _read_pmlr)
CVF = Table("a conference's page at CVF", _is_cvf, _read_cvf)
