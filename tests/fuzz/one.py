"""One target under Atheris, which looks for inputs that reach code no other has reached.

    python -m tests.fuzz.one TARGET SECONDS FOLDER

`FOLDER/corpus` keeps what it has found worth keeping, `FOLDER/record.json` what was done.
Atheris (https://github.com/google/atheris) is libFuzzer for Python.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

MOST = 30_000  # bytes of an input
HANGS = 300  # seconds by the clock, on a busy machine, after which libFuzzer gives an input up
EVERY = 5.0  # seconds


def _quoted(token: str) -> str:
    """Return a token as libFuzzer's dictionaries have it."""
    plain = (chr(b) if chr(b).isalnum() and b < 128 else f"\\x{b:02x}" for b in token.encode())
    return f'"{"".join(plain)}"\n'


def main() -> None:
    """Fuzz until the time is over. What goes wrong is written down, and the search goes on."""
    import atheris

    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    # What is imported in here is watched: what sound input needs, and no more, as it takes time.
    with atheris.instrument_imports(include=["summarize"], enable_loader_override=False):
        from tests.fuzz.finding import kept, smaller, tried
        from tests.fuzz.mutation import changed
        from tests.fuzz.targets import TARGETS

        target = TARGETS[name]
        for seed in target.corpus():
            tried(target, *target.mixed(seed))
    inputs, kinds = Counter[str](), set[str]()
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.corpus()):
        (corpus / f"seed-{number}").write_bytes(seed[:MOST])
    (folder / "tokens").write_text("".join(map(_quoted, target.tokens)), "ascii")
    start, told = time.monotonic(), 0.0

    def record() -> None:
        done = {"inputs": inputs, "seconds": time.monotonic() - start, "cpu": time.process_time()}
        made = folder / "record.tmp"
        made.write_text(json.dumps(done))
        made.replace(folder / "record.json")

    def one(mixed: bytes) -> None:
        nonlocal told
        way, data = target.mixed(mixed)
        inputs[way] += 1
        found = tried(target, way, data)
        if found and f"{way} {found.kind}" not in kinds:
            kinds.add(f"{way} {found.kind}")
            path = kept(name, found, smaller(target, found, data))
            print(f"\nFOUND {name} {way}: {found.kind}\n{path}\n{found.said}", file=sys.stderr)
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            record()

    def mutant(data: bytes, most: int, seed: int) -> bytes:
        new = changed(data, seed) if seed % 2 else None
        return new if new and len(new) <= most else bytes(atheris.Mutate(data, most))

    atheris.Setup(
        [
            sys.argv[0], f"-max_total_time={seconds}", f"-timeout={HANGS}", f"-max_len={MOST}",
            "-rss_limit_mb=4000", f"-dict={folder / 'tokens'}", f"-artifact_prefix={folder}/",
            "-reload=0", "-print_final_stats=1", "-verbosity=1", str(corpus),
        ],
        one,
        custom_mutator=mutant,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
