"""What an engine sees on a page: lines of text, and where they stand."""

from dataclasses import dataclass

BROKEN = "\ufffe"
"""Stands where a line ends within a word. Whether its hyphen belongs to the word is not known."""


@dataclass(slots=True)
class Line:
    """A line of a page, its box in points from the page's lower left corner.

    `size` is the height of its letters. An engine that can't tell leaves all of them at 0.
    Lines are not changed once they are made. That nothing enforces it is for speed: a paper has
    thousands of lines, of which each is asked many times where it stands, and slots answer ten
    times as fast as the fields of a named tuple, and are made in a quarter of a frozen one's time.
    """

    text: str
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0
    size: float = 0.0
    bold: bool = False

    @property
    def width(self) -> float:
        """How wide the line is, in points."""
        return self.right - self.left

    def saying(self, text: str) -> "Line":
        """Return the line with another text."""
        return Line(text, self.left, self.bottom, self.right, self.top, self.size, self.bold)


@dataclass(frozen=True)
class Page:
    """A page's lines in the order in which the file gives them, and its size in points.

    A width of 0 says that nothing is known of where its lines stand. `picture` is the share of
    the page that its largest image covers: a scan is a page that is all picture.
    """

    lines: tuple[Line, ...] = ()
    width: float = 0.0
    height: float = 0.0
    picture: float = 0.0

    @classmethod
    def of(cls, text: str) -> "Page":
        """Make a page of plain text, of which no more than the order of its lines is known."""
        return cls(tuple(Line(line) for line in text.splitlines() if line.strip()))

    @property
    def text(self) -> str:
        """The page's lines, one below the other."""
        return "\n".join(line.text for line in self.lines)
