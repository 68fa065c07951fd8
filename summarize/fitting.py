"""How much of a paper fits a model, as far as a run has learnt."""

from dataclasses import dataclass
from typing import Self

from summarize.errors import TooLong
from summarize.records import Prompt, Reply, Request
from summarize.settings import Settings
from summarize.text.excerpt import CHARACTERS_PER_TOKEN

LEAST = 400  # tokens of a paper: less than its abstract is not worth asking about
HEAD = 600  # characters of a paper's title, authors and venue, at most, as a rule
SPARE = 48  # tokens of a window that a chat template may take
REPLY = 5  # of a small window, the part that is kept for the answer
LEAST_REPLY = 600  # tokens
MIN_CHECKED = 4_000  # characters; servers that cache a prompt's beginning may not count it
# Of a prompt's text: English papers have 3 to 5 characters a token, whatever the tokenizer.
MAX_CHARACTERS_PER_TOKEN = 5.5
COUNTED = 0.9  # of the tokens counted that a server must have read


@dataclass
class Fit:
    """How much is sent of a paper, and how much room is left for the answer, in tokens.

    `paper` tokens are estimated, at `CHARACTERS_PER_TOKEN`; `ratio` is what this model's tokenizer
    has been seen to make of papers.
    """

    paper: int
    reply: int
    window: int | None = None
    ratio: float = CHARACTERS_PER_TOKEN

    @classmethod
    def first(cls, settings: Settings, prompt: Prompt) -> Self:
        """Return what is known before anything was asked."""
        fit = cls(settings.paper_tokens, settings.reply_tokens)
        fit.within(settings.window, around(prompt))
        return fit

    def within(self, window: int | None, around: int) -> None:
        """Learn the model's window, of which `around` characters go to what is not the paper."""
        if not window:
            return
        self.window = window if self.window is None else min(window, self.window)
        self.reply = min(self.reply, max(LEAST_REPLY, self.window // REPLY))
        tokens = self.window - self.reply - SPARE - around / self.ratio
        self.paper = min(self.paper, max(0, int(tokens * self.ratio / CHARACTERS_PER_TOKEN)))

    def counted(self, request: Request, tokens: int | None) -> int:
        """Return how many tokens a request has: as counted, or else by what was learnt."""
        return tokens if tokens is not None else round(request.size / self.ratio)

    def learn(self, request: Request, reply: Reply) -> None:
        """Learn from what the server says it read."""
        if reply.tokens_read and request.size > MIN_CHECKED:
            self.ratio = request.size / reply.tokens_read

    def shrink(self, request: Request, sent: int, error: TooLong) -> None:
        """Learn from a prompt that was too long, with about `sent` tokens of a paper in it.

        Raises `error` where nothing worth sending would be left.
        """
        less = sent // 2
        around = max(0, request.size - int(sent * CHARACTERS_PER_TOKEN))
        if error.tokens and request.size >= error.tokens:  # fewer characters than tokens: no count
            self.ratio = min(self.ratio, request.size / error.tokens)
        if error.window:
            self.within(error.window, around)
            less = min(self.paper, sent * 9 // 10)
        elif error.kept:
            less = min(less, int(COUNTED * error.kept - around / CHARACTERS_PER_TOKEN))
        if less < LEAST:
            raise error
        self.paper = min(self.paper, less)


def around(prompt: Prompt) -> int:
    """Return how many characters of a request are not the paper's, about."""
    return len(prompt.system) + len(prompt.user) + HEAD


def see_that_it_was_read(request: Request, reply: Reply, counted: int | None) -> None:
    """Raise `TooLong` where the server read fewer tokens than were sent: some cut without a word.

    `counted` is how many tokens the request has, where the server's own tokenizer told.
    """
    read = reply.tokens_read
    if read is None or request.size <= MIN_CHECKED:
        return
    sent = counted or round(request.size / CHARACTERS_PER_TOKEN)
    least = COUNTED * counted if counted else request.size / MAX_CHARACTERS_PER_TOKEN
    if read < least:
        raise TooLong(
            f"the model's server read only {read:,} of about {sent:,} tokens, and cut the rest",
            kept=read,
        )
