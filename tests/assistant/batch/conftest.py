"""A PostgreSQL database of its own for each test, where a server answers on loopback."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from tests.assistant.store.conftest import POSTGRES, _postgres


@pytest.fixture
def shared() -> Iterator[str]:
    """The address of an empty database."""
    _postgres()
    name = f"batch_{uuid.uuid4().hex[:8]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.execute(text(f"create database {name}"))
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as db:
        db.execute(text(f"drop database {name} with (force)"))
    admin.dispose()
