"""Sets of options for kinds of machines: `--profile edge`."""

import dataclasses
from typing import Any

import typer

from summarize.cli.options import is_said
from summarize.errors import InputError
from summarize.settings import MB, Settings

EDGE = "edge"
# What of the settings each sets; `context` is the flag of `window`.
_PROFILES: dict[str, dict[str, Any]] = {
    # A board with 1 GB beside the model.
    EDGE: {
        "jobs": 1,
        "window": 4_096,
        "workers": 1,
        "per_host": 1,
        "read_memory": 500 * MB,
        "pdf_cache": 256 * MB,
        "document_cache": 128 * MB,
    },
}
_FLAGS = {"jobs": "jobs", "window": "context"}


def applied(name: str, settings: Settings, ctx: typer.Context) -> Settings:
    """Return the settings of a profile; what was said otherwise holds.

    Raises `InputError` for a name that there is no profile of.
    """
    if not name:
        return settings
    if name not in _PROFILES:
        raise InputError(f"there is no profile {name}", f"there are: {', '.join(_PROFILES)}")
    said = {ours for ours, flag in _FLAGS.items() if is_said(ctx, flag)}
    values = {ours: value for ours, value in _PROFILES[name].items() if ours not in said}
    return dataclasses.replace(settings, **values)
