"""A row of the table: a fault, how often it was injected, what was promised, what was seen."""

import re
from dataclasses import dataclass

from tests.faults.walking import Walked


@dataclass(frozen=True)
class Row:
    """One row. `good` says whether what was seen is what was promised."""

    where: str
    fault: str
    injected: int
    promised: str
    observed: str
    good: bool

    def line(self) -> str:
        """Return the row in Markdown."""
        mark = "" if self.good else "**NOT KEPT** "
        cells = (self.where, self.fault, f"{self.injected:,}", self.promised, mark + self.observed)
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def told(walked: Walked, count: int, twice: int, what: str = "asked") -> str:
    """Say in a cell what runs came to."""
    said = f"{walked.done:,} of {count:,} done"
    said += f" in {walked.runs} runs" if walked.runs > 1 else ""
    said += f", {twice} {what} twice"
    if walked.reasons:
        reason = walked.reasons.most_common(1)[0][0]
        reason = re.sub(r"/\S*/faults-\w+/", "…/", reason)  # where it ran is of no interest
        said += f"; said: {reason.partition('127.0.0.1')[0] or reason}"[:110]
    return said + "".join(f"; {each}" for each in walked.wrong)
