"""The log of decisions: appended to by the review package alone, never changed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, insert, select

from assistant.domain.review import Decision
from assistant.store import schema


class Decisions:
    """What people decided in one production, oldest first."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def append(self, decisions: Sequence[Decision]) -> None:
        """All of them or none, in one transaction."""
        rows = [{"production": self._production, **asdict(item), "at": item.at or self._stamp()} for item in decisions]
        if rows:
            with self._engine.begin() as db:
                db.execute(insert(schema.decision), rows)

    def history(self, subject: str | None = None) -> list[Decision]:
        """Every word on a subject, or on everything."""
        table = schema.decision
        query = select(table).where(table.c.production == self._production).order_by(table.c.id)
        if subject is not None:
            query = query.where(table.c.subject == subject)
        with self._engine.connect() as db:
            return [_decision(row) for row in db.execute(query).mappings()]

    def newest(self) -> dict[str, Decision]:
        """The word that holds, by subject."""
        return {item.subject: item for item in self.history()}


def _decision(row: Any) -> Decision:
    return Decision(row["subject"], row["action"], row["who"], row["why"], row["draft"], row["change"], row["at"])
