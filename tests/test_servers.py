"""Servers of models: what each fault of each kind of server leads to, and what is really sent."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from summarize import backends
from summarize.backends.dialect import refusal
from summarize.backends.finding import find
from summarize.backends.local import SERVERS
from summarize.errors import BackendError, InputError, RoundupError
from summarize.pipeline import Run
from summarize.progress import Several
from summarize.prompts import load
from summarize.records import Done, Outcome, Paper, Request, Skipped
from summarize.settings import Clock, Settings
from summarize.web import Answer
from tests.conftest import Roundup, Stub, StubServer
from tests.listening import Listening
from tests.test_draft import icml_list

ABSTRACT = (
    "We study how fast a queue empties when its servers sleep between jobs. We prove that waiting "
    "times stay bounded, and we measure them on three clusters: sleeping saves 31% of the power."
)
PAPER = Paper(key="p", title="Queues that sleep", abstract=ABSTRACT)


def outcome(settings: Settings, clock: Clock, paper: Paper = PAPER) -> Outcome:
    """Walk one paper, of whose abstract a model is asked."""

    async def walked() -> Outcome:
        backend = backends.choose(settings.model)
        run = Run(
            prompt=load("default"),
            backend=backend,
            settings=backend.located(settings, os.environ),
            clock=clock,
            progress=Several([]),
        )
        (result,) = [result async for result in run.outcomes([paper])]
        assert isinstance(result, Done | Skipped)
        return result

    return asyncio.run(walked())


def script(server: Stub, *steps: str) -> None:
    """Tell a stub server what to answer next."""
    body = json.dumps({"script": steps}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{server.url}/__script", body)).close()


def test_a_server_that_does_not_answer_has_not_counted() -> None:
    """Whether it is gone, asking tells, and waits for it: no paper is lost to a count."""
    settings = Settings(model="llamacpp/m", api_base="http://127.0.0.1:9/v1")

    async def counted() -> int | None:
        async with backends.choose(settings.model).connect(settings, Clock()) as model:
            return await model.count(Request(model=settings.model))

    assert asyncio.run(counted()) is None


AT_ONCE, RETRIED, REPAIRED, SMALLER, STOPPED = (
    "at once",
    "retried",
    "repaired",
    "smaller",
    "stopped",
)
LEADS_TO = {
    "ok": AT_ONCE,
    "429": RETRIED,
    "429date": RETRIED,
    "500": RETRIED,
    "503": RETRIED,
    "drop": RETRIED,
    "reset": RETRIED,
    "hang": RETRIED,
    "401": STOPPED,
    "404": STOPPED,
    "ctx": RETRIED,  # an abstract fits any window: it is asked again as it is
    "trunc": SMALLER,
    "think_unclosed": SMALLER,
    "invalid": REPAIRED,
    "badjson": REPAIRED,
    "empty": REPAIRED,
    "null": REPAIRED,
    "think": AT_ONCE,
    "think_noopen": AT_ONCE,
    "reasoning": AT_ONCE,
    "fence": AT_ONCE,
    "prose": AT_ONCE,
    "nousage": AT_ONCE,
    "slow": AT_ONCE,
}
# The shapes that the stub speaks: the model, and what its address ends in.
SHAPES = {
    "openai, light": ("local/m", "/v1"),
    "ollama, light": ("ollama/m", ""),
    "openai, litellm": ("openai/m", "/v1"),
    "anthropic, litellm": ("anthropic/claude-haiku-4-5", ""),
    "gemini, litellm": ("gemini/gemini-2.5-flash", ""),
}
# What a shape does not have: litellm retries a reset body itself, and the stub's Anthropic tool
# and Gemini answers bear no such faults.
_TEXTS = {"think", "think_noopen", "think_unclosed", "reasoning", "trunc", "invalid", "badjson",
          "empty", "null", "fence", "prose", "nousage", "ctx"}  # fmt: skip
NOT_THERE = {
    "anthropic, litellm": _TEXTS,
    "gemini, litellm": {"reasoning", "nousage", "trunc", "think_unclosed", "ctx", "null"},
    "ollama, light": {"reasoning", "nousage"},
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_each_fault_leads_to_what_it_should(
    shape: str, stub: StubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fault and then none: asked again, asked about less, or stopped, as the table says."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, "sk-none")
    server = stub("--latency", "0", "--retry-after", "0")
    model, end = SHAPES[shape]
    wrong = {}
    for number, (fault, leads_to) in enumerate(LEADS_TO.items()):
        if fault in NOT_THERE.get(shape, ()):
            continue
        script(server, fault)
        before = len(asked(server))
        settings = Settings(
            model=model, api_base=f"{server.url}{end}", abstract_only=True, attempts=3,
            cache_dir=tmp_path / str(number), patience=0.2, local_timeout=2.0, request_timeout=4.0,
        )  # fmt: skip
        try:
            got = outcome(settings, Clock())
        except BackendError:
            got = None
        seen = what_happened(got, [r["body"] for r in asked(server)[before:]])
        if seen != leads_to:
            wrong[fault] = (seen, leads_to)
    assert not wrong


def asked(server: Stub) -> list[dict[str, Any]]:
    """Return the requests for a reply that a server was sent."""
    posted = (r for r in server.questions() if r["method"] == "POST")
    return [r for r in posted if "/show" not in r["target"]]


def what_happened(got: Outcome | None, bodies: list[dict[str, Any]]) -> str:
    """Name what became of a paper whose first request met a fault."""
    if got is None:
        return STOPPED
    if not isinstance(got, Done):
        return f"skipped: {got.reason}"
    if len(bodies) == 1:
        return AT_ONCE
    turns = [len(body.get("messages") or body.get("contents") or ()) for body in bodies]
    if turns[-1] > turns[0]:
        return REPAIRED
    said = any("asked again with less" in warning for warning in got.receipt.warnings)
    if said or got.receipt.share < 1:
        return SMALLER
    return RETRIED


@pytest.mark.parametrize(("model", "end"), [("llamacpp/m", "/v1"), ("ollama/m", "")])
def test_bounds_are_always_sent(
    model: str, end: str, stub: StubServer, tmp_path: Path, clock: Clock
) -> None:
    """Every request has a schema whose strings and lists are bounded, and a limit of tokens."""
    server = stub("--latency", "0")
    settings = Settings(
        model=model, api_base=f"{server.url}{end}", abstract_only=True, cache_dir=tmp_path / "c",
        window=4_096,
    )  # fmt: skip
    assert isinstance(outcome(settings, clock), Done)
    body = asked(server)[-1]["body"]
    if "options" in body:
        schema, limit = body["format"], body["options"]["num_predict"]
        assert body["options"]["num_ctx"] == 4_096
        assert body["keep_alive"]
        assert body["stream"] is False
    else:
        schema, limit = body["response_format"]["json_schema"]["schema"], body["max_tokens"]
    assert 600 <= limit <= 4_096 // 4
    note = schema["$defs"]["Note"]["properties"]
    longest = schema["properties"]["notes"]["maxItems"] * (
        note["text"]["maxLength"] + note["quote"]["maxLength"]
    )
    assert schema["properties"]["tldr"]["maxLength"] + longest < 3 * limit


@pytest.mark.parametrize("model", ["local/m", "ollama/m", "openai/m"])
def test_a_server_that_cuts_in_silence_is_caught(
    model: str, icml: Path, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A server that keeps the last 2,048 tokens is found out for each paper, and asked for less."""
    server = stub("--latency", "0", "--keep-tokens", "2048")
    end = "" if model.startswith("ollama") else "/v1"
    ran = roundup(
        "draft", icml_list(icml, tmp_path / "l.csv", count=20), "--pdf-dir", icml / "pdfs",
        "--model", model, "--api-base", f"{server.url}{end}", "--json", "--cache-dir", "c",
        "--jobs", "1",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    done = [e for e in map(json.loads, ran.stdout.splitlines()) if e["event"] == "done"]
    assert len(done) == 20
    receipts = [event["receipt"] for event in done]
    assert all(each["tokens_read"] < 2_048 * each["requests"] for each in receipts)
    assert all(event["receipt"]["share"] < 1 for event in done)
    assert "read only 2,048 of about" in ran.stderr


@pytest.mark.parametrize(
    ("model", "base", "says", "hint"),
    [
        ("ollama/x", "http://127.0.0.1:9", "nothing listens at 127.0.0.1:9", "ollama serve"),
        ("llamacpp/x", "http://127.0.0.1:9/v1", "nothing listens at", "llama-server -m"),
        ("gpt-4o", None, "gpt-4o needs a key", "OPENAI_API_KEY"),
        ("anthropic/claude", None, "needs a key", "ANTHROPIC_API_KEY"),
        ("nonsense", None, "no service is known that has a model nonsense", "its provider before"),
    ],
)
def test_what_can_not_work_is_said_before_anything_is_fetched(
    model: str, base: str | None, says: str, hint: str, tmp_path: Path, clock: Clock
) -> None:
    """No server or no key: one message with what to do, and no PDF was asked for."""
    settings = Settings(model=model, api_base=base, cache_dir=tmp_path)
    paper = Paper(key="p", title="T", url="http://127.0.0.1:9/p.pdf")
    with pytest.raises(BackendError, match=says) as caught:
        outcome(settings, clock, paper)
    assert hint in caught.value.hint


@pytest.mark.parametrize("status", [404, 405, 400])
def test_a_web_server_is_no_models_server(status: int) -> None:
    """What sends web pages is told from a server that does not know the model; no page is shown."""
    page = Answer(status, "<!DOCTYPE html><h1>Not here</h1>")
    meant = refusal(page, Settings(model="local/x"), SERVERS["local"], proven=False)
    assert isinstance(meant, BackendError)
    assert meant.message.endswith(f"sends web pages ({status}): it is no model's server")


@pytest.mark.parametrize(
    ("model", "base", "says"),
    [
        ("local/x", None, "needs the address of its server"),
        ("ollama/", None, "names no model"),
        ("gguf:nowhere.gguf", None, "No such file"),
        ("gguf:pyproject.toml", None, "it is no GGUF file"),
    ],
)
def test_a_model_that_can_not_be_meant_is_refused(model: str, base: str | None, says: str) -> None:
    """A name without a model, an address or a file is refused before the run begins."""
    with pytest.raises(InputError, match=says):
        backends.choose(model).located(Settings(model=model, api_base=base), {})


@pytest.mark.parametrize(
    ("model", "environment", "base"),
    [
        ("ollama/x", {}, "http://127.0.0.1:11434"),
        ("ollama/x", {"OLLAMA_HOST": "0.0.0.0"}, "http://127.0.0.1:11434"),
        ("ollama/x", {"OLLAMA_HOST": ":9999"}, "http://127.0.0.1:9999"),
        ("ollama/x", {"OLLAMA_HOST": "box.local:9999"}, "http://box.local:9999"),
        ("llamacpp/x", {}, "http://127.0.0.1:8080/v1"),
        ("llamacpp/x", {"LLAMACPP_API_BASE": "http://[::1]:1/"}, "http://[::1]:1/v1"),
        ("local/x", {"OPENAI_BASE_URL": "http://h/llm/v1/"}, "http://h/llm/v1"),
    ],
)
def test_where_a_server_is(model: str, environment: dict[str, str], base: str) -> None:
    """Addresses are completed as people write them: a host, a port, no path."""
    located = backends.choose(model).located(Settings(model=model), environment)
    assert located.api_base == base


def test_a_key_is_told_to_the_server_alone(
    stub: StubServer, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server's key goes with each request, and into no file that is kept, nor what is said."""
    monkeypatch.setenv("ROUNDUP_API_KEY", "sk-planted-secret")
    server = stub("--latency", "0")
    settings = Settings(
        model="local/m", api_base=f"{server.url}/v1", abstract_only=True, cache_dir=tmp_path / "c"
    )
    got = outcome(settings, clock)
    assert asked(server)[0]["headers"]["authorization"] == "Bearer sk-planted-secret"
    assert "planted" not in got.model_dump_json()
    located = backends.choose("local/m").located(settings, os.environ)
    assert "planted" not in repr(located)
    held = [path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()]
    assert held
    assert not any(b"planted" in data for data in held)


def test_models_lists_what_is_there(stub: StubServer, roundup: Roundup) -> None:
    """Servers that variables name are listed with their models, and the one in use is marked."""
    server = stub("--latency", "0")
    environment = os.environ | {"OLLAMA_HOST": server.url, "VLLM_API_BASE": "http://127.0.0.1:9"}
    ran = roundup("models", "--model", "ollama/fake:latest", env=environment)
    assert ran.returncode == 0, ran.stderr
    assert "*  ollama/fake:latest  8,192    held" in ran.stdout
    assert "! vLLM at http://127.0.0.1:9/v1: nothing listens" in ran.stdout


def test_a_remembered_model_is_used(roundup: Roundup, tmp_path: Path) -> None:
    """`models use` is kept in the workspace's file, with its comments; a flag still wins."""
    (tmp_path / "roundup.toml").write_text("# mine\n[draft]\njobs = 2  # few\n")
    assert (
        roundup("models", "use", "llamacpp/m", "--api-base", "http://127.0.0.1:9").returncode == 0
    )
    held = (tmp_path / "roundup.toml").read_text()
    assert held.startswith("# mine\n[draft]\njobs = 2  # few\n")
    assert "*  llamacpp/m" in roundup("models").stdout
    assert "*  extractive" in roundup("models", "--model", "extractive").stdout


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_remembered_server_is_for_its_model(
    by_variable: bool, roundup: Roundup, stub: StubServer, tmp_path: Path
) -> None:
    """A server that is remembered with a model is asked for models of its kind alone."""
    server = stub("--latency", "0")
    papers = tmp_path / "l.csv"
    papers.write_text(f'title,abstract\nA paper,"{ABSTRACT}"\n')
    environment = os.environ | {"OLLAMA_HOST": "http://127.0.0.1:9"}
    if by_variable:
        environment |= {"ROUNDUP_MODEL": "local/fake", "ROUNDUP_API_BASE": f"{server.url}/v1"}
    else:
        (tmp_path / "roundup.toml").touch()
        base = ("--api-base", f"{server.url}/v1")
        assert roundup("models", "use", "local/fake", *base).returncode == 0
    command = ("draft", papers, "--abstract-only", "--cache-dir", "c", "-o", "p.md")
    ran = roundup(*command, "--model", "ollama/x", env=environment)
    assert ran.returncode == 1
    assert "ollama/x gives no answer: nothing listens" in ran.stderr
    assert server.requests() == []
    ran = roundup(*command, "--model", "local/another", env=environment)
    assert ran.returncode == 0, ran.stderr
    assert server.requests()


def test_doctor_says_what_is_amiss(roundup: Roundup) -> None:
    """With the embedded summarizer all is well; a model without its server is said, exit 1."""
    well = roundup("doctor")
    assert well.returncode == 0, well.stdout
    assert "ok  model extractive; no text leaves this machine" in well.stdout
    environment = os.environ | {"OPENAI_API_KEY": "sk-planted"}
    ill = roundup("doctor", "--model", "ollama/x", env=environment)
    assert ill.returncode == 1
    assert "!!  ollama/x gives no answer: nothing listens" in ill.stdout
    assert "keys in the environment: OPENAI_API_KEY" in ill.stdout
    assert "planted" not in ill.stdout + ill.stderr


def test_finding_survives_any_answer(tmp_path: Path, clock: Clock, stub: StubServer) -> None:
    """A server that answers nonsense is named with what is wrong."""
    server = stub("--latency", "0")
    settings = Settings(model="local/m", api_base=f"{server.url}/__stats")  # JSON, but no list
    found, silent = asyncio.run(find(settings, {}, clock, probe=False))
    (one,) = [one for one in silent if server.url in one.base]
    assert one.problem.endswith("is not a server of models")
    assert not [model for model in found if server.url in model.base]


# --- a real llama.cpp ---


@pytest.fixture(scope="session")
def model_file(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small model of random weights."""
    pytest.importorskip("xllamacpp")
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    script_ = shared / "tools" / "make_tiny_gguf.py"
    subprocess.run([sys.executable, str(script_), str(path)], check=True, capture_output=True)
    return path


@pytest.mark.parametrize(
    ("flags", "whole"),
    [
        (("--script", "trunc"), False),
        (("--keep-tokens", "2048"), False),
        (("--script", "ok,trunc"), True),
        (("--keep-tokens", "2048"), True),
    ],
)
def test_a_receipt_has_all_that_the_server_read(
    flags: tuple[str, ...], whole: bool, icml: Path, roundup: Roundup, stub: StubServer,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Replies that were cut off, and those of prompts that were, are in the receipt's tokens."""
    server = stub("--latency", "0", *flags)
    ran = roundup(
        "draft", icml_list(icml, tmp_path / "l.csv", count=1), "--pdf-dir", icml / "pdfs",
        "--model", "local/m", "--api-base", f"{server.url}/v1", "--json", "--cache-dir", "c",
        *(("--read", "whole", "--context", "8192") if whole else ()),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    (done,) = [e for e in map(json.loads, ran.stdout.splitlines()) if e["event"] == "done"]
    asked = [r["body"]["messages"] for r in server.requests() if r["method"] == "POST"]
    assert len(asked) > 1
    assert done["receipt"]["requests"] == len(asked)
    most = 2_048 if flags[0] == "--keep-tokens" else 10**9
    read = [min(most, (2 + len(" ".join(m["content"] for m in each))) // 4) for each in asked]
    assert done["receipt"]["tokens_read"] == sum(read)  # as the stub counts


@pytest.mark.slow
def test_a_gguf_file_alone_is_enough(
    model_file: Path, icml: Path, roundup: Roundup, tmp_path: Path
) -> None:
    """llama.cpp is started for a file, answers for each paper, counts as we do, and is gone."""
    ran = roundup(
        "draft", icml_list(icml, tmp_path / "l.csv", count=3), "--pdf-dir", icml / "pdfs",
        "--model", f"gguf:{model_file}", "--context", "4096", "--json", "--cache-dir", "c",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    done = [e for e in map(json.loads, ran.stdout.splitlines()) if e["event"] == "done"]
    assert len(done) == 3
    for receipt in (event["receipt"] for event in done):
        assert receipt["tokens_sent"] == receipt["tokens_read"]
        assert receipt["tokens_read"] < 4_096 * receipt["requests"]
    left = subprocess.run(["pgrep", "-f", str(model_file)], capture_output=True, check=False)
    assert not left.stdout


def test_a_damaged_model_is_one_message(model_file: Path, tmp_path: Path, clock: Clock) -> None:
    """A file that begins well and ends too soon stops the run with what is wrong."""
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(model_file.read_bytes()[:300_000])
    with pytest.raises(RoundupError, match=r"can't be loaded|can't be used as a model"):
        outcome(Settings(model=f"gguf:{cut}", abstract_only=True, cache_dir=tmp_path / "c"), clock)


class Gossip(BaseHTTPRequestHandler):
    """A server that repeats the key it was given, in its refusals and in its summaries."""

    refuses = True

    def do_GET(self) -> None:
        """List one model."""
        self.say(200, {"data": [{"id": "m"}]})

    def do_POST(self) -> None:
        """Answer a request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Authorization"]
        if self.refuses:
            self.say(400, {"error": {"message": f"no good, {key}, not at all", "code": "bad"}})
            return
        told = json.dumps({"tldr": f"Queues that sleep save power, said {key}.", "notes": []})
        choice = {"message": {"role": "assistant", "content": told}, "finish_reason": "stop"}
        self.say(200, {"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]})

    def say(self, status: int, data: object) -> None:
        """Send JSON."""
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.slow
@pytest.mark.parametrize("model", ["local/m", "openai/m"])
def test_a_key_is_nowhere_to_be_found(model: str, roundup: Roundup, tmp_path: Path) -> None:
    """No file of a run, no event, trace or report has a key, though the server repeats it."""
    (tmp_path / "l.csv").write_text(f"title,abstract\n{PAPER.title},{json.dumps(ABSTRACT)}\n")
    environment = os.environ | {"ROUNDUP_API_KEY": "sk-planted", "OPENAI_API_KEY": "sk-planted"}
    said = ""
    with Listening(Gossip) as server:
        base = f"{server.url}/v1"
        for Gossip.refuses in (True, False):
            for words in (
                ("draft", "l.csv", "--model", model, "--api-base", base, "--abstract-only",
                 "--cache-dir", "c", "--json", "--log-file", "run.log", "--trace", PAPER.title),
                ("report", "--cache-dir", "c", *([] if Gossip.refuses else ["--trace", "queue"])),
            ):  # fmt: skip
                ran = roundup(*words, env=environment)
                said += ran.stdout + ran.stderr
    assert "no good, Bearer (key), not at all" in said
    assert "said Bearer (key)" in (tmp_path / "l.md").read_text()
    held = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(held) > 4
    assert not any(b"planted" in data for data in [*held, said.encode()])
