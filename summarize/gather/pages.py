"""A list at an address: a page of proceedings, or what a site has of it for machines."""

import re
from urllib.parse import parse_qs, urlsplit

from summarize import tables
from summarize.gather import openreview
from summarize.gather.asking import Asking, fetched
from summarize.records import ReadingList
from summarize.web import Web

# A virtual conference's own list, for any of its pages but those of a single paper.
_VIRTUAL = re.compile(r"/virtual/(\d{4})(?:/(?!.*(?:poster|oral|spotlight)/\d).*)?")
_ANTHOLOGY = re.compile(r"/volumes/([\w.-]+?)(?:\.bib|/)?")


async def gather(url: str, asking: Asking) -> ReadingList:
    """Fetch a page and read it, whatever it is."""
    if venue := _venue(url):
        return await openreview.gather(venue, asking)
    async with Web(asking.settings, asking.clock) as web:
        data, at = await fetched(machine_readable(url), web, asking)
    reading = tables.parse(data, at)
    return reading.model_copy(update={"entries": reading.entries[: asking.limit]})


def machine_readable(url: str) -> str:
    """Return where a site has for machines what it shows at an address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host in {"neurips.cc", "iclr.cc", "icml.cc"} and (year := _VIRTUAL.fullmatch(parts.path)):
        conference = host.removesuffix(".cc")
        return f"https://{host}/static/virtual/data/{conference}-{year[1]}-orals-posters.json"
    if host == "aclanthology.org" and (volume := _ANTHOLOGY.fullmatch(parts.path)):
        return f"https://aclanthology.org/volumes/{volume[1]}.bib"
    return url


def _venue(url: str) -> str:
    """Return the venue of a page of OpenReview's that shows one; else nothing."""
    parts = urlsplit(url)
    if (parts.hostname or "").removeprefix("www.") != "openreview.net":
        return ""
    return parse_qs(parts.query).get("id", [""])[0] if parts.path == "/group" else ""
