"""What one process learns of a deployment, all on the same database know."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from routers.errors import ProviderFault
from routers.ledger import open_engine
from routers.shared_health import LOOK, SharedHealth
from tests.assistant.store.conftest import own_postgres  # noqa: F401

KEY = ("m", "here")


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("own_postgres")
    both = open_engine(url), open_engine(url)
    yield both
    for engine in both:
        engine.dispose()


def pair(engines: tuple[Engine, Engine], model: str) -> tuple[SharedHealth, SharedHealth]:
    """Two processes whose clocks began at different times."""
    return tuple(SharedHealth(engine=engine, wall=lambda: 1_700_000_000.0) for engine in engines)  # type: ignore[return-value]


def test_a_circuit_that_opens_is_open_for_all_and_closes_for_all(engines: tuple[Engine, Engine]) -> None:
    one, other = pair(engines, "m")
    key = ("tripped", "here")
    other.note_success(key)
    for _ in range(3):
        one.note_fault(key, "p", ProviderFault("server", "no"), 100.0)
    heard = other.open_since(key, 5000.0)
    assert heard is not None and 5010 < heard.open_until < 5020 and "3 faults" in heard.why
    one.note_success(key)
    assert other.open_since(key, 5000.0 + LOOK + 20) is None and other.circuits[key].faults == 0


def test_a_throttle_narrows_all(engines: tuple[Engine, Engine]) -> None:
    one, other = pair(engines, "m")
    key = ("throttled", "here")
    for health in (one, other):
        with health.slot(key, 1.0) as free:
            assert free
    one.note_fault(key, "p", ProviderFault("throttled", "slow down", retry_after=7.0), 100.0)
    assert one.limits[key].now == 16.0
    heard = other.open_since(key, 900.0)
    assert heard is not None and heard.open_until == pytest.approx(907.0, abs=0.1)
    assert other.limits[key].now == 16.0
    other.limits[key].now = 20.0  # it has widened since: the same old row narrows it no more
    other.open_since(key, 900.0 + LOOK)
    assert other.limits[key].now == 20.0


def test_keys_that_failed_switch_a_provider_off_for_all_until_a_person_has_mended_it(
    engines: tuple[Engine, Engine],
) -> None:
    one, other = pair(engines, "m")
    key = ("locked", "here")
    one.note_fault(key, "locked-provider", ProviderFault("expired_credentials", "no"), 100.0)
    other.open_since(key, 5.0)
    assert other.providers_off == {"locked-provider": "expired credentials"}
    other.enable("locked-provider")
    one.open_since(key, 100.0 + 2 * LOOK)
    assert one.providers_off == {}


def test_without_the_database_each_knows_what_it_knew(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", connect_args={"connect_timeout": 1})
    health = SharedHealth()
    health.engine = away
    for _ in range(3):
        health.note_fault(KEY, "p", ProviderFault("server", "no"), 100.0)
    assert health.open_since(KEY, 100.0) is not None
