"""What is asked and what arrives, as it happens: claims among runs, and raw replies on the disk."""

import contextlib
import hashlib
import shutil
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from summarize.errors import StoreError
from summarize.ledger import ARRIVED, Ledger
from summarize.locks import claim
from summarize.records import Reply
from summarize.tiers import explained

RESERVE = 2_000_000  # bytes that must be free before a paid request is sent: room for its reply


class Arrivals:
    """One run's, in the ledger of one cache. Every method raises `StoreError`.

    `run` does something in the store's thread, also when whoever waits for it is cancelled; `look`
    looks into the ledger.
    """

    def __init__(
        self,
        root: Path,
        ledger: Ledger,
        run: Callable[[Callable[[], Any]], Awaitable[Any]],
        look: Callable[[Callable[[], Any]], Awaitable[Any]],
    ) -> None:
        self._root = root
        self._ledger = ledger
        self._run = run
        self._look = look

    def claim(self, key: str) -> contextlib.AbstractContextManager[bool]:
        """Claim what is kept under a key, among all runs: yield whether it is this one's to make.

        The claim ends with the context, or with its process.
        """
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return held(self._root, f"claims/{name}")

    def sent(self, key: str, about: str) -> None:
        """Write down that a request of this key goes out, unless its reply would have no room."""
        with explained(self._root):
            if shutil.disk_usage(self._root).free < RESERVE:
                raise StoreError(
                    f"the disk of {self._root} is full: nothing more is asked, since what is "
                    "answered could not be kept",
                    "free some space, then run the same command again: what is done is kept",
                )
            self._ledger.write("sent", key, about)

    def unanswered(self, key: str) -> None:
        """Write down that a request came back without a reply."""
        with explained(self._root):
            self._ledger.write("back", key)

    async def found(self, key: str) -> Reply | None:
        """Return what a request was answered with, while its paper has no summary yet."""
        text: str | None = await self._look(lambda: self._ledger.find(ARRIVED + key))
        try:
            return Reply.model_validate_json(text) if text else None
        except ValidationError:
            return None

    async def keep(self, key: str, reply: Reply) -> None:
        """Write down what a request was answered with: nothing else is done with it before."""
        text = reply.model_dump_json()
        await self._run(lambda: self._ledger.write("set", ARRIVED + key, text, durable=True))

    async def settle(self, keys: Iterable[str]) -> None:
        """Forget what has arrived for these requests: what was made of it is kept."""

        def forget() -> None:
            for key in keys:
                self._ledger.write("forget", ARRIVED + key)

        await self._run(forget)


@contextlib.contextmanager
def held(root: Path, name: str) -> Iterator[bool]:
    """Hold a name below a cache while the context lasts; yield whether no other run does."""
    with contextlib.ExitStack() as stack:
        with explained(root):
            ours = stack.enter_context(claim(root / name))
        yield ours


def lost(about: Iterable[str]) -> list[str]:
    """Say what was in flight when runs ended early, by the names of the papers."""
    count = len(about := list(about))
    if not count:
        return []
    return [
        f"an earlier run ended with {count} request{'s' * (count > 1)} in flight, which may have "
        f"been charged, and are asked again if need be: {', '.join(dict.fromkeys(about))}"
    ]
