"""Every type that travels between rooms. Records are frozen and hold no behaviour beyond lookup."""

import bisect
import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SCHEMA_VERSION = 1
"""Raised when `Summary` changes, so that older replies are not taken for newer ones."""


class Record(BaseModel):
    """The base of all records: immutable, and strict about its fields."""

    # Built when first used: a run needs a part of them, `--help` none.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# --- what the person gave -------------------------------------------------------------------------


class Paper(Record):
    """A row of a reading list that is a paper. `where` is `file:line`."""

    key: str
    title: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    abstract: str = ""
    pdf: str = ""  # an address or a path
    section: str = ""
    star: bool = False
    todo: str = ""
    take: str = ""
    where: str = ""

    @property
    def name(self) -> str:
        """What to call the paper when speaking of it: its title, else its key."""
        return self.title or self.key


class Event(Record):
    """A row that is not a paper (a social, a talk, a workshop): the person's own entry."""

    title: str
    url: str = ""
    section: str = ""
    star: bool = False
    todo: str = ""
    take: str = ""
    where: str = ""


Entry = Paper | Event


class ReadingList(Record):
    """A list as read: its entries, what was repaired or joined, and the rows that can't be used."""

    entries: tuple[Entry, ...]
    notices: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


# --- what was read --------------------------------------------------------------------------------


SectionKind = Literal[
    "front", "abstract", "introduction", "body", "conclusion", "references", "appendix"
]


class Section(Record):
    """A stretch `[start, end)` of a document's text, in characters, below one heading."""

    heading: str
    kind: SectionKind
    start: int
    end: int


class Document(Record):
    """A paper's text in reading order.

    `page_starts[i]` is the offset in `text` at which page `i + 1` begins; it is empty for
    a text that has no pages, such as an abstract from the list.
    """

    title: str = ""
    abstract: str = ""
    text: str
    page_starts: tuple[int, ...] = ()
    sections: tuple[Section, ...] = ()
    engine: str
    sha256: str = ""
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page, from 1, on which the character at `offset` stands."""
        return bisect.bisect_right(self.page_starts, offset) or None


class Passage(Record):
    """A sentence of the paper with its page and the kind of section it stands in."""

    text: str
    page: int | None = None
    kind: SectionKind = "body"


# --- what is asked and answered -------------------------------------------------------------------


class Prompt(Record):
    """A prompt file: data, never code. `params` go to the model as they are."""

    name: str
    version: str
    description: str = ""
    system: str
    user: str
    params: dict[str, float | int | str | bool] = {}


class Message(Record):
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Record):
    """All that decides an answer, and nothing else: no time-outs, no host and port.

    `model` is the model's identity and `endpoint` a name for where it is served.
    `messages` are for a language model, `passages` for the embedded summarizer.
    """

    model: str
    endpoint: str = ""
    messages: tuple[Message, ...] = ()
    passages: tuple[Passage, ...] = ()
    params: dict[str, float | int | str | bool] = {}
    schema_version: int = SCHEMA_VERSION

    @property
    def key(self) -> str:
        """The sha256 of the request as JSON, fields in their order: its reply's name in a cache."""
        ordered = self.model_copy(update={"params": dict(sorted(self.params.items()))})
        return hashlib.sha256(ordered.model_dump_json().encode()).hexdigest()

    def followed_by(self, *messages: Message) -> Self:
        """Return the same request with more turns."""
        return self.model_copy(update={"messages": (*self.messages, *messages)})


class Reply(Record):
    """What a backend answered. Tokens and cost (US dollars) are the server's own figures."""

    text: str
    tokens_read: int | None = None
    tokens_written: int | None = None
    finish: str = "stop"
    cost: float | None = None


NoteKind = Literal["idea", "method", "result", "data", "limitation", "related", "question"]
OneLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Note(Record):
    """One extra note: a statement, the words of the paper behind it, and their page."""

    kind: NoteKind
    text: Annotated[OneLine, Field(max_length=300)]
    quote: Annotated[str, Field(max_length=600)]
    page: Annotated[int, Field(ge=1, le=9999)] | None


class Summary(Record):
    """The fixed schema: a TLDR of one line and up to eight notes.

    No field has a default: strict structured output wants every one of them required.
    """

    tldr: Annotated[OneLine, Field(max_length=300)]
    notes: Annotated[tuple[Note, ...], Field(max_length=8)]


class Claim(Record):
    """Where the paper says what a note says: `[start, end)` in its text, if it was found."""

    supported: bool
    page: int | None = None
    start: int | None = None
    end: int | None = None


class Grounded(Record):
    """A summary with one claim for each of its notes, and what asking for it took.

    `share` is how much of the text that could be read was sent, from 0 to 1.
    """

    summary: Summary
    claims: tuple[Claim, ...] = ()
    share: float = 1.0
    requests: int = 1
    tokens_read: int | None = None
    tokens_written: int | None = None
    cost: float | None = None


# --- what became of a paper -----------------------------------------------------------------------


class Receipt(Record):
    """How a summary came to be. `basis` says what was read, and `because` why not the paper."""

    model: str
    prompt: str
    basis: Literal["paper", "abstract"]
    because: str = ""
    share: float = 1.0
    requests: int = 0
    tokens_read: int | None = None
    tokens_written: int | None = None
    cost: float | None = None
    seconds: float = 0.0
    cached: bool = False
    warnings: tuple[str, ...] = ()


class Done(Record):
    """A paper with its summary."""

    paper: Paper
    grounded: Grounded
    receipt: Receipt


class Skipped(Record):
    """A paper without one: where its walk ended, and why."""

    paper: Paper
    stage: str
    reason: str


Outcome = Done | Skipped


# --- the post -------------------------------------------------------------------------------------


class Own(Record):
    """Text in the person's own words: Markdown, rendered as they wrote it."""

    markdown: str


class Drafted(Record):
    """Text that a list, a paper or a model gave: plain words, escaped when rendered."""

    text: str


class ItemNote(Record):
    """A note as it stands in a post."""

    label: str
    text: Drafted
    page: int | None = None


class Item(Record):
    """A numbered item: star, linked title, a line, and notes folded away below it.

    `remark` is what a reader must be told about the line, such as that it rests on the
    abstract alone.
    """

    key: str
    title: Drafted
    url: str = ""
    star: bool = False
    line: Own | Drafted | None = None
    remark: str = ""
    notes: tuple[ItemNote, ...] = ()
    todo: Own | None = None


class PostSection(Record):
    """A day or a session, with its items in order. An empty heading renders none."""

    heading: str
    items: tuple[Item, ...]


class Post(Record):
    """A roundup post, in no particular format."""

    title: str
    date: str  # ISO 8601
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    introduction: tuple[str, ...] = ()
    sections: tuple[PostSection, ...] = ()
    colophon: tuple[str, ...] = ()


Json = dict[str, Any]
