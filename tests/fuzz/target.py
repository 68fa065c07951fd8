"""What a target is: a parser of bytes from outside, and real input to begin with."""

import functools
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from summarize.errors import RoundupError

Way = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """Parsers that are fuzzed together, each by its name: one `way` that bytes can go.

    A way returns a value or raises one of `errors`; all else is a finding. `seeds` gives real or
    sound input for each way, `tokens` what means something to them.
    """

    ways: dict[str, Way]
    seeds: Callable[[], dict[str, list[bytes]]]
    tokens: tuple[str, ...] = ()
    errors: tuple[type[Exception], ...] = (RoundupError,)

    def run(self, way: str, data: bytes) -> None:
        """Send bytes a way. What it raises is a finding."""
        try:
            self.ways[way](data)
            said = "."
        except self.errors as error:
            said = error.message if isinstance(error, RoundupError) else "."
        assert said.strip(), "an error that says nothing"
        assert "Traceback" not in said, said

    def mixed(self, data: bytes) -> tuple[str, bytes]:
        """Return the way that a fuzzer's first byte names, and the rest."""
        names = [*self.ways]
        return names[data[0] % len(names)] if data else names[0], data[1:]

    def corpus(self) -> Iterable[bytes]:
        """Yield the seeds as a fuzzer takes them, each with the byte that names its way."""
        names = [*self.ways]
        for way, seeds in self.seeds().items():
            for seed in seeds:
                yield bytes([names.index(way)]) + seed


@functools.cache
def scratch() -> Path:
    """Return a folder for what can only be read from a file; in memory where there is such."""
    memory = Path("/dev/shm")
    where = memory if memory.is_dir() else None
    folder = tempfile.TemporaryDirectory(prefix="roundup-fuzz-", dir=where)
    _KEPT.append(folder)  # it goes with the process
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def text_of(data: bytes) -> str:
    """Return bytes as the text that a file of them is read as."""
    return data.decode("utf-8", "replace")


def pieces(path: Path, size: int = 6_000, count: int = 3) -> list[bytes]:
    """Return the beginning of a file, and stretches further on; nothing where it is not there."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    step = max(size, len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), step)][:count]
