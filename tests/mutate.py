"""Mutants of good PDFs, made from a seed, and a run of them through the pool of workers.

    python -m tests.mutate --count 1000 [--seed 1] [--ocr] [--keep FOLDER] [PDF ...]

prints what became of them: how many documents, which reasons, how long, how much memory.
"""

import argparse
import asyncio
import os
import random
import re
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarize import read
from summarize.errors import ExtractError
from summarize.records import Document
from summarize.settings import MB, Settings
from summarize.workers import Pool
from tests.processes import Peak

Mutation = Callable[[random.Random, bytes, bytes], bytes]
_OBJECT = re.compile(rb"(?<=[\r\n])\d+ \d+ obj\b.*?\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"1", b"-1", b"65536", b"2147483647", b"4294967296", b"99999999999999999999",
            b"0.0000001", b"1e9")  # fmt: skip


def cut(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Lose the end."""
    return pdf[: rng.randrange(len(pdf))]


def flip_bytes(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Change some bytes to others."""
    found = bytearray(pdf)
    for _ in range(rng.choice((1, 5, 50, 500))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def flip_bits(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Change single bits."""
    found = bytearray(pdf)
    for _ in range(rng.choice((1, 10, 100))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def splice(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Begin as one file and end as another."""
    return pdf[: rng.randrange(len(pdf))] + other[rng.randrange(len(other)) :]


def delete(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Lose a block."""
    start, end = _block(rng, pdf)
    return pdf[:start] + pdf[end:]


def duplicate(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Hold a block twice."""
    start, end = _block(rng, pdf)
    return pdf[:end] + pdf[start:]


def zero(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Hold nothing where there was a block."""
    start, end = _block(rng, pdf)
    return pdf[:start] + bytes(end - start) + pdf[end:]


def shuffle(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Hold the objects in another order, each under its own number or under another one's."""
    spans = [found.span() for found in _OBJECT.finditer(pdf)]
    order = rng.sample(spans, len(spans))
    if rng.random() < 0.5:
        order = rng.choices(spans, k=len(spans)) if spans else []
    made, at = list[bytes](), 0
    for (start, end), (first, last) in zip(spans, order, strict=True):
        made += pdf[at:start], pdf[first:last]
        at = end
    return b"".join((*made, pdf[at:]))


def renumber(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Say another number here and there: a size, a place, a reference, a count."""
    outside = _STREAM.sub(lambda found: b" " * len(found[0]), pdf)
    spans = [found.span() for found in _NUMBER.finditer(outside)]
    made, at = b"", 0
    for start, end in sorted(rng.sample(spans, min(len(spans), rng.choice((1, 3, 20))))):
        new = rng.choice((*_NUMBERS, pdf[slice(*rng.choice(spans))]))
        made += pdf[at:start] + new
        at = end
    return made + pdf[at:]


def repack(rng: random.Random, pdf: bytes, other: bytes) -> bytes:
    """Change what is packed inside a stream, so that it still unpacks."""
    found = list(_STREAM.finditer(pdf))
    for stream in rng.sample(found, min(len(found), 8)):
        try:
            inside = zlib.decompressobj().decompress(stream[1], 4 * MB)
        except zlib.error:
            continue
        if len(inside) > 16:
            change = rng.choice((flip_bytes, flip_bits, delete, duplicate, zero, renumber))
            packed = zlib.compress(change(rng, inside, other))
            pdf = pdf[: stream.start(1)] + packed + pdf[stream.end(1) :]
            break
    return pdf


def _block(rng: random.Random, pdf: bytes) -> tuple[int, int]:
    start = rng.randrange(len(pdf))
    return start, min(len(pdf), start + rng.choice((1, 16, 256, 4096, 65536)))


MUTATIONS: tuple[Mutation, ...] = (
    cut, flip_bytes, flip_bits, splice, delete, duplicate, zero, shuffle, renumber, repack,
)  # fmt: skip


def mutants(files: Sequence[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield as many mutants, each with its name: the same ones for the same files and seed."""
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        pdf, names = rng.choice(files), list[str]()
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            change = rng.choice(MUTATIONS)
            pdf = change(rng, pdf, rng.choice(files)) or b"\n"
            names.append(change.__name__)
        yield f"{seed}-{number}-{'-'.join(names)}", pdf


@dataclass
class Ends:
    """What became of a number of mutants."""

    documents: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    peak: int = 0
    works: bool = False

    def table(self) -> str:
        """Return it for a person to read."""
        rows = [(self.documents, "documents"), *((n, s) for s, n in self.reasons.most_common())]
        times = sorted(self.seconds, reverse=True)
        longest = [f"{seconds:8.1f} s  {name}" for seconds, name in times[:3]]
        return "\n".join(
            [
                *(f"{count:6}  {what}" for count, what in rows),
                *longest,
                f"{self.peak / MB:8.0f} MB held by all processes together at most",
                f"the pool still works: {self.works}",
                *(f"STRANGE: {said}" for said in self.strange),
            ]
        )


def sane(message: str) -> bool:
    """Tell whether a reason is one line that a person can read."""
    return message.isprintable() and 5 < len(message) < 200 and "Traceback" not in message


async def run(
    cases: Iterable[tuple[str, bytes]], good: bytes, settings: Settings, keep: Path | None = None
) -> Ends:
    """Read all of them, then a good one."""
    ends = Ends()
    ahead = asyncio.Semaphore(8)

    async def one(name: str, pdf: bytes) -> None:
        began = [time.monotonic()]

        def started() -> None:
            began[0] = time.monotonic()

        try:
            await pool.run(read.read, Document, pdf, started=started)
            ends.documents += 1
        except ExtractError as error:
            said = re.sub(r"\d+", "N", error.message)
            ends.reasons[said] += 1
            if not sane(error.message):
                ends.strange.append(f"{name}: {error.message!r}")
            if keep and said.startswith("reading the PDF"):
                (keep / f"{name}.pdf").write_bytes(pdf)
        finally:
            ahead.release()
        ends.seconds.append((time.monotonic() - began[0], name))

    with Peak() as peak:
        async with Pool(settings) as pool:
            async with asyncio.TaskGroup() as group:
                for case in cases:  # made as they are needed, a few ahead
                    await ahead.acquire()
                    group.create_task(one(*case))
            ends.works = bool((await pool.run(read.read, Document, good)).text)
    ends.peak = peak.bytes
    return ends


def main() -> None:
    """Make mutants, read them, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=20.0)
    parser.add_argument("--ocr", action="store_true", help="with OCR, which takes seconds each")
    parser.add_argument("--keep", type=Path, help="where to put what made a reader fail")
    given = parser.parse_args()
    if not given.ocr:
        os.environ["PATH"] = ""
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    papers = Path(__file__).parent.parent / "examples" / "papers"
    files = [path.read_bytes() for path in given.pdf or sorted(papers.glob("*.pdf"))]
    settings = Settings(workers=2, read_timeout=given.timeout)
    cases = mutants(files, given.count, given.seed)
    ends = asyncio.run(run(cases, files[0], settings, given.keep))
    sys.stdout.write(ends.table() + "\n")


if __name__ == "__main__":
    main()
