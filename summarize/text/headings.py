"""Which lines of a paper are headings, and what kind of section they open."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import cast

from summarize.records import SectionKind
from summarize.text.layout import MAX_REFERENCES, NUMBER, REFERENCES, Measure, Placed
from summarize.text.lines import Line

_KNOWN: tuple[tuple[SectionKind, str], ...] = (
    ("abstract", r"abstract|summary|synopsis|résumé|zusammenfassung|resumen"),
    (
        "introduction",
        r"(?:\w+ )?introduction|background and introduction|introduction and [\w ]{3,30}"
        r"|einleitung",
    ),
    (
        "conclusion",
        r"(?:discussion and |summary and )?conclusions?(?: and [\w ]{3,30}| remarks)?"
        r"|concluding remarks|discussion|discussion and [\w ]{3,30}|summary and [\w ]{3,30}"
        r"|conclusions? et perspectives",
    ),
    ("references", REFERENCES),
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
_NAMED = re.compile(
    rf"^{NUMBER}(?:{'|'.join(f'(?P<{kind}>{names})' for kind, names in _KNOWN)})[ \t]*[.:]?$",
    re.IGNORECASE,
)
THANKS = re.compile(rf"^{NUMBER}acknowledge?ments?\b", re.IGNORECASE)
# "2. Preliminaries", "3.1 THE MODEL", "B.2. Proofs": a number, then a short title, no sentence.
_NUMBERED = re.compile(
    r"^(\d{1,2}|[A-Z])((?:\.\d{1,2}){0,3})\.?[ \t]+(?!\d)([^\Wa-z][^.!;=]{2,70})$"
)
# "Abstract—We ..." and "Abstract. We ..." begin the abstract on the heading's own line.
_RUN_IN = re.compile(
    r"^(abstract|summary|résumé|zusammenfassung|resumen)[ \t]*(?:[.:—–-]+[ \t]*)(?=\S)"
    r"|^((?-i:ABSTRACT))[ \t]+(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
_SPACED = re.compile(r"^(?:[A-Z] ){4,}[A-Z]$")  # A B S T R A C T
_TORN = re.compile(r"\b([A-Z]) ([A-Z]{2,})")  # I NTRODUCTION: small capitals, torn apart
MAX_HEADING = 90  # characters
MAX_NAME = 7  # words in the name of a common section


@dataclass(frozen=True)
class Heading:
    """A line as a heading. Without a kind it is of the kind of the section that it stands in.

    A run-in heading takes the first `length` characters of its line; one that `continues` is the
    next line of the heading before it.
    """

    text: str
    kind: SectionKind | None
    level: int = 1
    run_in: bool = False
    length: int = 0
    continues: bool = False


def squeezed(text: str) -> str:
    """Return the letters of a heading alone, to compare it with an outline's."""
    return "".join(filter(str.isalpha, text)).casefold()


class Headings:
    """Finds a paper's headings, line by line: section numbers must count on."""

    def __init__(self, lines: Sequence[Placed], measure: Measure, outline: Set[str]) -> None:
        self._measure = measure
        self._outline = outline
        # Set like the text in some papers: then only the space above tells a heading.
        self._larger = LARGER * measure.size
        self._names: dict[str, re.Match[str] | None] = {}  # what was asked is asked again
        named = [p.line for p in lines if len(p.line.text) < 40 and self._name(p.line.text)]
        self._plain = 2 * sum(map(self._is_marked, named)) <= len(named)
        self._number = 0
        self._referred = False  # the references have begun
        self._introduced = False
        self._opened = False  # the abstract or the introduction has
        self._last: Placed | None = None

    def among(self, lines: Sequence[Placed]) -> dict[int, Heading]:
        """Return the lines that are headings, by their places."""
        headings: dict[int, Heading] = {}
        for i, placed in enumerate(lines):
            if self._is_text(placed.line):  # nearly every line
                self._last = None
                continue
            found = self._heading(lines, i)
            self._last = placed if found and not found.run_in else None
            if found:
                headings[i] = found
        return headings

    def _is_text(self, line: Line) -> bool:
        """Tell what is no heading at a glance: a long line that is set like the text."""
        if self._plain or line.bold or not 0 < line.size <= self._larger or not self._opened:
            return False
        text = line.text
        # Of what looks like the text, only the references are still to be met.
        met = self._introduced and len(text) > MAX_REFERENCES
        return (met or text.count(" ") >= MAX_NAME) and not text.isupper()

    def _heading(self, lines: Sequence[Placed], i: int) -> Heading | None:
        line = lines[i].line
        text = line.text
        if len(text) > MAX_HEADING:
            return self._run_in(text)
        stands_out = self._stands_out(lines, i)
        if stands_out is False:  # nearly every line
            few = text.count(" ") < MAX_NAME
            return (self._named(text, stands_out=False) if few else None) or self._run_in(text)
        if _SPACED.match(text):
            text = text.replace(" ", "")
        whole = _TORN.sub(r"\1\2", text) if text.isupper() else text
        return (
            self._named(whole, stands_out=stands_out)
            or self._run_in(text)
            or self._numbered(text, stands_out=stands_out)
            or self._continued(line)
            or self._set_apart(lines, i)
        )

    def _named(self, text: str, *, stands_out: bool | None) -> Heading | None:
        found = self._name(text)
        kind = cast("SectionKind | None", found and found.lastgroup)
        if not kind or (stands_out is False and _is_common(kind)):
            return None
        if kind in {"abstract", "introduction"} and self._introduced:
            return None  # in a figure or an appendix
        digits = re.match(r"(\d{1,2})((?:\.\d{1,2})*)", text)
        if digits and digits[2]:
            return Heading(text, None, level=1 + digits[2].count("."))
        if digits:
            self._number = int(digits[1])
        self._referred = self._referred or kind == "references"
        self._introduced = self._introduced or kind == "introduction"
        self._opened = self._opened or kind in {"abstract", "introduction"}
        return Heading(text, kind)

    def _name(self, text: str) -> re.Match[str] | None:
        """Match a line with the names of common sections."""
        if text not in self._names:
            self._names[text] = _NAMED.match(text)
        return self._names[text]

    def _run_in(self, text: str) -> Heading | None:
        found = None if self._opened else _RUN_IN.match(text)
        if not found:
            return None
        self._opened = True
        return Heading(found[1] or found[2], "abstract", run_in=True, length=found.end())

    def _numbered(self, text: str, *, stands_out: bool | None) -> Heading | None:
        found = _NUMBERED.match(text)
        if not found or stands_out is False:
            return None
        number, below = found[1], found[2]
        if not number.isdigit():
            # An appendix's letter; without sizes, "B Layers" may be the row of a table.
            if not stands_out or not (self._referred or below):
                return None
            return Heading(text, None if below else "appendix", level=1 + below.count("."))
        if below:
            due = int(number) == self._number
            return Heading(text, None, level=1 + below.count(".")) if due else None
        # Numbers must count on: "3 Layers" in a table seldom stands where section 3 is due.
        if not self._number < int(number) <= self._number + (3 if stands_out else 1):
            return None
        self._number = int(number)
        return Heading(text, "body")

    def _continued(self, line: Line) -> Heading | None:
        """Take the second line of a heading that did not fit its first."""
        before = self._last.line if self._last else None
        if not before or not before.size or abs(before.size - line.size) > 0.03 * line.size:
            return None
        close = 0 <= before.bottom - line.top < 0.6 * line.size
        stands_out = line.bold or line.size > self._larger
        if close and stands_out and before.bold == line.bold:
            return Heading(line.text, None, continues=True)
        return None

    def _set_apart(self, lines: Sequence[Placed], i: int) -> Heading | None:
        """Take a heading without a number: in the outline, or bold above a line of prose."""
        line = lines[i].line
        if not line.size or not self._is_marked(line):
            return None
        if squeezed(line.text) in self._outline and len(squeezed(line.text)) > 3:
            return self._outlined(line.text)
        titled = line.text[0].isupper() and sum(map(str.isalpha, line.text)) > 0.7 * len(line.text)
        alone = line.width < 0.9 * self._measure.width and line.text[-1] not in ".,;:"
        if not (line.bold and titled and alone and line.size > 0.97 * self._measure.size):
            return None
        above = self._gap(lines, i) > 0.5 * line.size
        return Heading(line.text, None, level=2) if above and self._above_prose(lines, i) else None

    def _outlined(self, text: str) -> Heading:
        """Take a heading that the outline has; a number on it tells its level."""
        found = re.match(r"(\d{1,2})((?:\.\d{1,2})*)\.?\s", text)
        if found and not found[2]:
            self._number = int(found[1])
            return Heading(text, "body")
        return Heading(text, None, level=1 + found[2].count(".") if found else 2)

    def _above_prose(self, lines: Sequence[Placed], i: int) -> bool:
        """Tell whether running text follows, maybe after a second line of the heading."""
        following = [p.line for p in lines[i + 1 : i + 3]]
        return any(
            line.width > 0.8 * self._measure.width
            and not line.bold
            and abs(line.size - self._measure.size) < 0.06 * self._measure.size
            for line in following
        )

    def _stands_out(self, lines: Sequence[Placed], i: int) -> bool | None:
        """Tell whether a line looks like a heading; `None` where nothing is known of its look."""
        line = lines[i].line
        if not line.size or not self._measure.size:
            return None
        return self._is_marked(line) or (self._plain and self._gap(lines, i) > 0.75 * line.size)

    def _is_marked(self, line: Line) -> bool:
        return line.bold or line.size > self._larger or line.text.isupper()

    @staticmethod
    def _gap(lines: Sequence[Placed], i: int) -> float:
        """Return the space above a line, in points; much, where a page or column begins."""
        if not i or lines[i - 1].page != lines[i].page:
            return 99.0
        gap = lines[i - 1].line.bottom - lines[i].line.top
        return gap if gap > -lines[i].line.size else 99.0


LARGER = 1.04  # than the text: a heading's size


def _is_common(kind: SectionKind) -> bool:
    """Tell whether words of this kind also stand in tables and figures: "Model", "Results"."""
    return kind in {"body", "conclusion", "appendix"}
