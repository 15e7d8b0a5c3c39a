"""Serving: requests are taken and acked at once, then worked on in the background, in order, by any process."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError

from assistant.interfaces.slack import desk, news
from assistant.interfaces.slack.intake import Body, Request, as_job, from_job, request_of
from assistant.interfaces.slack.task import Bench
from assistant.store.slack import Job

LOG = logging.getLogger("assistant.slack")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many work at once, and how often things are looked at, in seconds."""

    workers: int = 4
    poll: float = 0.5
    alive: float = 15.0
    news: float = 10.0
    prune: float = 86_400.0


class Server:
    """Takes requests from any wire and works them off. State is in the store, so another process may go on."""

    def __init__(self, bench: Bench, pace: Pace | None = None) -> None:
        self.bench = bench
        self.pace = pace or Pace()
        self._jobs = bench.office.jobs
        self._wake = threading.Event()
        self._end = threading.Event()
        self._free = threading.BoundedSemaphore(self.pace.workers)
        self._pool = ThreadPoolExecutor(self.pace.workers, "slack-work")
        self._quick = ThreadPoolExecutor(4, "slack-quick")
        self._loops = [
            threading.Thread(target=self._dispatch, name="slack-dispatch", daemon=True),
            threading.Thread(target=self._every, args=(self.pace.alive, self._jobs.renew), daemon=True),
            threading.Thread(target=self._every, args=(self.pace.news, self._news), daemon=True),
            threading.Thread(target=self._every, args=(self.pace.prune, self._jobs.prune), daemon=True),
        ]

    def start(self) -> None:
        """Begin to work; waiting jobs of an earlier run are first, and what is long over is let go."""
        self.bench.office.warm()
        self._try(self._jobs.prune)
        for loop in self._loops:
            loop.start()

    def close(self) -> None:
        """Finish what is being done and end."""
        self._end.set()
        self._wake.set()
        for loop in self._loops:
            loop.join()
        self._pool.shutdown()
        self._quick.shutdown()

    def take(self, body: Body) -> Body | None:
        """One request from Slack, kept before it is acked. Fast: nothing is asked of anybody here."""
        request = request_of(body)
        if request is None:
            return None
        now = request.at_once
        if self._jobs.put(request.event, request.order, as_job(request), "done" if now else "waiting"):
            if now:
                self._run(self._quick, request, lambda: False, lambda _: None)
            self._wake.set()
        return None

    def _dispatch(self) -> None:
        while not self._end.is_set():
            self._wake.clear()
            if not self._begin_one():
                self._wake.wait(self.pace.poll)

    def _begin_one(self) -> bool:
        """Hand one job to a free worker; False where there is nothing to do or nobody to do it."""
        if not self._free.acquire(timeout=self.pace.poll):
            return False
        job = self._claimed()
        if job is None:
            self._free.release()
            return False
        claimed = job

        def done(state: str) -> None:
            try:
                self._jobs.finish(claimed, state)
            finally:
                self._free.release()
                self._wake.set()

        try:
            request = from_job(job.body)
        except (KeyError, TypeError):  # put in by another version
            done("failed")
            return True
        self._run(self._pool, request, lambda: self._jobs.stopped(claimed), done)
        return True

    def _claimed(self) -> Job | None:
        try:
            return self._jobs.claim()
        except OperationalError:  # the store is busy or away for a moment
            LOG.warning("the store can not be read; trying again")
            return None

    def _run(
        self, pool: ThreadPoolExecutor, request: Request, stopped: Callable[[], bool], done: Callable[[str], None]
    ) -> None:
        def over(future: "Future[None]") -> None:
            error = future.exception()
            try:
                if error is not None:
                    desk.note_bug(self.bench, request, error)
            finally:
                done("failed" if error else "done")

        pool.submit(desk.serve, self.bench, request, stopped).add_done_callback(over)

    def _every(self, seconds: float, act: Callable[[], Any]) -> None:
        while not self._end.wait(seconds):
            self._try(act)

    @staticmethod
    def _try(act: Callable[[], Any]) -> None:
        try:
            act()
        except OperationalError:
            LOG.warning("the store can not be reached; trying again")

    def _news(self) -> None:
        news.tell(self.bench.office, self.bench.guard)
