"""The store: three tiers, no pickles, one owner, safe for several runs at once."""

import asyncio
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from summarize.errors import StoreError
from summarize.records import Document
from summarize.settings import Settings
from summarize.store import TIERS, PlainDisk, Store

T = TypeVar("T")
Use = Callable[[Callable[[Store], Awaitable[T]]], T]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return where the store of this test is."""
    return tmp_path / "cache"


def use(cache: Path, work: Callable[[Store], Awaitable[T]]) -> T:
    """Open the store, do some work in it, and close it."""

    async def opened() -> T:
        async with Store(Settings(cache_dir=cache)) as store:
            return await work(store)

    return asyncio.run(opened())


async def remember(store: Store) -> None:
    """Put something into the tier of replies."""
    store.agree("k")


async def recall(store: Store) -> bool:
    """Look for it."""
    return store.agreed("k")


def test_consent_is_remembered(cache: Path) -> None:
    """Who agreed once to a service is not asked again."""
    assert use(cache, recall) is False
    use(cache, remember)
    assert use(cache, recall) is True


def test_what_is_kept_is_found_again(cache: Path) -> None:
    """A PDF, where it came from, and a record are there for the next run, whole."""
    document = Document(text="Some text — with ünïcode.", engine="pdfium")

    async def keep(store: Store) -> str:
        await store.keep_document("d", document)
        return await store.keep_pdf("https://a/b.pdf", b"%PDF" + bytes(range(256)) * 1000)

    sha256 = use(cache, keep)

    async def find(store: Store) -> tuple[str | None, bytes | None, Document | None]:
        return (
            await store.pdf_at("https://a/b.pdf"),
            await store.pdf(sha256),
            await store.document("d", Document),
        )

    assert use(cache, find) == (sha256, b"%PDF" + bytes(range(256)) * 1000, document)


def test_a_local_file_is_not_copied(cache: Path) -> None:
    """Of a PDF on this machine only the checksum is kept."""

    async def keep(store: Store) -> bytes | None:
        return await store.pdf(await store.keep_pdf("file x", b"%PDF-1", copy=False))

    assert use(cache, keep) is None


def test_a_record_of_another_version_is_made_again(cache: Path) -> None:
    """A record that no longer fits its type is as good as not there."""

    async def work(store: Store) -> Document | None:
        await store.keep_document("d", Document(text="x", engine="e"))
        store._set("documents", "d", '{"text": "x", "surprise": 1}')
        return await store.document("d", Document)

    assert use(cache, work) is None


def test_only_the_owner_can_read_it(cache: Path) -> None:
    """The cache and its tiers are closed to others."""
    use(cache, lambda store: store.pdf_at("x"))
    modes = [path.stat().st_mode & 0o777 for path in (cache, *(cache / t for t in TIERS))]
    assert modes == [0o700] * 4


def test_replies_are_never_evicted(cache: Path) -> None:
    """The tier that was paid for has no eviction and writes through to the disk."""

    async def work(store: Store) -> tuple[str, int]:
        tier = store._tiers.use("replies", lambda tier: tier)
        return tier.eviction_policy, tier.sqlite_synchronous

    assert use(cache, work) == ("none", 2)


@pytest.mark.parametrize("value", [1, 2.5, None, {"a": 1}, ("a",), object()])
def test_nothing_is_pickled(cache: Path, value: object) -> None:
    """What is neither text nor bytes is not stored at all."""

    async def work(store: Store) -> None:
        store._set("replies", "k", value)  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        use(cache, work)


class Bomb:
    """Something that would do harm when unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        """Run code."""
        return (pytest.fail, ("a pickle was read",))


@pytest.mark.parametrize("column", ["value", "key"])
def test_a_planted_pickle_is_refused(cache: Path, column: str) -> None:
    """A pickle that somebody put into the database is never loaded; what it hides is put back."""
    use(cache, remember)
    with sqlite3.connect(cache / "replies" / "cache.db") as db:
        bomb = pickle.dumps(Bomb())
        if column == "value":
            db.execute("UPDATE Cache SET mode = 4, value = ?", (bomb,))
        else:
            db.execute("UPDATE Cache SET raw = 0, key = ?", (bomb,))
    db.close()
    disk = PlainDisk(str(cache))
    if column == "value":
        assert use(cache, recall) is True
        with pytest.raises(StoreError, match="pickle, which is never read"):
            disk.fetch(4, None, bomb, read=False)
    else:
        with pytest.raises(StoreError, match="pickled key"):
            disk.get(bomb, raw=False)


def test_an_unusable_folder_is_one_message(tmp_path: Path) -> None:
    """A cache folder that is a file is named, with what to do."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="can't be used") as caught:
        use(tmp_path / "file", lambda store: store.pdf_at("x"))
    assert "--cache-dir" in caught.value.hint


def test_a_damaged_database_is_made_anew(cache: Path) -> None:
    """A database of random bytes is set aside, and what was paid for is there again."""
    use(cache, remember)
    (cache / "replies" / "cache.db").write_bytes(b"\x13" * 5000)
    assert use(cache, recall) is True
    assert (cache / "replies.damaged-1" / "cache.db").is_file()
    told = use(cache, lambda store: store.tidings())
    assert "the cache's replies were damaged: set aside" in told[0]


WRITER = """
import asyncio, sys
from pathlib import Path
from summarize.records import Document
from summarize.settings import Settings
from summarize.store import Store

async def main():
    async with Store(Settings(cache_dir=Path(sys.argv[1]))) as store:
        for n in range(40):
            await store.keep_reply(f"{sys.argv[2]}-{n}", Document(text=sys.argv[2], engine="e"))

asyncio.run(main())
"""


def test_two_runs_at_once(cache: Path) -> None:
    """Processes that write at the same time lose nothing of each other's."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(cache), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]

    async def count(store: Store) -> int:
        found = [await store.reply(f"{name}-{n}", Document) for name in "abc" for n in range(40)]
        return sum(document is not None for document in found)

    assert use(cache, count) == 120


def test_tiers_are_emptied_one_by_one(cache: Path) -> None:
    """Emptying the PDFs leaves the texts and the replies where they are."""

    async def work(store: Store) -> list[tuple[str, int]]:
        await store.keep_pdf("a", b"%PDF")
        await store.keep_reply("k", Document(text="x", engine="e"))
        store.clear("pdfs")
        return [(tier.name, tier.entries) for tier in store.info()]

    assert use(cache, work) == [("pdfs", 0), ("documents", 1), ("replies", 1)]
