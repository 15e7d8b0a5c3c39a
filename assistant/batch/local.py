"""The engine that needs nothing: processes of this machine, each replaced when it dies."""

import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from typing import Any

from assistant.batch.job import Ended, Job, Work

TICK = 0.5
PRELOAD = ["assistant.batch.preload"]
PRELOAD_WIRE = ["assistant.batch.preload_wire"]
LONGEST_STOP = 600.0  # seconds a worker may take to bring its questions home


@dataclass
class _Worker:
    """One process and what it was handed."""

    process: Any
    pipe: Connection
    job: Job
    held: set[str] = field(default_factory=set)


class LocalPool:
    """Keys are handed out one by one, so that a slow script keeps nobody waiting.

    `wired` = models are asked over the wire: its libraries, which take seconds, are loaded once for all workers.
    """

    name = "local"
    note = ""

    def __init__(self, workers: int, wired: bool = True) -> None:
        self._count = max(1, workers)
        self._workers: list[_Worker] = []
        self._stopping = False
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload(PRELOAD + PRELOAD_WIRE * wired)  # loaded once, and then shared
            forkserver.ensure_running()  # it loads while the batch is priced

    @property
    def pids(self) -> list[int]:
        """The processes there are now."""
        return [worker.process.pid for worker in self._workers]

    def map(self, work: Work, job: Job, keys: Iterable[str]) -> Iterator[Ended | None]:
        """See `Executor`."""
        waiting = deque(keys)
        while (waiting and not self._stopping) or any(worker.held for worker in self._workers):
            if waiting and not self._stopping:
                self._staff(work, job, len(waiting))
                self._hand_out(waiting)
            yield from self._heard()
            yield None

    def stop(self) -> None:
        """See `Executor`."""
        self._stopping = True
        for worker in self._workers:
            _tell(worker.pipe, None)

    def close(self) -> None:
        """See `Executor`."""
        self.stop()
        until = time.monotonic() + LONGEST_STOP
        for worker in self._workers:
            worker.process.join(max(0.0, until - time.monotonic()))
            worker.pipe.close()
        self._workers.clear()

    def _staff(self, work: Work, job: Job, tasks: int) -> None:
        held = sum(bool(worker.held) for worker in self._workers)
        while len(self._workers) < min(self._count, held + tasks):
            mine = replace(job, owner=uuid.uuid4().hex)
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=_serve, args=(theirs, work, mine), daemon=False)
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours, mine))

    def _hand_out(self, waiting: "deque[str]") -> None:
        for _ in range(max((worker.job.lanes for worker in self._workers), default=0)):
            for worker in sorted(self._workers, key=lambda one: len(one.held)):
                if waiting and len(worker.held) < worker.job.lanes and _tell(worker.pipe, waiting[0]):
                    worker.held.add(waiting.popleft())

    def _heard(self) -> Iterator[Ended]:
        pipes: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers}
        ready: Any = wait(list(pipes), timeout=TICK)
        for pipe in ready:
            worker = pipes[pipe]
            try:
                key, how = pipe.recv()
            except (EOFError, OSError):
                yield from self._buried(worker)
                continue
            worker.held.discard(key)
            yield Ended(key, how)

    def _buried(self, worker: _Worker) -> Iterator[Ended]:
        from pathlib import Path

        from assistant.batch.work import kept_in
        from routers.patience import patiently

        self._workers.remove(worker)
        worker.process.join(1)
        worker.pipe.close()
        job = worker.job
        patiently(lambda: kept_in(Path(job.folder), job.store_url).orphaned(job.batch, job.owner))
        for key in worker.held:
            yield Ended(key, "lost")


def _tell(pipe: Connection, word: str | None) -> bool:
    try:
        pipe.send(word)
    except OSError:  # it is dead, which is noticed where answers are read
        return False
    return True


def _serve(pipe: Connection, work: Work, job: Job) -> None:
    """A worker's life: keys in, how they ended out, until nobody is there to tell."""
    from assistant.batch.gate import STOP
    from assistant.telemetry import close

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: STOP.set())
    sending = threading.Lock()

    def told(key: str, done: "Future[str]") -> None:
        error = done.exception()
        with sending:
            _tell_all(pipe, (key, "lost" if error else done.result()))

    with ThreadPoolExecutor(job.lanes, "lane") as lanes:
        while (key := _next(pipe)) is not None:
            lanes.submit(work, job, key).add_done_callback(lambda done, key=key: told(key, done))  # type: ignore[misc]
        STOP.set()
    close()
    os._exit(0)  # threads that libraries keep would hold the process at its end; all is written down by now


def _tell_all(pipe: Connection, word: tuple[str, str]) -> None:
    try:
        pipe.send(word)
    except OSError:
        return  # whoever asked is gone; how the script ended stands in the store


def _next(pipe: Connection) -> str | None:
    try:
        key: str | None = pipe.recv()
    except (EOFError, OSError):
        return None
    return key
