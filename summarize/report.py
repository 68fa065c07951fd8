"""What a run asked for, and what it came to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarize.records import Done, Json, Outcome, Reply, Skipped

WHOLE = 0.995  # of a paper's text: what is missing is a heading or a line
MAX_WARNINGS = 20  # lines of them in a report
# What a person may do about papers that were skipped at a stage of their walk.
REMEDIES = {
    "fetch": "The same command tries again what was not had; PDFs of yours are taken from "
    "--pdf-dir DIR, and where the list has an abstract, that is read instead",
}
_CLAIMS = ("checked", "supported", "repaired", "dropped", "flagged")


@dataclass
class Tally:
    """What a run has asked for, whatever became of it. Cost in US dollars, where known."""

    papers: int = 0
    done: int = 0
    requests: int = 0
    downloads: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    cost: float | None = None

    def add(self, reply: Reply) -> None:
        """Count a reply."""
        self.requests += 1
        self.tokens_read += reply.tokens_read or 0
        self.tokens_written += reply.tokens_written or 0
        if reply.cost is not None:
            self.cost = (self.cost or 0.0) + reply.cost


@dataclass(frozen=True)
class Report:
    """What a whole run came to."""

    outcomes: Sequence[Outcome]
    rejected: int  # rows of the list that can't be used
    tally: Tally
    seconds: float
    post: Path
    backup: Path | None = None
    remarks: Sequence[str] = ()  # on what the person had written there

    @cached_property
    def _found(self) -> "_Found":
        """What is found in the outcomes, by one walk: each is made anew from the disk."""
        found = _Found()
        for outcome in self.outcomes:
            found.add(outcome)
        return found

    @property
    def complete(self) -> bool:
        """Whether everything in the list is in the post, with a summary."""
        return not self.rejected and not self._found.number["skipped"]

    def counts(self) -> Json:
        """Return the figures, by name."""
        tally, number = self.tally, self._found.number
        return {
            "papers": len(self.outcomes),
            "done": number["done"],
            "cached": number["cached"],
            "from_abstract": number["abstract"],
            "read_in_part": number["part"],
            "skipped": number["skipped"],
            "rejected_rows": self.rejected,
            "claims": self.claims(),
            "doubtful": number["doubtful"],
            "downloads": tally.downloads,
            "requests": tally.requests,
            "tokens_read": tally.tokens_read,
            "tokens_written": tally.tokens_written,
            "cost": tally.cost,
            "seconds": round(self.seconds, 2),
            "remarks": list(self.remarks),
        }

    def claims(self) -> dict[str, int]:
        """Count what was claimed: TLDRs and notes, those that were dropped among them.

        What is flagged is supported but for some of its words.
        """
        return {name: self._found.claims[name] for name in _CLAIMS}

    def lines(self) -> list[str]:
        """Say it in a few lines."""
        c = self.counts()
        claims = c["claims"]
        parts = [f"{c['done']} of {counted(c['papers'], 'paper')} done"]
        parts += [f"{c['cached']} from the cache"] if c["cached"] else []
        parts += [f"{c['from_abstract']} from the abstract alone"] if c["from_abstract"] else []
        parts += [f"{c['read_in_part']} read in part"] if c["read_in_part"] else []
        parts += [f"{c['skipped']} skipped"] if c["skipped"] else []
        parts += [f"{counted(c['rejected_rows'], 'row')} not used"] if c["rejected_rows"] else []
        asked = [f"{counted(c['downloads'], 'PDF')} fetched"] if c["downloads"] else []
        tokens = self.tally.tokens_read + self.tally.tokens_written
        if tokens:
            asked.append(f"{counted(c['requests'], 'request')}, {tokens:,} tokens")
        if self.tally.cost is not None:
            asked.append(f"${self.tally.cost:.4f}")
        said = [", ".join(parts) + f" in {self.seconds:.1f} s" + "".join(f"; {a}" for a in asked)]
        if claims["checked"]:
            told = ", ".join(f"{n} {name}" for name, n in claims.items() if n and name != "checked")
            said.append(f"{counted(claims['checked'], 'claim')} checked: {told}")
        if c["doubtful"]:
            one = c["doubtful"] == 1
            do, them = ("summary does", "it") if one else ("summaries do", "them")
            said.append(
                f"{c['doubtful']} {do} not read like one of its paper: look at {them} "
                "(CHECK in the post)"
            )
        said += self._reasons()
        said += self._warnings()
        said += self.remarks
        if self.backup:
            said.append(f"The post that was there is kept as {self.backup}")
        return [*said, f"Wrote {self.post}"]

    def _reasons(self) -> list[str]:
        """Say why papers were skipped, or read from the abstract or in part, each reason once."""
        why = sum(self._found.why, Counter[str]())
        said = [f"  {count} × {reason}" for reason, count in why.most_common(8)]
        return [*said, *(do for stage, do in REMEDIES.items() if stage in self._found.stages)]

    def _warnings(self) -> list[str]:
        """Say what was met in papers that a person should look at."""
        met = self._found.warnings
        more = len(met) - MAX_WARNINGS
        return met[:MAX_WARNINGS] + ([f"  and {more} more; --json gives all"] if more > 0 else [])


class _Found:
    """What outcomes come to, counted as they pass."""

    def __init__(self) -> None:
        self.number = Counter[str]()
        self.claims = Counter[str]()
        self.stages = set[str]()  # at which papers were skipped
        # Why papers were skipped; read from the abstract, from a copy, in part.
        self.why = [Counter[str]() for _ in range(4)]
        self.warnings: list[str] = []

    def add(self, outcome: Outcome) -> None:
        skipped, abstract, copied, part = self.why
        if isinstance(outcome, Skipped):
            self.number["skipped"] += 1
            self.stages.add(outcome.stage)
            skipped[f"skipped ({outcome.stage}): {outcome.reason}"] += 1
        if not isinstance(outcome, Done):
            return
        receipt, grounded = outcome.receipt, outcome.grounded
        self.number["done"] += 1
        self.number["cached"] += receipt.cached
        self.number["abstract"] += receipt.basis == "abstract"
        self.number["part"] += receipt.share < WHOLE or bool(receipt.unread)
        self.number["doubtful"] += bool(receipt.doubts)
        if receipt.because:
            abstract[f"from the abstract: {receipt.because}"] += 1
        if receipt.copy_read:
            copied[f"read from {receipt.copy_read}"] += 1
        if receipt.unread:
            part[f"read in part: {'; '.join(receipt.unread)}"] += 1
        self.warnings += (f"  {outcome.paper.name}: {text}" for text in receipt.warnings)
        made = (*grounded.claims, *([grounded.tldr] if grounded.tldr else []))
        self.claims["checked"] += len(made) + grounded.dropped
        self.claims["supported"] += sum(c.supported and not c.flags for c in made)
        self.claims["repaired"] += sum(c.repaired for c in made)
        self.claims["dropped"] += grounded.dropped
        self.claims["flagged"] += sum(bool(c.flags) or not c.supported for c in made)


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 paper", "2 papers"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
