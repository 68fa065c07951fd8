"""What a kind of site is, and what a person can do there."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from summarize.markup import Article, Media
from summarize.settings import Clock
from summarize.web.site import Upload


@dataclass(frozen=True)
class Remote:
    """A post as it stands at a site. `said` is all that a person can have written there."""

    id: str
    link: str
    edit: str  # where a browser opens the site's editor
    status: str  # draft, publish, published, ...
    said: str
    stamp: str = ""  # the time of its last change, as the site writes it

    @property
    def is_public(self) -> bool:
        """Whether readers see it."""
        return self.status in {"publish", "published"}


class Account(Protocol):
    """A person's account at a site. Everything raises `SiteError` where the site refuses."""

    async def greet(self) -> str:
        """Find the site's interface, sign in, and return who one is there."""
        ...

    def body(self, article: Article, media: Mapping[str, Media]) -> str:
        """Return what the site keeps of an article whose images lie there by now."""
        ...

    async def upload(self, file: Upload) -> Media:
        """Send an image; return where it lies."""
        ...

    async def holds(self, media: Media) -> bool:
        """Tell whether an image that was sent once is still there."""
        ...

    async def find(self, number: str) -> Remote | None:
        """Return the post of this number; None where it is gone, or in the bin."""
        ...

    async def alike(self, title: str, body: str) -> Remote | None:
        """Return a draft that says just this, if there is one."""
        ...

    async def put(
        self,
        article: Article,
        body: str,
        media: Mapping[str, Media],
        at: Remote | None,
        *,
        terms: bool,
    ) -> tuple[Remote, list[str]]:
        """Make a draft of an article, or renew the post that it has been.

        Its categories and tags are set with `terms`. Returns what to tell the person, too.
        """
        ...


@dataclass(frozen=True)
class Site:
    """A kind of site: the environment variables that sign in, and how.

    `connect(base, signed in with, clock, allow_http)` raises `InputError` for what can't be used.
    """

    name: str
    variables: tuple[str, ...]
    connect: Callable[[str, Mapping[str, str], Clock, bool], AbstractAsyncContextManager[Account]]
