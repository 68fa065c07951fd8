"""aiohttp, imported when it is first needed, and without what an import of it does too early.

Its module makes two TLS contexts as it is imported and fills both with the system's certificates:
half of the import's time, where what is asked is a server on this machine. Here they are read when
TLS is first spoken (`trusted`). A session that does not name its own context would trust nobody.
"""

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # where OpenSSL looks for them, when set


def connector(*, tls: bool, limit: int = 100, public: bool = False) -> "aiohttp.TCPConnector":
    """Return a pool of so many connections (0: any number), for TLS too where that is spoken.

    With `public`, no name leads it into a private network; addresses without a name are for
    `addresses.see_that_it_is_public`, as nothing resolves them.
    """
    if "aiohttp" not in sys.modules:
        with _no_certificates():
            import aiohttp
    import aiohttp

    resolver = None
    if public:
        from summarize.web.resolving import PublicResolver

        resolver = PublicResolver()
    return aiohttp.TCPConnector(limit=limit, ssl=trusted() if tls else True, resolver=resolver)


@cache
def trusted() -> ssl.SSLContext:
    """Return the context that verifies who answers, by the system's certificates."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


@contextmanager
def _no_certificates() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _CERTIFICATES}
    os.environ.update(dict.fromkeys(_CERTIFICATES, os.devnull))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
