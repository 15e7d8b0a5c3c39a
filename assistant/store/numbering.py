"""Numbers in a row, one a production, also where two processes take one at the same moment."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

TRIES = 20


def numbered(engine: Engine, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row under the next `seq` of its production and return that number."""
    for _ in range(TRIES):
        try:
            with engine.begin() as db:
                top = db.scalar(select(func.max(table.c.seq)).where(table.c.production == row["production"]))
                seq = int(top or 0) + 1
                db.execute(insert(table).values(**row, seq=seq))
            return seq
        except IntegrityError:
            continue
    raise AssertionError(f"a number in {table.name} could not be taken")
