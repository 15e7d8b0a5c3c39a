"""Units with calendars of their own: whose scene it is, who would be in two places, what every engine makes of it."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.breakdown import Breakdown
from assistant.domain.schedule import MAIN, DayPlan, Lock, Precedence, Problem, Schedule, ShootDay, Slot
from assistant.errors import SettingsError
from assistant.schedule.bound import counting_bound
from assistant.schedule.check import check
from assistant.schedule.clash import find_clash
from assistant.schedule.cover import cover_sets
from assistant.schedule.dood import chart
from assistant.schedule.explain import moved, why
from assistant.schedule.greedy import greedy_days
from assistant.schedule.problem import problem_from
from assistant.schedule.repair import fewest_moves
from assistant.schedule.search import Stop
from assistant.schedule.solve import board_of, changed, improve, resolve, solve
from assistant.schedule.told import of_board, of_day
from assistant.screenplay import parse
from tests.assistant.schedule.making import MONDAY, agreed, books, problem, random_problem, strip
from tests.assistant.schedule.test_production import FERRY, read

TRIES = Stop(seconds=None, tries=20_000)
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)


def with_second(made: Problem, *dates: date, units: dict[int, tuple[str, ...]]) -> Problem:
    """The same with a second unit on these dates, and the scenes that are its own or either's."""
    days = sorted((*made.days, *(ShootDay(when, "2nd") for when in dates)), key=lambda day: day.date)
    strips = tuple(replace(s, units=units.get(s.scene, (MAIN,))) for s in made.strips)
    return replace(made, days=tuple(days), strips=strips)


def on(made: Problem, **scenes: tuple[int, ...]) -> Schedule:
    """A board from "d0=(1, 2)": the days of the problem by their place."""
    plans = ((made.days[int(key[1:])], row) for key, row in scenes.items())
    return Schedule(tuple(DayPlan(day.date, row, day.unit) for day, row in plans))


def any_units(seed: int) -> Problem:
    """Five scenes on two main and two second-unit days, one of them in common; whose is whose at random."""
    rng = random.Random(seed)
    made = random_problem(seed, scenes=5, count=2)
    units = {scene: rng.choice(((MAIN,), ("2nd",), (MAIN, "2nd"))) for scene in range(1, 6)}
    return with_second(made, rng.choice((MONDAY, TUESDAY)), SATURDAY, units=units)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_search_and_judge_agree_on_price_and_on_what_is_legal(seed: int, placed: list[int]) -> None:
    agreed(any_units(seed), placed)


@pytest.mark.parametrize("seed", range(12))
def test_both_engines_find_what_trying_everything_finds(seed: int) -> None:
    made = any_units(seed)
    tried = {placed: check(made, board_of(made, list(placed))) for placed in product(range(4), repeat=5)}
    legal = [placed for placed, verdict in tried.items() if not verdict.hard]
    was = [(seed + i * i) % 4 for i in range(5)]
    result, mended = solve(made, TRIES, seed=seed), fewest_moves(made, board_of(made, was), 10.0, 1)
    if not legal:
        assert result.schedule is None and result.proved_infeasible and mended.days is None
        return
    assert result.schedule is not None and check(made, result.schedule).hard == ()
    place = {day.slot: d for d, day in enumerate(made.days)}
    found = [place[result.schedule.slots[s.scene]] for s in made.strips]
    assert books(made, found)[0] == min(books(made, list(placed))[0] for placed in legal)
    assert counting_bound(made).value <= min(tried[placed].cost for placed in legal)
    fewest = min(sum(a != b for a, b in zip(was, days, strict=True)) for days in legal)
    assert mended.days in legal and len(mended.moved) == mended.least == fewest


BASE = problem(strip(1), strip(2, cast="1 2"), strip(3, cast="2"), strip(4, location="BAR", cast="3"), count=3)
TWO = with_second(
    BASE, MONDAY, SATURDAY, units={3: ("2nd",), 4: (MAIN, "2nd")}
)  # days: Mon, Mon 2nd, Tue, Wed, Sat 2nd


def rules(made: Problem, board: Schedule) -> set[str]:
    return {item.rule for item in check(made, board).hard}


def test_what_units_break_is_named() -> None:
    assert rules(TWO, on(TWO, d0=(1,), d1=(4,), d2=(2,), d4=(3,))) == set()
    assert rules(TWO, on(TWO, d0=(1,), d2=(2, 3), d4=(4,))) == {"unit:3"}
    both = check(TWO, on(TWO, d0=(2,), d1=(3,), d2=(1,), d3=(4,)))
    assert [item.words for item in both.hard] == ["wanted by two units on 2027-03-01: ROLE 2"]
    loose = replace(TWO, rules=TWO.rules.without("one_unit"))
    assert rules(loose, on(loose, d0=(2,), d1=(3,), d2=(1,), d3=(4,))) == set()
    astray = Schedule((DayPlan(TUESDAY, (3,), "2nd"), *on(TWO, d0=(1, 2), d3=(4,)).days))
    assert [item.words for item in check(TWO, astray).hard] == ["2027-03-02 is no shooting day of the 2nd unit"]


def test_pay_counts_a_date_once_and_holds_on_the_main_units_dates_only() -> None:
    made = with_second(problem(strip(1), strip(2), count=8), SATURDAY, units={})
    week = [day for day in made.days if day.unit == MAIN]
    apart = Schedule((DayPlan(week[0].date, (1,)), DayPlan(week[5].date, (2,))))
    (row,) = chart(made, apart).rows
    assert (row.work, row.hold) == (2, 4), "the second unit's Saturday is no day on hold"
    assert check(made, apart).of("cast_pay") == 60
    loose = replace(TWO, rules=TWO.rules.without("one_unit"))
    assert check(loose, on(loose, d0=(1, 2), d1=(3, 4))).of("cast_pay") == 10 * 3, "three people, one date"


def test_an_order_between_units_needs_an_earlier_date() -> None:
    made = replace(TWO, precedences=(Precedence(4, 1),))
    assert rules(made, on(made, d0=(1,), d1=(4,), d2=(2,), d4=(3,))) == {"order:4<1"}
    assert rules(made, on(made, d1=(4,), d2=(1, 2), d4=(3,))) == set()
    result = solve(made, TRIES)
    assert result.schedule is not None and result.verdict is not None and not result.verdict.hard


def test_days_count_by_unit_and_say_whose_they_are() -> None:
    board = on(TWO, d0=(1,), d1=(4,), d2=(2,), d4=(3,))
    assert [(n, day.unit) for n, day in board.numbered] == [(1, MAIN), (1, "2nd"), (2, MAIN), (2, "2nd")]
    assert board.day(2, "2nd") == board.days[3] and board.day(3) is None
    made = chart(TWO, board)
    assert made.shoot_days == ("1", "2", None, None, None, "2nd 2")
    day = of_day(TWO, board, 2, board.days[3], check(TWO, board))
    assert day[0].startswith("Day 2 (2nd unit) is Saturday, 6 March 2027: 1 strips, 1 pages")
    assert "ROLE 2 works." in day
    whole = of_board(TWO, board, check(TWO, board), 0, [])
    assert whole[:2] == (
        "4 shooting days, from Monday, 1 March 2027 to Saturday, 6 March 2027.",
        "2 of them are the 2nd unit's.",
    )


def test_why_a_strip_is_on_a_units_day() -> None:
    board = on(TWO, d0=(1,), d1=(4,), d2=(2,), d4=(3,))
    answer = why(TWO, board, 3)
    assert "scene 3 is shot by the 2nd unit" in answer.reasons and answer.unit == "2nd"
    assert [(other.date, other.unit) for other in answer.alternatives] == [(MONDAY, "2nd")]
    over = moved(TWO, board, 4, TWO.days[2].slot)
    assert over.slots[4] == (TUESDAY, MAIN) and [day.unit for day in over.days] == [MAIN, MAIN, "2nd"]
    assert changed(board, over) == (4,)


def test_cover_sets_are_the_units_own() -> None:
    outside = replace(TWO, strips=tuple(replace(s, int_ext="EXT") if s.scene == 1 else s for s in TWO.strips))
    board = on(outside, d0=(1,), d1=(4,), d2=(2,), d4=(3,))
    assert [found.scene for found in cover_sets(outside, board, board.days[0])] == [2]


def test_a_draft_by_hand_a_lock_and_an_improvement_keep_units_apart() -> None:
    by_hand = greedy_days(TWO)
    assert all(TWO.days[d].unit in s.units for d, s in zip(by_hand, TWO.strips, strict=True))
    locked = replace(TWO, locks=(Lock(4, MONDAY), Lock(3, SATURDAY)))
    result = solve(locked, TRIES)
    assert result.schedule is not None and not check(locked, result.schedule).hard
    slots: dict[int, Slot] = result.schedule.slots
    assert slots[3] == (SATURDAY, "2nd") and slots[4][0] == MONDAY
    better = improve(locked, result.schedule, TRIES)
    assert better.verdict is not None and result.cost is not None and better.verdict.cost <= result.cost


def test_a_scene_given_to_the_second_unit_moves_and_nothing_else() -> None:
    board = on(TWO, d0=(1,), d2=(2, 4), d4=(3,))
    given_away = replace(TWO, strips=tuple(replace(s, units=("2nd",)) if s.scene == 4 else s for s in TWO.strips))
    result = resolve(given_away, board)
    assert result.moved == (4,) and result.moves_bound == 1
    assert result.schedule is not None and result.schedule.slots[4][1] == "2nd"


def test_too_little_room_for_a_unit_is_said_in_words() -> None:
    made = with_second(BASE, MONDAY, units={2: ("2nd",), 1: ("2nd",)})
    fixed = replace(made, locks=(Lock(3, MONDAY),))
    clash = find_clash(fixed)
    words = [reason.words for reason in clash.reasons]
    assert clash.proved and "nobody works with two units on one date" in words
    assert "scene 2 is shot by the 2nd unit" in words and "scene 3 is locked to 2027-03-01" in words
    assert find_clash(fixed.without("unit:2")).days is not None


UNIT = """
[schedule]
start = 2027-03-01
days = 6
holidays = ["2027-03-03"]

[[schedule.units]]
name = "2nd"
scenes = ["2"]
either = ["3"]
start = 2027-03-06
days = 2
days_off = ["mon"]
day_target = "1 4/8"
"""


def test_production_toml_gives_a_unit_its_own_calendar() -> None:
    script = parse(FERRY)
    made = problem_from(script, Breakdown((), ()), read(UNIT))
    units = {s.scene: s.units for s in made.strips if s.units != (MAIN,)}
    assert units == {2: ("2nd",), 3: (MAIN, "2nd")}
    second = [day for day in made.days if day.unit == "2nd"]
    assert [day.date for day in second] == [SATURDAY, SATURDAY + timedelta(days=1)]
    assert {day.target for day in second} == {12} and made.units == (MAIN, "2nd")
    assert len(made.company) == 6 and date(2027, 3, 3) not in made.company


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('name = "2nd"', 'name = "1st"'), "'1st' can not name a unit"),
        (('name = "2nd"', 'name = "a/b"'), "'a/b' can not name a unit"),
        (('name = "2nd"', ""), "needs 'name'"),
        (('scenes = ["2"]', 'scenes = ["999"]'), "'999' is not known"),
        (('days_off = ["mon"]', 'off = ["mon"]'), "'off' is not known"),
    ],
)
def test_a_unit_that_is_none_is_said(change: tuple[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(UNIT.replace(*change), Path())


def test_a_lock_to_a_units_day_keeps_the_unit() -> None:
    board = on(TWO, d0=(4,), d2=(1,), d3=(2,), d4=(3,))
    by_date, by_unit = (replace(TWO, locks=(Lock(4, MONDAY, unit=unit),)) for unit in (None, "2nd"))
    assert rules(by_date, board) == set()
    assert [item.words for item in check(by_unit, board).hard] == ["scene 4 is locked to 2027-03-01 with the 2nd unit"]
    mended = resolve(by_unit, board)
    assert mended.moved == (4,) and mended.schedule is not None and mended.schedule.slots[4] == (MONDAY, "2nd")


def test_a_unit_is_named_once_and_may_wait_for_its_scenes() -> None:
    waiting = UNIT.replace('name = "2nd"', 'name = "2nd Unit"').replace('scenes = ["2"]\neither = ["3"]', "")
    made = problem_from(parse(FERRY), Breakdown((), ()), read(waiting))
    assert made.units == (MAIN, "2nd") and {s.units for s in made.strips} == {(MAIN,)}
    result = solve(replace(made, strips=made.strips[:4]), TRIES)
    assert result.schedule is not None and {day.unit for day in result.schedule.days} == {MAIN}


def test_too_little_rest_between_two_units_is_a_warning() -> None:
    night = with_second(problem(strip(1, band="N"), strip(2), count=3), TUESDAY, units={2: ("2nd",)})
    found = check(night, on(night, d0=(1,), d2=(2,)))
    assert [item.words for item in found.violations if item.rule == "turnaround_hours"] == [
        "ROLE 1 changes units with 1 hours of rest"
    ]
    assert not found.hard
    by_day = replace(night, strips=tuple(replace(s, band="D") for s in night.strips))
    assert not check(by_day, on(by_day, d0=(1,), d2=(2,))).violations
