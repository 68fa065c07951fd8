"""Lists of so many made-up papers, in every format that is read: the same papers by the same seed.

Titles, authors and abstracts are as long as real ones (ICLR 2024's accepted papers: 75 and 1,350
characters in the middle).
"""

import csv
import html
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_SYLLABLES = "ba con de el fi gra hy in ka lo me na or pre qui ra sto tra u ver".split()


@dataclass(frozen=True)
class Made:
    """A paper that is made up."""

    number: int
    title: str
    authors: tuple[str, ...]
    abstract: str

    @property
    def forum(self) -> str:
        """Its identifier at OpenReview."""
        return f"p{self.number:09d}"

    @property
    def arxiv(self) -> str:
        """Its identifier at arXiv."""
        return f"24{self.number // 8000 % 12 + 1:02d}.{self.number % 8000 + 10000:05d}"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"https://openreview.net/forum?id={self.forum}"


def papers(count: int, seed: int) -> list[Made]:
    """Make up so many papers."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(8_000)]
    names = [word.capitalize() for word in words]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    return [
        Made(
            number,
            f"{text(chance.randint(5, 12)).capitalize()}: a méthode № {number}",
            tuple(f"{chance.choice(names)} {chance.choice(names)}" for _ in range(5)),
            f"{text(chance.randint(120, 260)).capitalize()} – so 3 < 4.",
        )
        for number in range(count)
    ]


def _rows(made: list[Made], delimiter: str) -> bytes:
    file = io.StringIO(newline="")
    sheet = csv.writer(file, delimiter=delimiter)
    sheet.writerow(["title", "url", "authors", "abstract", "star"])
    for p in made:
        sheet.writerow(
            [p.title, p.url, "; ".join(p.authors), p.abstract, "yes" * (p.number % 3 == 0)]
        )
    return file.getvalue().encode()


def _zotero(made: list[Made]) -> bytes:
    file = io.StringIO(newline="")
    sheet = csv.writer(file)
    sheet.writerow("Key,Item Type,Publication Year,Author,Title,Url,Abstract Note,Date".split(","))
    for p in made:
        authors = "; ".join(f"{n.split()[1]}, {n.split()[0]}" for n in p.authors)
        row = [p.forum, "conferencePaper", "2024", authors, p.title, p.url, p.abstract, "2024"]
        sheet.writerow(row)
    return file.getvalue().encode()


def _excel(made: list[Made]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("papers")
    sheet.append(["title", "url", "authors", "abstract"])
    for p in made:
        sheet.append([p.title, p.url, "; ".join(p.authors), p.abstract])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opendocument(rows: list[list[str]]) -> bytes:
    """Return an OpenDocument sheet with the least that one has."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{html.escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
        f'xmlns:text="{office}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="papers">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    file = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{office}manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return file.getvalue()


def _sheet(made: list[Made]) -> bytes:
    rows = [[p.title, p.url, "; ".join(p.authors), p.abstract] for p in made]
    return opendocument([["title", "url", "authors", "abstract"], *rows])


def _json(made: list[Made], entry: Callable[[Made], Any], *names: str) -> bytes:
    value: Any = [entry(p) for p in made]
    for name in reversed(names):
        value = {name: value}
    return json.dumps(value).encode()


def _plain(p: Made) -> dict[str, Any]:
    return {"title": p.title, "url": p.url, "authors": p.authors, "abstract": p.abstract}


def _lines(made: list[Made]) -> bytes:
    return "\n".join(json.dumps(_plain(p), ensure_ascii=False) for p in made).encode()


def _csl(p: Made) -> dict[str, Any]:
    people = [dict(zip(("given", "family"), name.split(), strict=True)) for name in p.authors]
    said = {"type": "paper-conference", "title": p.title, "author": people, "URL": p.url}
    return {**said, "abstract": p.abstract, "container-title": "ICLR"}


def _note(p: Made) -> dict[str, Any]:
    said = {"title": p.title, "authors": p.authors, "abstract": p.abstract, "venue": "ICLR 2024"}
    content = {name: {"value": value} for name, value in said.items()}
    return {"id": p.forum, "forum": p.forum, "content": content}


def _event(p: Made) -> dict[str, Any]:
    said = {"id": p.number, "name": p.title, "abstract": p.abstract, "eventtype": "Poster"}
    return {
        **said,
        "authors": [{"fullname": name} for name in p.authors],
        "session": f"Poster Session {p.number // 500}",
        "decision": "Accept (poster)",
        "starttime": "2025-12-05T16:30:00-08:00",
        "sourceurl": "https://openreview.net/group?id=NeurIPS.cc/2025/Conference",
        "virtualsite_url": f"/virtual/2025/poster/{p.number}",
        "paper_url": p.url,
    }


def _daily(p: Made) -> dict[str, Any]:
    people = [{"name": name} for name in p.authors]
    return {"paper": {"id": p.arxiv, "title": p.title, "summary": p.abstract, "authors": people}}


def _venue(p: Made) -> dict[str, Any]:
    said = {"id": p.forum, "title": p.title, "author": ";".join(p.authors), "status": "Poster"}
    return {**said, "abstract": p.abstract, "site": p.url}


def _hit(p: Made) -> dict[str, Any]:
    people = {"author": [{"text": name} for name in p.authors]}
    return {"info": {"title": p.title, "authors": people, "ee": p.url, "year": "2024"}}


def _scholar(p: Made) -> dict[str, Any]:
    people = [{"name": name} for name in p.authors]
    known = {"ArXiv": p.arxiv}
    return {"paperId": p.forum, "title": p.title, "authors": people, "externalIds": known,
            "abstract": p.abstract}  # fmt: skip


def _wordpress(made: list[Made]) -> bytes:
    text = "<h2>Poster Session 1</h2>\n" + "\n".join(
        f'<h3 class="wp-block-heading"><a href="{p.url}">{html.escape(p.title)}</a></h3>\n\n'
        f'<ul class="wp-block-list">\n<li>{html.escape(p.abstract[:300])}</li>\n<li>More\n'
        "<ul><li>nested <strong>words</strong></li></ul></li></ul>"
        for p in made
    )
    return json.dumps({"id": 1, "content": {"rendered": text}}).encode()


def _bibtex(made: list[Made]) -> bytes:
    return "\n".join(
        f"@inproceedings{{key{p.number},\n  title = {{{{The}} {p.title} with {{\\'e}}}},\n"
        f"  author = {{{' and '.join(', '.join(reversed(n.split())) for n in p.authors)}}},\n"
        f"  booktitle = {{ICLR}},\n  url = {{{p.url}}},\n  abstract = {{{p.abstract}}}\n}}\n"
        for p in made
    ).encode()


def _ris(made: list[Made]) -> bytes:
    return "".join(
        "TY  - CONF\n"
        + "".join(f"AU  - {', '.join(reversed(name.split()))}\n" for name in p.authors)
        + f"TI  - {p.title}\nUR  - {p.url}\nAB  - {p.abstract}\nER  - \n\n"
        for p in made
    ).encode()


def _post(made: list[Made]) -> bytes:
    items = (
        ("\n# Day\n" if p.number % 500 == 0 else "")
        + f"1. {'⭐️ ' * (p.number % 3 == 0)}[**{p.title}**]({p.url}) - {p.abstract[:400]}\n"
        "    <details>\n        <summary>Extra notes</summary>\n        - One.<br>\n"
        "        - Two.\n    </details>\n    <!-- **TODO:** read -->\n"
        for p in made
    )
    return ("---\ntitle: A post\n---\nWords.\n" + "\n".join(items)).encode()


def _bullets(made: list[Made]) -> bytes:
    return "\n".join(f"- [{p.title}]({p.url}) – {p.abstract[:300]}" for p in made).encode()


def _pasted(made: list[Made]) -> bytes:
    return "\n".join(f"{p.title}\n{p.abstract}" for p in made).encode()


def _atom(made: list[Made]) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{p.arxiv}v1</id><title>{p.title}</title>"
        f"<summary>{html.escape(p.abstract)}</summary>"
        + "".join(f"<author><name>{name}</name></author>" for name in p.authors)
        + f'<link href="http://arxiv.org/abs/{p.arxiv}v1" rel="alternate"/></entry>\n'
        for p in made
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def _listing(made: list[Made]) -> bytes:
    entries = "".join(
        f'<dt><a name="item{p.number}">[{p.number}]</a> <a href ="/abs/{p.arxiv}" title="Abstract">'
        f'arXiv:{p.arxiv}</a></dt>\n<dd><div class="meta"><div class="list-title mathjax">'
        f'<span class="descriptor">Title:</span>\n{p.title}\n</div>\n<div class="list-authors">'
        + ", ".join(f'<a href="/a">{name}</a>' for name in p.authors)
        + f'</div>\n<p class="mathjax">{html.escape(p.abstract)}</p></div></dd>\n'
        for p in made
    )
    return f"<!DOCTYPE html>\n<html><title>arXiv</title><dl>{entries}</dl></html>".encode()


def _pmlr(made: list[Made]) -> bytes:
    entries = "".join(
        f'<div class="paper">\n<p class="title">{p.title}</p>\n<p class="details">'
        f'<span class="authors">{", ".join(p.authors)}</span>; <span class="info"><i>Proceedings '
        f"of the 32nd Conference</i>, PMLR 37:1-9</span></p>\n"
        f'<p class="links">[<a href="https://proceedings.mlr.press/v37/p{p.number}.html">abs</a>]'
        f'[<a href="http://proceedings.mlr.press/v37/p{p.number}.pdf">Download PDF</a>]</p></div>\n'
        for p in made
    )
    return f"<!DOCTYPE html><html><body>{entries}</body></html>".encode()


def _cvf(made: list[Made]) -> bytes:
    entries = "".join(
        f'<dt class="ptitle"><br><a href="/content/CVPR2026/html/A_{p.number}_paper.html">{p.title}'
        f'</a></dt>\n<dd><a href="/content/CVPR2026/papers/A_{p.number}_paper.pdf">pdf</a>'
        f"<div>@InProceedings{{A,\n author = {{{' and '.join(p.authors)}}},\n}}</div></dd>\n"
        for p in made
    )
    return f"<!DOCTYPE html><html><dl>{entries}</dl></html>".encode()


def _addresses(made: list[Made]) -> bytes:
    return "\n".join(p.url if p.number % 2 else p.arxiv for p in made).encode()


def _notes(made: list[Made]) -> bytes:
    entries = (f"{p.title[:90]}\n- {p.abstract[:300]}\nA sentence of words." for p in made)
    return ("Oral Session: one\nWords here.\n" + "\n".join(entries)).encode()


FORMATS: dict[str, Callable[[list[Made]], bytes]] = {
    "csv": lambda made: _rows(made, ","),
    "tsv": lambda made: _rows(made, "\t"),
    "zotero": _zotero,
    "xlsx": _excel,
    "ods": _sheet,
    "json": lambda made: _json(made, _plain),
    "json lines": _lines,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl": lambda made: _json(made, _csl),
    "post": _post,
    "bullets": _bullets,
    "wordpress": _wordpress,
    "pasted": _pasted,
    "notes": _notes,
    "daily papers": lambda made: _json(made, _daily),
    "virtual": lambda made: _json(made, _event, "results"),
    "papercopilot": lambda made: _json(made, _venue),
    "openreview": lambda made: _json(made, _note, "notes"),
    "semantic scholar": lambda made: _json(made, _scholar, "data"),
    "dblp": lambda made: _json(made, _hit, "result", "hits", "hit"),
    "atom": _atom,
    "arxiv listing": _listing,
    "pmlr": _pmlr,
    "cvf": _cvf,
    "addresses": _addresses,
}
