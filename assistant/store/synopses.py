"""What happens in each scene of a draft, in one sentence, and who said so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, insert, select

from assistant.store import schema


@dataclass(frozen=True, slots=True)
class Synopsis:
    """One scene's sentence. `quotes` are the words of the scene on which it rests."""

    ordinal: int
    text: str
    quotes: tuple[str, ...] = ()
    model: str = ""
    attempt: str = ""


class Synopses:
    """The synopses of one production."""

    def __init__(self, engine: Engine, production: str) -> None:
        self._engine = engine
        self._production = production

    def save(self, draft: int, synopses: Sequence[Synopsis]) -> None:
        """Put a draft's synopses in place of the ones before, in one transaction."""
        table = schema.synopsis
        rows = [
            {**asdict(item), "quotes": list(item.quotes), "production": self._production, "draft": draft}
            for item in synopses
        ]
        with self._engine.begin() as db:
            db.execute(delete(table).where(table.c.production == self._production, table.c.draft == draft))
            if rows:
                db.execute(insert(table), rows)

    def of(self, draft: int) -> dict[int, Synopsis]:
        """A draft's synopses by scene ordinal; empty when none were asked for."""
        table = schema.synopsis
        query = select(table).where(table.c.production == self._production, table.c.draft == draft)
        with self._engine.connect() as db:
            rows = db.execute(query).mappings().all()
        return {
            row["ordinal"]: Synopsis(row["ordinal"], row["text"], tuple(row["quotes"]), row["model"], row["attempt"])
            for row in rows
        }
