"""A venue's accepted papers, by OpenReview's APIs: the second, and the first for older venues.

https://docs.openreview.net: `venueid` is on the notes of papers that a venue has accepted. Since
2026 most requests want a login, and get a page of HTML instead of an answer without one. It is one
request more, so that no client library is wanted for it.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from summarize import tables
from summarize.errors import BackendError, FetchError, InputError, Transient
from summarize.gather.asking import ONLINE, Asking
from summarize.records import ReadingList
from summarize.tables.openreview import CHALLENGE, LOGIN
from summarize.web import Answer, Api, Unreachable, is_loopback, patiently
from summarize.web.hosts import HostDown

PAGE = 500  # notes: the most that is surely answered, and well below the size of an answer
_MOST = 30_000  # notes of a venue that are asked for
_QUOTA = "try again later: it gives 500 answers an hour"


async def gather(venue: str, asking: Asking) -> ReadingList:
    """Fetch the accepted papers of a venue, such as `ICLR.cc/2024/Conference`."""
    notes: list[Any] = []
    for base in asking.openreview:
        notes = await _of_api(base, venue, asking)
        if notes:
            break
    if not notes:
        raise InputError(
            f"OpenReview knows no accepted papers of {venue}",
            "a venue's id is in its address: openreview.net/group?id=ICLR.cc/2024/Conference",
        )
    return tables.parse(json.dumps({"notes": notes}).encode(), f"openreview:{venue}")


async def _of_api(base: str, venue: str, asking: Asking) -> list[Any]:
    """Return a venue's notes, page by page."""
    host = base.partition("://")[2].partition("/")[0]
    if asking.settings.offline and not is_loopback(host.partition(":")[0]):
        raise HostDown(f"{host} was not asked (--offline)")
    notes: list[Any] = []
    limit = asking.limit or _MOST
    timeout = asking.settings.request_timeout
    token = await _token(base, asking)
    async with Api(base, asking.clock, key=token, timeout=timeout) as api:
        while len(notes) < limit:
            many = {"limit": min(PAGE, limit - len(notes)), "offset": len(notes)}
            asked = {"content.venueid": venue, **many}
            answer = await _patient(api, f"{base}/notes?{urlencode(asked)}", None, asking)
            page = list(_notes(answer))
            notes += page
            if len(page) < many["limit"]:
                break
            asking.said(f"OpenReview: {len(notes)} papers")
    return notes


async def _token(base: str, asking: Asking) -> str:
    """Return what a login gives; nothing where there is no account to log in with."""
    if not asking.user:
        return ""
    async with Api(base, asking.clock, timeout=asking.settings.request_timeout) as api:
        body = {"id": asking.user, "password": asking.password}
        answer = await _patient(api, f"{base}/login", body, asking)
    token = answer.data.get("token") if isinstance(answer.data, dict) else None
    if answer.status != 200 or not isinstance(token, str):
        _see_that_it_is_no_challenge(answer)
        raise InputError(
            f"OpenReview refuses the login of {asking.user}: {answer.said or answer.status}",
            "see OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD",
        )
    return token


async def _patient(api: Api, url: str, body: dict[str, Any] | None, asking: Asking) -> Answer:
    """Ask, and ask again where that may help. Raises `FetchError`."""
    settings = asking.settings
    try:
        async for attempt in patiently(
            settings.fetch_attempts, settings.patience, asking.clock, stage="list"
        ):
            with attempt:
                answer = await (api.get(url) if body is None else api.post(url, body))
                if answer.status in {429, 500, 502, 503, 504}:
                    raise Transient(
                        f"OpenReview answered {answer.status}: {answer.said[:200]}",
                        retry_after=answer.retry_after,
                        busy=answer.status == 429,
                    )
    except Unreachable as error:
        host = urlsplit(url).netloc
        raise FetchError(f"{host} can't be reached", f"see {ONLINE}, and try again") from error
    except Transient as error:
        hint = _QUOTA if error.busy else f"try again later, or see {ONLINE}"
        raise FetchError(error.message, hint) from error
    return answer


def _notes(answer: Answer) -> Iterator[Any]:
    """Yield the notes of an answer. Raises for one that holds none."""
    _see_that_it_is_no_challenge(answer)
    notes = answer.data.get("notes") if isinstance(answer.data, dict) else None
    if answer.status == 200 and isinstance(notes, list):
        yield from notes
        return
    what = answer.said or f"status {answer.status}"
    raise BackendError(f"OpenReview gives no papers: {what}", LOGIN)


def _see_that_it_is_no_challenge(answer: Answer) -> None:
    """Raise where OpenReview wants to see a browser, or a login."""
    page = answer.data if isinstance(answer.data, str) else ""
    named = ""
    with contextlib.suppress(AttributeError):
        named = str(answer.data.get("name", ""))
    if CHALLENGE.search(page) or "Challenge" in named:
        raise BackendError('OpenReview shows its page "Verifying your browser" instead', LOGIN)
