"""What the office's Slack needs kept: jobs in order, notes behind buttons, the audit log, and news to tell."""

import hashlib
import time
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from assistant.store import schema

LEASE = 60.0  # seconds a process may be silent before its job goes to another
TRIES = 3
KEPT_DAYS = 7  # a job that is over: Slack sends an event again for hours, never for days
_OPEN = ("waiting", "running", "stopping")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do for somebody in Slack."""

    id: int
    thread: str
    body: dict[str, Any]
    tries: int


class Jobs:
    """A queue that any number of processes serve: each job once, and in order within its thread.

    Several queues may lie in one database; `queue` is this one's name.
    """

    def __init__(
        self, engine: Engine, stamp: Callable[[], str], queue: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._stamp = stamp
        self._clock = clock
        self._queue = f"{queue} "
        self.owner = uuid.uuid4().hex

    def put(self, event: str, thread: str, body: dict[str, Any], state: str = "waiting") -> bool:
        """Take a job in; False where the same event was taken before. One that is "done" already is only noted."""
        kept = body if state in _OPEN else {}
        row: dict[str, Any] = {"event": self._named(event), "thread": self._named(thread), "body": kept, "state": state}
        row.update(owner="", lease=0.0, tries=0, created=self._stamp())
        try:
            with self._engine.begin() as db:
                db.execute(insert(schema.slack_job).values(row))
        except IntegrityError:
            return False
        return True

    def claim(self) -> Job | None:
        """The oldest job whose thread is free, now this process's own."""
        table, now = schema.slack_job, self._clock()
        ours = self._ours & table.c.state.in_(_OPEN)
        heads = select(func.min(table.c.id)).where(ours).group_by(table.c.thread)
        free = or_(table.c.state == "waiting", table.c.lease < now)
        query = select(table).where(table.c.id.in_(heads), free).order_by(table.c.id).limit(8)
        with self._engine.connect() as db:
            rows = db.execute(query).mappings().all()
        for row in rows:
            mine = (table.c.id == row["id"]) & (table.c.state == row["state"]) & (table.c.lease == row["lease"])
            over = row["state"] == "stopping" or row["tries"] >= TRIES
            values: dict[str, Any] = (
                {"state": "failed", "body": {}} if over else {"state": "running", "owner": self.owner}
            )
            values |= {"lease": now + LEASE, "tries": row["tries"] + 1}
            with self._engine.begin() as db:
                done = db.execute(update(table).where(mine).values(values))
            if done.rowcount and not over:
                return Job(row["id"], row["thread"], row["body"], row["tries"] + 1)
        return None

    def renew(self) -> None:
        """Say that this process is alive and at work."""
        table = schema.slack_job
        mine = (table.c.owner == self.owner) & table.c.state.in_(("running", "stopping"))
        with self._engine.begin() as db:
            db.execute(update(table).where(mine).values(lease=self._clock() + LEASE))

    def finish(self, job: Job, state: str = "done") -> None:
        """Close a job, and forget what was asked; the next one of its thread may begin."""
        table = schema.slack_job
        mine = (table.c.id == job.id) & (table.c.owner == self.owner)
        with self._engine.begin() as db:
            db.execute(update(table).where(mine).values(state=state, body={}))

    def stop(self, thread: str) -> int:
        """Drop what waits in a thread and tell what runs to stop; how many that was."""
        table = schema.slack_job
        with self._engine.begin() as db:
            named = table.c.thread == self._named(thread)
            waits = named & (table.c.state == "waiting")
            runs = named & (table.c.state == "running")
            dropped = db.execute(update(table).where(waits).values(state="stopped", body={})).rowcount
            return dropped + db.execute(update(table).where(runs).values(state="stopping")).rowcount

    def stopped(self, job: Job) -> bool:
        """Has somebody said stop?"""
        table = schema.slack_job
        with self._engine.connect() as db:
            return db.scalar(select(table.c.state).where(table.c.id == job.id)) == "stopping"

    def prune(self) -> int:
        """Let go of jobs that have long been over, in any queue of this database; how many that was."""
        table = schema.slack_job
        before = (datetime.fromisoformat(self._stamp()) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        with self._engine.begin() as db:
            over = table.c.state.not_in(_OPEN) & (table.c.created < before)
            return db.execute(delete(table).where(over)).rowcount

    def count(self, *states: str) -> int:
        """How many jobs are in one of these states."""
        table = schema.slack_job
        with self._engine.connect() as db:
            query = select(func.count()).select_from(table).where(self._ours, table.c.state.in_(states))
            return int(db.scalar(query) or 0)

    @property
    def _ours(self) -> ColumnElement[bool]:
        return schema.slack_job.c.thread.startswith(self._queue, autoescape=True)

    def _named(self, name: str) -> str:
        return f"{self._queue}{name}"[:200]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind a button, and whose it is."""

    id: str
    kind: str
    who: str
    body: dict[str, Any]


class Notes:
    """Small things kept under an id that nobody can guess, or under a name; those of one owner see no other's."""

    def __init__(self, engine: Engine, stamp: Callable[[], str], owner: str) -> None:
        self._engine = engine
        self._stamp = stamp
        self._owner = owner

    def keep(self, kind: str, who: str, body: dict[str, Any], name: str = "") -> Note:
        """Keep a note; under a `name` the newer one takes the place of the older."""
        note = Note(self._id(kind, name) if name else uuid.uuid4().hex, kind, who, body)
        table = schema.slack_note
        row = {"kind": kind, "who": who, "body": {"owner": self._owner, "body": body}, "created": self._stamp()}
        with self._engine.begin() as db:
            if not db.execute(update(table).where(table.c.id == note.id).values(row)).rowcount:
                db.execute(insert(table).values({"id": note.id, **row}))
        return note

    def find(self, identity: str, kind: str) -> Note | None:
        """The note of this id and kind, if there is one."""
        table = schema.slack_note
        with self._engine.connect() as db:
            row = db.execute(select(table).where(table.c.id == identity, table.c.kind == kind)).mappings().first()
        if row is None or row["body"]["owner"] != self._owner:
            return None
        return Note(row["id"], row["kind"], row["who"], row["body"]["body"])

    def named(self, name: str, kind: str) -> Note | None:
        """The note kept under this name, if there is one."""
        return self.find(self._id(kind, name), kind)

    def _id(self, kind: str, name: str) -> str:
        return hashlib.sha256(f"{self._owner}|{kind}|{name}".encode()).hexdigest()[:40]


class AccessLog:
    """Every access that was given or refused."""

    def __init__(self, engine: Engine, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._stamp = stamp

    def add(self, production: str, who: str, channel: str, what: str, why: str = "") -> None:
        """Write a line; a reason (`why`) means that it was refused."""
        row = {"production": production, "who": who, "channel": channel, "what": what[:40], "allowed": not why}
        with self._engine.begin() as db:
            db.execute(insert(schema.slack_access).values({**row, "why": why, "at": self._stamp()}))

    def all(self, productions: Collection[str]) -> list[dict[str, Any]]:
        """What was asked of these productions, or of none, oldest first."""
        table = schema.slack_access
        with self._engine.connect() as db:
            query = select(table).where(table.c.production.in_(("", *productions))).order_by(table.c.id)
            return [dict(row) for row in db.execute(query).mappings()]


class News:
    """One production's events on their way to channels; put twice, told once."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def put(self, kind: str, key: str, text: str, told: bool = False) -> bool:
        """Add an event under its key; False where it is known."""
        state = "told" if told else "waiting"
        row = {"production": self._production, "kind": kind, "key": key, "text": text, "state": state}
        try:
            with self._engine.begin() as db:
                db.execute(insert(schema.slack_news).values({**row, "at": self._stamp()}))
        except IntegrityError:
            return False
        return True

    def known(self) -> set[str]:
        """The keys there are."""
        table = schema.slack_news
        with self._engine.connect() as db:
            return set(db.scalars(select(table.c.key).where(table.c.production == self._production)))

    def take(self) -> list[tuple[str, str]]:
        """What waits, as (kind, text), now marked told: of two processes one gets each."""
        table = schema.slack_news
        waits = (table.c.production == self._production) & (table.c.state == "waiting")
        taken = []
        with self._engine.connect() as db:
            rows = db.execute(select(table).where(waits).order_by(table.c.id)).mappings().all()
        for row in rows:
            with self._engine.begin() as db:
                mine = (table.c.id == row["id"]) & (table.c.state == "waiting")
                if db.execute(update(table).where(mine).values(state="told")).rowcount:
                    taken.append((row["kind"], row["text"]))
        return taken
