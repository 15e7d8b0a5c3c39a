"""How fast and how level many scripts go, and what survives kills.

    python -m benchmarks.batch [--scripts 200] [--slow 40] [--kills 5]

Scripts come from templates. With the built-in model: scripts a minute with one and with two workers, and the memory of
the whole process tree at script 20 and at the end. With a loopback model that takes a second: 40 scripts at 32
questions at once against the ideal. Then kills of the driver and of a worker, and a database that is away for ten
seconds (PostgreSQL through a wire that is cut; the server itself is left alone).
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

from assistant.batch.work import kept_in
from assistant.store.batches import Item
from tests.assistant.batch.making import Driver, asking, folder_of, until
from tests.assistant.batch.wire import Wire
from tests.assistant.store.conftest import POSTGRES
from tests.assistant.workflows.making import honest
from tests.loopback import Loopback, Reply

SCENES = 40


def items(out: Path, url: str = "") -> list[Item]:
    """The scripts of the one batch in a folder."""
    if not url and not (out / ".pa" / "production.db").is_file():
        return []
    batches = kept_in(out, url)
    found = batches.all(str(out))
    listed = batches.items(found[0].id) if found else []
    batches.engine.dispose()
    return listed


def done(out: Path) -> int:
    """How many scripts are done."""
    return sum(item.state == "done" for item in items(out))


def memory(root: int) -> float:
    """Proportional memory of a process and all that it started, in MB."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = dict(map(int, line.split()) for line in listed.splitlines())
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    total = 0
    for pid in tree:
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1024


def built_in(scripts: Path, out: Path, workers: int, count: int) -> float:
    """Scripts a minute, from the first that is done to the last."""
    driver = Driver(["run", str(scripts), "-o", str(out), "-w", str(workers), "-f", "html,csv,json"])
    until(lambda: done(out) >= 20, 600, 0.2)
    began, first, early = time.perf_counter(), done(out), memory(driver.process.pid)
    most = early
    while driver.process.poll() is None:
        time.sleep(1)
        most = max(most, memory(driver.process.pid)) if driver.process.poll() is None else most
    pace = (count - first) / (time.perf_counter() - began) * 60
    status = driver.end()[0]
    print(
        f"{workers} workers: {pace:.1f} scripts of {SCENES} scenes a minute; memory {early:.0f} MB at script 20, "
        f"at most {most:.0f} MB after ({most / early - 1:+.0%}); status {status}, {done(out)} done",
        flush=True,
    )
    return pace


def slow(folder: Path, count: int, scenes: int, width: int = 32) -> None:
    """A model that takes a second: the whole against the ideal."""
    scripts, out = folder_of(folder / "slow", count, scenes, 7), folder / "slow-out"
    with Loopback() as server:
        server.script("mine", Reply(text=honest, delay=1.0))
        words = ["run", str(scripts), "-o", str(out), "--settings", str(asking(server, folder / "etc")), "-f", ""]
        driver = Driver([*words, "-w", "2", "--concurrency", str(width)])
        until(lambda: bool(server.requests), 120)
        began = time.perf_counter()
        status = driver.end(900)[0]
        took = time.perf_counter() - began
        ideal = count * scenes / width
        print(
            f"{count} scripts of {scenes} scenes, 1 s a question, {width} at once (at most {server.most_running}): "
            f"{took:.1f} s from the first question = {took / ideal:.2f} x ideal {ideal:.1f} s; "
            f"{len(server.requests)} questions, status {status}",
            flush=True,
        )


def killed(folder: Path, what: str, times: int, chance: random.Random, outage: float = 10.0) -> list[str]:
    """Kill the driver, a worker or the way to the database at random moments; what does not add up afterwards."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.execute(text(f"create database {name}"))
    direct = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    count, scenes = 12, 6
    scripts, out = folder_of(folder / f"{what}-in", count, scenes, 9), folder / f"{what}-out"
    with Loopback() as server, Wire("127.0.0.1", 5432) as wire:
        url = direct.replace(":5432", f":{wire.port}")
        server.script("mine", Reply(text=honest, delay=0.5))
        words = ["run", str(scripts), "-o", str(out), "--settings", str(asking(server, folder / "etc")), "-f", ""]
        words += ["-w", "2", "--concurrency", "6", "--budget", "5", "--lease", "15"]
        driver = Driver(words, url)
        for _ in range(times):
            wanted = len(server.requests) + chance.randint(3, 9)
            _wait(server, wanted, driver)
            time.sleep(chance.random() * 0.5)
            driver = HARM[what](driver, wire, words, url, outage)
        status, _, told = driver.end(600)
        found = items(out, direct)
        bill = sum(r.billed[0] * 1000 + r.billed[1] * 2000 for r in server.requests if any(r.billed))
        booked = round(sum(item.facts.get("cost_usd", 0.0) for item in found) * 1e9)
    wrong = {
        f"status {status}: {told[-300:]}": status == 0,
        "not every script is done": len(found) == count and all(item.state == "done" for item in found),
        f"booked {booked} < billed {bill}": booked >= bill,
        "over the budget": booked <= 5 * 10**9,
    }
    again = len(server.requests) - count * scenes
    said = [words for words, holds in wrong.items() if not holds]
    print(
        f"{what} {times} times: {len(server.requests)} questions for {count * scenes} scenes ({again} again), "
        f"billed ${bill / 1e9:.6f}, booked ${booked / 1e9:.6f}: {'; '.join(said) or 'all sums right'}",
        flush=True,
    )
    with admin.connect() as db:
        db.execute(text(f"drop database {name} with (force)"))
    return said


def _wait(server: Loopback, wanted: int, driver: Driver) -> None:
    until(lambda: len(server.requests) >= wanted or driver.process.poll() is not None, 90)


def _driver(driver: Driver, _wire: Wire, words: list[str], url: str, _outage: float) -> Driver:
    if driver.process.poll() is None:
        driver.kill()
    return Driver(words, url)


def _worker(driver: Driver, _wire: Wire, _words: list[str], _url: str, _outage: float) -> Driver:
    pids = workers_of(driver.process.pid)
    if pids:
        os.kill(random.Random(len(pids)).choice(pids), signal.SIGKILL)
    return driver


def _database(driver: Driver, wire: Wire, _words: list[str], _url: str, outage: float) -> Driver:
    wire.cut()
    time.sleep(outage)
    wire.mend()
    return driver


HARM: dict[str, Callable[..., Driver]] = {"driver": _driver, "worker": _worker, "database": _database}


def workers_of(root: int) -> list[int]:
    """The processes that work on scripts: children of the driver's fork server."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    servers = {pid for pid, parent in pairs if parent == root}
    return [pid for pid, parent in pairs if parent in servers]


def main() -> int:
    """All figures; exit code 1 where something does not add up after kills."""
    words = argparse.ArgumentParser()
    words.add_argument("--scripts", type=int, default=200)
    words.add_argument("--slow", type=int, default=40)
    words.add_argument("--kills", type=int, default=5)
    given = words.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.scripts:
            scripts = folder_of(folder / "in", given.scripts, SCENES)
            one, two = (built_in(scripts, folder / f"out-{n}", n, given.scripts) for n in (1, 2))
            print(f"two workers do {two / one:.2f} x what one does", flush=True)
        if given.slow:
            slow(folder, given.slow, 16)
        for what in HARM if given.kills else ():
            wrong += killed(folder, what, given.kills, random.Random(3))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
