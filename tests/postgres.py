"""Databases of one's own on the PostgreSQL that answers on loopback; where none does, the test is skipped."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

COMMON = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@contextmanager
def own_database(prefix: str) -> Iterator[str]:
    """The address of an empty database that nobody else knows of; it is dropped at the end."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    admin = create_engine(COMMON, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        try:
            with admin.connect() as db:
                db.execute(text(f"create database {name}"))
        except OperationalError:
            pytest.skip("no PostgreSQL answers on loopback")
        yield admin.url.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as db:
            db.execute(text(f"drop database {name} with (force)"))
    finally:
        admin.dispose()
