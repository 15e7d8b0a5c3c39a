"""How near a feature's breakdown comes to the ideal with a slow model, and what kills cost.

    python -m benchmarks.breakdown_llm SCRIPT [--kills 10]

A loopback server answers every question after a second with what the rules had found. The scene phase lasts from the
plan to the last stored scene; loading the libraries is not part of it and is told apart. The kills are SIGKILLs at
random moments of a run; afterwards the server's bill is compared with the ledger's rows.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from assistant.app import App
from tests.assistant.workflows.making import fenced, honest, model
from tests.loopback import Loopback, Reply, Request
from tests.loopback.ends import ready

SECONDS, WIDTH, BAR = 1.0, 16, 1.25
NANO_IN, NANO_OUT = 1000, 2000  # of a dollar, for a token: the prices of `model`


def made(folder: Path, server: Loopback, width: int = WIDTH) -> App:
    """A production that asks the server."""
    app = App.init(folder, "Bench", {})
    toml = folder / "production.toml"
    toml.write_text(
        toml.read_text()
        + f'\n[models]\nconcurrency = {width}\n[models.pin]\nbreakdown = "onprem/mine"\ncast = "builtin/rules"\n'
    )
    app.write_models({"models": {"onprem/mine": model(server, "mine")}})
    return App.open(folder)


def child(folder: Path, script: Path) -> None:
    """One run in this process; prints when the libraries were loaded and how long the scenes took."""
    from routers.provider import litellm_loaded

    began = time.perf_counter()
    litellm_loaded()
    import assistant.workflows.breakdown

    assert assistant.workflows.breakdown
    loaded = time.perf_counter()
    marks: list[float] = []

    def progress(event: object) -> None:
        if getattr(event, "stage", "") == "scenes":
            marks.append(time.perf_counter())

    book = App.open(folder).breakdown(script, progress)
    ended = time.perf_counter()
    phase = marks[-1] - marks[0] if marks else 0.0
    print(json.dumps({"load": loaded - began, "phase": phase, "run": ended - loaded, "scenes": len(book.sheets)}))


def nursery(folder: Path, script: Path) -> None:
    """Load the libraries once; for each line that comes in run in a process of its own, and tell its id and its end."""
    from routers.provider import litellm_loaded

    litellm_loaded()
    import assistant.workflows.breakdown

    assert assistant.workflows.breakdown
    for _ in sys.stdin:
        born = os.fork()
        if not born:
            App.open(folder).breakdown(script)
            os._exit(0)
        print(born, flush=True)
        print(os.waitpid(born, 0)[1], flush=True)


class Nursery:
    """Runs that begin at once and can be killed, each a process of its own."""

    def __init__(self, folder: Path, script: Path) -> None:
        self._mother = started(folder, script, "--nursery")
        self._id = 0

    def begin(self) -> None:
        """Begin the next run."""
        assert self._mother.stdin and self._mother.stdout
        self._mother.stdin.write("go\n")
        self._mother.stdin.flush()
        self._id = int(self._mother.stdout.readline())

    @property
    def running(self) -> bool:
        """Has the run not ended?"""
        return not ready([self._mother.stdout], 0)

    def end(self, kill: bool = False) -> int:
        """Wait for the run's end, or bring it about; its exit status."""
        if kill and self.running:
            os.kill(self._id, signal.SIGKILL)
        assert self._mother.stdout
        return int(self._mother.stdout.readline())

    def close(self) -> None:
        """No more runs."""
        self._mother.communicate()


def started(folder: Path, script: Path, how: str = "--child") -> "subprocess.Popen[str]":
    """The same in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.breakdown_llm", str(script), how, str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        words, stdin=pipe, stdout=pipe, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )


def timed(script: Path) -> float:
    """Print the scene phase of one run; return it as a multiple of the ideal."""
    with Loopback() as server, tempfile.TemporaryDirectory() as name:
        server.script("mine", Reply(text=honest, delay=SECONDS))
        made(Path(name), server)
        done = started(Path(name), script)
        figures = json.loads(done.communicate()[0])
        calls = len(server.requests)
        ideal = -(-calls // WIDTH) * SECONDS
        print(
            f"{figures['scenes']} scenes, {calls} calls of {SECONDS:g} s at concurrency {WIDTH}, "
            f"at most {server.most_running} at once: scene phase {figures['phase']:.2f} s = "
            f"{figures['phase'] / ideal:.2f} x ideal {ideal:g} s (bar {BAR}); "
            f"whole run {figures['run']:.1f} s, libraries {figures['load']:.1f} s before it"
        )
        return float(figures["phase"]) / ideal


def killed(script: Path, kills: int, seconds: float = SECONDS, width: int = WIDTH, seed: int = 1) -> list[str]:
    """Kill runs at random moments, finish the last, and return what does not add up."""
    chance = random.Random(seed)
    wrong: list[str] = []
    with Loopback() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server.script("mine", Reply(text=honest, delay=seconds))
        app = made(folder, server, width)
        runs = Nursery(folder, script)
        for _ in range(kills):
            wait = chance.randint(1, 2 * width), chance.random() * seconds
            wrong += _kill(app, runs, server, *wait)
        runs.begin()
        wrong += [f"the last run ended with {status}" for status in [runs.end()] if status]
        runs.close()
        wrong += balance(app, server)
        print(f"{kills} kills, {len(server.requests)} requests: {'; '.join(wrong) or 'all sums right'}")
    return wrong


def _kill(app: App, runs: Nursery, server: Loopback, more: int, wait: float) -> list[str]:
    """Let a run ask for some more scenes, kill it, and see that it asked for none that was stored before it began."""
    before = len(server.requests)
    stored = stored_scenes(app)
    wanted = before + more
    runs.begin()
    while runs.running and len(server.requests) < wanted:
        time.sleep(0.005)
    time.sleep(wait)
    runs.end(kill=True)
    again = stored & {scene_of(request) for request in server.requests[before:]}
    return [f"asked again though stored: {len(again)} scenes"] if again else []


def stored_scenes(app: App) -> set[str]:
    """The texts of the scenes whose answers are kept."""
    from assistant.workflows.tasks import material

    if not app.store.drafts():
        return set()
    tasks = material(app.context(), app.store.current_draft().seq).tasks
    answered = app.store.results([task.key for task in tasks])
    return {task.scene.text.strip("\n") for task in tasks if task.key in answered}


def scene_of(request: Request) -> str:
    """The scene a question is about."""
    return fenced(request, "scene")


def balance(app: App, server: Loopback) -> list[str]:
    """The ledger against the server's bill: every answer that arrived is booked as billed, the rest at its worst."""
    rows = app.router.ledger.rows(app.store.production)
    outcomes = Counter(row["outcome"] for row in rows)
    paid = [row for row in rows if row["outcome"] == "ok"]
    bill = Counter(request.billed for request in server.requests if any(request.billed))
    booked = Counter((row["tokens_in"], row["tokens_out"]) for row in paid)
    billed_usd = sum(a * NANO_IN + b * NANO_OUT for a, b in bill.elements())
    booked_usd = sum(row["settled"] for row in rows)
    spent = app.router.ledger.spent(app.store.production, None, app.store.now())
    total, reserved = next(value for scope, value in spent.items() if scope.startswith("production"))
    unknown = outcomes["unknown"]
    checks = {
        "a row is still open": outcomes["running"] == 0,
        "an answer is booked that the server did not bill": not booked - bill,
        "an answer is neither booked nor unknown": sum((bill - booked).values()) <= unknown,
        "less is booked than billed": booked_usd >= billed_usd,
        "rows and budget differ": booked_usd == total and reserved == 0,
    }
    print(
        f"server: {len(server.requests)} requests, {sum(bill.values())} billed, ${billed_usd / 1e9:.6f}; "
        f"ledger: {len(paid)} answers, {unknown} unknown, ${booked_usd / 1e9:.6f}"
    )
    return [what for what, holds in checks.items() if not holds]


def main() -> int:
    """Both figures; exit code 1 where a bar is missed."""
    words = argparse.ArgumentParser()
    words.add_argument("script", type=Path)
    words.add_argument("--kills", type=int, default=10)
    words.add_argument("--child", type=Path)
    words.add_argument("--nursery", type=Path)
    given = words.parse_args()
    if given.child:
        child(given.child, given.script)
        return 0
    if given.nursery:
        nursery(given.nursery, given.script)
        return 0
    times = timed(given.script)
    wrong = killed(given.script, given.kills) if given.kills else []
    return int(times > BAR or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
