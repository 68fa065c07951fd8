"""What a run would take: what is here, what must be fetched and asked, how long, for how much.

Nothing is fetched, read or asked for it. Figures that are not counted are estimates, and said to
be; what they rest on is written beside them here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarize import prompts, sources
from summarize.backends import Backend
from summarize.library import Holding, Library
from summarize.prices import FREE, Price, price_of
from summarize.progress import Several
from summarize.questions import Questions
from summarize.records import Document, Entry, Grounded, Paper, Prompt, Request
from summarize.report import WHOLE, Tally
from summarize.settings import Clock, Settings
from summarize.store import Store
from summarize.web import Web
from summarize.web.hosts import PACE, QUOTA
from summarize.whole import begun, sums
from summarize.workers import Pool

# Of 109 papers, what is sent of one and how cl100k_base tokenizes it (benchmarks/tokens.py).
USUAL_PAPER = 9_400
CHARACTERS_PER_TOKEN = 3.7
SCHEMA = 300  # tokens that the answer's schema takes
USUAL_ANSWER = 400  # tokens: a TLDR and three notes with their quotes
FEW = 5  # papers at hand: their mean says more of a list than the usual paper's

# Seconds, by estimate: of one PDF from a host with no known limit, of reading one (measured: 0.2
# with two processor cores), and of an answer of a hosted model, in tokens a second.
PER_PDF = 2.0
PER_READING = 0.3
FIRST_TOKEN, TOKENS_A_SECOND = 1.5, 60.0


@dataclass(frozen=True)
class Fetch:
    """PDFs that a host would be asked for; `hourly` and `pace` (seconds) are its known limits."""

    host: str
    pdfs: int
    hourly: int | None
    pace: float | None
    seconds: float


@dataclass(frozen=True)
class Asking:
    """What a model would be asked: papers, and their tokens.

    The tokens of `counted` papers are counted, those of the others taken as `usual` for each.
    There are more `requests` than papers where papers are read whole, in stretches.
    """

    papers: int
    requests: int
    counted: int
    usual: int
    tokens_read: int
    tokens_written: int
    seconds: float | None  # None where a machine of one's own decides


@dataclass(frozen=True)
class Cost:
    """US dollars: `about`; `most`, if each answer is as long as it may be; `batch`, if known."""

    about: float
    most: float
    batch: float | None


@dataclass(frozen=True)
class Plan:
    """What a run over a list would take.

    `texts` are here, `unread` are PDFs that are here and must be read, `summaries` were paid for
    or made before. `problems` are papers whose text can't be had, and why. `price` is None where
    it is not known.
    """

    papers: int
    texts: int
    unread: int
    summaries: int
    fetches: tuple[Fetch, ...]
    problems: tuple[tuple[Paper, str], ...]
    asking: Asking
    price: Price | None
    cost: Cost | None

    @property
    def to_fetch(self) -> int:
        """How many PDFs must be fetched."""
        return sum(fetch.pdfs for fetch in self.fetches)

    @property
    def fetching_seconds(self) -> float:
        """How long fetching takes: hosts are asked side by side."""
        return max((fetch.seconds for fetch in self.fetches), default=0.0)

    @property
    def seconds(self) -> float | None:
        """How long it takes in all: papers are asked about while others are fetched."""
        if self.asking.seconds is None:
            return None
        return max(self.fetching_seconds + PER_READING * self.unread, self.asking.seconds)


@dataclass
class _Found:
    """What a walk over the list found: requests to be sent, and what is not known yet."""

    texts: int = 0
    unread: int = 0
    summaries: list[Grounded] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    problems: list[tuple[Paper, str]] = field(default_factory=list)
    counted: list[list[int]] = field(default_factory=list)
    unknown: int = 0


async def make(
    entries: Sequence[Entry], *, prompt: Prompt, backend: Backend, settings: Settings, clock: Clock
) -> Plan:
    """Look through a list. Raises `StoreError`."""
    papers = [entry for entry in entries if isinstance(entry, Paper)]
    progress = Several([])
    questions, found = Questions(prompt, backend, settings), _Found()
    async with Store(settings) as store:
        library = Library(
            settings,
            store=store,
            web=Web(settings, clock),
            pool=Pool(settings),
            progress=progress,
            tally=Tally(),
        )
        library.look_in(settings.pdf_dir, papers)
        for paper in papers:
            holding = await library.holding(paper)
            _note(found, paper, holding)
            if document := holding.document:
                if not paper.title:
                    paper = paper.model_copy(update={"title": document.title})  # noqa: PLW2901
                question = questions.about(paper, document)
                if summary := await store.reply(question.key, Grounded, paid=not backend.picks):
                    found.summaries.append(summary)
                elif questions.whole:
                    found.counted.append(await _stretches(questions, paper, document, store))
                else:
                    found.counted.append([tokens(question.request)])
    blank = questions.of(
        Paper(key=""), Document(text="", engine=""), basis="", text="",
        reply_tokens=questions.at_first.reply,
    )  # fmt: skip
    usual, local = _usual(found, tokens(blank), questions), backend.service(settings) is None
    price = price_of(settings.model, prompt) or (FREE if local else None)
    asking = _asking(found, usual, settings, local=local, picks=backend.picks)
    return Plan(
        papers=len(papers),
        texts=found.texts,
        unread=found.unread,
        summaries=len(found.summaries),
        fetches=_fetches(found.addresses, settings),
        problems=tuple(found.problems),
        asking=asking,
        price=price,
        cost=_cost(asking, price, blank.reply_tokens) if price else None,
    )


def money(dollars: float) -> str:
    """Return an amount in words, no more exact than it is known."""
    return f"${dollars:.2f}" if dollars >= 0.1 or not dollars else f"${dollars:.4f}"


def tokens(request: Request) -> int:
    """Count what a request has in tokens, by its characters: about a tenth off for a paper."""
    if request.passages:
        return 0
    characters = sum(len(message.content) for message in request.messages)
    return round(characters / CHARACTERS_PER_TOKEN) + SCHEMA


async def _stretches(
    questions: Questions, paper: Paper, document: Document, store: Store
) -> list[int]:
    """Count the tokens of each request for a paper that is read whole: its stretches, their sums.

    Stretches that an earlier run was answered about are not asked about again.
    """

    def render(basis: str, text: str) -> Request:
        reply = questions.at_first.reply
        return questions.of(paper, document, basis=basis, text=text, reply_tokens=reply)

    room = questions.at_first.paper
    parts = begun(document, room, prompts.basis(document), render)
    around = tokens(render("", ""))
    sent = [
        tokens(request)
        for _, request in parts
        if not ((had := await store.reply(request.key, Grounded)) and had.share >= WHOLE)
    ]
    return sent + [around + size for size in sums(len(parts), room, USUAL_ANSWER)]


def _note(found: _Found, paper: Paper, holding: Holding) -> None:
    """Add to what was found how a paper's text would be had."""
    if holding.problem:
        found.problems.append((paper, holding.problem))
        return
    found.texts += holding.document is not None
    found.unread += holding.document is None and holding.pdf
    found.unknown += holding.document is None
    if holding.address:
        found.addresses.add(holding.address)


def _usual(found: _Found, around: int, questions: Questions) -> list[int]:
    """Return the tokens of each request for a paper whose text is not here.

    They are as those of the papers at hand, if these are enough.
    """
    if len(found.counted) >= FEW:
        papers = len(found.counted)
        requests = max(1, round(sum(map(len, found.counted)) / papers))
        mean = round(sum(map(sum, found.counted)) / papers)
        return [mean // requests + (number < mean % requests) for number in range(requests)]
    room = questions.at_first.paper
    if not questions.whole or room >= USUAL_PAPER:
        return [min(USUAL_PAPER, room) + around]
    parts = -(-USUAL_PAPER // max(1, room))
    sizes = [USUAL_PAPER // parts] * parts + sums(parts, room, USUAL_ANSWER)
    return [size + around for size in sizes]


def _asking(
    found: _Found, usual: list[int], settings: Settings, *, local: bool, picks: bool
) -> Asking:
    papers = len(found.counted) + found.unknown
    if picks:
        return Asking(papers, papers, papers, 0, 0, 0, PER_READING * found.unknown)
    written = [s.tokens_written / s.requests for s in found.summaries if s.tokens_written]
    answer = sum(written) / len(written) if len(written) >= FEW else USUAL_ANSWER
    requests = sum(map(len, found.counted)) + len(usual) * found.unknown
    rounds = -(-requests // settings.jobs)
    return Asking(
        papers=papers,
        requests=requests,
        counted=len(found.counted),
        usual=sum(usual) if found.unknown else 0,
        tokens_read=sum(map(sum, found.counted)) + sum(usual) * found.unknown,
        tokens_written=round(answer * requests),
        seconds=None if local else rounds * (FIRST_TOKEN + answer / TOKENS_A_SECOND),
    )


def _cost(asking: Asking, price: Price, reply_tokens: int) -> Cost:
    """Price each request by itself: a long prompt has a rate of its own."""
    if not asking.requests:
        return Cost(0.0, 0.0, 0.0 if price.batch else None)
    read, written = asking.tokens_read / asking.requests, asking.tokens_written / asking.requests
    batch = price.batch and (read * price.batch.read + written * price.batch.written)
    return Cost(
        about=asking.requests * price.of(round(read), round(written)),
        most=asking.requests * price.of(round(read), max(reply_tokens, round(written))),
        batch=None if batch is None else asking.requests * batch,
    )


def _fetches(addresses: set[str], settings: Settings) -> tuple[Fetch, ...]:
    """Return what each host would be asked for, the slowest first."""
    hosts = [(parts.hostname or "").lower() for a in addresses if (parts := sources.split(a))]
    fetches = [_fetch(host, count, settings) for host, count in sorted(Counter(hosts).items())]
    return tuple(sorted(fetches, key=lambda fetch: -fetch.seconds))


def _fetch(host: str, pdfs: int, settings: Settings) -> Fetch:
    """Estimate how long a host takes: by its pace, its quota, or else as hosts usually do."""
    hourly, pace = QUOTA.get(host), PACE.get(host)
    seconds = pdfs * max(pace or 0.0, PER_PDF / settings.per_host)
    if hourly and pdfs > hourly:
        seconds = max(seconds, pdfs / hourly * 3600)
    return Fetch(host, pdfs, hourly, pace, seconds)
