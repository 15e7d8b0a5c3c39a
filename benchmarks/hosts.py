"""A batch on Dask workers of two hosts, one of which is lost: network namespaces of this machine stand for the hosts.

    sudo python -m benchmarks.hosts

Each host has its own network stack and addresses; scheduler, PostgreSQL and Chroma are reached over the wire between
them. The disk is shared, as `docs/batch.md` asks for. Needs root, `ip` and PostgreSQL's programs.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.batch import items
from benchmarks.cluster import Cluster, binaries
from tests.assistant.batch.making import Driver, folder_of, until
from tests.conftest import ROOT

HERE = "10.231.1.1"
SCRIPTS, SCENES = 16, 20


def ip(*words: str) -> None:
    """One `ip` command."""
    subprocess.run(["ip", *words], check=True)


@contextmanager
def host(number: int) -> Iterator[str]:
    """A host with a wire to here; its name."""
    name, near, far = f"pa-host-{number}", f"pa-near-{number}", f"pa-far-{number}"
    ip("netns", "add", name)
    try:
        ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        ip("addr", "add", f"10.231.{number}.1/24", "dev", near)
        ip("link", "set", near, "up")
        ip("-n", name, "addr", "add", f"10.231.{number}.2/24", "dev", far)
        ip("-n", name, "link", "set", far, "up")
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "route", "add", "default", "via", f"10.231.{number}.1")
        yield name
    finally:
        lose(name)
        ip("netns", "del", name)


def lose(name: str) -> int:
    """Kill all that runs on a host; how many processes that were."""
    listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=True).stdout.split()
    for pid in map(int, listed):
        os.kill(pid, signal.SIGKILL)
    return len(listed)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(*words: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A program, until the block ends."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, env={**os.environ, **(environment or {})}, stdout=quiet, stderr=quiet, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def main() -> int:
    """Run it and say what came of it; 1 where it does not add up."""
    if os.geteuid() != 0 or binaries() is None:
        print("Needs root, for network namespaces, and PostgreSQL's programs.")
        return 2
    bin_, port, vectors = Path(sys.executable).parent, free_port(), free_port()
    with tempfile.TemporaryDirectory() as name, host(1) as one, host(2) as two, Cluster("10.231.0.0/16") as cluster:
        folder = Path(name)
        scripts, out = folder_of(folder / "in", SCRIPTS, SCENES), folder / "out"
        url = cluster.database("slate").replace("127.0.0.1", HERE)
        shared = {"PA_STORE_URL": url, "PA_CHROMA_URL": f"http://{HERE}:{vectors}", "PYTHONPATH": str(ROOT)}
        chroma = [str(bin_ / "chroma"), "run", "--path", str(folder / "v"), "--host", "0.0.0.0", "--port", str(vectors)]
        dask = str(bin_ / "dask")
        worker = [dask, "worker", f"tcp://{HERE}:{port}", "--nworkers", "1", "--nthreads", "2", "--no-dashboard"]
        scheduler = running(dask, "scheduler", "--host", "0.0.0.0", "--port", str(port), "--no-dashboard")
        first = running("ip", "netns", "exec", one, *worker, "--local-directory", str(folder / "1"), environment=shared)
        other = running("ip", "netns", "exec", two, *worker, "--local-directory", str(folder / "2"), environment=shared)
        with running(*chroma), scheduler, first, other:
            time.sleep(8)
            words = ["run", str(scripts), "-o", str(out), "--engine", f"dask://{HERE}:{port}", "-f", "json"]
            driver = Driver([*words, "--lease", "8", "-w", "2"], url, environment=shared)
            both = until(lambda: len({item.owner for item in items(out, url) if item.owner}) == 2, 240, 0.2)
            lost = lose(one)
            status, _, told = driver.end(600)
        states = Counter(item.state for item in items(out, url))
    print(f"two hosts at work at once: {both}; one lost with {lost} processes; status {status}; {dict(states)}")
    print(told[-500:] if status else "")
    return int(not (both and lost and status == 0 and states == {"done": SCRIPTS}))


if __name__ == "__main__":
    sys.exit(main())
