"""kill -9, again and again, over one run of 67 papers that are fetched and asked about by HTTP.

    python -m tests.faults.kills 500 [--write]

The moments are spread over its papers: before it asks, while requests are in flight, just after a
reply was committed, while it writes the post (whose title is another each time). At every restart
the replies that were committed must all be there, and the post must be whole: the old one, or the
new one. In the end every paper is done, and the model server's record must show that nothing was
asked again once its reply was committed. With `--write` the figures go into docs/reliability.md.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from summarize import seal
from tests.faults import page
from tests.faults.workspace import ICML, Record, committed, icml_list, started, stub, written
from tests.paper_site import PaperSite

MINE = "\nThese are my own words, and they stay.\n"
JOBS = 2
STARTS = 30.0  # seconds that a run may take until it asks
# Where a kill may hit.
EARLY, FLYING, BETWEEN, WRITING = (
    "before it asks", "while requests are in flight", "between requests", "as it writes the post",
)  # fmt: skip


@dataclass
class Seen:
    """What a series of kills came to."""

    kills: int = 0
    papers: int = 67
    papers_done: int = 0
    requests: int = 0  # those that were in flight at a kill among them
    lost: int = 0  # replies that were committed and not there any more
    asked_twice: int = 0  # requests whose reply was committed before they were sent
    torn_posts: int = 0
    most_in_flight: int = 0  # at a kill, as the next run tells
    told: int = 0  # runs that told of what was in flight before them
    tracebacks: int = 0
    hit: Counter[str] = field(default_factory=Counter)  # how many kills came when
    new_posts: int = 0  # that a run had written before it was killed

    @property
    def good(self) -> bool:
        """Whether all that is promised was kept."""
        return (
            self.papers_done == self.papers
            and not (self.lost or self.asked_twice or self.torn_posts or self.tracebacks)
            and self.most_in_flight <= JOBS
        )


def kill(times: int, folder: Path, count: int = 67, seed: int = 1) -> Seen:
    """Kill a run so many times, spread over its papers; then let it end."""
    seen, rng = Seen(papers=count), random.Random(seed)
    record, said, cache = folder / "asked.jsonl", folder / "said.txt", folder / "cache"
    post = folder / "p.md"
    with PaperSite(ICML / "pdfs") as site, stub(record, "--latency", "0.3") as model:
        papers = icml_list(folder / "l.csv", site.url, count)
        common = ("draft", papers, "-o", post, "--cache-dir", cache, "--abstract-only")
        started(folder, *common, said=said).wait()
        post.write_text(post.read_text("utf-8") + MINE, "utf-8")
        old = post.read_bytes()
        command = (
            *common[:-1], "--model", "local/fake", "--api-base", f"{model}/v1", "--jobs", JOBS,
        )  # fmt: skip
        known: set[str] = set()
        asked = Record(record)
        while seen.kills < times:
            before = set(known)
            asked.more()
            had, open_before = said.stat().st_size, {*(cache / "ledger").glob("*.open")}
            process = started(folder, *command, "--title", f"Roundup {seen.kills}", said=said)
            # The last tenth is for the post, when there is nothing more to ask.
            due = min(count, seen.kills * count / (times * 0.9))
            if len(known) < count or rng.random() < 0.3:
                _live(process, cache, rng, len(known), due)
                when = ""
            else:
                when = WRITING if _writes(process, post) else ""
            if process.poll() is None:
                process.kill()
                seen.kills += 1
                process.wait()
                opened = {*(cache / "ledger").glob("*.open")} - open_before
                seen.hit[when or _moment(opened)] += 1
            ended = process.wait()
            known = committed(cache)
            seen.asked_twice += sum(tag in before for tag in asked.more())
            # Of the two replies to a paper whose quotes were asked for again, the worse one goes
            # with the files that are made one, once its paper is settled.
            seen.lost += len((before - known) & asked.first)
            _look(post, old, count, seen, said.read_bytes()[had:].decode("utf-8", "replace"))
            if ended == 0:  # it came to its end: the rest of the kills hit a run that has all
                old = post.read_bytes()
        started(folder, *command, said=said).wait()
        text = post.read_text("utf-8")
        heads = re.findall(r"^1\. \[\*\*.*\\\[[0-9a-f]{8}\\\]$", text, re.MULTILINE)
        seen.papers_done = len(heads) if text.endswith(MINE) else 0
        asked.more()
        seen.requests = len(asked.asked)
        seen.tracebacks = said.read_text("utf-8", "replace").count("Traceback")
    return seen


def _live(
    process: subprocess.Popen[bytes], cache: Path, rng: random.Random, known: int, due: float
) -> None:
    """Let a run live until its moment has come.

    So many replies are due by now. Where they are not there yet, the moment is just after the
    next; else it is at any time, or while requests are in flight.
    """
    flying = rng.random() < 0.6
    end = time.monotonic() + (60.0 if known < due else STARTS if flying else rng.uniform(0.05, 1.2))
    size, before = 0, {*(cache / "ledger").glob("*.open")}
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
        if known < due and (grown := written(cache)) > size:
            size = grown
            if len(committed(cache)) <= known:
                continue
            end = time.monotonic() + rng.uniform(0, 0.1)
            due = 0.0
        elif known >= due and flying and {*(cache / "ledger").glob("*.open")} - before:
            end, flying = time.monotonic() + rng.uniform(0, 0.28), False


def _writes(process: subprocess.Popen[bytes], post: Path) -> bool:
    """Let a run live until it writes the post or its note; tell whether it came to that."""
    end = time.monotonic() + STARTS
    while process.poll() is None and time.monotonic() < end:
        if any(post.parent.glob(f".*{post.name}*.tmp")):
            return True
        time.sleep(0.0005)
    return False


def _moment(opened: set[Path]) -> str:
    """Return when a run was killed, by what it left in the ledger."""
    if not opened:
        return EARLY
    out: set[str] = set()
    for path in opened:
        for line in map(seal.read, path.read_bytes().split(b"\n")):
            if line and line.verb == "sent":
                out.add(line.key)
            elif line:
                out.discard(line.key.removeprefix("arrived "))
    return FLYING if out else BETWEEN


def _look(post: Path, old: bytes, count: int, seen: Seen, said: str) -> None:
    """See that the post is the old one or a new one that is whole, and what the run told."""
    now = post.read_bytes()
    if now != old:
        text = now.decode("utf-8", "replace")
        whole = text.endswith(MINE) and text.startswith("---\n")
        seen.torn_posts += not (whole and text.count("\n1. ") == count)
        seen.new_posts += 1
    for number in re.findall(r"an earlier run ended with (\d+) request", said):
        seen.told += 1
        seen.most_in_flight = max(seen.most_in_flight, int(number))


def told(seen: Seen, seconds: float) -> str:
    """Return what a series came to as the page has it."""
    rows = {
        "kills": f"{seen.kills} in {seconds / 60:.0f} min, `--jobs {JOBS}`",
        "of them": ", ".join(f"{count} {when}" for when, count in seen.hit.most_common()),
        "papers done": f"{seen.papers_done} of {seen.papers}",
        "requests, those in flight at a kill among them": seen.requests,
        "replies that were committed and lost": seen.lost,
        "requests sent again after their reply was committed": seen.asked_twice,
        "requests in flight at a kill, at most": seen.most_in_flight,
        "runs that told of what was in flight before them": seen.told,
        "new posts that a run had written before it was killed": seen.new_posts,
        "posts that were torn": seen.torn_posts,
        "tracebacks": seen.tracebacks,
    }
    lines = [f"| {what} | {value} |" for what, value in rows.items() if value != ""]
    kept = "All that is promised was kept." if seen.good else "**NOT KEPT.**"
    return "\n".join(["| What | |", "|---|---|", *lines, "", f"{kept} {page.machine()}."])


def main() -> None:
    """Kill as often as the command line says, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=500)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    start = time.monotonic()
    seen = kill(options.times, folder)
    seconds = time.monotonic() - start
    print(json.dumps({**vars(seen), "good": seen.good, "seconds": seconds}))
    if options.write:
        page.write("kills", told(seen, seconds))
    if seen.good:
        shutil.rmtree(folder)
    else:
        print(f"left as it is in {folder}")
        sys.exit(1)


if __name__ == "__main__":
    main()
