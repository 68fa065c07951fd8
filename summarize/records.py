"""Every type that travels between rooms. Records are frozen and hold no behaviour beyond lookup."""

import bisect
import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, StringConstraints
from pydantic_core import to_json

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
    """A row that is not a paper (a social, a talk, a workshop): the person's own entry.

    `kind` is what its list calls it, where that is more than an event.
    """

    title: str
    url: str = ""
    kind: str = ""
    section: str = ""
    star: bool = False
    todo: str = ""
    take: str = ""
    where: str = ""


Entry = Paper | Event


class ReadingList(Record):
    """A list as read: its entries, what was repaired or joined, and the rows that can't be used."""

    entries: Annotated[Sequence[Entry], SkipValidation]
    notices: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


# --- what was read --------------------------------------------------------------------------------


SectionKind = Literal[
    "front",
    "abstract",
    "introduction",
    "body",
    "conclusion",
    "references",
    "appendix",
    "caption",
    "footnote",
    "figure",
]


class Section(Record):
    """A stretch `[start, end)` of a document's text, in characters, below one heading.

    `level` is 1 for a section, 2 for one within it, and so on.
    """

    heading: str
    kind: SectionKind
    start: int
    end: int
    level: int = 1


class PageMark(NamedTuple):
    """From the character at `start` on, a document's text stands on `page`, counted from 1."""

    start: int
    page: int


class Unseen(Record):
    """Text of a PDF that its reader could not see, and why. It is not in the document's text.

    Its page is counted from 1; page 0 is the file's metadata.
    """

    page: int
    text: str
    how: str


class Document(Record):
    """A paper's text in reading order.

    What runs through its pages comes first, then what stands apart from it: its captions, its
    footnotes and the text inside its figures and tables. `marks` say which page the text is on, in
    the text's order; they are empty for a text that has no pages, such as an abstract from the
    list. `unread` says what of the paper is missing here, `warnings` what else to know;
    `unfinished`, that another reading may find what is missing. `addressed` are the `[start, end)`
    of the sentences that speak to a model, where its reader has looked for them.
    """

    title: str = ""
    abstract: str = ""
    text: str
    marks: tuple[PageMark, ...] = ()
    sections: tuple[Section, ...] = ()
    engine: str
    sha256: str = ""
    unseen: tuple[Unseen, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unfinished: bool = False
    addressed: tuple[tuple[int, int], ...] | None = None

    def page_at(self, offset: int) -> int | None:
        """Return the page, from 1, on which the character at `offset` stands."""
        at = bisect.bisect_right(self.marks, offset, key=lambda mark: mark.start)
        return self.marks[at - 1].page if at else None


class Picture(Record):
    """A part of a page: a PNG in base64, its size in pixels. `found` where a passage is marked."""

    png: str
    width: int
    height: int
    found: bool


class Figure(Record):
    """A picture out of a paper: one of its figures, or its first page where `label` is empty.

    `width` and `height` are in pixels, `page` counts from 1; `sha256` is that of the picture's
    bytes, and `src` is where a post finds them.
    """

    label: str = ""
    caption: str = ""
    page: int = 1
    width: int
    height: int
    sha256: str
    src: str = ""


class TakenFigure(Record):
    """A figure with its picture: WebP in base64."""

    figure: Figure
    webp: str


class Passage(Record):
    """A sentence of the paper with its page and the kind of section it stands in."""

    text: str
    page: int | None = None
    kind: SectionKind = "body"


# --- what is asked and answered -------------------------------------------------------------------


NoteKind = Literal[
    "problem", "idea", "method", "data", "result", "limitation", "related", "question"
]
NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)


class Prompt(Record):
    """A prompt file: data, never code. `params` go to the model as they are.

    `length` is how many words a TLDR may have; `notes` how many notes are wanted at most, and
    `kinds` of which kinds; `language` what the summaries are written in.
    """

    name: Annotated[str, Field(max_length=60)]
    version: Annotated[str, Field(max_length=60)]
    description: Annotated[str, Field(max_length=300)] = ""
    language: Annotated[str, Field(min_length=1, max_length=60)] = "English"
    length: Annotated[int, Field(ge=5, le=60)] = 40
    notes: Annotated[int, Field(ge=0, le=8)] = 4
    kinds: Annotated[tuple[NoteKind, ...], Field(min_length=1)] = NOTE_KINDS
    system: Annotated[str, Field(min_length=1)]
    user: Annotated[str, Field(min_length=1)]
    params: dict[str, float | int | str | bool] = {}


class Example(Record):
    """An entry of the person's own, of an earlier post: how they write."""

    title: str
    text: str


class Message(Record):
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Record):
    """All that decides an answer, and nothing else: no time-outs, no host and port.

    `model` is the model's identity and `endpoint` a name for where it is served.
    `messages` are for a language model, `passages` for the embedded summarizer. The answer may take
    `reply_tokens` at most.
    """

    model: str
    endpoint: str = ""
    messages: tuple[Message, ...] = ()
    passages: tuple[Passage, ...] = ()
    params: dict[str, float | int | str | bool] = {}
    reply_tokens: int = 2_000
    schema_version: int = SCHEMA_VERSION

    @property
    def size(self) -> int:
        """How many characters the messages have."""
        return sum(len(message.content) for message in self.messages)

    @cached_property
    def key(self) -> str:
        """The sha256 of the request as JSON, fields in their order: its reply's name in a cache."""
        ordered = self.model_copy(update={"params": dict(sorted(self.params.items()))})
        return hashlib.sha256(to_json(ordered)).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, which has a key of its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("key", None)
        return copied

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
    """Where the paper says what a line says: `[start, end)` in its text, if it was found.

    `repaired` where it was not found as it was quoted, but nearly, or in other words. `flags` are
    the words of the line (numbers, names, comparisons) that the paper does not bear out; `doubts`
    say why it does not read like a line of a summary.
    """

    supported: bool
    page: int | None = None
    start: int | None = None
    end: int | None = None
    repaired: bool = False
    flags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Grounded(Record):
    """A summary with one claim for each of its notes, and what asking for it took.

    `tldr` is the claim of its TLDR; `dropped` counts the notes that the paper does not bear out,
    which are not in it. `checked` is the version of `grounding` that says so.
    `share` is how much of the text that could be read was sent, from 0 to 1. `tokens_sent` are
    those that we counted, `tokens_read` those that the server says it read. `warnings` say what
    went otherwise than asked for.
    """

    summary: Summary
    claims: tuple[Claim, ...] = ()
    tldr: Claim | None = None
    dropped: int = 0
    checked: str = ""
    share: float = 1.0
    requests: int = 1
    tokens_sent: int | None = None
    tokens_read: int | None = None
    tokens_written: int | None = None
    cost: float | None = None
    warnings: tuple[str, ...] = ()


class Past(Record):
    """A summary that was made once, by whom, and when (ISO 8601, UTC); `key` is its request's."""

    key: str
    model: str
    prompt: str
    when: str
    basis: Literal["paper", "abstract"] = "paper"
    paid: bool = True


# --- what became of a paper -----------------------------------------------------------------------


class Receipt(Record):
    """How a summary came to be. `basis` says what was read, and `because` why not the paper.

    `support` is the share of its claims that the paper bears out, from 0 to 1. `pdf` is an address
    of the paper's PDF at which a browser opens the page that is asked for. `copy_read` says whose
    copy of the paper was read, where it is not that of the paper's own site, and why. `doubts` say
    which lines do not read like those of a summary of this paper, and why.
    """

    model: str
    prompt: str
    basis: Literal["paper", "abstract"]
    because: str = ""
    share: float = 1.0
    requests: int = 0
    tokens_sent: int | None = None
    tokens_read: int | None = None
    tokens_written: int | None = None
    cost: float | None = None
    seconds: float = 0.0
    cached: bool = False
    support: float | None = None
    pdf: str = ""
    copy_read: str = ""
    doubts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Done(Record):
    """A paper with its summary, and the figure that is shown of it, if one was asked for."""

    paper: Paper
    grounded: Grounded
    receipt: Receipt
    figure: Figure | None = None


class Skipped(Record):
    """A paper without one: where its walk ended, and why."""

    paper: Paper
    stage: str
    reason: str


class Waiting(Record):
    """A paper whose summary will come with a batch: while there is one, no post is written."""

    paper: Paper
    stage: str = "batch"
    reason: str = "its answer will come with a batch"


Outcome = Done | Skipped | Waiting


class Drafting(Record):
    """What a post was drafted from, kept so that its evidence can be shown, and on this machine.

    It is kept in parts, of which the first says how many there are. `bases` are the addresses of
    the model's servers; `whole` is whether it read all of a paper that was too long for it.
    """

    done: tuple[Done, ...] = ()
    parts: int = 1
    pdf_dir: str = ""
    list_dir: str = ""
    engine: str = "auto"
    model: str = ""
    bases: tuple[str, ...] = ()
    whole: bool = False


Json = dict[str, Any]
