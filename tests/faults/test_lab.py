"""The fault lab in little: every kind of fault, a few times."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import crowd, disk, harm, kills, wire
from tests.faults.__main__ import SHORT
from tests.faults.page import PAGE
from tests.faults.row import Row

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared"), pytest.mark.timeout(600)]
KILLS = int(os.environ.get("KILLS", "10"))
PARTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "models": lambda folder: wire.models(folder, SHORT.model),
    "sites": lambda folder: wire.sites(folder, SHORT.site),
    "mixed": lambda folder: wire.mixed(folder, SHORT.mixed, seed=2),
    "nowhere": lambda folder: wire.nowhere(folder, SHORT.site),
    "caches": lambda folder: harm.caches(folder, 6, SHORT.harm),
    "blobs": lambda folder: iter([harm.blobs(folder, 2, SHORT.harm)]),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_promised_is_kept(part: str, tmp_path: Path) -> None:
    """Each fault ends as docs/reliability.md says: nothing lost, nothing asked twice, no hang."""
    found = [*PARTS[part](tmp_path)]
    assert [row.line() for row in found if not row.good] == []
    assert sum(row.injected for row in found) >= len(found)


@pytest.mark.skipif(not disk.possible(), reason="needs root, and Linux, to mount a small disk")
def test_a_disk_that_fills(tmp_path: Path) -> None:
    """A run on a full disk asks nothing that it could not keep, and goes on once there is room."""
    row = disk.fills(tmp_path, SHORT.disk)
    assert row.good, row.line()


def test_eight_runs_at_once(tmp_path: Path) -> None:
    """Eight runs on one workspace and list ask 67 requests in all, and write eight whole posts."""
    row = crowd.together(tmp_path, 8)
    assert row.good, row.line()
    assert row.observed == "67 requests; 8 posts correct"


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """After kill -9 every reply that was committed is there, and is never asked for again."""
    seen = kills.kill(KILLS, tmp_path, count=4)
    assert seen.good, seen


def test_the_page_has_every_fault() -> None:
    """docs/reliability.md has a row for each kind that the lab knows."""
    text = PAGE.read_text("utf-8")
    missing = [kind for kind in (*wire.MISDEEDS, *harm.HARMS) if f"| {kind} |" not in text]
    assert missing == []
    assert "NOT KEPT" not in text
