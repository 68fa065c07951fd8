"""A real Ghost for a test, where npm's `ghost` lies unpacked and installed in a folder.

It is not installed for the tests: TEST_GHOST_FOLDER names its folder (see docs/design.md).
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

VARIABLE = "TEST_GHOST_FOLDER"


def missing() -> str:
    """Return what a real Ghost lacks here; empty where nothing is missing."""
    folder = os.environ.get(VARIABLE, "")
    if not (folder and (Path(folder) / "index.js").is_file() and shutil.which("node")):
        return f"needs npm's ghost, its folder in {VARIABLE}, and node"
    return ""


@dataclass(frozen=True)
class GhostSite:
    """A site that is up: where it is, its database, and an Admin API key."""

    url: str
    database: Path
    key: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """Return the variables that `roundup publish` signs in with."""
        return {**os.environ, "ROUNDUP_GHOST_KEY": self.key}

    def post(self, number: str) -> dict[str, str]:
        """Return a post as the database holds it."""
        with closing(sqlite3.connect(self.database)) as database:
            database.row_factory = sqlite3.Row
            found = database.execute("SELECT * FROM posts WHERE id = ?", (number,)).fetchone()
            return dict(found)


@contextmanager
def running(folder: Path) -> Iterator[GhostSite]:
    """Set a Ghost up in a folder, with SQLite, and take it down again."""
    source = Path(os.environ[VARIABLE])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url, content, database = f"http://127.0.0.1:{port}", folder / "content", folder / "ghost.db"
    shutil.copytree(source / "content", content)
    # Its settings by variables: it runs in its own folder, where it looks for itself.
    settings = {
        "url": url,
        "server__host": "127.0.0.1",
        "server__port": str(port),
        "database__client": "sqlite3",
        "database__connection__filename": str(database),
        "database__useNullAsDefault": "true",
        "mail__transport": "Direct",
        "process": "local",
        "paths__contentPath": str(content),
        "privacy__useUpdateCheck": "false",
        "privacy__useGravatar": "false",
        "privacy__useRpcPing": "false",
    }
    server = subprocess.Popen(
        ["node", str(source / "index.js")],
        cwd=source,
        env={**os.environ, **settings, "NODE_ENV": "production"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_up(server, url)
        yield GhostSite(url, database, _key(database))
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _until_up(server: "subprocess.Popen[bytes]", url: str) -> None:
    give_up = time.monotonic() + 150
    while True:
        assert server.poll() is None, "Ghost ended"
        assert time.monotonic() < give_up, "Ghost does not come up"
        try:
            with urlopen(f"{url}/ghost/api/admin/site/", timeout=10) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.5)  # another process is waited for


def _key(database: Path) -> str:
    """Return the key of an integration that every Ghost begins with."""
    with closing(sqlite3.connect(database)) as opened:
        number, secret = opened.execute(
            "SELECT k.id, k.secret FROM api_keys k JOIN integrations i ON i.id = k.integration_id"
            " WHERE i.slug = 'zapier' AND k.type = 'admin'"
        ).fetchone()
    return f"{number}:{secret}"
