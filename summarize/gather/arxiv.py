"""arXiv's papers of a query or of identifiers, by its API.

https://info.arxiv.org/help/api/user-manual.html: slices of at most 2,000, one request every 3 s.
"""

import re
from urllib.parse import urlencode

from summarize import tables
from summarize.errors import InputError
from summarize.gather.asking import Asking, fetched
from summarize.records import ReadingList
from summarize.sources import arxiv
from summarize.web import Web

USUAL = 100  # papers, unless told otherwise: a query may find 200,000
_SLICE = 200
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>(\d+)<")
_ENTRIES = re.compile(rb"<entry\b.*</entry>", re.DOTALL)


async def gather(query: str, asking: Asking) -> ReadingList:
    """Fetch what arXiv finds, the newest first; identifiers in the order given."""
    words = [word for word in re.split(r"[,\s]+", query) if word]
    named = [arxiv.address_of(word) for word in words]
    wanted = {"id_list": ",".join(words)} if all(named) else {"search_query": query}
    newest = {"sortBy": "submittedDate", "sortOrder": "descending"}
    limit = asking.limit or (len(words) if all(named) else USUAL)
    async with Web(asking.settings, asking.clock) as web:
        found, total = b"", limit
        for start in range(0, limit, _SLICE):
            if start >= total:
                break
            many = {"start": start, "max_results": min(_SLICE, limit - start)}
            asked = {**wanted, **many, **({} if all(named) else newest)}
            data, _ = await fetched(f"{asking.arxiv}?{urlencode(asked)}", web, asking)
            if said := _TOTAL.search(data):
                total = int(said[1])
            found = _together(found, data)
            asking.said(f"arXiv: {min(start + _SLICE, limit, total)} of {min(limit, total)}")
    if not found:
        raise InputError("--limit leaves nothing to ask for", "give a number from 1 on")
    reading = tables.parse(found, f"arxiv:{query}")
    if total <= limit:
        return reading
    more = f"arXiv finds {total:,}; these are the newest {limit:,} (--limit N takes more)"
    return reading.model_copy(update={"notices": (*reading.notices, more)})


def _together(feed: bytes, other: bytes) -> bytes:
    """Return a feed with the entries of another behind its own."""
    entries = _ENTRIES.search(other)
    if not feed or not entries:
        return feed or other
    head, end, tail = feed.rpartition(b"</feed>")
    return head + entries[0] + end + tail
