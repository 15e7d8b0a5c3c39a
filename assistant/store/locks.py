"""One worker at a time on a production: a file's lock on one machine, the database's own where several share it."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

PAUSE = 0.1  # seconds


@contextmanager
def only_one(engine: Engine, name: str, file: Path) -> Iterator[None]:
    """Wait until nobody else holds this name, and hold it. A process that dies gives it back."""
    if engine.dialect.name != "postgresql":
        from filelock import FileLock

        with FileLock(file):
            yield
        return
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        # Asked again and again: a statement that waits would hold up whoever builds an index meanwhile.
        while not db.scalar(text("select pg_try_advisory_lock(:number)"), {"number": number}):
            time.sleep(PAUSE)
        try:
            yield
        finally:
            if not db.invalidated:
                _give_back(db, number)


def _give_back(db: Any, number: int) -> None:
    try:
        db.execute(text("select pg_advisory_unlock(:number)"), {"number": number})
    except DBAPIError:  # the server was away: with the connection the lock is gone already
        db.invalidate()
