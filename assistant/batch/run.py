"""A batch from its order to its end: planned, handed to an engine, watched, stopped when asked."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.batch.job import Executor, Job
from assistant.batch.plan import Estimate, Order, Pricing, items, scripts
from assistant.batch.work import kept_in, work
from assistant.errors import SettingsError
from assistant.settings import load_settings
from assistant.store.batches import LEASE, OPEN, Batch, Batches, Item
from routers.patience import patiently

if TYPE_CHECKING:
    from routers.bedrock_batch import Job as Ordered

LOOK = 0.5
PAUSE = 1.0
Show = Callable[[Sequence[Item], str], None]


@dataclass(frozen=True)
class Opened:
    """A batch that is ready to run, or that was looked up."""

    batch: Batch
    batches: Batches
    estimate: Estimate | None = None
    copies: int = 0

    def items(self, *states: str) -> list[Item]:
        """Its scripts, all or those in these states."""
        return patiently(lambda: self.batches.items(self.batch.id, *states))


def opened(order: Order) -> Opened:
    """Take the order's scripts in, and price them. What an earlier run of the same order did stays done."""
    found = scripts(order.target, order.out)
    batches = kept_in(order.out, store_url())
    pricing = Pricing(order)
    try:
        known = batches.items(order.id)
        wanted = items(order, found, pricing.means(), known)
        over = {item.key for item in known if item.state not in OPEN}
        inner = pricing.in_process()
        estimate, needs = pricing.estimate([one for one in wanted if one.key not in over and one.state == "waiting"])
    finally:
        pricing.close()
    batch = batches.open(order.id, str(order.out), {**order.options, "needs": needs, "in_process": inner}, order.budget)
    batches.add(batch.id, wanted)
    return Opened(batch, batches, estimate, len(found) - len(wanted))


def looked_up(out: Path, identity: str = "") -> Opened:
    """A batch that writes into `out`: the newest, or the one whose id begins so. Raises NotFound."""
    from assistant.errors import NotFound

    out = out.resolve()
    hint = "`pa batch run FOLDER -o OUT` makes one; name its OUT."
    if not out.is_dir() or not (store_url() or (out / ".pa").is_dir()):
        raise NotFound(f"There is no batch in {out}.", hint)
    batches = kept_in(out, store_url())
    found = [one for one in batches.all(str(out)) if one.id.startswith(identity)]
    if not found:
        raise NotFound(f"There is no batch {identity or 'in'} {out}.".replace("  ", " "), hint)
    return Opened(found[-1], batches)


def store_url() -> str:
    """Where shared facts live, as the user's settings or the environment say; "" = beside the productions."""
    return load_settings(None).store.url


def finish(opened: Opened, engine: Executor, workers: int, show: Show, stop: threading.Event) -> bool:
    """Work until nothing is left to do. False where `stop` was set before that."""
    job = _job(opened, workers)
    shown = _Shown(opened, engine, show)
    _same_engine(opened, engine)
    while not stop.is_set():
        keys = patiently(lambda: opened.batches.free(opened.batch.id))
        if not keys and not opened.items("running"):
            break
        if not keys:  # somebody else has the rest: wait for the end, or for a lease that runs out
            stop.wait(PAUSE)
            shown.look()
            continue
        _round(engine, job, keys, stop, shown)
    shown.look(now=True)
    return not stop.is_set()


def _round(engine: Executor, job: Job, keys: Sequence[str], stop: threading.Event, shown: "_Shown") -> None:
    told = False
    for _ in engine.map(work, job, keys):
        shown.look()
        if stop.is_set() and not told:
            engine.stop()
            told = True


def _same_engine(opened: Opened, engine: Executor) -> None:
    """Questions that Bedrock is answering are not asked a second time. Raises SettingsError."""
    if engine.name == "bedrock-batch" or not ordered(opened):
        return
    hint = "Resume with --engine bedrock-batch, or `pa batch cancel` first."
    raise SettingsError("Jobs of this batch are under way at Bedrock.", hint)


def ordered(opened: Opened) -> "list[Ordered]":
    """Jobs of a batch that are under way at Bedrock."""
    from routers.bedrock_batch import under_way

    return under_way(opened.batches.engine, opened.batch.id)


def stop_ordered(opened: Opened) -> None:
    """Have Bedrock answer no more of a batch's jobs. Raises SettingsError where it can not be told."""
    from routers.bedrock import BedrockProvider
    from routers.errors import ProviderFault

    for one in ordered(opened):
        try:
            BedrockProvider().control(one.region, "stop_model_invocation_job", jobIdentifier=one.arn)
        except ProviderFault as fault:
            hint = "Stop it in AWS's console, or cancel again."
            raise SettingsError(f"The job {one.id} could not be stopped: {fault.sentence}.", hint) from None


def _job(opened: Opened, workers: int) -> Job:
    batch = opened.batch
    width = max(1, -(-int(batch.options["concurrency"]) // workers))
    lanes = 1 if opened.batch.options.get("in_process") else max(1, min(4, width))
    return Job(batch.id, batch.folder, store_url(), lanes, width, "", float(batch.options.get("lease", LEASE)))


class _Shown:
    """Reads how things stand, not more often than people look."""

    def __init__(self, opened: Opened, engine: Executor, show: Show) -> None:
        self._opened = opened
        self._engine = engine
        self._show = show
        self._next = 0.0

    def look(self, now: bool = False) -> None:
        if now or time.monotonic() >= self._next:
            self._next = time.monotonic() + LOOK
            self._show(self._opened.items(), self._engine.note)


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """Set by the first SIGTERM or SIGINT; a second one ends at once."""
    stop = threading.Event()

    def asked(number: int, _frame: object) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def again(opened: Opened) -> Opened:
    """The same, read anew."""
    return replace(opened, batch=opened.batches.get(opened.batch.id))
