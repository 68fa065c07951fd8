"""Make the measurements behind the four example notes, and print their figures as tables.

    python examples/measure.py [durable] [sniffer] [waiting] [coldstart] [--save]

Without a name: all, in two to three minutes. `--save` keeps the figures for the notes. Linux only.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import aiohttp

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "notes" / "figures.json"
Row = dict[str, str | int | float]
Line = list[str | int | float]
Result = dict[str, list[Row]]
Table = list[list[str]]


def table(title: str, lines: list[Line]) -> list[Row]:
    """Print lines, the first of them the names, as a table to three digits; return its rows."""
    lines = [[float(f"{v:.3g}") if isinstance(v, float) else v for v in line] for line in lines]
    texts = ("".join(f"{cell!s:>14}" for cell in line) for line in lines)
    print(f"\n{title}", *texts, sep="\n")
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]


# --- durable: what a synced record costs -----------------------------------------------------
RECORD = b"{" + b"r" * 197 + b"}\n"


def _appender(path: str, sync: Callable[[int], object]) -> Callable[[], object]:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda: (os.write(file, RECORD), sync(file))


def _inserter(path: str, journal: str, synchronous: str, batch: int = 1) -> Callable[[], object]:
    database = sqlite3.connect(path)
    database.executescript(f"PRAGMA journal_mode={journal}; PRAGMA synchronous={synchronous};")
    database.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")
    insert, rows = "INSERT INTO record (body) VALUES (?)", [(RECORD.decode(),)] * batch
    return lambda: (database.executemany(insert, rows), database.execute("COMMIT"))


def durable() -> Result:
    """Time seven ways of storing small records, synced and not."""
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".measure-") as at:
        ways: dict[str, tuple[int, Callable[[], object]]] = {
            "append": (1, _appender(f"{at}/plain", lambda file: None)),
            "append, fsync": (1, _appender(f"{at}/fsync", os.fsync)),
            "DELETE FULL": (1, _inserter(f"{at}/delete.db", "DELETE", "FULL")),
            "WAL FULL": (1, _inserter(f"{at}/full.db", "WAL", "FULL")),
            "WAL NORMAL": (1, _inserter(f"{at}/normal.db", "WAL", "NORMAL")),
            "WAL FULL x10": (10, _inserter(f"{at}/by10.db", "WAL", "FULL", 10)),
            "WAL FULL x100": (100, _inserter(f"{at}/by100.db", "WAL", "FULL", 100)),
        }
        for name in list(ways) * 5:  # the ways take turns, so that a slow moment hurts them all
            batch, write = ways[name]
            for _ in range(800 if batch == 1 else 160):
                start = time.perf_counter()
                write()
                times.setdefault(name, []).append(time.perf_counter() - start)
    lines: list[Line] = [["way", "records", "per_s", "p50_us", "p99_us", "max_us"]]
    for name, (batch, _) in ways.items():
        us, records = sorted(second * 1e6 for second in times[name]), len(times[name]) * batch
        tail = [us[len(us) // 2], us[len(us) * 99 // 100], us[-1]]
        lines.append([name, records, records / sum(us) * 1e6, *tail])
    return {"ways": table("durable: 200-byte records, times per commit", lines)}


# --- sniffer: how far csv.Sniffer can be trusted ---------------------------------------------
WORDS = ["note", "cost", "reading", "tables", "with", "care", "luck"]
FAMILIES = ["plain", "commas", "newlines", "quotes", "decimals", "ragged"]
MARKS = {"comma": ",", "semicolon": ";", "tab": "\t"}
PLACES, ENDS = ["first", "middle", "last"], {"CRLF": "\r\n", "LF": "\n"}
READERS: dict[str, Callable[[str], Table]] = {
    "sniff_1k": lambda text: _parse(text, csv.Sniffer().sniff(text[:1024])),
    "sniff_all": lambda text: _parse(text, csv.Sniffer().sniff(text)),
    "sniff_limited": lambda text: _parse(text, csv.Sniffer().sniff(text, ",;\t")),
    "by_trial": lambda text: max((_parse(text, delimiter=m) for m in ",;\t"), key=regularity),
}


def _parse(text: str, dialect: type[csv.Dialect] = csv.excel, delimiter: str = "") -> Table:
    source = io.StringIO(text, newline="")
    return list(csv.reader(source, dialect, delimiter=delimiter or dialect.delimiter))


def regularity(rows: Table) -> tuple[bool, float, int]:
    """How much a parse looks like a table: has columns, rows of one width, that width."""
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return width > 1, count / len(rows), width


def cell(rng: random.Random, family: str, column: int) -> str:
    """One cell; column -1 is the one that carries what its family is about."""
    some = [" ".join(rng.choices(WORDS, k=rng.randint(1, 6))) for _ in range(3)]
    if column == -1 and family == "commas":
        return ", ".join(some[: rng.randint(1, 3)])
    if column == -1 and family == "newlines":
        return "\n".join(text + rng.choice(".;,") for text in some)
    if column == -1 and family == "quotes":
        return f'the so-called "{some[0]}" of {some[1]}'
    if column == -1 and family in ("decimals", "ragged"):
        return f"{rng.randint(0, 999)},{rng.randint(0, 99):02}"
    date = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return [date, some[0], str(rng.randint(0, 5000)), f"{rng.randint(8, 18)}:30"][column % 4]


def export(rng: random.Random, family: str, mark: str, place: str, end: str) -> tuple[Table, str]:
    """A table with the special column in its place, and the text a spreadsheet exports."""
    width = rng.randint(3, 7)
    special = {"first": 0, "middle": width // 2, "last": width - 1}[place]
    rows = [WORDS[:width]]
    for _ in range(rng.randint(5, 40)):
        cells = [cell(rng, family, -1 if i == special else i) for i in range(width)]
        rows.append(cells[: rng.randint(2, width)] if family == "ragged" else cells)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=MARKS[mark], lineterminator=ENDS[end]).writerows(rows)
    return rows, text.getvalue()


def sniffer() -> Result:
    """Read generated exports with each reader, and compare with what was written."""
    rng, each, seconds = random.Random(20261116), 30, dict.fromkeys(READERS, 0.0)
    kinds = [(f, m, p, e) for f in FAMILIES for m in MARKS for p in PLACES for e in ENDS]
    outcomes: Counter[tuple[str, ...]] = Counter()
    for family, mark, place, end in kinds * each:
        rows, text = export(rng, family, mark, place, end)
        for name, read in READERS.items():
            start = time.perf_counter()
            try:
                result = "exact" if read(text) == rows else "wrong"
            except csv.Error:
                result = "error"
            seconds[name] += time.perf_counter() - start
            outcomes[name, result] += 1
            outcomes[family, place, end, name] += result == "exact"
    lines: list[Line] = [["family", "place", "end", "files", *READERS]]
    files, trios = each * len(MARKS), [(f, p, e) for f in FAMILIES for p in PLACES for e in ENDS]
    lines += [[*trio, files, *(outcomes[*trio, name] for name in READERS)] for trio in trios]
    total: list[Line] = [["reader", "files", "exact", "wrong", "error", "ms_per_file"]]
    for name in READERS:
        counts = [outcomes[name, result] for result in ("exact", "wrong", "error")]
        total.append([name, sum(counts), *counts, seconds[name] / sum(counts) * 1e3])
    return {"kinds": table("sniffer: files read", lines), "total": table("in all", total)}


# --- waiting: the knee of one event loop -----------------------------------------------------
WARM_UP, WINDOW = 3.0, 2.0  # seconds


class _Slow(asyncio.Protocol):
    """An HTTP server that answers every request after one second, and does nothing else."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.write = transport.write

    def data_received(self, data: bytes) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        asyncio.get_running_loop().call_later(1.0, self.write, answer)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Slow, "127.0.0.1", 0, backlog=8192)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def load(port: int, work: float, n: int) -> Line:
    """Keep n requests in flight, and hold the loop for `work` seconds at every answer."""
    waits: list[float] = []
    begin = time.perf_counter() + WARM_UP
    end = begin + WINDOW

    async def worker(session: aiohttp.ClientSession, offset: float) -> None:
        await asyncio.sleep(offset)  # staggered over two seconds
        while (start := time.perf_counter()) < end:
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                await response.read()
            until = time.perf_counter() + work
            while time.perf_counter() < until:
                pass
            if begin <= (now := time.perf_counter()) < end:
                waits.append(now - start)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        workers = [asyncio.create_task(worker(session, 2.0 * i / n)) for i in range(n)]
        await asyncio.sleep(WARM_UP)
        cpu, clock = time.process_time(), time.perf_counter()
        await asyncio.sleep(end - clock)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        for task in workers:
            task.cancel()
        await asyncio.wait(workers)
    rate, busy = len(waits) / WINDOW, cpu / clock
    return [work * 1e3, n, rate, statistics.median(waits), busy, busy / rate * 1e3]


def waiting() -> Result:
    """Raise the requests in flight, for three amounts of work per answer."""
    levels = {0.0: (400, 1600, 3200, 4000), 0.002: (100, 200, 400, 800), 0.01: (25, 50, 100, 200)}
    lines: list[Line] = [["work_ms", "in_flight", "per_s", "p50_s", "cpu", "cpu_ms_each"]]
    command, pipe = [sys.executable, __file__, "--serve"], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL) as server:
        port = int(server.stdout.readline() if server.stdout else 0)
        lines += [asyncio.run(load(port, work, n)) for work in levels for n in levels[work]]
        server.terminate()
    return {"load": table("waiting: one client, a server that takes 1 s", lines)}


# --- coldstart: what imports cost ------------------------------------------------------------
MODULES = "json asyncio pypdfium2 pydantic typer jinja2 pypdf requests aiohttp"
PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024"
REPORT = f"\nimport sys; print(len(sys.modules), {PEAK})"
TOOL = ["aiohttp", "jinja2", "pydantic", "pypdf", "requests"]
LAZY = """
import sys; from importlib import util
def lazy(name):
    spec = util.find_spec(name); spec.loader = util.LazyLoader(spec.loader)
    sys.modules[name] = module = util.module_from_spec(spec)
    spec.loader.exec_module(module); return module
"""


def child(code: str, runs: int, compiled: bool = True) -> list[float]:
    """The least of some fresh interpreters: wall milliseconds, modules, peak megabytes."""
    fresh = {"PYTHONPYCACHEPREFIX": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}  # no cache
    environment, command = (
        os.environ | ({} if compiled else fresh),
        [sys.executable, "-c", code + REPORT],
    )
    results: list[list[float]] = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        wall = (time.perf_counter() - start) * 1e3
        results.append([wall, *map(float, done.stdout.split()[-2:])])
    return [min(column) for column in zip(*results, strict=True)]


def coldstart() -> Result:
    """Time imports in fresh interpreters, alone and in a tool with eager and lazy imports."""
    bare, bare_first = child("", 15), child("", 5, compiled=False)
    imports: list[Line] = [["module", "ms", "first_ms", "modules", "mb"]]
    imports.append(["(bare)", bare[0], bare_first[0], *bare[1:]])
    for name in MODULES.split():
        warm, first = child(f"import {name}", 5), child(f"import {name}", 2, compiled=False)
        costs = [cost - base for cost, base in zip(warm, bare, strict=True)]
        imports.append([name, costs[0], first[0] - bare_first[0], *costs[1:]])
    uses = {"--help": "", "render": "jinja2.Template('{{ 1 }}').render()"}
    uses["everything"] = "; ".join(f"{name}.__version__" for name in TOOL)
    tool: list[Line] = [["use", "style", "ms", "modules", "mb"]]
    for use, code in uses.items():
        styles = {
            "eager": "".join(f"import {name}\n" for name in TOOL),
            "LazyLoader": LAZY + "".join(f"{name} = lazy('{name}')\n" for name in TOOL),
            "in_function": "".join(f"import {name}\n" for name in TOOL if name in code),
        }
        tool += [[use, style, *child(head + code + "\n", 5)] for style, head in styles.items()]
    return {"imports": table("coldstart: imports", imports), "tool": table("a tool", tool)}


def main(arguments: list[str]) -> None:
    """Make the measurements that are named, or all."""
    if arguments == ["--serve"]:
        asyncio.run(_serve())
    parts = {"durable": durable, "sniffer": sniffer, "waiting": waiting, "coldstart": coldstart}
    machine = {"cores": os.cpu_count() or 1, "python": sys.version.split()[0]}
    machine["sqlite"] = sqlite3.sqlite_version
    print("machine:", ", ".join(f"{name} {value}" for name, value in machine.items()))
    names = [name for name in arguments if name != "--save"] or list(parts)
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    figures |= {"machine": machine} | {name: parts[name]() for name in names}
    if "--save" in arguments:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
