"""A download on disk: what came so far, and what may resume it."""

import contextlib
import importlib.util
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from summarize.errors import StoreError, Transient

CAN_LOCK = importlib.util.find_spec("fcntl") is not None  # not on Windows


class Download(NamedTuple):
    """A body on disk, with what the server said of it."""

    path: Path
    url: str  # after redirects
    content_type: str
    content_encoding: str


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[Path]:
    """Yield where to download to: `path`, or a name beside it while another run is at it.

    The claim is a lock that ends with its process, however that ends.
    """
    other = path.with_name(f"{path.name}-{uuid.uuid4().hex[:8]}")
    if not CAN_LOCK:  # no two downloads share a name, and none is resumed
        yield other
        return
    import fcntl

    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    except OSError as error:
        raise _unkept(path, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield other
            return
        try:
            yield path
        finally:
            lock.unlink(missing_ok=True)


def _is_one(validator: object) -> bool:
    """Tell whether what a note says can stand in a header: what lies on a disk may be damaged."""
    return (
        isinstance(validator, str)
        and validator != ""
        and validator.isascii()
        and validator.isprintable()
    )


def _unkept(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"a download can't be kept in {path.parent}: {error.strerror}",
        "free some space, or name another folder with --cache-dir",
    )


class Partial:
    """A download in progress: `NAME`, and `NAME.part` with `NAME.json` until it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._note = path.with_name(path.name + ".json")
        self.size = 0

    def headers(self, url: str) -> dict[str, str]:
        """Return what asks for the rest only, where an earlier part has a validator."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            note = json.loads(self._note.read_text("utf-8"))
            size, validator = self._part.stat().st_size, note.get("validator")
            if size and note.get("url") == url and _is_one(validator):
                return {"Range": f"bytes={size}-", "If-Range": validator}
        return {}

    def begin(self, url: str, status: int, headers: Mapping[str, str]) -> None:
        """Get ready for a body: the rest of an earlier part, or all of it."""
        with self._kept():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            have = self._part.stat().st_size if self._part.exists() else 0
            if status == 206 and headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                self.size = have
                return
            if status == 206:
                self.forget()
                raise Transient("the server sent another part than was asked for")
            tag = headers.get("ETag", "")  # a weak tag may not resume a body (RFC 9110, 13.1.5)
            strong = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
            self._part.write_bytes(b"")
            self._note.write_text(json.dumps({"url": url, "validator": strong}), "utf-8")

    @contextlib.contextmanager
    def appending(self) -> Iterator[None]:
        """Hold the part open, so that `write` appends to it."""
        with self._kept():
            self._file: BinaryIO = self._part.open("ab")
        try:
            yield
        finally:
            with self._kept():
                self._file.close()

    def write(self, chunk: bytes) -> None:
        """Append what came."""
        with self._kept():
            self._file.write(chunk)
        self.size += len(chunk)

    def finish(self) -> None:
        """Make the part the whole."""
        with self._kept():
            self._part.replace(self.path)
            self._note.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove what was kept."""
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        """Tell a disk that fails from a network that does: both raise `OSError`."""
        try:
            yield
        except OSError as error:
            raise _unkept(self.path, error) from error
