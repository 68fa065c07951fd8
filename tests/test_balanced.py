"""Several servers of one model: load is shared, a dead one is left out until it is back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from summarize.backends import Backend, Model, balanced
from summarize.errors import BackendError, ReplyError, TooLong, Transient
from summarize.records import Message, Reply, Request
from summarize.settings import Clock, Settings
from tests.conftest import Roundup, StubServer

REQUEST = Request(model="local/m", messages=(Message(role="user", content="Of what?"),))
BASES = ("http://a:1", "http://b:1", "http://c:1")
SETTINGS = Settings(model="local/m", api_base=BASES[0], more_bases=BASES[1:], attempts=3)


class Servers:
    """Servers that answer with their names, but for those that are `dead`."""

    def __init__(self) -> None:
        self.dead: dict[str, Exception] = {}
        self.asked: list[str] = []
        self.busy: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def connect(self, settings: Settings, clock: Clock) -> AsyncIterator[Model]:
        """Connect to one; it tries once, as a balance wants it to."""
        name = settings.api_base or ""
        assert settings.attempts == 1

        async def ask(request: Request) -> Reply:
            self.asked.append(name)
            if name in self.busy:
                await self.busy[name].wait()
            if error := self.dead.get(name):
                raise ReplyError("no answer") from error
            return Reply(text=name)

        async def ready() -> int | None:
            if error := self.dead.get(name):
                raise BackendError("not there") from error
            return {"http://b:1": 4_000}.get(name, 8_000)

        yield Model(ask, ready)


@asynccontextmanager
async def connected(servers: Servers, clock: Clock) -> AsyncIterator[Model]:
    """Connect a balance over the servers."""
    backend = balanced.over(Backend(connect=servers.connect), SETTINGS)
    async with backend.connect(SETTINGS, clock) as model:
        yield model


def _run(servers: Servers, clock: Clock, work: Callable[[Model], AsyncIterator[None]]) -> None:
    async def whole() -> None:
        async with connected(servers, clock) as model:
            async for _ in work(model):
                pass

    asyncio.run(whole())


def test_the_server_with_the_least_to_do_is_asked(clock: Clock) -> None:
    """One that is slow to answer gets no more until it has caught up."""
    servers = Servers()

    async def work(model: Model) -> AsyncIterator[None]:
        servers.busy[BASES[0]] = asyncio.Event()
        slow = asyncio.ensure_future(model.ask(REQUEST))
        await asyncio.sleep(0)
        for _ in range(6):
            await model.ask(REQUEST)
        servers.busy[BASES[0]].set()
        assert (await slow).text == BASES[0]
        yield

    _run(servers, clock, work)
    assert sorted(servers.asked) == [BASES[0], *[BASES[1]] * 3, *[BASES[2]] * 3]


def test_what_a_dead_server_does_not_answer_another_does(clock: Clock) -> None:
    """It is left out until it says that it is ready, and the person is told."""
    servers = Servers()

    async def work(model: Model) -> AsyncIterator[None]:
        servers.dead[BASES[0]] = Transient("it is gone")
        texts = [(await model.ask(REQUEST)).text for _ in range(4)]
        assert BASES[0] not in texts
        assert servers.asked.count(BASES[0]) == 1
        assert "gave no answer to 1 of 1 requests" in model.notices()[0]
        servers.dead.clear()
        await asyncio.sleep(0.01)  # the clock waits for nothing: it is asked whether it is back
        assert BASES[0] in [(await model.ask(REQUEST)).text for _ in range(3)]
        yield

    _run(servers, clock, work)


def test_no_server_is_the_one_error_that_a_single_one_would_be(clock: Clock) -> None:
    """Where none has ever answered the run stops, else the paper is skipped."""
    servers = Servers()

    async def work(model: Model) -> AsyncIterator[None]:
        servers.dead.update(dict.fromkeys(BASES, Transient("it is gone")))
        with pytest.raises(BackendError, match="gives no answer at any address: it is gone"):
            await model.ask(REQUEST)
        with pytest.raises(BackendError, match="not there"):
            await model.ready()
        yield

    _run(servers, clock, work)


def test_a_refusal_is_no_reason_to_ask_another(clock: Clock) -> None:
    """A prompt that is too long for one is told as such."""
    servers = Servers()

    async def refuse(request: Request) -> Reply:
        raise TooLong("too long")

    @asynccontextmanager
    async def connect(settings: Settings, clock: Clock) -> AsyncIterator[Model]:
        yield Model(refuse)

    async def whole() -> None:
        backend = balanced.over(Backend(connect=connect), SETTINGS)
        async with backend.connect(SETTINGS, clock) as model:
            with pytest.raises(TooLong):
                await model.ask(REQUEST)

    asyncio.run(whole())
    assert not servers.asked


def test_a_run_begins_with_the_servers_that_are_there(clock: Clock) -> None:
    """The smallest of their windows is the model's."""
    servers = Servers()

    async def work(model: Model) -> AsyncIterator[None]:
        assert await model.ready() == 4_000
        servers.dead[BASES[1]] = Transient("it is gone")
        assert await model.ready() == 8_000
        yield

    _run(servers, clock, work)


def test_who_would_read_the_text_is_said_of_every_server() -> None:
    """And a request's key is that of the first server alone."""
    from summarize import backends

    settings = Settings(
        model="local/m", api_base="http://gpu1:80", more_bases=("http://gpu2:80", "http://gpu1:81")
    )
    own = backends.choose("local/m")
    both = balanced.over(own, settings)
    located = both.located(settings, {})
    assert both.service(located) == "gpu1, gpu2"
    assert located.more_bases == ("http://gpu2:80/v1", "http://gpu1:81/v1")
    assert both.endpoint(located) == own.endpoint(settings) == "gpu1"


def test_a_draft_asks_all_servers_and_writes_the_same_post(
    roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """From a flag given twice or a list in `roundup.toml`; what one answered is not asked again."""
    abstract = "We show that several servers answer as one. In tests, {} papers were answered. "
    rows = [f'"Paper {n}","{abstract.format(n) * 5}"' for n in range(8)]
    (tmp_path / "l.csv").write_text("\n".join(["title,abstract", *rows]), "utf-8")
    one, two = stub("--latency", "1"), stub("--latency", "1")  # all are asked before one answers
    common = ("draft", "l.csv", "--model", "local/m", "--abstract-only", "--quiet", "--jobs", "8")
    both = roundup(*common, "-o", "b.md", "--api-base", one.url, "--api-base", two.url)
    assert both.returncode == 0, both.stderr
    posted = [[r for r in server.questions() if r["method"] == "POST"] for server in (one, two)]
    assert [*map(len, posted)] == [4, 4]
    asked = [len(server.questions()) for server in (one, two)]
    (tmp_path / "roundup.toml").write_text(
        f"[draft]\napi-base = {json.dumps([two.url, one.url])}\n", "utf-8"
    )
    cached = roundup(*common, "-o", "c.md", "--cache-dir", _cache(tmp_path))
    assert cached.returncode == 0, cached.stderr
    assert [len(server.questions()) for server in (one, two)] == asked
    assert (tmp_path / "b.md").read_bytes() == (tmp_path / "c.md").read_bytes()


def _cache(folder: Path) -> Path:
    return folder / "user-cache" / "roundup"
