"""The text of pages -> a document with its title, abstract and sections."""

import re
from collections.abc import Sequence
from itertools import pairwise

from summarize.records import Document, Section, SectionKind
from summarize.text.tidy import one_line, unmarked

_NUMBER = r"(?:(?:\d{1,2}|[IVX]{1,5}|[A-H])(?:\.\d{1,2})*\.?[ \t]+)?"
_KNOWN: tuple[tuple[SectionKind, str], ...] = (
    ("abstract", r"abstract|summary|synopsis"),
    ("introduction", r"introduction|background and introduction|introduction and [\w ]{3,30}"),
    (
        "conclusion",
        r"(?:discussion and |summary and )?conclusions?(?: and [\w ]{3,30}| remarks)?"
        r"|concluding remarks|discussion|discussion and [\w ]{3,30}|summary and [\w ]{3,30}",
    ),
    ("references", r"references(?: and notes)?|bibliography|literature cited|works cited"),
    (
        "appendix",
        # Its letter or a stop must follow: "Appendix A for a proof" is a sentence that was wrapped.
        r"appendix(?:[ \t]+(?-i:[A-Z0-9]{1,3}))?(?:[.:][ \t].{0,60})?|appendices"
        r"|supplementary materials?|supplement|acknowledge?ments?",
    ),
    (
        "body",
        r"related works?|background|preliminaries|methods?|methodology|materials and methods"
        r"|approach|model|experiments?|experimental (?:results|setup|evaluation)|results"
        r"|results and discussion|evaluation|limitations|broader impact|future work"
        r"|problem (?:setting|formulation|statement)|notation|data(?:sets?)?|theory|analysis",
    ),
)
_HEADINGS = tuple(
    (kind, re.compile(rf"^{_NUMBER}(?:{names})[ \t]*[.:]?$", re.IGNORECASE))
    for kind, names in _KNOWN
)
# "2. Preliminaries", "3 THE MODEL": a number, then a short title that is no sentence.
_NUMBERED = re.compile(r"^(\d{1,2})\.?[ \t]+([A-Z][^.!?;=]{2,70})$")
# "Abstract—We ..." and "Abstract. We ..." begin the abstract on the heading's own line.
_RUN_IN = re.compile(r"^(abstract|summary)[ \t]*(?:[.:—–-]+[ \t]*)(?=\S)", re.IGNORECASE)
_SPACED = re.compile(r"^(?:[A-Z] ){4,}[A-Z]$")  # A B S T R A C T
_THANKS = re.compile(rf"^{_NUMBER}acknowledge?ments?\b", re.IGNORECASE)
MAX_ABSTRACT = 3_500  # characters
MIN_ABSTRACT = 150
_OPENING = 1_500  # characters at a paper's beginning, among which no appendix begins


def document(pages: Sequence[str], *, engine: str, sha256: str, title: str = "") -> Document:
    """Build a document from tidy page texts; `title` is what the file says of itself, if it does.

    Section boundaries are character offsets into the text of all pages, one below the other.
    """
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 1
    text = "\n".join(pages)
    sections = _sections(text)
    return Document(
        title=title or _title(text),
        abstract=_abstract(text, sections),
        text=text,
        page_starts=tuple(starts),
        sections=tuple(sections),
        engine=engine,
        sha256=sha256,
    )


def from_abstract(abstract: str, title: str = "") -> Document:
    """Build the document of a paper of which the abstract is all that can be had."""
    text = unmarked(abstract)
    return Document(
        title=title,
        abstract=text,
        text=text,
        sections=(Section(heading="Abstract", kind="abstract", start=0, end=len(text)),),
        engine="abstract",
    )


def _sections(text: str) -> list[Section]:
    found: list[tuple[SectionKind, str, int, int]] = [("front", "", 0, 0)]
    offset, number = 0, 0
    for line in text.split("\n"):
        kind, number = _heading(line, number)
        if kind and not (kind == "abstract" and any(k == "introduction" for k, *_ in found)):
            body = _RUN_IN.match(line)
            after = offset + (body.end() if body else len(line) + 1)
            found.append((kind, line.strip() if not body else body[1], offset, after))
        offset += len(line) + 1
    ends = [start for _, _, start, _ in found[1:]] + [len(text)]
    sections = [
        Section(heading=heading, kind=kind, start=min(after, end), end=end)
        for (kind, heading, _, after), end in zip(found, ends, strict=True)
    ]
    return _before_the_end(_after_references(sections))


def _heading(line: str, number: int) -> tuple[SectionKind | None, int]:
    """Return the kind of section that a line opens, if any, and the last section number seen."""
    line = line.strip()
    if not line or len(line) > 90:
        return (_RUN_IN.match(line) and "abstract") or None, number
    if _SPACED.match(line):
        line = line.replace(" ", "")
    for kind, pattern in _HEADINGS:
        if pattern.match(line):
            digits = re.match(r"\d{1,2}", line)
            return kind, int(digits[0]) if digits else number
    if _RUN_IN.match(line):
        return "abstract", number
    numbered = _NUMBERED.match(line)
    # Numbers must count on: "3 Layers" in a table seldom stands where section 3 is due.
    if numbered and int(numbered[1]) == number + 1:
        return "body", number + 1
    return None, number


def _after_references(sections: list[Section]) -> list[Section]:
    """What follows the references is appendix, whatever its headings say."""
    last = max((i for i, s in enumerate(sections) if s.kind == "references"), default=len(sections))
    return [
        s.model_copy(update={"kind": "appendix"}) if i > last and s.kind != "references" else s
        for i, s in enumerate(sections)
    ]


def _before_the_end(sections: list[Section]) -> list[Section]:
    """What stands before the introduction, the last conclusion or the references is body.

    There "Appendix A." is the end of a sentence, or the file is a supplement as a whole: to read
    a true appendix too costs less than to lose the paper. Only thanks right before the references
    are none of its text.
    """
    kinds = [section.kind for section in sections]
    first = kinds.index("introduction") if "introduction" in kinds else 0
    last = max((i for i, k in enumerate(kinds) if k in {"conclusion", "references"}), default=0)
    end = max(first, last)

    def is_body(i: int, section: Section) -> bool:
        if section.kind != "appendix" or _is_thanks(sections, i):
            return False
        return i < end or (not end and section.start < _OPENING)

    return [
        s.model_copy(update={"kind": "body"}) if is_body(i, s) else s
        for i, s in enumerate(sections)
    ]


def _is_thanks(sections: Sequence[Section], i: int) -> bool:
    """Tell whether a section is the acknowledgements, and the references follow at once."""
    after = next((s.kind for s in sections[i + 1 :] if not _THANKS.match(s.heading)), None)
    return bool(_THANKS.match(sections[i].heading)) and after == "references"


def _title(text: str) -> str:
    """Return the title: the first lines of the first page, up to what looks like authors."""
    lines = [line.strip() for line in text[:1500].split("\n") if line.strip()]
    lines = [
        line
        for line in lines
        if not re.match(r"(?i)published|under review|arxiv:|preprint|proceedings", line)
    ]
    title: list[str] = []
    for line in lines[:4]:
        authors = re.search(r"[@∗†‡§¶]|\d,\d|^(?:abstract|anonymous)\b|\buniversity\b", line, re.I)
        if title and (
            authors or not re.search(r"[-:–,]$| (?:of|for|and|the|in|with|to|a|on|via)$", title[-1])
        ):
            break
        title.append(line)
    return one_line(" ".join(title))[:300]


def _abstract(text: str, sections: list[Section]) -> str:
    for section in sections:
        if section.kind == "abstract":
            return _paragraphs(text[section.start : section.end])
    # No heading: the stretch before the introduction, less the title and the authors.
    for before, after in pairwise(sections):
        if after.kind == "introduction" and before.kind == "front":
            return _paragraphs(_prose(text[before.start : before.end]))
    return _paragraphs(_prose(text[:4000]))


def _prose(text: str) -> str:
    """Return the text from its first run of three long lines on."""
    lines = text.split("\n")
    for i in range(len(lines) - 2):
        if all(len(line) > 40 and "@" not in line for line in lines[i : i + 3]):
            return "\n".join(lines[i:])
    return ""


def _paragraphs(text: str) -> str:
    whole = one_line(re.split(r"\n(?:key ?words|index terms|ccs concepts)\b", text, flags=re.I)[0])
    if len(whole) <= MAX_ABSTRACT:
        return whole if len(whole) >= MIN_ABSTRACT else ""
    cut = whole[:MAX_ABSTRACT]
    return cut[: cut.rfind(". ") + 1] or cut
