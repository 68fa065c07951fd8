"""The only user of HTTP: downloads of papers, questions to models' servers, a person's own site."""

from summarize.web.api import Answer, Api, Unreachable
from summarize.web.asked import asked
from summarize.web.downloads import Web
from summarize.web.hosts import HostDown, is_loopback, listens
from summarize.web.retries import patiently, retry_after
from summarize.web.services import Services
from summarize.web.site import SiteAnswer, SiteClient, Upload

__all__ = [
    "Answer",
    "Api",
    "HostDown",
    "Services",
    "SiteAnswer",
    "SiteClient",
    "Unreachable",
    "Upload",
    "Web",
    "asked",
    "is_loopback",
    "listens",
    "patiently",
    "retry_after",
]
