"""Runs: what was started on which material, and whether it came to its end."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update

from assistant.store import schema


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `fingerprint` names material and means: a run with the same one has the same result."""

    id: str
    kind: str
    draft: int | None
    done: bool
    summary: dict[str, Any]
    started: str
    seconds: float


class Runs:
    """The runs of one production."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def begin(self, kind: str, fingerprint: str) -> Run:
        """The run of this kind and fingerprint: the one that did not finish, the finished one, or a new one."""
        known = self.find(kind, fingerprint)
        if known:
            return known
        row: dict[str, Any] = {"id": uuid.uuid4().hex, "production": self._production, "kind": kind, "draft": None}
        row |= {"fingerprint": fingerprint, "state": "running", "summary": {}, "started": self._stamp(), "seconds": 0.0}
        with self._engine.begin() as db:
            db.execute(insert(schema.run).values(row))
        return _run(row)

    def find(self, kind: str, fingerprint: str) -> Run | None:
        """The newest run of this kind and fingerprint, if any."""
        table = schema.run
        query = (
            select(table)
            .where(table.c.production == self._production, table.c.kind == kind, table.c.fingerprint == fingerprint)
            .order_by(table.c.started.desc())
        )
        with self._engine.connect() as db:
            row = db.execute(query).mappings().first()
        return _run(row) if row else None

    def latest(self, kind: str, draft: int) -> Run | None:
        """The newest finished run of this kind on a draft."""
        table = schema.run
        query = (
            select(table)
            .where(table.c.production == self._production, table.c.kind == kind, table.c.draft == draft)
            .where(table.c.state == "done")
            .order_by(table.c.started.desc())
        )
        with self._engine.connect() as db:
            row = db.execute(query).mappings().first()
        return _run(row) if row else None

    def finish(self, run: str, draft: int, summary: dict[str, Any], seconds: float) -> None:
        """Mark a run done, with what it took."""
        table = schema.run
        values = {"state": "done", "draft": draft, "summary": summary, "seconds": seconds}
        with self._engine.begin() as db:
            db.execute(update(table).where(table.c.id == run).values(values))


def _run(row: Any) -> Run:
    done = row["state"] == "done"
    return Run(row["id"], row["kind"], row["draft"], done, row["summary"], row["started"], row["seconds"])
