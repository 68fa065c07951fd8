"""How sites are asked for lists."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from summarize.errors import FetchError
from summarize.settings import Clock, Settings
from summarize.web import HostDown, Web

OPENREVIEW = "https://api2.openreview.net"
OPENREVIEW_V1 = "https://api.openreview.net"
ARXIV = "https://export.arxiv.org/api/query"
ONLINE = "whether you are online, and what a proxy or firewall lets through"


@dataclass(frozen=True)
class Asking:
    """Where and how lists are asked for, and how much of one: `limit` papers at most.

    `user` and `password` are of an account at OpenReview. `said` is told what goes on.
    """

    settings: Settings
    clock: Clock
    limit: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    openreview: tuple[str, ...] = (OPENREVIEW, OPENREVIEW_V1)
    arxiv: str = ARXIV
    said: Callable[[str], None] = lambda _: None


async def fetched(url: str, web: Web, asking: Asking) -> tuple[bytes, str]:
    """Return what lies at an address, and where it was at last.

    Paced, tried again and capped as any download. Raises `FetchError`.
    """
    with TemporaryDirectory(prefix="roundup-") as folder:
        path = Path(folder) / "list"
        try:
            got = await web.download(url, path)
        except HostDown as error:
            if not (error.hint or asking.settings.offline):
                error.hint = f"try again later, or see {ONLINE}"
            raise
        data = path.read_bytes()
    if got.content_encoding.lower() not in {"", "identity"}:
        how = got.content_encoding
        raise FetchError(f"{url} came packed ({how})", "save the page, and name its file")
    return data, got.url
