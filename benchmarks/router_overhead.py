"""What the router costs over bare litellm.completion, and how near concurrent calls come to the ideal.

    python -m benchmarks.router_overhead

One loopback server in this process; each side runs in a process of its own, in turns, so that neither pays for the
other's threads. Bare means LiteLLM as it comes. The router's side includes the plan, the rules, the reservation and the
settlement in SQLite, and the reading of the answer. The first calls of both, which load libraries, are not counted.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from routers.ledger import Ledger, open_engine
from routers.provider import LiteLLMProvider
from routers.registry import Registry
from routers.router import Router
from routers.types import Message, ModelRow, Need, Price, Prior, Region, Request, Terms
from tests.loopback import Loopback, Reply

CALLS = 300
ROUNDS = 4
JOBS, WIDTH, SECONDS = 64, 32, 1.0
NEED = Need("count", data_class="confidential", production="film", tokens_in=100, tokens_out=64)
TURNS = (Message("system", "You count."), Message("user", "How often does Anna appear? " * 20))
ASKED = Request(TURNS, max_tokens=64)


def router(address: str, folder: Path, name: str = "m") -> Router:
    """One model behind the whole router."""
    row = ModelRow(
        id=name,
        wire=f"openai/{name}",
        provider="openai",
        regions=(Region("default", frozenset({"eu-west-1"})),),
        window=100_000,
        max_output=4096,
        price=Price.usd_per_million("1", "5"),
        terms=Terms(trains=False, retention_days=0),
        credentials=("key",),
        base_url=address,
        prior=Prior(0.9, 50.0),
    )
    ledger = Ledger(open_engine(f"sqlite:///{folder / 'ledger.db'}"))
    return Router(Registry({name: row}), {"openai": LiteLLMProvider({"key": "none"}.get)}, ledger, has=lambda n: True)


def bare(address: str) -> Callable[[], object]:
    """The same question through litellm alone, as its documentation shows it."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    turns = [{"role": m.role, "content": m.text} for m in TURNS]
    return lambda: litellm.completion(
        model="openai/m", messages=turns, api_base=address, api_key="none", max_tokens=64, temperature=0.0
    )


def timed(call: Callable[[], object]) -> dict[str, float]:
    """Milliseconds a call, median and p90, and the processor's time for one; without the first calls."""
    for _ in range(20):
        call()
    taken, used = [], time.process_time()
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - used) * 1000 / CALLS
    return {"median": statistics.median(taken), "p90": sorted(taken)[int(CALLS * 0.9)], "cpu": cpu}


def side(which: str, address: str) -> None:
    """One side, in its own process: its times as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        if which == "bare":
            call = bare(address)
        else:
            made = router(address, Path(folder))
            call = lambda: made.complete(NEED, ASKED)  # noqa: E731
        print(json.dumps(timed(call)))


def overhead(server: Loopback) -> float:
    """Print the quietest round of each side; return the router's surplus as a share."""
    rounds: dict[str, list[dict[str, float]]] = {"bare": [], "router": []}
    for _ in range(ROUNDS):
        for which, found in rounds.items():
            command = [sys.executable, "-m", "benchmarks.router_overhead", which, server.openai]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append(json.loads(done.stdout.splitlines()[-1]))
    best = {which: min(found, key=lambda r: r["median"]) for which, found in rounds.items()}
    for which, round_ in best.items():
        shown = "   ".join(f"{name} {value:.2f} ms" for name, value in round_.items())
        print(f"{which:7} {shown}   ({CALLS} calls, quietest of {ROUNDS} rounds)")
    surplus, cpu = (best["router"][name] / best["bare"][name] - 1 for name in ("median", "cpu"))
    print(f"surplus {100 * surplus:+.1f} % (bar: at most +10 %), of processor time {100 * cpu:+.1f} %")
    return surplus


def concurrency(server: Loopback, folder: Path) -> float:
    """Print the wall time of calls of one second each; return it as a multiple of the ideal."""
    made = router(server.openai, folder, "slow")
    server.script("slow", Reply("ok"))
    made.complete(NEED, ASKED)
    server.script("slow", Reply("ok", delay=SECONDS))
    began = time.perf_counter()
    with ThreadPoolExecutor(WIDTH) as pool:
        list(pool.map(lambda n: made.complete(NEED, ASKED), range(JOBS)))
    wall, ideal = time.perf_counter() - began, JOBS / WIDTH * SECONDS
    print(
        f"{JOBS} calls of {SECONDS:g} s at concurrency {WIDTH}: {wall:.2f} s = {wall / ideal:.2f} x ideal (bar: 1.25)"
    )
    print(f"most at once, as the server saw it: {server.most_running}; threads now: {threading.active_count()}")
    return wall / ideal


def main() -> int:
    """Both figures; exit code 1 if a bar is missed."""
    if len(sys.argv) == 3:
        side(*sys.argv[1:])
        return 0
    with Loopback() as server, tempfile.TemporaryDirectory() as folder:
        server.script("m", Reply("Anna appears three times.", tokens=(120, 8)))
        surplus = overhead(server)
        times = concurrency(server, Path(folder))
    return int(surplus > 0.10 or times > 1.25)


if __name__ == "__main__":
    sys.exit(main())
