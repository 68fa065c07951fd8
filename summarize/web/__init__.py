"""The only user of HTTP: downloads of papers, questions to models' servers and to catalogs.

What is asked of a person's own site is in `web.site`.
"""

from summarize.web.api import Answer, Api, Unreachable
from summarize.web.asked import asked
from summarize.web.downloads import Web
from summarize.web.hosts import HostDown, is_loopback, listens
from summarize.web.retries import patiently, retry_after
from summarize.web.services import Services

__all__ = [
    "Answer",
    "Api",
    "HostDown",
    "Services",
    "Unreachable",
    "Web",
    "asked",
    "is_loopback",
    "listens",
    "patiently",
    "retry_after",
]
