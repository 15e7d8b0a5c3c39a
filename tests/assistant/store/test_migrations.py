"""Migrations go up and down with data in the tables, on both databases, also when many open a store at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, text

from assistant.domain.said import SaidRule
from assistant.errors import SettingsError
from assistant.store import Store, open_engine
from assistant.store.migrate import HEAD, HERE, migrate, revision
from assistant.store.schedules import Schedules
from routers.errors import ProviderFault
from routers.shared_health import SharedHealth
from routers.tables import records
from tests.making import script
from tests.postgres import own_database

LATER = Path(__file__).parent / "later"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.db'}"
        return
    with own_database("own") as made:
        yield made


def test_head_is_the_newest_revision() -> None:
    assert max(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py")) == HEAD


def test_up_and_down_with_data(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    store = Store(engine, "p1")
    store.open_production("The Pier")
    store.add_draft(script(), "pier.fountain")
    assert revision(engine) == HEAD
    migrate(engine, tmp_path, "t002", LATER)
    with engine.connect() as db:
        assert db.scalar(text("select nickname from production")) == "THE PIER"
    assert revision(engine) == "t002"
    migrate(engine, tmp_path, HEAD, LATER)
    assert revision(engine) == HEAD
    assert "nickname" not in {column["name"] for column in inspect(engine).get_columns("production")}
    assert len(store.screenplay(1).scenes) == 3  # nothing was lost on the way
    migrate(engine, tmp_path, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_jobs_come_and_go_with_their_revision(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    Store(engine, "p1").open_production("The Pier")
    with engine.begin() as db:
        db.execute(insert(records).values(job="j", id="r", owner="s", attempt="a", key="k"))
    migrate(engine, tmp_path, "0001")
    names = set(inspect(engine).get_table_names())
    assert not names & {"router_batch_job", "router_batch_record"} and "router_attempt" in names
    migrate(engine, tmp_path, HEAD)
    with engine.connect() as db:
        assert db.scalar(text("select count(*) from router_batch_record")) == 0
        assert db.scalar(text("select title from production")) == "The Pier"
    engine.dispose()


def test_trouble_with_models_comes_and_goes_with_its_revision(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    Store(engine, "p1").open_production("The Pier")
    key, fault = ("mine", "here"), ProviderFault("server", "no")
    for _ in range(3):
        SharedHealth(engine=engine).note_fault(key, "p", fault, 100.0)
    assert SharedHealth(engine=engine).open_since(key, 100.0) is not None
    migrate(engine, tmp_path, "0003")
    names = set(inspect(engine).get_table_names())
    assert "router_health" not in names and {"router_attempt", "schedule_said"} <= names
    migrate(engine, tmp_path, "0004")
    assert revision(engine) == "0004" and inspect(engine).has_table("router_health")
    assert SharedHealth(engine=engine).open_since(key, 100.0) is None  # it is learnt again
    for _ in range(3):
        SharedHealth(engine=engine).note_fault(key, "p", fault, 100.0)
    migrate(engine, tmp_path)
    assert SharedHealth(engine=engine).open_since(key, 100.0) is not None  # revisions above it leave it alone
    with engine.connect() as db:
        assert db.scalar(text("select title from production")) == "The Pier"
    engine.dispose()


def test_a_store_without_revisions_is_adopted(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    Store(engine, "p1").open_production("The Pier")
    with engine.begin() as db:
        db.execute(text("drop table alembic_version"))
        db.execute(text("drop table router_answer"))
    assert revision(engine) == ""
    again = open_engine(url, tmp_path)
    assert revision(again) == HEAD and inspect(again).has_table("router_answer")
    with again.connect() as db:
        assert db.scalar(text("select title from production")) == "The Pier"
    again.dispose()
    engine.dispose()


def test_many_open_an_empty_database_at_once(url: str, tmp_path: Path) -> None:
    def opened(_: int) -> Engine:
        return open_engine(url, tmp_path)

    with ThreadPoolExecutor(6) as pool:
        engines = list(pool.map(opened, range(6)))
    assert {revision(engine) for engine in engines} == {HEAD}
    for engine in engines:
        engine.dispose()


def test_a_store_of_a_newer_version_is_left_alone(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    with engine.begin() as db:
        db.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        open_engine(url, tmp_path)
    assert revision(engine) == "9999"
    engine.dispose()


def test_locks_and_said_rules_come_through_the_revisions_that_know_less_of_them(url: str, tmp_path: Path) -> None:
    engine = open_engine(url, tmp_path)
    kept = Schedules(engine, "p1", lambda: "2026-11-24T00:00:00+00:00")
    kept.lock("12A", date(2027, 3, 4), None, "Ana", draft=2, unit="2nd")
    assert kept.locks(lambda scene, _: scene) == {"12A": (date(2027, 3, 4), None, "2nd")}
    rule = SaidRule("age", "Mara is nine", "cast", ("MARA",), number=9)
    kept.said.keep([rule], "builtin/rules", "Ana", 2)
    migrate(engine, tmp_path, "0005")
    assert "unit" not in {column["name"] for column in inspect(engine).get_columns("schedule_lock")}
    migrate(engine, tmp_path, "0004")
    assert "draft" not in {column["name"] for column in inspect(engine).get_columns("schedule_lock")}
    migrate(engine, tmp_path)
    assert kept.locks(lambda scene, draft: f"{scene} {draft}") == {"12A None": (date(2027, 3, 4), None, None)}
    assert [(one.rule, one.draft) for one in kept.said.all()] == [(rule, None)]
    migrate(engine, tmp_path, "0002")
    assert not inspect(engine).has_table("schedule_said")
    migrate(engine, tmp_path)
    assert kept.said.all() == [] and len(kept.locks(lambda scene, draft: scene)) == 1
    engine.dispose()
