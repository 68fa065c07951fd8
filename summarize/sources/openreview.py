"""OpenReview: `/forum?id=ID` and `/pdf?id=ID`."""

from urllib.parse import parse_qs, quote

from summarize.sources.source import Address, Source, is_host

_PATHS = {"/forum", "/pdf", "/attachment", "/notes", "/references/pdf"}


def _key(address: Address) -> str | None:
    if not is_host(address, "openreview.net", "api.openreview.net", "api2.openreview.net"):
        return None
    if address.path.rstrip("/") not in _PATHS:  # a venue or a person has an id too
        return None
    query = parse_qs(address.query)
    # A reviewer's link is /forum?id=PAPER&noteId=COMMENT.
    return next(iter(query.get("id") or query.get("forum") or []), None)


def _candidates(address: Address) -> list[str]:
    identifier = _key(address)
    if identifier is None:
        return []
    if address.path.startswith("/attachment"):
        return [address.geturl()]
    return [f"https://openreview.net/pdf?id={quote(identifier, safe='')}"]


SOURCE = Source("OpenReview", _key, _candidates)
