"""What a run asked for, and what it came to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarize.records import Done, Json, Outcome, Reply, Skipped

WHOLE = 0.995  # of a paper's text: what is missing is a heading or a line
MAX_WARNINGS = 20  # lines of them in a report


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

    @property
    def done(self) -> Iterator[Done]:
        """The papers with a summary."""
        return (outcome for outcome in self.outcomes if isinstance(outcome, Done))

    @property
    def skipped(self) -> Iterator[Skipped]:
        """The papers without one."""
        return (outcome for outcome in self.outcomes if isinstance(outcome, Skipped))

    @property
    def complete(self) -> bool:
        """Whether everything in the list is in the post, with a summary."""
        return not self.rejected and next(self.skipped, None) is None

    def counts(self) -> Json:
        """Return the figures, by name."""
        tally, done = self.tally, Counter[str]()
        for outcome in self.done:
            done["all"] += 1
            done["cached"] += outcome.receipt.cached
            done["abstract"] += outcome.receipt.basis == "abstract"
            done["part"] += _in_part(outcome)
            done["doubtful"] += bool(outcome.receipt.doubts)
        return {
            "papers": len(self.outcomes),
            "done": done["all"],
            "cached": done["cached"],
            "from_abstract": done["abstract"],
            "read_in_part": done["part"],
            "skipped": sum(1 for _ in self.skipped),
            "rejected_rows": self.rejected,
            "claims": self.claims(),
            "doubtful": done["doubtful"],
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
        told = dict.fromkeys(("checked", "supported", "repaired", "dropped", "flagged"), 0)
        for outcome in self.done:
            grounded = outcome.grounded
            made = (*grounded.claims, *([grounded.tldr] if grounded.tldr else []))
            told["checked"] += len(made) + grounded.dropped
            told["supported"] += sum(c.supported and not c.flags for c in made)
            told["repaired"] += sum(c.repaired for c in made)
            told["dropped"] += grounded.dropped
            told["flagged"] += sum(bool(c.flags) or not c.supported for c in made)
        return told

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
        why = Counter(f"skipped ({o.stage}): {o.reason}" for o in self.skipped)
        why += Counter(
            f"from the abstract: {o.receipt.because}" for o in self.done if o.receipt.because
        )
        why += Counter(f"read from {o.receipt.copy_read}" for o in self.done if o.receipt.copy_read)
        why += Counter(
            f"read in part: {'; '.join(o.receipt.unread)}" for o in self.done if o.receipt.unread
        )
        return [f"  {count} × {reason}" for reason, count in why.most_common(8)]

    def _warnings(self) -> list[str]:
        """Say what was met in papers that a person should look at."""
        met = [f"  {o.paper.name}: {text}" for o in self.done for text in o.receipt.warnings]
        more = len(met) - MAX_WARNINGS
        return met[:MAX_WARNINGS] + ([f"  and {more} more; --json gives all"] if more > 0 else [])


def _in_part(done: Done) -> bool:
    """Tell whether a part of the paper could not be read, or did not fit the model's context."""
    return done.receipt.share < WHOLE or bool(done.receipt.unread)


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 paper", "2 papers"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
