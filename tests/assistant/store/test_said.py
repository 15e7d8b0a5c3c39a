"""Said rules are only ever added to, whoever writes at the same time, and one that is forgotten stays as history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from assistant.domain.said import SaidRule, days_between, spans
from assistant.errors import NotFound
from assistant.store import Store, schema
from assistant.store.codec import dump, load
from assistant.store.schedules import Schedules

AWAY = SaidRule("never", "Mara is out 3 March", "cast", ("MARA",), dates=(date(2027, 3, 3),))
LAST = SaidRule("last", "shoot the pier last", "scene", ("1", "1A"))
dates = st.dates(date(2026, 1, 1), date(2029, 1, 1))


def schedules(store: Store) -> Schedules:
    return Schedules(store.engine, store.production, store.stamp)


def test_kept_forgotten_and_kept_again(store: Store) -> None:
    said = schedules(store).said
    first, second = said.keep([AWAY, LAST, AWAY], "builtin/rules", "Ana", 1)
    assert [kept.rule for kept in said.all()] == [AWAY, LAST]
    assert (first.id, second.id, first.who, first.model) == ("R1", "R2", "Ana", "builtin/rules")
    assert said.keep([LAST], "other", "Ben", 1) == []  # it is in force already
    assert said.forget("r1", "Ben").rule == AWAY
    assert [kept.id for kept in said.all()] == ["R2"]
    (again,) = said.keep([AWAY], "onprem/mine", "Ben", 1)
    assert again.seq == 4  # numbers are never used twice
    assert said.forget("pier last", "Ben").id == "R2"
    assert [kept.rule for kept in schedules(store).said.all()] == [AWAY]
    table = schema.schedule_said
    with store.engine.connect() as db:
        count = select(func.count()).where(table.c.production == store.production)
        assert db.scalar(count) == 5  # three rules and two that forget: nothing was deleted


@pytest.mark.parametrize("name", ["R9", "9", "", "no such words", "o"])
def test_what_is_not_in_force_or_not_clear_is_said(store: Store, name: str) -> None:
    said = schedules(store).said
    said.keep([AWAY, LAST], "builtin/rules", "Ana", 1)
    with pytest.raises(NotFound, match="called"):
        said.forget(name, "Ana")
    assert len(said.all()) == 2


def test_many_at_once_lose_nothing(store: Store) -> None:
    def add(number: int) -> None:
        schedules(store).said.keep(
            [SaidRule("age", f"Mara is {number}", "cast", ("MARA",), number=number)], "m", "w", 1
        )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(12)))
    kept = schedules(store).said.all()
    assert sorted(rule.rule.number or 0 for rule in kept) == list(range(12))
    assert [rule.seq for rule in kept] == list(range(1, 13))


def test_one_production_knows_nothing_of_another(store: Store) -> None:
    schedules(store).said.keep([AWAY], "builtin/rules", "Ana", 1)
    other = Schedules(store.engine, "another", store.stamp)
    assert other.said.all() == []


@given(st.lists(dates, max_size=4), st.lists(st.integers(0, 6), max_size=3), st.integers(0, 2000) | st.none())
@settings(max_examples=60, deadline=None)
def test_a_rule_comes_back_as_it_was_kept(days: list[date], week: list[int], number: int | None) -> None:
    rule = SaidRule("never", "“a” \u2028 b", "cast", ("MARA",), tuple(days), tuple(week), "N", ("1A",), number)
    assert load(SaidRule, dump(rule)) == rule


@given(st.sets(dates, max_size=20))
@settings(max_examples=60, deadline=None)
def test_spans_hold_the_same_dates(days: set[date]) -> None:
    runs = spans(days)
    assert {day for first, last in runs for day in days_between(first, last)} == days
    assert all((b[0] - a[1]).days > 1 for a, b in zip(runs, runs[1:], strict=False))
