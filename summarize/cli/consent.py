"""Before any text leaves this machine for the first time: say who will read it, and ask."""

import sys

import typer

from summarize.errors import InputError
from summarize.settings import Settings
from summarize.store import Store


def seek(service: str | None, settings: Settings, *, yes: bool) -> None:
    """See that the person knows which service would read the papers' text, and agrees.

    Asked once for each service; `yes` answers for them. Raises `InputError` when they don't, or
    when nobody is there to ask, or when the run must stay offline.
    """
    if service is None:
        return
    if settings.offline:
        raise InputError(
            f"--offline: {settings.model} would be asked at {service}",
            "use the default (extractive), or a model on this machine with --api-base",
        )
    store = Store(settings)
    store.open()
    try:
        if not store.agreed(service):
            if not (yes or _agrees(service)):
                raise InputError(
                    f"nothing was sent: {service} would be given the papers' text",
                    "say --yes to allow it, or use a local model or the default (extractive)",
                )
            store.agree(service)
    finally:
        store.close()


def _agrees(service: str) -> bool:
    """Ask the person, if one is there."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(
        f"The text of these papers will be sent to {service}. Go on? (asked once)", err=True
    )
