"""Targets: files that people, other versions and damage leave: settings, notes, ledgers, models."""

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

from summarize import output, prompts, published, seal
from summarize.backends.gguf_header import NotGguf, header
from summarize.cli import voice, workspace
from summarize.errors import RoundupError
from summarize.ledger import Ledger
from summarize.partial import Partial
from summarize.records import Document, Paper
from summarize.seal import Line
from summarize.state import Known, Made, State
from tests.conftest import ROOT
from tests.fuzz.target import Target, scratch

_PAPER = Paper(key="k", title="A", authors=("B",), venue="C")


def prompt(data: bytes) -> None:
    """Read a person's prompt, and render it."""
    path = scratch() / "p.toml"
    path.write_bytes(data)
    found = prompts.adapted(prompts.read(path), language="German")
    prompts.for_model(
        found, _PAPER, Document(text="x", engine="none"), tokens=100, model="m", endpoint="e"
    )


def settings(data: bytes) -> None:
    """Read a workspace's file."""
    path = scratch() / workspace.FILE
    path.write_bytes(data)
    try:
        workspace.find(path.parent)
    finally:
        path.unlink()


def examples(data: bytes) -> None:
    """Read the examples of a person's own voice."""
    path = scratch() / voice.FILE
    path.write_bytes(data)
    voice.load(workspace.Workspace(root=path.parent))


def note(data: bytes) -> None:
    """Read what is remembered of a post, and write it anew."""
    post = scratch() / "p.md"
    post.write_bytes(b"x\n")
    beside = post.with_name(".p.md.roundup.json")
    beside.write_bytes(data)
    prior = output.remembered(post)
    output.check(post, force=True)
    output.write(post, "y\n", prior, "2024-05-07", State(base=("y",)))
    assert output.remembered(post).text == "y\n"


def copies(data: bytes) -> None:
    """Read what is remembered of a post's copies at sites."""
    post = scratch() / "q.md"
    post.with_name(".q.md.published.json").write_bytes(data)
    published.save(post, published.load(post))


def part(data: bytes) -> None:
    """Resume a download by the note beside it."""
    path = scratch() / "download"
    path.with_name("download.part").write_bytes(b"%PDF-1.4")
    path.with_name("download.json").write_bytes(data)
    for name, value in Partial(path).headers("https://a.org/b").items():
        assert isinstance(name, str)
        assert isinstance(value, str), "a header that is no text"
        assert "\n" not in value, "a header of two lines"


def ledger(data: bytes) -> None:
    """Take up the ledger of a run that ended early, look things up, go on."""
    folder = Path(tempfile.mkdtemp(dir=scratch()))
    try:
        (folder / "00000001-host-1-abc.open").write_bytes(data)
        book = Ledger(folder)
        with contextlib.closing(book):
            book.left()
            kept = dict(book.everything())
            book.damaged()
            book.write("set", "new", "value", durable=False)
            assert book.find("new") == "value"
            assert {**kept, "new": "value"} == dict(Ledger(folder).everything())
    finally:
        shutil.rmtree(folder)


def sealed(data: bytes) -> None:
    """Read a text with its checksum."""
    seal.unsealed("key", data.decode("utf-8", "replace"))
    seal.legible_key(data)


def model(data: bytes) -> None:
    """Read the head of a model's file."""
    path = scratch() / "model.gguf"
    path.write_bytes(data)
    found = header(path)
    assert found.context_length >= 0
    assert found.bytes_per_token >= 0


def _settings() -> dict[str, list[bytes]]:
    whole = (
        '[draft]\nmodel = "local/m"\njobs = 4\nbudget = 1.5\nstrict = true\ncache-dir = "c"\n'
        '[post]\ncategories = ["a"]\ntags = []\nformat = "hugo"\nframe = "f.md"\nfolder = "p"\n'
        '[web]\ncontact = "a@b.org"\nallow-private = true\n[mirrors]\n"arxiv.org" = "https://m.org"\n'
        '[export]\nhtml = "t.html"\n[publish]\nsite = "https://s.org"\nkind = "ghost"\n'
    )
    own = '[[example]]\ntitle = "A"\ntext = "B is what they did."\n'
    return {
        "prompt": [path.read_bytes() for path in sorted((ROOT / "prompts").glob("*.toml"))],
        "workspace": [whole.encode(), *(line.encode() for line in whole.split("[")[1:])],
        "voice": [own.encode()],
    }


def _kept() -> dict[str, list[bytes]]:
    made = Made(model="m", prompt="p")
    state = State(sha256="0", base=("a", "b"), papers={"k": Known(paper=_PAPER, made=made)})
    beside = {"date": "2024-05-07", "of": "x", "states": [state.model_dump(mode="json")]}
    copy = {"last": "https://s.org", "at": {"https://s.org": {"kind": "ghost", "id": "1",
            "media": {"0": {"url": "https://s.org/i.png", "id": 3}}}}}  # fmt: skip
    lines = [
        Line("sent", "k", "A Paper"), Line("set", "arrived k", '{"text": "x"}'),
        Line("set", "k", "a reply \u00e9"), Line("forget", "arrived k"), Line("back", "k"),
    ]  # fmt: skip
    return {
        "note": [json.dumps(beside).encode()],
        "copies": [json.dumps(copy).encode()],
        "download": [json.dumps({"url": "https://a.org/b", "validator": '"x"'}).encode()],
        "ledger": [b"".join(map(seal.written, lines)), b"\n", seal.written(lines[0]) * 3],
        "seal": [seal.sealed("key", "text").encode()],
        "gguf": [_gguf()],
    }


def _gguf() -> bytes:
    """Return the head of a small model's file."""
    import struct

    def text(words: str) -> bytes:
        return struct.pack("<Q", len(words)) + words.encode()

    pairs = [text("general.architecture") + struct.pack("<I", 8) + text("llama")]
    for name, value in (("context_length", 4096), ("block_count", 2), ("embedding_length", 64)):
        pairs.append(text(f"llama.{name}") + struct.pack("<II", 4, value))
    pairs.append(text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"))
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs)


TARGETS = {
    "settings": Target(
        {"prompt": prompt, "workspace": settings, "voice": examples},
        _settings,
        ("[draft]\n", "[post]\n", "[web]\n", '"""', "$text", "$title", "$$", "${", " = ", "true",
        "1",
         "[[", "]]", "{", "[params]\n", "1979-05-27", "nan", "\\u0000", "..", "[publish]\n"),
    ),
    "notes": Target(
        {"note": note, "copies": copies, "download": part, "ledger": ledger, "seal": sealed,
         "gguf": model},
        _kept,
        ('"states"', '"base"', '"papers"', "null", "[", "{", '["set","k","', "\n", "\\ud800", "[[",
         '"date"', '"of"', "\\n", '"validator"', "GGUF", "llama.", "\\u0000", "1e999"),
        (RoundupError, NotGguf),
    ),
}  # fmt: skip
