"""Any other address: a PDF itself, or a page that may name one."""

from summarize.sources.source import Address, Source


def _key(address: Address) -> str | None:
    return None


def _candidates(address: Address) -> list[str]:
    beside = address.path.removesuffix(".html") + ".pdf"
    pages = [address._replace(path=beside)] if address.path.endswith(".html") else []
    return [address.geturl(), *(page.geturl() for page in pages)]


SOURCE = Source("direct", _key, _candidates)
