"""Damage to the cache: what was paid for is put back; what can be made again is made again."""

import pickle
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import SHARED
from tests.faults import papers
from tests.faults.row import Row, told
from tests.faults.server import Server, model
from tests.faults.walking import Walked, walk
from tests.faults.wire import asking, fetching
from tests.faults.workspace import abstracts_list

Harm = Callable[[Path, random.Random], object]


class Planted:
    """A pickle that does harm when it is read."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
        """Leave a trace."""
        return (Path.touch, (Path("pickle-was-read"),))  # type: ignore[return-value]


def _db(cache: Path, tier: str = "replies") -> Path:
    return cache / tier / "cache.db"


def _overwrite(path: Path, rng: random.Random, places: int = 30, start: int = 0) -> None:
    """Write random bytes at random places of a file."""
    data = bytearray(path.read_bytes())
    for _ in range(places):
        at = rng.randrange(start, max(start + 1, len(data)))
        some = rng.randbytes(rng.randrange(1, 200))
        data[at : at + len(some)] = some
    path.write_bytes(data)


def _sql(cache: Path, *statements: tuple[str, tuple[object, ...]], tier: str = "replies") -> None:
    db = sqlite3.connect(_db(cache, tier))
    for statement, values in statements:
        db.execute(statement, values)
    db.commit()
    db.close()


def _ledger(cache: Path) -> Path:
    return next((cache / "ledger").glob("0*"))


def _garble_text(cache: Path, rng: random.Random) -> None:
    """Change letters inside of texts, where the database itself stays sound."""
    db = sqlite3.connect(_db(cache))
    for key, value in db.execute("SELECT key, value FROM Cache").fetchall():
        at = rng.randrange(20, len(value) - 20)
        text = f"{value[:at]}{chr(97 + rng.randrange(26))}x{value[at + 2 :]}"
        db.execute("UPDATE Cache SET value = ? WHERE key = ?", (text, key))
    db.commit()
    db.close()


def _everywhere(cache: Path, rng: random.Random) -> None:
    for tier in ("replies", "documents", "pdfs"):
        _overwrite(_db(cache, tier), rng)


HARMS: dict[str, Harm] = {
    "random bytes in the replies' database": lambda c, r: _overwrite(_db(c), r),
    "random bytes in the head of it": lambda c, r: _overwrite(_db(c), r, 2, 0),
    "one random place in it": lambda c, r: _overwrite(_db(c), r, 1, 4096),
    "random bytes in the texts' database": lambda c, r: _overwrite(_db(c, "documents"), r),
    "random bytes in the PDFs' database": lambda c, r: _overwrite(_db(c, "pdfs"), r),
    "random bytes in all three": _everywhere,
    "a database cut short": lambda c, r: _db(c).write_bytes(
        _db(c).read_bytes()[: r.randrange(1, 30_000)]),
    "a database of no bytes": lambda c, _: _db(c).write_bytes(b""),
    "a database that is gone": lambda c, _: shutil.rmtree(c / "replies"),
    "letters changed in every reply": _garble_text,
    "another version's schema": lambda c, _: _sql(
        c, ("ALTER TABLE Cache RENAME COLUMN mode TO way", ())),
    "a table that is gone": lambda c, _: _sql(c, ("DROP TABLE Cache", ())),
    "settings of another version": lambda c, _: _sql(c, ("DROP TABLE Settings", ())),
    "a journal of random bytes": lambda c, r: (c / "replies" / "cache.db-wal").write_bytes(
        r.randbytes(9000)),
    "a planted pickle": lambda c, _: _sql(
        c, ("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(Planted()),))),
    "pickled keys": lambda c, _: _sql(
        c, ("UPDATE Cache SET raw = 0, key = ?||rowid", (pickle.dumps(Planted()),))),
    "random bytes in the ledger": lambda c, r: _overwrite(_ledger(c), r),
    "a ledger cut short": lambda c, r: _ledger(c).write_bytes(
        _ledger(c).read_bytes()[: r.randrange(1, 5000)]),
    "a ledger that is gone": lambda c, _: shutil.rmtree(c / "ledger"),
}  # fmt: skip


def caches(folder: Path, count: int, times: int) -> Iterator[Row]:
    """Do every harm so many times to a cache that holds paid replies."""
    with Server(model) as server:
        home = folder / "harmed"
        home.mkdir()
        listed, settings = abstracts_list(home / "l.csv", count), asking(server, home)
        walk(listed, settings, until=count)
        sound = folder / "sound"
        shutil.copytree(settings.cache_dir, sound)
        before = server.asked.total()
        for fault, harm in HARMS.items():
            walked = Walked()
            for time in range(times):
                _restored(settings.cache_dir, sound)
                harm(settings.cache_dir, random.Random(f"{fault} {time}"))
                walk(listed, settings, until=count, most=2, walked=walked)
                if walked.done < count or walked.wrong:
                    break
            twice = server.asked.total() - before
            before = server.asked.total()
            clean = not (Path("pickle-was-read").exists() or walked.reasons or walked.wrong)
            yield Row(
                "cache", fault, times, "put back from what is sound; no reply is asked for again",
                told(walked, count, twice), walked.done == count and not twice and clean,
            )  # fmt: skip
        yield _both(server, listed, settings.cache_dir, sound, count, times)


def _both(server: Server, listed: Path, cache: Path, sound: Path, count: int, times: int) -> Row:
    """Damage the database, and some lines of the ledger: those alone are asked for again."""
    settings, walked, hit, named = asking(server, cache.parent), Walked(), 0, 0
    before = server.asked.total()
    for time in range(times):
        _restored(cache, sound)
        lines = _ledger(cache).read_bytes().splitlines(keepends=True)
        replies = [n for n, line in enumerate(lines) if b'["set"' in line and b"summary" in line]
        for number in (chosen := random.Random(time).sample(replies, 3)):
            lines[number] = lines[number].replace(b"was", b"xxx")
        _ledger(cache).write_bytes(b"".join(lines))
        shutil.rmtree(cache / "replies")
        (cache / "replies").mkdir()
        _db(cache).write_bytes(b"damaged" * 2000)
        heard = len(walked.notices)
        walk(listed, settings, most=1, walked=walked)
        hit += len(chosen)
        said = " ".join(walked.notices[heard:])
        named += sum(f":{number + 1} (" in said for number in chosen)
    asked = server.asked.total() - before
    return Row(
        "cache", "the database, and three lines of the ledger", hit,
        "those three are named, and alone are asked for again",
        f"{walked.done} of {count} done, {named} named, {asked} asked",
        walked.done == count and asked == hit == named and not walked.wrong,
    )  # fmt: skip


def blobs(folder: Path, count: int, times: int) -> Row:
    """Take the files away in which the cache keeps what is large."""
    home, walked, gone = folder / "blobs", Walked(), 0
    home.mkdir()
    settings = fetching(home)
    with Server(_large) as server:
        listed = papers.make(home, count, 77, server.url)
        walk(listed, settings, until=count)
        for _ in range(times):
            for blob in settings.cache_dir.rglob("*.val"):
                blob.unlink()
                gone += 1
            shutil.rmtree(settings.cache_dir / "documents")
            walk(listed, settings, until=count, most=2, walked=walked)
    return Row(
        "cache", "files of it that are gone", gone, "fetched and read again",
        told(walked, count, 0), walked.done == count and gone > 0 and not walked.wrong,
    )  # fmt: skip


def _large(path: str, _body: bytes) -> tuple[str, bytes]:
    """Return a real paper, which is large enough that the cache keeps it in a file."""
    real = sorted((SHARED / "corpus" / "icml2015" / "pdfs").glob("*.pdf"))
    return "application/pdf", real[int(Path(path).stem)].read_bytes()


def _restored(cache: Path, sound: Path) -> None:
    shutil.rmtree(cache)
    shutil.copytree(sound, cache)
