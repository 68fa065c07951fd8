"""Several runs at once on one workspace and one list: each question is asked once in all."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.row import Row
from tests.faults.server import Server, model
from tests.faults.workspace import abstracts_list, started

COUNT = 67


def together(folder: Path, runs: int, *, kill: bool = False, count: int = COUNT) -> Row:
    """Start so many runs at once; with `kill`, end one of them outright in the midst of it."""
    home = folder / f"together-{runs}{'-killed' * kill}"
    home.mkdir()
    jobs, said = 8, home / "said.txt"
    with Server(model) as server:
        server.latency = 0.2
        listed = abstracts_list(home / "l.csv", count)
        processes = [
            started(
                home, "draft", listed, "-o", f"p{n}.md", "--cache-dir", "cache", "--jobs", jobs,
                "--abstract-only", "--model", "local/fake", "--api-base", f"{server.url}/v1",
                said=said,
            )
            for n in range(runs)
        ]  # fmt: skip
        if kill:
            while server.given.total() < count // 4 and processes[0].poll() is None:
                time.sleep(0.01)
            processes[0].kill()
        codes = [process.wait(timeout=300) for process in processes]
        asked = server.asked.total()
    ended = codes[kill:]
    posts = [(home / f"p{n}.md").read_text("utf-8") for n in range(int(kill), runs)]
    same = all(post == posts[0] for post in posts)
    whole = posts[0].count("\n1. ") == count and "Not summarized" not in posts[0]
    keys = {*server.asked}
    right = all(sum(key in post for key in keys) == count for post in posts)
    fine = same and whole and right and ended == [0] * len(ended)
    fine = fine and "Traceback" not in said.read_text("utf-8")
    allowed = count + (jobs if kill else 0)
    return Row(
        "processes",
        f"{runs} runs at once" + (", one of them killed" if kill else ""),
        runs,
        f"{count} requests in all"
        + (f", and at most {jobs} more for those in flight" if kill else "")
        + "; every post correct",
        f"{asked} requests; {len(posts) if fine else 'not all'} posts correct",
        fine and count <= asked <= allowed,
    )


def stopped(folder: Path, how: signal.Signals, times: int, count: int = 24) -> Row:
    """Stop a run in an orderly way again and again: it ends within seconds, and goes on later."""
    home, rng, slow, jobs = folder / how.name, random.Random(how.value), 0, 4
    home.mkdir()
    said = home / "said.txt"
    with Server(model) as server:
        server.latency = 0.3
        listed = abstracts_list(home / "l.csv", count)
        command = (
            "draft", listed, "-o", "p.md", "--cache-dir", "cache", "--jobs", jobs,
            "--abstract-only", "--model", "local/fake", "--api-base", f"{server.url}/v1",
        )  # fmt: skip
        for _ in range(times):
            before = server.asked.total()
            process = started(home, *command, said=said)
            end = time.monotonic() + 20
            while (
                server.asked.total() == before and process.poll() is None and time.monotonic() < end
            ):
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.4))
            process.send_signal(how)
            at = time.monotonic()
            process.wait(timeout=30)
            slow += time.monotonic() - at > 3.0
        code = started(home, *command, said=said).wait()
        twice = sum(n - 1 for n in server.given.values())
    post = (home / "p.md").read_text("utf-8")
    done = post.count("\n1. ") - post.count("Not summarized")
    traces = said.read_text("utf-8").count("Traceback")
    return Row(
        "processes", f"{how.name} at random moments", times,
        "ends at once; running again goes on; what still came of open requests is kept",
        f"{done} of {count} done, {twice} asked twice, {slow} slow to end, {traces} tracebacks",
        done == count and code == 0 and not (slow or traces or twice > times * jobs),
    )  # fmt: skip


def rows(folder: Path, times: int) -> Iterator[Row]:
    """Yield what came of runs beside each other, and of runs that were stopped."""
    yield together(folder, 2)
    yield together(folder, 8)
    yield together(folder, 8, kill=True)
    yield stopped(folder, signal.SIGINT, times)
    yield stopped(folder, signal.SIGTERM, times)
