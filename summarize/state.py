"""What is remembered of a post beside it: what was generated, of what, and by whom."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from summarize.records import Paper, Record
from summarize.spool import Lines


class Made(Record):
    """How a summary in a post came to be; `picks` is true for sentences of the paper itself."""

    model: str
    prompt: str
    picks: bool = False
    basis: str = "paper"
    in_part: bool = False


class Known(Record):
    """A paper of a post: what its list said of it, and how its summary was made, if it was."""

    paper: Paper
    made: Made | None = None


class State(Record):
    """A version of a post: its checksum, and what was generated for it, line by line.

    `base` is what merging compares with; it is the post itself where nobody changed anything.
    `papers` go by the identities of their entries; `dropped` are those that the person took out.
    `format` is the post's, by name; empty for the default. `pictures` are the files that were
    written beside the post, by name, with their checksums. Of a post that was read or drafted,
    `base` and `papers` make each line and paper when it is asked for (`spool.Lines`, `spool.Kept`).
    """

    sha256: str = ""
    base: tuple[str, ...] = ()
    papers: Mapping[str, Known] = Field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    model: str = ""
    prompt: str = ""
    language: str = ""
    voice: bool = False
    abstract_only: bool = False
    strict: bool = False
    format: str = ""
    figures: bool = False
    teaser: bool = False
    pictures: dict[str, str] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        """What was generated."""
        base: Sequence[str] = self.base
        return base.text if isinstance(base, Lines) else "\n".join(base)
