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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import diskcache
from pydantic import BaseModel, ValidationError

from summarize.arrivals import Arrivals, held, lost
from summarize.errors import StoreError
from summarize.ledger import ARRIVED, Ledger
from summarize.records import Grounded, Past
from summarize.seal import sealed, unsealed
from summarize.settings import Settings
from summarize.tiers import HINT, PAID, Planted, Tiers, explained

Found = TypeVar("Found", bound=BaseModel)
T = TypeVar("T")

TIERS = ("pdfs", "documents", "replies")


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
            raise Planted("the cache holds a pickled key, which is never read", HINT)
        return super().get(key, raw)

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Accept only text and bytes."""
        if type(value) not in {str, bytes}:
            raise TypeError("the cache stores text and bytes only")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """Refuse a pickled value."""
        if mode == diskcache.core.MODE_PICKLE:
            raise Planted("the cache holds a pickle, which is never read", HINT)
        return super().fetch(mode, filename, value, read)


class TierInfo(NamedTuple):
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
        self._ledger = Ledger(self._root / "ledger")
        self._tiers = Tiers(self._root, self._made, self._ledger)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self.arrivals = Arrivals(self._root, self._ledger, self._surely, self._seen)

    async def __aenter__(self) -> Self:
        await self._run(self.open)
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(StoreError):
            await self._run(self.close)
        self._thread.shutdown(wait=False)

    def open(self) -> None:
        """Make the folder, or check that it can be used. Raises `StoreError`."""
        with _explained(self._root):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in TIERS:
                self._tiers.open(name)
            if not self._ledger.folder.exists():  # as a cache has none that is older than ledgers
                self._ledger.folder.mkdir(mode=0o700, exist_ok=True)
                self._ledger.fill(self._tiers.texts(PAID))

    def close(self) -> None:
        """Close the tiers, and end what this run writes down."""
        with _explained(self._root):
            self._tiers.close()
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

    async def image(self, sha256: str) -> bytes | None:
        """Return a picture that was drawn, by its sha256, if it is still here and whole."""
        data: bytes | None = await self._run(self._look, "documents", f"image {sha256}")
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None

    async def keep_image(self, data: bytes) -> str:
        """Keep a picture that was drawn; return its sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        await self._run(self._set, "documents", f"image {sha256}", data)
        return sha256

    async def reply(
        self, key: str, kind: type[Found], *, paid: bool = True, look: bool = True
    ) -> Found | None:
        """Return the reply to the request of this key.

        What was paid for, and is not in its tier or damaged there, is put back from the ledger,
        unless that is to be looked into later.
        """
        if not paid:
            return self._record("documents", key, kind)
        if not look:
            return self._record(PAID, key, kind)
        if found := self._record(PAID, key, kind):
            return found
        text = await self._seen(self._ledger.find, key)
        return await self._run(self._put_back, key, text, kind) if text else None

    async def keep_reply(self, key: str, record: BaseModel) -> None:
        """Keep a validated reply, for good."""
        await self._surely(self._pay, key, record.model_dump_json())

    async def keep_summary(
        self, paper: str, past: Past, grounded: Grounded, arrived: Iterable[str] = ()
    ) -> None:
        """Keep a summary, and that it is one of the paper of this key; for good if it was paid for.

        What has `arrived` for these requests is forgotten: the summary was made of it.
        """
        text, name = grounded.model_dump_json(), f"history {paper}\n{past.key}"

        def keep() -> None:
            if past.paid:
                self._pay(past.key, text)
                for key in arrived:
                    self._ledger.write("forget", ARRIVED + key)
                self._pay(name, past.model_dump_json(), durable=False)
            else:
                self._set("documents", past.key, text)
                self._set("documents", name, past.model_dump_json())

        await self._surely(keep)

    async def forget_reply(self, key: str) -> None:
        """Forget what was kept under this key, if anything was."""

        def forget() -> None:
            self._ledger.write("forget", key)
            self._tiers.use("replies", lambda tier: tier.delete(key))

        await self._run(forget)

    async def tidings(self) -> list[str]:
        """Return what became of earlier runs, and what was found damaged, until it was `told`."""

        def found() -> list[str]:
            self._tiers.note(lost(self._ledger.left()))
            return self._tiers.noted()

        return await self._run(found)

    def told(self) -> None:
        """Forget the tidings: the person has had them."""
        with _explained(self._root):
            self._tiers.told()

    @contextlib.contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Hold the store for one kind of work. Raises `StoreError` while another run does."""
        with held(self._root, f"{what}.lock") as ours:
            if not ours:
                raise StoreError(
                    f"another run is at the {what} in {self._root}", "let it end, then run again"
                )
            yield

    async def keep_drafting(self, post: str, record: BaseModel, part: int = 0) -> None:
        """Keep what a post was drafted from, under the post's path, in parts counted from 0."""
        await self._run(self._set, "documents", _part(post, part), record.model_dump_json())

    async def drafting(self, post: str, kind: type[Found], part: int = 0) -> Found | None:
        """Return a part of what a post was drafted from, if it is still here."""
        return self._record("documents", _part(post, part), kind)

    # --- what the command line asks ---

    def history(self, paper: str) -> list[tuple[Past, Grounded]]:
        """Return every summary of a paper that is still here, the oldest first."""
        found: list[tuple[Past, Grounded]] = []
        with _explained(self._root):
            for tier in ("replies", "documents"):
                names = self._tiers.use(tier, lambda cache: list(cache.iterkeys()))
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
            counts = [self._tiers.use(name, lambda c: (len(c), c.volume())) for name in TIERS]
            return [TierInfo(name, *count) for name, count in zip(TIERS, counts, strict=True)]

    def clear(self, name: str) -> int:
        """Empty a tier; return how many entries went."""
        with _explained(self._root):
            if name == "pdfs":
                shutil.rmtree(self.partial, ignore_errors=True)
            if name == PAID:
                self._ledger.clear()
            for aside in self._root.glob(f"{name}.damaged-*"):
                shutil.rmtree(aside, ignore_errors=True)
            return int(self._tiers.use(name, lambda tier: tier.clear()))

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
            found = self._tiers.use(tier, lambda cache: cache.get(key))
        return unsealed(key, found) if isinstance(found, str) else found

    def _set(self, tier: str, key: str, value: str | bytes) -> None:
        kept = sealed(key, value) if isinstance(value, str) else value
        self._tiers.use(tier, lambda cache: cache.set(key, kept))

    def _pay(self, key: str, text: str, durable: bool = True) -> None:
        """Keep what was paid for: in the ledger first."""
        self._ledger.write("set", key, text, durable=durable)
        self._set(PAID, key, text)

    def _put_back(self, key: str, text: str, kind: type[Found]) -> Found | None:
        """Return what the ledger holds under a key, and keep it in its tier again."""
        try:
            found = kind.model_validate_json(text)
        except ValidationError:
            return None
        self._set(PAID, key, text)
        return found

    def _made(self, name: str) -> diskcache.Cache:
        return diskcache.Cache(
            str(self._root / name),
            disk=PlainDisk,
            timeout=60,  # seconds that one run waits for another's write
            eviction_policy="least-recently-stored" if name in self._sizes else "none",
            size_limit=self._sizes.get(name, 2**62),
            # A paid reply survives a power cut; what can be fetched again need not.
            sqlite_synchronous=2 if name == PAID else 1,
            sqlite_mmap_size=0,
            sqlite_cache_size=500,  # pages of 4 kB: else memory grows with what was kept, to 32 MB
        )

    async def _surely(self, function: Callable[..., T], *arguments: Any) -> T:
        """Do something in the store's thread, also when whoever waits for it is cancelled."""

        def explained() -> T:
            with _explained(self._root):
                return function(*arguments)

        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(explained)))

    async def _seen(self, function: Callable[..., T], *arguments: Any) -> T:
        """Look into the ledger: at once where it has been read, since that is quick.

        Only what is new is looked at then; that all of it must be, as after a merge, is rare.
        """
        if not self._ledger.is_read:
            return await self._run(function, *arguments)
        with _explained(self._root):
            return function(*arguments)

    async def _run(self, function: Callable[..., T], *arguments: Any) -> T:
        def explained() -> T:
            with _explained(self._root):
                return function(*arguments)

        return await asyncio.get_running_loop().run_in_executor(self._thread, explained)


def _part(post: str, part: int) -> str:
    return f"post {post}" + (f"\n{part}" if part else "")


@contextlib.contextmanager
def _explained(root: Path) -> Iterator[None]:
    """Turn what a disk and a database raise into one message."""
    with explained(root):
        try:
            yield
        except diskcache.Timeout as error:
            raise StoreError(f"the cache in {root} can't be used: it is busy", HINT) from error
