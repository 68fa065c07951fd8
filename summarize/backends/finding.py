"""Which models this machine has: servers on their usual ports, and those that were set."""

import asyncio
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from summarize.backends.dialect import Server
from summarize.backends.local import SERVERS, located
from summarize.errors import InputError, RoundupError
from summarize.settings import Clock, Settings
from summarize.web import Api, Unreachable

PATIENCE = 3.0  # seconds: a server on this machine lists its models at once
PROBING = 120.0  # seconds: a model may have to be loaded first


@dataclass(frozen=True)
class Found:
    """A model: what to call it, where it is served, its context window in tokens.

    `held` says whether it was held to the schema that it was sent; None where it was not asked.
    """

    model: str
    base: str
    window: int | None = None
    held: bool | None = None


@dataclass(frozen=True)
class Silent:
    """A server that does not answer as it should, and what it said."""

    name: str
    base: str
    problem: str


async def find(
    settings: Settings, environment: Mapping[str, str], clock: Clock, *, probe: bool
) -> tuple[list[Found], list[Silent]]:
    """Ask all servers at once what they have.

    The model that `settings` names is sent one tiny request, to see whether a schema holds it, and
    so is a server's only one; with `probe` all are, which may load them. Servers that are not
    there are left out, unless a variable or `settings.api_base` names them.
    """
    asked = [_asked(prefix, kind, settings, environment) for prefix, kind in SERVERS.items()]
    found: dict[str, list[Found]] = {}
    silent: list[Silent] = []
    results = await asyncio.gather(
        *(
            _ask(prefix, kind, one, clock, chosen=settings.model, probe=probe)
            for prefix, kind, one in filter(None, asked)
        )
    )
    for result in results:
        if isinstance(result, Silent):
            silent.append(result)
        elif result:  # two kinds of servers share a port: the first that lists is named
            found.setdefault(result[0].base, result)
    return [model for models in found.values() for model in models], silent


def _asked(
    prefix: str, kind: Server, settings: Settings, environment: Mapping[str, str]
) -> tuple[str, Server, Settings] | None:
    own = settings.api_base if settings.model.partition("/")[0] == prefix else None
    try:
        name = settings.model if own else f"{prefix}/any"
        return (
            prefix,
            kind,
            located(dataclasses.replace(settings, model=name, api_base=own), environment),
        )
    except InputError:
        return None  # it has no usual place, and none was given


async def _ask(
    prefix: str, kind: Server, settings: Settings, clock: Clock, *, chosen: str, probe: bool
) -> list[Found] | Silent | None:
    base = settings.api_base or kind.base
    try:
        async with Api(base, clock, key=settings.api_key, timeout=PATIENCE) as api:
            names = await kind.dialect(kind, "any", settings).listed(api)
    except Unreachable as error:
        usual = base == kind.base.rstrip("/")
        return None if usual else Silent(kind.name, base, error.message)
    except RoundupError as error:
        return Silent(kind.name, base, error.message)
    models = []
    for name, window in names.items():
        async with Api(base, clock, key=settings.api_key, timeout=PROBING) as api:
            dialect = kind.dialect(kind, name, settings)
            try:
                known = await dialect.ready(api)
                asked = probe or f"{prefix}/{name}" == chosen
                asked = asked or (not kind.loads and len(names) == 1)
                held = await dialect.enforces(api) if asked else None
            except RoundupError:
                known, held = window, False
        models.append(Found(f"{prefix}/{name}", base, known or window, held))
    return models
