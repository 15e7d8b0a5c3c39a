"""The engine that waits: what scripts ask first goes to Bedrock as batch jobs, and is verified when it comes back.

Questions are set aside with their money reserved, put into jobs, and collected into each production's own cache of
answers. Then the local engine does the scripts: it finds the answers there, verifies them as any other, and asks at
once what is missing or does not stand.
"""

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.batch.gate import Gate
from assistant.batch.hold import Hold
from assistant.batch.job import Ended, Executor, Job, Work
from assistant.batch.produce import Lent, Maker
from assistant.batch.work import FIRST_GRANT, kept_in
from assistant.errors import AssistantError, SettingsError
from assistant.settings import BedrockBatchSection
from assistant.store.batches import TRIES, Batch, Batches, Item
from routers.bedrock import BedrockProvider
from routers.bedrock_batch import MOST, OVER, PROVIDER, Asked, Jobs, Place
from routers.bedrock_batch import Job as Ordered
from routers.deferred import Deferred, Late
from routers.errors import ProviderFault, RouterError
from routers.shared_health import SharedHealth

if TYPE_CHECKING:
    from routers.types import ModelRow

TICK = 0.5
PATIENCE = 60  # looks in a row that may fail
SURE = frozenset({"bad_request", "access_denied", "not_found", "unsupported", "quota", "no_credentials"})
RESUME = "Correct it, then `pa batch resume`; with `--engine local` all is asked at once, at the full price."


class BedrockBatch:
    """See `Executor`. `note` says how the jobs stand; `local` does the scripts afterwards."""

    name = "bedrock-batch"

    def __init__(self, local: Executor, settings: BedrockBatchSection) -> None:
        if not settings.bucket or not settings.role:
            hint = "Set [bedrock_batch] bucket and role: see docs/batch.md."
            raise SettingsError("Bedrock's batch jobs need a bucket, and a role that may read and write it.", hint)
        self._local = local
        self._settings = settings
        self._place = Place(**settings.model_dump(exclude={"poll"}))
        self._stopping = threading.Event()
        self.note = ""

    def map(self, work: Work, job: Job, keys: Iterable[str]) -> Iterator[Ended | None]:
        """See `Executor`."""
        batches = kept_in(Path(job.folder), job.store_url)
        jobs = Jobs(batches.engine, BedrockProvider(), self._place)
        order = _Order(job, batches, jobs, batches.get(job.batch))
        wanted = list(keys)
        order.find_again()
        under_way = jobs.owners(job.batch)
        with Hold(batches, job.batch) as hold:
            for key in wanted:
                if key not in under_way and not self._stopping.is_set():
                    order.gather(key, hold)
                    yield None
            if self._stopping.is_set():
                order.drop_all()
            self.note = order.submit()
        yield from self._wait(order)
        if not self._stopping.is_set():
            yield from self._local.map(work, job, wanted)
        batches.engine.dispose()

    def stop(self) -> None:
        """See `Executor`; jobs go on at Bedrock, and a resumed batch collects them."""
        self._stopping.set()
        self._local.stop()

    def close(self) -> None:
        """See `Executor`."""
        self._local.close()

    def _wait(self, order: "_Order") -> Iterator[None]:
        """Until all jobs are over and collected."""
        failed, small = 0, self.note
        while not self._stopping.is_set() and (under_way := order.jobs.open(order.job.batch)):
            try:
                told = [order.look(one) for one in under_way]
                failed = 0
            except ProviderFault as fault:
                failed, told = failed + 1, [f"Bedrock does not answer: {fault.sentence}"]
                if failed > PATIENCE:
                    raise SettingsError(f"{told[0]}.", RESUME) from None
            self.note = "; ".join([*told, *filter(None, [small])])
            yield None
            until = time.monotonic() + self._settings.poll
            while not self._stopping.is_set() and time.monotonic() < until and order.jobs.open(order.job.batch):
                yield None
                self._stopping.wait(min(TICK, self._settings.poll))


class _Order:
    """The questions of one batch, from being set aside until their answers lie where they will be looked for."""

    def __init__(self, job: Job, batches: Batches, jobs: Jobs, batch: Batch) -> None:
        from assistant.knowledge import WordLlamaEmbedder

        self.job, self.batches, self.jobs, self.batch = job, batches, jobs, batch
        health = SharedHealth(engine=batches.engine)
        self._lent = Lent(WordLlamaEmbedder(), Gate(threading.Semaphore(1)), health)
        self._asked: dict[tuple[str, str], list[Asked]] = defaultdict(list)
        self._run = f"batch-{job.batch}"
        self._owner = uuid.uuid4().hex

    def find_again(self) -> None:
        """Jobs that were being submitted when the process ended: Bedrock has them, or they are forgotten."""
        for one in self.jobs.open(self.job.batch):
            if one.state == "prepared" and self.jobs.found(one) is None:
                self.jobs.forget(one)

    def gather(self, key: str, hold: "Hold") -> None:
        """Set a script's first questions aside; one that can not be read is left to the worker, who says why."""
        item = self.batches.claim(self.job.batch, key, self._owner)
        if item is None:
            return
        if item.tries > TRIES:
            self.batches.release(self.job.batch, item, died=True)
            return
        hold.add(item)
        with suppress(AssistantError, RouterError):
            self._set_aside(item)
        for group in [group for group in self._asked.values() if len(group) >= MOST]:
            self._send(group)

    def _set_aside(self, item: Item) -> None:
        from assistant.workflows.ahead import questions

        self._maker(item).look()
        cap, item = self._funded(item)
        app = self._maker(item).open(cap)
        try:
            ledger, production = app.router.ledger, app.store.production
            lost = set(ledger.waiting(production, self._run)) - self.jobs.attempts(self.job.batch)
            unsent = "never sent: the process ended before"
            app.router.take(production, self._run, [Late(one, "", "", "", None, unsent, sent=False) for one in lost])
            seq = app.ingest(Path(item.file)).seq
            synopses = "synopsis" in self.batch.options["tasks"]
            for question in questions(app.context(), seq, self._run, synopses):
                deferred = app.llm.defer(question, PROVIDER)
                if deferred is not None:
                    self._asked[deferred.row.id, deferred.region].append(Asked(item.key, deferred))
        finally:
            app.close()

    def _funded(self, item: Item) -> tuple[int | None, Item]:
        """What the script may spend, set aside from the batch's budget."""
        capped = self.batch.budget is not None
        if item.base is None:
            need = int(self.batch.options.get("needs", {}).get(item.key, FIRST_GRANT)) if capped else 0
            item = self.batches.grant(self.job.batch, item, need, self._maker(item).spent())
        return ((item.base or 0) + item.granted if capped else None), item

    def submit(self) -> str:
        """Make jobs of all that was gathered. Returns what is too little for one, which will be asked at once."""
        told = []
        for (model, region), group in self._asked.items():
            if len(group) < self.jobs.place.minimum:
                least = self.jobs.place.minimum
                told.append(f"{len(group)} questions for {model} in {region} are asked at once: a job takes {least}")
                self._drop(group, "not sent: too few for a job")
            elif group:
                self._send(group)
        self._asked.clear()
        return "; ".join(told)

    def drop_all(self) -> None:
        """Nothing that was gathered is sent."""
        for group in self._asked.values():
            self._drop(group, "not sent: stopped before")
        self._asked.clear()

    def _send(self, group: list[Asked]) -> None:
        ordered = self.jobs.prepare(self.job.batch, group)
        try:
            self.jobs.submit(ordered, group)
        except ProviderFault as fault:
            if fault.kind not in SURE:  # it may have been taken: a resumed batch asks for it by its name
                raise SettingsError(f"Bedrock may not have taken a job: {fault.sentence}.", RESUME) from None
            self._drop(group, f"job refused: {fault.kind}")
            self.jobs.forget(ordered)
            raise SettingsError(f"Bedrock takes no job: {fault.sentence}.", RESUME) from None
        finally:
            group.clear()

    def look(self, ordered: Ordered) -> str:
        """How a job stands; one that is over is collected. Raises ProviderFault."""
        now = self.jobs.look(ordered)
        if now.status not in OVER:
            return f"{now.records} questions for {now.model} in {now.region}: {now.status}"
        row = self._row(now)
        answers = self.jobs.answers(now, row)
        self._book(answers)
        self.jobs.close(now)
        got = sum(one.raw is not None for late in answers.values() for one in late)
        why = f" ({now.message})" if now.status != "Completed" and now.message else ""
        return f"{got} of {now.records} answers from {now.model} in {now.region}: {now.status}{why}"

    def _drop(self, group: Sequence[Asked], why: str) -> None:
        by_owner: dict[str, list[Late]] = defaultdict(list)
        for owner, question in group:
            by_owner[owner].append(_unsent(question, why))
        self._book(by_owner)

    def _book(self, by_owner: Mapping[str, Sequence[Late]]) -> None:
        for key, late in by_owner.items():
            app = self._maker(self.batches.item(self.job.batch, key)).open()
            try:
                app.router.take(app.store.production, self._run, late)
            finally:
                app.close()

    def _row(self, ordered: Ordered) -> "ModelRow | None":
        asking = min(self.jobs.owners(self.job.batch))  # its production is there
        app = self._maker(self.batches.item(self.job.batch, asking)).open()
        try:
            return app.router.registry.rows.get(ordered.model)
        finally:
            app.close()

    def _maker(self, item: Item) -> Maker:
        return Maker(self.batch, item, self.job, self._lent)


def _unsent(question: Deferred, why: str) -> Late:
    return Late(question.attempt, question.key, question.row.id, question.region, None, why, sent=False)
