"""Every error that `roundup` raises on purpose.

    RoundupError                  message, hint
    ├── InputError                what the person gave can't be used          exit 2
    ├── StoreError                the cache can't be read or written          exit 1
    ├── OutputError               the post can't be written                   exit 1
    ├── BackendError              no model will answer: the run stops         exit 1
    │   └── Refused               a service will not do it, and has not
    ├── SiteError                 a site does not take the post               exit 1
    └── PaperError                one paper: becomes a Skipped, the run goes on
        ├── SourceError           nowhere to look for its PDF
        ├── FetchError            its PDF could not be had
        │   └── Transient         worth asking again, perhaps after a stated time
        ├── ExtractError          its PDF could not be read
        ├── OverBudget            asking about it might cost more than is left to spend
        ├── Awaited               no failure: its reply will come with a batch
        └── ReplyError            the model's reply could not be used
            ├── TooLong           the request did not fit the model's context
            │   └── CutOff        the reply ended before its end
            └── Garbled           the server could not read what its model said

None inherits from click's exceptions: Typer carries its own click, and a foreign
`ClickException` escapes it as a traceback.
"""

from typing import ClassVar


class RoundupError(Exception):
    """Something a person can act on: one line of what, and one of what to do.

    `free` says that a service refused, and so charged nothing.
    """

    exit_code: ClassVar[int] = 1
    free: bool = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(RoundupError):
    """A list, a flag or a path that can't be used as given."""

    exit_code = 2


class StoreError(RoundupError):
    """The cache can't be opened, read or written."""


class OutputError(RoundupError):
    """The post can't be written where it was asked for."""


class BackendError(RoundupError):
    """The model can't be used at all: asking for the next paper would fail too."""


class Refused(BackendError):
    """A service will not do what was asked of it, and has done nothing."""


class SiteError(RoundupError):
    """A site that a post was to be published at can't be reached, or does not take it."""


class PaperError(RoundupError):
    """One paper can't be summarized; `stage` says where its walk ended."""

    stage: ClassVar[str] = "paper"


class SourceError(PaperError):
    """The list gives no address, file or abstract to start from."""

    stage = "source"


class FetchError(PaperError):
    """The paper's PDF could not be had."""

    stage = "fetch"


class Transient(FetchError):
    """Asking again may help. `retry_after` is in seconds, where the server said.

    `busy` says that the server is asked too much.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        retry_after: float | None = None,
        busy: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after
        self.busy = busy


class ExtractError(PaperError):
    """The paper's PDF could not be read."""

    stage = "extract"


class OverBudget(PaperError):
    """Asking might cost more than is left of what the person wants to spend."""

    stage = "ask"


class Awaited(PaperError):
    """The model's reply will come with a batch, some time: the paper's walk ends here for now."""

    stage = "batch"


class ReplyError(PaperError):
    """The model's reply is not a summary."""

    stage = "ask"


class TooLong(ReplyError):
    """The request is longer than the model's context window: a shorter one may do.

    Where the server said so, `tokens` is how many the request has by its count, `window` how many
    it takes in all, and `kept` how many of the request's it read.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        tokens: int | None = None,
        window: int | None = None,
        kept: int | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.tokens = tokens
        self.window = window
        self.kept = kept


class CutOff(TooLong):
    """The reply ended at its limit: with less of this paper it may not.

    It came after so many `tries`.
    """

    tries = 1


class Garbled(ReplyError):
    """The server itself could not read what its model said: another try may do."""
