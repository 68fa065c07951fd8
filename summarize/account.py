"""What a run came to, from the lines of its log. Pure.

A run that was killed has an account too: all of it is counted from what was told on the way.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from summarize.records import Json


@dataclass
class Host:
    """What one host was asked, and how long it took: seconds of each request."""

    requests: int = 0
    failed: int = 0
    size: int = 0  # bytes
    seconds: list[float] = field(default_factory=list)

    @property
    def usual(self) -> float:
        """The median of a request's seconds."""
        return statistics.median(self.seconds) if self.seconds else 0.0


@dataclass
class Again:
    """How often something was asked again for one cause, and the seconds waited before."""

    times: int = 0
    waited: float = 0.0


@dataclass
class Account:
    """The figures of one run. Cost is in US dollars; None where no service said it."""

    facts: Mapping[str, Any] = field(default_factory=dict)  # command, post, list, model, prompt
    begun: str = ""
    seconds: float = 0.0
    ended: str = "it ended early: it was killed, or is still under way"
    papers: int = 0
    done: int = 0
    cached: int = 0
    waiting: int = 0
    from_abstract: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)  # key, title, stage, reason
    doubtful: list[dict[str, str]] = field(default_factory=list)  # key, title, why
    requests: int = 0
    arrived: int = 0  # replies that an earlier run had been given
    refused: Counter[str] = field(default_factory=Counter)  # replies that were no summary, by why
    tokens_read: int = 0
    tokens_written: int = 0
    cost: float | None = None
    fetched: int = 0
    size: int = 0  # bytes of PDFs
    read: int = 0  # PDFs
    again: dict[str, Again] = field(default_factory=lambda: defaultdict(Again))  # by cause
    hosts: dict[tuple[str, str], Host] = field(
        default_factory=lambda: defaultdict(Host)
    )  # and stage

    def as_json(self) -> Json:
        """Return the figures by name."""
        return {
            **self.facts,
            "begun": self.begun,
            "seconds": round(self.seconds, 2),
            "ended": self.ended,
            "papers": self.papers,
            "done": self.done,
            "cached": self.cached,
            "waiting": self.waiting,
            "from_abstract": self.from_abstract,
            "skipped": self.skipped,
            "doubtful": self.doubtful,
            "requests": self.requests,
            "replies_from_before": self.arrived,
            "replies_refused": dict(self.refused.most_common()),
            "tokens_read": self.tokens_read,
            "tokens_written": self.tokens_written,
            "cost": self.cost,
            "downloads": self.fetched,
            "bytes": self.size,
            "read": self.read,
            "asked_again": [
                {"cause": cause, "times": again.times, "waited": round(again.waited, 2)}
                for cause, again in self.causes()
            ],
            "hosts": [
                {
                    "host": name,
                    "stage": stage,
                    "requests": host.requests,
                    "failed": host.failed,
                    "bytes": host.size,
                    "median_seconds": round(host.usual, 3),
                    "longest_seconds": round(max(host.seconds, default=0.0), 3),
                }
                for (name, stage), host in self.slowest()
            ],
        }

    def causes(self) -> list[tuple[str, Again]]:
        """Return for what causes things were asked again, the most frequent first."""
        return sorted(self.again.items(), key=lambda one: -one[1].times)

    def slowest(self) -> list[tuple[tuple[str, str], Host]]:
        """Return the hosts that were asked, and at which stage, the slowest first."""
        return sorted(self.hosts.items(), key=lambda one: -one[1].usual)


def account(lines: Sequence[Mapping[str, Any]]) -> Account:
    """Return what a run came to, from the lines of its log in their order."""
    made = Account()
    for line in lines:
        counts = _COUNTS.get(line["what"])
        if counts:
            counts(made, line)
    times = [when for line in lines if (when := _when(line["time"]))]
    if times:
        made.begun = lines[0]["time"]
        made.seconds = (max(times) - min(times)).total_seconds()
    return made


# --- how each line counts, by what it says happened -----------------------------------------------


def _begun(made: Account, line: Mapping[str, Any]) -> None:
    names = ("command", "post", "list", "model", "prompt", "version")
    made.facts = {name: line[name] for name in names if name in line}


def _papers(made: Account, line: Mapping[str, Any]) -> None:
    made.papers += _int(line, "papers")


def _ended(made: Account, line: Mapping[str, Any]) -> None:
    made.ended = str(line.get("how", ""))


def _done(made: Account, line: Mapping[str, Any]) -> None:
    made.done += 1
    made.cached += bool(line.get("cached"))
    made.from_abstract += line.get("basis") == "abstract"
    if why := line.get("doubts"):
        made.doubtful.append({**_paper(line), "why": str(why)})


def _skipped(made: Account, line: Mapping[str, Any]) -> None:
    at = {"stage": str(line["stage"]), "reason": str(line.get("reason", ""))}
    made.skipped.append(_paper(line) | at)


def _waiting(made: Account, _line: Mapping[str, Any]) -> None:
    made.waiting += 1


def _reply(made: Account, line: Mapping[str, Any]) -> None:
    made.requests += 1
    made.tokens_read += _int(line, "tokens_read")
    made.tokens_written += _int(line, "tokens_written")
    if isinstance(cost := line.get("cost"), int | float):
        made.cost = (made.cost or 0.0) + cost


def _arrived(made: Account, _line: Mapping[str, Any]) -> None:
    made.arrived += 1


def _no_summary(made: Account, line: Mapping[str, Any]) -> None:
    made.refused[str(line.get("cause", ""))] += 1


def _fetched(made: Account, line: Mapping[str, Any]) -> None:
    made.fetched += 1
    made.size += _int(line, "bytes")


def _read(made: Account, _line: Mapping[str, Any]) -> None:
    made.read += 1


def _asked(made: Account, line: Mapping[str, Any]) -> None:
    host = made.hosts[str(line.get("host", "")), line["stage"]]
    host.requests += 1
    host.size += _int(line, "bytes")
    host.failed += line["level"] == "warning"
    if isinstance(seconds := line.get("seconds"), int | float):
        host.seconds.append(float(seconds))


def _asked_again(made: Account, line: Mapping[str, Any]) -> None:
    again = made.again[str(line.get("cause", ""))]
    again.times += 1
    if isinstance(waits := line.get("waits"), int | float):
        again.waited += waits


_COUNTS = {
    "run begins": _begun,
    "papers": _papers,
    "run ends": _ended,
    "done": _done,
    "skipped": _skipped,
    "waiting": _waiting,
    "reply": _reply,
    "arrived before": _arrived,
    "no summary": _no_summary,
    "fetched": _fetched,
    "read": _read,
    "host asked": _asked,
    "asked again": _asked_again,
}


def _paper(line: Mapping[str, Any]) -> dict[str, str]:
    return {"key": str(line["key"]), "title": str(line.get("title", ""))}


def _int(line: Mapping[str, Any], name: str) -> int:
    value = line.get(name)
    return value if isinstance(value, int) else 0


def _when(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
