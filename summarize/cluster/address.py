"""Where a cluster is: `tcp://host:8786`, or `local[:N]` for one that is started here."""

import re
from dataclasses import dataclass

from summarize.errors import InputError
from summarize.web import is_loopback

_SCHEDULER = re.compile(r"(tcp|tls|ws|wss)://(?P<host>[^\s/:]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}/?")
_LOCAL = re.compile(r"local(?::(?P<workers>[1-9]\d{0,2}))?")


@dataclass(frozen=True)
class Address:
    """A scheduler's address, or none and so many `workers` (0: as many as there are cores)."""

    scheduler: str = ""
    host: str = ""
    workers: int = 0

    @property
    def is_started_here(self) -> bool:
        """Whether the cluster is this run's own."""
        return not self.scheduler

    @property
    def is_here(self) -> bool:
        """Whether what is sent there stays on this machine, as far as its address says."""
        return self.is_started_here or is_loopback(self.host)


def parsed(text: str) -> Address:
    """Read an address. Raises `InputError` for what is none."""
    if found := _LOCAL.fullmatch(text):
        return Address(workers=int(found["workers"] or 0))
    if found := _SCHEDULER.fullmatch(text):
        return Address(text.rstrip("/"), found["host"].lower())
    raise InputError(
        f"--cluster {text} is no address of a cluster",
        "write it as tcp://SCHEDULER:8786, or local:4 for four workers on this machine",
    )
