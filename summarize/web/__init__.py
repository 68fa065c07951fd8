"""The only user of HTTP: downloads from paper sites, and questions to the servers of models."""

from summarize.web.api import Answer, Api, Unreachable
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
    "is_loopback",
    "listens",
    "patiently",
    "retry_after",
]
