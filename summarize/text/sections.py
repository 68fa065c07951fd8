"""The lines of pages -> a document with its title, abstract and sections."""

import re
from collections.abc import Sequence, Set
from itertools import accumulate
from typing import Literal, NamedTuple

from summarize.records import Document, PageMark, Section, SectionKind
from summarize.text.abstract import MIN_ABSTRACT, abstract_of, find_abstract, prose_from
from summarize.text.headings import LARGER, THANKS, Headings, squeezed
from summarize.text.layout import Measure, Placed, layout
from summarize.text.lines import Line, Page
from summarize.text.tidy import HYPHENS, Words, tidy
from summarize.text.title import title as title_of

_CAPTIONED = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?\.?\s*[A-Z]?\.?\d+(?:\.\d+)?", re.IGNORECASE)
Apart = Literal["caption", "footnote", "figure"]
_APART: tuple[Apart, ...] = ("caption", "footnote", "figure")
_WORD = re.compile(r"[^\W\d_]{3}")
_OPENING = 1_500  # characters at a paper's beginning, among which no appendix begins


class _Head(NamedTuple):
    """A section as its heading is met: where the heading starts, and where its text does."""

    kind: SectionKind
    heading: str
    start: int
    after: int
    level: int


def document(
    pages: Sequence[Page],
    *,
    engine: str,
    sha256: str,
    title: str = "",
    outline: Sequence[str] = (),
) -> Document:
    """Build a document from an engine's pages.

    `title` and `outline` are what the file says of itself, if it does.
    """
    placed, measure = layout([tidy(page) for page in pages])
    written = _Written(placed, measure, {squeezed(entry) for entry in outline})
    abstract = find_abstract(written.text, written.sections, written.lines, measure)
    first = [p.line for p in placed if p.page == placed[0].page] if placed else []
    return Document(
        title=title_of(first, title),
        abstract=abstract_of(written.text[slice(*abstract)]) if abstract else "",
        text=written.text,
        marks=tuple(written.marks),
        sections=tuple(_opened(written.sections, abstract, written.text)),
        engine=engine,
        sha256=sha256,
    )


class _Written:
    """A document's text as it is put together, with its sections and page marks.

    What runs through the pages comes first, so that a sentence goes on over a page's end;
    captions, footnotes and the lettering of figures follow.
    """

    def __init__(self, placed: Sequence[Placed], measure: Measure, outline: Set[str]) -> None:
        self.marks: list[PageMark] = []
        self._parts: list[str] = []
        self._length = 0
        self._words = Words("\n".join([p.line.text for p in placed]))
        texts = [p for p in placed if p.role == "text"]
        self.lines: list[tuple[int, Line]] = []
        self.sections = self._running_text(texts, measure, outline)
        for kind in _APART:
            self._apart(kind, [p for p in placed if p.role == kind])
        self.text = "\n".join(self._parts)
        # Pages without text have their place too.
        if not self.marks and placed:
            self.marks.append(PageMark(0, placed[0].page))

    def _write(self, placed: Sequence[Placed]) -> list[int]:
        """Append lines and return the offsets at which they start."""
        texts = [p.line.text for p in placed]
        first = self._length + 1 if self._length else 0
        starts = list(accumulate([len(text) + 1 for text in texts], initial=first))
        page = self.marks[-1].page if self.marks else 0
        for start, p in zip(starts, placed, strict=False):
            if p.page != page:
                page = p.page
                self.marks.append(PageMark(start, page))
        self._parts += texts
        self._length = max(starts.pop() - 1, self._length)
        return starts

    def _running_text(
        self, placed: Sequence[Placed], measure: Measure, outline: Set[str]
    ) -> list[Section]:
        texts = self._words.joined([p.line.text for p in placed], _above_headings(placed))
        lines = _saying(placed, texts)
        found = [_Head("front", "", 0, 0, 1)]
        headings = Headings(lines, measure, outline).among(lines)
        starts = self._write(lines)
        self.lines = [(start, p.line) for start, p in zip(starts, lines, strict=True)]
        for i, (start, p) in enumerate(zip(starts, lines, strict=True)):
            head = headings.get(i)
            if not head:
                begun = found[-1].kind == "abstract" and start - found[-1].after > MIN_ABSTRACT
                if begun and _ends_abstract(lines[i - 1], p):
                    found.append(_Head("front", "", start, start, 1))
                continue
            after = start + head.length if head.run_in else start + len(p.line.text) + 1
            if head.continues and found[-1].after == start:
                last = found[-1]
                found[-1] = last._replace(heading=f"{last.heading} {head.text}", after=after)
            else:
                kind = head.kind or _within(found[-1].kind)
                found.append(_Head(kind, head.text, start, after, head.level))
        return _before_the_end(_after_references(_ranges(found, self._length)))

    def _apart(self, kind: Apart, placed: Sequence[Placed]) -> None:
        """Write what stands apart, one section for each caption, one for all else of its kind."""
        texts = self._words.joined([p.line.text for p in placed])
        lines = _saying(placed, texts)
        starts = list[tuple[int, str]]()
        for start, p in zip(self._write(lines), lines, strict=True):
            if not starts or (p.begins and kind == "caption"):
                named = _CAPTIONED.match(p.line.text) if kind == "caption" else None
                starts.append((start, named[0] if named else ""))
        stops = [start - 1 for start, _ in starts[1:]] + [self._length]
        self.sections += [
            Section(heading=heading, kind=kind, start=start, end=stop)
            for (start, heading), stop in zip(starts, stops, strict=False)  # no start, no stop
        ]


def _above_headings(placed: Sequence[Placed]) -> list[int]:
    """Return the places of lines that seem to break a word, but have a heading below them."""
    return [
        i
        for i, p in enumerate(placed[:-1])
        if p.line.text.endswith(HYPHENS) and _is_set_off(p.line, placed[i + 1].line)
    ]


def _is_set_off(before: Line, line: Line) -> bool:
    """Tell whether a line of words is larger or bolder than the one before it, and not close to it.

    A bold phrase in a sentence is broken at a line's end too, and a word that begins small goes on.
    """
    stands_out = line.bold > before.bold or line.size > LARGER * before.size > 0
    close = -line.size < before.bottom - line.top < 0.5 * line.size
    begins = not line.text[0].islower() and _WORD.search(line.text) is not None
    return stands_out and begins and not close


def _saying(placed: Sequence[Placed], texts: Sequence[str]) -> list[Placed]:
    """Return lines with other texts; those of which nothing is left are left out."""
    return [
        p if text == p.line.text else p.saying(text)
        for p, text in zip(placed, texts, strict=True)
        if text
    ]


def _opened(
    sections: Sequence[Section], abstract: tuple[int, int] | None, text: str
) -> list[Section]:
    """Part what stands before the first heading.

    It is the paper's front, an abstract that has no heading, and, where no introduction is named,
    the paper's beginning.
    """
    front, *others = sections
    kinds = {section.kind for section in others}
    if not front.end or ("abstract" in kinds and "introduction" in kinds):
        return list(sections)
    found = abstract if abstract and abstract[1] <= front.end else None
    start, end = found or (prose_from(text, 0, front.end),) * 2
    rest: SectionKind = "front" if kinds & {"introduction", "abstract"} else "introduction"
    parts: list[tuple[SectionKind, int, int]] = [
        ("front", 0, start),
        ("abstract", start, end),
        (rest, end, front.end),
    ]
    made = [
        front.model_copy(update={"kind": k, "start": a, "end": b}) for k, a, b in parts if b > a
    ]
    if rest == "introduction":
        others = [
            section.model_copy(update={"kind": "body"}) if section.kind == "front" else section
            for section in others
        ]
    return [*made, *others]


def _ends_abstract(before: Placed, after: Placed) -> bool:
    """Tell whether what follows an abstract is set apart from it, in another size."""
    gap = before.line.bottom - after.line.top
    size = before.line.size
    return size > 0 and gap > 1.2 * size and abs(after.line.size - size) > 0.04 * size


def _within(kind: SectionKind) -> SectionKind:
    """Return the kind of a heading that names none, by the kind of the section above it."""
    return "appendix" if kind == "references" else "body" if kind == "abstract" else kind


def _ranges(found: Sequence[_Head], end: int) -> list[Section]:
    ends = [head.start for head in found[1:]] + [end]
    return [
        Section(
            heading=head.heading,
            kind=head.kind,
            start=min(head.after, stop),
            end=stop,
            level=head.level,
        )
        for head, stop in zip(found, ends, strict=True)
    ]


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
    after = next((s.kind for s in sections[i + 1 :] if not THANKS.match(s.heading)), None)
    return bool(THANKS.match(sections[i].heading)) and after == "references"
