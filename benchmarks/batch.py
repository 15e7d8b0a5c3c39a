"""How fast and how level many scripts go, and what survives kills; writes its section of docs/benchmarks.md.

    python -m benchmarks.batch [--scripts 200] [--slow 40] [--kills 5] [--corpus FOLDER]

Scripts come from templates, and from the corpus where there is one. With the built-in model: scripts a minute with one
and with two workers, the memory of the whole process tree at script 20 and afterwards, time by scenes. With a loopback
model: cost by scenes, and 40 scripts at 32 questions at once against the ideal. Then kills of the driver, of a worker,
and of a PostgreSQL of our own, which stays away for ten seconds; and two schedulers at once on it.
"""

import argparse
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from assistant.batch.work import kept_in
from assistant.store.batches import Item
from benchmarks.cluster import Cluster, binaries
from tests.assistant.batch.making import Driver, asking, folder_of, until
from tests.assistant.workflows.making import honest
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply

SCENES = 20
BUDGET = 5 * 10**9  # nano-dollars
Harm = Callable[[Driver, Cluster, list[str], str], Driver]


@dataclass(frozen=True)
class Bar:
    """One line of the summary. `load` is the machine's when it was measured."""

    what: str
    bar: str
    measured: str
    met: bool
    load: str


def load() -> str:
    """Others at work on this machine."""
    return f"{os.getloadavg()[0]:.1f}"


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


def tree(root: int) -> set[int]:
    """A process and all that it started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = {root}
    while more := {pid for pid, parent in parents if parent in found} - found:
        found |= more
    return found


def worked(root: int, known: dict[int, float]) -> float:
    """Seconds of processor time of a process and all that it started, also of those that have ended since."""
    tick = os.sysconf("SC_CLK_TCK")
    for pid in tree(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        known[pid] = (int(fields[11]) + int(fields[12])) / tick
    return sum(known.values())


def memory(root: int) -> float:
    """Proportional memory of a process and all that it started, in MB."""
    total = 0
    for pid in tree(root):
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1024


def built_in(scripts: Path, out: Path, workers: int, count: int) -> tuple[float, float, float, float]:
    """Scripts a minute after the twentieth, processor seconds a script, MB at script 20 and at most after."""
    driver = Driver(["run", str(scripts), "-o", str(out), "-w", str(workers), "-f", "html,csv,json"])
    root, known = driver.process.pid, dict[int, float]()
    until(lambda: done(out) >= 20, 900, 0.5)
    began, first, early, before = time.perf_counter(), done(out), memory(root), worked(root, known)
    most = early
    while driver.process.poll() is None:
        time.sleep(1)
        most = max(most, memory(root))
        worked(root, known)
    took = time.perf_counter() - began
    driver.end()
    assert done(out) == count, f"{done(out)} of {count} done"
    return (count - first) / took * 60, (sum(known.values()) - before) / (count - first), early, most


def paces(folder: Path, count: int, corpus: Path) -> Iterator[Bar]:
    """One worker and two; memory."""
    scripts = folder / "in"
    real = real_scripts(corpus, scripts)
    folder_of(scripts, count - real, SCENES)
    before = load()
    runs = [built_in(scripts, folder / f"out-{n}", n, count) for n in (1, 2)]
    (one, cost_one, *_), (two, cost_two, early, most) = runs
    told = (
        f"{one:.1f} and {two:.1f} scripts a minute, {two / one:.2f} ×; {cost_one:.2f} and {cost_two:.2f} CPU s a script"
    )
    what = f"{count} scripts ({real} of the corpus, {count - real} of {SCENES} scenes from templates), built-in model"
    yield Bar(f"{what}: 1 and 2 workers", "≥ 1.7 ×", told, two / one >= 1.7, f"{before}–{load()}")
    grown = most / early - 1
    told = f"{early:.0f} MB at script 20, at most {most:.0f} MB after ({grown:+.0%})"
    yield Bar("memory of all processes, 2 workers", "within 10 %", told, grown <= 0.1, load())


def real_scripts(corpus: Path, into: Path) -> int:
    """Copies of the corpus' Fountain scripts of some length; how many."""
    into.mkdir(parents=True)
    found = [path for path in sorted(corpus.rglob("*.fountain")) if path.stat().st_size > 8000]
    bodies = {path.read_bytes(): path for path in found}
    for number, (body, path) in enumerate(bodies.items()):
        (into / f"real-{number:02}-{path.name}").write_bytes(body)
    return len(bodies)


def growth(folder: Path) -> Iterator[Bar]:
    """Time and cost by scenes."""
    sizes = (20, 40, 80, 160)
    scripts = folder / "sizes"
    for size in sizes:
        folder_of(scripts / f"of-{size}", 3, size, size)
    before = load()
    driver = Driver(["run", str(scripts), "-o", str(folder / "sizes-out"), "-w", "1", "-f", ""])
    driver.end(900)
    by = _by_scenes(folder / "sizes-out", "seconds")
    told = "; ".join(f"{size} scenes {by[size]:.2f} s" for size in sizes)
    step = (by[160] - by[80]) / 80 / ((by[80] - by[20]) / 60)
    yield Bar(
        "time of a script, built-in",
        "linear",
        f"{told}: a scene more costs {step:.2f} × from 80 to 160 what it does from 20 to 80",
        step <= 1.5,
        f"{before}–{load()}",
    )
    with Loopback() as server:
        server.script("mine", Reply(text=honest))
        words = ["run", str(scripts), "-o", str(folder / "cost-out"), "-w", "2", "-f", "", "--concurrency", "16"]
        Driver([*words, "--settings", str(asking(server, folder / "etc"))]).end(900)
    by = _by_scenes(folder / "cost-out", "cost_usd")
    told = "; ".join(f"{size} scenes ${by[size]:.5f}" for size in sizes)
    spread = max(by[size] / size for size in sizes) / min(by[size] / size for size in sizes)
    yield Bar(
        "cost of a script, loopback model",
        "linear",
        f"{told}: a scene costs the same within {spread - 1:.0%}",
        spread <= 1.15,
        load(),
    )


def _by_scenes(out: Path, fact: str) -> dict[int, float]:
    """The least of a figure over scripts of a size."""
    found: dict[int, list[float]] = {}
    for item in items(out):
        found.setdefault(int(item.facts["scenes"]), []).append(float(item.facts[fact]))
    return {size: min(figures) for size, figures in found.items()}


def slow(folder: Path, count: int, scenes: int, width: int = 32) -> Iterator[Bar]:
    """A model that takes a second: the whole against the ideal."""
    scripts, out, before = folder_of(folder / "slow", count, scenes, 7), folder / "slow-out", load()
    with Loopback() as server:
        server.script("mine", Reply(text=honest, delay=1.0))
        words = ["run", str(scripts), "-o", str(out), "--settings", str(asking(server, folder / "etc")), "-f", ""]
        driver = Driver([*words, "-w", "2", "--concurrency", str(width)])
        until(lambda: bool(server.requests), 120)
        began = time.perf_counter()
        status = driver.end(900)[0]
        took, ideal = time.perf_counter() - began, count * scenes / width
        told = (
            f"{took:.1f} s from the first question, ideal {ideal:.1f} s: {took / ideal:.2f} ×; {len(server.requests)} "
            f"questions, at most {server.most_running} at once"
        )
    what = f"{count} scripts of {scenes} scenes, a model that takes 1 s, {width} at once"
    yield Bar(what, "≤ 1.25 × ideal", told, status == 0 and took / ideal <= 1.25, f"{before}–{load()}")


def killed(folder: Path, cluster: Cluster, what: str, times: int) -> Iterator[Bar]:
    """Kill the driver, a worker or the database at random moments, and look whether it adds up."""
    url, chance, before = cluster.database(f"bench_{uuid.uuid4().hex[:8]}"), random.Random(3), load()
    count, scenes = 12, 6
    scripts, out = folder_of(folder / f"{what}-in", count, scenes, 9), folder / f"{what}-out"
    with Loopback() as server:
        server.script("mine", Reply(text=honest, delay=0.5))
        words = ["run", str(scripts), "-o", str(out), "--settings", str(asking(server, folder / "etc")), "-f", ""]
        words += ["-w", "2", "--concurrency", "6", "--budget", str(BUDGET / 1e9), "--lease", "15"]
        driver = Driver(words, url)
        for _ in range(times):
            wanted = len(server.requests) + chance.randint(2, 8)
            _wait(server, wanted, driver)
            time.sleep(chance.random() * 0.5)
            driver = HARM[what](driver, cluster, words, url)
        status, _, told = driver.end(600)
        yield _adds_up(f"kill -9 of {what}, {times} times", server, items(out, url), url, (status, count, told), before)


def _adds_up(what: str, server: Loopback, found: list[Item], url: str, ended: tuple[int, int, str], before: str) -> Bar:
    """Every script once; the ledger books what was served; the budget holds."""
    status, count, told = ended
    engine = create_engine(url)
    with engine.connect() as db:
        rows = db.execute(
            text("select outcome, settled, reserved from router_attempt where provider <> 'builtin'")
        ).all()
    engine.dispose()
    answered = [row for row in rows if row.outcome == "ok"]
    lost = [row for row in rows if row.outcome == "unknown"]
    served = [request.billed for request in server.requests if any(request.billed)]
    bill = sum(taken * 1000 + given * 2000 for taken, given in served)
    booked, worst = sum(row.settled for row in answered), sum(row.settled for row in lost)
    wrong = {
        f"status {status}: {told[-300:]}": status == 0,
        "not every script is done once": len(found) == count and all(item.state == "done" for item in found),
        "the ledger and the server disagree": booked <= bill <= booked + worst and (bool(lost) or booked == bill),
        "something is still reserved": all(row.reserved == 0 for row in rows),
        "over the budget": booked + worst <= BUDGET,
    }
    said = [words for words, holds in wrong.items() if not holds]
    figures = (
        f"{count} scripts done once; {len(served)} questions served for ${bill / 1e9:.6f}, {len(answered)} booked at "
        f"${booked / 1e9:.6f}, {len(lost)} of killed processes at their worst case (${worst / 1e9:.6f})"
    )
    return Bar(what, "once; ledger = served; in budget", "; ".join([figures, *said]), not said, f"{before}–{load()}")


def together(folder: Path, cluster: Cluster) -> Iterator[Bar]:
    """Two schedulers on one PostgreSQL."""
    url, before = cluster.database(f"bench_{uuid.uuid4().hex[:8]}"), load()
    count, scenes = 16, 5
    scripts, out = folder_of(folder / "both-in", count, scenes, 11), folder / "both-out"
    with Loopback() as server:
        server.script("mine", Reply(text=honest, delay=0.3))
        words = ["run", str(scripts), "-o", str(out), "--settings", str(asking(server, folder / "etc")), "-f", ""]
        both = [Driver([*words, "-w", "1", "--concurrency", "4"], url) for _ in range(2)]
        ends = [driver.end(600) for driver in both]
        status = max(end[0] for end in ends)
        bar = _adds_up("two schedulers", server, items(out, url), url, (status, count, ends[0][2]), before)
        twice = len(server.requests) - count * scenes
    told = f"{count * scenes} scenes, {len(server.requests)} questions, {twice} asked twice"
    yield Bar("two schedulers on one PostgreSQL", "no script twice", told, bar.met and twice == 0, bar.load)


def _wait(server: Loopback, wanted: int, driver: Driver) -> None:
    until(lambda: len(server.requests) >= wanted or driver.process.poll() is not None, 90)


def _driver(driver: Driver, _cluster: Cluster, words: list[str], url: str) -> Driver:
    if driver.process.poll() is None:
        driver.kill()
    return Driver(words, url)


def _worker(driver: Driver, _cluster: Cluster, _words: list[str], _url: str) -> Driver:
    pids = workers_of(driver.process.pid)
    if pids:
        os.kill(random.Random(len(pids)).choice(pids), signal.SIGKILL)
    return driver


def _database(driver: Driver, cluster: Cluster, _words: list[str], _url: str) -> Driver:
    cluster.kill()
    time.sleep(10)
    cluster.start()
    return driver


HARM: dict[str, Harm] = {"the driver": _driver, "a worker": _worker, "PostgreSQL for 10 s": _database}


def workers_of(root: int) -> list[int]:
    """The processes that work on scripts: children of the driver's fork server."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    servers = {pid for pid, parent in pairs if parent == root}
    return [pid for pid, parent in pairs if parent in servers]


def parts(given: argparse.Namespace, folder: Path) -> Iterator[Bar]:
    """All that is measured, one after the other."""
    if given.scripts:
        yield from paces(folder, given.scripts, given.corpus)
        yield from growth(folder)
    if given.slow:
        yield from slow(folder, given.slow, 16)
    if given.kills and binaries() is not None:
        with Cluster() as cluster:
            yield from together(folder, cluster)
            for number, what in enumerate(HARM):
                yield from killed(folder / str(number), cluster, what, given.kills)


def write(bars: list[Bar]) -> None:
    """Replace our section of the page and leave the others."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    lines = [
        "Batch",
        "",
        f"Written by `python -m benchmarks.batch` on {time.strftime('%Y-%m-%d')}: {machine}. The machine was shared "
        "while it ran; `load` is its load average before and after each figure, what was measured itself included. "
        "PostgreSQL is a server of the benchmark's own, killed with SIGKILL and started again after ten seconds.",
        "",
        "| what | bar | measured | met | load |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {b.what} | {b.bar} | {b.measured} | {'yes' if b.met else '**no**'} | {b.load} |" for b in bars),
    ]
    page = ROOT / "docs" / "benchmarks.md"
    sections = page.read_text(encoding="utf-8").split("\n## ")
    kept = [part for part in sections[1:] if not part.startswith("Batch")]
    page.write_text("\n## ".join([sections[0].rstrip() + "\n", *kept, "\n".join(lines) + "\n"]), encoding="utf-8")


def main() -> int:
    """All figures; exit code 1 where a bar is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--scripts", type=int, default=200)
    words.add_argument("--slow", type=int, default=40)
    words.add_argument("--kills", type=int, default=5)
    words.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    given = words.parse_args()
    bars: list[Bar] = []
    with tempfile.TemporaryDirectory() as name:
        for bar in parts(given, Path(name)):
            print(
                f"{bar.what}: {bar.measured} [{bar.bar}: {'met' if bar.met else 'NOT MET'}; load {bar.load}]",
                flush=True,
            )
            bars.append(bar)
    if given.scripts and given.slow and given.kills:
        write(bars)
    return int(not all(bar.met for bar in bars))


if __name__ == "__main__":
    sys.exit(main())
