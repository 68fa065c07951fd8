"""What a run asks about a paper, and what the answer is kept under. Pure."""

from dataclasses import replace
from typing import NamedTuple

from summarize import prompts
from summarize.backends import Backend
from summarize.fitting import Fit
from summarize.records import Document, Paper, Prompt, Request
from summarize.settings import Settings
from summarize.text.sentences import passages

EVERYTHING = 10**9  # tokens: more than any paper has
READ_KINDS = frozenset({"abstract", "introduction", "body", "conclusion"})


class Question(NamedTuple):
    """All that is asked for of a paper: its summary is kept under `key`, whatever fits then.

    `share` is how much of the paper's text the request holds.
    """

    key: str
    request: Request
    share: float


class Questions:
    """Makes the requests of a run. `at_first` is what fits, as far as is known before any answer.

    `whole` tells whether all of a paper is to be read, also of one that is longer than the window.
    """

    def __init__(self, prompt: Prompt, backend: Backend, settings: Settings) -> None:
        """Take what decides an answer."""
        self.prompt = prompt
        self.at_first = Fit.first(settings, prompt)
        self.whole = settings.whole and not backend.picks
        self._backend = backend
        self._settings = settings

    def about(self, paper: Paper, document: Document) -> Question:
        """Return what is asked for of a paper, before it is known what fits."""
        fit = replace(self.at_first, paper=EVERYTHING) if self.whole else self.at_first
        request, share = self.request(paper, document, fit)
        return Question(f"whole {request.key}" if self.whole else request.key, request, share)

    def request(self, paper: Paper, document: Document, fit: Fit) -> tuple[Request, float]:
        """Render the request with what fits of the paper; return what share that is."""
        settings, endpoint = self._settings, self._backend.endpoint(self._settings)
        if self._backend.picks:
            sentences = list(passages(document, READ_KINDS))
            title = paper.title or document.title
            return prompts.for_passages(
                sentences, title, model=settings.model, endpoint=endpoint
            ), 1.0
        return prompts.for_model(
            self.prompt, paper, document, tokens=fit.paper, reply_tokens=fit.reply,
            model=settings.model, endpoint=endpoint,
        )  # fmt: skip

    def of(
        self, paper: Paper, document: Document, *, basis: str, text: str, reply_tokens: int
    ) -> Request:
        """Render the request about a text of a paper, `basis` being what the prompt calls that."""
        return prompts.render(
            self.prompt, paper, document, basis=basis, text=text, reply_tokens=reply_tokens,
            model=self._settings.model, endpoint=self._backend.endpoint(self._settings),
        )  # fmt: skip
