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
        rows = [self._row(item) for item in decisions]
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
        """The word that holds, by subject; what was undone is not in it."""
        said = {item.subject: item for item in self.history()}
        return {subject: item for subject, item in said.items() if item.action != "undo"}

    def _row(self, item: Decision) -> dict[str, Any]:
        row = {"production": self._production, **asdict(item), "at": item.at or self._stamp()}
        del row["id"]
        return row


def _decision(row: Any) -> Decision:
    names = ("subject", "action", "who", "why", "draft", "change", "at", "id")
    return Decision(**{name: row[name] for name in names})
