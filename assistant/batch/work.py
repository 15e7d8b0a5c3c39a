"""What a worker does with one script: claim it, keep the claim alive while working, and write down how it ended."""

import ctypes
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from assistant.app import NANO
from assistant.batch.gate import STOP, Gate, Stopped
from assistant.batch.job import Job, settings_flags
from assistant.batch.produce import Lent, Maker
from assistant.errors import AssistantError, BadInput
from assistant.logs import tell
from assistant.settings import DATA_FOLDER, load_settings
from assistant.store import open_engine
from assistant.store.batches import TRIES, Batches, Item
from assistant.store.store import utc_now
from assistant.telemetry import telemetry
from assistant.workflows.state import Event
from routers.errors import BudgetRefused, RouterError
from routers.patience import is_away, patiently
from routers.shared_health import SharedHealth

if TYPE_CHECKING:
    from assistant.knowledge import Embedder

FIRST_GRANT = 1_000_000  # nano-dollars, for a script nobody has priced
BROKE_PAUSE = 0.5


@dataclass
class Desk:
    """What a process keeps between scripts."""

    batches: Batches
    slots: threading.Semaphore
    owner: str
    embedder: "Embedder"
    health: SharedHealth  # of all that work on the batch


@dataclass
class _Now:
    """How far a script has come, as last told."""

    stage: str = ""
    done: int = 0
    total: int = 0

    def show(self, event: Event) -> None:
        self.stage, self.done, self.total = event.stage, event.done, event.total


@dataclass
class _Desks:
    """One desk for each job in this process."""

    made: dict[Job, Desk] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, job: Job) -> Desk:
        with self.lock:
            if job not in self.made:
                self.made[job] = _desk(job)
            return self.made[job]


_DESKS = _Desks()


def kept_in(folder: Path, url: str) -> Batches:
    """The batches that write into a folder, in its own database or in a shared one."""
    data = folder / DATA_FOLDER
    data.mkdir(parents=True, exist_ok=True)
    return Batches(open_engine(url, data), lambda: utc_now().isoformat(timespec="seconds"))


def work(job: Job, key: str) -> str:
    """Claim a script and do it. Returns "done", "failed", "quarantined", "waiting", or "taken" by somebody else."""
    desk = _DESKS.of(job)
    if STOP.is_set():
        return "waiting"
    item = patiently(lambda: desk.batches.claim(job.batch, key, desk.owner))
    if item is None:
        return "taken"
    if item.tries > TRIES:
        why = f"The process that worked on it ended {TRIES} times."
        patiently(lambda: desk.batches.close(job.batch, item, "quarantined", why, item.facts))
        return "quarantined"
    try:
        return _Turn(job, desk, item).take()
    finally:
        _tidy()


def _tidy() -> None:
    """Give freed memory back, where the C library would keep it: a worker stays level from script to script."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


class _Turn:
    """One claimed script, until it is closed or given back."""

    def __init__(self, job: Job, desk: Desk, item: Item) -> None:
        self.job, self.desk, self.item = job, desk, item
        self.gate = Gate(desk.slots)
        batch = patiently(lambda: desk.batches.get(job.batch))
        self.budget = batch.budget
        self.need = int(batch.options.get("needs", {}).get(item.key, FIRST_GRANT))
        self.maker = Maker(batch, item, job, Lent(desk.embedder, self.gate, desk.health))
        section = load_settings(None, settings_flags(batch.options, job.width)).telemetry
        self.telemetry = telemetry(section)
        self.began = time.monotonic()

    def take(self) -> str:
        """Work, beat, and write down the end."""
        with self.telemetry.script(self.job.batch, self.item.key, self.maker.identity) as ended:
            ended["state"] = self._taken()
        return ended["state"]

    def _taken(self) -> str:
        while True:
            facts, error = self._watched(self._funded)
            if isinstance(error, BudgetRefused) and self._more():
                continue
            if error is not None and _database_away(error) and not STOP.is_set():
                patiently(lambda: self.desk.batches.get(self.job.batch))  # until it is back
                continue
            break
        if error is None:
            return self._close("done", "", facts)
        if isinstance(error, Stopped):
            return self._give_back()
        if isinstance(error, BudgetRefused) and self._others_may_return_money():
            time.sleep(BROKE_PAUSE)
            return self._give_back()
        return self._close("quarantined" if _poison(error) else "failed", _told(error), {})

    def _funded(self, show: Callable[[Event], None]) -> dict[str, Any]:
        if self.item.base is None:
            amount = 0 if self.budget is None else self.need
            self.item = self.desk.batches.grant(self.job.batch, self.item, amount, self.maker.spent())
        return self.maker.make(None if self.budget is None else (self.item.base or 0) + self.item.granted, show)

    def _more(self) -> bool:
        """Another helping of the batch's money, if there is any left."""
        had = self.item.granted
        grant = self.desk.batches.grant
        self.item = patiently(lambda: grant(self.job.batch, self.item, max(self.need, had), self.item.base or 0))
        return self.item.granted > had

    def _others_may_return_money(self) -> bool:
        return any(
            other.key != self.item.key and other.granted for other in self.desk.batches.items(self.job.batch, "running")
        )

    def _watched(self, make: Callable[..., dict[str, Any]]) -> tuple[dict[str, Any], BaseException | None]:
        """Work in a thread; meanwhile say every few seconds that this process lives."""
        now = _Now()
        with ThreadPoolExecutor(1, "script") as pool:
            running = pool.submit(make, now.show)
            while not wait([running], timeout=min(2.0, self.job.lease / 4)).done:
                self._beat(now)
        error = running.exception()
        return (running.result() if error is None else {}), error

    def _beat(self, now: _Now) -> None:
        try:
            if not self.desk.batches.beat(self.job.batch, self.item, now.stage, now.done, now.total):
                self.gate.stop.set()
        except DBAPIError as error:
            if not is_away(error):
                raise

    def _close(self, state: str, error: str, facts: dict[str, Any]) -> str:
        facts["seconds"] = round(time.monotonic() - self.began, 2)
        facts["spent"] = max(0, patiently(self.maker.spent) - (self.item.base or 0))
        facts["cost_usd"] = facts["spent"] / NANO
        patiently(lambda: self.desk.batches.close(self.job.batch, self.item, state, error, facts))
        known = {name: facts[name] for name in ("scenes", "elements", "cost_usd", "seconds") if name in facts}
        tell("script ended", batch=self.job.batch, file=Path(self.item.file).name, state=state, error=error, **known)
        return state

    def _give_back(self) -> str:
        patiently(lambda: self.desk.batches.release(self.job.batch, self.item))
        return "waiting"


def _desk(job: Job) -> Desk:
    from assistant.knowledge import WordLlamaEmbedder

    batches = kept_in(Path(job.folder), job.store_url)
    batches.lease = job.lease
    health = SharedHealth(engine=batches.engine)
    return Desk(batches, threading.Semaphore(job.width), job.owner or uuid.uuid4().hex, WordLlamaEmbedder(), health)


def _poison(error: BaseException) -> bool:
    """Would this script end the same way again, whoever tries?"""
    return isinstance(error, BadInput) or not isinstance(error, AssistantError | RouterError | DBAPIError | OSError)


def _told(error: BaseException) -> str:
    """What is kept of an error: a sentence of ours, or the kind of a fault of ours and where, never a script's text."""
    if isinstance(error, AssistantError | RouterError):
        return f"{error.sentence} {error.hint}".strip()
    if isinstance(error, OSError):
        return f"The system refused: {error.strerror}."
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}."


def _database_away(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        return is_away(error)
    return type(error).__module__.startswith("psycopg.errors") or type(error).__name__ == "OperationalError"
