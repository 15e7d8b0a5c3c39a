"""Money: what is settled is what is spent, and no cap is ever passed, by threads or by processes."""

import importlib.util
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from routers import (
    BudgetRefused,
    Caps,
    Ledger,
    NoAnswer,
    Price,
    ProviderFault,
    RawAnswer,
    Router,
    ScriptedProvider,
    build,
    open_engine,
)
from routers.budget import nano, usd
from routers.ledger import Entry, Result
from routers.tables import metadata
from tests.conftest import ROOT
from tests.routers.making import ASK, NEED, router, spec

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
ENTRY = Entry("c", 0, "alpha", "run", "t", "draft", "open", "p", "why", "", "", "", "h", "m", "acme", "eu", "eu", "")
POSTGRES = "postgresql+{driver}://postgres:root@127.0.0.1:5432/test"


def attempt(ledger: Ledger, worst: int, cost: int, entry: Entry = ENTRY) -> bool:
    try:
        held = ledger.reserve(entry, worst, NOW)
    except BudgetRefused:
        return False
    ledger.settle(held, Result("ok", cost))
    return True


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**7), st.integers(0, 10**6))
def test_a_price_is_exact_and_rounded_up(price_in: int, price_out: int, tokens_in: int, tokens_out: int) -> None:
    cost = Price(price_in, price_out).cost(tokens_in, tokens_out)
    exact = tokens_in * price_in + tokens_out * price_out
    assert exact <= cost * 1_000_000 < exact + 1_000_000


def test_a_long_prompt_costs_the_second_price() -> None:
    price = Price(1_000_000, 2_000_000, "", 100, 5_000_000, 7_000_000)
    assert (price.cost(100, 10), price.cost(101, 10)) == (120, 575)


@given(st.decimals(0, 1000, places=9))
def test_dollars_and_nano_dollars_agree(amount: Decimal) -> None:
    assert usd(nano(amount)) == amount


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1), st.sampled_from(["a", "b", None])), max_size=12),
    caps=st.tuples(*[st.one_of(st.none(), st.integers(0, 1500))] * 3),
)
def test_settled_is_spent_and_never_over_a_cap(
    tmp_path_factory: pytest.TempPathFactory,
    calls: list[tuple[int, float, str | None]],
    caps: tuple[int | None, int | None, int | None],
) -> None:
    limits = Caps(*(None if cap is None else usd(cap) for cap in caps))
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path_factory.mktemp('money') / 'l.db'}"), limits)
    for worst, share, run in calls:
        attempt(ledger, worst, int(worst * share), replace(ENTRY, run=run))
    rows = ledger.rows("alpha")
    assert len(rows) == len(calls)
    for run in ("a", "b", None):
        for scope, (spent, reserved) in ledger.spent("alpha", run, NOW).items():
            mine = [r for r in rows if not scope.startswith("run:") or r["run"] == run]
            assert (spent, reserved) == (sum(r["settled"] for r in mine), 0)
            assert spent <= limits.scopes("alpha", run, "2026-01-15")[scope]
    ledger.engine.dispose()


class Gone(sqlite3.OperationalError):
    """The server went before it could say that it had committed."""


class Unsure(sqlite3.Connection):
    """A connection one of whose commits is done and not acknowledged."""

    commits, lost = 0, 0

    def commit(self) -> None:
        super().commit()
        Unsure.commits += 1
        if Unsure.commits == Unsure.lost:
            raise Gone


@pytest.mark.parametrize("lost", [1, 2])
def test_a_reservation_or_settlement_whose_answer_was_lost_is_made_once(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "l.db"
    ledger = Ledger(open_engine(f"sqlite:///{path}"), Caps(production_usd=usd(1000)))
    assert attempt(ledger, 100, 10)
    Unsure.commits, Unsure.lost = 0, lost
    ledger.engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path, factory=Unsure))
    assert attempt(ledger, 400, 300)
    assert Unsure.commits == 2 + (lost == 2), "reserved, settled; a settlement is tried again and changes nothing"
    assert [row["settled"] for row in ledger.rows("alpha")] == [10, 300]
    assert set(ledger.spent("alpha", "run", NOW).values()) == {(310, 0)}


def test_a_refusal_names_the_cap_and_what_is_left(tmp_path: Path) -> None:
    caps = Caps(production_usd=usd(10_000_000), run_usd=usd(500_000), day_usd=usd(700_000))
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path / 'l.db'}"), caps)
    assert attempt(ledger, 400_000, 300_000)
    with pytest.raises(BudgetRefused, match=r"run budget of \$0\.000500 has \$0\.000200 left") as refused:
        ledger.reserve(ENTRY, 201_000, NOW)
    assert (refused.value.cap, refused.value.left_usd) == ("run", usd(200_000))
    other = replace(ENTRY, run="other")
    with pytest.raises(BudgetRefused, match="day budget"):
        ledger.reserve(other, 401_000, NOW)
    assert attempt(ledger, 400_000, 399_000, other)
    assert not attempt(Ledger(ledger.engine, caps), 2_000, 1)
    assert attempt(Ledger(ledger.engine, caps), 1_000, 1)
    assert [r["outcome"] for r in ledger.rows("alpha")].count("denied") == 3
    held = ledger.reserve(replace(ENTRY, run="x"), 1, NOW + timedelta(days=1))
    assert held.amount == 1


def test_settling_twice_books_once(tmp_path: Path) -> None:
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path / 'l.db'}"))
    held = ledger.reserve(ENTRY, 100, NOW)
    ledger.settle(held, Result("ok", 40))
    ledger.settle(held, Result("ok", 40))
    assert ledger.spent("alpha", None, NOW)["production:alpha"] == (40, 0)


def test_what_a_killed_process_left_is_booked_at_its_worst(tmp_path: Path) -> None:
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path / 'l.db'}"))
    ledger.reserve(ENTRY, 100, NOW)
    assert ledger.sweep(NOW) == 0
    assert ledger.sweep(NOW + timedelta(hours=1)) == 1
    assert ledger.spent("alpha", "run", NOW)["run:alpha:run"] == (100, 0)
    assert ledger.rows("alpha")[0]["outcome"] == "unknown"


def test_productions_do_not_share_a_budget(tmp_path: Path) -> None:
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path / 'l.db'}"), Caps(usd(100), None, usd(100)))
    assert attempt(ledger, 100, 100)
    assert not attempt(ledger, 1, 1)
    assert attempt(ledger, 100, 100, replace(ENTRY, production="beta"))


def test_costs_and_egress_can_be_read(tmp_path: Path) -> None:
    made = router(tmp_path, {"low": ScriptedProvider("5", ProviderFault("connect"))})
    made.complete(NEED, ASK)
    with pytest.raises(NoAnswer):
        made.complete(NEED, ASK)
    (costs,) = made.ledger.costs("alpha", by=("model",))
    assert (costs["model"], costs["attempts"], costs["reserved"]) == ("low", 3, 0)
    (went,) = made.ledger.egress("alpha")
    assert (went["provider"], went["egress_kind"], went["egress_chars"]) == ("low", "sum", 24)
    assert went["egress_rule"] == "confidential; no training stated; kept 0 days, 30 allowed"


def capped(folder: Path, cap: int, answer: RawAnswer) -> Router:
    """One provider at a thousand nano-dollars a token."""
    registry = build({"models": {"acme/one": spec("acme", "1", 0.9)}})
    return router(folder, {"acme": ScriptedProvider(answer)}, registry, Caps(production_usd=usd(cap)))


def test_forty_threads_under_a_cap(tmp_path: Path) -> None:
    """Each may cost 123,000 and costs as much: eight fit under a million."""
    made = capped(tmp_path, 1_000_000, RawAnswer("4", tokens_in=23, tokens_out=100))
    refused: list[BudgetRefused] = []

    def call() -> None:
        try:
            made.complete(replace(NEED, tokens_in=23), ASK)
        except BudgetRefused as error:
            refused.append(error)

    threads = [threading.Thread(target=call) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, reserved = made.ledger.spent("alpha", None, made.clock.wall())["production:alpha"]
    rows = made.ledger.rows("alpha")
    assert reserved == 0
    assert spent == sum(r["settled"] for r in rows) == 123_000 * sum(r["outcome"] == "ok" for r in rows)
    assert 0 < spent <= 1_000_000
    assert len(refused) == 40 - spent // 123_000


PROCESS = """
import json, sys
from datetime import UTC, datetime
from decimal import Decimal
from routers import BudgetRefused, Caps, Ledger, open_engine
from routers.ledger import Entry, Result
ledger = Ledger(open_engine(sys.argv[1]), Caps(production_usd=Decimal("0.00005")))
entry = Entry("c", 0, "alpha", "run", "t", "draft", "open", "p", "why", "", "", "", "h", "m", "acme", "eu", "eu", "")
won = 0
for _ in range(40):
    try:
        held = ledger.reserve(entry, 1000, datetime(2026, 1, 15, 12, tzinfo=UTC))
    except BudgetRefused:
        continue
    ledger.settle(held, Result("ok", 1000))
    won += 1
print(json.dumps(won))
"""


def two_processes(url: str) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS, url], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(2)
    ]
    won = [json.loads(process.communicate(timeout=60)[0]) for process in running]
    engine = open_engine(url)
    ledger = Ledger(engine)
    assert sum(won) == 50
    assert ledger.spent("alpha", "run", NOW)["production:alpha"] == (50_000, 0)
    assert sum(r["settled"] for r in ledger.rows("alpha")) == 50_000
    engine.dispose()


def test_two_processes_under_a_cap(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    Ledger(open_engine(url)).engine.dispose()
    two_processes(url)


@pytest.fixture
def postgres() -> Iterator[str]:
    """A PostgreSQL on loopback; the test skips where there is none, or no driver."""
    driver = next((d for d in ("psycopg", "psycopg2", "pg8000") if importlib.util.find_spec(d)), None)
    if driver is None:
        pytest.skip("no PostgreSQL driver is installed")
    url = POSTGRES.format(driver=driver)
    engine = create_engine(url)
    try:
        metadata.drop_all(engine)
    except SQLAlchemyError:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432")
    Ledger(engine)
    yield url
    metadata.drop_all(engine)
    with engine.connect() as connection:
        connection.execute(text("select 1"))
    engine.dispose()


def test_two_processes_under_a_cap_on_postgres(postgres: str) -> None:
    two_processes(postgres)
