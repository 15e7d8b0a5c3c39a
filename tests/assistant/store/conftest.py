"""A store on SQLite, and on PostgreSQL where one answers on loopback."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from assistant.store import Store, open_engine

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


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
    admin = create_engine(_postgres(), isolation_level="AUTOCOMMIT")
    name = f"store_{uuid.uuid4().hex[:8]}"
    with admin.connect() as db:
        db.execute(text(f"create database {name}"))
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as db:
        db.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


def _postgres() -> str:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    try:
        engine = create_engine(POSTGRES, connect_args={"connect_timeout": 2})
        with engine.connect() as db:
            db.execute(text("select 1"))
        engine.dispose()
    except OperationalError:
        pytest.skip("no PostgreSQL answers on loopback")
    return POSTGRES
