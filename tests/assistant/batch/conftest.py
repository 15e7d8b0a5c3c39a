"""A PostgreSQL database of its own for each test, where a server answers on loopback."""

from collections.abc import Iterator

import pytest

from tests.postgres import own_database


@pytest.fixture
def shared() -> Iterator[str]:
    """The address of an empty database."""
    with own_database("batch") as url:
        yield url
