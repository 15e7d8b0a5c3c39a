"""Circuits and limits that all processes on one database share: what one learns the hard way, the others know."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from routers.errors import ProviderFault
from routers.health import CLOSED, Circuit, Health, Key
from routers.patience import is_away
from routers.tables import health, make_tables

LOOK = 1.0  # seconds between two looks at what others learnt
FORGOTTEN = 3600.0  # seconds after which trouble that is over tells nothing any more
FOREVER = 1e17  # seconds; a circuit that opens only when a person says so
_PROVIDER = "provider:"


@dataclass(slots=True)
class SharedHealth(Health):
    """Health kept in a table too. While the database is away, each process knows what it knew."""

    engine: Engine | None = None
    wall: Callable[[], float] = time.time
    _looked: float = float("-inf")
    _limits_seen: dict[Key, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.engine is not None:
            make_tables(self.engine)

    def open_since(self, key: Key, now: float) -> Circuit | None:
        """The circuit if it is open, here or for anybody else."""
        self._look(now)
        return Health.open_since(self, key, now)

    def note_success(self, key: Key) -> None:
        """A deployment answered; others hear of it where it was in trouble."""
        before = self.circuits.get(key)
        Health.note_success(self, key)
        if before is not None and (before.faults or before.throttles):
            self._tell(key, 0.0)

    def note_fault(self, key: Key, provider: str, fault: ProviderFault, now: float) -> None:
        """A deployment failed; others hear of it."""
        self._look(now)
        Health.note_fault(self, key, provider, fault, now)
        self._tell(key, now)
        if provider in self.providers_off:
            self._write({"model": _PROVIDER + provider, "region": "", "why": self.providers_off[provider]})

    def enable(self, provider: str) -> None:
        """A person has mended it, for everybody."""
        Health.enable(self, provider)
        gone = (health.c.model == _PROVIDER + provider) | (health.c.open_until >= FOREVER)
        self._patiently(lambda engine: _run(engine, delete(health).where(gone)))

    def _tell(self, key: Key, now: float) -> None:
        circuit, limit = self.circuits.get(key, CLOSED), self.limits.get(key)
        left = circuit.open_until - now
        row = {"model": key[0], "region": key[1], "faults": circuit.faults, "throttles": circuit.throttles}
        row |= {"open_until": min(self.wall() + left, FOREVER) if now and left > 0 else 0.0, "why": circuit.why}
        self._write(row | {"limit_now": limit.now if limit else self.first_limit})

    def _write(self, row: dict[str, object]) -> None:
        row = {"faults": 0, "throttles": 0, "open_until": 0.0, "limit_now": self.first_limit, **row}
        row["updated"] = self.wall()

        def write(engine: Engine) -> None:
            insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
            values = {name: value for name, value in row.items() if name not in {"model", "region"}}
            made = insert(health).values(row)
            _run(engine, made.on_conflict_do_update(index_elements=["model", "region"], set_=values))

        self._patiently(write)

    def _look(self, now: float) -> None:
        """Take over what others wrote since the last look."""
        if now - self._looked < LOOK:
            return
        self._looked = now
        self._patiently(lambda engine: self._take(engine, now))

    def _take(self, engine: Engine, now: float) -> None:
        with engine.connect() as db:
            old = (health.c.open_until < self.wall()) & (health.c.updated < self.wall() - FORGOTTEN)
            rows = db.execute(select(health).where(~old | health.c.model.startswith(_PROVIDER))).all()
        off = {row.model.removeprefix(_PROVIDER): row.why for row in rows if row.model.startswith(_PROVIDER)}
        with self._lock:
            self.providers_off = off
            for row in rows:
                if not row.model.startswith(_PROVIDER):
                    self._hear((row.model, row.region), row, now)

    def _hear(self, key: Key, row: Any, now: float) -> None:
        left = row.open_until - self.wall()
        until = float("inf") if row.open_until >= FOREVER else now + left if left > 0 else 0.0
        self.circuits[key] = Circuit(row.faults, row.throttles, until, row.why)
        if self._limits_seen.get(key) != row.updated and key in self.limits:
            self.limits[key].now = min(self.limits[key].now, row.limit_now)
        self._limits_seen[key] = row.updated

    def _patiently(self, work: Callable[[Engine], None]) -> None:
        """Do it if the database is there; what is learnt is worth no waiting."""
        if self.engine is None:
            return
        try:
            work(self.engine)
        except DBAPIError as error:
            if not is_away(error):
                raise


def _run(engine: Engine, statement: Any) -> None:
    with engine.begin() as db:
        db.execute(statement)
