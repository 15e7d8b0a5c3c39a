"""Past one machine: the same work on the workers of a Dask cluster that share the databases. The only door to Dask."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.batch.job import Ended, Job, Work
from assistant.errors import SettingsError

TICK = 0.5
LOST_OFTEN = 3  # workers that may die over a script before Dask gives it up; the store counts too


class DaskCluster:
    """Scripts are futures of a scheduler; one whose worker dies is done by another."""

    name = "dask"
    note = ""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            hint = "Install the extra: pip install 'production-assistant[cluster]'."
            raise SettingsError("The engine dask:// needs Dask.", hint) from None
        place = address.removeprefix("dask://")
        try:
            kind: Any = Client
            self._client = kind(f"tcp://{place}", timeout=10)
        except OSError as error:
            hint = "Start one: `dask scheduler`, and `dask worker` on each machine."
            raise SettingsError(f"No Dask scheduler answers at {place}: {error}.", hint) from None
        self._futures: dict[Any, str] = {}

    def map(self, work: Work, job: Job, keys: Iterable[str]) -> Iterator[Ended | None]:
        """See `Executor`."""
        import distributed

        as_completed: Any = distributed.as_completed
        for key in keys:
            name = hashlib.sha256(f"{job.batch}|{key}".encode()).hexdigest()[:16]
            future = self._client.submit(work, job, key, pure=False, key=f"script-{name}", retries=LOST_OFTEN)
            self._futures[future] = key
        done = as_completed(list(self._futures))
        while self._futures:
            for future in self._ready(done):
                if future in self._futures:
                    key = self._futures.pop(future)
                    yield Ended(key, future.result() if future.status == "finished" else "lost")
                future.release()
            yield None

    def stop(self) -> None:
        """See `Executor`: what has not begun is withdrawn; what runs is stopped by the batch's state."""
        self._client.cancel(list(self._futures))

    def close(self) -> None:
        """See `Executor`."""
        self._client.close()

    @staticmethod
    def _ready(done: Any) -> list[Any]:
        from time import sleep

        sleep(TICK)
        return [] if not done.has_ready() else list(done.next_batch(block=False))
