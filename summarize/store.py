"""What was paid for or fetched, kept on disk. The only user of diskcache.

Three tiers, since they are worth different things: `pdfs` (evicted past a size), `documents`
(what this machine made of them: texts, extractive summaries, which address gave which PDF) and
`replies`, which were paid for and are never evicted. diskcache pickles what is neither text nor
bytes and unpickles what it finds (CVE-2025-69872); here only text and bytes are stored, and a
pickle found on disk is refused. Texts are sealed with a checksum: what was damaged is as good as
not there. Beside the tiers lies the ledger of what was paid for, which a damaged database is made
anew from.
"""

import asyncio
import contextlib
import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import diskcache
from pydantic import BaseModel, ValidationError

from summarize import salvage
from summarize.errors import StoreError
from summarize.ledger import ARRIVED, Ledger
from summarize.locks import claim, waited
from summarize.records import Grounded, Past, Reply
from summarize.seal import sealed, unsealed
from summarize.settings import Settings

Found = TypeVar("Found", bound=BaseModel)
T = TypeVar("T")

TIERS = ("pdfs", "documents", "replies")
RESERVE = 2_000_000  # bytes that must be free before a paid request is sent: room for its reply
_HINT = "name another folder with --cache-dir, or see `roundup cache path`"


class Planted(StoreError):
    """A pickle lies in the cache, which puts none there."""


class PlainDisk(diskcache.Disk):  # type: ignore[misc]
    """Stores text and bytes, and refuses pickles in both directions."""

    def put(self, key: str) -> tuple[str, bool]:
        """Accept only text for a key."""
        if type(key) is not str:
            raise TypeError("cache keys are text")
        return key, True

    def get(self, key: Any, raw: int) -> Any:
        """Refuse a pickled key."""
        if not raw:
            raise Planted("the cache holds a pickled key, which is never read", _HINT)
        return super().get(key, raw)

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Accept only text and bytes."""
        if type(value) not in {str, bytes}:
            raise TypeError("the cache stores text and bytes only")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """Refuse a pickled value."""
        if mode == diskcache.core.MODE_PICKLE:
            raise Planted("the cache holds a pickle, which is never read", _HINT)
        return super().fetch(mode, filename, value, read)


@dataclass(frozen=True)
class TierInfo:
    """How much is in a tier: entries, and bytes on disk."""

    name: str
    entries: int
    size: int


class Store:
    """The three tiers under one folder that only its owner can read. An async context manager.

    What writes, or reads much, does so in this store's own thread. Records are looked up at
    once: that takes less time than to hand the question to another thread. Every method raises
    `StoreError` when the disk or the database fails.
    """

    def __init__(self, settings: Settings) -> None:
        self._root = settings.cache_dir
        self._sizes = {"pdfs": settings.pdf_cache, "documents": settings.document_cache}
        self._tiers: dict[str, diskcache.Cache] = {}
        self._ledger = Ledger(self._root / "ledger")
        self._mending = threading.RLock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def __aenter__(self) -> Self:
        await self._run(self.open)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        with contextlib.suppress(StoreError):
            await self._run(self.close)
        self._thread.shutdown(wait=False)

    def open(self) -> None:
        """Make the folder, or check that it can be used. Raises `StoreError`."""
        with _explained(self._root):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in TIERS:
                folder = self._root / name
                folder.mkdir(mode=0o700, exist_ok=True)
                folder.chmod(0o700)
                self._tiers[name] = self._opened(name)
            if not self._ledger.folder.exists():  # as a cache has none that is older than ledgers
                self._ledger.folder.mkdir(mode=0o700, exist_ok=True)
                self._ledger.fill(self._texts("replies"))

    def close(self) -> None:
        """Close the tiers, and end what this run writes down."""
        for tier in self._tiers.values():
            tier.close()
        with _explained(self._root):
            self._ledger.close()

    @property
    def partial(self) -> Path:
        """The folder of downloads in progress."""
        return self._root / "partial"

    # --- what the pipeline asks ---

    async def pdf_at(self, address: str) -> str | None:
        """Return the sha256 of the PDF that an address gave before, if it did."""
        found: str | None = self._look("documents", f"address {address}")
        return found

    async def pdf(self, sha256: str) -> bytes | None:
        """Return a PDF by its sha256, if it is still here and whole."""
        data: bytes | None = await self._run(self._look, "pdfs", sha256)
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None

    async def keep_pdf(self, address: str, data: bytes, *, copy: bool = True) -> str:
        """Keep a PDF (unless `copy` is false) and the address that gave it; return its sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        if copy:
            await self._run(self._set, "pdfs", sha256, data)
        await self._run(self._set, "documents", f"address {address}", sha256)
        return sha256

    async def document(self, key: str, kind: type[Found]) -> Found | None:
        """Return what was read under this key."""
        return self._record("documents", key, kind)

    async def keep_document(self, key: str, record: BaseModel) -> None:
        """Keep what was read."""
        await self._run(self._set, "documents", key, record.model_dump_json())

    async def reply(self, key: str, kind: type[Found], *, paid: bool = True) -> Found | None:
        """Return the reply to the request of this key.

        What was paid for, and is not in its tier or damaged there, is put back from the ledger.
        """
        if not paid:
            return self._record("documents", key, kind)
        return self._record("replies", key, kind) or await self._run(self._put_back, key, kind)

    async def keep_reply(self, key: str, record: BaseModel, *, paid: bool = True) -> None:
        """Keep a validated reply: for good, unless it cost nothing but a moment of this machine."""
        if paid:
            await self._surely(self._pay, key, record.model_dump_json())
        else:
            await self._run(self._set, "documents", key, record.model_dump_json())

    async def remember(self, paper: str, past: Past) -> None:
        """Remember that a summary of the paper of this key was made."""
        name, text = f"history {paper}\n{past.key}", past.model_dump_json()
        if past.paid:
            await self._surely(self._pay, name, text, False)
        else:
            await self._run(self._set, "documents", name, text)

    async def forget_reply(self, key: str) -> None:
        """Forget what was kept under this key, if anything was."""

        def forget() -> None:
            self._ledger.write("forget", key)
            self._with("replies", lambda tier: tier.delete(key))

        await self._run(forget)

    # --- what is asked, and arrives ---

    def claim(self, key: str) -> contextlib.AbstractContextManager[bool]:
        """Claim what is kept under a key, among all runs: yield whether it is this one's to make.

        The claim ends with the context, or with its process.
        """
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._held(self._root / "claims" / name)

    def sent(self, key: str, about: str) -> None:
        """Write down that a request of this key goes out. Raises `StoreError` on a full disk."""
        with _explained(self._root):
            if shutil.disk_usage(self._root).free < RESERVE:
                raise StoreError(
                    f"the disk of {self._root} is full: nothing more is asked, since what is "
                    "answered could not be kept",
                    "free some space, then run the same command again: what is done is kept",
                )
            self._ledger.write("sent", key, about)

    def unanswered(self, key: str) -> None:
        """Write down that a request came back without a reply."""
        with _explained(self._root):
            self._ledger.write("back", key)

    async def arrived(self, key: str) -> Reply | None:
        """Return what a request was answered with, while its paper has no summary yet."""
        text = await self._run(self._ledger.find, ARRIVED + key)
        try:
            return Reply.model_validate_json(text) if text else None
        except ValidationError:
            return None

    async def keep_arrived(self, key: str, reply: Reply) -> None:
        """Write down what a request was answered with: nothing else is done with it before."""

        def keep() -> None:
            self._ledger.write("set", ARRIVED + key, reply.model_dump_json(), durable=True)

        await self._surely(keep)

    async def settle(self, keys: Iterable[str]) -> None:
        """Forget what has arrived for these requests: what was made of it is kept."""

        def forget() -> None:
            for key in keys:
                self._ledger.write("forget", ARRIVED + key)

        await self._run(forget)

    async def tidings(self) -> list[str]:
        """Return what became of earlier runs, and what was found damaged, until it was `told`."""

        def found() -> list[str]:
            self._note(_lost(self._ledger.left()))
            file = self._root / "tidings"
            return file.read_text("utf-8").splitlines() if file.exists() else []

        return await self._run(found)

    def told(self) -> None:
        """Forget the tidings: the person has had them."""
        (self._root / "tidings").unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Hold the store for one kind of work. Raises `StoreError` while another run does."""
        with self._held(self._root / f"{what}.lock") as ours:
            if not ours:
                raise StoreError(
                    f"another run is at the {what} in {self._root}", "let it end, then run again"
                )
            yield

    async def keep_drafting(self, post: str, record: BaseModel) -> None:
        """Keep what a post was drafted from, under the post's path."""
        await self._run(self._set, "documents", f"post {post}", record.model_dump_json())

    async def drafting(self, post: str, kind: type[Found]) -> Found | None:
        """Return what a post was drafted from, if it is still here."""
        return self._record("documents", f"post {post}", kind)

    # --- what the command line asks ---

    def history(self, paper: str) -> list[tuple[Past, Grounded]]:
        """Return every summary of a paper that is still here, the oldest first."""
        found: list[tuple[Past, Grounded]] = []
        with _explained(self._root):
            for tier in ("replies", "documents"):
                names = [n for n in self._tiers[tier].iterkeys() if n.startswith("history ")]
                for name in names:
                    if name.startswith(f"history {paper}\n"):
                        past = self._record(tier, name, Past)
                        summary = past and self._record(tier, past.key, Grounded)
                        found += [(past, summary)] if past and summary else []
        return sorted(found, key=lambda one: one[0].when)

    def agreed(self, service: str) -> bool:
        """Tell whether the person has agreed to send text to this service."""
        return self._look("replies", f"agreed {service}") is not None

    def agree(self, service: str) -> None:
        """Remember that they have."""
        with _explained(self._root):
            self._pay(f"agreed {service}", "yes")

    def info(self) -> list[TierInfo]:
        """Count what is in each tier."""
        with _explained(self._root):
            return [TierInfo(name, len(tier), tier.volume()) for name, tier in self._tiers.items()]

    def clear(self, name: str) -> int:
        """Empty a tier; return how many entries went."""
        with _explained(self._root):
            if name == "pdfs":
                shutil.rmtree(self.partial, ignore_errors=True)
            if name == "replies":
                self._ledger.clear()
            for aside in self._root.glob(f"{name}.damaged-*"):
                shutil.rmtree(aside, ignore_errors=True)
            return int(self._with(name, lambda tier: tier.clear()))

    # --- how ---

    def _record(self, tier: str, key: str, kind: type[Found]) -> Found | None:
        text: str | None = self._look(tier, key)
        if text is None:
            return None
        try:
            return kind.model_validate_json(text)
        except ValidationError:
            return None  # another version's, or damaged: made again

    def _look(self, tier: str, key: str) -> Any:
        with _explained(self._root):
            found = self._with(tier, lambda cache: cache.get(key))
        return unsealed(key, found) if isinstance(found, str) else found

    def _set(self, tier: str, key: str, value: str | bytes) -> None:
        kept = sealed(key, value) if isinstance(value, str) else value
        self._with(tier, lambda cache: cache.set(key, kept))

    def _pay(self, key: str, text: str, durable: bool = True) -> None:
        """Keep what was paid for: in the ledger first."""
        self._ledger.write("set", key, text, durable=durable)
        self._set("replies", key, text)

    def _put_back(self, key: str, kind: type[Found]) -> Found | None:
        """Return what the ledger holds under a key, and keep it in its tier again."""
        text = self._ledger.find(key)
        if text is None:
            return None
        try:
            found = kind.model_validate_json(text)
        except ValidationError:
            return None
        self._set("replies", key, text)
        return found

    # --- a tier that is damaged ---

    def _with(self, name: str, use: Callable[[diskcache.Cache], T]) -> T:
        """Use a tier; where it turns out to be damaged, use the one that is made in its place."""
        try:
            return use(self._tiers[name])
        except Planted:
            pass
        except (sqlite3.Error, ValueError) as error:  # ValueError: text that is no UTF-8
            if not salvage.is_damage(error):
                raise
        with self._mending:
            self._tiers[name].close()
            self._tiers[name] = self._mended(name, use)
        return use(self._tiers[name])

    def _opened(self, name: str) -> diskcache.Cache:
        try:
            return self._made(name)
        except OSError:
            raise
        except Exception as error:
            if not salvage.is_damage(error):
                raise
        return self._mended(name, len)

    def _made(self, name: str) -> diskcache.Cache:
        return diskcache.Cache(
            str(self._root / name),
            disk=PlainDisk,
            timeout=60,  # seconds that one run waits for another's write
            eviction_policy="least-recently-stored" if name in self._sizes else "none",
            size_limit=self._sizes.get(name, 2**62),
            # A paid reply survives a power cut; what can be fetched again need not.
            sqlite_synchronous=2 if name == "replies" else 1,
            sqlite_mmap_size=0,
        )

    def _mended(self, name: str, use: Callable[[diskcache.Cache], object]) -> diskcache.Cache:
        """Set a damaged tier aside and make a new one, unless another run has just done so."""
        with waited(self._root / "mending.lock"):
            with contextlib.suppress(
                Planted, sqlite3.Error, ValueError, TypeError, AttributeError, KeyError
            ):
                tier = self._made(name)
                use(tier)
                return tier
            aside = salvage.set_aside(self._root / name)
            (self._root / name).mkdir(mode=0o700)
            tier = self._made(name)
            said = f"the cache's {name} were damaged: set aside as {aside}; "
            if name == "replies":
                said += self._filled(tier, aside)
            else:
                said += "they are made again as they are needed, at no cost"
            self._note([said])
        return tier

    def _note(self, tidings: Sequence[str]) -> None:
        if tidings:
            with (self._root / "tidings").open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in tidings)

    def _filled(self, tier: diskcache.Cache, aside: Path) -> str:
        """Fill a new tier of replies from the ledger, and from what can be read of the old one."""
        kept = dict(self._ledger.everything())
        for key, text in salvage.rows(aside):
            found = unsealed(key, text)
            if key not in kept and found is not None and found != text:
                kept[key] = found
                self._ledger.write("set", key, found)
        summaries = 0
        for key, text in kept.items():
            if not key.startswith(ARRIVED):
                tier.set(key, sealed(key, text))
                summaries += text.startswith("{") and " " not in key.removeprefix("whole ")
        said = f"{summaries} paid replies are back"
        lost = [line for line in self._ledger.damaged() if line.key not in kept]
        if lost:
            named = (
                f"{line.where}{f' ({_named(line.key, kept)})' if line.key else ''}" for line in lost
            )
            said += f"; damaged in the ledger, too: {', '.join(named)}"
        return said

    def _texts(self, name: str) -> Iterator[tuple[str, str]]:
        for key in self._tiers[name].iterkeys():
            text = self._look(name, key)
            if text is not None:
                yield key, text

    @contextlib.contextmanager
    def _held(self, path: Path) -> Iterator[bool]:
        with contextlib.ExitStack() as stack:
            with _explained(self._root):
                ours = stack.enter_context(claim(path))
            yield ours

    async def _surely(self, function: Callable[..., T], *arguments: Any) -> T:
        """Do something in the store's thread, also when whoever waits for it is cancelled."""

        def explained() -> T:
            with _explained(self._root):
                return function(*arguments)

        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(explained)))

    async def _run(self, function: Callable[..., T], *arguments: Any) -> T:
        def explained() -> T:
            with _explained(self._root):
                return function(*arguments)

        return await asyncio.get_running_loop().run_in_executor(self._thread, explained)


@contextlib.contextmanager
def _explained(root: Path) -> Iterator[None]:
    """Turn what a disk and a database raise into one message."""
    try:
        yield
    except (OSError, sqlite3.Error, diskcache.Timeout) as error:
        why = getattr(error, "strerror", None) or str(error) or "it is busy"
        raise StoreError(f"the cache in {root} can't be used: {why}", _HINT) from error


def _lost(about: Sequence[str]) -> list[str]:
    """Say what was in flight when a run ended early."""
    if not about:
        return []
    named = ", ".join(dict.fromkeys(about))
    return [
        f"an earlier run ended with {len(about)} request{'s' * (len(about) > 1)} in flight, "
        f"which may have been charged, and are asked again if need be: {named}"
    ]


def _named(key: str, kept: Iterable[str]) -> str:
    """Return what a person would call what is kept under a key: its paper, where that is known."""
    of = next((k for k in kept if k.startswith("history ") and k.endswith(f"\n{key}")), "")
    return of.removeprefix("history ").partition("\n")[0] or key
