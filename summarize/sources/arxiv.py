"""arXiv: `/abs/`, `/pdf/` and `/html/`, with versions, new identifiers and old ones."""

import re

from summarize.sources.source import Address, Source, is_host

# https://info.arxiv.org/help/arxiv_identifier.html
# Year, month and number: four digits of it until 2014, five since. A spreadsheet takes 2310.13010
# for a number and drops its last 0, and 2310.1301 must then be no paper rather than another one.
_MONTH = r"(?:0[1-9]|1[0-2])"
_FOUR = rf"(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTH})\.\d{{4}}"
_FIVE = rf"(?:1[5-9]|[2-9]\d){_MONTH}\.\d{{5}}"
IDENTIFIER = rf"(?:{_FOUR}|{_FIVE}|[a-z-]+(?:\.[A-Z]{{2}})?/\d{{7}})"
_PATH = re.compile(rf"^/(?:abs|pdf|html|format|src|e-print)/({IDENTIFIER})(v\d+)?(?:\.pdf)?/?$")
_BARE = re.compile(rf"^(?:arxiv:\s*)?({IDENTIFIER})(v\d+)?$", re.IGNORECASE)


def address_of(text: str) -> str | None:
    """Return the address that a bare identifier (`2310.13018v2`, `arXiv:math/0404236`) means."""
    found = _BARE.match(text.strip())
    return f"https://arxiv.org/abs/{found[1]}{found[2] or ''}" if found else None


def _match(address: Address) -> re.Match[str] | None:
    hosts = ("arxiv.org", "export.arxiv.org", "alphaxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org")
    return _PATH.match(address.path) if is_host(address, *hosts) else None


def _key(address: Address) -> str | None:
    found = _match(address)
    return found[1] if found else None  # versions of one paper are one paper


def _candidates(address: Address) -> list[str]:
    found = _match(address)
    return [f"https://arxiv.org/pdf/{found[1]}{found[2] or ''}"] if found else []


SOURCE = Source("arXiv", _key, _candidates)
