"""How many tokens a paper takes, and how well `roundup plan` estimates that.

Counted with cl100k_base as litellm ships it, which needs no network; other models' tokenizers make
a tenth or two more or less of a text.
"""

import argparse
import importlib.util
import os
import statistics
import sys
from pathlib import Path

import corpora
import machine
import tiktoken

from summarize import plan, read
from summarize.errors import ExtractError
from summarize.settings import Settings
from summarize.text.excerpt import excerpt

LIBRARIES = ["paper-roundup", "tiktoken", "litellm"]


def main() -> None:
    """Print, for each corpus and for all, what is sent of its papers, in tokens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    shared = parser.parse_args().shared
    if not shared.is_dir():
        print(f"the papers are not in {shared}: name their folder with --shared", file=sys.stderr)
        sys.exit(2)
    print(machine.described(LIBRARIES))
    print(
        f"\n{'':10} papers  tokens (mean, median)  characters a token  estimate off by (mean, list)"
    )
    everything: list[tuple[int, int]] = []
    for corpus in (corpora.icml2015(shared), corpora.papers(shared)):
        counts = [count for paper in corpus.papers if (count := _count(paper.path))]
        everything += counts
        _print(corpus.name, counts)
    _print("all", everything)
    print(
        f"\nplan takes {plan.USUAL_PAPER:,} tokens and {plan.CHARACTERS_PER_TOKEN} characters each"
    )


def _count(path: Path) -> tuple[int, int] | None:
    """Return the characters sent of a paper, and their tokens; None if it can't be read."""
    try:
        document = read.read(path.read_bytes())
    except ExtractError:
        return None
    text = excerpt(document, Settings().paper_tokens).text
    return len(text), len(encoding().encode(text, disallowed_special=()))


def encoding() -> tiktoken.Encoding:
    """Return the tokenizer, from the file in litellm's package, without importing litellm."""
    found = importlib.util.find_spec("litellm")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0]) / "litellm_core_utils" / "tokenizers"
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    return tiktoken.get_encoding("cl100k_base")


def _print(name: str, counts: list[tuple[int, int]]) -> None:
    tokens = [count for _, count in counts]
    ratios = [characters / count for characters, count in counts]
    guesses = [characters / plan.CHARACTERS_PER_TOKEN for characters, _ in counts]
    off = statistics.mean(abs(g / t - 1) for g, t in zip(guesses, tokens, strict=True))
    whole = sum(guesses) / sum(tokens) - 1
    mean, median = statistics.mean(tokens), statistics.median(tokens)
    print(
        f"{name:10} {len(counts):6} {mean:8,.0f} {median:8,.0f}"
        f"       {statistics.mean(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        f"       {off:.0%} {whole:+.0%}"
    )


if __name__ == "__main__":
    main()
