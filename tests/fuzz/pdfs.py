"""Target: PDFs, by each engine, through the embedded summarizer, to a post in every format."""

import json
from collections.abc import Iterable
from functools import partial

from summarize import grounding, replies
from summarize.backends.extractive.summary import summarize
from summarize.engines import ENGINES
from summarize.errors import ReplyError
from summarize.figures import take
from summarize.posts import FORMATS
from summarize.posts.compose import Colophon, compose
from summarize.read import read
from summarize.records import Document, Done, Outcome, Paper, Receipt, Reply, Skipped
from summarize.text.evidence import Evidence
from summarize.text.sentences import passages
from tests.conftest import ROOT, SHARED
from tests.faults import papers
from tests.fuzz.target import Target, Way
from tests.test_outward import TEMPLATES, UNSEEN, body

BY_RULES = Colophon(version="1", model="extractive", prompt="default", picks=True)


def drafted(engine: str, pdfs: Iterable[bytes]) -> dict[str, str]:
    """Read PDFs, and return the post that is drafted of them in each format."""
    outcomes = [_outcome(read(pdf, engine=engine), f"k{n}") for n, pdf in enumerate(pdfs)]
    post = compose(outcomes, title="A Title", date="2024-05-07", colophon=BY_RULES)
    return {name: form.render(post) for name, form in FORMATS.items()}


def _outcome(document: Document, key: str) -> Outcome:
    document.model_dump_json().encode()
    paper = Paper(key=key, title=document.title or "A paper", url=f"https://e.org/{key}")
    receipt = Receipt(model="extractive", prompt="default", basis="paper", unread=document.unread)
    try:
        summary = summarize(paper.title, [*passages(document)])
        summary = replies.parse(Reply(text=json.dumps(summary.model_dump(mode="json"))))
        grounded = grounding.ground(summary, Evidence(document))
    except ReplyError as error:
        return Skipped(paper=paper, stage="ask", reason=error.message)
    return Done(paper=paper, grounded=grounded, receipt=receipt)


def to_posts(engine: str, data: bytes) -> None:
    """Read a PDF, and see that the posts of it hold nothing that acts."""
    pdf = data if b"%PDF-" in data[:1024] else b"%PDF-1.4\n" + data
    for name, text in drafted(engine, [pdf]).items():
        assert not UNSEEN.search(text), f"what nobody sees, in {name}"
        assert name == "wordpress" or not TEMPLATES.search(body(text)), f"a template, in {name}"
        assert FORMATS[name].parse(text).text == text


def figured(data: bytes) -> None:
    """Take a figure out of a PDF."""
    take.take(data)


def _seeds() -> dict[str, list[bytes]]:
    small = sorted((ROOT / "examples" / "papers").glob("*.pdf"))
    small += sorted((SHARED / "corpus" / "damaged").glob("*.pdf"))
    # A bomb is what workers are killed for: it would hold up all else here.
    small = [path for path in small if "bomb" not in path.name]
    real = [path.read_bytes() for path in small if path.stat().st_size < 40_000]
    made = [papers.pdf(1, 1), papers.pdf(2, 1)]
    return {way: [*made, *real] for way in WAYS}


WAYS: dict[str, Way] = {name: partial(to_posts, name) for name in ENGINES if name != "ocr"}
WAYS["figures"] = figured
TARGETS = {
    "pdfs": Target(
        WAYS,
        _seeds,
        ("obj\n", "endobj\n", "stream\n", "endstream\n", "/Type /Page", "/Kids [", "/Count ",
        "/Length ",
         "/FlateDecode", "BT", "ET", " Tj", " Tf", " Tm", "(", ")", "<<", ">>", "/Title (",
         "/ToUnicode",
         "xref\n", "trailer", "/Root 1 0 R", "/Font", "Tr", " rg", "/OCG", "/Annots", "/Encrypt"),
    )
}  # fmt: skip
