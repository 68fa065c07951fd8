"""Proceedings of Machine Learning Research: `/vVOLUME/NAME.html` and its PDFs."""

import re

from summarize.sources.source import Address, Source, is_host

_PATH = re.compile(r"^/(v\d{1,4}|r\d{1,4})/(?:([\w-]+)/)?([\w-]+)\.(?:html|pdf)$")

_FIRST_NESTED = 54  # from this volume on (2017), each paper has a folder


def _match(address: Address) -> re.Match[str] | None:
    if not is_host(address, "proceedings.mlr.press", "jmlr.mlr.press"):
        return None
    return _PATH.match(address.path)


def _key(address: Address) -> str | None:
    found = _match(address)
    return f"pmlr-{found[1]}-{found[2] or found[3]}" if found else None  # as in PMLR's own BibTeX


def _candidates(address: Address) -> list[str]:
    found = _match(address)
    if not found:
        return []
    base, name = f"https://proceedings.mlr.press/{found[1]}", found[2] or found[3]
    flat, nested = f"{base}/{name}.pdf", f"{base}/{name}/{name}.pdf"
    return [flat, nested] if int(found[1][1:]) < _FIRST_NESTED else [nested, flat]


SOURCE = Source("PMLR", _key, _candidates)
