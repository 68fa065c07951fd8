"""Hugging Face papers: `/papers/ARXIV-ID`, whose PDFs are arXiv's."""

import re

from summarize.sources.arxiv import IDENTIFIER
from summarize.sources.source import Address, Source, is_host

_PATH = re.compile(rf"^/papers/({IDENTIFIER})/?$")


def _key(address: Address) -> str | None:
    found = _PATH.match(address.path) if is_host(address, "huggingface.co", "hf.co") else None
    return found[1] if found else None


def _candidates(address: Address) -> list[str]:
    identifier = _key(address)
    return [f"https://arxiv.org/pdf/{identifier}"] if identifier else []


SOURCE = Source("Hugging Face", _key, _candidates)
