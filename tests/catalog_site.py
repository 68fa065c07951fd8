"""A local server that plays the catalogs' APIs over papers of the test's making.

`CatalogSite(papers)` answers as OpenReview (both versions), arXiv, Semantic Scholar, Hugging Face
and Crossref do, each of the papers that has its identifier; `mirrors` says in whose place. Faults
are those of `paper_site`, by path: `/openreview/notes/search`, `/arxiv/api/query?...`, ...
"""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from summarize.matching import words
from tests.paper_site import Faults, PaperSite

HOSTS = {
    "api2.openreview.net": "openreview",
    "api.openreview.net": "openreview1",
    "export.arxiv.org": "arxiv",
    "api.semanticscholar.org": "s2",
    "huggingface.co": "hf",
    "api.crossref.org": "crossref",
}
Made = dict[str, Any]


class CatalogSite(PaperSite):
    """The server; a context manager."""

    def __init__(
        self, papers: list[Made], *, faults: Faults = lambda _path, _n: "", retry_after: str = "0"
    ) -> None:
        super().__init__(Path(), faults=faults, retry_after=retry_after)
        self.papers = papers
        self.mirrors = {host: f"{self.url}/{name}" for host, name in HOSTS.items()}

    def toml(self) -> str:
        """Return the table of a workspace that sends all questions here."""
        rows = (f'"{host}" = "{address}"' for host, address in self.mirrors.items())
        return "\n".join(["[mirrors]", *rows, ""])

    def count(self, name: str) -> int:
        """Return how many questions one service was asked."""
        return sum(n for path, n in self.asked.items() if path.startswith(f"/{name}/"))

    def _body(self, request: BaseHTTPRequestHandler, path: str, fault: str) -> None:
        parts = urlsplit(path)
        name = parts.path.split("/")[1]
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        posted = json.loads(self.sent[-1]) if request.command == "POST" else {}
        answer = getattr(self, f"_{name}")(parts.path, query, posted)
        status = 200
        if answer is None:
            status, answer = 404, {"error": "Paper not found"}
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        if fault == "torn":  # a whole answer that holds half of one
            body = body[: len(body) // 2]
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
        request.close_connection = fault == "cut"

    def _having(self, name: str, values: list[str]) -> list[Made]:
        return [paper for paper in self.papers if paper.get(name) in values]

    def _titled(self, title: str) -> list[Made]:
        asked = set(words(title))
        return [
            paper
            for paper in self.papers
            if 2 * len(asked & set(words(paper["title"]))) >= len(asked)
        ]

    def _openreview(self, path: str, _query: Made, posted: Made) -> Made:
        if path.endswith("/login"):
            return {"token": "let-me-in"}
        found = [p for p in self._having("openreview", posted["ids"]) if not p.get("v1")]
        return {"notes": [_note(paper, wrapped=True) for paper in found]}

    def _openreview1(self, _path: str, _query: Made, posted: Made) -> Made:
        found = [p for p in self._having("openreview", posted["ids"]) if p.get("v1")]
        return {"notes": [_note(paper, wrapped=False) for paper in found]}

    def _arxiv(self, _path: str, query: Made, _posted: Made) -> str:
        if "id_list" in query:
            found = self._having("arxiv", query["id_list"].split(","))
        else:
            terms = {
                term.removeprefix("ti:").lower() for term in query["search_query"].split(" AND ")
            }
            found = [p for p in self.papers if terms <= set(words(p["title"])) and p.get("arxiv")]
        entries = "".join(_entry(paper) for paper in found)
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'

    def _s2(self, path: str, query: Made, posted: Made) -> Any:
        if path.endswith("/batch"):
            prefixes = {"ARXIV": "arxiv", "DOI": "doi"}
            asked = [one.partition(":") for one in posted["ids"]]
            found = [self._having(prefixes[kind], [value]) for kind, _, value in asked]
            return [_paper(one[0]) if one else None for one in found]
        titled = [p for p in self._titled(query["query"]) if not p.get("not in s2")]
        return {"data": [_paper(titled[0])]} if titled else None

    def _hf(self, path: str, _query: Made, _posted: Made) -> Made | None:
        found = self._having("arxiv", [path.rpartition("/")[2]])
        if not found:
            return None
        paper = found[0]
        return {"id": paper["arxiv"], "title": paper["title"], "githubRepo": paper.get("code")}

    def _crossref(self, _path: str, query: Made, _posted: Made) -> Made:
        if "filter" in query:
            found = self._having(
                "doi", [f.removeprefix("doi:") for f in query["filter"].split(",")]
            )
        else:
            found = [p for p in self._titled(query["query.bibliographic"]) if p.get("doi")]
        return {"message": {"items": [_work(paper) for paper in found]}}


def _note(paper: Made, *, wrapped: bool) -> Made:
    content = {
        "title": paper["title"],
        "authors": paper.get("authors", []),
        "abstract": paper.get("abstract", ""),
        "venue": paper.get("venue", ""),
        "TLDR" if wrapped else "TL;DR": paper.get("tldr", ""),
    }
    if wrapped:
        content = {name: {"value": value} for name, value in content.items()}
    return {"id": paper["openreview"], "forum": paper["openreview"], "content": content}


def _entry(paper: Made) -> str:
    names = "".join(f"<author><name>{escape(n)}</name></author>" for n in paper.get("authors", []))
    return (
        f"<entry><id>http://arxiv.org/abs/{paper['arxiv']}v2</id>"
        f"<title>{escape(paper['title'])}</title><summary>{escape(paper.get('abstract', ''))}"
        f"</summary><published>2023-10-10T17:59:00Z</published>{names}</entry>"
    )


def _paper(paper: Made) -> Made:
    return {
        "paperId": "0" * 40,
        "title": paper["title"],
        "externalIds": {"ArXiv": paper.get("arxiv"), "DOI": paper.get("doi")},
        "authors": [{"name": name} for name in paper.get("authors", [])],
        "venue": "arXiv.org",
    }


def _work(paper: Made) -> Made:
    return {
        "DOI": paper["doi"].upper(),
        "title": [paper["title"]],
        "container-title": [paper.get("venue", "")],
        "published": {"date-parts": [[2020, 5, 7]]},
    }
