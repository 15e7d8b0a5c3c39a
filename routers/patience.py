"""Waiting out a database that is away for a moment, so that an answer that was paid for is not lost for it."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

T = TypeVar("T")
LONGEST = 120.0  # seconds
PAUSE = 0.5


def is_away(error: DBAPIError) -> bool:
    """Did the server go, or is it not there? A statement that is wrong, or a full disk, is something else."""
    if error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and not error.statement and "sqlite" not in type(error.orig).__module__


def patiently(work: Callable[[], T], longest: float = LONGEST, pause: float = PAUSE) -> T:
    """Do what may safely be done twice; while the database is away, again and again for a while."""
    until = time.monotonic() + longest
    while True:
        try:
            return work()
        except DBAPIError as error:
            if not is_away(error) or time.monotonic() > until:
                raise
        time.sleep(pause)
