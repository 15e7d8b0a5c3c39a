"""A store on SQLite, and on PostgreSQL where one answers on loopback."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.store import Store, open_engine
from tests.postgres import own_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """One empty production; its rows are removed afterwards."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("own_postgres")
    engine = open_engine(url, tmp_path)
    made = Store(engine, uuid.uuid4().hex)
    made.open_production("The Pier")
    yield made
    engine.dispose()


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[str]:
    """A database of this run's own: another version of the program may be at work in the common one."""
    with own_database("store") as url:
        yield url
