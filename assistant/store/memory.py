"""What a person asked of a production and was answered, kept from one day to the next and never without end."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from assistant.store import schema

KEPT = 40  # turns a person


class Memory:
    """One production's conversations, one a person."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str], kept: int = KEPT) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp
        self._kept = kept

    def add(self, who: str, body: dict[str, Any]) -> None:
        """Keep a turn; the oldest ones beyond the bound go."""
        table = schema.turn
        row = {"production": self._production, "who": who, "body": body, "at": self._stamp()}
        mine = (table.c.production == self._production) & (table.c.who == who)
        with self._engine.begin() as db:
            db.execute(insert(table).values(row))
            keep = select(table.c.id).where(mine).order_by(table.c.id.desc()).limit(self._kept)
            db.execute(delete(table).where(mine, table.c.id.not_in(db.scalars(keep).all())))

    def last(self, who: str, count: int = KEPT) -> list[dict[str, Any]]:
        """The last turns of a person, oldest first."""
        table = schema.turn
        query = (
            select(table.c.body)
            .where(table.c.production == self._production, table.c.who == who)
            .order_by(table.c.id.desc())
            .limit(count)
        )
        with self._engine.connect() as db:
            return list(reversed(db.scalars(query).all()))

    def clear(self, who: str) -> None:
        """Forget a person's conversation."""
        table = schema.turn
        with self._engine.begin() as db:
            db.execute(delete(table).where(table.c.production == self._production, table.c.who == who))
