"""Answers already paid for: found again only by the same production, policy, model, prompt version and question."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, Executable, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from routers.patience import patiently
from routers.policy import Policy
from routers.tables import answers, make_tables
from routers.types import Need, Request


class Cached(NamedTuple):
    """A kept answer and who gave it."""

    text: str
    model: str
    region: str
    tokens_in: int
    tokens_out: int


class Cache:
    """The answers of one database; embargoed material is neither kept nor looked up."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        make_tables(engine)

    def key(self, need: Need, request: Request, policy: Policy, model: str) -> str | None:
        """Names the answer; None where none may be kept."""
        if need.data_class == "embargoed" or (request.payload is not None and not request.payload_key):
            return None
        regions = None if need.regions is None else sorted(need.regions)
        what = (
            need.production,
            need.data_class,
            regions,
            need.on_prem_only,
            policy.fingerprint,
            model,
            need.task,
            need.precision,
            request.prompt.version,
            request.fingerprint,
        )
        return hashlib.sha256(repr(what).encode()).hexdigest()

    def find(self, key: str) -> Cached | None:
        """The kept answer."""
        row = patiently(lambda: self._row(key))
        return Cached(row.text, row.model, row.region, row.tokens_in, row.tokens_out) if row else None

    def keep(self, key: str, production: str, answer: Cached, at: datetime) -> None:
        """Keep an answer that stood verification; the first one stays."""
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        values = answer._asdict() | {"key": key, "production": production, "made": at.astimezone(UTC).isoformat()}
        patiently(lambda: self._write(insert(answers).values(values).on_conflict_do_nothing()))

    def _row(self, key: str) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(select(answers).where(answers.c.key == key)).one_or_none()

    def _write(self, statement: Executable) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)

    def forget(self, production: str) -> int:
        """Drop all that is kept for a production."""
        with self.engine.begin() as connection:
            return connection.execute(delete(answers).where(answers.c.production == production)).rowcount
