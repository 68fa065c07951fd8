"""What a fuzzer found: which inputs break a parser, each kind once, and as small as may be."""

import hashlib
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.target import Target

CRASHES = Path(__file__).parent / "crashes"
SLOW = 5.0  # seconds of this process, for inputs of a few thousand bytes, while it is measured
SMALLER = 20.0  # seconds that making an input smaller may take


@dataclass(frozen=True)
class Finding:
    """What went wrong: `kind` tells one from another, `said` is for a person."""

    way: str
    kind: str
    said: str = ""


def tried(target: Target, way: str, data: bytes) -> Finding | None:
    """Send bytes a way; return what went wrong, if anything did."""
    start = time.process_time()
    try:
        target.run(way, data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "/summarize/" in f.filename] or frames[-1:]
        at = f"{Path(ours[-1].filename).name}:{ours[-1].name}"
        said = "".join(traceback.format_exception(error))[-3000:]
        return Finding(way, f"{type(error).__name__} at {at}", said)
    seconds = time.process_time() - start
    if seconds > SLOW:
        return Finding(way, "slow", f"{seconds:.1f} s for {len(data):,} bytes")
    return None


def smaller(target: Target, found: Finding, data: bytes) -> bytes:
    """Return a smaller input that goes wrong in the same way."""
    end, size = time.monotonic() + SMALLER, max(1, len(data) // 2)
    if found.kind == "slow":
        return data
    while size and time.monotonic() < end:
        at, shrunk = 0, False
        while at < len(data) and time.monotonic() < end:
            less = data[:at] + data[at + size :]
            again = tried(target, found.way, less)
            if again and again.kind == found.kind:
                data, shrunk = less, True
            else:
                at += size
        size = size if shrunk and size > 1 else size // 2
    return data


def kept(name: str, found: Finding, data: bytes) -> Path:
    """Keep an input among the cases that tests replay."""
    digest = hashlib.sha256(data).hexdigest()[:10]
    path = CRASHES / name / f"{found.way.replace(' ', '-')}--{digest}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def cases() -> list[tuple[str, str, Path]]:
    """Return the kept cases: the target, the way and the file of each."""
    found = sorted(path for path in CRASHES.glob("*/*") if path.is_file())
    return [(path.parent.name, path.name.rpartition("--")[0], path) for path in found]
