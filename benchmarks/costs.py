"""Measure what a command takes before its work begins, and what a paper takes: bytes and tokens.

    python benchmarks/costs.py [--shared PATH] [--papers N] [--rounds N] [--home DIR]

Start-up: whole commands, the best of the rounds. Bytes: what the cache holds after a run. Tokens:
of the requests, counted with cl100k_base.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from arguments import arguments, missing
from machine import described
from overhead import papers_list, stub
from peer_set import PEERS, Missing, environment
from peers import HOME
from taken import Taken, take
from tokens import encoding

from summarize import backends, prompts, read
from summarize.questions import Questions
from summarize.records import Document, Paper
from summarize.settings import Settings

CONTEXTS = (4_096, 8_192, 16_384, 32_768)
LIBRARIES = ["paper-roundup", "litellm", "tiktoken"]
ROUNDUP = [sys.executable, "-m", "summarize"]
LLM = next(peer for peer in PEERS if peer.folder == "llm")


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = arguments(__doc__)
    parser.add_argument("--papers", type=int, default=67, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--home", type=Path, default=HOME, metavar="DIR")
    options = parser.parse_args()
    corpus = options.shared / "corpus" / "icml2015"
    if missing(corpus, linux=True):
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = papers_list(corpus, folder / "list.csv", options.papers)
        print(_bytes(folder, table, options), "", sep="\n")
        print(_starts(folder, table, options), "", sep="\n")
    pdfs = sorted((corpus / "pdfs").glob("*.pdf"))[: options.papers]
    print(_tokens([read.read(pdf.read_bytes()) for pdf in pdfs]))
    print(f"\n{described(LIBRARIES)}")
    return 0


def _starts(folder: Path, table: Path, options: argparse.Namespace) -> str:
    """Return the table of what commands take that have nothing to do."""
    cached = _draft(folder, table, "--model", "extractive")
    commands: dict[str, list[str | Path]] = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`roundup --help`": [*ROUNDUP, "--help"],
        f"`roundup draft`, {options.papers} papers, all cached": cached,
        "`python -c 'import litellm'`": [sys.executable, "-c", "import litellm"],
    }
    try:
        commands["`llm --help`"] = [environment(LLM, options.home) / "llm", "--help"]
    except Missing as why:
        print(f"left out: {why}", file=sys.stderr)
    lines = ["| command | wall s | CPU s | memory, MB |", "|---|---:|---:|---:|"]
    for name, command in commands.items():
        best = min((_done(command) for _ in range(options.rounds)), key=lambda taken: taken.worked)
        lines.append(f"| {name} | {best.wall:.2f} | {best.worked:.2f} | {best.memory:.0f} |")
    return "\n".join(lines)


def _done(command: list[str | Path]) -> Taken:
    taken = take(command, env=os.environ | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"})
    if taken.code:
        raise SystemExit(f"{' '.join(map(str, command))}: {taken.err}")
    return taken


def _draft(folder: Path, table: Path, *options: str) -> list[str | Path]:
    return [*ROUNDUP, "draft", table, "--quiet", "--yes", "--force", "--cache-dir",
            folder / "cache", "-o", folder / "post.md", *options]  # fmt: skip


def _bytes(folder: Path, table: Path, options: argparse.Namespace) -> str:
    """Return the table of what the cache holds of each paper after each kind of run."""
    lines = ["| after | cache, kB a paper |", "|---|---:|"]
    before = 0.0
    _done(_draft(folder, table, "--model", "extractive"))
    for what, more in {
        "reading the PDFs, and their summaries by `extractive`": [],
        "summaries of a model as well (two notes' worth of the stub)": ["default"],
        "and with a second prompt": ["skeptic"],
    }.items():
        for prompt in more:
            with stub(options.shared, 0.05) as address:
                model = ["--model", "local/stub", "--api-base", f"{address}/v1"]
                _done(_draft(folder, table, *model, "--prompt", prompt, "--jobs", "8"))
        size = sum(f.stat().st_size for f in (folder / "cache").rglob("*") if f.is_file())
        each = size / options.papers / 1000
        lines.append(f"| {what} | {each:.1f} ({each - before:+.1f}) |")
        before = each
    return "\n".join(lines)


def _tokens(documents: list[Document]) -> str:
    """Return the table of tokens sent of a paper, by prompt and by the model's context."""
    lines = [
        "| prompt | " + " | ".join(f"context {size:,}" for size in CONTEXTS) + " |",
        "|---|" + "---:|" * len(CONTEXTS),
    ]
    for name in sorted(prompts.paths()):
        means = [statistics.mean(_sent(name, size, each) for each in documents)
                 for size in CONTEXTS]  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(f"{mean:,.0f}" for mean in means) + " |")
    return "\n".join(lines)


def _sent(prompt: str, context: int, document: Document) -> int:
    settings = Settings(model="local/stub", window=context)
    questions = Questions(prompts.load(prompt), backends.choose(settings.model), settings)
    request = questions.about(Paper(key="", title=document.title), document).request
    text = "\n".join(message.content for message in request.messages)
    return len(encoding().encode(text, disallowed_special=()))


if __name__ == "__main__":
    sys.exit(main())
