"""What catalogs say of papers: asked once, in batches where there are any, and kept.

With the library, the pipeline and `enrich` the only room that touches both the store and the web.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from summarize.catalogs import ARXIV, Catalog, Found, Identifier, Query
from summarize.errors import FetchError
from summarize.matching import Candidate, choose, words
from summarize.records import Paper, Record
from summarize.settings import Clock, Settings
from summarize.store import Store
from summarize.web import HostDown, Services

FORGET = 7  # days after which what a catalog did not have is asked for again
LOGIN = "/login"


class Kept(Record):
    """A catalog's answer to one question: the papers that it gave, and the day (ISO 8601)."""

    found: tuple[Found, ...]
    day: str


class Lookup:
    """Asks catalogs. What is open is handed in, open.

    With `again`, what was answered before is asked anew. Failures are kept by nobody: what could
    not be asked is asked the next time.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        store: Store,
        services: Services,
        again: bool = False,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._store = store
        self._services = services
        self._again = again
        self._token: str | None = None
        self.asked = 0  # questions sent

    async def by_ids(
        self,
        catalog: Catalog,
        ids: Sequence[Identifier],
        told: Callable[[int], None] = lambda _count: None,
    ) -> dict[Identifier, Found | FetchError]:
        """Return what a catalog has of these papers; `told` hears how many are through.

        A paper that it could not be asked about has the reason in its place.
        """
        answers: dict[Identifier, Found | FetchError] = {}
        missing: list[Identifier] = []
        for one in ids:
            kept = await self._kept(_key(catalog, one.kind, one.value))
            if kept is None:
                missing.append(one)
            elif kept.found:
                answers[one] = kept.found[0]
        told(len(ids) - len(missing))
        for start in range(0, len(missing), catalog.at_once):
            part = missing[start : start + catalog.at_once]
            try:
                papers = await self._ask(catalog, catalog.by_ids(part))
            except HostDown as error:
                return answers | dict.fromkeys(missing[start:], error)
            except FetchError as error:
                answers |= dict.fromkeys(part, error)
                continue
            for one in part:
                found = next((paper for paper in papers if _is(paper, one)), None)
                await self._keep(_key(catalog, one.kind, one.value), (found,) if found else ())
                if found:
                    answers[one] = found
            told(len(part))
        return answers

    async def by_title(
        self, catalog: Catalog, title: str, authors: Sequence[str] = ()
    ) -> Found | None:
        """Return the one paper of this title that a catalog has, if it is surely the same.

        Raises `FetchError` where it can't be asked.
        """
        assert catalog.by_title is not None
        key = _key(catalog, "title", " ".join(words(title)))
        kept = await self._kept(key)
        papers = kept.found if kept else await self._ask(catalog, catalog.by_title(title))
        if kept is None:
            await self._keep(key, papers)
        return _chosen(title, authors, papers)

    async def copies(self, paper: Paper) -> list[str]:
        """Return where arXiv has a copy of a paper. Raises `FetchError` where it can't be asked."""
        return _copies(await self.by_title(ARXIV, paper.title, paper.authors))

    async def _ask(self, catalog: Catalog, query: Query) -> tuple[Found, ...]:
        headers: dict[str, str] = {}
        if catalog.name == "Semantic Scholar" and self._settings.semantic_scholar_key:
            headers["x-api-key"] = self._settings.semantic_scholar_key
        if catalog.name.startswith("OpenReview"):
            headers |= await self._login(catalog)
        self.asked += 1
        try:
            return await self._services.ask(
                catalog.base + query.path, catalog.read, body=query.body, headers=headers
            )
        except HostDown as error:
            nameless = not self._settings.openreview_user
            if error.refused and nameless and catalog.name.startswith("OpenReview"):
                error.hint = "OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD may help"
            raise

    async def _login(self, catalog: Catalog) -> dict[str, str]:
        """Return what lets us in at OpenReview, where the person has a name there."""
        user, password = self._settings.openreview_user, self._settings.openreview_password
        if not (user and password):
            return {}
        if self._token is None:
            body = {"id": user, "password": password}
            try:
                self._token = await self._services.ask(catalog.base + LOGIN, _token, body=body)
            except HostDown:
                raise
            except FetchError as error:
                # Asked once more with each batch it would only lock them out.
                host = self._services.host(catalog.base)
                raise host.give_up(f"{host.name} does not let {user} in") from error
        return {"Authorization": f"Bearer {self._token}"}

    async def _kept(self, key: str) -> Kept | None:
        """Return an answer that still holds: what was not there may have come by now."""
        kept = None if self._again else await self._store.document(key, Kept)
        if kept is None or kept.found:
            return kept
        age = self._today() - datetime.date.fromisoformat(kept.day)
        return kept if age.days < FORGET else None

    async def _keep(self, key: str, found: tuple[Found, ...]) -> None:
        await self._store.keep_document(key, Kept(found=found, day=self._today().isoformat()))

    def _today(self) -> datetime.date:
        return datetime.datetime.fromtimestamp(self._clock.now(), datetime.UTC).date()


async def kept_copies(store: Store, paper: Paper) -> list[str]:
    """Return where arXiv has a copy, from what it answered before; nobody is asked."""
    kept = await store.document(_key(ARXIV, "title", " ".join(words(paper.title))), Kept)
    return _copies(_chosen(paper.title, paper.authors, kept.found)) if kept else []


def _copies(found: Found | None) -> list[str]:
    return [f"https://arxiv.org/pdf/{found.arxiv}"] if found and found.arxiv else []


def _key(catalog: Catalog, kind: str, value: str) -> str:
    named = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"catalog {catalog.name} {kind} {named}"


def _chosen(title: str, authors: Sequence[str], papers: Iterable[Found]) -> Found | None:
    candidates = ((Candidate(paper.title, paper.authors), paper) for paper in papers)
    return choose(Candidate(title, authors), candidates)


def _is(paper: Found, one: Identifier) -> bool:
    return bool(getattr(paper, one.kind) == one.value)


def _token(data: Any) -> str:
    token = data.get("token") if isinstance(data, dict) else None
    if not isinstance(token, str) or not token:
        raise ValueError("no token")
    return token
